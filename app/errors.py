"""Errors for invalid content and settings."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

# Control characters, and Unicode's line and paragraph separators.
LINE_BREAKING_RE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class ContentError(click.ClickException):
    """Content or a setting that cannot be used.

    Flask's command line shows the message, one line for each error, and exits
    with status 1 and without a traceback.
    """

    @classmethod
    def at(cls, location: str, problem: str, fix: str) -> ContentError:
        """Return the error for one problem, in one line.

        `location` is a file and line, or a setting. `fix` is how to solve the
        problem, in the imperative.
        """
        return cls(escape_line_breaks(f"{location}: {problem}; {fix}"))

    @classmethod
    def join(cls, errors: Iterable[ContentError]) -> ContentError:
        """Return one error with the messages of all `errors`, one on each line."""
        return cls("\n".join(error.message for error in errors))


def escape_line_breaks(text: str) -> str:
    """Return `text` in one line, so that a value adds no line to a message."""
    return LINE_BREAKING_RE.sub(lambda match: repr(match[0])[1:-1], text)
