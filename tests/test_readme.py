import re
from collections.abc import Callable
from dataclasses import MISSING, fields
from itertools import takewhile
from pathlib import Path
from typing import Any

from flask import Flask
from servers import ROOT

from app.publication import Material, Publication, Speaker, Version
from app.reading.reader import read_statement
from app.site.statement_json import statement_json

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def keys(kind: type[Any]) -> dict[str, bool]:
    """Return the keys of a table of the front matter, and whether each is required."""
    return {
        field.metadata["name"] or field.name: field.default is MISSING
        for field in fields(kind)
    }


def test_the_example_is_a_statement(tmp_path: Path) -> None:
    lines = section("Write your own statement").lstrip("\n").split("\n")
    example = takewhile(lambda line: not line or line.startswith("    "), lines)
    path = tmp_path / "statement.md"
    path.write_text("\n".join(line[4:] for line in example), encoding="utf-8")
    publication = read_statement(path).publication
    assert publication.speakers[0].role
    assert publication.materials


def test_the_table_of_keys_is_that_of_the_code() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (.*) \|$", section("Write your own statement"), re.MULTILINE
    )
    assert {key: text.startswith("required") for key, text in rows} == keys(Publication)
    named = {key: set(re.findall(r"`(\w+)`", text)) for key, text in rows}
    assert named["speaker"] | {"voice"} == set(
        keys(Speaker)
    )  # which stands with the voices, below the table
    assert named["materials"] - {"materials"} == set(keys(Material))
    assert named["versions"] - {"versions"} == set(keys(Version))


def test_the_settings_are_those_that_the_code_reads() -> None:
    read = re.findall(
        r'app\.config\.get\("(\w+)"',
        (ROOT / "app" / "__init__.py").read_text(encoding="utf-8"),
    )
    assert sorted(
        re.findall(r"^\| `FLASK_(\w+)`", section("Settings"), re.MULTILINE)
    ) == sorted(read)


def test_the_commands_are_those_that_the_app_has(app: Flask) -> None:
    shown = set(re.findall(r"\bflask (?:--\S+ )?([a-z]+)\b(?! app)", README))
    assert shown == {"run", *app.cli.commands}


def test_the_members_of_the_json_are_those_that_are_described(
    write_statement: Callable[..., Path],
) -> None:
    rows = re.findall(
        r"^\| (?:the|an?) (\w+) \| (.*) \|$",
        section("The statement as data"),
        re.MULTILINE,
    )
    described = {of: set(re.findall(r"`(\w+)`", members)) for of, members in rows}
    path = write_statement("# Title\n\n## Section {#section}\n\nText.\n\n- Item\n")
    data = statement_json(read_statement(path))
    (section_data,) = data["sections"]
    (paragraph,) = section_data["paragraphs"]
    found = {
        "statement": data,
        "speaker": data["speaker"],
        "section": section_data,
        "paragraph": paragraph,
    }
    assert described == {
        of: set(members)
        for of, members in (found | {"item": paragraph["items"][0]}).items()
    }
