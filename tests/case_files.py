"""Read the tables of cases in tests/cases/."""

from pathlib import Path

CASES = Path(__file__).parent / "cases"


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


def unescape(text: str) -> str:
    """Return a text with Python's escapes for characters up to U+00FF replaced."""
    return text.encode("latin-1").decode("unicode_escape")
