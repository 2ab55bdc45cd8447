"""The blocks of the body: paragraphs, lists and block quotes.

One line is one block, except that a backslash at its end continues it on the next
line. The markers at the beginning of lines are read here; Python-Markdown reads the
text after them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from app.anchor import Anchor, AnchorKind
from app.reading.block_lines import BlockLine, Group, group_lines
from app.reading.block_text import BlockText
from app.reading.errors import ErrorCollector, Line
from app.reading.hints import indented_error
from app.reading.inline import InlineParser
from app.reading.numbering import Numbering
from app.statement import Block, BlockQuote, Inline, Item, ItemList, Paragraph

MAX_DEPTH = 12  # levels of lists and block quotes
NESTED_BY = (2, 3, 4)  # spaces
# A text that is only a marker, as in "- -". To Markdown it is an empty item only with
# a space after it, and spaces at the end of a line are removed.
LONE_MARKER_RE = re.compile(r"[-+*]|[0-9]+\.")
NO_TEXT_FIX = r"write its text, or \- or 1\. for the characters themselves"
NUMBER_PROBLEM = "has a number that Markdown would change: lists count 1., 2., 3."
NUMBER_FIX = r"put \ before the full stop"
NUMBERS_FIX = (
    f"{NUMBER_FIX}, or, if the publication numbers its paragraphs and the numbers rise"
    ' through the whole text, write numbers = "publication" in the front matter'
)


class BlockReader:
    """Reads the blocks of one file.

    Afterwards `sources` has the text of each paragraph and item as the file has it,
    with escapes, and `withdrawn` the withdrawn ones.
    """

    def __init__(self, has_printed_numbers: bool, errors: ErrorCollector) -> None:
        self.has_printed_numbers = has_printed_numbers
        self.errors = errors
        self.numbering = Numbering(errors)
        self.inline = InlineParser()
        self.sources: dict[Anchor, BlockText] = {}
        self.withdrawn: list[Anchor] = []
        self.star_lists: list[Line] = []  # each a list of one item that begins with *

    def read(self, lines: list[Line], depth: int = 0) -> tuple[Block, ...]:
        """Return the blocks in `lines`, which contain no heading."""
        has_printed_numbers = self.has_printed_numbers and depth == 0
        blocks: list[Block] = []
        for group in group_lines(lines, has_printed_numbers, self.errors):
            with self.errors.collect():
                blocks.extend(self._read_group(group, depth))
        return tuple(blocks)

    def _read_group(self, group: Group, depth: int) -> Sequence[Block]:
        """Return the block in `group`, or a paragraph and the list below it."""
        first = group[0]
        if first.indent > 0:
            raise indented_error(first.line, self._owner_name())
        match first.kind:
            case "quote":
                return [self._read_quote(group, depth)]
            case "item":
                return [self._read_list(group, self.numbering.paragraph)]
            case "text" | "number":
                return self._read_paragraph(group)
            case _:
                assert_never(first.kind)

    def _read_quote(self, group: Group, depth: int) -> BlockQuote:
        line = group[0].line
        if depth == MAX_DEPTH:
            raise line.error("is nested too deep", f"use {MAX_DEPTH} levels at most")
        if not any(block_line.text for block_line in group):
            fix = r"write its text, or \> for the character itself"
            raise line.error("is a block quote without text", fix)
        lines = [Line(block_line.line.number, block_line.text) for block_line in group]
        return BlockQuote(self.read(lines, depth + 1))

    def _owner_name(self) -> str:
        """Return the paragraph that an item would belong to, "" before the first."""
        paragraph = self.numbering.paragraph
        return paragraph.name if paragraph in self.numbering.lines else ""

    def _read_paragraph(self, group: Group) -> list[Paragraph | ItemList]:
        """Return a paragraph and, if the publication numbers it, the list below it."""
        first = group[0]
        own, below = _split_own_lines(group)
        text = _parse_text(own)
        content = self._parse_inline(text)
        kind: AnchorKind = "p"
        number = None
        if first.kind == "number":
            number = int(first.marker.removesuffix("."))
        elif self.has_printed_numbers:
            kind = "u"
        if text.is_withdrawn and str(text.id).startswith("p"):
            kind = "p"  # its number may be left out
        anchor = self.numbering.add_paragraph(first.line, text.id, kind, number)
        self._register(anchor, text)
        paragraph = Paragraph(
            anchor=anchor, content=content, withdrawn=text.is_withdrawn
        )
        if below:
            return [paragraph, self._read_list(below, anchor)]
        return [paragraph]

    def _read_list(
        self, group: Group, parent: Anchor, parent_indent: int = 0, depth: int = 0
    ) -> ItemList:
        """Return the list of items below `parent`, with the lists nested in them."""
        first = group[0]
        if depth == MAX_DEPTH:
            fix = f"use {MAX_DEPTH} levels at most"
            raise first.line.error("is nested too deep", fix)
        items = []
        for number, lines in enumerate(_split_items(group), 1):
            with self.errors.collect():
                self._check_marker(lines[0], first, number, parent_indent)
            items.append(self._read_item(lines, parent, depth))
        if first.marker == "*" and len(items) == 1 and first.indent == 0:
            self.star_lists.append(first.line)
        return ItemList(tuple(items), ordered=not first.is_bullet)

    def _check_marker(
        self, block_line: BlockLine, first: BlockLine, number: int, parent_indent: int
    ) -> None:
        """Raise LineError if an item does not fit into the list that `first` begins."""
        if block_line is first and block_line.indent > 0:
            nested_by = block_line.indent - parent_indent
            if nested_by not in NESTED_BY:
                fix = f"begin it with {parent_indent + 4} spaces"
                raise block_line.line.error("is not indented by four spaces", fix)
        if block_line.indent != first.indent:
            fix = f"begin it with {first.indent} spaces"
            raise block_line.line.error("is indented differently from its list", fix)
        if first.is_bullet:
            if block_line.marker != first.marker:
                problem = f"is in a list of items that begin with {first.marker}"
                raise block_line.line.error(problem, f"begin it with {first.marker}")
        elif block_line.text and block_line.marker != f"{number}.":
            fix = NUMBER_FIX if self.has_printed_numbers else NUMBERS_FIX
            raise block_line.line.error(NUMBER_PROBLEM, fix)

    def _read_item(self, group: Group, parent: Anchor, depth: int) -> Item:
        first = group[0]
        own, below = _split_own_lines(group)
        text = _parse_text(own)
        anchor = self.numbering.add_item(first.line, text.id, parent)
        content = self._parse_inline(text)
        self._register(anchor, text)
        nested = None
        if below:
            with self.errors.collect():
                nested = self._read_list(below, anchor, first.indent, depth + 1)
        return Item(
            anchor=anchor, content=content, withdrawn=text.is_withdrawn, nested=nested
        )

    def _parse_inline(self, text: BlockText) -> Inline:
        """Return the content of a part, or () if it is withdrawn or an error."""
        if text.is_withdrawn:
            return ()
        with self.errors.collect():
            if not text.source or LONE_MARKER_RE.fullmatch(text.source):
                raise text.line.error("has no text", NO_TEXT_FIX)
            return self.inline.parse(text)
        return ()

    def _register(self, anchor: Anchor, text: BlockText) -> None:
        self.sources[anchor] = text
        if text.is_withdrawn:
            self.withdrawn.append(anchor)


def _parse_text(own: Group) -> BlockText:
    texts = [own[0].text, *(block_line.whole_text for block_line in own[1:])]
    return BlockText.parse(tuple(block_line.line for block_line in own), texts)


def _split_own_lines(group: Group) -> tuple[Group, Group]:
    """Return the lines of the first paragraph or item, and the items below it."""
    if group[0].kind == "text":
        return group, []  # a line after a backslash may look like an item
    for index, block_line in enumerate(group[1:], 1):
        if block_line.kind == "item":
            return group[:index], group[index:]
    return group, []


def _split_items(group: Group) -> list[Group]:
    """Return the lines of each item of a list, those nested in it included."""
    items: list[Group] = []
    for block_line in group:
        if block_line.kind == "item" and block_line.indent <= group[0].indent:
            items.append([block_line])
        else:
            items[-1].append(block_line)
    return items
