"""A line of the file: its number, the signs that may stand in it, and how what is wrong with it is told."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple, TypeVar

from app.errors import ContentError

T = TypeVar("T")
UNSEEN = "\u200b\u2060\ufeff\xad"
PLANE_ENDS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}"
    for plane in range(0, 0x110000, 0x10000)
)
# Signs that make Markdown or the page show other words than the file seems to hold: what they are, each as a group,
# and the remedy. What shows direction or joins letters stays: Arabic, Hebrew and Persian need it; so do variation
# selectors (U+E0100 to U+E01EF), which belong to the Han sign before them.
BEFORE_MARK = "a sign that nobody sees, before a mark"
ORDINARY_SPACE = r"write an ordinary space, or \- and 1\. where it is no mark"
REFUSED_SIGNS = (
    (
        "a control character",
        "([\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029])",
        "write spaces for a tab, else remove it",
    ),
    ("a sign that turns words around", "([\u202a-\u202e])", "remove it"),
    (
        "a tag that nobody sees",
        "([\U000e0000-\U000e00ff\U000e01f0-\U000effff])",
        "remove it",
    ),
    ("no character", f"([\ufdd0-\ufdef{PLANE_ENDS}])", "remove it"),
    (
        BEFORE_MARK,
        rf"^[ >]*([{UNSEEN}])[\s{UNSEEN}]*(?:#|>|[-+*] |\d+\.|```|~~~)",
        "remove it",
    ),
    (BEFORE_MARK, rf"([{UNSEEN}])[*_`\[<!]", "remove it"),
    (
        "no space to Markdown, behind a mark",
        r"^[ >]*(?:#{1,6}|[-+*]|\d{1,9}\.)([^\S ])",
        ORDINARY_SPACE,
    ),
)
INVISIBLE = {
    "Cc",
    "Cf",
    "Zl",
    "Zp",
    "Zs",
}  # Unicode's categories of what controls or formats, and of spaces
BLANKS = "\u034f\u115f\u1160\u3164\uffa0\u2800\ufe0e\ufe0f"  # letters and others that show nothing


class LineError(Exception):
    """What is wrong in one place of the file: its line, what is written there if it can be shown, and the remedy."""

    def __init__(self, number: int, written: str, wrong: str, remedy: str) -> None:
        """Keep the facts; `written` ends in a space, or is empty."""
        self.number, self.written, self.wrong, self.remedy = (
            number,
            written,
            wrong,
            remedy,
        )


class Line(NamedTuple):
    """A line of the file, or several that are one paragraph: then the first's number, and line feeds between them."""

    number: int
    text: str

    def error(self, wrong: str, remedy: str, written: str | None = None) -> LineError:
        """Return the error that says what is wrong with the line, or with what is `written` in it."""
        shown = self.text if written is None else written
        shown = f"“{shown if len(shown) <= 60 else shown[:59] + '…'}” " if shown else ""
        return LineError(self.number, shown, wrong, remedy)


class Problems(list[LineError]):
    """All that is wrong with one file."""

    def __enter__(self) -> None:
        """Keep the LineError that is raised inside, and go on behind it."""

    def __exit__(self, _kind: object, error: object, _traceback: object) -> bool:
        """Return whether what was raised is kept."""
        self.extend([error] if isinstance(error, LineError) else [])
        return isinstance(error, LineError)

    def check(self, name: str) -> None:
        """Raise a ContentError with all that was found in the file called `name`, alike faults once, in its order."""
        alike: dict[tuple[str, str], list[LineError]] = {}
        for error in sorted(self, key=lambda error: error.number):
            alike.setdefault((error.wrong, error.remedy), []).append(error)
        told: list[ContentError] = []
        for (wrong, remedy), (first, *others) in alike.items():
            more = len({error.number for error in others} - {first.number})
            remedy += (
                f" (and {more} more line{'s' * (more > 1)}, to {others[-1].number})"
                if more
                else ""
            )
            told.append(
                ContentError.at(f"{name}:{first.number}", first.written + wrong, remedy)
            )
        if told:
            raise ContentError.join(told)


def checked_line(line: Line, problems: Problems) -> Line:
    """Return the line without trailing spaces and without signs that may not stand there, which are problems."""
    text = line.text
    while refused := refused_sign(text):
        problems.append(line.error(*refused[1:], written=""))
        text = text.replace(refused[0], " " if refused[0].isspace() else "")
    return Line(line.number, text.rstrip(" "))


def refused_sign(text: str) -> tuple[str, str, str] | None:
    """Return the first sign that may not stand in `text`, what is wrong with it, and the remedy."""
    if text.isprintable():  # whatever is refused controls or formats, is an unusual space, or is no character
        return None
    for what, pattern, remedy in REFUSED_SIGNS:
        if found := re.search(pattern, text):
            return found[1], f"holds {what} (U+{ord(found[1]):04X})", remedy
    isolates = re.findall("[\u2066-\u2069]", text)  # they go in pairs (UAX 9, 3.1.2)
    depths = list(
        accumulate((-1 if sign == "\u2069" else 1 for sign in isolates), initial=0)
    )
    if min(depths) < 0 or depths[-1]:
        return (
            isolates[0],
            f"holds a sign that turns words around, unpaired (U+{ord(isolates[0]):04X})",
            "remove it",
        )
    return None


def split_before(
    parts: Iterable[T], begins: Callable[[T], object]
) -> Iterator[list[T]]:
    """Return what stands before the first of `parts` that `begins` a group, and then each group."""
    group: list[T] = []
    for part in parts:
        if begins(part):
            yield group
            group = []
        group.append(part)
    yield group


def is_visible(text: str) -> bool:
    """Return whether `text` shows anything at all."""
    return any(
        unicodedata.category(char) not in INVISIBLE and char not in BLANKS
        for char in text
    )


def is_han_or_kana(sign: str) -> bool:
    """Return whether `sign` is of a script that has no spaces between its words."""
    return unicodedata.name(sign.strip() or " ", "").startswith(
        ("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA")
    )
