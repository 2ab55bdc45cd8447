"""Comparison of texts with the files in tests/golden/."""

from difflib import unified_diff
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"

UPDATE_HINT = "If the change is intended, run pytest --update-golden and review it."


def compare_with_golden(actual: str, name: str) -> None:
    """Fail with the differences unless the golden file of this name is `actual`."""
    path = GOLDEN / name
    if not path.exists():
        pytest.fail(f"there is no {path}\n\n{UPDATE_HINT}", pytrace=False)
    expected = path.read_bytes().decode()
    if actual != expected:
        lines = unified_diff(
            expected.split("\n"),
            actual.split("\n"),
            f"golden/{name}",
            "actual",
            lineterm="",
        )
        difference = "\n".join(lines)
        pytest.fail(f"{difference}\n\n{UPDATE_HINT}", pytrace=False)


def write_golden(actual: str, name: str) -> None:
    """Write a golden file. Git shows the differences."""
    path = GOLDEN / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(actual.encode())
