"""Error messages for Markdown that an editor is likely to write, but is unsupported.

The comparison with Markdown's result finds a text that Markdown would change, but not
the cause. The patterns in this module find the usual causes.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from app.anchor import BEFORE_FIRST, Anchor
from app.reading.block_text import ESCAPED_BACKTICK, BlockText
from app.reading.errors import Line, LineError

TABLE_FIX = "write each row as a paragraph or as an item of a list"
LIST_LINE_RE = re.compile(r" *(?:[-+*]|\d+\.) ")
LETTERED_RE = re.compile(r" *\(?\w{1,4}\) ")  # (a), ii), 3)
# A row of a table has bars, or columns with two or more spaces between them.
ROW_RE = re.compile(r"\||\S {2,}\S")
PUNCTUATION_RE = re.compile(f"[{re.escape(string.punctuation)}]")
MARKS_FIX = r"write \* or \_ for the characters themselves"
CODE_PROBLEM = "is code"
CODE_FIX = r"write \` for the character itself"
HTML_PROBLEM = "is HTML, which is not read here"
HTML_FIX = (
    r"for a note sign write ¹ or \*, for a line break \ at the end of the line, for the"
    r" character itself \<; remove all other tags"
)
REFERENCE_PROBLEM = "is a character reference"
REFERENCE_FIX = r"write the character itself, or \& for an ampersand"
REMOVE_LINE_FIX = r"remove it, or write \ before its first character"
UNDER_QUOTE_FIX = "begin it with >, or leave an empty line above it"
UNDER_TEXT_FIX = (
    "leave an empty line above it, or write each paragraph on one line, or end the"
    r" upper line with \ if the publication breaks the line there"
)

# A pattern, the problem and its fix.
Hint = tuple[str, str, str]

# Blocks that are not supported, although Markdown may show them as written. Each
# pattern matches the beginning of a line.
BLOCK_HINTS = (
    (
        r" *(?:```|~~~)",
        "is the fence of a code block",
        "remove the fences, and write the text between them as paragraphs",
    ),
    (
        r"[ >]*(?:(?:\| *:?-|:?-{2,}:? *\|)[-:| ]*|\+[-=:][-=:+]*\+"
        r"|-{2,}(?: +-{2,})+)$",
        "is a table",
        TABLE_FIX,
    ),
    (
        r"[ >]*(?:(?:- {0,2}){3,}|(?:_ {0,2}){3,}|(?:\* {0,2}){3,})$",
        "is a rule",
        REMOVE_LINE_FIX,
    ),
    (r" *\+{3}$", "is the line that ends the front matter", REMOVE_LINE_FIX),
    (
        r" *\[\^[^\]]*\]:",
        "is a footnote",
        r"write the note as a paragraph, and its sign as it is printed, as ¹ or \*",
    ),
)
# Each pattern is a group, so that Match.lastindex is the number of the hint.
UNSUPPORTED_RE = re.compile("|".join(f"({pattern})" for pattern, _, _ in BLOCK_HINTS))
# Parts of a text that are not accepted although Markdown shows the block as written.
CHECKED_HINTS = (
    (
        r"\S{0,30}\\$",
        r"ends in \, which makes a line break, and no line follows",
        r"write \\ for the character itself, or remove it",
    ),
    (
        r"\\.",
        "has a backslash before a character that is not a mark",
        r"write \\ for the character itself, or remove it",
    ),
    (
        r"\{#[^}]*\}?",
        "is an id that does not end the line",
        r"put it at the end, or write \{ for the character itself",
    ),
    (rf"`[^{ESCAPED_BACKTICK}]*{ESCAPED_BACKTICK}", CODE_PROBLEM, CODE_FIX),
    (r"^<[A-Za-z/!?][^<>]*>?", HTML_PROBLEM, HTML_FIX),
    (r"&#(?:[0-9]|[xX][0-9A-Fa-f])\w*;?", REFERENCE_PROBLEM, REFERENCE_FIX),
)
CHECKED_CHARACTER_RE = re.compile(r"[\\{<&`]")
# Parts of a text that explain why Markdown changes it.
TEXT_HINTS = (
    (
        r"^#+[^# ].*",
        "begins with #, but is not a heading",
        r"write a space after the #, or \# for the character itself",
    ),
    (r"(`+)[^`]+\1", CODE_PROBLEM, CODE_FIX),
    (
        r"!\[[^\]]*\]",
        "is an image",
        r"describe it in words, or write !\[ for the characters themselves",
    ),
    (
        r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>]*>|<[^<>\s@]+@[^<>\s]+>",
        "is a link without words",
        "write [words](https://…)",
    ),
    (r"<[A-Za-z/!?][^<>]*>?", HTML_PROBLEM, HTML_FIX),
    (r"&[A-Za-z0-9]+;", REFERENCE_PROBLEM, REFERENCE_FIX),
    (
        r"\[[^\]]*\]\((?:[^()]*\s[^()]*|<[^()]*)\)",
        "is a link with a title, or with spaces in its address",
        "write [words](https://…)",
    ),
    (
        r"^\[[^\]]*\]:.*",
        "is a link definition",
        r"write [words](address) where the link is, or \[ for the character itself",
    ),
)


def check_text(text: BlockText) -> None:
    """Raise LineError for a text that is not accepted although Markdown shows it."""
    if CHECKED_CHARACTER_RE.search(text.hidden):
        error = _find(CHECKED_HINTS, text)
        if error is not None:
            raise error


def changed_text_error(text: BlockText, result: str, shown: str) -> LineError:
    """Return the error for a text that Markdown would change.

    `result` is Markdown's result, written back and with all marks of emphasis as *,
    and `shown` is the text that the page would show.
    """
    error = _find(TEXT_HINTS, text)
    if error is not None:
        return error
    position = _first_difference(text.hidden.replace("_", "*"), result)
    mark = PUNCTUATION_RE.search(text.hidden, position)
    if mark is None or mark[0] in "*_":
        return marks_error(text, "has marks of emphasis that do not pair", position)
    problem = f"would change: Markdown shows “{shown[:40]}”"
    fix = f"write \\{mark[0]} for the character itself"
    return text.line_at(mark.start()).error(problem, fix)


def marks_error(text: BlockText, problem: str, position: int) -> LineError:
    """Return the error for a mark of emphasis.

    Its excerpt has up to 20 characters on each side of `position`.
    """
    start = max(0, position - 20)
    return text.error_at(start, position + 20, problem, MARKS_FIX)


def no_text_error(line: Line, fix: str = "write its text, or remove it") -> LineError:
    """Return the error for a line without visible text."""
    return line.error("has no text", fix)


def _find(hints: Sequence[Hint], text: BlockText) -> LineError | None:
    """Return the error for the first hint whose pattern is in the text, or None."""
    for pattern, problem, fix in hints:
        match = re.search(pattern, text.hidden, re.MULTILINE)
        if match is not None:
            return text.error_at(match.start(), match.end(), problem, fix)
    return None


def _first_difference(text: str, other: str) -> int:
    """Return the position of the first character that differs."""
    for position, (character, expected) in enumerate(zip(text, other, strict=False)):
        if character != expected:
            return position
    return min(len(text), len(other))


def unsupported_block_error(lines: Sequence[Line]) -> LineError | None:
    """Return the error for the first line of an unsupported block, or None."""
    for line in lines:
        match = UNSUPPORTED_RE.match(line.text)
        if match is not None:
            _, problem, fix = BLOCK_HINTS[(match.lastindex or 0) - 1]
            return line.error(problem, fix)
    return None


def indented_error(line: Line, paragraph: Anchor) -> LineError:
    """Return the error for a line that is indented, but not in a list.

    `paragraph` is the last one before the line, to which an item would belong.
    """
    if ROW_RE.search(line.text):
        return line.error("is indented like a row of a table", TABLE_FIX)
    problem, fix = "is indented", "begin it at the margin"
    if LETTERED_RE.match(line.text):
        problem = "is indented like an item of a list"
    if paragraph != BEFORE_FIRST and not LIST_LINE_RE.match(line.text):
        fix += f", or with - to make it an item of {paragraph.name}"
    return line.error(problem, fix)


def under_text_error(line: Line, above: Line) -> LineError:
    """Return the error for a line that is directly under a line of another block.

    `above` is the first line of the block above it.
    """
    fix = UNDER_TEXT_FIX
    if line.text.startswith(">") or above.text.startswith(">"):
        fix = UNDER_QUOTE_FIX
    return line.error("is directly under a line of text", fix)
