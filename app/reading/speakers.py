"""The voices of the speakers, found by the speakers' names in labels."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from app.latin import fold_latin
from app.publication import Speaker
from app.reading.errors import ErrorCollector
from app.reading.front_matter import FrontMatter
from app.reading.normal_form import normalise, normalise_characters
from app.reading.scripts import is_han_or_kana, is_hangul

VOICE_FIX = (
    "Write it as voice = … in the speaker's table; "
    "if none does, add the label that does"
)
# Titles before a name, in lower case and without accents.
TITLES_RE = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|sir|dame|lord|lady|dr|prof|professor|m|mme|mlle|monsieur|"
    r"madame|herr|frau|sr|sra|senor|senora|don|dona|sig|signor|signora|pan|pani|"
    r"господин|госпожа)\b ?)+"
)


def resolve_speakers(
    front_matter: FrontMatter, errors: ErrorCollector
) -> tuple[Speaker, ...]:
    """Return the speakers, each with its voice.

    Add an error for each speaker whose voice is not declared or not certain. It is not
    certain if another speaker would have the same voice.
    """
    speakers = front_matter.publication.speakers
    declared = front_matter.publication.voices or ()
    voices = [_find_voice(speaker, declared) for speaker in speakers]
    resolved = []
    for speaker, voice in zip(speakers, voices, strict=True):
        line = front_matter.lines["speaker"]
        is_certain = voice is not None and voices.count(voice) == 1
        if speaker.voice and speaker.voice not in declared:
            problem = f"has a voice that is not declared: {speaker.voice}"
            errors.add(line.error(problem, _declare_fix(speaker.voice, declared)))
        elif declared and speaker.full_name and not speaker.voice and not is_certain:
            problem = f"has no unambiguous voice in {voices_setting(declared)}"
            errors.add(line.error(problem, voices_question([speaker])))
        resolved.append(replace(speaker, voice=voice))
    return tuple(resolved)


def introduces(label: str, speaker: Speaker) -> bool:
    """Return whether a label certainly introduces the speaker.

    The label is a name, alone or after a title, the beginning of the given name, or
    words of the role that include its head noun. It may also be a name and the whole
    role. Any other word before the family name may be the given name of another person.
    """
    words = _fold(_words(label))
    role = comparison_key(speaker.role or "")
    given = comparison_key(speaker.given or "")
    for name in _whole_names(speaker):
        key = comparison_key(name)
        if "".join(words) in (key, role + key, key + role):
            return True
        before = words[: -len(_words(name))]
        if "".join(words) != "".join(before) + key:
            continue
        is_title = TITLES_RE.fullmatch(" ".join(before)) is not None
        if is_title or given.startswith("".join(before)):
            return True
        if _are_part_of_role(before, speaker.role or ""):
            return True
    return False


def introduces_any(label: str, speakers: Iterable[Speaker]) -> bool:
    """Return whether a label certainly introduces one of the speakers."""
    return any(introduces(label, speaker) for speaker in speakers)


def contains_name(label: str, speakers: Iterable[Speaker]) -> bool:
    """Return whether a label contains the name or the role of a speaker.

    It contains a whole name, the last word of one, the first word of a name that is
    not split into `given` and `family`, or the whole role; or it is itself a part of
    the role. A single word in lower case does not count ("for example"), unless it is
    the role, or the name is in lower case, too.
    """
    words = _words(label)
    for speaker in speakers:
        role = speaker.role or ""
        if _are_part_of_role(_fold(words), role):
            return True
        for name in [*_names(speaker), role.lower()]:
            if _has_words(words, name) or _has_unspaced(label, name):
                return True
    return False


@lru_cache
def comparison_key(text: str) -> str:
    """Return the key that ignores the case, accents, spaces and marks of a text."""
    return "".join(_fold(_words(text)))


def voices_question(speakers: Iterable[Speaker]) -> str:
    """Return a fix that asks which label introduces each speaker."""
    questions = []
    for speaker in speakers:
        questions.append(f"Which of these introduces {speaker.full_name}?")
    return " ".join([*questions, VOICE_FIX])


def voices_setting(voices: Iterable[str]) -> str:
    """Return the line of the front matter that declares `voices`."""
    names = [json.dumps(voice, ensure_ascii=False) for voice in voices]
    return f"voices = [{', '.join(names)}]"


def _find_voice(speaker: Speaker, declared: Iterable[str]) -> str | None:
    """Return the voice of a speaker, or None if it is not certain.

    This is the speaker's own key `voice`, or the only declared voice that introduces
    the speaker.
    """
    if speaker.voice:
        return speaker.voice
    found = [voice for voice in declared if introduces(voice, speaker)]
    if len(found) == 1:
        return found[0]
    return None


def _declare_fix(voice: str, declared: Sequence[str]) -> str:
    """Return the fix for the voice of a speaker that is not in `declared`."""
    for name in declared:
        if normalise(name) == normalise(voice):
            return f"write it as declared, {name}"
    return f"write {voices_setting([*declared, voice])}"


def _whole_names(speaker: Speaker) -> list[str]:
    """Return the name of the speaker, or the forms of one with `given`."""
    name = speaker.family or speaker.name or ""
    if not speaker.given:
        return [name]
    return [speaker.full_name, name, speaker.inverted_name]


def _names(speaker: Speaker) -> list[str]:
    """Return the whole and short names that labels have for the speaker."""
    names = _whole_names(speaker)
    words = (speaker.family or speaker.name or "").split()
    short_names = words[-1:]
    if not speaker.given:
        short_names += words[:1]
    for name in short_names:
        if len(name) > 1:
            names.append(name)
    return names


def _words(text: str) -> list[str]:
    """Return the words of a text, without punctuation marks."""
    characters = []
    for character in normalise_characters(text):
        is_in_word = unicodedata.category(character)[0] in "LMN"
        characters.append(character if is_in_word else " ")
    return "".join(characters).split()


def _fold(words: Iterable[str]) -> list[str]:
    """Return `words` in lower case and without accents."""
    return [unicodedata.normalize("NFC", fold_latin(word)) for word in words]


def _has_words(words: Sequence[str], name: str) -> bool:
    """Return whether `words` contain the words of `name` in sequence.

    A single word in lower case counts only if `name` is in lower case, too.
    """
    name_words = _words(name)
    if not name_words:
        return False
    if len(name_words) == 1 and not name.islower():
        words = [word for word in words if not word.islower()]
    text = " ".join(_fold(words))
    folded_name = " ".join(_fold(name_words))
    return f" {folded_name} " in f" {text} "


def _are_part_of_role(words: Sequence[str], role: str) -> bool:
    """Return whether `words` are all in the role, and include its head noun.

    They are in lower case and without accents, as _fold() returns them.
    """
    role_words = _words(role)
    if not role_words:
        return False
    head = role_words[-1]
    for word, following in pairwise(role_words):
        if following.islower():
            head = word  # such as "Minister" in "Minister of Finance"
            break
    has_head = _fold([head])[0] in words
    return has_head and set(words) <= set(_fold(role_words))


def _has_unspaced(label: str, name: str) -> bool:
    """Return whether a name in Han, kana or Hangul is in a label, without spaces.

    A name of one Han character must be at its beginning.
    """
    text = comparison_key(label)
    name = comparison_key(name)
    is_han = is_han_or_kana(name[:1])
    if len(name) == 1:
        return is_han and text.startswith(name)
    return name in text and (is_han or is_hangul(name[:1]))
