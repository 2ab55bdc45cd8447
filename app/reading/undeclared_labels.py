"""Labels that the front matter does not declare as voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from app.publication import Speaker, join_names
from app.reading.body import Body
from app.reading.errors import ErrorCollector, Line, LineError
from app.reading.labels import LabelFinder, PartSources
from app.reading.normal_form import normalise_dashes
from app.reading.speakers import (
    ask_for_voices,
    contains_name,
    names_of,
    voices_setting,
)
from app.statement import Block, BlockQuote, ItemList, Paragraph, Part

COLON_FIX = r"write \: for each colon that begins no turn"
SIGN_FIX = r"write \ before each colon, dash or bracket that begins no turn"
NAME_ALONE_FIX = (
    "join it with the next paragraph if it introduces that: “{name}: …”; "
    r"if not, end it with \ and remove the empty line after it"
)


@dataclass(frozen=True)
class PossibleTurn:
    """A line that might begin a turn.

    It begins with a label or, without a colon, with a letter and a dash ("Q -") or
    words in brackets ("[Moderator]").
    """

    line: Line
    name: str
    has_colon: bool = True
    is_emphasised: bool = False

    @property
    def normal_form(self) -> str:
        """Return the form in which the label is compared."""
        return normalise_dashes(self.name)


def find_label(
    finder: LabelFinder, line: Line, following: Block | None
) -> PossibleTurn | None:
    """Return the label of a paragraph, or None.

    "We agreed on the following:" before a list or a block quote is no label.
    """
    label = finder.find(0)
    if label is None or not label.is_short:
        return None
    is_whole_text = not finder.text[label.end :].strip()
    if is_whole_text and isinstance(following, ItemList | BlockQuote):
        return None
    return PossibleTurn(line, label.name, is_emphasised=label.is_emphasised)


def find_colonless_label(finder: LabelFinder, line: Line) -> PossibleTurn | None:
    """Return the label without a colon of a paragraph, or None."""
    name = finder.find_without_colon()
    if name is None:
        return None
    return PossibleTurn(line, name, has_colon=False)


def name_alone_error(line: Line, name: str) -> LineError:
    """Return the error for a paragraph that is only a name."""
    return line.error("is only a name", NAME_ALONE_FIX.format(name=name))


def undeclared_error(
    turns: Sequence[PossibleTurn], declared: Collection[str]
) -> LineError:
    """Return the error for labels that are missing in `voices`."""
    declaration = _declaration(turns, declared)
    fix = f"{_escape_fix(turns)}, and declare the other labels: {declaration}"
    return turns[0].line.error("begins with a label that is not in voices", fix)


def check_without_voices(
    body: Body,
    speakers: Sequence[Speaker],
    sources: PartSources,
    errors: ErrorCollector,
) -> None:
    """Add an error if the text seems to have turns and `voices` is not written."""
    search = LabelSearch(sources, speakers)
    search.search(body.blocks)
    for section in body.sections:
        search.search(section.blocks)
        for subsection in section.subsections:
            search.search(subsection.blocks)
    if len(search.names_alone) > 1:
        for line, name in search.names_alone:
            errors.add(name_alone_error(line, name))
    suspicious = search.suspicious()
    if not suspicious:
        return
    labels = search.labels()
    fix = f"{_escape_fix(labels)} (or voices = [] if none does), "
    fix += f"and declare the other labels: {_declaration(labels, ())}"
    if speakers:
        fix += f". {ask_for_voices(speakers)}"
    problem = "begins like a turn, and the front matter does not declare voices"
    errors.add(suspicious[0].line.error(problem, fix))


class LabelSearch:
    """Searches a text without declared voices for labels."""

    def __init__(self, sources: PartSources, speakers: Sequence[Speaker]) -> None:
        self.sources = sources
        self.speakers = speakers
        self.names = names_of(speakers)
        self.turns: list[PossibleTurn] = []
        self.names_alone: list[tuple[Line, str]] = []

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
        """Return every label, those without a colon only if one is suspicious."""
        has_colonless = any(not turn.has_colon for turn in self.suspicious())
        return [turn for turn in self.turns if turn.has_colon or has_colonless]

    def _search_paragraph(self, paragraph: Paragraph, following: Block | None) -> None:
        line = self.sources.line(paragraph)
        finder = self.sources.finder(paragraph)
        colonless = find_colonless_label(finder, line)
        label = find_label(finder, line, following)
        if colonless is not None:
            self.turns.append(colonless)
        if label is not None:
            self.turns.append(label)
        name = finder.name_alone(self.names)
        if name is not None and label is None and isinstance(following, Paragraph):
            self.names_alone.append((line, name))
        self._search_names(paragraph, finder, first_line=1)

    def _search_items(self, item_list: ItemList) -> None:
        for item in item_list.items:
            self._search_names(item, self.sources.finder(item), first_line=0)
            if item.nested is not None:
                self._search_items(item.nested)

    def _search_names(self, part: Part, finder: LabelFinder, first_line: int) -> None:
        """Search lines for labels that contain the name of a speaker.

        Other lines of signatures and lists often begin with words and a colon
        ("Place: Vienna").
        """
        for number, start in enumerate(finder.line_starts[first_line:], first_line):
            label = finder.find(start)
            if label is None or not label.is_short:
                continue
            turn = PossibleTurn(self.sources.line(part, number), label.name)
            if self._contains_name(turn):
                self.turns.append(turn)

    def _contains_name(self, turn: PossibleTurn) -> bool:
        return contains_name(turn.name, self.speakers)


def _escape_fix(turns: Sequence[PossibleTurn]) -> str:
    if any(not turn.has_colon for turn in turns):
        return SIGN_FIX
    return COLON_FIX


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
