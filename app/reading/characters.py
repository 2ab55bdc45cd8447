"""The characters that a file must not contain, and those that cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.reading.errors import ErrorCollector, Line

# The spaces of Unicode other than U+0020.
SPACES = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
SPACES += "\u202f\u205f\u3000"
# Zero-width space, word joiner, byte order mark and soft hyphen.
INVISIBLE = "\u200b\u2060\ufeff\xad"
# The last two code points of each plane, which are no characters.
PLANE_ENDS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}"
    for plane in range(0, 0x110000, 0x10000)
)
# Letters, marks and symbols that are drawn as nothing.
BLANKS = "\u034f\u115f\u1160\u3164\uffa0\u2800\ufe0e\ufe0f"
# Unicode's categories of control characters, format characters and spaces.
BLANK_CATEGORIES = ("Cc", "Cf", "Zs")
ISOLATE_RE = re.compile("[\u2066-\u2069]")
POP_ISOLATE = "\u2069"
REMOVE_FIX = "remove it"
INVISIBLE_NOUN = "an invisible character before a mark"
# Characters that make Markdown or the page show other words than the file seems to
# contain: the pattern, in which the character is the only group, a noun and the fix.
# Marks of direction, joiners and variation selectors are allowed: Arabic, Hebrew,
# Persian and Han need them.
REJECTED = (
    (r"(\t)", "a tab", "write spaces instead"),
    (
        r"([\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ufdd0-\ufdef"
        rf"\U000e0000-\U000e00ff\U000e01f0-\U000effff{PLANE_ENDS}])",
        "a character that cannot be shown",
        REMOVE_FIX,
    ),
    (
        r"([\u202a-\u202e])",
        "a character that reverses the order of words",
        REMOVE_FIX,
    ),
    (
        r"([\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd])",
        "a private-use character, which other fonts do not have",
        "write an ordinary character instead; for a bullet, begin the line with -",
    ),
    (
        r"([\ufffc\ufffd])",
        "the sign for a character that was lost in copying",
        "write the character of the publication",
    ),
    (rf"([{INVISIBLE}])(?=[*_`\[<!])", INVISIBLE_NOUN, REMOVE_FIX),
    (
        rf"^[ >]*([{INVISIBLE}])(?=[\s{INVISIBLE}]*(?:[#>]|[-+*] |\d+\.|```|~~~))",
        INVISIBLE_NOUN,
        REMOVE_FIX,
    ),
    (
        rf"^[ >]*(?:#{{1,6}}|[-+*]|\d{{1,9}}\.)([{SPACES}])",
        "a special space after the marker of a block",
        r"write an ordinary space, or \- and 1\. if it is not a marker",
    ),
)
REJECTED_RE = re.compile("|".join(pattern for pattern, _, _ in REJECTED))
UNPAIRED_NOUN = "an unpaired character that reverses the order of words"


@dataclass(frozen=True)
class RejectedCharacter:
    """A character that is not allowed in a text, with a noun for it and the fix."""

    character: str
    noun: str
    fix: str

    @property
    def problem(self) -> str:
        """Return the problem, with the code point."""
        return f"contains {self.noun} (U+{ord(self.character):04X})"


def find_rejected(text: str) -> list[RejectedCharacter]:
    """Return the characters of a text that are not allowed, in order."""
    # A fast test for most texts: only these two rejected characters are printable.
    if text.isprintable() and "\ufffc" not in text and "\ufffd" not in text:
        return []
    found = []
    for match in REJECTED_RE.finditer(text):
        group = match.lastindex or 0
        _, noun, fix = REJECTED[group - 1]
        found.append(RejectedCharacter(match[group], noun, fix))
    for isolate in _unpaired_isolates(text):
        found.append(RejectedCharacter(isolate, UNPAIRED_NOUN, REMOVE_FIX))
    return found


def _unpaired_isolates(text: str) -> list[str]:
    """Return the isolates that have no partner in the text (UAX 9, 3.1.2)."""
    unpaired: list[str] = []
    for isolate in ISOLATE_RE.findall(text):
        if isolate == POP_ISOLATE and unpaired and unpaired[-1] != POP_ISOLATE:
            unpaired.pop()
        else:
            unpaired.append(isolate)
    return unpaired


def clean_line(line: Line, errors: ErrorCollector) -> Line:
    """Return the line without rejected characters and without spaces at its end.

    The first rejected character of each kind is added to `errors`.
    """
    first_of_each: dict[str, RejectedCharacter] = {}
    replacements: dict[int, str] = {}  # by code point
    for rejected in find_rejected(line.text):
        first_of_each.setdefault(rejected.noun, rejected)
        replacement = " " if rejected.character.isspace() else ""
        replacements[ord(rejected.character)] = replacement
    text = line.text.translate(replacements)
    for rejected in first_of_each.values():
        errors.add(line.error(rejected.problem, rejected.fix, excerpt=""))
    # Spaces that followed a removed character must not indent the line.
    if not line.text.startswith(" "):
        text = text.lstrip(" ")
    return Line(line.number, text.rstrip(" "))


def is_visible(text: str) -> bool:
    """Return whether a text contains a character that can be seen."""
    for character in text:
        is_blank = character in BLANKS
        if not is_blank and unicodedata.category(character) not in BLANK_CATEGORIES:
            return True
    return False
