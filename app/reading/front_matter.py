"""The front matter: each key has a value of the kind that its field declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from app.errors import LINE_BREAKING_RE
from app.publication import (
    Correction,
    KeyInfo,
    Kind,
    Publication,
    Speaker,
)
from app.reading.characters import find_rejected, is_visible
from app.reading.errors import ErrorCollector, Line, LineError
from app.reading.toml_lines import Entry, InvalidValue, Table, parse_toml
from app.web_address import is_web_address

MOST_ENTRIES = 200  # of a list
# RFC 5646, 2.1, without grandfathered tags, extensions and private use.
LANGUAGE_TAG_RE = re.compile(
    r"(?ai)[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?"
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)
TITLE_FIX = "remove it; the title is the # heading of the text"
SPEAKER_FIX = (
    'write family = "Lavrov" for a person, or name = "Ministry of Examples" for an'
    " office or a group"
)
DELIVERED_FIX = "write delivered = [2018-12-27, 2018-12-28]"
SOURCE_FIX = 'add source = "https://example.org/statement"'
CORRECTION_FIX = 'write either was = "the words before" or withdrawn = true'


@dataclass(frozen=True)
class CorrectionEntry:
    """A correction, and the line that begins it."""

    correction: Correction
    line: Line


@dataclass(frozen=True)
class FrontMatter:
    """The valid part of the front matter.

    `values` has the values of the fields of Publication, and `lines` the line of each
    key in the file, invalid ones included.
    """

    values: Mapping[str, Any]
    lines: Mapping[str, Line]
    corrections: list[CorrectionEntry] = field(default_factory=list)

    @property
    def has_numbers(self) -> bool:
        """Return whether the publication numbers its paragraphs."""
        return self.values.get("numbers") == "publication"

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Return the speakers."""
        speakers: tuple[Speaker, ...] = self.values.get("speakers", ())
        return speakers

    @property
    def voices(self) -> tuple[str, ...] | None:
        """Return the declared voices, () if they are invalid, None if absent."""
        voices: tuple[str, ...] | None = self.values.get("voices")
        if voices is None and "voices" in self.lines:
            return ()
        return voices

    def publication(self) -> Publication:
        """Return the publication. All required keys must be valid."""
        return Publication(**self.values)


def read_front_matter(lines: list[Line], errors: ErrorCollector) -> FrontMatter:
    """Return the front matter. Everything that is invalid is added to `errors`."""
    table = parse_toml(lines, errors)
    reader = _Reader(errors)
    values = reader.read_table(Publication, "the front matter", table)
    key_lines = {key: entry.line for key, entry in table.entries.items()}
    front_matter = FrontMatter(values, key_lines, reader.corrections)
    _check_together(front_matter, errors)
    return front_matter


