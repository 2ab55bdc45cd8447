const find = (selector) => document.querySelector(selector);
const box = (part) => part.getBoundingClientRect();
const hush = () => note.replaceChildren();
const article = find("#statement");
const page = (find("link[rel=canonical]") || location).href.replace(/[?#].*/, "");
const [bar, note, failure, notice] = find("template").content.cloneNode(true).children;
let pieces, timer, fade;
for (const old of [".bar", ".note", ".notice"]) find(old)?.remove(); // in a saved page
article.after(note);
if (location.host) find(".copy").textContent = ` Read at ${page}.`;

async function copy(place, what, text, html = text) {
  const form = (type, data) => ({ [type]: new Blob([data], { type }) });
  try {
    await navigator.clipboard.write([new ClipboardItem({ ...form("text/plain", text), ...form("text/html", html) })]);
    note.textContent = `${what} copied`;
    clearTimeout(fade);
    fade = setTimeout(hush, 3000);
  } catch {
    note.replaceChildren(failure);
    Object.assign(failure.lastChild, { value: text }).select();
  }
  put(note, place, place.top);
}

function put(part, { top, bottom }, above) {
  const height = part.offsetHeight + 9;
  const [below, lowest] = [bottom + 9, innerHeight - height];
  const y = (above || below > lowest) && top > height ? top - height : Math.min(below, lowest);
  part.style.top = `${y - box(part.offsetParent).top}px`;
}

article.onclick = ({ target, ctrlKey, metaKey, shiftKey }) => {
  const marker = target.closest(".marker");
  if (!marker || ctrlKey || metaKey || shiftKey) return;
  setTimeout(() => copy(box(marker), "Link", page + marker.hash)); // after the jump
};

// Whole words, by block, headings left out.
const piecesOf = (range) => [...article.querySelectorAll("p, li > span")].flatMap((block) => {
  const text = block.textContent;
  const upTo = (side) => {
    const before = new Range();
    before.setStart(block, 0);
    before.setEnd(range[`${side}Container`], range[`${side}Offset`]);
    return before.toString().slice(0, text.length);
  };
  let [start, end] = [upTo("start").length, upTo("end").trimEnd().length];
  start += text.slice(start).search(/\S|$/);
  if (start >= end) return [];
  const segments = new Intl.Segmenter([], { granularity: "word" }).segment(text);
  const [first, last] = [start, end - 1].map((at) => segments.containing(at));
  if (first.isWordLike) start = first.index;
  if (last.isWordLike) end = last.index + last.segment.length;
  return { block, id: block.closest("[id]").id, before: text.slice(0, start), words: text.slice(start, end), after: text.slice(end) };
});

// Double marks become single; one cut off is put back.
function quoted(text) {
  const open = text.split("“").length - text.split("”").length;
  return "‘".repeat(open < 0) + text.replace(/“/g, "‘").replace(/”/g, "’") + "’".repeat(open > 0);
}

// Names these words, or nothing.
function directive(first, last) {
  const cut = (text, from, to) => text.split(" ").slice(from, to).join(" ");
  const encode = (text) => encodeURIComponent(text.trim()).replace(/-/g, "%2D");
  const all = find("body").textContent.toLowerCase();
  const term = (before, words, after) => {
    for (const count of [0, 1, 2, 4, 8]) {
      const [prefix, suffix] = [cut(before, -count || 1e9), cut(after, 0, count)];
      if (all.split((prefix + words + suffix).toLowerCase()).length === 2)
        return (prefix && `${encode(prefix)}-,`) + encode(words) + (suffix && `,-${encode(suffix)}`);
    }
  };
  const terms = first === last && first.words.length < 99 ? [term(first.before, first.words, first.after)]
    : [term(first.before, cut(first.words, 0, 5), ""), term("", cut(last.words, -5), last.after)];
  return terms.every(Boolean) ? `:~:text=${terms}` : "";
}

bar.onclick = ({ target }) => {
  const [place, url] = [{ bottom: box(bar).top - 9 }, `${page}#${pieces[0].id}`];
  bar.remove();
  if (target === bar.lastChild) return copy(place, "Link", url + directive(pieces[0], pieces.at(-1)));
  const escape = (text) => new Option(text).innerHTML;
  const [first, ...rest] = pieces.flatMap(({ id }) => id.match(/^p\d+$/) ? id.slice(1) : []);
  const locator = rest[0] ? `paras. ${first}–${rest.at(-1)}, ` : first ? `para. ${first}, ` : "";
  const credit = `— ${article.dataset.credit}, ${locator}`;
  const words = pieces.map((piece, i) => `“${quoted(piece.words)}${pieces[i + 1] ? "" : "”"}`);
  copy(place, "Quotation", `${words.join("\n\n")} ${credit}${url}`,
    `<blockquote cite="${url}"><p>${words.map(escape).join("<p>")}</blockquote><p>${escape(credit)}<a href="${url}">${url}</a>`);
};

document.onselectionchange = () => {
  bar.remove();
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (!getSelection().rangeCount || find("textarea:focus")) return;
    const range = getSelection().getRangeAt(0);
    pieces = piecesOf(range);
    if (!pieces[0]) return;
    const place = box(range);
    pieces.at(-1).block.after(bar);
    hush();
    put(bar, place);
  }, 250);
};
onmousedown = ({ target }) => {
  if (!note.contains(target)) hush();
  return !bar.contains(target); // else the selection ends
};
onkeydown = ({ key, shiftKey }) => {
  if (key === "Escape") {
    bar.remove();
    hush();
  }
  if (key !== "Tab" || shiftKey || !bar.isConnected || find("a:focus, button:focus")) return;
  bar.firstChild.focus();
  return false;
};

onhashchange = () => {
  notice.remove();
  const [written] = location.hash.replace("#", "=").split(":~:");
  const name = new URLSearchParams(written).get("")?.replace(/[.,;:!?)”\]\s]+$/, "");
  if (!name) return;
  const part = find(`[id="${CSS.escape(name)}" i], [id="p${CSS.escape(name)}"]`);
  if (part) return location.hash === `#${part.id}` || location.replace(`#${part.id}`);
  const alike = ({ id }) => [...id].filter((_, i) => name.includes(id.slice(i, i + 2))).length / id.length;
  const [{ id }] = [...article.querySelectorAll("[id]")].reverse().sort((a, b) => alike(b) - alike(a));
  const [shown, link] = notice.children;
  shown.textContent = name;
  link.textContent = link.href = `#${id}`;
  find("main").prepend(notice);
  scrollTo(0, 0);
};
onhashchange();
