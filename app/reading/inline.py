"""What a line of text says: Python-Markdown reads it, and its reading must equal the line.

Python-Markdown refuses nothing and loses words, so what it made is walked through beside the line: each word, mark
and address must stand there, and nothing else. Escaped characters are hidden from it, each behind one sign that no
file may hold, so that neither its blocks nor its patterns see them.
"""

import re
import string
import unicodedata
from xml.etree.ElementTree import Element

from markdown import Markdown

from app.reading.line import Line, LineError, is_visible
from app.reading.refused import refused_text
from app.statement import Emphasis, Inline, Link, plain_text
from app.web_address import format_character, is_web_address

HIDDEN = 0xE0000  # what is hidden is shifted into Unicode's tags
SPACES = "\n\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
SHOWN = {HIDDEN + ord(char): char for char in string.punctuation + SPACES}
ESCAPE = re.compile(rf"\\([{re.escape(string.punctuation)}])")
OUTER_SPACE = re.compile(rf"^[{SPACES}]+|[{SPACES}]+$|\n")  # Python-Markdown would cut it off, or read two lines
PLAIN = re.compile(r"[^\W\d_][^\\*_`<>&{}\[\]!|:\n]*[^\\*_`<>&{}\[\]!|:\s]")  # means nothing to Markdown
SPACED_LIKE = re.compile("HIRAGANA|KATAKANA|CJK|HANGUL|IDEOGRAPHIC")  # scripts without spaces, by their signs' names
DEEPEST = 4  # levels of emphasis and links, so that no file can exhaust the stack
ESCAPE_MARKS = r"write \* or \_ for the signs themselves"


class InlineReader:
    """Reads the inside of paragraphs, headings and items."""

    def __init__(self) -> None:
        """Take Python-Markdown as it comes."""
        self.markdown = Markdown()

    def read(self, line: Line, is_heading: bool = False) -> Inline:
        """Return the words of `line` with their emphasis and links. Raises LineError for what is not as written."""
        if PLAIN.fullmatch(line.text):
            return (line.text,)
        if not is_visible(line.text):
            raise line.error("has no words that can be seen", "remove it")
        hidden = OUTER_SPACE.sub(_hide, ESCAPE.sub(lambda found: _hide(found, 1), line.text))
        if refused := refused_text(hidden):
            start, end, kind, remedy = refused
            raise line.error(f"is {kind}", remedy, _written(hidden[start:end])[:40])
        try:
            content = _Comparison(line, hidden).content(self._tree(hidden, is_heading))
        except RecursionError:
            raise line.error("is nesting this deep", f"use {DEEPEST} levels at most", line.text[:40]) from None
        return content

    def _tree(self, hidden: str, is_heading: bool) -> Element:
        """Return Python-Markdown's reading of the text: one element, a paragraph unless it is something else."""
        before = chr(HIDDEN + ord("\n")) + " " if is_heading else ""  # behind #, nothing begins a block
        root = self.markdown.parser.parseDocument([before + hidden]).getroot() or Element("div")
        self.markdown.treeprocessors["inline"].run(root)
        paragraph = root[0] if len(root) == 1 else Element("nothing")
        paragraph.text = (paragraph.text or "").removeprefix(before)
        return paragraph


