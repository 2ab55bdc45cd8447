"""Read the files in tests/cases/ that have one case on each line."""

from pathlib import Path

CASES = Path(__file__).parent / "cases"


def read_lines(name: str) -> list[str]:
    """Return the lines of a file of cases, without comments and empty lines."""
    lines = []
    for line in (CASES / name).read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            lines.append(line)
    return lines
