"""Marks of emphasis that may be meant as text, such as the signs of notes.

Markdown takes "Kosovo*, Serbia and Kosovo*" for emphasis, and both signs would be lost.
A mark is therefore accepted only where it cannot be text.
"""

from __future__ import annotations

import re
import unicodedata

OPEN, CLOSE = "\x0e", "\x0f"  # control characters, which no file contains
LETTER, UNSPACED = "a", "字"
UNSPACED_SCRIPTS = ("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HANGUL")
# In a text in which each letter, digit and combining character is "a", and each
# character of a script that is written without spaces is "字".
FALSE_MARK_RE = re.compile(
    rf"""
      (?<=a){OPEN} | {CLOSE}(?=a)           # next to a word
    | (?<=字){OPEN}(?={OPEN}*[a字])         # in such a script, without punctuation
    | (?<=[a字]){CLOSE}(?={CLOSE}*字)
    | {OPEN}(?=[),.;:!?，。、；：！？）])   # before punctuation that ends a word
    | (?<=[(（]){CLOSE}
    | [{OPEN}{CLOSE}](?=[*_])               # next to a mark that is text
    | (?<=[*_])[{OPEN}{CLOSE}]
    | (?<=:)//[^\s()<>\[\]]*[{OPEN}{CLOSE}]  # in an address
    """,
    re.VERBOSE,
)


def find_false_mark(source: str) -> int | None:
    """Return the position of the first mark that may be meant as text, or None.

    Marks of emphasis in `source` are OPEN and CLOSE, and all other characters text.
    """
    if OPEN not in source:
        return None
    shape = "".join(_shape_of(character) for character in source)
    match = FALSE_MARK_RE.search(shape)
    if match is None:
        return None
    return match.end() - 1


def _shape_of(character: str) -> str:
    if character.isascii():
        return LETTER if character.isalnum() else character
    if unicodedata.category(character)[0] not in "LMN":
        return character
    if unicodedata.name(character, "").startswith(UNSPACED_SCRIPTS):
        return UNSPACED
    return LETTER
