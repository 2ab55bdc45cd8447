"""Voices: who speaks in each paragraph and item, and which labels are rejected.

tests/cases/voices.txt describes its cases; the other files of cases have one text on
each line. {U+00A0} is that character.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import OpenStatement, parts_of
from hypothesis import given, settings
from hypothesis import strategies as st
from served_page import read_page

from app.errors import ContentError
from app.reading.reader import read_statement
from app.statement import Paragraph, Part

CASES = Path(__file__).parent / "cases"
CODE_POINT_RE = re.compile(r"\{U\+([0-9A-F]{4,5})\}")

FRONT_MATTER = """\
published = 2020-05-04
publisher = "Ministry of Examples"
language = "en-GB"
"""
SPEAKER = 'speaker = { given = "Ann", family = "Example", role = "Minister" }\n'
VOICES = 'voices = ["Question", "Ann Example"]\n'

WriteStatement = Callable[..., Path]


@dataclass(frozen=True)
class Case:
    """A text, the error message or the voices that it has, and the text after the fix."""

    name: str
    text: str
    outcome: str
    fixed: str


def read_file(name: str) -> str:
    """Return the text of a file of cases, with its characters decoded."""
    text = (CASES / name).read_text(encoding="utf-8")
    return CODE_POINT_RE.sub(lambda match: chr(int(match[1], 16)), text)


def read_lines(name: str) -> list[str]:
    """Return the lines of a file of cases, without comments and empty lines."""
    lines = read_file(name).split("\n")
    return [line for line in lines if line and not line.startswith("#")]


def read_cases() -> list[Case]:
    """Return the cases of voices.txt."""
    cases = []
    for block in read_file("voices.txt").split("\n== ")[1:]:
        block, _, fixed = block.partition("\n-- fixed\n")
        block, _, outcome = block.partition("\n-- outcome\n")
        name, _, text = block.partition("\n")
        cases.append(Case(name, text, outcome.strip("\n"), fixed))
    return cases


def split_keys(text: str) -> tuple[str, str]:
    """Return the front matter and the body of a case.

    Its own keys come before the first empty line.
    """
    keys, _, body = f"\n{text}".partition("\n\n")
    front_matter = FRONT_MATTER
    if "speaker = " not in keys:
        front_matter += SPEAKER
    front_matter += f"{keys}\n".lstrip("\n")
    return front_matter, f"\n# A title\n\n{body}\n"


def describe(part: Part) -> str:
    """Return the anchor, the voice and the label of a part: "p1 Q (Q:)"."""
    description = f"{part.id} {part.voice or '–'}"
    if isinstance(part, Paragraph) and part.opens_turn:
        description += f" ({part.turn_label})"
    return description


def read_outcome(path: Path) -> str:
    """Return the voices of a statement, or the error messages without their path."""
    try:
        statement = read_statement(path)
    except ContentError as error:
        return re.sub(r"(?m)^.*?statement\.md:", "", error.message)
    lines = [describe(part) for part in parts_of(statement.blocks)]
    for section in statement.sections:
        for each in (section, *section.subsections):
            lines.extend(describe(part) for part in parts_of(each.blocks))
    return "\n".join(lines)


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_each_text_has_its_voices_or_error(
    write_statement: WriteStatement, case: Case
) -> None:
    front_matter, body = split_keys(case.text)
    assert read_outcome(write_statement(body, front_matter)) == case.outcome


FIXED_CASES = [case for case in read_cases() if case.fixed]


@pytest.mark.parametrize("case", FIXED_CASES, ids=lambda case: case.name)
def test_a_text_loads_after_its_fix(
    write_statement: WriteStatement, case: Case
) -> None:
    front_matter, body = split_keys(case.fixed)
    assert read_statement(write_statement(body, front_matter))


LISTED_RE = re.compile(r"voices = (\[\".*\"\]) \(“")
LINES_RE = re.compile(r"” in lines? ([\d, and]+)")
LISTING_CASES = [case for case in read_cases() if LISTED_RE.search(case.outcome)]


@pytest.mark.parametrize("case", LISTING_CASES, ids=lambda case: case.name)
def test_no_label_is_reported_again_after_escapes_in_the_lines_listed(
    write_statement: WriteStatement, case: Case
) -> None:
    path = write_statement(*reversed(split_keys(case.text)))
    lines = path.read_text(encoding="utf-8").split("\n")
    for numbers in LINES_RE.findall(case.outcome):
        for number in re.findall(r"\d+", numbers):
            line = lines[int(number) - 1]
            lines[int(number) - 1] = re.sub(
                "[:：]|[–-]|[（【[]", r"\\\g<0>", line, count=1
            )
    path.write_text("\n".join(lines), encoding="utf-8")
    assert not LISTED_RE.search(read_outcome(path))


@pytest.mark.parametrize("case", LISTING_CASES, ids=lambda case: case.name)
def test_no_label_is_reported_again_after_the_voices_are_pasted(
    write_statement: WriteStatement, case: Case
) -> None:
    front_matter, body = split_keys(case.text)
    match = LISTED_RE.search(case.outcome)
    assert match is not None
    front_matter = re.sub("voices = .*\n", "", front_matter)
    front_matter += f"voices = {match[1]}\n"
    outcome = read_outcome(write_statement(body, front_matter))
    assert not LISTED_RE.search(outcome)


@pytest.mark.parametrize("label", read_lines("voices_similar.txt"))
def test_a_label_that_differs_from_its_voice_is_rejected(
    write_statement: WriteStatement, label: str
) -> None:
    keys = 'speaker = { given = "José", family = "Dvořák" }\n'
    keys += 'voices = ["Question", "José Dvořák", "[The Chair]", "Q -"]\n'
    turns = "Question: a\n\nJosé Dvořák: b\n\n[The Chair] c\n\nQ - d"
    body = f"\n# A title\n\n{turns}\n\n{label} words\n"
    with pytest.raises(ContentError) as error:
        read_statement(write_statement(body, FRONT_MATTER + keys))
    (message,) = error.value.message.split("\n")
    assert "statement.md:19: " in message
    assert "as declared" in message


@pytest.mark.parametrize("opening", read_lines("voices_openings.txt"))
def test_an_opening_that_is_no_label_loads(
    write_statement: WriteStatement, opening: str
) -> None:
    first, _, second = opening.partition(" ¶ ")
    body = f"\n# A title\n\n{first}\n\n{second or 'Thank you.'}\n"
    statement = read_statement(write_statement(body, FRONT_MATTER + SPEAKER))
    parts = parts_of(statement.blocks)
    assert [part.voice for part in parts] == [None, None]


# A part of a paragraph with a turn, and what may come in its place by mistake.
MISTAKES = [
    ("Ann", "ANN"),
    ("n E", "n\u00a0E"),
    ("n E", "n  E"),
    ("é", "e\u0301"),
    ("Qu", "Q\u200bu"),
    ("e:", "e\u00ad:"),
    (":", " :"),
    (":", "  :"),
    (":", "："),
    (":", "∶"),
    (":", "::"),
    (": ", ":"),
    (": ", ":\u200b "),
    ("Question:", "**Question**:"),
    ("Ann Example:", "*Ann Example:*"),
    ("Ann", "[00:12] Ann"),
    ("José", "10:05 José"),
    (": words", "\n\nwords"),
    ("", "> "),
    ("", "- "),
    ("", "So\\\n"),
    ("", "“"),
]
TURNS = ["Question: words", "Ann Example: words", "José: words", "Then: words"]


@st.composite
def mistaken_turn(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a voice, and the text of its turn with at most one mistake."""
    turn = draw(st.sampled_from(TURNS))
    voice = turn.partition(":")[0]
    if draw(st.booleans()):
        correct, mistake = draw(st.sampled_from(MISTAKES))
        turn = turn.replace(correct, mistake, 1)
    return voice, turn


