"""The text of one block as the file has it: escapes, line breaks and an id."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

from app.reading.errors import Line, LineError
from app.reading.normal_form import COLONS

# An id at the end of a block. A backslash before the brace makes it text.
ID_RE = re.compile(r"(?<!\\)((?:\\\\)*)\{#([^{}\n]*)\}$")
# All that a backslash may precede: ASCII punctuation, and the signs of other scripts
# with which a label ends or begins (see app/reading/labels.py).
ESCAPABLE = f"{string.punctuation}{COLONS}–—［【（"
ESCAPE_RE = re.compile(rf"\\[{re.escape(ESCAPABLE)}]")


@dataclass(frozen=True)
class BlockText:
    """The text of a heading, paragraph or item, without its marker.

    A line feed in `source` follows a backslash: it is a line break of the
    publication. A part that has only an id is withdrawn.
    """

    lines: tuple[Line, ...]
    source: str
    id: str | None = None  # in the braces at its end, not yet checked

    @classmethod
    def parse(cls, lines: tuple[Line, ...], texts: list[str]) -> BlockText:
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

    @property
    def line(self) -> Line:
        """Return the first line."""
        return self.lines[0]

    @property
    def without_escapes(self) -> str:
        """Return the source with each escape replaced by NULs of the same length.

        A search in it finds only unescaped characters, at their positions in the
        source. Line breaks remain.
        """
        if "\\" not in self.source:
            return self.source
        return ESCAPE_RE.sub("\0\0", self.source.replace("\\\n", "\0\n"))

    def line_at(self, position: int) -> Line:
        """Return the line of a position in the source."""
        return self.lines[self.source.count("\n", 0, position)]

    def error_at(self, start: int, end: int, problem: str, fix: str) -> LineError:
        """Return the error for a problem of the source between two positions."""
        return self.line_at(start).error(problem, fix, excerpt=self.source[start:end])


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
