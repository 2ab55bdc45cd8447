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


class LineError(Exception):
    """A problem in one line of the file, and its fix.

    The message is “excerpt” problem; fix. The excerpt may be empty.
    """

    def __init__(self, number: int, excerpt: str, problem: str, fix: str) -> None:
        super().__init__(number, excerpt, problem, fix)
        self.number = number
        self.excerpt = excerpt
        self.problem = problem
        self.fix = fix


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
            first = errors[0]
            messages.append(
                ContentError.at(
                    f"{file_name}:{first.number}",
                    _quote(first.excerpt) + problem,
                    fix + _other_lines(errors),
                )
            )
        if messages:
            raise ContentError.join(messages)


def _quote(excerpt: str) -> str:
    """Return the excerpt in quotation marks, shortened, with a space after it."""
    if not excerpt:
        return ""
    if len(excerpt) > MAX_EXCERPT:
        excerpt = excerpt[: MAX_EXCERPT - 1] + "…"
    return f"“{excerpt}” "


def _other_lines(errors: list[LineError]) -> str:
    """Return the lines of all errors but the first: " (also in lines 12 and 14)"."""
    numbers = sorted({error.number for error in errors[1:]} - {errors[0].number})
    if not numbers:
        return ""
    names = [str(number) for number in numbers[:MAX_LISTED_LINES]]
    if len(numbers) > MAX_LISTED_LINES:
        count = len(numbers) - MAX_LISTED_LINES
        names.append(f"{count} more, to line {numbers[-1]}")
    if len(numbers) == 1:
        return f" (also in line {names[0]})"
    return f" (also in lines {join_names(names)})"
