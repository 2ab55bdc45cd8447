"""How the project says that what somebody wrote cannot be used."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

# Control characters and Unicode's line and paragraph separators.
BREAKS_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class ContentError(click.ClickException):
    """Three facts in one line: where it is, what is written there, and what would be right.

    Flask's command line shows it as that line, with exit status 1 and no traceback.
    """

    def __init__(self, where: str, written: str, remedy: str) -> None:
        """Join the facts: `where` is a file and line, or a setting."""
        line = f"{where}: {written}; {remedy}"
        super().__init__(BREAKS_LINE.sub(lambda found: repr(found[0])[1:-1], line))

    @classmethod
    def joined(cls, errors: Iterable[ContentError]) -> ContentError:
        """Return one error that tells all of `errors`, a line each."""
        joined = cls.__new__(cls)
        click.ClickException.__init__(
            joined, "\n".join(error.message for error in errors)
        )
        return joined
