"""Labels that the front matter does not declare as voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from app.anchor import Anchor
from app.publication import Speaker, join_names
from app.reading.body import Body
from app.reading.errors import ErrorCollector, Line, LineError
from app.reading.labels import (
    LETTER_AND_DASH_RE,
    Label,
    LabelFinder,
    normalise_dashes,
    voices_setting,
)
from app.reading.speakers import ask_for_voices, contains_name, find_voice, names_of
from app.statement import Block, BlockQuote, ItemList, Paragraph

ESCAPE_FIX = r"write \: for each colon that begins no turn"


@dataclass(frozen=True)
class PossibleTurn:
    """A line that might begin a turn.

    It begins with a label or, without a colon, with a letter and a dash ("Q -"), or
    is only a speaker's name.
    """

    line: Line
    name: str
    is_emphasised: bool = False
    has_colon: bool = True

    @property
    def normal_form(self) -> str:
        """Return the form in which the label is compared."""
        return normalise_dashes(self.name)


def introduces_list(label: Label, text: str, following: Block | None) -> bool:
    """Return whether a paragraph is only a label and the next block is its list.

    A block quote counts as well: "We agreed on the following:" begins no turn.
    """
    if text[label.end :].strip():
        return False
    return isinstance(following, ItemList | BlockQuote)


def undeclared_error(
    turns: Sequence[PossibleTurn],
    declared: Collection[str],
    speakers: Sequence[Speaker],
) -> LineError:
    """Return the error for labels that are missing in `voices`."""
    fix = f"{ESCAPE_FIX}, and declare the other labels: "
    fix += _declaration(turns, declared)
    if any(find_voice(speaker, declared) is None for speaker in speakers):
        fix += f". {ask_for_voices(speakers)}"
    return turns[0].line.error("begins with a label that is not in voices", fix)


def check_without_voices(
    body: Body,
    speakers: Sequence[Speaker],
    lines: Mapping[Anchor, Line],
    sources: Mapping[Anchor, str],
    errors: ErrorCollector,
) -> None:
    """Add an error if the text seems to have turns and `voices` is not written."""
    search = LabelSearch(lines, sources, speakers)
    search.search(body.blocks)
    for section in body.sections:
        search.search(section.blocks)
        for subsection in section.subsections:
            search.search(subsection.blocks)
    suspicious = search.suspicious()
    if not suspicious:
        return
    fix = f"{ESCAPE_FIX} (or voices = [] if none does), and declare the other labels: "
    fix += _declaration(search.labels(), ())
    if speakers:
        fix += f". {ask_for_voices(speakers)}"
    problem = "begins like a turn, and the front matter does not declare voices"
    errors.add(suspicious[0].line.error(problem, fix))


class LabelSearch:
    """Searches a text without declared voices for labels."""

    def __init__(
        self,
        lines: Mapping[Anchor, Line],
        sources: Mapping[Anchor, str],
        speakers: Sequence[Speaker],
    ) -> None:
        self.lines = lines
        self.sources = sources
        self.speakers = speakers
        self.names = names_of(speakers)
        self.turns: list[PossibleTurn] = []

    def search(self, blocks: tuple[Block, ...]) -> None:
        """Search blocks that follow each other."""
        for block, following in zip_longest(blocks, blocks[1:]):
            if isinstance(block, Paragraph):
                self._search_paragraph(block, following)
            elif isinstance(block, BlockQuote):
                self.search(block.blocks)
            else:
                self._search_items(block)

    def suspicious(self) -> list[PossibleTurn]:
        """Return the labels that are probably voices.

        These occur twice, contain the name of a speaker, or are emphasised in two
        paragraphs.
        """
        count = Counter(turn.normal_form for turn in self.turns)
        emphasised = sum(turn.is_emphasised for turn in self.turns)
        suspicious = []
        for turn in self.turns:
            is_frequent = count[turn.normal_form] > 1
            is_emphasised = turn.is_emphasised and emphasised > 1
            if is_frequent or is_emphasised or self._contains_name(turn):
                suspicious.append(turn)
        return suspicious

    def labels(self) -> list[PossibleTurn]:
        """Return every label, and the other beginnings if they occur twice."""
        count = Counter(turn.normal_form for turn in self.turns)
        labels = []
        for turn in self.turns:
            if turn.has_colon or count[turn.normal_form] > 1:
                labels.append(turn)
        return labels

    def _search_paragraph(self, paragraph: Paragraph, following: Block | None) -> None:
        line = self.lines[paragraph.anchor]
        finder = LabelFinder(paragraph, self.sources[paragraph.anchor])
        dash = LETTER_AND_DASH_RE.match(finder.text, finder.name_start(0))
        if dash is not None:
            self.turns.append(PossibleTurn(line, dash[0], has_colon=False))
            return
        if isinstance(following, Paragraph) and finder.name_alone(self.names):
            self.turns.append(PossibleTurn(line, finder.text, has_colon=False))
            return
        label = finder.find(0)
        if label is None or not label.is_short:
            return
        if not introduces_list(label, finder.text, following):
            self.turns.append(PossibleTurn(line, label.name, label.is_emphasised))

    def _search_items(self, item_list: ItemList) -> None:
        """Search items for labels that contain the name of a speaker.

        Other items often begin with words and a colon ("Place: Vienna").
        """
        for item in item_list.items:
            finder = LabelFinder(item, self.sources[item.anchor])
            label = finder.find(0)
            if label is not None and label.is_short:
                turn = PossibleTurn(self.lines[item.anchor], label.name)
                if self._contains_name(turn):
                    self.turns.append(turn)
            if item.nested is not None:
                self._search_items(item.nested)

    def _contains_name(self, turn: PossibleTurn) -> bool:
        return turn.has_colon and contains_name(turn.name, self.speakers)


def _declaration(turns: Sequence[PossibleTurn], declared: Collection[str]) -> str:
    """Return the line with `voices`, and in parentheses the lines of each label."""
    names: dict[str, str] = {}
    numbers: dict[str, list[str]] = {}
    for turn in turns:
        names.setdefault(turn.normal_form, turn.name)
        numbers.setdefault(turn.normal_form, []).append(str(turn.line.number))
    places = []
    for normal_form, name in names.items():
        noun = "lines" if numbers[normal_form][1:] else "line"
        places.append(f"“{name}” in {noun} {join_names(numbers[normal_form])}")
    return f"{voices_setting([*declared, *names.values()])} ({', '.join(places)})"
