"""Every fix that is printed about a new edition is accepted, or leads to others."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from fixes import Editor
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.errors import ContentError
from app.reading.reader import read_statement
from app.site.edition import parse_edition
from app.site.published import check
from app.site.statement_json import statement_json

FRONT_MATTER = """\
published = 2020-05-04
speaker = { given = "Ann", family = "Example", role = "Minister" }
publisher = "Ministry of Examples"
language = "en-GB"
"""
# For example 20000, to try many more random editions than each run of the tests does.
MAX_EXAMPLES = int(os.environ.get("MAX_EXAMPLES", "100"))
WORDS = ("We", "They", "all", "agreed", "met", "spoke", "on Monday", "of trade")
MARKERS = ("", "", "- ", "    - ", "## ")
LINE_RE = re.compile(
    r"(?P<marker> *- |#+ )?(?P<words>.*?) ?(?:\{#(?P<id>[^}]*)\})?", re.DOTALL
)
EDITS = (
    "cut",
    "split",
    "merge",
    "insert",
    "delete",
    "reword",
    "move",
    "rename",
    "remove id",
)


@dataclass(frozen=True)
class Line:
    """A paragraph, an item or a heading."""

    marker: str
    sentences: tuple[str, ...]
    id: str = ""

    @classmethod
    def parse(cls, text: str) -> Line:
        match = LINE_RE.fullmatch(text)
        assert match
        sentences = re.findall(r"[^.]*\. ?", match["words"])
        sentences = [sentence.strip() for sentence in sentences]
        return cls(match["marker"] or "", tuple(sentences), match["id"] or "")

    @property
    def is_heading(self) -> bool:
        return self.marker == "## "

    @property
    def text(self) -> str:
        words = list(self.sentences)
        if self.id:
            words.append(f"{{#{self.id}}}")
        return self.marker + " ".join(words)


@dataclass(frozen=True)
class Edit:
    """A change of the line at `position`; `other` and `line` are for some of them."""

    name: str
    position: int
    other: int
    line: Line


sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(
    lambda words: " ".join(words) + "."
)
lines = st.builds(
    Line,
    marker=st.sampled_from(MARKERS),
    sentences=st.lists(sentences, min_size=1, max_size=3).map(tuple),
)
first_lines = st.builds(replace, lines, id=st.sampled_from(("", "", "", "later")))
edits = st.builds(
    Edit,
    name=st.sampled_from(EDITS),
    position=st.integers(0, 30),
    other=st.integers(0, 30),
    line=lines,
)


def as_heading(line: Line, id_: str) -> Line:
    return replace(line, sentences=line.sentences[:1], id=id_)


def with_ids(statement: list[Line], kind: str) -> list[Line]:
    """Return the lines with the ids of headings, and of paragraphs with "later".

    These get a number that is two above the next one.
    """
    result = []
    number = 0
    for position, line in enumerate(statement):
        id_ = ""
        if line.is_heading:
            line = as_heading(line, f"section-{position}")
            id_ = line.id
        elif "-" not in line.marker:
            number += 1
            if line.id:
                number += 2
                id_ = f"{kind}{number}"
        result.append(replace(line, id=id_))
    return result


def edit_line(line: Line, edit: Edit) -> list[Line]:
    """Return the lines that replace a line."""
    sentences = line.sentences
    if edit.name == "cut" and len(sentences) > 1:
        return [replace(line, sentences=sentences[:-1])]
    if edit.name == "split" and len(sentences) > 1:
        first = replace(line, sentences=sentences[:1])
        return [first, replace(line, sentences=sentences[1:], id="")]
    if edit.name == "reword" and sentences:
        return [replace(line, sentences=edit.line.sentences)]
    if edit.name == "rename" and line.is_heading:
        return [replace(line, id=f"renamed-{edit.other}")]
    if edit.name == "remove id" and sentences and not line.is_heading:
        return [replace(line, id="")]
    if edit.name == "insert":
        new = edit.line
        if new.is_heading:
            new = as_heading(new, f"new-{edit.other}")
        return [new, line]
    if edit.name == "delete":
        return []
    return [line]


def edit_lines(statement: list[Line], edit: Edit) -> list[Line]:
    """Return the lines after an edit."""
    position = edit.position % len(statement)
    line = statement[position]
    before, after = statement[:position], statement[position + 1 :]
    if edit.name == "merge" and after and after[0].marker == line.marker:
        joined = replace(line, sentences=line.sentences + after[0].sentences)
        return [*before, joined, *after[1:]]
    if edit.name == "move":
        others = [*before, *after]
        target = edit.other % len(statement)
        return [*others[:target], line, *others[target:]]
    return [*before, *edit_line(line, edit), *after] or statement


def tidy(statement: list[Line]) -> list[Line]:
    """Return the lines as the reader accepts them.

    A section has text, and a nested item is below another one.
    """
    result: list[Line] = []
    for line, following in zip_longest(statement, statement[1:]):
        if line.is_heading and (following is None or following.is_heading):
            continue
        if line.marker == "    - " and (not result or "-" not in result[-1].marker):
            line = replace(line, marker="- ")
        result.append(line)
    return result


def write(front_matter: str, statement: list[Line]) -> str:
    """Return the file with these lines."""
    body = ["", "# A title"]
    previous_marker = ""
    for line in statement:
        if "-" not in previous_marker or "-" not in line.marker:
            body.append("")
        body.append(line.text)
        previous_marker = line.marker
    return f"+++\n{front_matter}+++\n" + "\n".join(body) + "\n"


def parse(text: str) -> tuple[str, list[Line]]:
    """Return the front matter and the lines below the title of a file."""
    _, front_matter, body = text.split("+++\n")
    _title, *texts = [line for line in body.splitlines() if line]
    return front_matter, [Line.parse(text) for text in texts]


def read_data(path: Path, text: str) -> dict[str, Any]:
    """Return the statement.json of a statement's text, parsed."""
    path.write_text(text, encoding="utf-8")
    data = statement_json(read_statement(path), None)
    parsed: dict[str, Any] = json.loads(json.dumps(data, default=str))
    return parsed


