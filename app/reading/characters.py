"""The characters that a statement's file must not contain, and those that cannot be seen."""

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


@dataclass(frozen=True)
class CharacterProblem:
    """A character that is not allowed, and its fix."""

    problem: str
    fix: str


@dataclass(frozen=True)
class Rule:
    """A kind of character that is not allowed."""

    name: str  # of a group in REJECTED_RE
    pattern: str
    problem: str  # follows the word "contains"
    fix: str


# Characters that make Markdown or the page show other words than the file seems to
# hold. Marks of direction, joiners and variation selectors are allowed: Arabic,
# Hebrew, Persian and Han need them.
RULES = (
    Rule("tab", "\t", "a tab", "write spaces instead"),
    Rule(
        "control",
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]",
        "a control character",
        "remove it",
    ),
    Rule(
        "override",
        "[\u202a-\u202e]",
        "a character that reverses the order of words",
        "remove it",
    ),
    Rule(
        "tag",
        "[\U000e0000-\U000e00ff\U000e01f0-\U000effff]",
        "a tag character, which is invisible",
        "remove it",
    ),
    Rule(
        "noncharacter",
        f"[\ufdd0-\ufdef{PLANE_ENDS}]",
        "a code point that is not a character",
        "remove it",
    ),
    Rule(
        "private",
        "[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]",
        "a private-use character, which other fonts do not have",
        "write an ordinary character instead; for a bullet, begin the line with -",
    ),
    Rule(
        "replacement",
        "\ufffd",
        "the sign for a character that was lost in copying",
        "write the character of the publication",
    ),
    Rule(
        "before_mark",
        rf"[{INVISIBLE}](?=[*_`\[<!])",
        "an invisible character before a mark",
        "remove it",
    ),
)
RULES_BY_NAME = {rule.name: rule for rule in RULES}
REJECTED_RE = re.compile("|".join(f"(?P<{rule.name}>{rule.pattern})" for rule in RULES))
# An invisible character before the marker of a block.
HIDDEN_MARKER_RE = re.compile(
    rf"[ >]*([{INVISIBLE}])[\s{INVISIBLE}]*(?:#|>|[-+*] |\d+\.|```|~~~)"
)
# A space other than U+0020 after the marker of a block.
ODD_SPACE_RE = re.compile(rf"[ >]*(?:#{{1,6}}|[-+*]|\d{{1,9}}\.)([{SPACES}])")
ISOLATE_RE = re.compile("[\u2066-\u2069]")
POP_ISOLATE = "\u2069"


def check_line(line: Line, errors: ErrorCollector) -> Line:
    """Return the line without rejected characters and without spaces at its end.

    Each kind of rejected character is added to `errors`.
    """
    text = line.text
    problems = find_rejected(text)
    if problems:
        for problem in problems:
            errors.add(line.error(problem.problem, problem.fix, excerpt=""))
        is_indented = text.startswith(" ")
        text = _remove_rejected(text)
        if not is_indented:
            text = text.lstrip(" ")
    return Line(line.number, text.rstrip(" "))


def find_rejected(text: str) -> list[CharacterProblem]:
    """Return the problems with the characters of `text`, one for each kind."""
    # Only U+FFFD is rejected and printable.
    if text.isprintable() and "\ufffd" not in text:
        return []
    found: dict[str, CharacterProblem] = {}
    for match in REJECTED_RE.finditer(text):
        rule = RULES_BY_NAME[str(match.lastgroup)]
        if rule.name not in found:
            found[rule.name] = _problem(rule.problem, match[0], rule.fix)
    problems = list(found.values())
    hidden = HIDDEN_MARKER_RE.match(text)
    if hidden:
        rule = RULES_BY_NAME["before_mark"]
        problems.append(_problem(rule.problem, hidden[1], rule.fix))
    space = ODD_SPACE_RE.match(text)
    if space:
        problem = "a special space after the marker of a block"
        fix = r"write an ordinary space, or \- and 1\. if it is not a marker"
        problems.append(_problem(problem, space[1], fix))
    isolate = _unpaired_isolate(text)
    if isolate:
        problem = "an unpaired character that reverses the order of words"
        problems.append(_problem(problem, isolate, "remove it"))
    return problems


def _problem(problem: str, character: str, fix: str) -> CharacterProblem:
    return CharacterProblem(f"contains {problem} (U+{ord(character):04X})", fix)


def _unpaired_isolate(text: str) -> str | None:
    """Return an isolate that has no partner in the text (UAX 9, 3.1.2)."""
    open_isolates: list[str] = []
    for isolate in ISOLATE_RE.findall(text):
        if isolate != POP_ISOLATE:
            open_isolates.append(isolate)
        elif open_isolates:
            open_isolates.pop()
        else:
            return POP_ISOLATE
    if open_isolates:
        return open_isolates[0]
    return None


def _remove_rejected(text: str) -> str:
    """Return `text` as it would be without its rejected characters."""
    text = REJECTED_RE.sub(lambda match: " " if match[0].isspace() else "", text)
    hidden = HIDDEN_MARKER_RE.match(text)
    if hidden:
        text = text[: hidden.start(1)] + text[hidden.start(1) :].lstrip(INVISIBLE)
    space = ODD_SPACE_RE.match(text)
    if space:
        text = f"{text[: space.start(1)]} {text[space.end(1) :]}"
    return text


def is_visible(text: str) -> bool:
    """Return whether `text` contains a character that can be seen."""
    for character in text:
        if character in BLANKS:
            continue
        if unicodedata.category(character) not in BLANK_CATEGORIES:
            return True
    return False


def is_han_or_kana(character: str) -> bool:
    """Return whether `character` is of a script without spaces between words."""
    name = unicodedata.name(character, "")
    return name.startswith(("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA"))
