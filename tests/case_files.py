"""Read tables of cases from the text files in tests/cases/."""

from pathlib import Path

CASES = Path(__file__).parent / "cases"


def read_lines(name: str, separator: str) -> list[list[str]]:
    """Return the fields of each line, without empty lines and comments (`//`)."""
    cases = []
    for line in (CASES / name).read_text("utf-8").splitlines():
        if line and not line.startswith("//"):
            cases.append(line.split(separator))
    return cases


def read_blocks(name: str) -> list[list[str]]:
    """Return the text of each block and the last line of it, after "=> ".

    A line of four hyphens ends a block.
    """
    cases = []
    for block in (CASES / name).read_text("utf-8").split("\n----\n"):
        text, _, result = block.rstrip("\n").rpartition("\n=> ")
        cases.append([text, result])
    return cases
