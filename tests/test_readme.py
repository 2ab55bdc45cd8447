"""README.md describes the app as it is."""

import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from conftest import OpenStatement
from flask import Flask
from servers import ROOT

from app import create_app
from app.errors import ContentError
from app.publication import Material, Publication, Speaker, Version
from app.reading.reader import read_statement

README = (ROOT / "README.md").read_text("utf-8")

SETTING_RE = re.compile(r"^\| `FLASK_(\w+)`", re.MULTILINE)
KEY_ROW_RE = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)
MEMBER_ROW_RE = re.compile(r"^\| (?:the|an?) (\w+) \| (.*) \|$", re.MULTILINE)
COMMAND_RE = re.compile(r"\bflask (?:--\S+ )?([a-z]+)\b(?! app)")
CODE_RE = re.compile(r"`(\w+)`")


def section(heading: str) -> str:
    """Return the text below a heading of README."""
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def keys(table: type[Any]) -> dict[str, bool]:
    """Return the keys of a table of the front matter, and whether each is required."""
    found = {}
    for field in fields(table):
        name = field.metadata["key"].name or field.name
        found[name] = field.default is MISSING
    return found


def codes(heading: str, row_re: re.Pattern[str]) -> dict[str, set[str]]:
    """Return the words in backticks of each row of a table."""
    found = {}
    for name, text in row_re.findall(section(heading)):
        found[name] = set(CODE_RE.findall(text))
    return found


def test_the_example_is_a_valid_statement(tmp_path: Path) -> None:
    lines = []
    for line in section("Write your own statement").lstrip("\n").splitlines():
        if line and not line.startswith("    "):
            break
        lines.append(line.removeprefix("    "))
    path = tmp_path / "statement.md"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    publication = read_statement(path).publication
    assert publication.speakers[0].role
    assert publication.materials


def test_every_key_of_the_front_matter_is_described() -> None:
    described = {}
    for key, text in KEY_ROW_RE.findall(section("Write your own statement")):
        described[key] = text.startswith("required")
    assert described == keys(Publication)


def test_every_key_of_the_tables_in_it_is_described() -> None:
    described = codes("Write your own statement", KEY_ROW_RE)
    described["speaker"].add("voice")  # it is described with the voices
    assert described["speaker"] == keys(Speaker).keys()
    assert described["materials"] - {"materials"} == keys(Material).keys()
    assert described["versions"] - {"versions"} == keys(Version).keys()


@pytest.mark.parametrize("value", ["invalid", "5", "true"])
@pytest.mark.parametrize("setting", SETTING_RE.findall(README))
def test_an_invalid_value_of_a_described_setting_is_rejected(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(f"FLASK_{setting}", value)
    with pytest.raises(ContentError):
        create_app()


def test_every_command_is_described(app: Flask) -> None:
    assert set(COMMAND_RE.findall(README)) == {"run", *app.cli.commands}


def test_every_member_of_statement_json_is_described(
    open_statement: OpenStatement,
) -> None:
    client = open_statement("# Title\n\n## Section {#section}\n\nText.\n\n- Item\n")
    data = client.get("/statement.json").get_json()
    (section_data,) = data["sections"]
    (paragraph,) = section_data["paragraphs"]
    (item,) = paragraph["items"]
    assert codes("The statement as data", MEMBER_ROW_RE) == {
        "statement": set(data),
        "speaker": set(data["speaker"]),
        "section": set(section_data),
        "paragraph": set(paragraph),
        "item": set(item),
    }
