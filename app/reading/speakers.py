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
from app.reading.errors import ErrorCollector, Line
from app.reading.normal_form import normalise, normalise_characters
from app.reading.scripts import is_han_or_kana, is_hangul

VOICE_FIX = (
    "Write it as voice = … in the speaker's table; "
    "if none does, add the label that does"
)
# Words before a family name that are not another given name, in the form of _fold().
TITLES_RE = re.compile(
    "mr|mrs|ms|miss|mx|dr|prof|sir|dame|lord|lady|m|mme|mlle|monsieur|madame|herr|frau|"
    "sr|sra|senor|senora|don|dona|sig|signor|signora|pan|pani|господин|госпожа"
)
TITLE_WORD_RE = re.compile(r"[^\W\d_][\w.'’‐‑-]*")


def resolve_speakers(
    speakers: Iterable[Speaker], declared: Sequence[str]
) -> tuple[Speaker, ...]:
    """Return the speakers, each with its voice, or None if that is not certain."""
    resolved = []
    for speaker in speakers:
        resolved.append(replace(speaker, voice=find_voice(speaker, declared)))
    return tuple(resolved)


def find_voice(speaker: Speaker, declared: Iterable[str]) -> str | None:
    """Return the voice of a speaker, or None if it is not certain.

    This is the speaker's own key `voice`, or the only declared voice that introduces
    the speaker. It must not contain another voice, or another given name.
    """
    if speaker.voice:
        return speaker.voice
    found = [voice for voice in declared if introduces(voice, speaker)]
    if len(found) != 1 or _has_other_given_name(found[0], speaker):
        return None
    for voice in declared:
        if voice != found[0] and _has_words(_words(found[0]), voice):
            return None
    return found[0]


def introduces(label: str, speaker: Speaker) -> bool:
    """Return whether a label certainly introduces the speaker.

    The label is the name, the name and the role, or a title and the name, as in
    "Ms Example". A title must begin with a capital: in a script without capitals,
    titles cannot be distinguished from other words.
    """
    text = comparison_key(label)
    role = comparison_key(speaker.role or "")
    for name in _whole_names(speaker):
        joined = comparison_key(name)
        if text in (joined, role + joined, joined + role):
            return True
        words = normalise_characters(label).split()
        before = words[: -len(name.split())]
        if before and text == comparison_key("".join(before)) + joined:
            is_full_name = bool(speaker.given) and name == speaker.full_name
            if _is_title(before, speaker.role or "", is_full_name):
                return True
    return False


def introduces_any(label: str, speakers: Iterable[Speaker]) -> bool:
    """Return whether a label introduces one of the speakers."""
    return any(introduces(label, speaker) for speaker in speakers)


def contains_name(label: str, speakers: Iterable[Speaker]) -> bool:
    """Return whether a label contains the name or the role of a speaker.

    It contains a whole name, the last word of one, the first word of a name that is
    not split into `given` and `family`, or the whole role; or it is itself a part of
    the role. A single word in lower case does not count ("for example"), unless the
    name is in lower case, too.
    """
    words = _words(label)
    for speaker in speakers:
        role = speaker.role or ""
        if _has_words(words, role, any_case=True) or _are_part_of_role(words, role):
            return True
        for name in [*_names(speaker), role]:
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


def check_speakers(
    speakers: Sequence[Speaker],
    declared: Sequence[str],
    line: Line,
    errors: ErrorCollector,
) -> None:
    """Add an error for each speaker whose voice is not declared or not certain.

    It is not certain if another speaker would have the same voice.
    """
    voices = [find_voice(speaker, declared) for speaker in speakers]
    for speaker, voice in zip(speakers, voices, strict=True):
        is_certain = voice is not None and voices.count(voice) == 1
        if speaker.voice and speaker.voice not in declared:
            problem = f"has a voice that is not declared: {speaker.voice}"
            errors.add(line.error(problem, _declare_fix(speaker.voice, declared)))
        elif declared and not speaker.voice and not is_certain:
            problem = f"has no unambiguous voice in {voices_setting(declared)}"
            errors.add(line.error(problem, voices_question([speaker])))


def _declare_fix(voice: str, declared: Sequence[str]) -> str:
    for name in declared:
        if normalise(name) == normalise(voice):
            return f"write it as declared, {name}"
    return f"write {voices_setting([*declared, voice])}"


def _whole_names(speaker: Speaker) -> list[str]:
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


def _is_title(words: Sequence[str], role: str, is_before_full_name: bool) -> bool:
    """Return whether `words` before a name are a title: "Ms", "Foreign Minister"."""
    for word in words:
        if not TITLE_WORD_RE.fullmatch(word) or not word[0].isupper():
            return False
    if len(words) == 1 or _are_part_of_role(words, role):
        return True
    # In capitals, "QUESTION TO" cannot be distinguished from "FOREIGN MINISTER".
    has_capitals_only = any(word.isupper() for word in words)
    return is_before_full_name and not has_capitals_only


def _has_other_given_name(label: str, speaker: Speaker) -> bool:
    """Return whether the word before the family name may be another given name."""
    first, *others = _fold(_words(label))
    if not speaker.given or others != _fold(_words(speaker.family or "")):
        return False
    given = comparison_key(speaker.given)
    is_title = TITLES_RE.fullmatch(first) or first in _fold(_words(speaker.role or ""))
    return not is_title and not given.startswith(first)


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


def _has_words(words: Sequence[str], name: str, *, any_case: bool = False) -> bool:
    """Return whether `words` contain the words of `name` in sequence.

    A single word in lower case counts only with `any_case`, or if `name` is in lower
    case, too.
    """
    name_words = _fold(_words(name))
    count = len(name_words)
    any_case = any_case or count > 1 or name.islower()
    if count == 0:
        return False
    for start in range(len(words)):
        found = words[start : start + count]
        is_other_word = not any_case and found[0].islower()
        if _fold(found) == name_words and not is_other_word:
            return True
    return False


def _are_part_of_role(words: Sequence[str], role: str) -> bool:
    """Return whether all words are in the role, including its head noun."""
    head = _head_noun(role)
    folded = _fold(words)
    return head in folded and set(folded) <= set(_fold(_words(role)))


def _head_noun(role: str) -> str:
    """Return the head noun of a role: "minister" for "Minister of Finance".

    It is the word before the first word in lower case, or else the last word.
    """
    words = _words(role)
    head = words[-1] if words else ""
    for word, following in pairwise(words):
        if following.islower():
            head = word
            break
    return "".join(_fold([head]))


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
