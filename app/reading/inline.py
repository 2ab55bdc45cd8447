"""The text of a block: Python-Markdown parses it, and the result must equal the file.

Python-Markdown never fails: it drops, moves or changes characters that it takes for
marks. Its result is therefore read in step with the source, and each character and
each mark of the result must be the next one of the source. Text that Markdown would
change is an error, known or unknown, and everything else is accepted.
"""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import replace
from typing import NoReturn
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import ETX, STX

from app.reading.block_text import BlockText
from app.reading.characters import SPACES, is_han_or_kana, is_visible
from app.reading.errors import Line
from app.reading.hints import MARKS_FIX, check_text, explain
from app.statement import Emphasis, Inline, Link, plain_text
from app.web_address import format_character, is_web_address

DEEPEST = 12  # levels of emphasis and links
MOST_CHARACTERS = 20_000  # of a block
MOST_BRACKETS = 200  # Python-Markdown looks for the end of each, through the block
# Python-Markdown strips these from a block, but not if they are escaped.
EDGE_SPACES_RE = re.compile(rf"^[{SPACES}]+|[{SPACES}]+$")
# All that a backslash may precede. Markdown knows only some of it.
ESCAPABLE = string.punctuation + "：–—［【（"
BACKSLASH_RE = re.compile(r"\\(.?)", re.DOTALL)
# An escape in Python-Markdown's tree: the code point of the escaped character.
STASHED_ESCAPE_RE = re.compile(f"{STX}([0-9]+){ETX}")
ADDRESS_RE = re.compile(r"#\S+|mailto:[^\s@<>\"]+@[^\s@<>\"]+")
# The part of a bare address before a mark.
BARE_ADDRESS_RE = re.compile(r"://[^\s()<>\[\]]*")
NOT_FIRST = "),.;:!?，。、；：！？）"  # in emphasis
NOT_LAST = "(（"
LINK_FIX = "write [words](https://…)"
ADDRESS_FIX = r"write it without spaces, and %27 %28 %29 for ' ( )"


class InlineParser:
    """Parses the texts of one file, and collects their links."""

    def __init__(self) -> None:
        self.links: list[tuple[Line, str]] = []  # each with its line
        self.has_asterisk = False  # as a character of the text
        self._markdown = Markdown()
        self._markdown.ESCAPED_CHARS = [*ESCAPABLE, *SPACES, "\n"]

    def parse(self, text: BlockText, heading_level: int = 0) -> Inline:
        """Return the content of a block.

        Raises LineError if it is not visible, too long, or changed by Markdown.
        """
        _check_size(text)
        _check_backslashes(text)
        _check_braces(text)
        check_text(text)
        text = replace(text, source=EDGE_SPACES_RE.sub(_escape, text.source))
        try:
            root = self._parse_markdown(text.source, heading_level)
            reader = _InlineReader(text, self.links)
            try:
                content = reader.read_block(root, heading_level)
            except MismatchError as mismatch:
                shown = _shown(root)
                raise explain(text, mismatch.position, shown) from None
        except RecursionError:
            problem = "is nested too deep"
            raise text.line.error(problem, f"use {DEEPEST} levels at most") from None
        if "*" in text.source and "*" in plain_text(content):
            self.has_asterisk = True
        return content

    def _parse_markdown(self, source: str, heading_level: int) -> Element:
        if heading_level:
            source = "#" * heading_level + " " + source
        self._markdown.reset()
        root = self._markdown.parser.parseDocument([source]).getroot()
        assert root is not None  # noqa: S101
        self._markdown.treeprocessors["inline"].run(root)
        return root


def _escape(match: re.Match[str]) -> str:
    return "".join(f"\\{character}" for character in match[0])


def _check_size(text: BlockText) -> None:
    if len(text.source) > MOST_CHARACTERS:
        problem = f"is longer than {MOST_CHARACTERS:,} characters"
        raise text.line.error(problem, "divide it into paragraphs")
    if text.without_escapes.count("[") > MOST_BRACKETS:
        problem = f"has more than {MOST_BRACKETS} square brackets"
        raise text.line.error(problem, r"write \[ for the characters themselves")


