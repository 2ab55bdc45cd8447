"""The characters that a file must not contain, and those that cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.reading.errors import ErrorCollector, Line

# The spaces of Unicode other than U+0020.
SPACES = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
SPACES += "\u202f\u205f\u3000"
INVISIBLE = "\u200b\u2060\ufeff\xad"
PLANE_ENDS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}"
    for plane in range(0, 0x110000, 0x10000)
)
# Letters and others that are drawn as nothing.
BLANKS = "\u034f\u115f\u1160\u3164\uffa0\u2800\ufe0e\ufe0f"
# Unicode's categories of control and format characters, and of separators.
BLANK_CATEGORIES = ("Cc", "Cf", "Zl", "Zp", "Zs")
ISOLATE_RE = re.compile("[\u2066-\u2069]")
POP_ISOLATE = "\u2069"
# Characters that make Markdown or the page show other words than the file seems to
# contain. Marks of direction, joiners and variation selectors are allowed: Arabic,
# Hebrew, Persian and Han need them.
REJECTED_RE = re.compile(
    rf"""
      (?P<tab>\t)
    | (?P<control>[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb])
    | (?P<override>[\u202a-\u202e])
    | (?P<tag>[\U000e0000-\U000e00ff\U000e01f0-\U000effff])
    | (?P<noncharacter>[\ufdd0-\ufdef{PLANE_ENDS}])
    | (?P<private>[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd])
    | (?P<lost>[\ufffc\ufffd])
    | (?P<invisible>[{INVISIBLE}])(?=[*_`\[<!])   # before a mark
    | ^[ >]*(?P<before>[{INVISIBLE}])(?=[\s{INVISIBLE}]*(?:[\#>]|[-+*]\ |\d+\.|```|~~~))
    | ^[ >]*(?:\#{{1,6}}|[-+*]|\d{{1,9}}\.)(?P<space>[{SPACES}])
    """,
    re.VERBOSE,
)
INVISIBLE_PROBLEM = "an invisible character before a mark"
# The problem and the fix for each group of REJECTED_RE.
MESSAGES = {
    "tab": ("a tab", "write spaces instead"),
    "control": ("a control character", "remove it"),
    "override": ("a character that reverses the order of words", "remove it"),
    "tag": ("a tag character, which is invisible", "remove it"),
    "noncharacter": ("a code point that is not a character", "remove it"),
    "private": (
        "a private-use character, which other fonts do not have",
        "write an ordinary character instead; for a bullet, begin the line with -",
    ),
    "lost": (
        "the sign for a character that was lost in copying",
        "write the character of the publication",
    ),
    "invisible": (INVISIBLE_PROBLEM, "remove it"),
    "before": (INVISIBLE_PROBLEM, "remove it"),
    "space": (
        "a special space after the marker of a block",
        r"write an ordinary space, or \- and 1\. if it is not a marker",
    ),
    "isolate": ("an unpaired character that reverses the order of words", "remove it"),
}


@dataclass(frozen=True)
class RejectedCharacter:
    """A character that is not allowed in a text, with its problem and fix."""

    character: str
    position: int
    group: str  # of REJECTED_RE

    @property
    def problem(self) -> str:
        """Return the problem, with the code point."""
        return f"contains {MESSAGES[self.group][0]} (U+{ord(self.character):04X})"

    @property
    def fix(self) -> str:
        """Return the fix."""
        return MESSAGES[self.group][1]


def find_rejected(text: str) -> list[RejectedCharacter]:
    """Return the characters of a text that are not allowed, in order."""
    # All other rejected characters are unprintable. This test is fast.
    if text.isprintable() and "\ufffc" not in text and "\ufffd" not in text:
        return []
    found = []
    for match in REJECTED_RE.finditer(text):
        group = str(match.lastgroup)
        found.append(RejectedCharacter(match[group], match.start(group), group))
    isolate = _find_unpaired_isolate(text)
    if isolate:
        found.append(RejectedCharacter(isolate[0], isolate.start(), "isolate"))
    return found


def _find_unpaired_isolate(text: str) -> re.Match[str] | None:
    """Return an isolate that has no partner in the text (UAX 9, 3.1.2)."""
    open_isolates = []
    for match in ISOLATE_RE.finditer(text):
        if match[0] != POP_ISOLATE:
            open_isolates.append(match)
        elif open_isolates:
            open_isolates.pop()
        else:
            return match
    return open_isolates[0] if open_isolates else None


def clean_line(line: Line, errors: ErrorCollector) -> Line:
    """Return the line without rejected characters and without spaces at its end.

    The first rejected character of each kind is added to `errors`.
    """
    rejected = find_rejected(line.text)
    if not rejected:
        return Line(line.number, line.text.rstrip(" "))
    groups = set()
    characters = list(line.text)
    for each in rejected:
        if each.group not in groups:
            errors.add(line.error(each.problem, each.fix, excerpt=""))
            groups.add(each.group)
        characters[each.position] = " " if each.character.isspace() else ""
    text = "".join(characters).rstrip(" ")
    # Spaces that followed a removed character must not indent the line.
    if not line.text.startswith(" "):
        text = text.lstrip(" ")
    return Line(line.number, text)


def is_visible(text: str) -> bool:
    """Return whether a text contains a character that can be seen."""
    for character in text:
        is_blank = character in BLANKS
        if not is_blank and unicodedata.category(character) not in BLANK_CATEGORIES:
            return True
    return False
