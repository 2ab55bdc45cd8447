"""Read the files in tests/cases/.

In some files each line is a case. In others a case begins with a line "=== its name".
Its parts follow, the first one directly, each other one after a line "-- its name".
In both, <U+200B> is the character with this code point. Files whose format is another
one describe it in their first lines, or in the function that reads them.
"""

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


def read_cases(name: str) -> list[Case]:
    """Return the cases of a file. The lines before the first one are comments."""
    text = (CASES / name).read_text("utf-8")
    cases = []
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        case_name, _, content = block.partition("\n")
        given, *others = PART_RE.split(content)
        parts = {"given": _replace_code_points(given)}
        for part_name, part in zip(others[::2], others[1::2], strict=True):
            parts[part_name] = _replace_code_points(part)
        cases.append(Case(case_name, parts))
    return cases


def read_rows(name: str) -> list[list[str]]:
    """Return the columns of each line of a file, which are separated by " | "."""
    rows = []
    for line in read_lines(name):
        rows.append([_replace_code_points(column) for column in line.split(" | ")])
    return rows


def read_lines(name: str) -> list[str]:
    """Return the lines of a file of cases, without comments and empty lines."""
    lines = []
    for line in (CASES / name).read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            lines.append(line)
    return lines


def read_fields(name: str, separator: str) -> list[list[str]]:
    """Return the fields of each line, without the spaces around them."""
    cases = []
    for line in read_lines(name):
        cases.append([field.strip() for field in line.split(separator)])
    return cases


def read_blocks(name: str) -> list[list[str]]:
    """Return the text of each block and the result on its last line, after "=> ".

    A line of four hyphens is between two blocks.
    """
    cases = []
    for block in (CASES / name).read_text("utf-8").split("\n----\n"):
        text, _, result = block.rstrip("\n").rpartition("\n=> ")
        cases.append([text, result])
    return cases


def replace_python_escapes(text: str) -> str:
    """Return a text with Python's escapes for characters up to U+00FF replaced."""
    return text.encode("latin-1").decode("unicode_escape")


def _replace_code_points(part: str) -> str:
    """Return a part without the line feeds at its end, and with its characters."""
    part = part.rstrip("\n")
    return CODE_POINT_RE.sub(lambda match: chr(int(match[1], 16)), part)
