"""README.md and content/README.md describe the app as it is."""

import re
import shlex
import shutil
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from conftest import OpenStatement
from flask import Flask
from servers import ROOT, flask_command, free_port, get, run_server

from app import create_app
from app.errors import ContentError
from app.publication import Correction, Material, Publication, Speaker, Version
from app.reading.reader import read_statement
from app.site.citation import FORMATS

README = (ROOT / "README.md").read_text("utf-8")
GUIDE = (ROOT / "content" / "README.md").read_text("utf-8")

SETTING_RE = re.compile(r"^\| `FLASK_(\w+)`", re.MULTILINE)
KEY_ROW_RE = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)
MEMBER_ROW_RE = re.compile(r"^\| (?:the|an?) (\w+) \| (.*) \|$", re.MULTILINE)
CODE_RE = re.compile(r"`(\w+)`")
# A flask command in a code block or between backticks, up to a pipe or another command.
COMMAND_RE = re.compile(r"\bflask ((?:run|check|export)\b[^`\n|&]*)")
CITATION_RE = re.compile(r"`/(statement\.[\w.]+)`")
PATH_RE = re.compile(r"`((?:app|content|templates|tests|static)/[\w./]+)`")


def section(document: str, heading: str) -> str:
    """Return the text below a heading."""
    return document.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def keys(table: type[Any]) -> dict[str, bool]:
    """Return the keys of a table of the front matter, and whether each is required."""
    found = {}
    for field in fields(table):
        name = field.metadata["key"].name or field.name
        found[name] = field.default is MISSING
    return found


def codes(text: str, row_re: re.Pattern[str]) -> dict[str, set[str]]:
    """Return the words in backticks of each row of a table."""
    found = {}
    for name, description in row_re.findall(text):
        found[name] = set(CODE_RE.findall(description))
    return found


def commands() -> list[str]:
    """Return the arguments of each flask command in both documents."""
    found = []
    for arguments in COMMAND_RE.findall(README + GUIDE):
        arguments = arguments.strip()
        if arguments not in found:
            found.append(arguments)
    return found


def write_example(example: str, folder: Path) -> Path:
    path = folder / "statement.md"
    path.write_text(example, "utf-8")
    return path


# Examples


def test_the_example_in_readme_is_a_valid_statement(tmp_path: Path) -> None:
    text = section(README, "Use your own statement")
    lines = re.findall(r"^(?:    .*)?\n", text, re.MULTILINE)
    example = "".join(line.removeprefix("    ") for line in lines).strip() + "\n"
    statement = read_statement(write_example(example, tmp_path))
    assert [part.text for part in statement.paragraphs] == [
        "We met on Monday. Each line is one paragraph."
    ]


def test_the_example_in_the_guide_is_a_valid_statement(tmp_path: Path) -> None:
    example = GUIDE.partition("```\n")[2].partition("```")[0]
    statement = read_statement(write_example(example, tmp_path))
    assert statement.publication.materials
    assert [part.id for part in statement.sections] == ["return-of-refugees"]


def test_the_correction_in_the_guide_is_accepted(
    open_statement: OpenStatement,
) -> None:
    correction = GUIDE.partition("```\n[[corrections]]")[2].partition("```")[0]
    client = open_statement(
        "# Title\n\nA meeting.\n",
        'published = 2018-12-29\nspeaker = { family = "Lavrov" }\n'
        f'publisher = "M"\nlanguage = "en"\n[[corrections]]{correction}',
    )
    assert "a very useful meeting" in client.get("/").text


# Tables


def test_every_key_of_the_front_matter_is_described() -> None:
    described = {}
    for key, text in KEY_ROW_RE.findall(section(GUIDE, "The front matter")):
        described[key] = text.startswith("required")
    assert described == keys(Publication)


def test_every_key_of_the_tables_in_it_is_described() -> None:
    described = codes(section(GUIDE, "The front matter"), KEY_ROW_RE)
    assert described["speaker"] == keys(Speaker).keys()
    assert described["materials"] - {"materials"} == keys(Material).keys()
    assert described["versions"] - {"versions"} == keys(Version).keys()
    changes = section(GUIDE, "Change a published statement")
    for key in keys(Correction):
        assert re.search(rf"\b{key} = ", changes)


@pytest.mark.parametrize("value", ["invalid", "5", "true"])
@pytest.mark.parametrize("setting", SETTING_RE.findall(README))
def test_an_invalid_value_of_a_described_setting_is_rejected(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(f"FLASK_{setting}", value)
    with pytest.raises(ContentError):
        create_app()


def test_every_member_of_statement_json_is_described(
    open_statement: OpenStatement,
) -> None:
    client = open_statement("# Title\n\n## Section {#section}\n\nText.\n\n- Item\n")
    data = client.get("/statement.json").get_json()
    (section_data,) = data["sections"]
    (paragraph,) = section_data["paragraphs"]
    (item,) = paragraph["items"]
    assert codes(section(GUIDE, "The statement as data"), MEMBER_ROW_RE) == {
        "statement": set(data),
        "speaker": set(data["speaker"]),
        "section": set(section_data),
        "paragraph": set(paragraph),
        "item": set(item),
    }


def test_every_citation_format_is_listed() -> None:
    assert CITATION_RE.findall(section(README, "What a reader can do")) == [*FORMATS]


def test_every_file_in_readme_exists() -> None:
    for path in PATH_RE.findall(README):
        assert (ROOT / path).exists(), path


# Commands


def test_every_command_is_described(app: Flask) -> None:
    described = {arguments.split()[0] for arguments in commands()}
    assert described == {"run", *app.cli.commands}


@pytest.mark.parametrize(
    "arguments", [each for each in commands() if each.startswith("run")]
)
def test_the_server_runs(arguments: str) -> None:
    port = free_port()
    with run_server([*flask_command(*arguments.split()), f"--port={port}"], port):
        assert get(port).status == 200


@pytest.mark.parametrize(
    "arguments", [each for each in commands() if not each.startswith("run")]
)
def test_the_command_works(
    arguments: str, tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "content", "content")
    shutil.copy(ROOT / "content" / "published.txt", "publication.txt")
    result = app.test_cli_runner().invoke(
        args=shlex.split(arguments),
        input=app.test_client().get("/statement.json").text,
    )
    assert result.exit_code == 0, result.output
