r"""Assignment of the declared voices to the paragraphs and items.

A turn begins with the label of a voice (see app/reading/labels.py) and lasts until
the next turn. A turn inside a block quote ends with the quote. A label that is not
declared, or not written as declared, is an error: otherwise the words after it would
be attributed to the previous voice. An escaped colon, \:, begins no turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest

from app.anchor import Anchor
from app.publication import Speaker
from app.reading.body import Body
from app.reading.declared_voices import DeclaredVoices
from app.reading.errors import ErrorCollector, Line
from app.reading.labels import MAX_LABEL_WORDS, LabelFinder
from app.reading.normal_form import is_colon
from app.reading.part_sources import PartSources
from app.reading.speakers import (
    check_speakers,
    comparison_key,
    contains_name,
    names_by_key,
)
from app.reading.undeclared_labels import (
    PossibleTurn,
    find_colonless_label,
    find_label,
    find_label_with_name,
    name_alone_error,
    no_voices_error,
    undeclared_error,
)
from app.statement import Block, BlockQuote, Item, ItemList, Paragraph, Section

IN_LIST_PROBLEM = "begins a turn inside a list"
IN_LIST_FIX = "write it as a paragraph, without the marker of the list"
LINE_BREAK_PROBLEM = "begins a turn after a line break"
LINE_BREAK_FIX = r"remove the \ at the end of the line above and leave an empty line"
INSIDE_PROBLEM = "begins a turn inside a paragraph"
INSIDE_FIX = r"begin a new paragraph with it, or \: if it begins no turn"
# Of a label that begins with a declared voice: "Question from Mr Example of …".
MAX_WORDS_AFTER_VOICE = 20


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
    """Return `body` with the voice of each paragraph and item.

    `declared` is the value of the key `voices`, or None without that key. `lines` maps
    each anchor to the first line of its part, `sources` maps it to the Markdown
    source, and `key_lines` maps each key of the front matter to its line.

    Errors are added to `errors`.
    """
    if "speaker" in key_lines:
        check_speakers(speakers, declared or (), key_lines["speaker"], errors)
    if declared == ():
        return body
    parts = PartSources(lines, sources)
    tracker = TurnTracker(declared or (), speakers, parts, errors)
    assigned = tracker.assign(body)
    if declared is None:
        tracker.check_without_voices()
    else:
        tracker.check_voices(key_lines["voices"])
    return assigned


class TurnTracker:
    """Tracks the turns through the text and assigns a voice to each part.

    Without declared voices, it only collects possible turns.
    """

    def __init__(
        self,
        declared: tuple[str, ...],
        speakers: tuple[Speaker, ...],
        sources: PartSources,
        errors: ErrorCollector,
    ) -> None:
        self.voices = DeclaredVoices(declared)
        self.speakers = speakers
        self.names = names_by_key(speakers, declared)
        self.sources = sources
        self.errors = errors
        self.current: str | None = None
        self.found: set[str] = set()  # voices with a turn or a possible one
        self.turns: list[PossibleTurn] = []  # with labels that are not declared
        self.names_alone: list[PossibleTurn] = []

    def assign(self, body: Body) -> Body:
        """Return `body` with the voice of each part.

        Errors that concern one line are added at once. Those of the whole text are
        added by `check_voices` or `check_without_voices`, which are called next.
        """
        return replace(
            body,
            blocks=self._blocks(body.blocks),
            sections=self._sections(body.sections),
        )

    def check_voices(self, voices_line: Line) -> None:
        """Add the errors of a whole text with declared voices."""
        if self.turns:
            self.errors.add(undeclared_error(self.turns, self.voices.declared))
        for turn in self.names_alone:
            self.found.add(turn.name)
            self.errors.add(name_alone_error(turn))
        for voice in self.voices.declared:
            if is_colon(voice[-1:]):
                problem = f"declares a voice with its colon: {voice}"
                fix = "write it without the colon"
                self.errors.add(voices_line.error(problem, fix))
            elif voice not in self.found:
                problem = f"declares a voice that never speaks: {voice}"
                fix = f"remove it, or begin a paragraph with {voice} and a colon"
                self.errors.add(voices_line.error(problem, fix))

    def check_without_voices(self) -> None:
        """Add the errors of a whole text without declared voices that has turns."""
        if len(self.names_alone) > 1:
            for turn in self.names_alone:
                self.errors.add(name_alone_error(turn))
        error = no_voices_error(self.turns, self.speakers)
        if error is not None:
            self.errors.add(error)

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
                voice = self.current
                assigned.append(BlockQuote(self._blocks(block.blocks)))
                self.current = voice
            else:
                assigned.append(self._list(block))
        return tuple(assigned)

    def _list(self, item_list: ItemList) -> ItemList:
        items = [self._item(item) for item in item_list.items]
        return replace(item_list, items=tuple(items))

    def _item(self, item: Item) -> Item:
        nested = item.nested
        if not item.withdrawn:
            finder = self.sources.finder(item)
            for number, start in enumerate(finder.line_starts):
                line = self.sources.line(item, number)
                self._check_line(finder, start, line, IN_LIST_PROBLEM, IN_LIST_FIX)
            item = replace(item, voice=self.current)
        if nested is not None:
            nested = self._list(nested)
        return replace(item, nested=nested)

    def _paragraph(self, paragraph: Paragraph, following: Block | None) -> Paragraph:
        if paragraph.withdrawn:
            return paragraph
        finder = self.sources.finder(paragraph)
        line = self.sources.line(paragraph)
        opening = self.voices.find_opening(finder, 0)
        turn_label = ""
        if opening is None:
            self._check_without_turn(finder, line, following)
        else:
            self.current = opening.voice
            self.found.add(opening.voice)
            turn_label = finder.text[: opening.end]
            if not opening.is_as_declared:
                self.errors.add(opening.spelling_error(line))
        for number, start in enumerate(finder.line_starts[1:], 1):
            line = self.sources.line(paragraph, number)
            self._check_line(finder, start, line, LINE_BREAK_PROBLEM, LINE_BREAK_FIX)
        self._check_inside(paragraph, finder)
        return replace(paragraph, voice=self.current, turn_label=turn_label)

    def _check_inside(self, paragraph: Paragraph, finder: LabelFinder) -> None:
        """Add an error for each turn that begins after a sentence of a paragraph."""
        for match in self.voices.turns_inside(finder):
            self.found.add(match[1])
            number = finder.text.count("\n", 0, match.end())
            line = self.sources.line(paragraph, number)
            error = line.error(INSIDE_PROBLEM, INSIDE_FIX, match[0].strip())
            self.errors.add(error)

    def _check_line(
        self, finder: LabelFinder, start: int, line: Line, problem: str, fix: str
    ) -> None:
        """Add an error if a turn begins in a line in which none may begin.

        Without declared voices, only a label with the name of a speaker is a possible
        turn: in signatures and lists, other words often precede a colon
        ("Place: Vienna").
        """
        opening = self.voices.find_opening(finder, start)
        if opening is not None and opening.is_turn:
            self.found.add(opening.voice)
            self.errors.add(line.error(problem, fix + opening.no_turn_hint))
        if self.voices.declared:
            return
        label = finder.find(start)
        if label is None or not label.is_short():
            return
        if contains_name(label.name, self.speakers):
            self.turns.append(PossibleTurn(line, label.name))

    def _check_without_turn(
        self, finder: LabelFinder, line: Line, following: Block | None
    ) -> None:
        """Record a paragraph that begins no turn but may be meant to."""
        turn = self._find_undeclared(finder, line, following)
        name = self.names.get(comparison_key(finder.possible_name()))
        if turn is not None:
            self.turns.append(turn)
        elif name is not None and self.voices.declared and finder.first_label:
            # Text that is only a name and a colon, before a list or block quote.
            self.turns.append(PossibleTurn(line, name))
        elif name is not None and self._is_without_label(following):
            self.names_alone.append(PossibleTurn(line, name))

    def _find_undeclared(
        self, finder: LabelFinder, line: Line, following: Block | None
    ) -> PossibleTurn | None:
        """Return the possible turn that a paragraph begins, or None.

        A label that begins with a declared voice may have more words than others.
        """
        turn = None
        if self.voices.colonless or not self.voices.declared:
            turn = find_colonless_label(finder, line)
        max_words = MAX_LABEL_WORDS
        label = finder.first_label
        if label is not None and self.voices.begins_with_voice(label.name):
            max_words = MAX_WORDS_AFTER_VOICE
        if turn is None:
            turn = find_label(finder, line, following, max_words)
        if turn is None:
            turn = find_label_with_name(finder, line, self.speakers)
        return turn

    def _is_without_label(self, block: Block | None) -> bool:
        """Return whether a block is a paragraph without a label."""
        if not isinstance(block, Paragraph) or block.withdrawn:
            return False
        finder = self.sources.finder(block)
        if self.voices.find_opening(finder, 0) is not None:
            return False
        label = finder.first_label
        return label is None or not label.is_short()
