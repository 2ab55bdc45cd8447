"""Reads the tables of cases in tests/cases/.

A case begins with a line "=== its name". Its parts follow, the first one directly,
each other one after a line "-- name of the part". Lines before the first case are
comments. In a part <U+200B> is the character with this code point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "cases"
CODE_POINT_RE = re.compile(r"<U\+([0-9A-F]{4,6})>")
PART_RE = re.compile(r"^-- (.*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A case: its name, and its parts by their names; the first one is "given"."""

    name: str
    parts: dict[str, str]

    def __getitem__(self, part: str) -> str:
        return self.parts[part]

    def get(self, part: str) -> str:
        """Return a part, or "" if the case does not have it."""
        return self.parts.get(part, "")

    def __str__(self) -> str:
        return self.name


def read_cases(file_name: str) -> list[Case]:
    """Return the cases of a file in tests/cases/."""
    text = (CASES / file_name).read_text("utf-8")
    cases = []
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        name, _, content = block.partition("\n")
        given, *others = PART_RE.split(content)
        parts = {"given": _clean(given)}
        for part_name, part in zip(others[::2], others[1::2], strict=True):
            parts[part_name] = _clean(part)
        cases.append(Case(name, parts))
    return cases


def _clean(part: str) -> str:
    part = part.rstrip("\n")
    return CODE_POINT_RE.sub(lambda match: chr(int(match[1], 16)), part)


def read_rows(file_name: str) -> list[list[str]]:
    """Return the rows of a file in tests/cases/ with a case on each line.

    The columns are separated by " | ". Lines that begin with "# " are comments.
    """
    rows = []
    for line in (CASES / file_name).read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            rows.append([_clean(column) for column in line.split(" | ")])
    return rows
