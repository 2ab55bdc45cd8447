"""The front matter: TOML with one key a line; the fields in app/publication.py are the keys, and say what each is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from app.anchor import Anchor
from app.errors import LINE_BREAKING_RE
from app.publication import Day, Publication, Speaker
from app.reading.line import Line, LineError, Problems, is_visible, refused_sign
from app.web_address import is_web_address

TWICE = "gives a key a second time", "write each key once"
HEADER = re.compile(r"\[{1,2}\s*(\w+)\s*\]{1,2}\s*(?:#.*)?")
SETTING = re.compile(r"""(["']?)([\w-]+)\1\s*[=:].*""")
# RFC 5646, 2.1, without the forms that no publication uses: grandfathered, private use, extensions.
LANGUAGE_TAG = re.compile(
    r"(?ai)[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)
CHECKS: dict[str, Callable[[Any], bool]] = {
    "one line of text": lambda value: (
        isinstance(value, str)
        and is_visible(value)
        and not LINE_BREAKING_RE.search(value)
    ),
    "a BCP 47 language tag": lambda value: (
        isinstance(value, str) and bool(LANGUAGE_TAG.fullmatch(value))
    ),
    "an http or https address": lambda value: (
        isinstance(value, str) and is_web_address(value)
    ),
    "a date": lambda value: isinstance(value, date) and not isinstance(value, datetime),
    "a date, or a date and time": lambda value: isinstance(value, date),
}


class Table(NamedTuple):
    """A table of the front matter: the line that begins it, and each key's value and line."""

    line: Line
    entries: dict[str, tuple[Any, Line]]

    def said(self, key: str, kind: type[Any]) -> Any:
        """Return the value of a key if it is of that kind, else an empty one."""
        value = self.entries.get(key, (None,))[0]
        return value if isinstance(value, kind) else kind()

    def tables(self, key: str) -> list[Table]:
        """Return the tables that a key holds, one or several, on its own line or below headers."""
        value = self.entries.get(key, (None,))[0]
        return [
            one
            for one in (value if isinstance(value, list) else [value])
            if isinstance(one, Table)
        ]


def read_tables(lines: list[Line], problems: Problems) -> Table:
    """Return the front matter as one table, in which other tables are lists; what is no TOML goes to `problems`."""
    root = table = Table(Line(1, "+++"), {})
    is_broken = False
    for line in lines:
        text = line.text.strip()
        with problems:
            if header := HEADER.fullmatch(text):
                table, is_broken = Table(line, {}), False
                tables = root.entries.setdefault(header[1], ([], line))[0]
                if not isinstance(tables, list):
                    raise line.error(*TWICE)
                tables.append(table)
            elif setting := SETTING.fullmatch(text):
                if setting[2] in table.entries:
                    raise line.error(*TWICE)
                value = _value_in(line, setting[2])
                table.entries[setting[2]] = value, line
                is_broken = isinstance(
                    value, LineError
                )  # what goes on below it is told with it
            elif text and text[0] != "#" and not is_broken:
                raise line.error(
                    "is no key with its value", 'write key = "value", on one line'
                )
    return root


def _value_in(line: Line, key: str) -> Any:
    """Return the value of a key, or the error where it is none."""
    try:
        return _with_tables(tomllib.loads(line.text)[key], line)
    except (ValueError, RecursionError, KeyError) as error:
        if re.match(r"[^=]*=\s*(\[[^\]]*|\{[^}]*|\"\"\".*|'''.*)$", line.text):
            return line.error(
                "goes on over several lines",
                f"write {key} and its whole value on one line",
            )
        keys, otherwise = (
            _keys(Publication),
            'key = "value", with text in straight quotation marks',
        )
        example = keys[key].metadata["example"] if key in keys else otherwise
        return line.error(
            f"is not TOML ({str(error).partition(' (at ')[0]})", f"write {example}"
        )


def _with_tables(value: Any, line: Line) -> Any:
    if isinstance(value, list):
        return [_with_tables(one, line) for one in value]
    return (
        Table(line, {key: (one, line) for key, one in value.items()})
        if isinstance(value, dict)
        else value
    )


def _keys(cls: type) -> dict[str, Field[Any]]:
    return {field.metadata["name"] or field.name: field for field in fields(cls)}


def as_dataclass(cls: type, table: Table, problems: Problems) -> Any:
    """Return the table as a value of the dataclass `cls`, or None where it cannot be one: then `problems` say why."""
    name = {Publication: "the front matter", Speaker: "speaker"}.get(
        cls, f"{cls.__name__.lower()}s"
    )
    before, keys, values = len(problems), _keys(cls), {}
    for key, (value, line) in table.entries.items():
        with problems:
            if isinstance(value, LineError):
                raise value
            if key not in keys:
                close = get_close_matches(key, keys, n=1)
                remedy = (
                    f"did you mean {close[0]}?"
                    if close
                    else f"its keys are {', '.join(keys)}"
                )
                remedy = (
                    "put it above the first [table]"
                    if key in _keys(Publication)
                    else remedy
                )
                raise line.error(f"{name} has no key {key}", remedy, "")
            field = keys[key]
            values[field.name] = _checked(
                value, field.type, field.metadata["example"], line, problems
            )
    for key, field in keys.items():
        is_lacking = field.default is MISSING and key not in table.entries
        if is_lacking and not any(
            error.wrong.endswith(f" has no key {key}") for error in problems
        ):  # below a table
            problems.append(
                table.line.error(
                    f"{name} lacks {key}", f"add {field.metadata['example']}", ""
                )
            )
    return cls(**values) if len(problems) == before else None


def _checked(
    value: Any, hint: Any, example: str, line: Line, problems: Problems
) -> Any:
    if get_origin(hint) in (Union, UnionType):
        hint = get_args(hint)[0]
    choices = get_args(hint)
    if get_origin(hint) is tuple and (
        isinstance(value, list | date) or is_dataclass(choices[0])
    ):
        values = value if isinstance(value, list) else [value]
        return tuple(
            _checked(one, choices[0], example, line, problems) for one in values
        )
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Table):
        return as_dataclass(hint, value, problems)
    if isinstance(value, str) and (refused := refused_sign(value)):
        raise line.error(*refused[1:])
    what, is_right = (
        "a table"
        if is_dataclass(hint)
        else "a date"
        if choices[:1] == (Day,)
        else "a list",
        False,
    )
    if get_origin(hint) is Annotated:
        what, is_right = choices[1], CHECKS[choices[1]](value)
    elif get_origin(hint) is Literal:
        what, is_right = (
            " or ".join(f'"{choice}"' for choice in choices),
            value in choices,
        )
    elif hint is bool:
        what, is_right = "true or false", isinstance(value, bool)
    if not is_right:
        raise line.error(f"is not {what}", f"write {example}")
    return value


def wrong_days(
    publication: Publication, table: Table, ids: Collection[str]
) -> Iterator[LineError]:
    """Return what is wrong with the days, the copy that is archived, and the corrections of a text with these `ids`."""
    delivered, published = list(publication.delivered), publication.published
    if len(delivered) > 2 or delivered != sorted(set(delivered)):
        remedy = "write delivered = [2018-12-27, 2018-12-28]"
        yield table.entries["delivered"][1].error(
            "is not a day, or the first and the last day", remedy
        )
    if publication.archived and not publication.source:
        remedy = 'add source = "https://example.org/statement"'
        yield table.entries["archived"][1].error(
            "is a copy of a publication that is not named", remedy
        )
    day = published.date() if isinstance(published, datetime) else published
    for one, (line, _) in zip(
        publication.corrections, table.tables("corrections"), strict=True
    ):
        if not Anchor.parse(one.paragraph) or one.paragraph not in ids:
            yield line.error(
                f"corrects no paragraph or item of the text: {one.paragraph}",
                'write paragraph = "p1"',
            )
        if one.date < day:
            yield line.error(
                f"is older than the publication: {one.date}",
                f"write date = {day}, or a later day",
            )
        if bool(one.was) == one.withdrawn:
            yield line.error(
                "has both was and withdrawn, or neither",
                'write was = "the words before" alone',
            )
