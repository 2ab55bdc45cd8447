"""The front matter: each key has a value of the kind that its field declares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from typing import Any

from app.errors import LINE_BREAKING_RE
from app.publication import Correction, KeyInfo, Publication, Speaker, ValueKind
from app.reading.characters import find_rejected, is_visible
from app.reading.errors import ErrorCollector, Line, LineError
from app.reading.toml_lines import Entry, Table, parse_toml
from app.web_address import is_web_address

MAX_ENTRIES = 200  # of a list
# RFC 5646, 2.1, without grandfathered tags, extensions and private use.
LANGUAGE_TAG_RE = re.compile(
    r"(?ai)[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?"
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)
# The Python types of the kinds that are not text.
VALUE_TYPES: dict[ValueKind, type[Any]] = {
    ValueKind.DATE: date,
    ValueKind.DATE_OR_TIME: date,
    ValueKind.BOOLEAN: bool,
    ValueKind.TABLE: Table,
}
TITLE_KEY_FIX = "remove it; the title is the # heading of the text"
NO_NAME = "needs either a family or a name"
NAME_FIX = (
    'write family = "Lavrov" for a person, or name = "Ministry of Examples" for an'
    " office or a group"
)
DELIVERED_FIX = "write it like delivered = [2018-12-27, 2018-12-28]"
SOURCE_FIX = 'add source = "https://example.org/statement"'
CORRECTION_KEYS_FIX = 'write either was = "the words before" or withdrawn = true'


@dataclass(frozen=True)
class FrontMatter:
    """The publication, and the lines of its keys and corrections in the file.

    An optional key that is invalid has its default value. A required key that is
    invalid or missing is empty, also if it is a date. The errors of the text can
    therefore be reported as well.
    """

    publication: Publication
    lines: dict[str, Line]
    corrections: list[tuple[Correction, Line]]


def read_front_matter(lines: list[Line], errors: ErrorCollector) -> FrontMatter:
    """Return the front matter. Everything that is invalid is added to `errors`."""
    table = parse_toml(lines, errors)
    reader = _Reader(errors)
    publication = reader.read_table(Publication, "the front matter", table)
    key_lines = {key: entry.line for key, entry in table.entries.items()}
    front_matter = FrontMatter(publication, key_lines, reader.corrections)
    _check_consistency(front_matter, errors)
    return front_matter


class _Reader:
    """Reads the tables of one front matter."""

    def __init__(self, errors: ErrorCollector) -> None:
        self.errors = errors
        self.corrections: list[tuple[Correction, Line]] = []
        self._misplaced: set[str] = set()  # keys of the front matter below a table

    def read_table(self, cls: type, name: str, table: Table) -> Any:
        """Return a table as a value of the dataclass `cls`."""
        key_fields = _fields_by_key(cls)
        values: dict[str, Any] = {}
        for key, entry in table.entries.items():
            with self.errors.collect():
                if key not in key_fields:
                    raise self._unknown_key_error(key, entry.line, name, key_fields)
                field_name = key_fields[key].name
                info: KeyInfo = key_fields[key].metadata["key"]
                if info.is_list:
                    values[field_name] = ()  # remains if the value is invalid
                values[field_name] = self._read_value(entry, info, key)
        for key, key_field in key_fields.items():
            if key_field.default is not MISSING:
                continue
            values.setdefault(key_field.name, "")
            if key not in table.entries and key not in self._misplaced:
                fix = f"add it, for example {key_field.metadata['key'].example}"
                self.errors.add(table.line.error(f"{name} lacks {key}", fix, ""))
        return cls(**values)

    def _unknown_key_error(
        self, key: str, line: Line, name: str, keys: Iterable[str]
    ) -> LineError:
        """Return the error for a key that the table `name` does not have.

        A key of the front matter in another table is recorded, so that the front
        matter is not reported to lack it.
        """
        # Imported here, since a server does not need it and should start fast.
        from difflib import get_close_matches

        close = get_close_matches(key.lower(), keys, n=1)
        if key == "title" and name == "the front matter":
            fix = TITLE_KEY_FIX
        elif key in _fields_by_key(Publication):
            self._misplaced.add(key)
            fix = "put it above the first [table]"
        elif close:
            fix = f"write {close[0]}, or remove it"
        else:
            fix = f"remove it; the keys are {', '.join(keys)}"
        return line.error(f"{name} has no key {key}", fix, excerpt="")

    def _read_value(self, entry: Entry, info: KeyInfo, key: str) -> Any:
        """Return the value of a key, which is a tuple if the key has a list.

        A single value is read as a list of one element. Raise LineError if the value
        is not of the kind that its key declares.
        """
        if entry.problem:
            raise entry.line.error(entry.problem, f"write it like {info.example}")
        if not info.is_list:
            return self._read_single(entry.value, entry.line, info, key)
        elements = entry.value
        if not isinstance(elements, list):
            elements = [elements]
        if info.table is Speaker and not elements:
            raise entry.line.error(NO_NAME, NAME_FIX)
        if len(elements) > MAX_ENTRIES:
            problem = f"has more than {MAX_ENTRIES} entries"
            raise entry.line.error(problem, f"write {MAX_ENTRIES} at most")
        line = entry.line
        return tuple(self._read_single(value, line, info, key) for value in elements)

    def _read_single(self, value: Any, line: Line, info: KeyInfo, key: str) -> Any:
        """Return a value that is not a list, or an element of a list."""
        if isinstance(value, str):
            rejected = find_rejected(value)
            if rejected:
                raise line.error(rejected[0].problem, rejected[0].fix)
            if len(value) > info.max_length:
                problem = f"is longer than {info.max_length:,} characters"
                raise line.error(problem, "shorten it")
        if not _is_valid(value, info):
            noun = info.kind.value
            if info.choices:
                noun = " or ".join(f'"{choice}"' for choice in info.choices)
            raise line.error(f"is not {noun}", f"write it like {info.example}")
        if info.table is None:
            return value
        table_value = self.read_table(info.table, key, value)
        if isinstance(table_value, Speaker):
            self._check_name(table_value, value)
        elif isinstance(table_value, Correction):
            self.corrections.append((table_value, value.line))
        return table_value

    def _check_name(self, speaker: Speaker, table: Table) -> None:
        has_family = "family" in table.entries
        has_name = "name" in table.entries
        if has_family == has_name or (speaker.given and not has_family):
            self.errors.add(table.line.error(NO_NAME, NAME_FIX))


def _is_valid(value: Any, info: KeyInfo) -> bool:
    """Return whether a value is of the kind that its key declares."""
    if not isinstance(value, VALUE_TYPES.get(info.kind, str)):
        return False
    match info.kind:
        case ValueKind.DATE:
            return not isinstance(value, datetime)  # a subclass of date
        case ValueKind.TEXT:
            return is_visible(value) and not LINE_BREAKING_RE.search(value)
        case ValueKind.LANGUAGE:
            return bool(LANGUAGE_TAG_RE.fullmatch(value))
        case ValueKind.ADDRESS:
            return is_web_address(value)
        case ValueKind.CHOICE:
            return value in info.choices
    return True


def _fields_by_key(cls: type) -> dict[str, Field[Any]]:
    """Return the fields of a dataclass by their keys in the front matter."""
    key_fields = {}
    for key_field in fields(cls):
        info: KeyInfo = key_field.metadata["key"]
        key_fields[info.name or key_field.name] = key_field
    return key_fields


def _check_consistency(front_matter: FrontMatter, errors: ErrorCollector) -> None:
    """Add an error for each value that contradicts another value."""
    publication, lines = front_matter.publication, front_matter.lines
    delivered = list(publication.delivered)
    if len(delivered) > 2 or delivered != sorted(set(delivered)):
        problem = "is not a day, or the first and the last day"
        errors.add(lines["delivered"].error(problem, DELIVERED_FIX))
    if publication.archived and "source" not in lines:
        problem = "is a copy of a publication without an address"
        errors.add(lines["archived"].error(problem, SOURCE_FIX))
    published = publication.published
    if isinstance(published, datetime):
        published = published.date()
    for correction, line in front_matter.corrections:
        if published and correction.date and correction.date < published:
            problem = f"is older than the publication: {correction.date}"
            fix = f"write date = {published}, or a later day"
            errors.add(line.error(problem, fix))
        if bool(correction.was) == correction.withdrawn:
            problem = "has both was and withdrawn, or neither"
            errors.add(line.error(problem, CORRECTION_KEYS_FIX))
