"""Possible labels that the front matter does not declare as voices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from app.publication import Speaker, join_names
from app.reading.declared_voices import DeclaredVoices
from app.reading.errors import LineError
from app.reading.labels import BRACKETS, CLOSING_BRACKETS, Label, LabelFinder
from app.reading.normal_form import COLONS, DASHES, is_colon
from app.reading.speakers import (
    contains_name,
    introduces_any,
    voices_question,
    voices_setting,
)

COLON_FIX = r"write \: for each colon that begins no turn"
SIGN_FIX = r"write \ before each colon, dash, full stop or bracket that begins no turn"
EMPHASIS_FIX = "remove the emphasis of each name that begins no turn"
LETTER_AND_NUMBER_RE = re.compile(r"([^\W\d_])\d+")  # as in "Q1"
# A letter and a dash with a space on at least one side ("Q -"), or words in brackets
# and others after them ("[Moderator] Yes").
COLONLESS_RE = re.compile(
    rf"[^\W\d_]\.?\s*[{DASHES}]+(?:(?<=\s.)|(?=\s|$))"
    rf"|[{BRACKETS}][^\W\d][^{CLOSING_BRACKETS}]+[{CLOSING_BRACKETS}](?=\s*\S)"
)


def find_label(finder: LabelFinder, voices: DeclaredVoices) -> Label | None:
    """Return the label with which a line begins, or None.

    It ends at the first colon that is not inside a word. Without a colon, it is as in
    COLONLESS_RE or has the signs of a voice; but if every declared voice needs a colon,
    so does the label. It may have more words than others if it begins with a voice.
    """
    colonless = COLONLESS_RE.match(finder.searched, finder.start)
    for label in finder.labels():
        if not label.is_short and not voices.begins_with_voice(label.name):
            break
        if is_colon(label.sign):
            is_found = not label.is_inside_word
        elif colonless is not None and colonless.end() == label.end:
            is_found = not voices.need_colon
        else:
            is_found = voices.has_signs_of_voice(label)
        if is_found:
            return label
    return None


def find_name(finder: LabelFinder, speakers: Sequence[Speaker]) -> Label | None:
    """Return the name of a speaker with which a line begins, or None.

    It is in strong text, or precedes a dash or a full stop ("Ms Example –").
    """
    for label in finder.labels():
        if not label.is_short:
            break
        if label.sign == "":
            is_found = finder.is_strong and contains_name(label.name, speakers)
        else:
            is_name_sign = label.sign[0] in f"{DASHES}."
            is_found = is_name_sign and introduces_any(label.name, speakers)
        if is_found:
            return label
    return None


def undeclared_error(
    labels: Sequence[Label], declared: Collection[str]
) -> LineError | None:
    """Return the error for labels that are missing from `declared`, or None."""
    if not labels:
        return None
    fix = f"{_escape_fix(labels)}, and declare the other labels: "
    fix += _declaration(labels, declared)
    return labels[0].line.error("begins with a label that is not in voices", fix)


def no_voices_error(
    labels: Sequence[Label], speakers: Sequence[Speaker]
) -> LineError | None:
    """Return the error for a text that seems to have turns but no `voices`, or None.

    The fix lists every label. It omits labels without a colon unless one of them is
    suspicious. It asks for the voices of the speakers unless they are invalid.
    """
    suspicious = _suspicious(labels, speakers)
    if not suspicious:
        return None
    if all(is_colon(label.sign) for label in suspicious):
        labels = [label for label in labels if is_colon(label.sign)]
    fix = f"{_escape_fix(labels)} (or voices = [] if none does), "
    fix += f"and declare the other labels: {_declaration(labels, ())}"
    named = [speaker for speaker in speakers if speaker.full_name]
    if named:
        fix += f". {voices_question(named)}"
    problem = "begins like a turn, but the front matter declares no voices"
    return suspicious[0].line.error(problem, fix)


def _suspicious(labels: Sequence[Label], speakers: Sequence[Speaker]) -> list[Label]:
    """Return the labels that are probably voices.

    These occur twice, contain the name of a speaker, or are emphasised in two
    paragraphs.
    """
    count = Counter(_counted_form(label) for label in labels)
    emphasised = sum(label.is_emphasised for label in labels)
    suspicious = []
    for label in labels:
        is_frequent = count[_counted_form(label)] > 1
        is_emphasised = label.is_emphasised and emphasised > 1
        if is_frequent or is_emphasised or contains_name(label.name, speakers):
            suspicious.append(label)
    return suspicious


def _counted_form(label: Label) -> str:
    """Return the form in which a label is counted: "q" for "Q1" and "Q2"."""
    return LETTER_AND_NUMBER_RE.sub(r"\1", label.normal_form)


def _escape_fix(labels: Sequence[Label]) -> str:
    """Return the fix for labels that begin no turn, depending on their signs."""
    signs = {label.sign for label in labels}
    fix = COLON_FIX
    if signs - {"", *COLONS}:
        fix = SIGN_FIX
    if "" in signs:
        fix += f", {EMPHASIS_FIX}"
    return fix


def _declaration(labels: Sequence[Label], declared: Collection[str]) -> str:
    """Return the line that declares all labels, and the lines in which each occurs."""
    groups: dict[str, list[Label]] = {}
    for label in labels:
        groups.setdefault(label.normal_form, []).append(label)
    voices = list(declared)
    places = []
    for group in groups.values():
        name = group[0].as_declared
        voices.append(name)
        noun = "line" if len(group) == 1 else "lines"
        numbers = join_names([str(label.line.number) for label in group])
        places.append(f"“{name}” in {noun} {numbers}")
    return f"{voices_setting(voices)} ({', '.join(places)})"
