"""A line of the file: its number, the signs that may stand in it, and how what is wrong with it is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.content_error import ContentError

UNSEEN = "\u200b\u2060\ufeff\xad"
PLANE_ENDS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
# Signs that make Markdown or the page show other words than the file seems to hold: the sign as a group, what it is,
# and the remedy. What shows direction or joins letters stays: Arabic, Hebrew and Persian need it; so do variation
# selectors (U+E0100 to U+E01EF), which belong to the Han sign before them.
REFUSED_SIGNS = (
    ("([\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029])", "a control character", "write spaces for a tab, else remove it"),
    ("([\u202a-\u202e])", "a sign that turns words around", "remove it"),
    ("([\U000e0000-\U000e00ff\U000e01f0-\U000effff])", "a tag that nobody sees", "remove it"),
    (f"([\ufdd0-\ufdef{PLANE_ENDS}])", "no character", "remove it"),
    (
        rf"^[ >]*([{UNSEEN}])[\s{UNSEEN}]*(?:#|>|[-+*] |\d+\.|```|~~~)",
        "a sign that nobody sees, before a mark",
        "remove it",
    ),
    (rf"([{UNSEEN}])[*_`\[<!]", "a sign that nobody sees, before a mark", "remove it"),
    (
        r"^[ >]*(?:#{1,6}|[-+*]|\d{1,9}\.)([^\S ])",
        "no space to Markdown, behind a mark",
        r"write an ordinary space, or \ before the mark",
    ),
)
INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}  # Unicode's categories of what controls or formats, and of spaces
BLANKS = "\u115f\u1160\u3164\uffa0\u2800"  # letters and a pattern that show nothing


@dataclass(frozen=True)
class Line:
    """A line of the file, or several that are one paragraph: then the first's number, and line feeds between them."""

    number: int
    text: str

    def error(self, wrong: str, remedy: str, written: str | None = None) -> LineError:
        """Return the error that says what is wrong with the line, or with what is `written` in it."""
        shown = self.text if written is None else written
        shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
        return LineError(self.number, f"“{shown}”" if shown else "", wrong, remedy)


class LineError(Exception):
    """What is wrong in one place of the file: its line, what is written, and what would be right."""

    def __init__(self, number: int, written: str, wrong: str, remedy: str) -> None:
        """Keep the facts; `written` may be empty where the line cannot be shown."""
        super().__init__(wrong)
        self.number, self.written, self.wrong, self.remedy = number, written, wrong, remedy


class Problems:
    """All that is wrong with one file."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.found: list[LineError] = []

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Keep what is raised inside, and go on behind it."""
        try:
            yield
        except LineError as error:
            self.found.append(error)

    def check(self, name: str) -> None:
        """Raise a ContentError that tells all that was found in the file called `name`, in its order.

        A fault that many lines share is told once, with its first line.
        """
        alike: dict[tuple[str, str], list[LineError]] = {}
        for error in sorted(self.found, key=lambda error: error.number):
            alike.setdefault((error.wrong, error.remedy), []).append(error)
        if alike:
            raise ContentError.joined(_told(errors, name) for errors in alike.values())


def _told(errors: list[LineError], name: str) -> ContentError:
    first = errors[0]
    more = len({error.number for error in errors}) - 1
    others = f" (and {more} more line{'s' * (more > 1)}, to {errors[-1].number})" if more else ""
    return ContentError(f"{name}:{first.number}", f"{first.written} {first.wrong}".strip(), first.remedy + others)


def checked_line(line: Line, problems: Problems) -> Line:
    """Return the line without trailing spaces and without signs that may not stand there, which are problems."""
    text = line.text
    while refused := refused_sign(text):
        sign, what, remedy = refused
        problems.found.append(LineError(line.number, "", f"holds {what} (U+{ord(sign):04X})", remedy))
        text = text.replace(sign, " " if sign.isspace() else "")
    return Line(line.number, text.rstrip(" "))


def refused_sign(text: str) -> tuple[str, str, str] | None:
    """Return the first sign that may not stand in `text`, what it is, and the remedy."""
    if text.isascii() and text.isprintable():
        return None
    for pattern, what, remedy in REFUSED_SIGNS:
        if found := re.search(pattern, text):
            return found[1], what, remedy
    opened: list[str] = []
    for sign in re.findall("[\u2066-\u2069]", text):  # isolates go in pairs (UAX 9, 3.1.2)
        if sign != "\u2069":
            opened.append(sign)
        elif opened:
            opened.pop()
        else:
            opened = [sign]
            break
    return (opened[0], "a sign that turns words around, unpaired", "remove it") if opened else None


def is_visible(text: str) -> bool:
    """Return whether `text` shows anything at all."""
    return any(unicodedata.category(char) not in INVISIBLE and char not in BLANKS for char in text)
