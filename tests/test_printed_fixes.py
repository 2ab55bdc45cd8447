"""The ids that messages suggest can be pasted until the text is accepted."""

import re
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import ContentError
from app.reading.reader import read_statement

MESSAGE_RE = re.compile(r"^.*?\.md:(\d+): (.*?); (.*)$")
WHOLE_LINE_RE = re.compile(r"write (##.*)")
ID_FIX_RE = re.compile(r"write (\{#\S+\})")
ID_RE = re.compile(r" *\{#.*\}$")

IDS = ["p0", "p1", "p2", "p9z", "p1a", "p1b", "p2-1", "p1-1", "p1-2a", "u1", "x", "p3"]
BLOCKS = [
    "a",
    "- a",
    "    - a",
    "> a",
    "## Share",
    "## Łódź",
    "## 一",
    "## a {#a}",
    "## 5",
]
block = st.sampled_from(BLOCKS)
block_with_id = st.builds(
    "{} {{#{}}}".format, st.sampled_from(BLOCKS), st.sampled_from(IDS)
)


def paste(lines: list[str], number: int, fix: str) -> None:
    """Apply the fix of a message to its line."""
    whole_line = WHOLE_LINE_RE.match(fix)
    id_fix = ID_FIX_RE.search(fix)
    line = lines[number - 1]
    if whole_line:
        lines[number - 1] = whole_line[1]
    elif id_fix:
        lines[number - 1] = f"{ID_RE.sub('', line)} {id_fix[1]}"
    elif fix.startswith("begin it at the margin"):
        lines[number - 1] = line.lstrip(" ")
    elif fix.startswith("begin it with 4 spaces"):
        lines[number - 1] = "    " + line.lstrip(" ")
    elif fix.startswith("choose"):
        lines[number - 1] = f"{ID_RE.sub('', line)} {{#free-{number}}}"
    else:
        assert fix.startswith(("write its text", "write letters", "put it at the end"))
        lines[number - 1] = ID_RE.sub("", line) + "\n\ntext"


@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.one_of(block, block_with_id), min_size=1, max_size=8))
def test_pasted_fixes_lead_to_a_text_that_is_accepted(
    write_statement: Callable[..., Path], blocks: list[str]
) -> None:
    path = write_statement("# Title\n\n" + "\n\n".join(blocks) + "\n")
    printed = set()
    while True:
        try:
            read_statement(path)
        except ContentError as error:
            message = error.message
        else:
            return
        assert message not in printed
        printed.add(message)
        lines = path.read_text("utf-8").split("\n")
        for line in reversed(message.splitlines()):
            match = MESSAGE_RE.match(line)
            assert match, line
            paste(lines, int(match[1]), match[3])
        path.write_text("\n".join(lines), "utf-8")
