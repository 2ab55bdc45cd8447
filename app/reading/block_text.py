"""The text of one block as the file has it: escapes, line breaks and an id."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cached_property

from app.reading.errors import Line, LineError
from app.reading.normal_form import COLONS

# An id at the end of a block. A backslash before the brace makes it text.
ID_RE = re.compile(r"(?<!\\)((?:\\\\)*)\{#([^{}\n]*)\}$")
# The characters that a backslash may precede: ASCII punctuation, and the signs of other
# scripts with which a label ends or begins (see app/reading/labels.py).
ESCAPABLE = f"{string.punctuation}{COLONS}–—［【（"
ESCAPE_RE = re.compile(rf"\\([{re.escape(ESCAPABLE)}\n])")
# Each escaped character is hidden from Markdown by a private-use character, which no
# file contains, and the backslash before it by HIDDEN_ESCAPE.
HIDDEN_ESCAPE = "\ue000"
HIDDEN = "".join(chr(0xE001 + index) for index in range(len(ESCAPABLE)))
HIDE = str.maketrans(ESCAPABLE, HIDDEN)
SHOW = str.maketrans(HIDDEN, ESCAPABLE, HIDDEN_ESCAPE)
ESCAPED_BACKTICK = "`".translate(HIDE)


@dataclass(frozen=True)
class BlockText:
    """The text of a heading, paragraph or item, without its marker.

    A line feed in `source` follows a backslash: it is a line break of the
    publication. A part that has only an id is withdrawn.
    """

    lines: list[Line]
    source: str
    id: str | None = None  # in the braces at its end, not yet checked

    @classmethod
    def parse(cls, lines: list[Line], texts: list[str]) -> BlockText:
        """Return the text of a block, from the text of each of its lines.

        All lines but the last end in a backslash. Spaces before it are removed, since
        no browser shows them.
        """
        continued = [text.removesuffix("\\").rstrip(" ") for text in texts[:-1]]
        source, id_ = split_id("\\\n".join([*continued, texts[-1]]))
        return cls(lines, source, id_)

    @property
    def is_withdrawn(self) -> bool:
        """Return whether it has an id and no text."""
        return self.id is not None and not self.source

    @cached_property
    def hidden(self) -> str:
        """Return the source with its escapes hidden from Markdown.

        It has the same length, and the same line feeds. Apply `show` to display it.
        """
        return ESCAPE_RE.sub(_hide_escape, self.source)

    def line_at(self, position: int) -> Line:
        """Return the line of a position in the source."""
        return self.lines[self.source.count("\n", 0, position)]

    def error_at(self, start: int, end: int, problem: str, fix: str) -> LineError:
        """Return the error for a problem of the source between two positions."""
        return self.line_at(start).error(problem, fix, excerpt=self.source[start:end])


def _hide_escape(escape: re.Match[str]) -> str:
    return HIDDEN_ESCAPE + escape[1].translate(HIDE)


def show(hidden: str) -> str:
    """Return a text as the page shows it.

    Each hidden character is itself again, without the backslash before it.
    """
    if hidden.isprintable():  # private-use characters are not
        return hidden
    return hidden.translate(SHOW)


def ends_in_backslash(text: str) -> bool:
    """Return whether a line ends in an unescaped backslash and so continues."""
    backslashes = len(text) - len(text.rstrip("\\"))
    return backslashes % 2 == 1


def split_id(text: str) -> tuple[str, str | None]:
    """Return the text without the id at its end, and the id or None.

    The id is the part between "{#" and "}", which may be empty or invalid.
    """
    if not text.endswith("}"):
        return text, None
    match = ID_RE.search(text)
    if match is None:
        return text, None
    return text[: match.end(1)].rstrip(" "), match[2]
