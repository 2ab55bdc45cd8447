const find = (selector) => document.querySelector(selector);
const box = (part) => part.getBoundingClientRect();
const hush = () => note.replaceChildren();
const statement = find("#statement");
const page = (find("link[rel=canonical]") || location).href.replace(/[?#].*/, "");
const [bar, note, failure, notice, hint] = find("template").content.cloneNode(true).children;
let range, blocks, timer, fade, back;
for (const old of [".bar", ".note", ".notice", ".hint span"]) find(old)?.remove(); // in a saved page
statement.append(note);
find(".hint").append(hint);
if (location.host) find(".copy").textContent = ` Read at ${page}.`;

// Copies, or shows what to copy by hand; `undo` then gives the focus back.
async function copy(place, what, undo, text, html = text) {
  const form = (type, data) => ({ [type]: new Blob([data], { type }) });
  try {
    await navigator.clipboard.write([new ClipboardItem({ ...form("text/plain", text), ...form("text/html", html) })]);
    note.textContent = `${what} copied`;
    clearTimeout(fade);
    fade = setTimeout(hush, 3000);
  } catch {
    back = undo;
    note.replaceChildren(failure);
    Object.assign(failure.lastChild, { value: text }).select();
  }
  put(note, place, place.height);
}

// Beside its place where the margin has room, else above or below; always in the window.
function put(part, { top, bottom }, above) {
  const height = part.offsetHeight + 9;
  const [{ left, right }, column, lowest] = [box(part), box(statement), innerHeight - height];
  const over = (above || bottom + 9 > lowest) && top > height;
  const beside = left >= column.right || right <= column.left;
  const y = beside ? Math.max(top, bottom - height) : over ? top - height : bottom + 9;
  part.style.top = `${Math.max(9, Math.min(y, lowest)) - box(part.offsetParent).top}px`;
}

statement.onclick = ({ target, ctrlKey, metaKey, shiftKey }) => {
  const marker = target.closest(".marker");
  if (!marker || ctrlKey || metaKey || shiftKey) return;
  location.hash = marker.hash; // Firefox jumps later for a link, when what is placed beside it stands for the old scroll
  find(marker.hash).scrollIntoView();
  copy(box(marker), "Link", () => marker.focus(), page + marker.hash);
  return false;
};

const segments = (text) => new Intl.Segmenter([], { granularity: "word" }).segment(text);

// A block's selected words, whole ones, without a printed number.
function piece(block) {
  const skip = block.querySelector(".marker")?.textContent.length || 0;
  const text = block.textContent.slice(skip).trimEnd();
  const upTo = (side, otherwise) => {
    const [node, offset] = [range[`${side}Container`], range[`${side}Offset`]];
    if (!block.contains(node)) return otherwise;
    const before = new Range();
    before.setStart(block, 0);
    before.setEnd(node, offset);
    return Math.max(0, before.toString().length - skip);
  };
  let start = upTo("start", 0);
  let end = text.slice(0, upTo("end")).trimEnd().length;
  start += text.slice(start).search(/\S|$/);
  if (start >= end) return;
  if (start || end < text.length) {
    const [first, last] = [start, end - 1].map((at) => segments(text).containing(at));
    if (first.isWordLike) start = first.index;
    if (last.isWordLike) end = last.index + last.segment.length;
  }
  return { block, before: text.slice(0, start), words: text.slice(start, end), after: text.slice(end), ...named(block) };
}

// Where a block stands and whose words it holds; its number, unless it is an item of a list that opens a section.
function named(block) {
  const { id } = block.closest("[id]");
  const section = block.closest("section");
  const [, number, item] = /^p(\w+)-?(.*)/.exec(id) || [];
  const { credit } = block.closest("[data-credit]").dataset;
  return { id, section, credit, item: item?.replace(/-/g, "."), number: find(`#p${number}`)?.closest("section") === section && number };
}

// "para. 3, ", "paras. 3–5, ", "para. 4, items 1–2, " and the address; a section's, where a part has no number.
function locate(parts) {
  const [first, last] = [parts[0], parts.at(-1)];
  if (!parts.every(({ number }) => number)) {
    const heading = statement.dataset.headings && first.section?.querySelector("h2, h3").textContent;
    return [heading ? `under “${heading}”, ` : "", `${page}#${(first.section || first).id}`];
  }
  const from = (one, many, key) => first[key] === last[key] ? `${one} ${first[key]}, ` : `${many} ${first[key]}–${last[key]}, `;
  const items = first.number === last.number && parts.every(({ item }) => item);
  return [from("para.", "paras.", "number") + (items ? from("item", "items", "item") : ""), `${page}#${first.id}`];
}

// As text and as HTML, with a credit for each voice.
function quotation(pieces) {
  const { lang, dir } = document.documentElement;
  const escape = (text) => new Option(text).innerHTML.replace(/\n/g, "<br>");
  const turns = [];
  for (const part of pieces) {
    if (part.credit === turns.at(-1)?.[0].credit) turns.at(-1).push(part);
    else turns.push([part]);
  }
  return turns.map((parts) => {
    const [locator, url] = locate(parts);
    const credit = `— ${parts[0].credit}, ${statement.dataset.day}, ${locator}`;
    const nest = (words) => statement.dataset.nest ? words.replace(/“/g, "‘").replace(/”/g, "’") : words;
    const words = parts.map((part, i) => `“${nest(part.words)}${parts[i + 1] ? "" : "”"}`);
    return [
      `${words.join("\n\n")} ${credit}${url}`,
      `<blockquote lang="${lang}"${dir && ` dir="${dir}"`} cite="${url}"><p>${words.map(escape).join("<p>")}</blockquote>` +
        `<p>${escape(credit)}<a href="${url}">${url}</a>`,
    ];
  }).reduce(([text, html], [more, moreHtml]) => [`${text}\n\n${more}`, html + moreHtml]);
}

// What browsers take for the same when they look for words: accents, kinds of space, mark, dash and kana.
const letters = { Ł: "L", Ø: "O", Đ: "D", Æ: "AE", Œ: "OE" };
const fold = (text) => text.normalize("NFKD").toUpperCase()
  .replace(/[\p{M}\p{Cf}]/gu, "").replace(/[\p{Pi}\p{Pf}„‚"]/gu, "'").replace(/\p{Pd}/gu, "-").replace(/\s+/g, " ")
  .replace(/[ŁØĐÆŒ]/g, (letter) => letters[letter])
  .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt() - 96));

// The first words of a text, or with a count below 0 the last, also where no spaces part them.
function cut(text, count) {
  const words = [...segments(text)].filter(({ isWordLike }) => isWordLike);
  const { index, segment } = words.at(count && count - (count > 0)) || {};
  if (!count) return "";
  if (Math.abs(count) >= words.length) return text;
  return count < 0 ? text.slice(index) : text.slice(0, index + segment.length);
}

// Names these words (URL Fragment Text Directives, 3), or nothing.
function directive(first, last) {
  const all = fold(document.body.textContent);
  const encode = (text) => encodeURIComponent(text.trim()).replace(/-/g, "%2D");
  const term = (before, words, after) => {
    for (const more of [0, 1, 2, 4, 8, 16]) {
      const [prefix, part, suffix] = [cut(before, -more), words(5 + more), cut(after, more)];
      if (all.split(fold(prefix + part + suffix)).length === 2)
        return (prefix && `${encode(prefix)}-,`) + encode(part) + (suffix && `,-${encode(suffix)}`);
    }
  };
  const [start, end] = [first.words.split("\n")[0], last.words.split("\n").pop()];
  const [before, after] = [first.before.split("\n").pop(), last.after.split("\n")[0]];
  const one = first === last && start === end;
  const half = one ? [...segments(start)].filter(({ isWordLike }) => isWordLike).length >> 1 : 99;
  const terms = one && (half < 5 || start.length < 99) ? [term(before, () => start, after)]
    : [term(before, (count) => cut(start, Math.min(count, half)), ""), term("", (count) => cut(end, -Math.min(count, half)), after)];
  return terms.every(Boolean) ? `:~:text=${terms}` : "";
}

bar.onclick = ({ target }) => {
  const { top } = box(bar);
  const place = { top, bottom: top - 9 };
  const pieces = blocks.map(piece).filter(Boolean);
  const [{ block, id }] = pieces;
  const reselect = () => {
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  bar.remove();
  if (target === bar.firstChild) return copy(place, "Quotation", reselect, ...quotation(pieces));
  const these = directive(pieces[0], pieces.at(-1));
  const part = block.querySelector(".marker")?.ariaLabel.toLowerCase() || "this item";
  copy(place, these ? "Link" : `Link to ${part}`, reselect, `${page}#${id}${these}`);
};
bar.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !bar.contains(relatedTarget) && bar.remove());

document.onselectionchange = () => {
  if (find(".bar :focus, textarea:focus")) return; // WebKit drops the selection when a button takes the focus
  bar.remove();
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (!getSelection().rangeCount) return;
    range = getSelection().getRangeAt(0).cloneRange();
    blocks = [...statement.querySelectorAll("p, li > span")].filter((block) => range.intersectsNode(block));
    const last = blocks.findLast(piece);
    if (!last) return;
    const place = box(range);
    last.after(bar);
    hush();
    put(bar, place);
  }, 250);
};
onmousedown = ({ target }) => note.contains(target) || hush();
onkeydown = ({ key, shiftKey }) => {
  if (key === "Escape") {
    const refused = find("textarea:focus");
    bar.remove();
    hush();
    if (refused) back();
  }
  if (key !== "Tab" || shiftKey || !bar.isConnected || find("a:focus, button:focus")) return;
  bar.firstChild.focus();
  return false;
};

onhashchange = () => {
  notice.remove();
  const written = new URLSearchParams(location.hash.replace("#", "=")).get("");
  const name = written?.split(":~:")[0].replace(/[.,;:!?)”\]\s]+$/, "");
  if (!name) return;
  const part = find(`[id="${CSS.escape(name)}" i], [id="p${CSS.escape(name)}"]`);
  for (const version of document.querySelectorAll("a[hreflang]")) version.hash = part?.id || "";
  if (part) return part.matches(":target") || location.replace(`#${part.id}`);
  const alike = ({ id }) => name.startsWith(id) ? id.length : [...id].filter((_, i) => name.includes(id.slice(i, i + 2))).length / id.length;
  const [{ id }] = [...statement.querySelectorAll("[id]:not(.old)")].reverse().sort((a, b) => alike(b) - alike(a));
  const [shown, link] = notice.children;
  shown.textContent = name;
  link.textContent = link.href = `#${id}`;
  find("main").prepend(notice);
  scrollTo(0, 0);
};
onload = () => setTimeout(onhashchange); // Firefox marks no target for what a loading page replaces
