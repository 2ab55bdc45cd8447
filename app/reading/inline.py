"""The text of a block: Python-Markdown parses it, and the result must equal the file.

Python-Markdown reports no errors: it drops, moves or changes characters that it takes
for marks. Its result is therefore written back as Markdown, and compared with the
source. Any difference is an error, even if app.reading.hints does not know its cause.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import ETX, STX

from app.reading.block_text import ESCAPABLE, BlockText
from app.reading.characters import SPACES, is_visible
from app.reading.emphasis import CLOSE, OPEN, find_false_mark
from app.reading.errors import Line
from app.reading.hints import (
    MARKS_FIX,
    changed_text_error,
    check_text,
    not_visible_error,
)
from app.statement import Emphasis, Inline, Link, plain_text
from app.web_address import find_format_character, is_web_address

MAX_DEPTH = 12  # levels of emphasis and links
MAX_BLOCK_LENGTH = 20_000  # with its continuation lines
MAX_BRACKETS = 200  # Python-Markdown looks for the end of each, through the block
# Python-Markdown's patterns for links whose addresses are in other blocks. They would
# cost time and match nothing, since each block is parsed alone.
REFERENCES = ("reference", "short_reference", "image_reference", "short_image_ref")
# An escape in Python-Markdown's tree: the code point of the escaped character.
STASHED_ESCAPE_RE = re.compile(f"{STX}([0-9]+){ETX}")
UNKNOWN = "\0"  # an element that has no source here; no file contains this character
ADDRESS_RE = re.compile(r"#\S+|mailto:[^\s@<>\"]+@[^\s@<>\"]+")
LINK_FIX = "write [words](https://…)"
ADDRESS_FIX = r"write it without spaces, and %27 %28 %29 for ' ( )"


class InlineParser:
    """Parses the texts of one file, and collects their links."""

    def __init__(self) -> None:
        self.links: list[tuple[Line, str]] = []  # each with its line
        self.has_asterisk = False  # as a character of the text
        self._markdown = Markdown()
        for pattern in REFERENCES:
            self._markdown.inlinePatterns.deregister(pattern)
        # By default, Python-Markdown accepts a backslash before fewer characters.
        self._markdown.ESCAPED_CHARS = [*ESCAPABLE, "\n"]

    def parse(self, text: BlockText, heading_level: int = 0) -> Inline:
        """Return the content of a block.

        Raise LineError if it is not visible, too long, or changed by Markdown.
        """
        _check_size(text)
        check_text(text)
        tree = _TreeReader()
        try:
            root = self._parse_markdown(text.source, heading_level)
            content = tree.read_block(root, heading_level)
        except RecursionError:
            problem = "is nested too deep"
            raise text.line.error(problem, f"use {MAX_DEPTH} levels at most") from None
        shown = plain_text(content)
        result = _with_same_marks(tree.source)
        if result != _with_same_marks(text.source):
            raise changed_text_error(text, result, shown)
        if not is_visible(shown):
            raise not_visible_error(text)
        self._check_marks(text, tree)
        self.has_asterisk = self.has_asterisk or "*" in shown
        return content

    def _parse_markdown(self, source: str, heading_level: int) -> Element:
        """Return Markdown's tree of one block."""
        # Markdown removes the spaces at both ends.
        words = source.strip(SPACES + " ")
        start = len(source) - len(source.lstrip(SPACES + " "))
        before, after = source[:start], source[start + len(words) :]
        if heading_level:
            words = "#" * heading_level + " " + words
        self._markdown.reset()
        self._markdown.parser.parseDocument([words])
        root: Element = self._markdown.parser.root
        self._markdown.treeprocessors["inline"].run(root)
        for block in root:
            block.text = before + (block.text or "")
            if len(block):
                block[-1].tail = (block[-1].tail or "") + after
            else:
                block.text += after
        return root

    def _check_marks(self, text: BlockText, tree: _TreeReader) -> None:
        """Raise LineError for marks of emphasis or links that are not clear."""
        position = find_false_mark(tree.source)
        if position is not None:
            problem = "would be a mark of emphasis, but may be meant as text"
            start = max(0, position - 20)
            raise text.error_at(start, position + 20, problem, MARKS_FIX)
        for link in tree.links:
            start = max(0, text.source.find(f"]({link.href})"))
            line = text.line_at(start)
            _check_link(line, link)
            self.links.append((line, link.href))


