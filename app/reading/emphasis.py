"""Marks of emphasis that may be meant as text, such as the signs of notes.

Markdown takes "Kosovo*, Serbia and Kosovo*" for emphasis, and both signs would be lost.
A mark is therefore accepted only where it cannot be text.
"""

from __future__ import annotations

import re
import unicodedata

from app.reading.scripts import is_han_or_kana, is_hangul

OPEN, CLOSE = "\x0e", "\x0f"  # control characters, which no file contains
RUN_RE = re.compile(f"[{OPEN}{CLOSE}]+")
IN_ADDRESS_RE = re.compile(rf"://[^\s()<>\[\]]*[{OPEN}{CLOSE}]")
TEXT_MARKS = {"*", "_"}  # marks that Markdown left as text
NOT_FIRST = set("),.;:!?，。、；：！？）")  # emphasis does not begin with these
NOT_LAST = set("(（")  # emphasis does not end with these


def find_false_mark(source: str) -> int | None:
    """Return the position of the first mark that may be meant as text, or None.

    In `source`, marks of emphasis are written as OPEN and CLOSE.
    """
    if OPEN not in source:
        return None
    address = IN_ADDRESS_RE.search(source)
    if address:
        return address.end() - 1
    for run in RUN_RE.finditer(source):
        before = source[max(0, run.start() - 1) : run.start()]
        after = source[run.end() : run.end() + 1]
        if CLOSE not in run[0]:
            may_be_text = after in NOT_FIRST or _may_be_text(before, after)
        elif OPEN not in run[0]:
            may_be_text = before in NOT_LAST or _may_be_text(after, before)
        else:
            may_be_text = True  # one emphasis ends and another one begins
        if may_be_text:
            return run.start()
    return None


def _may_be_text(outer: str, inner: str) -> bool:
    """Return whether a mark of emphasis may be meant as text.

    `outer` is the character outside the emphasis, and `inner` the one inside it. The
    mark may be text if `outer` is a letter or digit, or if either is another mark. In
    a script without spaces, `outer` usually is a letter. There the mark may be text
    only if `inner` is a letter or digit, too.
    """
    if outer in TEXT_MARKS or inner in TEXT_MARKS:
        return True
    if is_han_or_kana(outer) or is_hangul(outer):
        return _is_word_character(inner)
    return _is_word_character(outer)


def _is_word_character(character: str) -> bool:
    """Return whether it is a letter, a digit or a combining character."""
    return bool(character) and unicodedata.category(character)[0] in "LMN"
