"""What a line of text says: Python-Markdown reads it, and its reading must equal the line.

It refuses nothing and loses words, so what it made is walked through beside the line: each word, mark and address must
stand there, and nothing else. Escaped characters are hidden from it, each behind one sign that no file may hold.
"""

import re
import string
import unicodedata
from xml.etree.ElementTree import Element

from markdown import Markdown

from app.reading.line import Line, LineError, is_han_or_kana, is_visible
from app.reading.refused import refused_text
from app.statement import Emphasis, Inline, Link, plain_text
from app.web_address import format_character, is_web_address

HIDDEN = 0xE0000  # what is hidden is shifted into Unicode's tags
SPACES = "\n\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
SHOWN = {HIDDEN + ord(char): char for char in string.punctuation + SPACES}
# Escapes, line breaks, and the spaces at both ends, which Python-Markdown would cut off.
TO_HIDE = re.compile(
    rf"\\([{re.escape(string.punctuation)}])|(\n|^[{SPACES}]+|[{SPACES}]+$)"
)
ADDRESS = re.compile(r"#\S+|mailto:[^\s@<>\"]+@[^\s@<>\"]+")
DEEPEST = 4  # levels of emphasis, lists and quotes: more than a statement needs, and no file can exhaust the stack
ESCAPE_MARKS = r"write \* or \_ for the signs themselves"


def read_inline(
    markdown: Markdown, line: Line, is_heading: bool, links: list[tuple[Line, str]]
) -> Inline:
    """Return the words of `line`, and put where its links lead into `links`. Raises LineError for what would change."""
    if not is_visible(line.text):
        raise line.error("has no words that can be seen", "remove it")
    hidden = line.text
    if "\\" in hidden or "\n" in hidden or hidden[0] in SPACES or hidden[-1] in SPACES:
        hidden = TO_HIDE.sub(
            lambda found: "".join(
                chr(HIDDEN + ord(char)) for char in found[1] or found[2]
            ),
            hidden,
        )
    if refused := refused_text(hidden):
        start, end, kind, remedy = refused
        raise line.error(f"is {kind}", remedy, hidden[start:end].translate(SHOWN)[:40])
    before = (
        chr(HIDDEN + ord("\n")) + " " if is_heading else ""
    )  # behind #, nothing begins a block
    try:
        root = markdown.parser.parseDocument([before + hidden]).getroot()
        if root is None or len(root) != 1 or root[0].tag != "p":
            raise line.error(
                "is no paragraph to Markdown", r"write \ before its first sign"
            )
        markdown.treeprocessors["inline"].run(root)
        root[0].text = (root[0].text or "").removeprefix(before)
        return _Comparison(line, hidden, links).runs(root[0])
    except RecursionError:
        raise line.error(
            "is nesting this deep", f"use {DEEPEST} levels at most", line.text[:40]
        ) from None


