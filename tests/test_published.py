"""A new edition is compared with the one that was published before."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from conftest import MakeApp
from servers import contents

from app.errors import ContentError
from app.reading.reader import read_statement
from app.site.published import check
from app.site.statement_json import statement_json as statement_data
from app.site.views import dump_json

CASES = Path(__file__).parent / "cases" / "editions.txt"
BROKEN = Path(__file__).parent / "cases" / "editions_broken.txt"
FRONT_MATTER = {
    "published": "2024-05-02",
    "speaker": '{ given = "Ada", family = "Sample", role = "Minister" }',
    "publisher": '"Ministry of Examples"',
    "source": '"https://example.org/1"',
    "language": '"en-GB"',
}
CASE_RE = re.compile(
    r"=== (?P<name>.*)\n"
    r"--- before\n(?P<before>(?s:.*?))"
    r"--- after\n(?P<after>(?s:.*?))"
    r"--- (?P<kind>errors|warnings)\n(?P<messages>(?s:.*))"
)
CODE_POINT_RE = re.compile(r"\{U\+([0-9A-F]{4})\}")
LAST_LINE = (
    "was published; if no reader can have linked to it yet, and only then, "
    "run flask export --unpublished FOLDER"
)

Run = Callable[..., Result]


@dataclass(frozen=True)
class Case:
    """Two editions, and the messages about the second one."""

    name: str
    before: str
    after: str
    errors: list[str]
    warnings: list[str]


def write_edition(text: str) -> str:
    """Return a statement's file with `text`, which may begin with keys and +++.

    These keys are added to the others or replace them; one without value is removed.
    """
    keys, _, body = text.rpartition("+++\n")
    front_matter = dict(FRONT_MATTER)
    tables: list[str] = []
    for line in keys.splitlines():
        key, _, value = line.partition(" =")
        if tables or line.startswith("[["):
            tables.append(line)
        elif key:
            front_matter[key] = value.strip()
    lines = [f"{key} = {value}" for key, value in front_matter.items() if value]
    if not body.startswith("# "):
        body = f"# A statement\n\n{body}"
    return "\n".join(["+++", *lines, *tables, "+++", body])


def read_cases() -> list[Case]:
    """Return the cases of the file."""
    _, *texts = re.split(r"(?m)^(?==== )", CASES.read_text("utf-8"))
    cases = []
    for text in texts:
        text = CODE_POINT_RE.sub(lambda match: chr(int(match[1], 16)), text)
        match = CASE_RE.fullmatch(text)
        assert match, text
        messages = match["messages"].replace("TODAY", str(date.today())).splitlines()
        messages = [message for message in messages if message]
        is_error = match["kind"] == "errors"
        case = Case(
            name=match["name"],
            before=write_edition(match["before"]),
            after=write_edition(match["after"]),
            errors=messages if is_error else [],
            warnings=[] if is_error else messages,
        )
        cases.append(case)
    return cases


@pytest.fixture
def run(make_app: MakeApp, tmp_path: Path) -> Run:
    """Return a function that runs a command for a statement's text."""

    def run_command(text: str, *arguments: str, stdin: bytes | None = None) -> Result:
        path = tmp_path / "statement.md"
        path.write_text(text, encoding="utf-8")
        runner = make_app(STATEMENT=str(path)).test_cli_runner()
        return runner.invoke(args=arguments, input=stdin)

    return run_command


@pytest.fixture
def statement_json(tmp_path: Path) -> Callable[[str], bytes]:
    """Return a function that returns the statement.json of a statement's text."""

    def get(text: str) -> bytes:
        path = tmp_path / "edition.md"
        path.write_text(text, encoding="utf-8")
        data = statement_data(read_statement(path), None)
        return dump_json(data).encode()

    return get


def error_of(earlier: bytes, new: dict[str, Any]) -> str:
    """Return the message of the error that a check raises."""
    with pytest.raises(ContentError) as raised:
        check(earlier, "S", new)
    return raised.value.message


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_a_check_has_the_errors_or_the_warnings_of_its_case(
    statement_json: Callable[[str], bytes], case: Case
) -> None:
    earlier = statement_json(case.before)
    new = json.loads(statement_json(case.after))
    if case.errors:
        message = error_of(earlier, new)
        lines = [line.removeprefix("S: ") for line in message.splitlines()]
        assert lines == [*case.errors, LAST_LINE]
    else:
        warnings = check(earlier, "S", new)
        assert warnings == [f"S: {warning}" for warning in case.warnings]