def messages_about(earlier: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return the errors about a new edition, without the location and the last."""
    try:
        check(json.dumps(earlier).encode(), "S", new)
    except ContentError as error:
        messages = re.split(r"(?m)^S: ", error.message)
        return [message.rstrip("\n") for message in messages[1:-1]]
    return []


def fix_reader_error(text: str, message: str, has_ids: bool) -> str:
    """Return the text after the fix of an error of the reader.

    A fix of the guard may take the last paragraph of a section; its heading is removed
    then. Where the editor has written ids that counting gives, too, a fix may need one
    of them; the part that had it gets the id that the reader prints.
    """
    lines = text.splitlines(keepends=True)
    match = re.match(r"\S+:(\d+): .* is a section without text; ", message)
    if match:
        lines.pop(int(match[1]) - 1)
        return "".join(lines)
    match = re.match(
        r"\S+:(\d+): .* has the id .*; for a new \w+ (?:here|after it) write (\S+\})",
        message,
    )
    assert match, message
    assert has_ids, message
    position = int(match[1]) - 1
    lines[position] = re.sub(r"\{#\S+\}$", match[2], lines[position].rstrip()) + "\n"
    return "".join(lines)


def is_read(path: Path, text: str) -> bool:
    try:
        read_data(path, text)
    except ContentError:
        return False
    return True


def apply_fixes(
    path: Path, earlier: dict[str, Any], text: str, at_once: bool, has_ids: bool
) -> str:
    """Return the text after the fixes of each run, until none is left.

    If they are not applied at once, the text is checked after each one, as soon as it
    can be read. After an error of the reader, fixes may be printed again.
    """
    applied: list[str] = []
    reader_errors = 0
    while True:
        try:
            new = read_data(path, text)
        except ContentError as error:
            text = fix_reader_error(text, error.message, has_ids)
            applied = []
            reader_errors += 1
            assert reader_errors < 10
            continue
        messages = messages_about(earlier, new)
        if not messages:
            return text
        anchors = [str(part.anchor) for part in parse_edition(new).parts]
        editor = Editor(text, anchors)
        for message in messages:
            assert message not in applied
            applied.append(message)
            editor.apply(message)
            if not at_once and is_read(path, editor.text):
                break
        text = editor.text


def assert_kept(earlier: dict[str, Any], new: dict[str, Any]) -> None:
    """Check that each published part has its words or a correction."""
    parts = {part.anchor: part for part in parse_edition(new).parts}
    corrected = {correction["paragraph"] for correction in new["corrections"]}
    for part in parse_edition(earlier).parts:
        is_same = parts[part.anchor].text == part.text
        assert is_same or str(part.anchor) in corrected


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fixes") / "statement.md"


@given(
    statement=st.lists(first_lines, min_size=1, max_size=10),
    rounds=st.lists(st.lists(edits, min_size=1, max_size=4), min_size=1, max_size=2),
    at_once=st.booleans(),
    numbers=st.sampled_from(("edition", "publication")),
)
@settings(max_examples=MAX_EXAMPLES, deadline=None)
def test_the_printed_fixes_are_accepted(
    path: Path,
    statement: list[Line],
    rounds: list[list[Edit]],
    at_once: bool,
    numbers: str,
) -> None:
    has_ids = any(line.id for line in statement)
    statement = tidy(with_ids(statement, "p" if numbers == "edition" else "u"))
    assume(statement)
    text = write(f'{FRONT_MATTER}numbers = "{numbers}"\n', statement)
    for changes in rounds:
        earlier = read_data(path, text)
        front_matter, statement = parse(text)
        for edit in changes:
            statement = tidy(edit_lines(statement, edit)) or statement
        text = write(front_matter, statement)
        assume(is_read(path, text))
        text = apply_fixes(path, earlier, text, at_once, has_ids)
        assert_kept(earlier, read_data(path, text))
