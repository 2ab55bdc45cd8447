"""Parser of TOML with one key on each line, so that every error has a line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from app.reading.errors import ErrorCollector, Line

HEADER_RE = re.compile(r"(?:\[\s*(\w+)\s*\]|\[\[\s*(\w+)\s*\]\])\s*(?:#.*)?")
# With a colon it is an error, but the line still names its key.
SETTING_RE = re.compile(r"""(["']?)([\w-]+)\1\s*[=:].*""")
# Usual causes of a value that is not TOML.
INVALID_VALUES = (
    (r"[^=]*=\s*[\d-]+[Tt ]\d\d:\d\d(?!:)", "has a time without seconds"),
    (r"""[^=]*=[^"']*[“”„«»‘’]""", "has other quotation marks than straight ones"),
    (r"""[^=]*=\s*(?:\[[^\]]*|\{[^}]*|\"{3}.*|'{3}.*)$""", "continues on other lines"),
)
TWICE = "gives a key a second time"
TWICE_FIX = "write each key once"


@dataclass(frozen=True)
class Entry:
    """The value of a key: a TOML value, a Table, a list of Table, or None.

    With None, `problem` is the reason why it cannot be read.
    """

    line: Line
    value: Any
    problem: str = ""


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
            tables = root.entries.setdefault(header[1] or header[2], Entry(line, []))
            if isinstance(tables.value, list):
                tables.value.append(table)
            else:
                errors.add(line.error(TWICE, TWICE_FIX))
        elif setting and setting[2] in table.entries:
            errors.add(line.error(TWICE, TWICE_FIX))
        elif setting:
            entry = _parse_entry(line, setting[2])
            table.entries[setting[2]] = entry
            is_after_invalid = bool(entry.problem)
        elif text and not text.startswith("#") and not is_after_invalid:
            fix = 'write key = "value", on one line'
            errors.add(line.error("is not a key with its value", fix))
    return root


def _parse_entry(line: Line, key: str) -> Entry:
    try:
        return Entry(line, _with_tables(tomllib.loads(line.text)[key], line))
    except (ValueError, RecursionError):
        for pattern, problem in INVALID_VALUES:
            if re.match(pattern, line.text):
                return Entry(line, None, problem)
        return Entry(line, None, "cannot be read")


def _with_tables(value: Any, line: Line) -> Any:
    """Return a TOML value with its dictionaries as tables."""
    if isinstance(value, list):
        return [_with_tables(element, line) for element in value]
    if isinstance(value, dict):
        entries = {key: Entry(line, element) for key, element in value.items()}
        return Table(line, entries)
    return value
