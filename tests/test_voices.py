"""Voices: who speaks in each paragraph and item, and which labels are rejected."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from case_files import Case, read_cases, read_rows
from conftest import OpenStatement, parts_of
from hypothesis import given, settings
from hypothesis import strategies as st
from served_page import read_page

from app.errors import ContentError
from app.reading.reader import read_statement
from app.statement import Paragraph, Part, Section, Statement

FRONT_MATTER = """\
published = 2020-05-04
publisher = "Ministry of Examples"
language = "en-GB"
"""
SPEAKER = 'speaker = { given = "Ann", family = "Example", role = "Minister" }\n'

CASES = read_cases("voices.txt")
FIXED_CASES = [case for case in CASES if case.get("fixed")]
# The voices that a message asks to declare.
LISTED_VOICES_RE = re.compile(r"voices = (\[\".*\"\]) \(“")
LISTING_CASES = [case for case in CASES if LISTED_VOICES_RE.search(case["outcome"])]
# The lines of a label in a message.
LISTED_LINES_RE = re.compile(r"” in lines? ([\d, and]+)")
# The sign to escape: the bracket that begins a label, or the sign that ends it. A colon
# between digits is in a time, and a hyphen between letters is in a word.
SIGN_RE = re.compile(
    r"(?<!\d):|:(?!\d)|[：–—[［【（]|(?<=\S )-|(?<=\S)-(?= |$)|(?<=[A-Z]{2})\."
)
# A strong name that begins a line, without a colon.
STRONG_NAME_RE = re.compile(r"^\*\*([^*:]+)\*\*(?= )")

WriteStatement = Callable[..., Path]


def write_case(write_statement: WriteStatement, text: str) -> Path:
    """Write a statement. Its own keys come before the first empty line of `text`."""
    keys, _, body = f"\n{text}".partition("\n\n")
    front_matter = FRONT_MATTER
    if "speaker = " not in keys:
        front_matter += SPEAKER
    front_matter += f"{keys}\n".lstrip("\n")
    return write_statement(f"\n# A title\n\n{body}\n", front_matter)


def read_outcome(path: Path) -> str:
    """Return the voices of a statement, or the error messages without their path."""
    try:
        statement = read_statement(path)
    except ContentError as error:
        return re.sub(r"(?m)^.*?statement\.md:", "", error.message)
    return "\n".join(describe(statement))


def describe(text: Statement | Section) -> list[str]:
    """Return the anchor, the voice and the label of each part: "p1 Q (Q:)"."""
    descriptions = []
    for part in parts_of(text.blocks):
        descriptions.append(f"{part.id} {part.voice or '–'}{label_of(part)}")
    sections = text.sections if isinstance(text, Statement) else text.subsections
    for section in sections:
        descriptions.extend(describe(section))
    return descriptions


def label_of(part: Part) -> str:
    """Return the label that begins a turn in parentheses, or ""."""
    if isinstance(part, Paragraph) and part.opens_turn:
        return f" ({part.turn_label})"
    return ""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_text_has_its_voices_or_error(
    write_statement: WriteStatement, case: Case
) -> None:
    path = write_case(write_statement, case["given"])
    assert read_outcome(path) == case["outcome"]


@pytest.mark.parametrize("case", FIXED_CASES, ids=str)
def test_a_text_loads_after_its_fix(
    write_statement: WriteStatement, case: Case
) -> None:
    path = write_case(write_statement, case["fixed"])
    read_statement(path)  # raises ContentError if the fix fails


@pytest.mark.parametrize("case", LISTING_CASES, ids=str)
def test_no_label_is_reported_again_after_escapes_in_the_listed_lines(
    write_statement: WriteStatement, case: Case
) -> None:
    path = write_case(write_statement, case["given"])
    lines = path.read_text(encoding="utf-8").split("\n")
    listed = " ".join(LISTED_LINES_RE.findall(case["outcome"]))
    for number in re.findall(r"\d+", listed):
        index = int(number) - 1
        line = STRONG_NAME_RE.sub(r"\1", lines[index])
        if line == lines[index]:
            line = SIGN_RE.sub(r"\\\g<0>", line, count=1)
        lines[index] = line
    path.write_text("\n".join(lines), encoding="utf-8")
    assert not LISTED_VOICES_RE.search(read_outcome(path))


@pytest.mark.parametrize("case", LISTING_CASES, ids=str)
def test_no_label_is_reported_again_after_the_listed_voices_are_pasted(
    write_statement: WriteStatement, case: Case
) -> None:
    match = LISTED_VOICES_RE.search(case["outcome"])
    assert match is not None
    keys, _, body = f"\n{case['given']}".partition("\n\n")
    keys = re.sub("(?m)^voices = .*", "", keys).strip("\n")
    text = f"voices = {match[1]}\n{keys}".rstrip("\n") + f"\n\n{body}"
    outcome = read_outcome(write_case(write_statement, text))
    assert not LISTED_VOICES_RE.search(outcome)


FIVE_TURNS = """\
speaker = { given = "José", family = "Dvořák" }
voices = ["Question", "José Dvořák", "[The Chair]", "Q -", "Bo – Other"]

