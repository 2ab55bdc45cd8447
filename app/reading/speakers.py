"""The speakers' names, as labels have them, and the speakers' voices."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.publication import Speaker
from app.reading.errors import ErrorCollector, Line
from app.reading.labels import HAN_OR_KANA_RE
from app.reading.normal_form import normalise, normalise_characters

VOICE_FIX = (
    "Write it as voice = … in the speaker's table; "
    "if none does, add the label that does"
)


def resolve_speakers(
    speakers: Iterable[Speaker], declared: Sequence[str]
) -> tuple[Speaker, ...]:
    """Return the speakers, each with its voice."""
    resolved = []
    for speaker in speakers:
        resolved.append(replace(speaker, voice=find_voice(speaker, declared)))
    return tuple(resolved)


def find_voice(speaker: Speaker, declared: Iterable[str]) -> str | None:
    """Return the voice of a speaker, or None.

    This is the speaker's own key `voice`, or the only declared voice that contains
    the family name, or the name of an office, as whole words.
    """
    if speaker.voice:
        return speaker.voice
    name = normalise(speaker.family or speaker.name or "")
    found = []
    for voice in declared:
        if name and _contains_words(normalise(voice), name):
            found.append(voice)
    if len(found) == 1:
        return found[0]
    return None


def contains_name(label: str, speakers: Iterable[Speaker]) -> bool:
    """Return whether a label contains the name or the role of a speaker.

    This is a family name, or a whole role or name, as whole words. A family name in
    small letters may be another word ("for example"). Han and kana have no spaces
    between words: there, any part of the label counts, and a name of one character
    at its beginning.
    """
    text = normalise_characters(label)
    for speaker in speakers:
        if speaker.family and _contains_family(text, speaker.family):
            return True
        for name in _names(speaker):
            if _contains_words(text.casefold(), name):
                return True
            if HAN_OR_KANA_RE.match(name) and _contains_han(text, name):
                return True
    return False


def names_of(
    speakers: Iterable[Speaker], declared: Iterable[str] = ()
) -> dict[str, str]:
    """Return the names with which a line might introduce a voice, by normal form."""
    names = list(declared)
    for speaker in speakers:
        names.extend([speaker.full_name, speaker.family or "", speaker.inverted_name])
    by_normal_form: dict[str, str] = {}
    for name in names:
        if name:
            by_normal_form.setdefault(normalise(name), name)
    return by_normal_form


def ask_for_voices(speakers: Iterable[Speaker]) -> str:
    """Return the question which label introduces each speaker."""
    questions = []
    for speaker in speakers:
        questions.append(f"Which of these introduces {speaker.full_name}?")
    return " ".join([*questions, VOICE_FIX])


def voices_setting(voices: Iterable[str]) -> str:
    """Return the line of the front matter that declares `voices`."""
    names = [json.dumps(voice, ensure_ascii=False) for voice in voices]
    return f"voices = [{', '.join(names)}]"


def check_speakers(
    speakers: Iterable[Speaker],
    declared: Sequence[str],
    line: Line,
    errors: ErrorCollector,
) -> None:
    """Add an error for each speaker whose voice is not declared or not known."""
    for speaker in speakers:
        if speaker.voice and speaker.voice not in declared:
            problem = f"has a voice that is not declared: {speaker.voice}"
            errors.add(line.error(problem, _declare_fix(speaker.voice, declared)))
        elif declared and find_voice(speaker, declared) is None:
            problem = f"has no voice, or several, in {voices_setting(declared)}"
            errors.add(line.error(problem, ask_for_voices([speaker])))


def _declare_fix(voice: str, declared: Sequence[str]) -> str:
    for name in declared:
        if normalise(name) == normalise(voice):
            return f"write it as declared, {name}"
    return f"write {voices_setting([*declared, voice])}"


def _names(speaker: Speaker) -> list[str]:
    """Return the normal forms of the full name and the role of a speaker."""
    names = [speaker.full_name, speaker.role or ""]
    if speaker.family and HAN_OR_KANA_RE.match(speaker.family):
        names.append(speaker.family)
    if speaker.family and speaker.given:
        names.append(speaker.family + speaker.given)  # as in Chinese and Korean
    return [normalise(name) for name in names if name]


def _contains_family(text: str, family: str) -> bool:
    name = normalise_characters(family)
    pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        if name.islower() or not match[0].islower():
            return True
    return False


def _contains_words(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _contains_han(text: str, name: str) -> bool:
    if len(name) == 1:
        return text.startswith(name)
    return name in text
