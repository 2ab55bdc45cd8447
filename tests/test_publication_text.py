"""`flask check --published`: the words of the page are those of the publication."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from click.testing import Result
from complete_front_matter import complete_front_matter
from conftest import MakeApp
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st

from app import STATEMENT
from app.reading.reader import read_statement
from app.site.compared_text import PublicationText
from app.site.word_comparison import WordComparison

CASES = Path(__file__).parent / "cases" / "publication_text.txt"
GOLDEN = Path(__file__).parent / "golden"
PUBLISHED = STATEMENT.with_name("published.txt")
OWN_STATEMENT = read_statement(STATEMENT)
OWN_TEXT = PUBLISHED.read_text("utf-8")
# A name that nearly every text contains, so that it is not reported as missing.
SPEAKER = 'speaker = { name = "We" }\n'
FRONT_MATTER = """\
published = 2020-05-04
publisher = "Ministry"
language = "en-GB"
"""
SHORT_STATEMENT = f"+++\n{FRONT_MATTER}{SPEAKER}+++\n\n# On peace\n\nWe met.\n"
CASE_RE = re.compile(
    r"== (?P<name>.*)\n"
    r"(?P<keys>(?s:.*?))(?P<body># (?s:.*?))"
    r"-- publication\n(?P<publication>(?s:.*?))"
    r"-- output, status (?P<status>[01])\n(?P<output>(?s:.*))"
)
# The texts of these keys are parts of a name, or words that a correction has changed.
KEYS_WITHOUT_LINES = {"family", "given", "was"}
# The first and last characters of the ranges that the reader rejects.
UNUSABLE = (
    "\ue000\uf8ff\ufdd0\ufdef\ufff9\uffff\U000e0000\U000e00ff\U000e01f0\U0010ffff"
)
# Their neighbours, which the reader accepts.
USABLE = "\uf900\ufdcf\ufdf0\ufff8\U00010000\U000e0100\U000e01ef"
TEXT_RE = re.compile(r'(\w+)( = \[?)"TEXT"')
NUMBERED_RE = re.compile(r'(\w+) = \[?"(\1 \d+)"')


@dataclass(frozen=True)
class Case:
    name: str
    statement: str
    publication: str
    output: list[str]
    status: int


def read_cases() -> list[Case]:
    """Return the cases of the file; lines of output without a number name no line."""
    _, *texts = re.split(r"(?m)^(?=== )", CASES.read_text("utf-8"))
    cases = []
    for text in texts:
        text = re.sub(r"\{U\+(\w+)\}", lambda match: chr(int(match[1], 16)), text)
        match = CASE_RE.fullmatch(text)
        assert match, text
        output = []
        for line in match["output"].split("\n"):
            if line:
                separator = ":" if line[0].isdigit() else ": "
                output.append(f"published.txt{separator}{line}")
        keys = match["keys"]
        if "speaker =" not in keys:
            keys = SPEAKER + keys
        statement = f"+++\n{FRONT_MATTER}{keys}+++\n\n{match['body']}"
        status = int(match["status"])
        cases.append(
            Case(match["name"], statement, match["publication"], output, status)
        )
    return cases


Check = Callable[..., Result]


@pytest.fixture
def check(make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return a function that compares a statement with a publication."""
    monkeypatch.chdir(tmp_path)

    def run_check(statement: str, publication: bytes) -> Result:
        Path("statement.md").write_text(statement, "utf-8")
        Path("published.txt").write_bytes(publication)
        app = make_app(STATEMENT="statement.md")
        runner = app.test_cli_runner()
        return runner.invoke(args=["check", "--published", "published.txt"])

    return run_check


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_words_that_differ_are_reported(case: Case, check: Check) -> None:
    result = check(case.statement, case.publication.encode())
    output = result.stderr.replace("Error: ", "").splitlines()
    assert "\n".join(output) == "\n".join(case.output)
    assert result.exit_code == case.status


def test_the_statement_has_the_words_of_its_publication(app: Flask) -> None:
    arguments = ["check", "--published", str(PUBLISHED)]
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.stdout.endswith(
        "…” is valid and has only words of the publication.\n"
    )
    assert result.exit_code == 0
    lines = [line.split("“")[1].split("”")[0] for line in result.stderr.splitlines()]
    assert lines == [
        "29 December 201817:33",
        "• en-GB1 ru-RU1",
        "Additional materials",
        "Advanced settings",
    ]