class _Comparison:
    """Walks through what was made of a line and through the line itself."""

    def __init__(self, line: Line, hidden: str) -> None:
        self.line, self.text, self.at = line, hidden, 0

    def content(self, paragraph: Element) -> Inline:
        if paragraph.tag != "p":
            raise self.line.error("is no paragraph to Markdown", r"write \ before its first sign")
        content = self._runs(paragraph, 0)
        if self.at < len(self.text):
            raise self._differs()
        return content

    def _runs(self, element: Element, depth: int) -> Inline:
        if depth > DEEPEST:
            raise RecursionError
        runs: list[str | Emphasis | Link] = [self._take(element.text or "")]
        for child in element:
            runs += [self._link(child, depth) if child.tag == "a" else self._emphasis(child, depth)]
            runs += [self._take(child.tail or "")]
        return tuple(run for run in runs if run)

    def _take(self, written: str) -> str:
        """Return what is `written` at this place of the line, as it is shown."""
        if not self.text.startswith(written, self.at):
            raise self._differs()
        self.at += len(written)
        return written.translate(SHOWN)

    def _emphasis(self, element: Element, depth: int) -> Emphasis:
        sign = self.text[self.at : self.at + 1]
        if element.tag not in ("em", "strong") or sign not in ("*", "_"):
            raise self._differs()
        mark = sign * (2 if element.tag == "strong" else 1)
        start = self.at
        self._check_flanks(sign, "open", "behind a word or before a space")
        self._take(mark)
        content = self._runs(element, depth + 1)
        self._check_flanks(sign, "close", "before a word or behind a space")
        self._take(mark)
        if not is_visible(plain_text(content)):
            raise self._differs(start)
        return Emphasis(content, strong=element.tag == "strong")

    def _check_flanks(self, sign: str, does: str, place: str) -> None:
        """Raise unless the marks here are a left- or right-flanking delimiter run (CommonMark 0.31, 6.2).

        Han, kana and Hangul outside count as spaces, since no space stands between words there.
        """
        before = self.text[: self.at].rstrip(sign)[-1:].translate(SHOWN)
        behind = self.text[self.at :].lstrip(sign)[:1].translate(SHOWN)
        outer, inner = (before, behind) if does == "open" else (behind, before)
        beside_word = outer and not outer.isspace() and not _is_sign(outer) and not SPACED_LIKE.match(_name(outer))
        if inner.isspace() or (beside_word and (_is_sign(inner) or sign == "_")):
            wrong = f"is emphasis that does not {does} where it stands, {place}"
            raise self.line.error(wrong, ESCAPE_MARKS, _written(self.text[self.at :])[:40])

    def _link(self, element: Element, depth: int) -> Link:
        start, href = self.at, element.get("href", "")
        self._take("[")
        content = self._runs(element, depth + 1)
        if element.get("title"):
            raise self._error(start, "is a link with a title", "write [words](address)")
        if not is_visible(plain_text(content)):
            raise self._error(start, "is a link without words", "write [words](address)")
        is_as_written = self.text.startswith(f"]({href})", self.at) and _written(href) == href
        if not is_as_written or href.count("(") != href.count(")"):
            remedy = "write it bare, with %27 %28 %29 for ' ( ) and %5C for a backslash"
            raise self._error(self.at, "is an address that Markdown would change", remedy, len(f"]({href}"))
        self.at += len(f"]({href})")
        self._check_address(href, start)
        return Link(content, href)

    def _check_address(self, href: str, start: int) -> None:
        if sign := format_character(href):
            raise self._error(
                start, f"is a link to an address with the unseen sign U+{ord(sign):04X}", "remove the sign"
            )
        if not (is_web_address(href) or re.fullmatch(r"#\S+|mailto:[^\s@<>\"]+@[^\s@<>\"]+", href)):
            wrong, remedy = "is a link to no http, https or mailto address or #id", "write [words](https://…)"
            raise self._error(start, wrong, remedy)

    def _differs(self, start: int = 0) -> LineError:
        if re.search(r"[*_]", self.text):
            return self._error(start, "is emphasis whose marks do not pair", ESCAPE_MARKS)
        return self._error(start, "is not what Markdown would show", r"write \ before each sign that stands for itself")

    def _error(self, start: int, wrong: str, remedy: str, length: int = 0) -> LineError:
        end = start + length if length else max(self.at, start + 40)
        return self.line.error(wrong, remedy, _written(self.text[start:end])[:40])


def _hide(found: re.Match[str], group: int = 0) -> str:
    return "".join(chr(HIDDEN + ord(char)) for char in found[group])


def _written(hidden: str) -> str:
    """Return hidden text as the file has it, but for the backslash before what is escaped."""
    return hidden.translate(SHOWN)


def _is_sign(char: str) -> bool:
    return unicodedata.category(char or " ")[0] in "PS"


def _name(char: str) -> str:
    return unicodedata.name(char, "") if char else ""
