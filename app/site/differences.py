"""Differences between the words of a part in two editions, and their corrections."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

HAN_OR_KANA = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD_RE = re.compile(rf"[{HAN_OR_KANA}]|[^ {HAN_OR_KANA}]+")

# Cyrillic and Greek letters and signs, and the characters that they look like.
LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο−’ʼ′",
    "ABEKMHOPCTYXaeopcyxijsABEZHIKMNOPTYXo-'''",
)


@dataclass(frozen=True)
class Change:
    """Words of a part that were replaced, and the words in their place."""

    was: str
    now: str


def is_explained(before: str, after: str, corrections: list[str]) -> bool:
    """Return whether `corrections` explain all changes from `before` to `after`.

    Each correction is the words before a change. If they occur exactly once in
    `before`, they are cut out. The remaining pieces must occur in `after` in the same
    order, the first at its start and the last at its end. Where a cut leaves two
    spaces, `after` may have one.

    Return False if nothing can be cut out, even if both texts are the same.
    """
    pieces = _uncorrected_pieces(before, corrections)
    if len(pieces) == 1:
        return False
    first = pieces[0]
    last = pieces[-1]
    text = f" {after} "
    if not text.startswith(first):
        return False
    position = len(first)
    for piece in pieces[1:-1]:
        found = text.find(piece, _earliest_start(text, position, piece))
        if found < 0:
            return False
        position = found + len(piece)
    start = _earliest_start(text, position, last)
    return text.endswith(last) and len(text) - len(last) >= start


def _earliest_start(text: str, position: int, piece: str) -> int:
    """Return where `piece` may start: it may share a space with the piece before."""
    if text[position - 1] == " " and piece.startswith(" "):
        return position - 1
    return position


def _uncorrected_pieces(before: str, corrections: list[str]) -> list[str]:
    """Return the pieces of `before` that no correction covers, one more than the cuts.

    A space is added at both ends, so that whole words can be found there, too.
    Corrections that overlap make one cut.
    """
    text = f" {before} "
    cuts = []
    for words in corrections:
        if _occurs_once(before, words):
            start = before.find(words) + 1
            cuts.append((start, start + len(words)))
    pieces = []
    position = 0
    for start, end in sorted(cuts):
        if start >= position:
            pieces.append(text[position:start])
        position = max(position, end)
    pieces.append(text[position:])
    return pieces


def _occurs_once(text: str, words: str) -> bool:
    return 0 <= text.find(words) == text.rfind(words)


def find_change(before: str, after: str) -> Change:
    """Return the change from `before` to `after`, in whole words.

    `was` has at least one word and occurs once in `before`. A correction of it
    explains the whole change. It is extended to the left, and from the beginning of
    the text on to the right, until this is so.
    """
    start = common_length(before, after)
    common_end = common_length(before[start:][::-1], after[start:][::-1])
    end = len(before) - common_end
    spans = [match.span() for match in WORD_RE.finditer(before)]
    if not spans:
        return Change(before, after)
    first, last = _touched_words(spans, start, end)
    was = before[spans[first][0] : spans[last][1]]
    while not (_occurs_once(before, was) and is_explained(before, after, [was])):
        if first > 0:
            first -= 1
        else:
            last += 1
        was = before[spans[first][0] : spans[last][1]]
    length_after_change = len(before) - spans[last][1]
    now = after[spans[first][0] : len(after) - length_after_change]
    return Change(was, now.strip(" "))


def _touched_words(
    spans: list[tuple[int, int]], start: int, end: int
) -> tuple[int, int]:
    """Return the indexes of the first and last word in a range of characters.

    `spans` are the ranges of all words. If no word is in the range, those next to it
    are returned and, if there is none, the last word of the text.
    """
    touched = []
    adjacent = []
    for index, (word_start, word_end) in enumerate(spans):
        if word_start < end and word_end > start:
            touched.append(index)
        if word_start <= end and word_end >= start:
            adjacent.append(index)
    last = len(spans) - 1
    words = touched or adjacent or [last]
    return words[0], words[-1]


def common_length(one: str, other: str) -> int:
    """Return the length of the common prefix of two texts."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def describe_invisible_change(before: str, after: str) -> str:
    """Return how two texts that look the same differ, or "" if they look different.

    For example "an ordinary space became a no-break space (U+00A0)".
    """
    if _appearance(before) != _appearance(after):
        return ""
    notes: dict[str, None] = {}  # in order, each once
    was_composed = unicodedata.is_normalized("NFC", before)
    is_composed = unicodedata.is_normalized("NFC", after)
    if was_composed and not is_composed:
        notes["letters were decomposed into a letter and an accent"] = None
    if is_composed and not was_composed:
        notes["letters and accents were composed into one character"] = None
    for old, new in zip(_visible(before), _visible(after), strict=True):
        if old != new:
            notes[f"{_describe(old)} became {_describe(new)}"] = None
    unseen_before = _count_unseen(before)
    unseen_after = _count_unseen(after)
    for character in unseen_before - unseen_after:
        notes[f"{_describe(character)} was removed"] = None
    for character in unseen_after - unseen_before:
        notes[f"{_describe(character)} was added"] = None
    return " and ".join(notes)


def _appearance(text: str) -> str:
    """Return `text` with one character for each set that looks the same."""
    characters = []
    for character in _visible(text).translate(LOOKALIKES):
        category = unicodedata.category(character)
        if category == "Zs":
            characters.append(" ")
        elif category == "Pd":
            characters.append("-")
        else:
            characters.append(character)
    return "".join(characters)


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(character for character in composed if not _is_unseen(character))


def _count_unseen(text: str) -> Counter[str]:
    return Counter(character for character in text if _is_unseen(character))


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) == "Cf"


def _describe(character: str) -> str:
    """Return the Unicode name and the code point of a character, with an article."""
    if character == " ":
        return "an ordinary space"
    name = unicodedata.name(character).lower()
    article = "an" if name[0] in "aeiou" else "a"
    return f"{article} {name} (U+{ord(character):04X})"
