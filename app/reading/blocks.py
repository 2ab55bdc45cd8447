"""Paragraphs, lists and block quotes: one line is one block."""

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown import Markdown

from app.reading.front_matter import Table
from app.reading.inline import DEEPEST, read_inline
from app.reading.line import Line, Problems, split_before
from app.reading.numbering import NUMBERS, Numbering, split_own_id
from app.reading.refused import LONGEST, breaks, joined, refuse_line
from app.reading.voices import Voices
from app.statement import ANCHOR, Block, BlockQuote, Inline, ItemList, ListItem, Paragraph, plain_text

ITEM = re.compile(r"( *)([-*]|[0-9]{1,9}\.) +(.+)", re.DOTALL)
PUBLISHED_NUMBER = re.compile(r"([1-9][0-9]{0,8})\. +(.+)", re.DOTALL)
# Python-Markdown looks for the end of each [ through the whole paragraph: the sum of these lengths may grow so far.
MOST_EFFORT = 4_000_000
TOO_DEEP = "is nested too deep", f"use {DEEPEST} levels at most"
TOO_MUCH = f"write {LONGEST:,} characters at most in a paragraph, and \\[ for a bracket that is no link's"
TURN_IN_LIST = "opens a turn inside a list", "write it as a paragraph, at the margin"
CHANGED = "has a number that Markdown would change: lists count from 1., and headings and text end them"
UNDER_TEXT = (
    r"leave an empty line between two paragraphs, end the upper line with \ where the publication breaks it inside one,"
    " or write wrapped = true in the front matter where your lines are wrapped"
)


