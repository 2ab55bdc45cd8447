// Copying, and a word about links that lead nowhere.
const find = (selector) => document.querySelector(selector);
const article = find("#statement");
const blocks = [...article.querySelectorAll("p, li > span")];
const page = (find("link[rel=canonical]") || location).href.replace(/[?#].*/, "");
const [bar, note, failure, notice] = find("template").content.children;
let pieces, waiting, fading;
article.after(bar, note);
find(".copy").textContent = ` Read at ${page}.`;

async function copy(place, text, html) {
  const blob = (type, data) => data && { [type]: new Blob([data], { type }) };
  try {
    await navigator.clipboard.write([new ClipboardItem({ ...blob("text/plain", text), ...blob("text/html", html) })]);
    note.textContent = html ? "Quotation copied" : "Link copied";
    clearTimeout(fading);
    fading = setTimeout(() => note.replaceChildren(), 3000);
  } catch {
    note.replaceChildren(failure);
    Object.assign(failure.lastChild, { value: text }).select();
  }
  put(note, place);
}

function put(element, { top, bottom }) {
  const height = element.offsetHeight + 9;
  const y = bottom + height > innerHeight && top > height ? top - height : bottom + 9;
  element.style.top = `${y - element.offsetParent.getBoundingClientRect().top}px`;
}

article.onclick = ({ target, ctrlKey, metaKey, shiftKey, altKey }) => {
  const marker = target.closest(".marker");
  if (!marker || ctrlKey || metaKey || shiftKey || altKey) return;
  setTimeout(() => copy(marker.getBoundingClientRect(), page + marker.hash)); // after the jump
};

// Whole words, a piece for each block; headings are not the speaker's.
const piecesOf = ({ startContainer, startOffset, endContainer, endOffset }) => blocks.flatMap((block) => {
  const text = block.textContent;
  const upTo = (node, offset) => {
    const range = new Range();
    range.setStart(block, 0);
    range.setEnd(node, offset);
    return range.toString().slice(0, text.length);
  };
  let start = upTo(startContainer, startOffset).length;
  let end = upTo(endContainer, endOffset).trimEnd().length;
  start += text.slice(start).search(/\S|$/);
  if (start >= end) return [];
  const segments = new Intl.Segmenter([], { granularity: "word" }).segment(text);
  const [first, last] = [segments.containing(start), segments.containing(end - 1)];
  if (first.isWordLike) start = first.index;
  if (last.isWordLike) end = last.index + last.segment.length;
  const { id } = block.closest("[id]");
  return { id, before: text.slice(0, start), words: text.slice(start, end), after: text.slice(end) };
});

// Within quotation marks double ones become single; where the selection cut one off, it is put back.
function quoted(text) {
  const open = text.split("“").length - text.split("”").length;
  return (open < 0 ? "‘" : "") + text.replace(/“/g, "‘").replace(/”/g, "’") + (open > 0 ? "’" : "");
}

function copyQuotation(place, url) {
  const escape = (text) => new Option(text).innerHTML;
  const numbers = pieces.flatMap(({ id }) => id.match(/^p\d+$/) ? id.slice(1) : []);
  const locator = numbers[1] ? `paras. ${numbers[0]}–${numbers.at(-1)}, ` : numbers.map((number) => `para. ${number}, `);
  const credit = `— ${article.dataset.credit}, ${locator}`;
  const words = pieces.map((piece, i) => `“${quoted(piece.words)}${pieces[i + 1] ? "" : "”"}`);
  const html = `<blockquote cite="${url}"><p>${words.map(escape).join("</p><p>")}</p></blockquote>`;
  copy(place, `${words.join("\n\n")} ${credit}${url}`, `${html}<p>${escape(credit)}<a href="${url}">${url}</a></p>`);
}

// Names these words alone, or nothing.
function directive(first, last) {
  const cut = (text, from, to) => text.split(" ").slice(from, to).join(" ");
  const encode = (text) => encodeURIComponent(text.trim()).replace(/-/g, "%2D");
  const all = document.body.textContent.toLowerCase();
  const term = (before, words, after) => {
    for (let count = 0; count < 9; count++) {
      const [prefix, suffix] = [cut(before, -count || Infinity), cut(after, 0, count)];
      if (all.split((prefix + words + suffix).toLowerCase()).length === 2)
        return (prefix && `${encode(prefix)}-,`) + encode(words) + (suffix && `,-${encode(suffix)}`);
    }
  };
  const terms = first === last && !first.words.split(" ")[11] ? [term(first.before, first.words, first.after)]
    : [term(first.before, cut(first.words, 0, 5), ""), term("", cut(last.words, -5), last.after)];
  return terms.every(Boolean) ? `:~:text=${terms}` : "";
}

bar.onclick = ({ target }) => {
  const [place, url] = [bar.getBoundingClientRect(), `${page}#${pieces[0].id}`];
  bar.hidden = true;
  if (target === bar.firstChild) copyQuotation(place, url);
  else copy(place, url + directive(pieces[0], pieces.at(-1)));
};
bar.onmousedown = () => false; // it would end the selection

document.onselectionchange = () => {
  bar.hidden = true;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (!getSelection().rangeCount) return;
    const selected = getSelection().getRangeAt(0);
    pieces = piecesOf(selected);
    bar.hidden = !pieces[0];
    if (!bar.hidden) put(bar, selected.getBoundingClientRect());
  }, 250);
};
onkeydown = ({ key }) => {
  if (key === "Escape") bar.hidden = !note.replaceChildren();
  if (bar.hidden || key !== "Tab" || bar.matches(":focus-within")) return;
  bar.firstChild.focus();
  return false;
};

onhashchange = () => {
  notice.remove();
  const name = new URLSearchParams(location.hash.replace("#", "=").split(":~:")[0]).get("");
  const part = find(`[id="${CSS.escape(name)}" i], [id="p${CSS.escape(name)}"]`);
  if (part) return location.hash === `#${part.id}` || location.replace(`#${part.id}`);
  if (!name) return;
  const likeness = ({ id }) => [...id].filter((_, i) => name.includes(id.slice(i, i + 2))).length / id.length;
  const [{ id }] = [...article.querySelectorAll("[id]")].reverse().sort((a, b) => likeness(b) - likeness(a));
  const [shown, link] = notice.children;
  shown.textContent = name;
  link.textContent = link.href = `#${id}`;
  find("main").prepend(notice);
  scrollTo(0, 0);
};
onhashchange();
