"""Possible labels that the front matter does not declare as voices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.publication import Speaker, join_names
from app.reading.errors import Line, LineError
from app.reading.labels import (
    MAX_LABEL_WORDS,
    MAX_NAME_LENGTH,
    NAME_SIGN_RE,
    LabelFinder,
)
from app.reading.normal_form import normalise_dashes
from app.reading.speakers import (
    contains_name,
    introduces,
    voices_question,
    voices_setting,
)
from app.statement import Block, BlockQuote, ItemList

COLON_FIX = r"write \: for each colon that begins no turn"
SIGN_FIX = r"write \ before each colon, dash, full stop or bracket that begins no turn"
EMPHASIS_FIX = "remove the emphasis of each name that begins no turn"
NAME_ALONE_FIX = (
    "join it with the next paragraph if it introduces that: “{name}: …”; "
    r"if not, end it with \ and remove the empty line after it"
)
LETTER_AND_NUMBER_RE = re.compile(r"([^\W\d_])\d+")  # as in "Q1"


@dataclass(frozen=True)
class PossibleTurn:
    """A line that might begin a turn.

    `name` is the label without its colon. `sign` is the colon; another sign, with
    which `name` then ends, as in "Q -", "[Moderator]" and "Ms Example —"; or "" at
    the end of emphasis.
    """

    line: Line
    name: str
    sign: str = ":"
    is_emphasised: bool = False

    @property
    def normal_form(self) -> str:
        """Return the form in which the label is compared."""
        return normalise_dashes(self.name)

    @property
    def counted_form(self) -> str:
        """Return the form in which the label is counted, "q" for "Q1" and "Q2"."""
        return LETTER_AND_NUMBER_RE.sub(r"\1", self.normal_form)


def find_label(
    finder: LabelFinder,
    line: Line,
    following: Block | None,
    max_words: int = MAX_LABEL_WORDS,
) -> PossibleTurn | None:
    """Return the label with a colon that a paragraph begins with, or None.

    A paragraph that introduces a list or a block quote ("We agreed on:") has none.
    """
    label = finder.first_label
    if label is None or not label.is_short(max_words):
        return None
    is_whole_text = not finder.text[label.end :].strip()
    if is_whole_text and isinstance(following, ItemList | BlockQuote):
        return None
    return PossibleTurn(line, label.name, is_emphasised=label.is_emphasised)


def find_colonless_label(finder: LabelFinder, line: Line) -> PossibleTurn | None:
    """Return a label such as "Q -" or "[Moderator]", or None."""
    name = finder.find_without_colon()
    if name is None:
        return None
    return PossibleTurn(line, name, sign=name[-1])


def find_label_with_name(
    finder: LabelFinder, line: Line, speakers: Sequence[Speaker]
) -> PossibleTurn | None:
    """Return the label without a colon that names a speaker, or None.

    This is strong text that contains the name, or a name before a dash or a full
    stop ("Ms Example –", "MS EXAMPLE.").
    """
    strong = finder.find_emphasised(strong=True)
    if (
        strong is not None
        and strong.is_short()
        and contains_name(strong.name, speakers)
    ):
        return PossibleTurn(line, strong.name, sign="")
    for label in finder.labels(0, NAME_SIGN_RE, MAX_NAME_LENGTH):
        if not label.is_short():
            break
        if label.is_escaped:
            continue
        for speaker in speakers:
            if introduces(label.name, speaker):
                name = finder.text[finder.name_start(0) : label.end]
                return PossibleTurn(line, name, label.sign)
    return None


def name_alone_error(turn: PossibleTurn) -> LineError:
    """Return the error for a paragraph that is only a name."""
    return turn.line.error("is only a name", NAME_ALONE_FIX.format(name=turn.name))


def undeclared_error(
    turns: Sequence[PossibleTurn], declared: Collection[str]
) -> LineError:
    """Return the error for labels that are missing from `declared`."""
    declaration = _declaration(turns, declared)
    fix = f"{_escape_fix(turns)}, and declare the other labels: {declaration}"
    return turns[0].line.error("begins with a label that is not in voices", fix)


def no_voices_error(
    turns: Sequence[PossibleTurn], speakers: Sequence[Speaker]
) -> LineError | None:
    """Return the error for a text that seems to have turns but no `voices`, or None.

    The fix lists every label. It omits labels without a colon unless one of them is
    suspicious.
    """
    suspicious = _suspicious(turns, speakers)
    if not suspicious:
        return None
    if all(turn.sign == ":" for turn in suspicious):
        turns = [turn for turn in turns if turn.sign == ":"]
    fix = f"{_escape_fix(turns)} (or voices = [] if none does), "
    fix += f"and declare the other labels: {_declaration(turns, ())}"
    if speakers:
        fix += f". {voices_question(speakers)}"
    problem = "begins like a turn, but the front matter declares no voices"
    return suspicious[0].line.error(problem, fix)


def _suspicious(
    turns: Sequence[PossibleTurn], speakers: Sequence[Speaker]
) -> list[PossibleTurn]:
    """Return the labels that are probably voices.

    These occur twice, contain the name of a speaker, or are emphasised in two
    paragraphs.
    """
    count = Counter(turn.counted_form for turn in turns)
    emphasised = sum(turn.is_emphasised for turn in turns)
    suspicious = []
    for turn in turns:
        is_frequent = count[turn.counted_form] > 1
        is_emphasised = turn.is_emphasised and emphasised > 1
        if is_frequent or is_emphasised or contains_name(turn.name, speakers):
            suspicious.append(turn)
    return suspicious


def _escape_fix(turns: Sequence[PossibleTurn]) -> str:
    signs = {turn.sign for turn in turns}
    fix = COLON_FIX
    if signs - {":", ""}:
        fix = SIGN_FIX
    if "" in signs:
        fix += f", {EMPHASIS_FIX}"
    return fix


def _declaration(turns: Sequence[PossibleTurn], declared: Collection[str]) -> str:
    """Return the line that declares all labels, and where each of them occurs."""
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
