"""Parser of TOML with one key on each line, so that every error has a line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from app.reading.errors import ErrorCollector, Line

HEADER_RE = re.compile(r"(?:\[\s*(\w+)\s*\]|\[\[\s*(\w+)\s*\]\])\s*(?:#.*)?")
SETTING_RE = re.compile(r"""(["']?)([\w-]+)\1\s*[=:].*""")
SEVERAL_LINES_RE = re.compile(r"""[^=]*=\s*(?:\[[^\]]*|\{[^}]*|\"\"\".*|'''.*)$""")
CURLY_QUOTES_RE = re.compile("""^[^=]*=[^"']*[“”„«»‘’]""")
TIME_WITHOUT_SECONDS_RE = re.compile(
    r"([^=]*=\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2})"
    r"([Zz]|[-+][0-9]{2}:[0-9]{2})?(?:\s*#.*)?"
)
TWICE = "gives a key a second time"
TWICE_FIX = "write each key once"


@dataclass(frozen=True)
class InvalidValue:
    """A value that is not TOML. Without `fix` the example of its key is the fix."""

    problem: str
    fix: str | None = None


@dataclass(frozen=True)
class Entry:
    """The value of a key: a TOML value, InvalidValue, Table or a list of Table."""

    value: Any
    line: Line


@dataclass(frozen=True)
class Table:
    """A table, with the line that begins it."""

    line: Line
    entries: dict[str, Entry] = field(default_factory=dict)


def parse_toml(lines: list[Line], errors: ErrorCollector) -> Table:
    """Return the front matter as a table, with the tables below headers in lists."""
    root = Table(Line(1, ""))
    table = root
    # Lines after an invalid value are its continuation, and no errors of their own.
    is_after_invalid = False
    for line in lines:
        text = line.text.strip(" ")
        header = HEADER_RE.fullmatch(text)
        setting = SETTING_RE.fullmatch(text)
        if header:
            is_after_invalid = False
            table = Table(line)
            with errors.collect():
                _add_table(root, header[1] or header[2], table)
        elif setting:
            key = setting[2]
            if key in table.entries:
                errors.add(line.error(TWICE, TWICE_FIX))
                continue
            value = _parse_value(line, key)
            table.entries[key] = Entry(value, line)
            is_after_invalid = isinstance(value, InvalidValue)
        elif text and not text.startswith("#") and not is_after_invalid:
            fix = 'write key = "value", on one line'
            errors.add(line.error("is not a key with its value", fix))
    return root


def _add_table(root: Table, key: str, table: Table) -> None:
    tables = root.entries.setdefault(key, Entry([], table.line)).value
    if not isinstance(tables, list):
        raise table.line.error(TWICE, TWICE_FIX)
    tables.append(table)


def _parse_value(line: Line, key: str) -> Any:
    try:
        return _with_tables(tomllib.loads(line.text)[key], line)
    except (ValueError, RecursionError, KeyError):
        return _invalid_value(line.text, key)


def _invalid_value(text: str, key: str) -> InvalidValue:
    time = TIME_WITHOUT_SECONDS_RE.fullmatch(text)
    if time:
        fix = f"write {time[1]}:00{time[2] or ''}"
        return InvalidValue("has a time without seconds", fix)
    if CURLY_QUOTES_RE.search(text):
        return InvalidValue("has other quotation marks than straight ones")
    if SEVERAL_LINES_RE.match(text):
        fix = f"write {key} and its whole value on one line"
        return InvalidValue("continues on other lines", fix)
    return InvalidValue("cannot be read")


def _with_tables(value: Any, line: Line) -> Any:
    """Return a TOML value with its dictionaries as tables."""
    if isinstance(value, list):
        return [_with_tables(element, line) for element in value]
    if isinstance(value, dict):
        entries = {key: Entry(element, line) for key, element in value.items()}
        return Table(line, entries)
    return value
