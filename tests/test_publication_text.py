"""`flask check --published`: the words of the page are those of the publication."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from conftest import MakeApp

CASES = Path(__file__).parent / "cases" / "publication_text.txt"
FRONT_MATTER = """\
published = 2020-05-04
speaker = { name = "We" }
publisher = "Ministry"
language = "en-GB"
"""
CASE_RE = re.compile(
    r"== (?P<name>.*)\n"
    r"(?P<keys>(?s:.*?))(?P<body># (?s:.*?))"
    r"-- publication\n(?P<publication>(?s:.*?))"
    r"-- output, status (?P<status>[01])\n(?P<output>(?s:.*))"
)


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
        statement = f"+++\n{FRONT_MATTER}{match['keys']}+++\n\n{match['body']}"
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