class BlockReader:
    """Reads the blocks of one file, and keeps what must be known of all of them."""

    def __init__(self, table: Table, problems: Problems) -> None:
        """Begin as the front matter describes the text, even where it is wrong elsewhere."""
        withdrawn = [one.said("paragraph", str) for one in table.tables("corrections") if one.said("withdrawn", bool)]
        self.numbering = Numbering(list(filter(ANCHOR.fullmatch, withdrawn)))
        self.voices = Voices([str(one) for one in table.said("voices", list)] if "voices" in table.entries else None)
        self.published_numbers = table.said("numbers", str) == "publication"
        self.wrapped = table.said("wrapped", bool)
        self.problems, self.markdown, self.effort = problems, Markdown(), 0
        self.section_ids: dict[str, int] = {}  # and the line that each stands on
        self.links: list[tuple[Line, str]] = []  # where they stand and lead

    def read(self, lines: list[Line], depth: int = 0) -> tuple[Block, ...]:
        """Return the blocks in `lines`, in which no heading stands; what is wrong in them goes to the problems."""
        blocks: list[Block] = []
        for group in self._groups(lines, depth):
            if depth == 0 and not self._kind(group[0], depth)[1]:
                blocks += self.withdrawn_next()
            with self.problems:
                blocks += self._blocks(joined(group, self.wrapped, self.problems), depth)
        return tuple(blocks)

    def words(self, line: Line, is_heading: bool = False) -> Inline:
        """Return what `line` says. Raises LineError for what Markdown would change."""
        self.effort += line.text.count("[") * len(line.text)
        if len(line.text) > LONGEST or self.effort > MOST_EFFORT:
            raise line.error("is too much: too long a paragraph, or too many [ in long ones", TOO_MUCH)
        if breaks(line.text):
            raise line.error("ends in a backslash, which makes a line break, and no line goes on", "remove it")
        if not is_heading:
            refuse_line(line)
        return read_inline(self.markdown, line, is_heading, self.links)

    def withdrawn_next(self) -> Iterator[Paragraph | ItemList]:
        """Return the blocks of what was withdrawn behind the last paragraph: its items, and those that followed it."""
        yield from self.withdrawn(self.numbering.withdrawn_before(None, f"{self.numbering.parent}-"))
        yield from self.withdrawn(self.numbering.withdrawn_next("p"))

    def withdrawn(self, anchors: Iterator[str]) -> Iterator[Paragraph | ItemList]:
        """Return the blocks that keep the place of withdrawn paragraphs and items."""
        for anchor in anchors:
            items = (ListItem(anchor, (), withdrawn=True),)
            yield ItemList(items, ordered=False) if "-" in anchor else Paragraph(anchor, (), withdrawn=True)

    def _groups(self, lines: list[Line], depth: int) -> Iterator[list[Line]]:
        group: list[Line] = []
        for above, line in pairwise([Line(0, ""), *lines]):
            if group and line.text and self._begins_group(group[0], above, line, depth):
                yield group
                group = []
            group += [line] if line.text else []
        yield from [group] if group else []

    def _begins_group(self, first: Line, above: Line, line: Line, depth: int) -> bool:
        """Return whether `line` begins another group than the one of `first`; a list goes on over empty lines."""
        (numbered, is_list), (is_number, _) = self._kind(first, depth), self._kind(line, depth)
        (first_indent, first_marker), (indent, marker) = _marker(first), _marker(line)
        if not is_number and is_list and marker and not above.text:
            goes_on = marker == first_marker if first_marker in "-*" else marker not in ("-", "*", "1.")
            return not goes_on and indent <= first_indent
        return not above.text or bool((is_number and (numbered or is_list)) or (numbered and marker))

    def _kind(self, line: Line, depth: int) -> tuple[re.Match[str] | None, bool]:
        """Return the number of the publication that `line` begins with, and whether it begins an item."""
        # Items stand at the margin, or anywhere below a number of the publication.
        is_numbered, (indent, marker) = self.published_numbers and depth == 0, _marker(line)
        number = PUBLISHED_NUMBER.fullmatch(line.text) if is_numbered else None
        return number, bool(marker and (is_numbered or not indent) and not number)

    def _blocks(self, group: list[Line], depth: int) -> Iterator[Block]:
        """Return the block that a group begins with; what stands under it without an empty line is refused."""
        if group[0].text.startswith(">"):
            yield self._quote(group, depth)
            return
        if is_list := self._kind(group[0], depth)[1]:
            yield self._list([line for line in group if ITEM.fullmatch(line.text)], depth, self.numbering.parent)
        else:
            yield from self._paragraph(group[0], depth)
        for line in group[1:]:
            with self.problems:
                if not is_list or not ITEM.fullmatch(line.text):
                    refuse_line(line)
                    raise line.error("stands directly under a line of text", UNDER_TEXT)

    def _paragraph(self, line: Line, depth: int) -> Iterator[Paragraph | ItemList]:
        found = self._kind(line, depth)[0]
        text, own = found[2] if found else line.text, None
        content: Inline = ()
        with self.problems:
            refuse_line(Line(line.number, text))
            text, own = split_own_id(text)
            content = self.words(Line(line.number, text))
        with self.problems:
            stem = "p" if found or not self.published_numbers else "u"
            self.numbering.parent = self.numbering.anchor(line, own, stem, int(found[1]) if found else None)
            yield from self.withdrawn(self.numbering.withdrawn_before(self.numbering.parent))
        opens_turn = self.voices.opens_turn(line, content)
        yield Paragraph(self.numbering.parent, content, self.voices.current, opens_turn)

    def _quote(self, group: list[Line], depth: int) -> BlockQuote:
        if depth == DEEPEST:
            raise group[0].error(*TOO_DEEP)
        if stray := next((line for line in group if not line.text.startswith(">")), None):
            raise stray.error("continues a block quote", "begin it with >, or leave an empty line above it")
        speaking = self.voices.current
        blocks = self.read([Line(line.number, line.text[1:].removeprefix(" ")) for line in group], depth + 1)
        self.voices.current = speaking  # a turn inside a quote ends with it
        if not any(line.text[1:] for line in group):
            raise group[0].error("is a block quote without text", r"write its text, or \> for the character itself")
        return BlockQuote(blocks)

    def _list(self, lines: list[Line], depth: int, parent: str) -> ItemList:
        if depth == DEEPEST:
            raise lines[0].error(*TOO_DEEP)
        first_indent, first_marker = _marker(lines[0])
        items: list[ListItem] = []
        _, *groups = split_before(lines, lambda line: _marker(line)[0] <= first_indent)
        for number, (line, *below) in enumerate(groups, 1):
            indent, marker = _marker(line)
            with self.problems:
                if indent != first_indent:
                    raise line.error("is indented unlike the items above it", f"begin it with {first_indent} spaces")
                if first_marker in "-*" and marker != first_marker:
                    raise line.error(f"is in a list of items with {first_marker}", f"begin it with {first_marker}")
                if first_marker not in "-*" and marker != f"{number}.":
                    advice = "" if self.published_numbers else NUMBERS
                    raise line.error(CHANGED, advice + r"put \ before the full stop")
            with self.problems:
                items += self._item(line, below, depth, parent)
        items += (ListItem(gone, (), withdrawn=True) for gone in self.numbering.withdrawn_next(f"{parent}-"))
        return ItemList(tuple(items), first_marker not in "-*")

    def _item(self, line: Line, below: list[Line], depth: int, parent: str) -> Iterator[ListItem]:
        text, own = split_own_id(ITEM.sub(r"\3", line.text))
        content: Inline = ()
        with self.problems:
            content = self.words(Line(line.number, text))
            if self.voices.turn.match(plain_text(content)):
                raise Line(line.number, text).error(*TURN_IN_LIST)
        anchor = self.numbering.anchor(line, own, f"{parent}-")
        for gone in self.numbering.withdrawn_before(anchor, f"{parent}-"):
            yield ListItem(gone, (), withdrawn=True)
        indent = _marker(line)[0]
        if below and _marker(below[0])[0] > indent + 4:
            raise below[0].error("is indented too far below its item", f"begin it with {indent + 4} spaces at most")
        nested = self._list(below, depth + 1, anchor) if below else None
        yield ListItem(anchor, content, self.voices.current, nested)


def _marker(line: Line) -> tuple[int, str]:
    found = ITEM.fullmatch(line.text)
    return (len(found[1]), found[2]) if found else (0, "")
