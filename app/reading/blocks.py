"""The blocks of the body: paragraphs, lists and block quotes.

One line is one block, except that a backslash at its end continues it on the next
line. The markers at the beginning of lines are read here; Python-Markdown reads the
text after them.
"""

from __future__ import annotations

import re

from app.anchor import BEFORE_FIRST, Anchor, AnchorKind, AnchorNumber
from app.reading.block_lines import BlockLine, Group, group_lines
from app.reading.block_text import BlockText
from app.reading.errors import ErrorCollector, Line
from app.reading.hints import indented_error, no_text_error
from app.reading.inline import InlineParser
from app.reading.numbering import Numbering
from app.statement import Block, BlockQuote, Inline, Item, ItemList, Paragraph

MAX_DEPTH = 12  # levels of lists, and of block quotes
DEPTH_FIX = f"use {MAX_DEPTH} levels at most"
NESTED_BY = (2, 3, 4)  # spaces
# A line that is only a marker, as in "- -". Markdown takes it for an empty item if a
# space follows, but spaces at the end of a line have been removed.
LONE_MARKER_RE = re.compile(r"[-+*]|[0-9]+\.")
NO_TEXT_FIX = r"write its text, or \-, \> or 1\. for the characters themselves"
NUMBER_PROBLEM = "has a number that Markdown would change: lists count 1., 2., 3."
NUMBER_FIX = r"put \ before the full stop"
NUMBERS_FIX = (
    f"{NUMBER_FIX}, or, if the publication numbers its paragraphs and the numbers rise"
    ' through the whole text, write numbers = "publication" in the front matter'
)