class _TreeReader:
    """Reads Markdown's tree, and writes it back as Markdown into `source`.

    Marks of emphasis are written as OPEN and CLOSE, to distinguish them from text.
    """

    def __init__(self) -> None:
        self.source = ""
        self.links: list[Link] = []

    def read_block(self, root: Element, heading_level: int) -> Inline:
        """Return the content of the only block in the tree."""
        tag = f"h{heading_level}" if heading_level else "p"
        block = root[0] if len(root) else root
        content = self._read(block, 0)
        if len(root) != 1 or block.tag != tag:
            self.source = UNKNOWN + self.source
        return content

    def _read(self, element: Element, depth: int) -> Inline:
        if depth > MAX_DEPTH:
            raise RecursionError  # as Python-Markdown does for still deeper nesting
        runs: list[str | Emphasis | Link] = [self._read_text(element.text)]
        for child in element:
            if child.tag == "a":
                runs.append(self._read_link(child, depth))
            elif child.tag in ("em", "strong"):
                runs.append(self._read_emphasis(child, depth))
            else:
                self.source += UNKNOWN
                runs.extend(self._read(child, depth + 1))
            runs.append(self._read_text(child.tail))
        return tuple(run for run in runs if run)

    def _read_text(self, text: str | None) -> str:
        """Return a text as the page shows it."""
        text = text or ""
        self.source += STASHED_ESCAPE_RE.sub(_as_escape, text)
        return STASHED_ESCAPE_RE.sub(_as_character, text)

    def _read_emphasis(self, element: Element, depth: int) -> Emphasis:
        length = 2 if element.tag == "strong" else 1
        self.source += OPEN * length
        content = self._read(element, depth + 1)
        self.source += CLOSE * length
        is_nested = len(list(element.iter(element.tag))) > 1
        if is_nested or not is_visible(plain_text(content)):
            self.source += UNKNOWN
        return Emphasis(content, strong=element.tag == "strong")

    def _read_link(self, element: Element, depth: int) -> Link:
        self.source += "["
        content = self._read(element, depth + 1)
        address = element.get("href", "")
        self.source += f"]({STASHED_ESCAPE_RE.sub(_as_escape, address)})"
        link = Link(content, STASHED_ESCAPE_RE.sub(_as_character, address))
        self.links.append(link)
        return link


def _with_same_marks(source: str) -> str:
    """Return a source in which all marks that may be emphasis are *."""
    return source.replace(OPEN, "*").replace(CLOSE, "*").replace("_", "*")


def _as_escape(match: re.Match[str]) -> str:
    return f"\\{chr(int(match[1]))}"


def _as_character(match: re.Match[str]) -> str:
    return chr(int(match[1]))


def _check_size(text: BlockText) -> None:
    if len(text.source) > MAX_BLOCK_LENGTH:
        problem = f"is longer than {MAX_BLOCK_LENGTH:,} characters"
        raise text.line.error(problem, "divide it into paragraphs")
    if text.without_escapes.count("[") > MAX_BRACKETS:
        problem = f"has more than {MAX_BRACKETS} square brackets"
        raise text.line.error(problem, r"write \[ for the characters themselves")


def _check_link(line: Line, link: Link) -> None:
    """Raise LineError if a link is not visible or its address is not allowed."""
    words, href = plain_text(link.content), link.href
    invisible = find_format_character(href)
    if not is_visible(words):
        problem, fix = "is a link without words", LINK_FIX
    elif href.count("(") != href.count(")"):
        problem, fix = "has an address that Markdown would change", ADDRESS_FIX
    elif invisible:
        problem = f"has the invisible character U+{ord(invisible):04X} in its address"
        fix = "remove the character"
    elif not is_web_address(href) and not ADDRESS_RE.fullmatch(href):
        problem = "is not a link to an http, https or mailto address or to #id"
        fix = LINK_FIX
    else:
        return
    raise line.error(problem, fix, excerpt=f"[{words}]({href})")