def test_a_line_with_a_text_of_the_front_matter_that_the_page_shows_is_not_reported(
    check: Check, make_app: MakeApp
) -> None:
    front_matter = number_texts(complete_front_matter("TEXT", "https://a.org", "en"))
    texts = []
    for key, text in NUMBERED_RE.findall(front_matter):
        if key not in KEYS_WITHOUT_LINES:
            texts.append(text)
    publication = "\n".join(["On peace", "We met.", *texts])
    statement = f"+++\n{front_matter}\n+++\n\n# On peace\n\nWe met.\n"
    output = check(statement, publication.encode()).stderr
    page = make_app(STATEMENT="statement.md").test_client().get("/").text
    shown = [text for text in texts if text in page]
    assert shown
    for text in shown:
        warning = f"not on the page: “{text}”"
        assert warning not in output, "its field needs an occurrence"


def number_texts(front_matter: str) -> str:
    """Return a front matter with different values, "place 12", in place of "TEXT"."""
    numbers = count(10)  # they have two digits, so that no value contains another
    return TEXT_RE.sub(
        lambda match: f'{match[1]}{match[2]}"{match[1]} {next(numbers)}"', front_matter
    )


@given(
    index=st.integers(OWN_TEXT.index("We held"), OWN_TEXT.rindex(".")),
    replacement=st.sampled_from(["", "q", "\u00ad", "\u0301"]),
)
def test_a_changed_character_is_an_error(index: int, replacement: str) -> None:
    assume(OWN_TEXT[index] != "\n")
    changed = OWN_TEXT[:index] + replacement + OWN_TEXT[index + 1 :]
    publication = PublicationText("published.txt", changed)
    findings = WordComparison(OWN_STATEMENT, publication).findings
    has_errors = any(not finding.is_warning for finding in findings)
    is_same = "".join(changed.split()) == "".join(OWN_TEXT.split())
    assert has_errors != is_same


@pytest.mark.parametrize(
    ("lines", "problem"), [(100, "differs"), (101, "is not in the publication")]
)
def test_a_part_is_compared_with_the_beginnings_of_100_lines(
    lines: int, problem: str, check: Check
) -> None:
    menu = [f"Menu {number}" for number in range(lines - 1)]
    publication = "\n".join(["On peace", *menu, "We meet."])
    errors = check(SHORT_STATEMENT, publication.encode()).stderr.partition("Error: ")[2]
    assert problem in errors


def test_a_fix_never_asks_for_a_character_that_a_statement_must_not_contain(
    check: Check,
) -> None:
    lines = []
    expected = []
    for number, character in enumerate(UNUSABLE + USABLE):
        lines.append(f"We met on day {number}{character} of the month.")
        expected.append(character in UNUSABLE)
    publication = "\n".join(["On peace", *lines])
    body = re.sub(f"[{UNUSABLE}{USABLE}]", "", "\n\n".join(lines))
    statement = SHORT_STATEMENT.replace("We met.", body)
    errors = check(statement, publication.encode()).stderr.splitlines()
    assert ["must not contain this" in error for error in errors] == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "published.txt: the file is empty; copy the whole text"),
        (b"\xef\xbb\xbf \n", "published.txt: the file is empty; copy the whole text"),
        (b"On\nGr\xfc\xdfe", "published.txt:2: byte 0xfc is not UTF-8; save the"),
        ("On\npeace".encode("utf-16"), "published.txt:1: byte 0xff is not UTF-8; save"),
    ],
)
def test_a_file_that_is_not_text_is_one_error(
    data: bytes, message: str, check: Check
) -> None:
    result = check(SHORT_STATEMENT, data)
    assert result.stderr.startswith(f"Error: {message}")
    assert result.stderr.count("\n") == 1
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (".", "Is a directory"),
        ("missing.txt", "No such file or directory"),
        ("a\0b", "embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error(
    name: str, problem: str, app: Flask
) -> None:
    result = app.test_cli_runner().invoke(args=["check", "--published", name])
    assert result.stderr.endswith(
        f": {problem}; name a text file that this user can read\n"
    )
    assert result.stderr.count("\n") == 1
    assert result.exit_code == 1


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(line_break: str, check: Check) -> None:
    lines = ["On peace", "Menu", "", "We meet."]
    result = check(SHORT_STATEMENT, line_break.join(lines).encode())
    locations = re.findall(r"published\.txt:\d+", result.stderr)
    assert locations == ["published.txt:2", "published.txt:4"]


def test_errors_of_an_earlier_edition_are_reported_too(
    check: Check, tmp_path: Path, make_app: MakeApp
) -> None:
    statement = SHORT_STATEMENT
    check(statement, b"On peace\nWe meet.\n")
    (tmp_path / "statement.json").write_text("{}")
    runner = make_app(STATEMENT="statement.md").test_cli_runner()
    arguments = ["check", "--published", "published.txt", "statement.json"]
    result = runner.invoke(args=arguments)
    errors = result.stderr.partition("Error: ")[2].splitlines()
    assert [error.split(": ")[0] for error in errors] == [
        "published.txt:2",
        "statement.json",
    ]