def test_a_source_that_begins_in_the_same_way_is_of_another_statement(
    statement_json: Callable[[str], bytes],
) -> None:
    earlier = statement_json(write_edition("One."))
    text = write_edition('source = "https://example.org/12"\n+++\nOne.')
    new = json.loads(statement_json(text))
    assert error_of(earlier, new) == (
        "S: is of another statement, “A statement”; give each statement a folder of "
        'its own, or write source = "https://example.org/1"'
    )


def test_another_title_and_day_without_a_source_are_of_another_statement(
    statement_json: Callable[[str], bytes],
) -> None:
    earlier = statement_json(write_edition("source =\n+++\nOne."))
    keys = "published = 2024-05-03\nsource =\n"
    text = write_edition(f"{keys}+++\n# Another title\n\nOne.")
    new = json.loads(statement_json(text))
    assert error_of(earlier, new) == (
        "S: is of another statement, “A statement”; "
        "give each statement a folder of its own"
    )


def test_a_check_with_only_warnings_ends_with_status_0(
    run: Run, statement_json: Callable[[str], bytes]
) -> None:
    earlier = statement_json(write_edition("# One\n\nOne."))
    result = run(write_edition("# Two\n\nOne."), "check", "-", stdin=earlier)
    assert result.stderr == "standard input: title: “One” is now “Two”\n"
    assert result.exit_code == 0


def test_a_check_with_errors_ends_with_status_1(
    run: Run, statement_json: Callable[[str], bytes]
) -> None:
    earlier = statement_json(write_edition("One."))
    result = run(write_edition("Two."), "check", "-", stdin=earlier)
    assert result.stderr.startswith("Error: standard input: p1: “One.” is now “Two.”")
    assert result.stderr.endswith(f"\nstandard input: {LAST_LINE}\n")
    assert result.exit_code == 1


def test_an_edition_that_breaks_a_promise_is_not_exported(
    run: Run, folder: Path
) -> None:
    assert run(write_edition("One."), "export", str(folder)).exit_code == 0
    before = contents(folder)
    result = run(write_edition("Two."), "export", str(folder))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {folder / 'statement.json'}: p1: “One.”")
    assert result.stderr.endswith(f"{folder / 'statement.json'}: {LAST_LINE}\n")
    assert contents(folder) == before


def test_an_edition_with_warnings_is_exported(run: Run, folder: Path) -> None:
    assert run(write_edition("# One\n\nOne."), "export", str(folder)).exit_code == 0
    result = run(write_edition("# Two\n\nOne."), "export", str(folder))
    warning = "title: “One” is now “Two”"
    assert result.stderr == f"{folder / 'statement.json'}: {warning}\n"
    assert "<h1>Two</h1>" in (folder / "index.html").read_text("utf-8")


def test_the_loss_of_the_canonical_address_is_a_warning(
    make_app: MakeApp, run: Run, tmp_path: Path
) -> None:
    text = write_edition("One.")
    path = tmp_path / "earlier.md"
    path.write_text(text, encoding="utf-8")
    app = make_app(STATEMENT=str(path), SITE_URL="https://example.org/talks")
    data = app.test_client().get("/statement.json").get_data()
    result = run(text, "check", "-", stdin=data)
    assert result.stderr == (
        "standard input: url: “https://example.org/talks/” was removed; "
        "set FLASK_SITE_URL=https://example.org/talks\n"
    )


def test_an_added_canonical_address_is_a_warning(
    statement_json: Callable[[str], bytes],
) -> None:
    earlier = statement_json(write_edition("One."))
    new = json.loads(earlier)
    new["url"] = "https://example.org/"
    warnings = check(earlier, "S", new)
    assert warnings == ["S: url: “https://example.org/” was added"]


def test_a_changed_canonical_address_is_a_warning(
    statement_json: Callable[[str], bytes],
) -> None:
    data = json.loads(statement_json(write_edition("One.")))
    data["url"] = "https://example.org/"
    earlier = json.dumps(data).encode()
    data["url"] = "https://a.org/"
    warnings = check(earlier, "S", data)
    assert warnings == ["S: url: “https://example.org/” is now “https://a.org/”"]


def test_a_value_of_the_earlier_edition_is_shown_in_one_line(
    run: Run, statement_json: Callable[[str], bytes]
) -> None:
    text = write_edition("One.")
    data = json.loads(statement_json(text))
    data["publisher"] = "A\x00\n\x1f \x7f\x80\x85\x9f\u2028\u2029B"
    shown = r"A\x00\n\x1f \x7f\x80\x85\x9f\u2028\u2029B"
    result = run(text, "check", "-", stdin=json.dumps(data).encode())
    expected = f"publisher: “{shown}” is now “Ministry of Examples”"
    assert result.stderr == f"standard input: {expected}\n"


