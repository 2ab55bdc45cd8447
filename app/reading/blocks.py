"""The blocks of the body: paragraphs, lists and block quotes.

One line is one block, except that a backslash at its end continues it on the next
line. The markers at the beginning of lines are read here; Python-Markdown reads the
text after them.
"""

from __future__ import annotations

import re

from app.anchor import Anchor, AnchorKind
from app.reading.block_lines import BlockLine, Group, group_lines
from app.reading.block_text import BlockText
from app.reading.errors import ErrorCollector, Line
from app.reading.hints import indented
from app.reading.inline import InlineParser
from app.reading.numbering import Numbering
from app.statement import Block, BlockQuote, Inline, Item, ItemList, Paragraph

DEEPEST = 12  # levels of lists and block quotes
NESTED_BY = (2, 3, 4)  # spaces
# An item without text in an item. Markdown needs the space after it, which is lost.
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

    def __init__(self, has_numbers: bool, errors: ErrorCollector) -> None:
        self.has_numbers = has_numbers  # the publication numbers its paragraphs
        self.errors = errors
        self.numbering = Numbering(errors)
        self.inline = InlineParser()
        self.sources: dict[Anchor, str] = {}
        self.withdrawn: list[Anchor] = []
        self.star_lists: list[Line] = []  # each a list of one item that begins with *

    def read(self, lines: list[Line], depth: int = 0) -> tuple[Block, ...]:
        """Return the blocks in `lines`, which contain no heading."""
        has_numbers = self.has_numbers and depth == 0
        blocks: list[Block] = []
        for group in group_lines(lines, has_numbers, self.errors):
            first = group[0]
            with self.errors.collect():
                if first.kind == "quote":
                    blocks.append(self._read_quote(group, depth))
                elif first.indent > 0:
                    raise indented(first.line, self._owner_name())
                elif first.kind == "item":
                    blocks.append(self._read_list(group, self.numbering.paragraph))
                else:
                    blocks.extend(self._read_paragraph(group))
        return tuple(blocks)

    def _read_quote(self, group: Group, depth: int) -> BlockQuote:
        line = group[0].line
        if depth == DEEPEST:
            raise line.error("is nested too deep", f"use {DEEPEST} levels at most")
        if not any(part.text for part in group):
            fix = r"write its text, or \> for the character itself"
            raise line.error("is a block quote without text", fix)
        lines = [Line(part.line.number, part.text) for part in group]
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
        elif self.has_numbers:
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
        if depth == DEEPEST:
            fix = f"use {DEEPEST} levels at most"
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
        self, part: BlockLine, first: BlockLine, number: int, parent_indent: int
    ) -> None:
        """Raise LineError if an item does not fit into the list that `first` begins."""
        if part is first and part.indent > 0:
            nested_by = part.indent - parent_indent
            if nested_by not in NESTED_BY:
                fix = f"begin it with {parent_indent + 4} spaces"
                raise part.line.error("is not indented by four spaces", fix)
        if part.indent != first.indent:
            fix = f"begin it with {first.indent} spaces"
            raise part.line.error("is indented differently from its list", fix)
        if first.is_bullet:
            if part.marker != first.marker:
                problem = f"is in a list of items that begin with {first.marker}"
                raise part.line.error(problem, f"begin it with {first.marker}")
        elif part.text and part.marker != f"{number}.":
            fix = NUMBER_FIX if self.has_numbers else NUMBERS_FIX
            raise part.line.error(NUMBER_PROBLEM, fix)

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
        self.sources[anchor] = text.source
        if text.is_withdrawn:
            self.withdrawn.append(anchor)


def _parse_text(own: Group) -> BlockText:
    texts = [own[0].text, *(part.whole_text for part in own[1:])]
    return BlockText.parse(tuple(part.line for part in own), texts)


def _split_own_lines(group: Group) -> tuple[Group, Group]:
    """Return the lines of the first paragraph or item, and the items below it."""
    if group[0].kind == "text":
        return group, []
    for index, part in enumerate(group[1:], 1):
        if part.kind == "item":
            return group[:index], group[index:]
    return group, []


def _split_items(group: Group) -> list[Group]:
    """Return the lines of each item of a list, those nested in it included."""
    items: list[Group] = []
    for part in group:
        if part.kind == "item" and part.indent <= group[0].indent:
            items.append([part])
        else:
            items[-1].append(part)
    return items
