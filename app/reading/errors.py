"""Errors in a statement's file, and the collector that reports all of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.errors import ContentError
from app.publication import join_names

MAX_EXCERPT = 60  # characters
MAX_LISTED_LINES = 6


@dataclass(frozen=True)
class Line:
    """A line of the file: its number, counted from 1, and its text."""

    number: int
    text: str

    def error(self, problem: str, fix: str, excerpt: str | None = None) -> LineError:
        """Return the error for a problem of this line.

        It shows the whole line, or only the `excerpt` that causes the problem.
        """
        if excerpt is None:
            excerpt = self.text
        return LineError(self.number, excerpt, problem, fix)


@dataclass(eq=False)
class LineError(Exception):
    """A problem in one line of the file, and its fix.

    The message is “excerpt” problem; fix. The excerpt may be empty.
    """

    number: int
    excerpt: str
    problem: str
    fix: str


class ErrorCollector:
    """Collects the errors of one file, and raises them together."""

    def __init__(self) -> None:
        self.errors: list[LineError] = []

    def add(self, error: LineError) -> None:
        """Add an error."""
        self.errors.append(error)

    @property
    def has_errors(self) -> bool:
        """Return whether an error was added."""
        return bool(self.errors)

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Add the LineError that is raised in the block, and continue after it."""
        try:
            yield
        except LineError as error:
            self.add(error)

    def raise_if_any(self, file_name: str) -> None:
        """Raise ContentError if there are errors: one line for each, in file order.

        The same problem with the same fix is reported once, with all its lines.
        """
        groups: dict[tuple[str, str], list[LineError]] = {}
        for error in sorted(self.errors, key=lambda error: error.number):
            groups.setdefault((error.problem, error.fix), []).append(error)
        messages = []
        for (problem, fix), errors in groups.items():
            location = f"{file_name}:{errors[0].number}"
            excerpt = _quote(errors[0].excerpt)
            fix += _other_lines([error.number for error in errors])
            messages.append(ContentError.at(location, excerpt + problem, fix))
        if messages:
            raise ContentError.join(messages)


def _quote(excerpt: str) -> str:
    """Return the excerpt in quotation marks, shortened, with a space after it."""
    if not excerpt:
        return ""
    if len(excerpt) > MAX_EXCERPT:
        excerpt = excerpt[: MAX_EXCERPT - 1] + "…"
    return f"“{excerpt}” "


def _other_lines(numbers: list[int]) -> str:
    """Return the numbers but the first: " (also in lines 12 and 14)"."""
    others = sorted({*numbers} - {numbers[0]})
    names = [str(number) for number in others[:MAX_LISTED_LINES]]
    if len(others) > MAX_LISTED_LINES:
        count = len(others) - MAX_LISTED_LINES
        names.append(f"{count} more, to line {others[-1]}")
    if not names:
        return ""
    noun = "line" if len(names) == 1 else "lines"
    return f" (also in {noun} {join_names(names)})"