class BlockReader:
    """Reads the blocks of one file.

    Afterwards, `sources` has the text of each paragraph and item as it is in the file,
    and `withdrawn` the anchors of those that are withdrawn.
    """

    def __init__(self, has_printed_numbers: bool, errors: ErrorCollector) -> None:
        self.has_printed_numbers = has_printed_numbers
        self.errors = errors
        self.numbering = Numbering(errors)
        self.inline = InlineParser()
        self.last_paragraph = BEFORE_FIRST  # to which the items after it belong
        self.sources: dict[Anchor, BlockText] = {}
        self.withdrawn: list[Anchor] = []
        self.star_lists: list[Line] = []  # lists of a single item with *

    def read(self, lines: list[Line], depth: int = 0) -> tuple[Block, ...]:
        """Return the blocks in `lines`, which contain no heading."""
        has_printed_numbers = self.has_printed_numbers and depth == 0
        blocks: list[Block] = []
        for group in group_lines(lines, has_printed_numbers, self.errors):
            with self.errors.collect():
                blocks.extend(self._read_group(group, depth))
        return tuple(blocks)

    def _read_group(self, group: Group, depth: int) -> list[Block]:
        """Return the block in `group`, or a paragraph and the list below it."""
        first = group[0]
        if first.indent > 0:
            raise indented_error(first.line, self.last_paragraph)
        if first.kind == "quote":
            return [self._read_quote(group, depth)]
        if first.kind == "item":
            return [self._read_list(group, self.last_paragraph)]
        paragraph, below = self._read_paragraph(group)
        if below:
            return [paragraph, self._read_list(below, paragraph.anchor)]
        return [paragraph]

    def _read_quote(self, group: Group, depth: int) -> BlockQuote:
        line = group[0].line
        if depth == MAX_DEPTH:
            raise line.error("is nested too deep", DEPTH_FIX)
        lines = [Line(block_line.line.number, block_line.text) for block_line in group]
        if not any(line.text for line in lines):
            raise no_text_error(line, NO_TEXT_FIX)
        return BlockQuote(self.read(lines, depth + 1))

    def _read_paragraph(self, group: Group) -> tuple[Paragraph, Group]:
        """Return a paragraph, and the lines of the list below its number."""
        first = group[0]
        text, below = _split_text(group)
        kind: AnchorKind = "p"
        number = None
        if first.kind == "number":
            number = int(first.marker.removesuffix("."))
        elif self.has_printed_numbers:
            kind = "u"
        if text.is_withdrawn and text.id and text.id.startswith("p"):
            kind = "p"  # a withdrawn paragraph may be without its number
        zero = Anchor(kind, (AnchorNumber(0),))
        anchor = self.numbering.add(first.line, text.id, zero, number)
        self.last_paragraph = anchor
        content = self._read_content(text, anchor)
        paragraph = Paragraph(
            anchor=anchor, content=content, withdrawn=text.is_withdrawn
        )
        return paragraph, below

    def _read_list(
        self, group: Group, parent: Anchor, parent_indent: int = 0
    ) -> ItemList:
        """Return the list of items below `parent`, with the lists nested in them."""
        first = group[0]
        if len(parent.numbers) > MAX_DEPTH:
            raise first.line.error("is nested too deep", DEPTH_FIX)
        items = []
        for number, lines in enumerate(_split_items(group), 1):
            with self.errors.collect():
                self._check_marker(lines[0], first, number, parent_indent)
            items.append(self._read_item(lines, parent))
        if first.marker == "*" and len(items) == 1 and first.indent == 0:
            self.star_lists.append(first.line)
        return ItemList(tuple(items), ordered=not first.is_bullet)

    def _check_marker(
        self, block_line: BlockLine, first: BlockLine, number: int, parent_indent: int
    ) -> None:
        """Raise LineError if an item does not fit into the list that `first` begins.

        `number` is the position of the item in the list, and `parent_indent` the indent
        of the item that contains the list.
        """
        expected_indent = first.indent
        # 0 occurs in a list that is in no item.
        is_valid_indent = first.indent - parent_indent in (0, *NESTED_BY)
        if block_line is first and not is_valid_indent:
            expected_indent = parent_indent + 4
        expected_marker = first.marker
        if not first.is_bullet:
            expected_marker = f"{number}."
        if block_line.indent != expected_indent:
            problem = "is indented differently from its list"
            fix = f"begin it with {expected_indent} spaces"
        elif block_line.marker == expected_marker or not block_line.text:
            return  # an item without text is another error
        elif first.is_bullet:
            problem = f"is in a list of items that begin with {expected_marker}"
            fix = f"begin it with {expected_marker}"
        else:
            problem = NUMBER_PROBLEM
            fix = NUMBER_FIX if self.has_printed_numbers else NUMBERS_FIX
        raise block_line.line.error(problem, fix)

    def _read_item(self, group: Group, parent: Anchor) -> Item:
        first = group[0]
        text, below = _split_text(group)
        anchor = self.numbering.add(first.line, text.id, parent.item(0))
        content = self._read_content(text, anchor)
        nested = None
        if below:
            with self.errors.collect():
                nested = self._read_list(below, anchor, first.indent)
        return Item(
            anchor=anchor, content=content, withdrawn=text.is_withdrawn, nested=nested
        )

    def _read_content(self, text: BlockText, anchor: Anchor) -> Inline:
        """Return the content of a part, or () if it is withdrawn or has an error."""
        self.sources[anchor] = text
        if text.is_withdrawn:
            self.withdrawn.append(anchor)
            return ()
        with self.errors.collect():
            first_line = text.source.split("\\\n")[0]
            if not text.source or LONE_MARKER_RE.fullmatch(first_line):
                raise no_text_error(text.lines[0], NO_TEXT_FIX)
            return self.inline.parse(text)
        return ()


def _split_text(group: Group) -> tuple[BlockText, Group]:
    """Return the text of the first paragraph or item, and the items below it."""
    first, *others = group
    texts = [first.text]
    for block_line in others:
        # In a paragraph without a number, a line that looks like an item can only be
        # here because the line above it ends in a backslash.
        if block_line.kind == "item" and first.kind != "text":
            break
        texts.append(block_line.line.text.strip(" "))
    lines = [block_line.line for block_line in group[: len(texts)]]
    return BlockText.parse(lines, texts), group[len(texts) :]


def _split_items(group: Group) -> list[Group]:
    """Return the lines of each item of a list, with those of the items nested in it."""
    items: list[Group] = []
    for block_line in group:
        if block_line.kind == "item" and block_line.indent <= group[0].indent:
            items.append([block_line])
        else:
            items[-1].append(block_line)
    return items
