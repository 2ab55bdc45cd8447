r"""Voices: which of the declared voices speaks in each paragraph and item.

A voice begins a turn with its label (see app/reading/labels.py), and speaks until
the next turn. A turn inside a block quote ends with the quote. A label that is not
declared, or not written as declared, is an error: otherwise the words after it would
be attributed to the voice before it. An escaped colon, \:, begins no turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest

from app.anchor import Anchor
from app.publication import Speaker
from app.reading.body import Body
from app.reading.declared_voices import DeclaredVoices, Opening
from app.reading.errors import ErrorCollector, Line
from app.reading.labels import LabelFinder, PartSources
from app.reading.normal_form import COLONS
from app.reading.speakers import check_speakers, names_of
from app.reading.undeclared_labels import (
    PossibleTurn,
    check_without_voices,
    find_colonless_label,
    find_label,
    name_alone_error,
    undeclared_error,
)
from app.statement import Block, BlockQuote, Item, ItemList, Paragraph, Section

IN_LIST_FIX = "write it as a paragraph, without the marker of the list"
LINE_BREAK_FIX = r"remove the \ at the end of the line above and leave an empty line"


def assign_voices(
    body: Body,
    declared: tuple[str, ...] | None,
    speakers: tuple[Speaker, ...],
    *,
    lines: Mapping[Anchor, Line],
    sources: Mapping[Anchor, str],
    key_lines: Mapping[str, Line],
    errors: ErrorCollector,
) -> Body:
    """Return the body with the voice of each paragraph and item.

    `declared` is the list of the key `voices`, or None without that key. `lines` has
    the first line of each part, `sources` its text as the file has it, and
    `key_lines` the lines of the front matter's keys.
    """
    parts = PartSources(lines, sources)
    if "speaker" in key_lines:
        check_speakers(speakers, declared or (), key_lines["speaker"], errors)
    if declared is None:
        check_without_voices(body, speakers, parts, errors)
    if not declared:
        return body
    tracker = TurnTracker(declared, speakers, parts, errors)
    assigned = tracker.assign(body)
    tracker.check_whole(key_lines["voices"])
    return assigned


class TurnTracker:
    """Follows the turns through the text, and assigns its voice to each part."""

    def __init__(
        self,
        declared: tuple[str, ...],
        speakers: tuple[Speaker, ...],
        sources: PartSources,
        errors: ErrorCollector,
    ) -> None:
        self.voices = DeclaredVoices(declared)
        self.names = names_of(speakers, declared)
        self.sources = sources
        self.errors = errors
        self.current: str | None = None
        self.found: set[str] = set()  # with a turn, or with an error
        self.undeclared: list[PossibleTurn] = []

    def assign(self, body: Body) -> Body:
        """Return the body with voices."""
        return replace(
            body,
            blocks=self._blocks(body.blocks),
            sections=self._sections(body.sections),
        )

    def check_whole(self, voices_line: Line) -> None:
        """Add the errors that only the whole text shows."""
        if self.undeclared:
            error = undeclared_error(self.undeclared, self.voices.declared)
            self.errors.add(error)
        for voice in self.voices.declared:
            if voice[-1:] in COLONS:
                problem = f"declares a voice with its colon: {voice}"
                self.errors.add(
                    voices_line.error(problem, "write it without the colon")
                )
            elif voice not in self.found:
                problem = f"declares a voice that never speaks: {voice}"
                fix = f"remove it, or begin a paragraph with {voice} and a colon"
                self.errors.add(voices_line.error(problem, fix))

    def _sections(self, sections: tuple[Section, ...]) -> tuple[Section, ...]:
        assigned = []
        for section in sections:
            blocks = self._blocks(section.blocks)
            subsections = self._sections(section.subsections)
            assigned.append(replace(section, blocks=blocks, subsections=subsections))
        return tuple(assigned)

    def _blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        assigned: list[Block] = []
        for block, following in zip_longest(blocks, blocks[1:]):
            if isinstance(block, Paragraph):
                assigned.append(self._paragraph(block, following))
            elif isinstance(block, BlockQuote):
                assigned.append(self._quote(block))
            else:
                assigned.append(self._list(block))
        return tuple(assigned)

    def _quote(self, quote: BlockQuote) -> BlockQuote:
        voice = self.current
        assigned = BlockQuote(self._blocks(quote.blocks))
        self.current = voice
        return assigned

    def _list(self, item_list: ItemList) -> ItemList:
        items = [self._item(item) for item in item_list.items]
        return replace(item_list, items=tuple(items))

    def _item(self, item: Item) -> Item:
        nested = item.nested
        if not item.withdrawn:
            self._check_item(item)
            item = replace(item, voice=self.current)
        if nested is not None:
            nested = self._list(nested)
        return replace(item, nested=nested)

    def _check_item(self, item: Item) -> None:
        finder = self.sources.finder(item)
        for number, start in enumerate(finder.line_starts):
            opening = self.voices.opening(finder, start)
            if opening is not None:
                self.found.add(opening.voice)
                line = self.sources.line(item, number)
                fix = IN_LIST_FIX + opening.no_turn_hint
                self.errors.add(line.error("begins a turn inside a list", fix))

    def _paragraph(self, paragraph: Paragraph, following: Block | None) -> Paragraph:
        if paragraph.withdrawn:
            return paragraph
        finder = self.sources.finder(paragraph)
        opening = self.voices.opening(finder, 0)
        turn_label = ""
        if opening is not None:
            self._begin_turn(opening, self.sources.line(paragraph))
            turn_label = finder.text[: opening.end]
        else:
            self._check_without_turn(paragraph, finder, following)
        self._check_line_breaks(paragraph, finder)
        return replace(paragraph, voice=self.current, turn_label=turn_label)

    def _begin_turn(self, opening: Opening, line: Line) -> None:
        """Change to the voice of `opening`."""
        self.current = opening.voice
        self.found.add(opening.voice)
        if not opening.is_as_declared:
            self.errors.add(line.error(opening.problem, opening.fix))

    def _check_without_turn(
        self, paragraph: Paragraph, finder: LabelFinder, following: Block | None
    ) -> None:
        """Check that a paragraph that begins no turn is not meant to begin one."""
        line = self.sources.line(paragraph)
        label = find_label(finder, line, following)
        if label is None and self.voices.has_colonless:
            label = find_colonless_label(finder, line)
        name = finder.name_alone(self.names)
        if name is not None and label is None and finder.find(0) is not None:
            label = PossibleTurn(line, name)  # and a list follows
        if label is not None:
            self.undeclared.append(label)
        elif name is not None and self._is_without_label(following):
            self.found.add(name)
            self.errors.add(name_alone_error(line, name))

    def _check_line_breaks(self, paragraph: Paragraph, finder: LabelFinder) -> None:
        for number, start in enumerate(finder.line_starts[1:], 1):
            opening = self.voices.opening(finder, start)
            if opening is not None:
                self.found.add(opening.voice)
                line = self.sources.line(paragraph, number)
                fix = LINE_BREAK_FIX + opening.no_turn_hint
                self.errors.add(line.error("begins a turn after a line break", fix))

    def _is_without_label(self, block: Block | None) -> bool:
        """Return whether a block is a paragraph without a label."""
        if not isinstance(block, Paragraph) or block.withdrawn:
            return False
        finder = self.sources.finder(block)
        if self.voices.opening(finder, 0) is not None:
            return False
        label = finder.find(0)
        return label is None or not label.is_short