def _check_backslashes(text: BlockText) -> None:
    """Raise LineError if a backslash comes before a character that is not a mark."""
    if "\\" not in text.source:
        return
    for match in BACKSLASH_RE.finditer(text.source):
        if match[1] and match[1] in ESCAPABLE + "\n":
            continue
        if match[1]:
            problem = "has a backslash before a character that is not a mark"
        else:
            problem = r"ends in \, which makes a line break, and no line follows"
        fix = r"remove it, or write \\ for the character itself"
        raise text.error_at(match.start(), match.end(), problem, fix)


def _check_braces(text: BlockText) -> None:
    start = text.without_escapes.find("{#")
    if start >= 0:
        problem = "is an id that does not end the line"
        fix = r"put it at the end, or write \{ for the character itself"
        end = text.source.find("}", start) + 1 or len(text.source)
        raise text.error_at(start, end, problem, fix)


def _shown(root: Element) -> str:
    """Return the text that Markdown would show."""
    text = "".join(root.itertext())
    text = STASHED_ESCAPE_RE.sub(_as_character, text)
    return re.sub(f"{STX}.*?{ETX}", "", text)


class MismatchError(Exception):
    """Markdown's result differs from the source at `position`."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class _InlineReader:
    """Reads Markdown's result in step with the source, at `position`."""

    def __init__(self, text: BlockText, links: list[tuple[Line, str]]) -> None:
        self.text = text
        self.source = text.source
        self.links = links
        self.position = 0

    def read_block(self, root: Element, heading_level: int) -> Inline:
        """Return the content of the only block in Markdown's result."""
        tag = f"h{heading_level}" if heading_level else "p"
        if len(root) != 1 or root[0].tag != tag:
            self._mismatch()
        content = self._read(root[0], depth=0)
        if self.position < len(self.source):
            self._mismatch()
        if not is_visible(plain_text(content)):
            raise self.text.line.error("has no visible text", "remove it")
        return content

    def _read(self, element: Element, depth: int) -> Inline:
        if depth > DEEPEST:
            raise RecursionError
        runs: list[str | Emphasis | Link] = [self._read_text(element.text)]
        before = element.text or ""
        for child in element:
            if child.tag == "a":
                runs.append(self._read_link(child, depth))
            elif child.tag in ("em", "strong"):
                runs.append(self._read_emphasis(child, before, depth))
            else:
                self._mismatch()
            runs.append(self._read_text(child.tail))
            before = child.tail or ""
        return tuple(run for run in runs if run)

    def _read_text(self, text: str | None) -> str:
        """Return a text of Markdown's result as the page shows it."""
        if not text:
            return ""
        if STX not in text:
            self._expect(text)
            return text
        self._expect(STASHED_ESCAPE_RE.sub(_as_escape, text))
        return STASHED_ESCAPE_RE.sub(_as_character, text)

    def _expect(self, written: str) -> None:
        """Move behind `written`, which must be next in the source."""
        if not self.source.startswith(written, self.position):
            self._mismatch(written)
        self.position += len(written)

    def _mismatch(self, written: str = "") -> NoReturn:
        """Raise MismatchError at the first character that differs from `written`."""
        at = self.position
        for character in written:
            if self.source[at : at + 1] != character:
                break
            at += 1
        raise MismatchError(at)

    def _read_emphasis(self, element: Element, before: str, depth: int) -> Emphasis:
        start = self.position
        mark = self.source[start : start + 1]
        if mark not in ("*", "_") or _has_marks_around(element, before):
            self._mismatch()
        if any(inner is not element for inner in element.iter(element.tag)):
            self._reject_marks(start)
        marks = mark * 2 if element.tag == "strong" else mark
        self._expect(marks)
        first = self.position
        content = self._read(element, depth + 1)
        last = self.position
        self._expect(marks)
        if not is_visible(plain_text(content)):
            self._reject_marks(start)
        self._check_mark(start, outside=start - 1, inside=first)
        self._check_mark(last, outside=self.position, inside=last - 1)
        return Emphasis(content, strong=element.tag == "strong")

    def _check_mark(self, start: int, outside: int, inside: int) -> None:
        """Raise LineError if a mark of emphasis may be the sign of a note.

        `outside` and `inside` are the positions of its neighbours.
        """
        is_opening = outside < start
        outer = self._neighbour(outside, -1 if is_opening else 1)
        inner = self._neighbour(inside, 1 if is_opening else -1)
        if _is_unspaced(outer):
            is_clear = not _is_letter_or_digit(inner)
        else:
            is_clear = not _is_letter_or_digit(outer)
        if inner in (NOT_FIRST if is_opening else NOT_LAST):
            is_clear = False
        if not is_clear or self._is_in_address(start):
            self._reject_marks(start)

    def _is_in_address(self, position: int) -> bool:
        """Return whether a bare address goes on at `position`."""
        start = self.source.rfind("://", 0, position)
        if start < 0:
            return False
        return bool(BARE_ADDRESS_RE.fullmatch(self.source, start, position))

    def _neighbour(self, position: int, step: int) -> str:
        """Return the next character from `position` that is not a mark, or a space."""
        while 0 <= position < len(self.source):
            if self.source[position] not in "*_":
                return self.source[position]
            position += step
        return " "

    def _reject_marks(self, position: int) -> NoReturn:
        problem = "would be a mark of emphasis, but may be meant as text"
        start = max(0, position - 20)
        raise self.text.error_at(start, position + 20, problem, MARKS_FIX)

    def _read_link(self, element: Element, depth: int) -> Link:
        start = self.position
        self._expect("[")
        content = self._read(element, depth + 1)
        address = element.get("href", "")
        source = STASHED_ESCAPE_RE.sub(_as_escape, address)
        href = STASHED_ESCAPE_RE.sub(_as_character, address)
        end = self.position + len(f"]({source})")
        if element.get("title"):
            self._reject_link(start, end, "is a link with a title", LINK_FIX)
        if not is_visible(plain_text(content)):
            self._reject_link(start, end, "is a link without words", LINK_FIX)
        is_cut = href.count("(") != href.count(")")
        if is_cut or not self.source.startswith(f"]({source})", self.position):
            problem = "is an address that Markdown would change"
            self._reject_link(self.position, end, problem, ADDRESS_FIX)
        self._check_address(start, end, href)
        self.position = end
        self.links.append((self.text.line, href))
        return Link(content, href)

    def _check_address(self, start: int, end: int, href: str) -> None:
        invisible = format_character(href)
        if invisible:
            problem = (
                f"has the invisible character U+{ord(invisible):04X} in its address"
            )
            self._reject_link(start, end, problem, "remove the character")
        if not (is_web_address(href) or ADDRESS_RE.fullmatch(href)):
            problem = "is not a link to an http, https or mailto address or to #id"
            self._reject_link(start, end, problem, LINK_FIX)

    def _reject_link(self, start: int, end: int, problem: str, fix: str) -> NoReturn:
        raise self.text.error_at(start, end, problem, fix)


def _as_escape(match: re.Match[str]) -> str:
    return f"\\{chr(int(match[1]))}"


def _as_character(match: re.Match[str]) -> str:
    return chr(int(match[1]))


def _has_marks_around(element: Element, before: str) -> bool:
    """Return whether some marks next to those of `element` are text."""
    after = element.tail or ""
    text = element.text or ""
    end = text if len(element) == 0 else element[-1].tail or ""
    neighbours = (before[-1:], text[:1], end[-1:], after[:1])
    return "*" in neighbours or "_" in neighbours


def _is_letter_or_digit(character: str) -> bool:
    # Marks (M) are combining characters, which belong to a letter.
    return unicodedata.category(character)[0] in "LMN"


def _is_unspaced(character: str) -> bool:
    """Return whether no space is written between `character` and emphasis."""
    return is_han_or_kana(character) or "HANGUL" in unicodedata.name(character, "")