class _Comparison:
    """Walks through what was made of a line and through the line itself, in which it is `at` a place."""

    def __init__(self, line: Line, hidden: str, links: list[tuple[Line, str]]) -> None:
        self.line, self.text, self.links, self.at = line, hidden, links, 0

    def runs(self, element: Element, depth: int = 0) -> Inline:
        if depth > DEEPEST:
            raise RecursionError
        runs: list[str | Emphasis | Link] = [self._take(element.text or "")]
        before = element.text or ""
        for child in element:
            sign = self.text[self.at : self.at + 1]
            if (
                sign in before[-1:] + (child.text or "")[:1] + (child.tail or "")[:1]
                and child.tag != "a"
            ):
                raise self._differs()  # a run of marks of which some would stand as text
            runs.append(
                self._link(child, depth)
                if child.tag == "a"
                else self._emphasis(child, depth)
            )
            before = child.tail or ""
            runs.append(self._take(before))
        if depth == 0 and self.at < len(self.text):
            raise self._differs()
        return tuple(run for run in runs if run)

    def _take(self, written: str) -> str:
        """Return what is `written` at this place of the line, as it is shown."""
        if not self.text.startswith(written, self.at):
            raise self._differs()
        self.at += len(written)
        return written if written.isascii() else written.translate(SHOWN)

    def _emphasis(self, element: Element, depth: int) -> Emphasis:
        sign, start = self.text[self.at : self.at + 1], self.at
        if (
            element.tag not in ("em", "strong")
            or sign not in ("*", "_")
            or element.find(element.tag) is not None
        ):
            raise self._differs()  # emphasis in emphasis of one kind: Python-Markdown pairs the wrong marks
        self._check_flanks(sign, "open", "behind a word or before a space")
        mark = self._take(sign * (2 if element.tag == "strong" else 1))
        content = self.runs(element, depth + 1)
        self._check_flanks(sign, "close", "before a word or behind a space")
        self._take(mark)
        if not is_visible(plain_text(content)):
            raise self._differs(start)
        return Emphasis(content, strong=element.tag == "strong")

    def _check_flanks(self, sign: str, does: str, place: str) -> None:
        # A left- or right-flanking delimiter run (CommonMark 0.31, 6.2); no space stands beside Han, kana and Hangul.
        before = (
            self.text[max(0, self.at - 99) : self.at].rstrip(sign)[-1:].translate(SHOWN)
            or " "
        )
        behind = (
            self.text[self.at : self.at + 99].lstrip(sign)[:1].translate(SHOWN) or " "
        )
        outer, inner = (before, behind) if does == "open" else (behind, before)
        is_mark, is_inner_mark = (
            unicodedata.category(char)[0] in "PS" for char in (outer, inner)
        )
        stands_free = (
            outer.isspace()
            or is_mark
            or is_han_or_kana(outer)
            or "HANGUL" in unicodedata.name(outer, "")
        )
        if (
            inner.isspace()
            or (outer + inner).isdigit()
            or (not stands_free and (is_inner_mark or sign == "_"))
        ):
            raise self._error(
                self.at,
                f"is emphasis that does not {does} where it stands, {place}",
                ESCAPE_MARKS,
            )

    def _link(self, element: Element, depth: int) -> Link:
        start, href = self.at, element.get("href", "")
        self._take("[")
        content = self.runs(element, depth + 1)
        if element.get("title") or not is_visible(plain_text(content)):
            wrong = (
                "is a link with a title"
                if element.get("title")
                else "is a link without words"
            )
            raise self._error(start, wrong, "write [words](address)")
        is_as_written = (
            self.text.startswith(f"]({href})", self.at)
            and href.translate(SHOWN) == href
        )
        if not is_as_written or href.count("(") != href.count(")"):
            remedy = "write it bare, with %27 %28 %29 for ' ( ) and %5C for a backslash"
            raise self._error(
                self.at,
                "is an address that Markdown would change",
                remedy,
                self.at + len(f"]({href}"),
            )
        self._take(f"]({href})")
        if sign := format_character(href):
            wrong = f"is a link to an address with the unseen sign U+{ord(sign):04X}"
            raise self._error(start, wrong, "remove the sign")
        if not (is_web_address(href) or ADDRESS.fullmatch(href)):
            raise self._error(
                start,
                "is a link to no http, https or mailto address or #id",
                "write [words](https://…)",
            )
        self.links.append((self.line, href))
        return Link(content, href)

    def _differs(self, start: int = 0) -> LineError:
        if re.search(r"[*_]", self.text):
            return self._error(
                start, "is emphasis whose marks do not pair", ESCAPE_MARKS
            )
        return self._error(
            start,
            "is not what Markdown would show",
            r"write \ before each sign that stands for itself",
        )

    def _error(self, start: int, wrong: str, remedy: str, end: int = 0) -> LineError:
        return self.line.error(
            wrong,
            remedy,
            self.text[start : end or max(self.at, start + 40)].translate(SHOWN)[:40],
        )
