"""Paragraphs, lists and block quotes: one line is one block."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown import Markdown

from app.reading.inline import read_inline
from app.reading.joining import LONGEST, breaks, joined
from app.reading.line import Line, Problems
from app.reading.numbering import NUMBERS, Numbering, split_own_id
from app.reading.refused import refuse_line
from app.reading.voices import Voices
from app.statement import Block, BlockQuote, Inline, ItemList, ListItem, Paragraph, plain_text

ITEM = re.compile(r"( *)([-*]|[0-9]{1,9}\.) +(.+)", re.DOTALL)
PUBLISHED_NUMBER = re.compile(r"([1-9][0-9]{0,8})\. +(.+)", re.DOTALL)
DEEPEST = 4  # levels of lists and quotes: more than a statement needs, and no file can exhaust the stack
# Python-Markdown looks for the end of each [ through the whole paragraph: the sum of these lengths may grow so far.
MOST_EFFORT = 4_000_000
TOO_MUCH = f"write {LONGEST:,} characters at most in a paragraph, and \\[ for a bracket that is no link's"
UNDER_TEXT = (
    r"leave an empty line between two paragraphs, end the upper line with \ where the publication breaks it inside one,"
    " or write wrapped = true in the front matter where your lines are wrapped"
)


@dataclass
class BlockReader:
    """Reads the blocks of one file, and keeps what must be known of all of them."""

    problems: Problems
    numbering: Numbering
    voices: Voices
    published_numbers: bool
    wrapped: bool

    def __post_init__(self) -> None:
        """Begin with no link to a part of the page found."""
        self.markdown = Markdown()
        self.effort = 0
        self.links: list[tuple[Line, str]] = []  # where they stand

    def read(self, lines: list[Line], depth: int = 0) -> tuple[Block, ...]:
        """Return the blocks in `lines`, in which no heading stands; what is wrong in them goes to the problems."""
        blocks: list[Block] = []
        for group in self._groups(lines, depth):
            if depth == 0 and not self._is_item(group[0], depth):
                blocks += self.withdrawn_next()
            with self.problems.collected():
                blocks += self._blocks(group, depth)
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

    def _groups(self, lines: list[Line], depth: int) -> Iterator[list[Line]]:
        """Return the runs of lines that are one list, quote or paragraph, or should be."""
        group: list[Line] = []
        for above, line in pairwise([Line(0, ""), *lines]):
            if group and line.text and self._begins_group(group[0], above, line, depth):
                yield joined(group, self.wrapped, self.problems)
                group = []
            group += [line] if line.text else []
        if group:
            yield joined(group, self.wrapped, self.problems)

    def _begins_group(self, first: Line, above: Line, line: Line, depth: int) -> bool:
        """Return whether `line` begins another group than the one of `first`; a list goes on over empty lines."""
        numbered, is_number = self._number(first, depth), self._number(line, depth)
        is_list, is_item = self._is_item(first, depth), ITEM.fullmatch(line.text)
        if not is_number and is_list and is_item and not above.text:
            (first_indent, first_marker), (indent, marker) = _marker(first), _marker(line)
            goes_on = marker == first_marker if first_marker in "-*" else marker not in ("-", "*", "1.")
            return not goes_on and len(indent) <= len(first_indent)
        return not above.text or bool((is_number and (numbered or is_list)) or (numbered and is_item))

    def _number(self, line: Line, depth: int) -> re.Match[str] | None:
        return PUBLISHED_NUMBER.fullmatch(line.text) if self.published_numbers and depth == 0 else None

    def _is_item(self, line: Line, depth: int) -> bool:
        """Return whether `line` begins an item: at the margin, or anywhere below a number of the publication."""
        found = ITEM.fullmatch(line.text)
        may_be_indented = self.published_numbers and depth == 0
        return bool(found and (may_be_indented or not found[1]) and not self._number(line, depth))

    def _blocks(self, group: list[Line], depth: int) -> Iterator[Block]:
        """Return the block that a group begins with; what stands under it without an empty line is refused."""
        if group[0].text.startswith(">"):
            yield from self._quote(group, depth)
            return
        if is_list := self._is_item(group[0], depth):
            yield from self._list([line for line in group if ITEM.fullmatch(line.text)], depth, self.numbering.parent)
        else:
            yield from self._paragraph(group[0], depth)
        for line in group[1:]:
            with self.problems.collected():
                if not is_list or not ITEM.fullmatch(line.text):
                    refuse_line(line)
                    raise line.error("stands directly under a line of text", UNDER_TEXT)

    def _paragraph(self, line: Line, depth: int) -> Iterator[Paragraph | ItemList]:
        found = self._number(line, depth)
        content: Inline = ()
        text, own = line._replace(text=found[2]) if found else line, None
        with self.problems.collected():
            refuse_line(text)
            text, own = split_own_id(text)
            content = self.words(text)
        stem = "p" if found or not self.published_numbers else "u"
        with self.problems.collected():
            self.numbering.parent = self.numbering.anchor(line, own, stem, int(found[1]) if found else None)
            yield from self.withdrawn(self.numbering.withdrawn_before(self.numbering.parent))
        opens_turn = self.voices.opens_turn(line, content)
        yield Paragraph(self.numbering.parent, content, self.voices.current, opens_turn)

    def withdrawn_next(self) -> Iterator[Paragraph | ItemList]:
        """Return the blocks of what was withdrawn behind the last paragraph: its items, and those that followed it."""
        yield from self.withdrawn(self.numbering.withdrawn_before(None, f"{self.numbering.parent}-"))
        yield from self.withdrawn(self.numbering.withdrawn_next("p"))

    def withdrawn(self, anchors: Iterator[str]) -> Iterator[Paragraph | ItemList]:
        """Return the blocks that keep the place of withdrawn paragraphs and items."""
        for anchor in anchors:
            if "-" in anchor:
                yield ItemList((ListItem(anchor, (), withdrawn=True),), ordered=False)
            else:
                yield Paragraph(anchor, (), withdrawn=True)

    def _quote(self, group: list[Line], depth: int) -> Iterator[Block]:
        for line in group:
            if depth == DEEPEST:
                raise line.error("is nested too deep", f"use {DEEPEST} levels at most")
            if not line.text.startswith(">"):
                raise line.error("continues a block quote", "begin it with >, or leave an empty line above it")
        inside = [Line(line.number, line.text[1:].removeprefix(" ")) for line in group]
        speaking = self.voices.current
        blocks = self.read(inside, depth + 1)
        self.voices.current = speaking  # a turn inside a quote ends with it
        if not any(line.text for line in inside):
            raise group[0].error("is a block quote without text", r"write its text, or \> for the character itself")
        yield BlockQuote(blocks)

    def _list(self, lines: list[Line], depth: int, parent: str) -> Iterator[ItemList]:
        if depth == DEEPEST:
            raise lines[0].error("is nested too deep", f"use {DEEPEST} levels at most")
        groups = list(_item_groups(lines))
        ordered = _marker(lines[0])[1][0].isdigit()
        items: list[ListItem] = []
        for number, group in enumerate(groups, 1):
            with self.problems.collected():
                self._check_marker(group[0], lines[0], f"{number}." if ordered else None)
            with self.problems.collected():
                items += self._item(group, depth, parent)
        items += (ListItem(gone, (), withdrawn=True) for gone in self.numbering.withdrawn_next(f"{parent}-"))
        yield ItemList(tuple(items), ordered)

    def _item(self, group: list[Line], depth: int, parent: str) -> Iterator[ListItem]:
        line, own = split_own_id(group[0]._replace(text=ITEM.sub(r"\3", group[0].text)))
        content: Inline = ()
        with self.problems.collected():
            content = self.words(line)
            if self.voices.turn.match(plain_text(content)):
                raise line.error("opens a turn inside a list", "write it as a paragraph, at the margin")
        anchor = self.numbering.anchor(group[0], own, f"{parent}-")
        for gone in self.numbering.withdrawn_before(anchor, f"{parent}-"):
            yield ListItem(gone, (), withdrawn=True)
        indent = len(_marker(group[0])[0])
        if group[1:] and len(_marker(group[1])[0]) > indent + 4:
            raise group[1].error("is indented too far below its item", f"begin it with {indent + 4} spaces at most")
        nested = next(self._list(group[1:], depth + 1, anchor)) if group[1:] else None
        yield ListItem(anchor, content, self.voices.current, nested)

    def _check_marker(self, line: Line, first: Line, number: str | None) -> None:
        (indent, marker), (first_indent, first_marker) = _marker(line), _marker(first)
        if indent != first_indent:
            raise line.error("is indented unlike the items above it", f"begin it with {len(first_indent)} spaces")
        if number and marker != number:
            wrong = "has a number that Markdown would change: lists count from 1., and headings and text end them"
            advice = "" if self.published_numbers else NUMBERS
            raise line.error(wrong, advice + r"put \ before the full stop")
        if not number and marker != first_marker:
            raise line.error(f"is in a list of items with {first_marker}", f"begin it with {first_marker}")


def _marker(line: Line) -> tuple[str, str]:
    found = ITEM.fullmatch(line.text)
    return (found[1], found[2]) if found else ("", "")


def _item_groups(lines: list[Line]) -> Iterator[list[Line]]:
    """Return each item of the list that `lines` hold: its first line and all below it, nested items too."""
    indent = len(_marker(lines[0])[0])
    group: list[Line] = []
    for line in lines:
        if group and len(_marker(line)[0]) <= indent:
            yield group
            group = []
        group.append(line)
    yield group
