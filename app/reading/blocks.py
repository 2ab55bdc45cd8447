"""Paragraphs, lists and block quotes: one line is one block."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from markdown import Markdown

from app.anchor import Anchor
from app.reading.front_matter import Table
from app.reading.inline import DEEPEST, read_inline
from app.reading.line import Line, Problems, split_before
from app.reading.numbering import NUMBERS, Numbering, split_own_id
from app.reading.refused import LONGEST, breaks, joined, refuse_line
from app.reading.voices import Voices
from app.statement import (
    Block,
    BlockQuote,
    Inline,
    Item,
    ItemList,
    Paragraph,
    plain_text,
)

# Both with the same groups: the indentation, the marker, and the words.
NUMBER = re.compile(r"()([1-9][0-9]{0,8}\.) +(.+)", re.DOTALL)
ITEM = re.compile(r"( *)([-*]|[0-9]{1,9}\.) +(.+)", re.DOTALL)
# Python-Markdown looks for the end of each through the whole paragraph, for that of [ sign by sign: what this takes,
# times the paragraph's length, may grow so far in all.
EFFORTS = {"[": 50, "*": 1, "_": 1, "`": 1}
MOST_EFFORT = 250_000_000
TOO_DEEP = "is nested too deep", f"use {DEEPEST} levels at most"
TOO_MUCH = f"write {LONGEST:,} characters at most in a paragraph, and \\[ or \\* for a sign that stands for itself"
TURN_IN_LIST = "opens a turn inside a list", "write it as a paragraph, at the margin"
CHANGED = "has a number that Markdown would change: lists count from 1., and headings and text end them"
UNDER_QUOTE = "begin it with >, or leave an empty line above it"
UNDER_TEXT = (
    r"leave an empty line between two paragraphs, end the upper line with \ where the publication breaks it inside one,"
    " or write wrapped = true in the front matter where your lines are wrapped"
)


class Marked(NamedTuple):
    """A line, and what it begins with: the `kind` is "quote", "number" of the publication, "item", or "text"."""

    line: Line
    kind: str
    indent: int  # in spaces
    marker: str
    text: str


class BlockReader:
    """Reads the blocks of one file, and keeps what must be known of all of them."""

    def __init__(self, table: Table, problems: Problems) -> None:
        """Begin as the front matter describes the text, even where it is wrong elsewhere."""
        withdrawn = [
            one.said("paragraph", str)
            for one in table.tables("corrections")
            if one.said("withdrawn", bool)
        ]
        self.numbering = Numbering(list(filter(Anchor.parse, withdrawn)))
        self.voices = Voices(
            [str(one) for one in table.said("voices", list)]
            if "voices" in table.entries
            else None
        )
        self.published_numbers = table.said("numbers", str) == "publication"
        self.wrapped = table.said("wrapped", bool)
        self.problems, self.markdown, self.effort = problems, Markdown(), 0
        self.section_ids: dict[str, int] = {}  # and the line that each stands on
        self.links: list[tuple[Line, str]] = []  # where they stand and lead

    def read(self, lines: list[Line], depth: int = 0) -> tuple[Block, ...]:
        """Return the blocks in `lines`, in which no heading stands; what is wrong in them goes to the problems."""
        blocks: list[Block] = []
        for run in self._runs(joined(lines, self.wrapped, self.problems), depth):
            with self.problems:
                if run[0].kind == "quote":
                    blocks.append(self._quote(run, depth))
                elif run[0].kind == "item":
                    blocks.append(
                        self._list(run, depth, self.numbering.parent, run[0].indent)
                    )
                else:
                    blocks += self._paragraph(run[0])
        return tuple(blocks)

    def words(self, line: Line, is_heading: bool = False) -> Inline:
        """Return what `line` says. Raises LineError for what Markdown would change."""
        text = line.text
        signs = sum(
            each * (text.count(sign) - text.count(f"\\{sign}"))
            for sign, each in EFFORTS.items()
        )
        self.effort += signs * len(text)
        if len(text) > LONGEST or self.effort > MOST_EFFORT:
            raise line.error(
                "is too much: too long a paragraph, or too many marks in long ones",
                TOO_MUCH,
            )
        if breaks(text):
            raise line.error(
                "ends in a backslash, which makes a line break, and no line goes on",
                "remove it",
            )
        return read_inline(self.markdown, line, is_heading, self.links)

    def withdrawn(self, anchors: Iterator[str]) -> Iterator[Paragraph | ItemList]:
        """Return the blocks that keep the place of withdrawn paragraphs and items."""
        for anchor in anchors:
            if "-" in anchor:
                yield ItemList(
                    (Item(anchor=_parse(anchor), content=(), withdrawn=True),)
                )
            else:
                yield Paragraph(anchor=_parse(anchor), content=(), withdrawn=True)

    def _runs(self, lines: list[Line], depth: int) -> Iterator[list[Marked]]:
        """Return what is one block: a paragraph, the items of a list, the lines of a quotation."""
        run: list[Marked] = []
        for above, line in pairwise([Line(0, ""), *lines]):
            if not line.text:
                continue
            part = self._marked(line, depth)
            if run and _goes_on(run[0], part, bool(above.text)):
                run.append(part)
            elif (above.text and not _may_stand_under(run, part)) or (
                part.indent and not self._has_numbers(depth)
            ):
                with self.problems:
                    refuse_line(line)  # also for what is indented, wherever it stands
                    in_quote = run and run[0].kind == "quote"
                    raise line.error(
                        "stands directly under a line of text",
                        UNDER_QUOTE if in_quote else UNDER_TEXT,
                    )
            else:
                yield from [run] if run else []
                run = [part]
        yield from [run] if run else []

    def _has_numbers(self, depth: int) -> bool:
        """Return whether paragraphs may begin with numbers of the publication; items below them may be indented."""
        return self.published_numbers and depth == 0

    def _marked(self, line: Line, depth: int) -> Marked:
        if line.text.startswith(">"):
            return Marked(line, "quote", 0, ">", line.text[1:].removeprefix(" "))
        number = NUMBER.fullmatch(line.text) if self._has_numbers(depth) else None
        if found := number or ITEM.fullmatch(line.text):
            return Marked(
                line, "number" if number else "item", len(found[1]), found[2], found[3]
            )
        return Marked(line, "text", 0, "", line.text)

    def _paragraph(self, part: Marked) -> Iterator[Paragraph | ItemList]:
        content, own = self._words_and_id(part)
        with self.problems:
            stem = "u" if self.published_numbers and part.kind == "text" else "p"
            published = int(part.marker[:-1]) if part.kind == "number" else None
            self.numbering.parent = self.numbering.anchor(
                part.line, own, stem, published
            )
            yield from self.withdrawn(
                self.numbering.withdrawn_before(self.numbering.parent)
            )
        label = self.voices.turn_label(part.line, content)
        yield Paragraph(
            anchor=_parse(self.numbering.parent),
            content=content,
            voice=self.voices.current,
            turn_label=label,
        )

    def _words_and_id(self, part: Marked) -> tuple[Inline, str | None]:
        """Return what a paragraph or item says, nothing where that is a problem, and the id that it ends in."""
        own = None
        with self.problems:
            refuse_line(Line(part.line.number, part.text))
            text, own = split_own_id(part.text)
            return self.words(Line(part.line.number, text)), own
        return (), own

    def _quote(self, run: list[Marked], depth: int) -> BlockQuote:
        if depth == DEEPEST:
            raise run[0].line.error(*TOO_DEEP)
        if not any(part.text for part in run):
            raise run[0].line.error(
                "is a block quote without text",
                r"write its text, or \> for the character itself",
            )
        speaking = self.voices.current
        blocks = self.read(
            [Line(part.line.number, part.text) for part in run], depth + 1
        )
        self.voices.current = speaking  # a turn inside a quote ends with it
        return BlockQuote(blocks)

    def _list(
        self, parts: list[Marked], depth: int, parent: str, most: int
    ) -> ItemList:
        """Return the list below `parent` whose items are indented by `most` spaces at most."""
        first, items = parts[0], list[Item]()
        if depth == DEEPEST:
            raise first.line.error(*TOO_DEEP)
        indent, is_ordered = min(first.indent, most), first.marker not in "-*"
        _, *groups = split_before(parts, lambda part: part.indent <= first.indent)
        for number, (part, *below) in enumerate(groups, 1):
            with self.problems:
                if part.indent != indent:
                    raise part.line.error(
                        "is indented unlike its list", f"begin it with {indent} spaces"
                    )
                if is_ordered and part.marker != f"{number}.":
                    advice = "" if self.published_numbers else NUMBERS
                    raise part.line.error(
                        CHANGED, advice + r"put \ before the full stop"
                    )
                if not is_ordered and part.marker != first.marker:
                    raise part.line.error(
                        f"is in a list of items with {first.marker}",
                        f"begin it with {first.marker}",
                    )
            with self.problems:
                items += self._item(part, below, depth, parent)
        return ItemList(tuple(items), is_ordered)

    def _item(
        self, part: Marked, below: list[Marked], depth: int, parent: str
    ) -> Iterator[Item]:
        content, own = self._words_and_id(part)
        if self.voices.turn.match(plain_text(content)):
            self.problems.append(part.line.error(*TURN_IN_LIST))
        anchor = self.numbering.anchor(part.line, own, f"{parent}-")
        for gone in self.numbering.withdrawn_before(anchor, f"{parent}-"):
            yield Item(anchor=_parse(gone), content=(), withdrawn=True)
        nested = (
            self._list(below, depth + 1, anchor, part.indent + 4) if below else None
        )
        yield Item(
            anchor=_parse(anchor),
            content=content,
            voice=self.voices.current,
            nested=nested,
        )


def _parse(text: str) -> Anchor:
    anchor = Anchor.parse(text)
    assert anchor is not None  # noqa: S101
    return anchor


def _may_stand_under(run: list[Marked], part: Marked) -> bool:
    """Return whether `part` needs no empty line above it: a number of the publication, or the items below one."""
    return bool(run) and {"number"} <= {run[0].kind, part.kind} <= {"number", "item"}


def _goes_on(first: Marked, part: Marked, is_under: bool) -> bool:
    """Return whether `part` belongs to the block that `first` begins; a list goes on over empty lines."""
    if first.kind != part.kind or part.kind not in ("quote", "item"):
        return False
    is_alike = (
        part.marker == first.marker
        if first.marker in "-*"
        else part.marker not in ("-", "*", "1.")
    )
    return is_under or (
        part.kind == "item" and (is_alike or part.indent > first.indent)
    )
