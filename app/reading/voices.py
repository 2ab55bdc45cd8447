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
from app.reading.block_text import BlockText
from app.reading.body import Body
from app.reading.declared_voices import DeclaredVoices
from app.reading.errors import ErrorCollector, Line
from app.reading.front_matter import FrontMatter
from app.reading.labels import (
    MAX_LABEL_LENGTH,
    MAX_WORDS,
    Label,
    LabelFinder,
    is_too_long,
)
from app.reading.normal_form import is_colon
from app.reading.speakers import (
    comparison_key,
    contains_name,
    introduces_any,
)
from app.reading.undeclared_labels import (
    find_label,
    find_name,
    no_voices_error,
    undeclared_error,
)
from app.statement import Block, BlockQuote, Item, ItemList, Paragraph, Part, Section

IN_LIST_PROBLEM = "begins a turn inside a list"
IN_LIST_FIX = "write it as a paragraph, without the marker of the list"
LINE_BREAK_PROBLEM = "begins a turn after a line break"
LINE_BREAK_FIX = r"remove the \ at the end of the line above and leave an empty line"
INSIDE_PROBLEM = "begins a turn inside a paragraph"
INSIDE_FIX = r"begin a new paragraph with it, or \: if it begins no turn"
NO_TURN_FIX = (
    "begin a paragraph with {voice} and a colon, or remove it, also as the voice of a"
    " speaker"
)
TOO_LONG_FIX = (
    f"remove it, also as the voice of a speaker; a label has up to {MAX_WORDS} words"
    f" and fewer than {MAX_LABEL_LENGTH} characters"
)
NAME_ALONE_PROBLEM = "is only a name"
NAME_ALONE_FIX = (
    "if it introduces the words after it, join them: “{name}: …”, or “{name}:” before "
    r"a list or block quote; if not, end it with \ and remove the empty line after it"
)


def assign_voices(
    body: Body,
    front_matter: FrontMatter,
    sources: Mapping[Anchor, BlockText],
    errors: ErrorCollector,
) -> Body:
    """Return `body` with the voice of each paragraph and item.

    `sources` maps the anchor of each of them to its text in the file. Add all problems
    to `errors`.
    """
    if front_matter.publication.voices == ():
        return body  # it is declared to have no turns
    tracker = TurnTracker(front_matter, sources, errors)
    blocks = tracker.assign_blocks(body.blocks)
    sections = tracker.assign_sections(body.sections)
    tracker.check_text(front_matter)
    return replace(body, blocks=blocks, sections=sections)