def test_a_value_that_is_no_text_is_shown_as_text(
    statement_json: Callable[[str], bytes],
) -> None:
    data = json.loads(statement_json(write_edition("One.")))
    data["publisher"] = 5
    earlier = json.dumps(data).encode()
    data["publisher"] = "Ministry"
    warnings = check(earlier, "S", data)
    assert warnings == ["S: publisher: “5” is now “Ministry”"]


def test_an_unpublished_edition_is_not_compared(run: Run, folder: Path) -> None:
    assert run(write_edition("One."), "export", str(folder)).exit_code == 0
    result = run(write_edition("Two."), "export", "--unpublished", str(folder))
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            "A statement on peace and trade in all parts of the region ..",
            "A statement on peace and trade in all parts of the region ..",
        ),
        (
            "A statement on peace and trade in all parts of the region ...",
            "A statement on peace and trade in all parts of the region…",
        ),
    ],
    ids=["60 characters", "61 characters"],
)
def test_check_reports_that_an_edition_keeps_every_promise(
    run: Run,
    statement_json: Callable[[str], bytes],
    tmp_path: Path,
    title: str,
    shown: str,
) -> None:
    text = write_edition(f"# {title}\n\nOne.")
    path = tmp_path / "earlier.json"
    path.write_bytes(statement_json(text))
    expected = f"“{shown}” is valid and keeps the published addresses and words.\n"
    assert run(text, "check", str(path)).output == expected


@pytest.mark.parametrize(
    ("name", "problem"),
    [("missing.json", "does not exist"), ("", "is a directory")],
)
def test_an_earlier_edition_must_be_a_file(
    run: Run, tmp_path: Path, name: str, problem: str
) -> None:
    result = run(write_edition("One."), "check", str(tmp_path / name))
    assert f"'{tmp_path / name}' {problem}." in result.stderr
    assert result.exit_code == 2


def broken_members() -> list[str]:
    """Return the cases of the file, each a JSON object."""
    lines = BROKEN.read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith("{")]


@pytest.mark.parametrize("members", broken_members())
def test_a_file_that_is_no_edition_is_reported_in_one_line(
    run: Run, statement_json: Callable[[str], bytes], members: str
) -> None:
    text = write_edition("One.")
    data = json.loads(statement_json(text))
    data.update(json.loads(members))
    assert_unreadable(run(text, "check", "-", stdin=json.dumps(data).encode()))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html>",
        b"\xff",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"format": ' + b"1" * 5000 + b"}",
    ],
    ids=["empty", "HTML", "not UTF-8", "null", "a list", "deep", "a long number"],
)
def test_a_file_that_is_no_object_is_reported_in_one_line(
    run: Run, data: bytes
) -> None:
    assert_unreadable(run(write_edition("One."), "check", "-", stdin=data))


def add_items(edition: bytes, numbers: int) -> bytes:
    """Return an edition with nested items; the last id has this many numbers."""
    data = json.loads(edition)
    id_ = "p1"
    for _ in range(numbers - 1):
        id_ += "-1"
        data["items"].append({"id": id_, "text": "Two.", "voice": None, "items": []})
    return json.dumps(data).encode()


def test_an_id_may_have_100_numbers(
    run: Run, statement_json: Callable[[str], bytes]
) -> None:
    text = write_edition("One.")
    earlier = add_items(statement_json(text), 100)
    result = run(text, "check", "-", stdin=earlier)
    assert "p1-1, “Two.”, is gone" in result.stderr


def test_an_edition_in_which_an_id_has_101_numbers_is_not_read(
    run: Run, statement_json: Callable[[str], bytes]
) -> None:
    text = write_edition("One.")
    earlier = add_items(statement_json(text), 101)
    result = run(text, "check", "-", stdin=earlier)
    assert_unreadable(result)


def assert_unreadable(result: Result) -> None:
    problem = "is not the statement.json of an edition; put the published one there"
    assert result.stderr == f"Error: standard input: {problem}\n"
    assert result.exit_code == 1


def test_another_format_is_left_to_the_program_that_wrote_it(run: Run) -> None:
    result = run(write_edition("One."), "check", "-", stdin=b'{"format": 3}')
    assert result.stderr == (
        "Error: standard input: has format 3, and only format 2 is read; "
        "compare with the version of this program that wrote it\n"
    )
    assert result.exit_code == 1