class _Reader:
    """Reads the tables of one front matter."""

    def __init__(self, errors: ErrorCollector) -> None:
        self.errors = errors
        self.corrections: list[CorrectionEntry] = []
        self._misplaced: set[str] = set()  # keys of the front matter below a table

    def read_table(self, cls: type, name: str, table: Table) -> dict[str, Any]:
        """Return the valid values of a table by the names of their fields."""
        keys = _keys_of(cls)
        values: dict[str, Any] = {}
        for key, entry in table.entries.items():
            with self.errors.collect():
                if key not in keys:
                    raise self._unknown_key(key, entry.line, name, keys)
                key_field = keys[key]
                info: KeyInfo = key_field.metadata["key"]
                values[key_field.name] = self._read_value(entry, info, key)
        for key, key_field in keys.items():
            is_given = key in table.entries or key in self._misplaced
            if key_field.default is MISSING and not is_given:
                fix = f"add {key_field.metadata['key'].example}"
                self.errors.add(table.line.error(f"{name} lacks {key}", fix, ""))
        return values

    def _unknown_key(
        self, key: str, line: Line, name: str, keys: Mapping[str, Any]
    ) -> LineError:
        close = get_close_matches(key, keys, n=1)
        if key == "title" and name == "the front matter":
            fix = TITLE_FIX
        elif key in _keys_of(Publication):
            self._misplaced.add(key)
            fix = "put it above the first [table]"
        elif close:
            fix = f"write {close[0]}, or remove it"
        else:
            fix = f"remove it; the keys are {', '.join(keys)}"
        return line.error(f"{name} has no key {key}", fix, excerpt="")

    def _read_value(self, entry: Entry, info: KeyInfo, key: str) -> Any:
        """Return the value of a key. Raises LineError if it is not of its kind."""
        value, line = entry.value, entry.line
        example_fix = f"write {info.example}"
        if isinstance(value, InvalidValue):
            raise line.error(value.problem, value.fix or example_fix)
        if not info.is_list:
            return self._read_single(value, line, info)
        if isinstance(value, date | Table):
            value = [value]
        if not isinstance(value, list):
            noun = "a list"
            if info.kind in (Kind.DATE, Kind.TABLE):
                noun = info.kind.value
            raise line.error(f"is not {noun}", example_fix)
        if len(value) > MOST_ENTRIES:
            problem = f"has more than {MOST_ENTRIES} entries"
            raise line.error(problem, f"write {MOST_ENTRIES} at most")
        if info.table:
            return self._read_tables(value, line, info, key)
        return tuple(self._read_single(element, line, info) for element in value)

    def _read_tables(
        self, tables: list[Any], line: Line, info: KeyInfo, key: str
    ) -> tuple[Any, ...]:
        """Return the values of a list of tables, without those that lack a key."""
        found = []
        for table in tables:
            if not isinstance(table, Table):
                raise line.error("is not a table", f"write {info.example}")
            cls: Any = info.table
            values = self.read_table(cls, key, table)
            if any(name not in values for name in _required_fields(cls)):
                continue
            value = cls(**values)
            found.append(value)
            if isinstance(value, Correction):
                self.corrections.append(CorrectionEntry(value, table.line))
            if isinstance(value, Speaker):
                self._check_speaker(value, table)
        return tuple(found)

    def _check_speaker(self, speaker: Speaker, table: Table) -> None:
        has_family = "family" in table.entries
        has_name = "name" in table.entries
        if has_family == has_name or (speaker.given and not has_family):
            problem = "needs either a family or a name"
            self.errors.add(table.line.error(problem, SPEAKER_FIX))

    def _read_single(self, value: Any, line: Line, info: KeyInfo) -> Any:
        if isinstance(value, str):
            for rejected in find_rejected(value):
                raise line.error(rejected.problem, rejected.fix)
            if len(value) > info.longest:
                problem = f"is longer than {info.longest:,} characters"
                raise line.error(problem, "shorten it")
        if info.kind is Kind.CHOICE:
            is_valid = value in info.choices
            noun = " or ".join(f'"{choice}"' for choice in info.choices)
        else:
            is_valid = CHECKS[info.kind](value)
            noun = info.kind.value
        if not is_valid:
            raise line.error(f"is not {noun}", f"write {info.example}")
        return value


def _is_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    return is_visible(value) and not LINE_BREAKING_RE.search(value)


def _is_language(value: Any) -> bool:
    return isinstance(value, str) and bool(LANGUAGE_TAG_RE.fullmatch(value))


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and is_web_address(value)


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_date_or_time(value: Any) -> bool:
    return isinstance(value, date)


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


CHECKS: dict[Kind, Callable[[Any], bool]] = {
    Kind.TEXT: _is_text,
    Kind.LANGUAGE: _is_language,
    Kind.ADDRESS: _is_address,
    Kind.DATE: _is_date,
    Kind.DATE_OR_TIME: _is_date_or_time,
    Kind.BOOLEAN: _is_boolean,
}


def _keys_of(cls: type) -> dict[str, Field[Any]]:
    """Return the fields of a class by their keys in the front matter."""
    keys = {}
    for key_field in fields(cls):
        info: KeyInfo = key_field.metadata["key"]
        keys[info.name or key_field.name] = key_field
    return keys


def _required_fields(cls: type) -> list[str]:
    return [each.name for each in fields(cls) if each.default is MISSING]


def _check_together(front_matter: FrontMatter, errors: ErrorCollector) -> None:
    """Check the values that depend on each other."""
    values, lines = front_matter.values, front_matter.lines
    if "speakers" in values and not values["speakers"]:
        problem = "needs either a family or a name"
        errors.add(lines["speaker"].error(problem, SPEAKER_FIX))
    delivered = list(values.get("delivered", ()))
    if len(delivered) > 2 or delivered != sorted(set(delivered)):
        problem = "is not a day, or the first and the last day"
        errors.add(lines["delivered"].error(problem, DELIVERED_FIX))
    if "archived" in values and "source" not in lines:
        problem = "is a copy of a publication without an address"
        errors.add(lines["archived"].error(problem, SOURCE_FIX))
    published = values.get("published")
    if isinstance(published, datetime):
        published = published.date()
    for entry in front_matter.corrections:
        correction = entry.correction
        if published and correction.date < published:
            problem = f"is older than the publication: {correction.date}"
            fix = f"write date = {published}, or a later day"
            errors.add(entry.line.error(problem, fix))
        if bool(correction.was) == correction.withdrawn:
            problem = "has both was and withdrawn, or neither"
            errors.add(entry.line.error(problem, CORRECTION_FIX))