def test_no_mistake_in_a_label_attributes_words_to_another_voice(
    tmp_path: Path,
) -> None:
    path = tmp_path / "statement.md"
    keys = 'voices = ["Question", "Ann Example", "José", "Then"]\n'
    accepted = 0

    @settings(max_examples=300, deadline=None)
    @given(st.lists(mistaken_turn(), min_size=1, max_size=3))
    def mistake(turns: list[tuple[str, str]]) -> None:
        nonlocal accepted
        turns = [*((turn.partition(":")[0], turn) for turn in TURNS), *turns]
        body = "\n\n".join(text for _, text in turns)
        text = f"+++\n{FRONT_MATTER}{SPEAKER}{keys}+++\n\n# A title\n\n{body}\n"
        path.write_text(text, encoding="utf-8")
        try:
            statement = read_statement(path)
        except ContentError:
            return
        accepted += 1
        voices = [paragraph.voice for paragraph in statement.paragraphs]
        assert voices == [voice for voice, _ in turns]

    mistake()
    assert accepted > 60


PANEL = 'voices = ["Moderator", "Ann Example", "Secretary Other"]\n'
PANEL_TEXT = """
# A title

Good morning.

Moderator: Welcome.

Ann Example: Because.

Secretary Other: I agree.

- And so do all others.
"""


def test_page_and_data_agree_about_voices(open_statement: OpenStatement) -> None:
    client = open_statement(PANEL_TEXT, FRONT_MATTER + SPEAKER + PANEL)
    page = read_page(client.get("/").text)
    attributions = {}
    for id_ in ("statement", "p2", "p3", "p4", "p4-1"):
        attributions[id_] = page.part(id_).attributes["data-attribution"]
    assert attributions == {
        "statement": "“A title”",
        "p2": "Moderator, in “A title”",
        "p3": "Ann Example",
        "p4": "Secretary Other, in “A title”",
        "p4-1": "Secretary Other, in “A title”",
    }
    assert "data-attribution" not in page.part("p1").attributes
    data = json.loads(client.get("/statement.json").text)
    voices = [paragraph["voice"] for paragraph in data["paragraphs"]]
    assert voices == [None, "Moderator", "Ann Example", "Secretary Other"]
    assert data["paragraphs"][3]["items"][0]["voice"] == "Secretary Other"