Question: a

José Dvořák: b

[The Chair] c

Q - d

Bo – Other: e

"""


@pytest.mark.parametrize("row", read_rows("voices_similar.txt"), ids=str)
def test_a_label_that_differs_from_its_voice_is_rejected(
    write_statement: WriteStatement, row: list[str]
) -> None:
    paragraph = f"{row[0]} words"
    path = write_case(write_statement, FIVE_TURNS + paragraph)
    (message,) = read_outcome(path).split("\n")
    assert message.startswith(f"21: “{paragraph}” begins with “")
    assert "” as declared; " in message


@pytest.mark.parametrize("time_code", ["", "[00:12] "])
@pytest.mark.parametrize("voice", ["V" * 299, " ".join(["Voice"] * 20)], ids=len)
def test_a_voice_has_up_to_20_words_and_299_characters(
    write_statement: WriteStatement, voice: str, time_code: str
) -> None:
    text = f"""\
speaker = {{ family = "Example", voice = "{voice}" }}
voices = ["{voice}"]

{time_code}{voice}: a
"""
    path = write_case(write_statement, text)
    (paragraph,) = read_statement(path).paragraphs
    assert paragraph.voice == voice


@pytest.mark.parametrize("voice", ["V" * 300, " ".join(["Voice"] * 21)], ids=len)
def test_a_longer_voice_is_rejected(
    write_statement: WriteStatement, voice: str
) -> None:
    text = f'voices = ["{voice}", "Ann Example"]\n\n{voice}: a\n\nAnn Example: b'
    path = write_case(write_statement, text)
    assert read_outcome(path) == (
        f'6: “voices = ["{voice[:48]}…” declares a voice that is too long for a label: '
        f"{voice}; remove it, also as the voice of a speaker; "
        "a label has up to 20 words and fewer than 300 characters"
    )


TWO_TURNS = """\
voices = ["Question", "Ann Example"]

Question: a

Ann Example: b

"""


@pytest.mark.parametrize("rest", ["b" * 290, " ".join(["word"] * 19)], ids=len)
def test_a_label_that_begins_with_a_voice_has_up_to_20_words_and_299_characters(
    write_statement: WriteStatement, rest: str
) -> None:
    label = f"Question {rest}"
    path = write_case(write_statement, f"{TWO_TURNS}{label}: c")
    outcome = read_outcome(path)
    assert "begins with a label that is not in voices; " in outcome
    assert outcome.endswith(f" (“{label}” in line 15)")


@pytest.mark.parametrize("rest", ["b" * 291, " ".join(["word"] * 20)], ids=len)
def test_a_longer_text_that_begins_with_a_voice_is_no_label(
    write_statement: WriteStatement, rest: str
) -> None:
    path = write_case(write_statement, f"{TWO_TURNS}Question {rest}: c")
    *_, paragraph = read_statement(path).paragraphs
    assert paragraph.voice == "Ann Example"


def write_name(write_statement: WriteStatement, name: str) -> Path:
    """Write a statement in which a voice is also a paragraph of its own."""
    text = f"""\
