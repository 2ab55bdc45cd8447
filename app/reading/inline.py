"""The text of a block: Python-Markdown parses it, and the result must equal the file.

Python-Markdown reports no errors: it drops, moves or changes characters that it takes
for marks. Its result is therefore written back as Markdown, and compared with the
source. Any difference is an error, even if app.reading.hints does not know its cause.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown

from app.reading.block_text import BlockText, show
from app.reading.characters import SPACES, is_visible
from app.reading.emphasis import CLOSE, OPEN, find_false_mark
from app.reading.errors import Line
from app.reading.hints import (
    changed_text_error,
    check_text,
    marks_error,
    no_text_error,
)
from app.statement import Emphasis, Inline, Link, plain_text
from app.web_address import find_format_character, is_web_address

MAX_BLOCK_LENGTH = 20_000  # with its continuation lines
MAX_BRACKETS = 200  # Python-Markdown looks for the end of each, through the block
# Python-Markdown's patterns that are not needed here: links whose addresses are
# in other blocks, escapes, which are hidden, and line breaks without a backslash.
UNUSED_PATTERNS = (
    "reference",
    "short_reference",
    "image_reference",
    "short_image_ref",
    "escape",
    "linebreak",
)
# Its patterns that match only texts in which RARE_RE is found. Other texts are parsed
# without them, which is faster.
RARE_PATTERNS = ("backtick", "image_link", "autolink", "automail", "html", "entity")
RARE_RE = re.compile(r"[`<&]|!\[")
# The source of an element that is not supported. No file contains this character, so
# that the result differs from the file.
UNKNOWN = "\0"
# Protects the spaces at both ends of a text, such as those that indent a Chinese
# paragraph: Markdown would remove them. No file contains this character.
EDGE = "\x01"
ADDRESS_RE = re.compile(r"#\S+|mailto:[^\s@<>\"]+@[^\s@<>\"]+")
FALSE_MARK_PROBLEM = "would be a mark of emphasis, but may be meant as text"
ADDRESS_FIX = "write it without spaces, and %27 %28 %29 for ' ( )"


class InlineParser:
    """Parses the texts of one file, and collects their links."""

    def __init__(self) -> None:
        self.links: list[tuple[Line, str]] = []  # the line and address of each
        self.has_asterisk = False  # whether the page shows an asterisk
        self._markdown = _make_markdown(UNUSED_PATTERNS)
        self._fast_markdown = _make_markdown(UNUSED_PATTERNS + RARE_PATTERNS)

    def parse(self, text: BlockText, heading_level: int = 0) -> Inline:
        """Return the content of a block.

        Raise LineError if it is not visible, too long, or changed by Markdown.
        """
        _check_size(text)
        check_text(text)
        tree = _TreeReader()
        try:
            content = tree.read(self._parse_markdown(text.hidden, heading_level))
        except RecursionError:
            problem = "is nested too deep"
            raise text.lines[0].error(problem, "use fewer marks") from None
        shown = plain_text(content)
        source = tree.source.strip(EDGE)
        # * and _ are equal, since the tree does not have the mark that was written.
        result = source.replace(OPEN, "*").replace(CLOSE, "*").replace("_", "*")
        if result != text.hidden.replace("_", "*"):
            raise changed_text_error(text, result, shown)
        if not is_visible(shown):
            raise no_text_error(text.lines[0])
        false_mark = find_false_mark(source)
        if false_mark is not None:
            raise marks_error(text, FALSE_MARK_PROBLEM, false_mark)
        for position, link in tree.links:
            line = text.line_at(position)
            _check_link(line, link)
            self.links.append((line, link.href))
        self.has_asterisk = self.has_asterisk or "*" in shown
        return content

    def _parse_markdown(self, source: str, heading_level: int) -> Element:
        """Return Markdown's element for a block.

        If Markdown takes it for another block or for several, return their root.
        """
        if source[0] in SPACES:
            source = EDGE + source
        if source[-1] in SPACES:
            source += EDGE
        tag = "p"
        if heading_level:
            tag = f"h{heading_level}"
            source = "#" * heading_level + " " + source
        markdown = self._fast_markdown
        if RARE_RE.search(source):
            markdown = self._markdown
        markdown.reset()
        markdown.parser.parseDocument([source])
        root: Element = markdown.parser.root
        markdown.treeprocessors["inline"].run(root)
        if len(root) == 1 and root[0].tag == tag:
            return root[0]
        return root


def _make_markdown(unused_patterns: tuple[str, ...]) -> Markdown:
    markdown = Markdown()
    for pattern in unused_patterns:
        markdown.inlinePatterns.deregister(pattern)
    return markdown


class _TreeReader:
    """Reads Markdown's tree, and writes it back as Markdown into `source`.

    Marks of emphasis are written as OPEN and CLOSE, to distinguish them from text.
    """

    def __init__(self) -> None:
        self.source = ""
        self.links: list[tuple[int, Link]] = []  # each with its position in the source

    def read(self, element: Element) -> Inline:
        """Return the content of an element."""
        runs: list[str | Emphasis | Link] = [self._read_text(element.text)]
        for child in element:
            if child.tag == "a":
                runs.append(self._read_link(child))
            elif child.tag in ("em", "strong"):
                runs.append(self._read_emphasis(child))
            else:
                runs.extend(self.read(child))
                self.source += UNKNOWN
            runs.append(self._read_text(child.tail))
        return tuple(run for run in runs if run)

    def _read_text(self, text: str | None) -> str:
        """Return a text as the page shows it."""
        self.source += text or ""
        return show((text or "").strip(EDGE))

    def _read_emphasis(self, element: Element) -> Emphasis:
        length = 2 if element.tag == "strong" else 1
        self.source += OPEN * length
        content = self.read(element)
        self.source += CLOSE * length
        if len(list(element.iter(element.tag))) > 1:
            self.source += UNKNOWN  # it is nested in emphasis of the same kind
        return Emphasis(content, strong=element.tag == "strong")

    def _read_link(self, element: Element) -> Link:
        position = len(self.source)
        address = element.get("href", "")
        self.source += "["
        link = Link(self.read(element), show(address))
        self.source += f"]({address})"
        self.links.append((position, link))
        return link


def _check_size(text: BlockText) -> None:
    if len(text.source) > MAX_BLOCK_LENGTH:
        problem = f"is longer than {MAX_BLOCK_LENGTH:,} characters"
        raise text.lines[0].error(problem, "divide it into paragraphs")
    if text.hidden.count("[") > MAX_BRACKETS:
        problem = f"has more than {MAX_BRACKETS} square brackets"
        raise text.lines[0].error(problem, r"write \[ for the characters themselves")


def _check_link(line: Line, link: Link) -> None:
    """Raise LineError if a link is not visible or its address is not allowed."""
    words = plain_text(link.content)
    href = link.href
    invisible = find_format_character(href)
    if href.count("(") != href.count(")"):
        problem, fix = "has an address that Markdown would change", ADDRESS_FIX
    elif invisible:
        problem = f"has the invisible character U+{ord(invisible):04X} in its address"
        fix = "remove the character"
    elif is_visible(words) and (is_web_address(href) or ADDRESS_RE.fullmatch(href)):
        return
    else:
        problem = "is not a link to an http, https or mailto address or to #id"
        fix = "write [words](https://…)"
    raise line.error(problem, fix, excerpt=f"[{words}]({href})")
