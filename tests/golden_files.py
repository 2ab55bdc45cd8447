"""Compare text with the files in tests/golden/.

`pytest --update-golden` rewrites the files; review the change with `git diff`.
"""

from difflib import unified_diff
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"

UPDATE_HINT = "If the change is intended, run pytest --update-golden and review it."


def compare(expected: bytes, actual: bytes, path: Path) -> str:
    """Return the differences as a unified diff, or "" if there are none."""
    if expected == actual:
        return ""
    name = path.relative_to(GOLDEN.parent).as_posix()
    lines = unified_diff(
        expected.decode().split("\n"),
        actual.decode().split("\n"),
        name,
        "actual",
        lineterm="",
    )
    return "\n".join(lines)


def check_golden(actual: str, name: str, update: bool) -> None:
    """Fail with a diff unless the golden file equals `actual`; rewrite it first."""
    golden = GOLDEN / name
    if update:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(actual.encode())
    if not golden.exists():
        pytest.fail(f"there is no {golden}\n\n{UPDATE_HINT}", pytrace=False)
    difference = compare(golden.read_bytes(), actual.encode(), golden)
    if difference:
        pytest.fail(f"{difference}\n\n{UPDATE_HINT}", pytrace=False)
