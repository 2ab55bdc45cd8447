"""The blocks of the body: paragraphs, lists and block quotes.

One line is one block, except that a backslash at its end continues it on the next
line. The markers at the beginning of lines are read here; Python-Markdown reads the
text after them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.anchor import Anchor
from app.reading.block_lines import BlockLine, Group, group_lines
from app.reading.block_text import BlockText, join_lines, split_id
from app.reading.errors import ErrorCollector, Line
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
    f"{NUMBER_FIX}, or, if the publication numbers its paragraphs through the whole"
    ' text, write numbers = "publication" in the front matter'
)


@dataclass(frozen=True)
class _Part:
    """The text of a paragraph or item, and the id at its end."""

    text: BlockText
    id: str | None


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
        self.withdrawn: set[Anchor] = set()
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
                    self._reject_indent(first)
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

    def _reject_indent(self, part: BlockLine) -> None:
        fix = "begin it at the margin"
        paragraph = self.numbering.paragraph
        if part.kind == "text" and paragraph in self.numbering.lines:
            fix += f", or with - to make it an item of {paragraph.name}"
        raise part.line.error("is indented", fix)

    def _read_paragraph(self, group: Group) -> list[Paragraph | ItemList]:
        """Return a paragraph and, if the publication numbers it, the list below it."""
        first = group[0]
        own, below = _split_own_lines(group)
        part = _parse_part(own)
        content = self._parse_inline(part)
        kind: Literal["p", "u"] = "p"
        number = None
        if first.kind == "number":
            number = int(first.marker.removesuffix("."))
        elif self.has_numbers and not _is_withdrawn_number(part):
            kind = "u"
        anchor = self.numbering.add_paragraph(first.line, part.id, kind, number)
        withdrawn = self._register(anchor, part)
        blocks: list[Paragraph | ItemList] = []
        blocks.append(Paragraph(anchor=anchor, content=content, withdrawn=withdrawn))
        if below:
            blocks.append(self._read_list(below, anchor))
        return blocks

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
        part = _parse_part(own)
        anchor = self.numbering.add_item(first.line, part.id, parent)
        content = self._parse_inline(part)
        withdrawn = self._register(anchor, part)
        nested = None
        if below:
            with self.errors.collect():
                nested = self._read_list(below, anchor, first.indent, depth + 1)
        return Item(anchor=anchor, content=content, withdrawn=withdrawn, nested=nested)

    def _parse_inline(self, part: _Part) -> Inline:
        """Return the content of a part, or () if it is withdrawn or an error."""
        source = part.text.source
        if LONE_MARKER_RE.fullmatch(source) or (not source and part.id is None):
            self.errors.add(part.text.line.error("has no text", NO_TEXT_FIX))
            return ()
        if not source:
            return ()
        with self.errors.collect():
            return self.inline.parse(part.text)
        return ()

    def _register(self, anchor: Anchor, part: _Part) -> bool:
        """Store the source of a part, and return whether it is withdrawn."""
        self.sources[anchor] = part.text.source
        if part.text.source or part.id is None:
            return False
        self.withdrawn.add(anchor)
        return True


def _parse_part(own: Group) -> _Part:
    texts = [own[0].text, *(part.whole_text for part in own[1:])]
    source, id_ = split_id(join_lines(texts))
    return _Part(BlockText(tuple(part.line for part in own), source), id_)


def _is_withdrawn_number(part: _Part) -> bool:
    """Return whether it is only the id of a paragraph that had a number."""
    return not part.text.source and part.id is not None and part.id.startswith("p")


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
