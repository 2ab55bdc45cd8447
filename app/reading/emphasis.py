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
      {OPEN}(?:
          (?<=a.)                       # after a word
        | (?<=字.)(?={OPEN}*[a字])      # in such a script, without punctuation
        | (?=[),.;:!?，。、；：！？）]) # before punctuation that ends a word
        | (?=[*_]) | (?<=[*_].)         # next to a mark that is text
      )
    | {CLOSE}(?:
          (?=a)
        | (?<=[a字].)(?={CLOSE}*字)
        | (?<=[(（].)
        | (?=[*_]) | (?<=[*_].)
      )
    | ://[^\s()<>\[\]]*[{OPEN}{CLOSE}] # in an address
    """,
    re.VERBOSE,
)


class _Shapes(dict[int, str]):
    """A table for str.translate, which is filled when a character first occurs."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        shape = character
        if unicodedata.category(character)[0] in "LMN":
            name = unicodedata.name(character, "")
            shape = UNSPACED if name.startswith(UNSPACED_SCRIPTS) else LETTER
        self[code_point] = shape
        return shape


_SHAPES = _Shapes()


def find_false_mark(source: str) -> int | None:
    """Return the position of the first mark that may be meant as text, or None.

    Marks of emphasis in `source` are OPEN and CLOSE, and all other characters text.
    """
    if OPEN not in source:
        return None
    shape = source.translate(_SHAPES)
    match = FALSE_MARK_RE.search(shape)
    if match is None:
        return None
    return match.end() - 1
