// Copies links and quotations, and leads from a mistyped fragment to the nearest part.

const GAP = 9; // pixels between the text and what is placed next to it
const find = (selector) => document.querySelector(selector);
const statement = find("#statement");
const pageAddress = (find("link[rel=canonical]") || location).href.replace(/[?#].*/, "");

const controls = find("template").content.cloneNode(true);
const bar = controls.querySelector(".bar");
const note = controls.querySelector(".note");
const failure = controls.querySelector(".failure");
const notice = controls.querySelector(".notice");

// A page that was saved from a browser has the controls already.
for (const old of [".bar", ".note", ".notice", ".hint .selection-hint"]) find(old)?.remove();
statement.append(note);
find(".hint").append(controls.querySelector(".selection-hint"));
// Only the reader's browser knows the address of a page without a configured one.
if (location.host) find(".copy").textContent = ` Read at ${pageAddress}.`;

/* Placing the controls */

// Place an element in the margin next to `rect`, or above or below it where there is no margin,
// and always inside the window.
function placeNextTo(rect, element, prefersAbove) {
  const container = element.offsetParent;
  const height = element.offsetHeight + GAP;
  const lowestTop = innerHeight - height;
  const elementRect = element.getBoundingClientRect();
  const statementRect = statement.getBoundingClientRect();
  const isInMargin = elementRect.left >= statementRect.right || elementRect.right <= statementRect.left;
  const fitsAbove = rect.top > height;
  const fitsBelow = rect.bottom + GAP <= lowestTop;
  let top = rect.bottom + GAP;
  if (isInMargin) top = Math.max(rect.top, rect.bottom - height);
  else if (fitsAbove && (prefersAbove || !fitsBelow)) top = rect.top - height;
  top = Math.max(GAP, Math.min(top, lowestTop));
  element.style.top = `${top - container.getBoundingClientRect().top}px`;
}

/* Copying */

let restoreFocus; // undoes what copying by hand did to the focus or the selection
let noteTimer;

function clearNote() {
  note.replaceChildren();
}

function showNote(text) {
  note.textContent = text;
  clearTimeout(noteTimer);
  noteTimer = setTimeout(clearNote, 3000);
}

function showFailure(text) {
  const textarea = failure.querySelector("textarea");
  note.replaceChildren(failure);
  textarea.value = text;
  textarea.select();
}

async function writeToClipboard(text, html) {
  const item = new ClipboardItem({
    "text/plain": new Blob([text], { type: "text/plain" }),
    "text/html": new Blob([html], { type: "text/html" }),
  });
  await navigator.clipboard.write([item]);
}

// Copy, or show the text for copying by hand. `name` is what the note calls it.
async function copy({ text, html = text, name, restore }) {
  try {
    await writeToClipboard(text, html);
    showNote(`${name} copied`);
  } catch {
    restoreFocus = restore;
    showFailure(text);
  }
}

statement.onclick = async (event) => {
  const marker = event.target.closest(".marker");
  const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
  if (!marker || opensElsewhere) return;
  event.preventDefault();
  // Jump at once: Firefox follows a link only after the note has been placed.
  location.hash = marker.hash;
  find(marker.hash).scrollIntoView();
  const markerRect = marker.getBoundingClientRect();
  await copy({ text: pageAddress + marker.hash, name: "Link", restore: () => marker.focus() });
  placeNextTo(markerRect, note, true);
};

/* The selected text */

let selectedRange;
let selectedBlocks;

const wordsIn = (text) => new Intl.Segmenter([], { granularity: "word" }).segment(text);

// Return the offset in the block's text of one end of the selection, or `fallback` if it is in another block.
function offsetIn(block, node, offset, fallback) {
  if (!block.contains(node)) return fallback;
  const before = new Range();
  before.setStart(block, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

// Return the selected text of a block, without a printed number and extended to whole words, with the text
// before and after it; or nothing if there is none.
function excerptOf(block) {
  const { startContainer, startOffset, endContainer, endOffset } = selectedRange;
  const numberLength = block.querySelector(".marker")?.textContent.length || 0;
  const text = block.textContent.slice(numberLength).trimEnd();
  let start = Math.max(0, offsetIn(block, startContainer, startOffset, numberLength) - numberLength);
  let end = offsetIn(block, endContainer, endOffset, Infinity) - numberLength;
  end = text.slice(0, Math.max(0, end)).trimEnd().length;
  start += text.slice(start).search(/\S|$/);
  if (start >= end) return null;
  if (start > 0 || end < text.length) {
    const first = wordsIn(text).containing(start);
    const last = wordsIn(text).containing(end - 1);
    if (first.isWordLike) start = first.index;
    if (last.isWordLike) end = last.index + last.segment.length;
  }
  return { block, before: text.slice(0, start), words: text.slice(start, end), after: text.slice(end) };
}

// Return the excerpt with the facts that a citation of it needs.
function citedExcerptOf(block) {
  const excerpt = excerptOf(block);
  if (!excerpt) return null;
  const part = block.closest("[id]");
  const { number, item } = part.dataset;
  const { attribution } = block.closest("[data-attribution]").dataset;
  return { ...excerpt, id: part.id, section: block.closest("section"), number, item, attribution };
}

/* Quotations */

const plural = (one, many, first, last) => (first === last ? `${one} ${first}, ` : `${many} ${first}–${last}, `);

// Return where the excerpts are: "para. 3, ", "paras. 3–5, " or "para. 4, items 1–2, ", and their address.
// Excerpts without a number are found by their section.
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

// Return the excerpts in groups that have the same attribution.
function groupByAttribution(excerpts) {
  const groups = [];
  for (const excerpt of excerpts) {
    const group = groups.at(-1);
    if (group && group[0].attribution === excerpt.attribution) group.push(excerpt);
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

// Return excerpts with one attribution as text and as HTML. Each paragraph opens with “; only the last ends with ”.
function quote(excerpts) {
  const { lang, dir } = document.documentElement;
  const { locator, address } = locate(excerpts);
  const credit = `— ${excerpts[0].attribution}, ${statement.dataset.day}, ${locator}`;
  const paragraphs = excerpts.map((excerpt) => `“${nestMarks(excerpt.words)}`);
  paragraphs.push(`${paragraphs.pop()}”`);
  const direction = dir && ` dir="${dir}"`;
  const quotedHtml = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}`).join("");
  return {
    text: `${paragraphs.join("\n\n")} ${credit}${address}`,
    html:
      `<blockquote lang="${lang}"${direction} cite="${address}">${quotedHtml}</blockquote>` +
      `<p>${escapeHtml(credit)}<a href="${address}">${address}</a>`,
  };
}

function quotationOf(excerpts) {
  const quotes = groupByAttribution(excerpts).map(quote);
  return {
    text: quotes.map((each) => each.text).join("\n\n"),
    html: quotes.map((each) => each.html).join(""),
  };
}

/* Links to words (URL Fragment Text Directives, section 3) */

const LETTERS = { Ł: "L", Ø: "O", Đ: "D", Æ: "AE", Œ: "OE" };
const CONTEXT_LENGTHS = [0, 1, 2, 4, 8, 16]; // in words

// Fold what browsers find alike: accents, case, kinds of space, quotation mark and dash, and kana.
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

const wordList = (text) => [...wordsIn(text)].filter((segment) => segment.isWordLike);

function firstWords(text, count) {
  if (count === 0) return "";
  const words = wordList(text);
  if (count >= words.length) return text;
  const last = words[count - 1];
  return text.slice(0, last.index + last.segment.length);
}

function lastWords(text, count) {
  if (count === 0) return "";
  const words = wordList(text);
  if (count >= words.length) return text;
  return text.slice(words.at(-count).index);
}

function encodeTerm(text) {
  return encodeURIComponent(text.trim()).replace(/-/g, "%2D");
}

// Return the shortest term that occurs once in the page, or nothing. `build` returns the parts of a term for a
// number of words of context.
function uniqueTerm(build) {
  const pageText = fold(document.body.textContent);
  for (const count of CONTEXT_LENGTHS) {
    const { prefix = "", words, suffix = "" } = build(count);
    const occurrences = pageText.split(fold(prefix + words + suffix)).length - 1;
    if (occurrences === 1) {
      const before = prefix && `${encodeTerm(prefix)}-,`;
      const after = suffix && `,-${encodeTerm(suffix)}`;
      return before + encodeTerm(words) + after;
    }
  }
  return null;
}

// Return the text directive for the words from the first excerpt to the last, or "" if they cannot be told apart
// from others. A term never spans two lines, and the two terms of a range never overlap.
function textDirective(first, last) {
  const start = first.words.split("\n")[0];
  const end = last.words.split("\n").pop();
  const before = first.before.split("\n").pop();
  const after = last.after.split("\n")[0];
  const isOneLine = first === last && start === end;
  const longest = isOneLine ? Math.floor(wordList(start).length / 2) : Infinity;
  const terms = [];
  if (isOneLine && (longest < 5 || start.length < 99)) {
    terms.push(uniqueTerm((count) => (
      { prefix: lastWords(before, count), words: start, suffix: firstWords(after, count) }
    )));
  } else {
    terms.push(uniqueTerm((count) => (
      { prefix: lastWords(before, count), words: firstWords(start, Math.min(5 + count, longest)) }
    )));
    terms.push(uniqueTerm((count) => (
      { words: lastWords(end, Math.min(5 + count, longest)), suffix: firstWords(after, count) }
    )));
  }
  return terms.every(Boolean) ? `:~:text=${terms}` : "";
}

// Return what to copy for a link to the words, or to their paragraph.
function linkTo(excerpts) {
  const { block, id } = excerpts[0];
  const directive = textDirective(excerpts[0], excerpts.at(-1));
  const partName = block.querySelector(".marker")?.ariaLabel.toLowerCase() || "this item";
  return { text: `${pageAddress}#${id}${directive}`, name: directive ? "Link" : `Link to ${partName}` };
}

/* The buttons next to selected text */

function showBar() {
  const selection = getSelection();
  if (!selection.rangeCount) return;
  selectedRange = selection.getRangeAt(0).cloneRange();
  const blocks = [...statement.querySelectorAll("p, li > span")];
  selectedBlocks = blocks.filter((block) => selectedRange.intersectsNode(block));
  const lastBlock = selectedBlocks.findLast(excerptOf);
  if (!lastBlock) return;
  const selectionRect = selectedRange.getBoundingClientRect();
  lastBlock.after(bar); // so that Tab goes on from there
  clearNote();
  placeNextTo(selectionRect, bar);
}

function selectAgain() {
  getSelection().removeAllRanges();
  getSelection().addRange(selectedRange);
}

bar.onclick = async (event) => {
  const barTop = bar.getBoundingClientRect().top;
  const excerpts = selectedBlocks.map(citedExcerptOf).filter(Boolean);
  const isQuotation = event.target.dataset.copy === "quotation";
  const content = isQuotation ? { ...quotationOf(excerpts), name: "Quotation" } : linkTo(excerpts);
  bar.remove();
  await copy({ ...content, restore: selectAgain });
  placeNextTo({ top: barTop, bottom: barTop - GAP }, note); // where the buttons were
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
  if (event.key === "Escape") closeControls();
  const movesForward = event.key === "Tab" && !event.shiftKey;
  if (movesForward && bar.isConnected && !find("a:focus, button:focus")) {
    bar.querySelector("button").focus();
    event.preventDefault();
  }
};

function closeControls() {
  const copiesByHand = find("textarea:focus");
  bar.remove();
  clearNote();
  if (copiesByHand) restoreFocus();
}

/* Fragments */

// Return the part's name in the address, without a text directive and punctuation that was pasted with it.
function fragmentName() {
  const fragment = new URLSearchParams(location.hash.replace("#", "=")).get("") || "";
  return fragment.split(":~:")[0].replace(/[.,;:!?)”\]\s]+$/, "");
}

// Return how much an id resembles a name, by the pairs of characters that they share.
function similarity(id, name) {
  if (name.startsWith(id)) return id.length;
  let shared = 0;
  for (let index = 0; index < id.length; index += 1) {
    if (name.includes(id.slice(index, index + 2))) shared += 1;
  }
  return shared / id.length;
}

// Return the id most like `name`; of equal ones the last.
function nearestId(name) {
  let nearest = "";
  let highest = -1;
  for (const { id } of statement.querySelectorAll("[id]:not(.old)")) {
    const score = similarity(id, name);
    if (score >= highest) [nearest, highest] = [id, score];
  }
  return nearest;
}

function showNotice(name) {
  const link = notice.querySelector("a");
  notice.querySelector("b").textContent = name;
  link.textContent = link.href = `#${nearestId(name)}`;
  find("main").prepend(notice);
  scrollTo(0, 0);
}

function followFragment() {
  notice.remove();
  const name = fragmentName();
  if (!name) return;
  const part = find(`[id="${CSS.escape(name)}" i], [id="p${CSS.escape(name)}"]`);
  for (const version of document.querySelectorAll("a[hreflang]")) version.hash = part?.id || "";
  if (!part) showNotice(name);
  else if (!part.matches(":target")) location.replace(`#${part.id}`);
}

window.onhashchange = followFragment;
// Firefox marks no target for an address that is replaced while the page loads.
window.onload = () => setTimeout(followFragment);