class TurnTracker:
    """Tracks the turns through the text and assigns a voice to each part.

    Errors that concern one line are added at once, those of the whole text by
    `check_text`.
    """

    def __init__(
        self,
        front_matter: FrontMatter,
        sources: Mapping[Anchor, BlockText],
        errors: ErrorCollector,
    ) -> None:
        self.voices = DeclaredVoices(front_matter.publication.voices or ())
        self.speakers = front_matter.publication.speakers
        self.sources = sources
        self.errors = errors
        self.current: str | None = None  # the voice that speaks
        self.found: set[str] = set()  # the voices with a turn
        self.undeclared: list[Label] = []
        # Paragraphs that are only a name, each as its line and the name.
        self.names_alone: list[tuple[Line, str]] = []
        # The paragraph before the current part, if it is only a name.
        self.name_before: tuple[Line, str] | None = None

    def assign_sections(self, sections: tuple[Section, ...]) -> tuple[Section, ...]:
        """Return `sections` with the voice of each part."""
        assigned = []
        for section in sections:
            self.name_before = None
            blocks = self.assign_blocks(section.blocks)
            subsections = self.assign_sections(section.subsections)
            assigned.append(replace(section, blocks=blocks, subsections=subsections))
        return tuple(assigned)

    def assign_blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return `blocks` with the voice of each part."""
        assigned: list[Block] = []
        for block, following in zip_longest(blocks, blocks[1:]):
            if isinstance(block, Paragraph):
                assigned.append(self._assign_paragraph(block, following))
            elif isinstance(block, BlockQuote):
                voice = self.current
                assigned.append(BlockQuote(self.assign_blocks(block.blocks)))
                self.current = voice
            else:
                assigned.append(self._assign_list(block))
        return tuple(assigned)

    def check_text(self, front_matter: FrontMatter) -> None:
        """Add the errors of the whole text.

        Without declared voices, a single name may be a signature.
        """
        declared = self.voices.declared
        if declared or len(self.names_alone) > 1:
            for line, name in self.names_alone:
                fix = NAME_ALONE_FIX.format(name=name)
                self.errors.add(line.error(NAME_ALONE_PROBLEM, fix))
        if declared:
            error = undeclared_error(self.undeclared, declared)
        else:
            error = no_voices_error(self.undeclared, self.speakers)
        if error is not None:
            self.errors.add(error)
        # A voice without a turn may be the result of another error.
        is_complete = not self.errors.has_errors
        for voice in declared:
            line = front_matter.lines["voices"]
            if is_colon(voice[-1:]):
                problem = f"declares a voice with its colon: {voice}"
                self.errors.add(line.error(problem, "write it without the colon"))
            elif is_too_long(voice):
                problem = f"declares a voice that is too long for a label: {voice}"
                self.errors.add(line.error(problem, TOO_LONG_FIX))
            elif is_complete and voice not in self.found:
                problem = f"declares a voice that never speaks: {voice}"
                fix = NO_TURN_FIX.format(voice=voice)
                self.errors.add(line.error(problem, fix))

    def _assign_list(self, item_list: ItemList) -> ItemList:
        items = [self._assign_item(item) for item in item_list.items]
        return replace(item_list, items=tuple(items))

    def _assign_item(self, item: Item) -> Item:
        if self.name_before and self.voices.declared:
            self.names_alone.append(self.name_before)
        self.name_before = None
        if item.content:
            for finder in self._line_finders(item):
                self._check_line(finder, IN_LIST_PROBLEM, IN_LIST_FIX)
            item = replace(item, voice=self.current)
        nested = item.nested
        if nested is not None:
            nested = self._assign_list(nested)
        return replace(item, nested=nested)

    def _assign_paragraph(
        self, paragraph: Paragraph, following: Block | None
    ) -> Paragraph:
        name_before = self.name_before
        self.name_before = None
        if not paragraph.content:
            return paragraph
        first, *others = self._line_finders(paragraph)
        opening = self.voices.find_opening(first)
        turn_label = ""
        if opening is not None:
            self.current = opening.voice
            self.found.add(opening.voice)
            turn_label = first.text[: opening.label.end]
            if not opening.is_as_declared:
                self.errors.add(opening.spelling_error())
        elif not self._find_undeclared(first, paragraph, following):
            if name_before is not None:
                self.names_alone.append(name_before)
            if not others:
                self.name_before = self._find_name_alone(first)
        for finder in others:
            self._check_line(finder, LINE_BREAK_PROBLEM, LINE_BREAK_FIX)
        for finder in [first, *others]:
            self._check_inside(finder)
        return replace(paragraph, voice=self.current, turn_label=turn_label)

    def _line_finders(self, part: Part) -> list[LabelFinder]:
        """Return a label finder for each line of a part."""
        block = self.sources[part.anchor]
        finders = []
        content = part.content
        texts = part.text.split("\n")
        sources = block.source.split("\n")
        for line, text, source in zip(block.lines, texts, sources, strict=False):
            finders.append(LabelFinder(line, text, source, content))
            content = ()
        return finders

    def _check_inside(self, finder: LabelFinder) -> None:
        """Add an error for each turn that begins after a sentence of a paragraph."""
        for match in self.voices.turns_inside(finder):
            excerpt = match[0].strip()
            self.errors.add(finder.line.error(INSIDE_PROBLEM, INSIDE_FIX, excerpt))

    def _check_line(self, finder: LabelFinder, problem: str, fix: str) -> None:
        """Add an error if a turn begins in a line in which none may begin.

        A label that is not declared is a possible turn only with the name of a speaker:
        in signatures and lists, other words often precede a colon ("Place: Vienna").
        """
        opening = self.voices.find_opening(finder)
        if opening is None:
            label = find_label(finder, self.voices)
            if label is not None and contains_name(label.name, self.speakers):
                self.undeclared.append(label)
        elif opening.is_turn:
            self.errors.add(finder.line.error(problem, fix + opening.no_turn_hint))

    def _find_undeclared(
        self, finder: LabelFinder, paragraph: Paragraph, following: Block | None
    ) -> Label | None:
        """Return the undeclared label of a paragraph, or None.

        Record it as undeclared unless it introduces a list or block quote.
        """
        label = find_label(finder, self.voices)
        if label is None:
            label = find_name(finder, self.speakers)
        if label is not None and not self._is_introduction(label, paragraph, following):
            self.undeclared.append(label)
        return label

    def _is_introduction(
        self, label: Label, paragraph: Paragraph, following: Block | None
    ) -> bool:
        """Return whether a label introduces a list or block quote: "We agreed on:".

        With declared voices, the name of a speaker begins a turn.
        """
        if self.voices.declared and introduces_any(label.name, self.speakers):
            return False
        is_whole_text = not paragraph.text[label.end :].strip()
        is_before_list = isinstance(following, ItemList | BlockQuote)
        return is_colon(label.sign) and is_whole_text and is_before_list

    def _find_name_alone(self, finder: LabelFinder) -> tuple[Line, str] | None:
        """Return the line and its name if it is only the name of a voice or speaker."""
        text = finder.possible_name()
        key = comparison_key(text)
        if not key:
            return None
        for voice in self.voices.declared:
            if key == comparison_key(voice):
                return finder.line, voice
        if introduces_any(text, self.speakers):
            return finder.line, text
        return None
