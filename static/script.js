// Copies links and quotations, and follows mistyped fragments to the nearest part.

const GAP = 9; // pixels
const find = (selector) => document.querySelector(selector);
const rectOf = (element) => element.getBoundingClientRect();
const statement = find("#statement");
const pageAddress = (find("link[rel=canonical]") || location).href.replace(/[?#].*/, "");

// A page that was saved from a browser has the controls already.
for (const old of document.querySelectorAll(".bar, .note, .notice, .item-marker")) old.remove();
const markup = find('script[type="text/html"]').textContent;
const controls = document.createRange().createContextualFragment(markup);
const [bar, note, manual, notice, itemMarker, readAt] = controls.children;
statement.append(note);
for (const item of statement.querySelectorAll("li[id]")) {
  const marker = itemMarker.cloneNode();
  marker.href = `#${item.id}`;
  marker.setAttribute("aria-label", item.dataset.name);
  item.insertBefore(marker, item.querySelector("ul, ol"));
}

// A content blocker may have removed .copy; a file has no address to cite.
const readAtPlace = find(".copy");
if (readAtPlace && location.host) {
  readAt.querySelector("bdi").textContent = pageAddress;
  readAtPlace.replaceChildren(readAt);
}

// Places an element in the margin, above or below `rect`, inside the window.
function placeNextTo(rect, element, prefersAbove) {
  if (!element.offsetParent) return; // hidden by a content blocker
  const height = element.offsetHeight + GAP;
  const lowestTop = innerHeight - height;
  const { left, right } = rectOf(element);
  const column = rectOf(statement);
  const isInMargin = left >= column.right || right <= column.left;
  const fitsAbove = rect.top > height;
  const fitsBelow = rect.bottom + GAP <= lowestTop;
  let top = rect.bottom + GAP;
  if (isInMargin) top = Math.max(rect.top, rect.bottom - height);
  else if (fitsAbove && (prefersAbove || !fitsBelow)) top = rect.top - height;
  top = Math.max(GAP, Math.min(top, lowestTop));
  element.style.top = `${top - rectOf(element.offsetParent).top}px`;
}

// Copying

let noteTimer;
let restoreFocus;

function clearNote() {
  note.replaceChildren();
}

async function writeToClipboard(text, html) {
  const blob = (data, type) => new Blob([data], { type });
  const item = { "text/plain": blob(text, "text/plain"), "text/html": blob(html, "text/html") };
  await navigator.clipboard.write([new ClipboardItem(item)]);
}

// Copies, or shows the text selected; `restore` then undoes the selection.
async function copy({ text, html = text, name, restore }) {
  try {
    await writeToClipboard(text, html);
    note.textContent = `${name} copied`;
    clearTimeout(noteTimer);
    noteTimer = setTimeout(clearNote, 3000);
  } catch {
    restoreFocus = restore;
    note.replaceChildren(manual);
    const textarea = manual.querySelector("textarea");
    textarea.value = text;
    textarea.select();
  }
}

statement.onclick = async (event) => {
  const marker = event.target.closest(".marker");
  if (!marker || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // Jump now: Firefox would jump after the note has been placed.
  location.hash = marker.hash;
  find(marker.hash).scrollIntoView();
  const focusMarker = () => marker.focus({ preventScroll: true });
  focusMarker();
  const rect = rectOf(marker);
  await copy({ text: pageAddress + marker.hash, name: "Link", restore: focusMarker });
  placeNextTo(rect, note, true);
};

// The selected text

const blocks = [...statement.querySelectorAll("p, li > span")];
const publishedText = new Map(blocks.map((block) => [block, block.textContent]));
let selectedRange;
let selectedBlocks;

const segment = (text) => new Intl.Segmenter([], { granularity: "word" }).segment(text);

function offsetIn(block, node, offset) {
  const before = new Range();
  before.setStart(block, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

// Returns the selected words of a block, or null. A printed number is not part of its text.
function excerptOf(block) {
  const { startContainer, startOffset, endContainer, endOffset } = selectedRange;
  const numberLength = block.querySelector(".number")?.textContent.length || 0;
  const text = block.textContent.slice(numberLength).trimEnd();
  let start = 0;
  let end = text.length;
  if (block.contains(startContainer)) start = offsetIn(block, startContainer, startOffset) - numberLength;
  if (block.contains(endContainer)) end = offsetIn(block, endContainer, endOffset) - numberLength;
  start = Math.max(start, 0);
  start += text.slice(start).search(/\S|$/);
  end = text.slice(0, Math.max(end, 0)).trimEnd().length;
  if (start >= end) return null;
  if (start > 0 || end < text.length) {
    const first = segment(text).containing(start);
    const last = segment(text).containing(end - 1);
    if (first.isWordLike) start = first.index;
    if (last.isWordLike) end = last.index + last.segment.length;
  }
  const part = block.closest("[id]");
  return {
    words: text.slice(start, end),
    before: text.slice(0, start),
    after: text.slice(end),
    block,
    id: part.id,
    number: part.dataset.number,
    item: part.dataset.item,
    section: part.closest("section"),
    attribution: part.closest("[data-attribution]").dataset.attribution,
    isTranslated: block.textContent !== publishedText.get(block), // by the browser
  };
}

// Quotations

function plural(one, many, first, last) {
  return first === last ? `${one} ${first}, ` : `${many} ${first}–${last}, `;
}

// Returns "para. 3, ", "paras. 3–5, " or "para. 4, items 1–2, " with an address; without numbers, the section's.
function locate(excerpts) {
  const first = excerpts[0];
  const last = excerpts.at(-1);
  if (!excerpts.every((excerpt) => excerpt.number)) {
    const heading = first.section?.querySelector("h2, h3").textContent;
    const isPublished = "publishedHeadings" in statement.dataset;
    const locator = heading && isPublished ? `under “${heading}”, ` : "";
    return { locator, address: `${pageAddress}#${(first.section || first).id}` };
  }
  let locator = plural("para.", "paras.", first.number, last.number);
  if (first.number === last.number && excerpts.every((excerpt) => excerpt.item)) {
    locator += plural("item", "items", first.item, last.item);
  }
  return { locator, address: `${pageAddress}#${first.id}` };
}

function groupByAttribution(excerpts) {
  const groups = [];
  for (const excerpt of excerpts) {
    const group = groups.at(-1);
    if (group?.[0].attribution === excerpt.attribution) group.push(excerpt);
    else groups.push([excerpt]);
  }
  return groups;
}

function nestMarks(text) {
  if (!("nestedMarks" in statement.dataset)) return text;
  return text.replace(/“/g, "‘").replace(/”/g, "’");
}

function escapeHtml(text) {
  return new Option(text).innerHTML.replace(/\n/g, "<br>");
}

// Returns excerpts with one attribution as text and HTML. Each opens with “; the last one closes.
function quote(excerpts) {
  const { locator, address } = locate(excerpts);
  const { attribution, block } = excerpts[0];
  const translation = excerpts.some((excerpt) => excerpt.isTranslated) ? "machine translation, " : "";
  const source = `— ${attribution}, ${statement.dataset.day}, ${locator}${translation}`;
  const quoted = excerpts.map((excerpt) => `“${nestMarks(excerpt.words)}`);
  quoted[quoted.length - 1] += "”";
  const { lang, dir } = document.documentElement;
  const direction = block.dir || dir;
  const attributes = `lang="${lang}"${direction && ` dir="${direction}"`} cite="${address}"`;
  const paragraphs = quoted.map((text) => `<p>${escapeHtml(text)}`).join("");
  const link = `<a href="${address}">${address}</a>`;
  return {
    text: `${quoted.join("\n\n")} ${source}${address}`,
    html: `<blockquote ${attributes}>${paragraphs}</blockquote><p>${escapeHtml(source)}${link}`,
  };
}

function quotationOf(excerpts) {
  const quotes = groupByAttribution(excerpts).map(quote);
  const text = quotes.map((each) => each.text).join("\n\n");
  const html = quotes.map((each) => each.html).join("");
  return { text, html, name: "Quotation" };
}

// Links to words (URL Fragment Text Directives, section 3)

const LETTERS = { Ł: "L", Ø: "O", Đ: "D", Æ: "AE", Œ: "OE" };

// Folds characters that browsers find alike: accents, case, spaces, quotation marks, dashes and kana.
function fold(text) {
  return text
    .normalize("NFKD")
    .toUpperCase()
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .replace(/[\p{Pi}\p{Pf}„‚"]/gu, "'")
    .replace(/\p{Pd}/gu, "-")
    .replace(/\s+/g, " ")
    .replace(/[ŁØĐÆŒ]/g, (letter) => LETTERS[letter])
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt() - 96));
}

function wordsIn(text) {
  return [...segment(text)].filter((part) => part.isWordLike);
}

function firstWords(text, count) {
  const words = wordsIn(text);
  if (count >= words.length && count) return text;
  const last = words[count - 1];
  return last ? text.slice(0, last.index + last.segment.length) : "";
}

function lastWords(text, count) {
  const words = wordsIn(text);
  if (count >= words.length && count) return text;
  return count ? text.slice(words.at(-count).index) : "";
}

function encodeTerm(text) {
  return encodeURIComponent(text.trim()).replace(/-/g, "%2D");
}

// Returns the first term that occurs once in the page, or "". `build` adds words of context.
function uniqueTerm(build) {
  const page = fold(document.body.textContent);
  for (const count of [0, 1, 2, 4, 8, 16]) {
    const { prefix = "", words, suffix = "" } = build(count);
    const occursOnce = page.split(fold(prefix + words + suffix)).length === 2;
    if (occursOnce) {
      const start = prefix && `${encodeTerm(prefix)}-,`;
      const end = suffix && `,-${encodeTerm(suffix)}`;
      return start + encodeTerm(words) + end;
    }
  }
  return "";
}

// Returns a text directive, or "" if it would be ambiguous. A term is in one line; two do not overlap.
function textDirective(first, last) {
  const start = first.words.split("\n")[0];
  const end = last.words.split("\n").pop();
  const before = first.before.split("\n").pop();
  const after = last.after.split("\n")[0];
  const isOneLine = first === last && start === end;
  const limit = isOneLine ? Math.floor(wordsIn(start).length / 2) : Infinity;
  const prefix = (count) => lastWords(before, count);
  const suffix = (count) => firstWords(after, count);
  const length = (count) => Math.min(5 + count, limit);
  const whole = (count) => ({ prefix: prefix(count), words: start, suffix: suffix(count) });
  const opening = (count) => ({ prefix: prefix(count), words: firstWords(start, length(count)) });
  const closing = (count) => ({ words: lastWords(end, length(count)), suffix: suffix(count) });
  const isShort = isOneLine && (limit < 5 || start.length < 99);
  const terms = (isShort ? [whole] : [opening, closing]).map(uniqueTerm);
  return terms.every(Boolean) ? `:~:text=${terms.join(",")}` : "";
}

function linkTo(excerpts) {
  const { id } = excerpts[0];
  const isTranslated = excerpts.some((excerpt) => excerpt.isTranslated);
  const directive = isTranslated ? "" : textDirective(excerpts[0], excerpts.at(-1));
  const part = find(`.marker[href="#${id}"]`).getAttribute("aria-label").toLowerCase();
  return { text: `${pageAddress}#${id}${directive}`, name: directive ? "Link" : `Link to ${part}` };
}

// The buttons next to selected text

function showBar() {
  const selection = getSelection();
  if (!selection.rangeCount) return;
  selectedRange = selection.getRangeAt(0).cloneRange();
  selectedBlocks = blocks.filter((block) => selectedRange.intersectsNode(block));
  const lastBlock = selectedBlocks.findLast(excerptOf);
  if (!lastBlock) return;
  const rect = rectOf(selectedRange);
  lastBlock.after(bar); // Tab goes on from there
  clearNote();
  placeNextTo(rect, bar);
}

function selectAgain() {
  getSelection().removeAllRanges();
  getSelection().addRange(selectedRange);
}

bar.onclick = async (event) => {
  const button = event.target.closest("button"); // a translation adds elements
  if (!button) return;
  const { top } = rectOf(bar);
  const excerpts = selectedBlocks.map(excerptOf).filter(Boolean);
  const content = button.dataset.copy === "quotation" ? quotationOf(excerpts) : linkTo(excerpts);
  bar.remove();
  await copy({ ...content, restore: selectAgain });
  placeNextTo({ top, bottom: top - GAP }, note);
};

bar.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !bar.contains(event.relatedTarget)) bar.remove();
});

let selectionTimer;
document.onselectionchange = () => {
  // WebKit drops the selection when a button takes the focus.
  if (find(".bar :focus, textarea:focus")) return;
  bar.remove();
  clearTimeout(selectionTimer);
  selectionTimer = setTimeout(showBar, 250);
};

document.onmousedown = (event) => {
  if (!note.contains(event.target)) clearNote();
};

document.onkeydown = (event) => {
  if (event.key === "Escape") {
    const copiesByHand = find("textarea:focus");
    bar.remove();
    clearNote();
    if (copiesByHand) restoreFocus();
  }
  const isForward = event.key === "Tab" && !event.shiftKey;
  if (isForward && bar.isConnected && !find("a:focus, button:focus")) {
    bar.querySelector("button").focus();
    event.preventDefault();
  }
};

// Fragments

// Returns the fragment without a text directive and pasted punctuation.
function fragmentName() {
  // Accepts malformed escapes.
  const fragment = new URLSearchParams(location.hash.replace("#", "=")).get("") || "";
  const [name] = fragment.split(/:~:|\?/);
  return name.trim().replace(/[^\p{L}\p{N}]+$/u, "");
}

// Returns the part with this id in any case, or the paragraph of "3", "p 3" or "para3".
function findPart(name) {
  const number = name.replace(/^p[a-z]*[. ]*(?=\d)/i, "");
  return find(`[id="${CSS.escape(name)}" i], [id="p${CSS.escape(number)}" i]`);
}

// Returns how similar a name is to an id: the share of its pairs, or more if it begins with it.
function similarity(id, name) {
  if (name.startsWith(id)) return id.length;
  let shared = 0;
  for (let index = 0; index < id.length; index += 1) {
    if (name.includes(id.slice(index, index + 2))) shared += 1;
  }
  return shared / id.length;
}

function nearestId(name) {
  let nearest = "";
  let highest = 0;
  for (const { id } of statement.querySelectorAll("[id]:not(.old)")) {
    const score = similarity(id, name);
    if (score >= highest) { // the last one if none is similar
      nearest = id;
      highest = score;
    }
  }
  return nearest;
}

function followFragment() {
  notice.remove();
  const name = fragmentName();
  if (!name) return;
  const part = findPart(name);
  for (const version of document.querySelectorAll("a[hreflang]")) version.hash = part?.id || "";
  if (part) {
    if (!part.matches(":target")) location.replace(`#${part.id}`);
    return;
  }
  const link = notice.querySelector("a");
  notice.querySelector("b").textContent = name;
  link.href = `#${nearestId(name)}`;
  link.textContent = link.hash;
  find("main").prepend(notice);
  scrollTo(0, 0);
}

window.onhashchange = followFragment;
window.onload = () => setTimeout(followFragment); // Firefox marks no target while a page loads