voices = ["{name}", "Ann Example"]

{name}: a

Ann Example: b

{name}

c
"""
    return write_case(write_statement, text)


def test_a_paragraph_that_is_only_a_name_has_up_to_100_characters(
    write_statement: WriteStatement,
) -> None:
    path = write_name(write_statement, "N" * 100)
    assert read_outcome(path).startswith(f"15: “{'N' * 59}…” is only a name; ")


def test_a_longer_paragraph_is_not_only_a_name(
    write_statement: WriteStatement,
) -> None:
    path = write_name(write_statement, "N" * 101)
    paragraphs = read_statement(path).paragraphs
    assert paragraphs[2].voice == "Ann Example"


@pytest.mark.parametrize("row", read_rows("voices_of_speaker.txt"), ids=str)
def test_only_a_label_that_certainly_introduces_the_speaker_is_the_speakers_voice(
    write_statement: WriteStatement, row: list[str]
) -> None:
    label, is_certain = row
    role = 'role = "Minister for Foreign Affairs"'
    keys = f"""\
speaker = {{ given = "Ann", family = "Example", {role} }}
voices = ["Turn", "{label}"]
"""
    path = write_case(write_statement, f"{keys}\nTurn: a\n\n{label}: b")
    if is_certain == "yes":
        (speaker,) = read_statement(path).publication.speakers
        assert speaker.voice == label
    else:
        assert "Which of these introduces Ann Example?" in read_outcome(path)


@pytest.mark.parametrize("row", read_rows("voices_with_names.txt"), ids=str)
def test_a_label_that_contains_a_name_is_rejected_without_voices(
    write_statement: WriteStatement, row: list[str]
) -> None:
    speaker, *paragraphs = row
    text = f"speaker = {{ {speaker} }}\n\n" + "\n\n".join(paragraphs)
    outcome = read_outcome(write_case(write_statement, text))
    assert "the front matter declares no voices" in outcome


@pytest.mark.parametrize("paragraphs", read_rows("voices_openings.txt"), ids=str)
def test_an_opening_that_is_no_label_loads(
    write_statement: WriteStatement, paragraphs: list[str]
) -> None:
    path = write_case(write_statement, "\n" + "\n\n".join(paragraphs))
    for part in parts_of(read_statement(path).blocks):
        assert part.voice is None


@pytest.mark.parametrize("label", ["First", "Security", "Foreign policy"])
def test_a_word_of_the_role_that_is_not_its_noun_is_no_label(
    write_statement: WriteStatement, label: str
) -> None:
    role = "First Deputy Minister for Foreign and Security Policy"
    speaker = f'speaker = {{ family = "Example", role = "{role}" }}'
    path = write_case(write_statement, f"{speaker}\n\n{label}: we want peace.")
    read_statement(path)  # raises ContentError if the word is a label


# A part of a turn, and a mistake in its place.
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
    (":", " –"),
    (":", "."),
    ("Question:", "**Question**"),
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
    write_statement: WriteStatement,
) -> None:
    keys = 'voices = ["Question", "Ann Example", "José", "Then"]\n'
    accepted = 0

    @settings(max_examples=200)
    @given(st.lists(mistaken_turn(), min_size=1, max_size=3))
    def attribute(mistaken: list[tuple[str, str]]) -> None:
        nonlocal accepted
        expected = ["Question", "Ann Example", "José", "Then"]
        texts = list(TURNS)
        for voice, text in mistaken:
            expected.append(voice)
            texts.append(text)
        path = write_case(write_statement, f"{keys}\n" + "\n\n".join(texts))
        try:
            statement = read_statement(path)
        except ContentError:
            return
        accepted += 1
        assert [paragraph.voice for paragraph in statement.paragraphs] == expected

    attribute()
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
