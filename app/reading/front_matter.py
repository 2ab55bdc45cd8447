"""The front matter: TOML with one key a line, in which the fields of the dataclasses are the keys.

What a value must be, and how an example of it is written, stands beside each field in app/statement.py.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from app.content_error import BREAKS_LINE
from app.reading.line import Line, LineError, Problems, is_visible, refused_sign
from app.statement import Publication
from app.web_address import is_web_address

Value = TypeVar("Value", bool, str, list[Any])

HEADER = re.compile(r"\[(\[)?\s*(\w+)\s*\](?(1)\])\s*(#.*)?")
SETTING = re.compile(r"""(["']?)([\w-]+)\1\s*[=:].*""")
# RFC 5646, 2.1, without the grandfathered, private-use, extension and extended-language forms, which no publication
# uses.
LANGUAGE_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*", re.ASCII | re.IGNORECASE
)


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and is_visible(value) and not BREAKS_LINE.search(value) and not refused_sign(value)


CHECKS: dict[str, Callable[[Any], bool]] = {
    "one line of text": _is_line,
    "a BCP 47 language tag": lambda value: isinstance(value, str) and LANGUAGE_TAG.fullmatch(value) is not None,
    "an http or https address": lambda value: isinstance(value, str) and is_web_address(value),
    "a date": lambda value: isinstance(value, date) and not isinstance(value, datetime),
    "a date, or a date and time": lambda value: isinstance(value, date),
}


class FrontMatter:
    """The tables of the front matter, and on which line each key stands: "place", "speaker.family", "materials.0"."""

    def __init__(self, lines: list[Line], problems: Problems) -> None:
        """Read the TOML in `lines`; what is none goes to `problems`."""
        self.problems = problems
        self.data: dict[str, Any] = {}
        self.lines: dict[str, Line] = {}
        table, path, skipping = self.data, "", False
        for line in lines:
            text = line.text.strip()
            if header := HEADER.fullmatch(text):
                table, path = self._table(line, header[2], is_list=bool(header[1]))
                skipping = False
            elif SETTING.fullmatch(text):
                with problems.collected():
                    skipping = True
                    self._set(line, table, path)
                    skipping = False
            elif text and text[0] != "#" and not skipping:  # what goes on below a broken line is told with it
                problems.found.append(line.error("is no key with its value", 'write key = "value", on one line'))

    def _table(self, line: Line, name: str, is_list: bool) -> tuple[dict[str, Any], str]:
        table: dict[str, Any] = {}
        tables = self.data.setdefault(name, [])
        if not isinstance(tables, list) or (tables and not is_list):
            self.problems.found.append(line.error("gives a key a second time", "write each key once"))
            return table, name
        tables.append(table)
        path = f"{name}.{len(tables) - 1}"
        self.lines.setdefault(name, line)
        self.lines[path] = line
        return table, path

    def _set(self, line: Line, table: dict[str, Any], path: str) -> None:
        name = SETTING.fullmatch(line.text.strip())[2]  # type: ignore[index]
        where = f"{path}.{name}".lstrip(".")
        self.lines.setdefault(where, line)
        try:
            value = tomllib.loads(line.text)[name]
        except (ValueError, RecursionError, KeyError) as error:
            raise _not_toml(line, name, str(error)) from None
        if name in table:
            raise line.error("gives a key a second time", "write each key once")
        table[name] = value

    def line_of(self, path: str) -> Line:
        """Return the line on which the key at `path` is set or, where it has none of its own, that of its table."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, Line(1, "+++"))

    def said(self, key: str, kind: type[Value]) -> Value:
        """Return the value of a key if it is of that kind, else an empty one."""
        value = self.data.get(key)
        return value if isinstance(value, kind) else kind()

    def publication(self) -> Publication | None:
        """Return what the front matter says, or None where something is wrong, which then is among the problems."""
        before = len(self.problems.found)
        publication = self._dataclass(Publication, self.data, "")
        return publication if len(self.problems.found) == before else None

    def _dataclass(self, cls: type, table: dict[str, Any], path: str) -> Any:
        keys = {field.metadata["name"] or field.name: field for field in fields(cls)}
        hints = get_type_hints(cls, include_extras=True)
        name = path.partition(".")[0] or "the front matter"
        for key in table.keys() - keys.keys():
            line = self.line_of(f"{path}.{key}".lstrip("."))
            self.problems.found.append(line.error(f"{name} has no key {key}", _remedy_for_unknown(key, keys), ""))
        values: dict[str, Any] = {}
        for key, field in keys.items():
            where = f"{path}.{key}".lstrip(".")
            with self.problems.collected():
                if key in table:
                    values[field.name] = self._value(table[key], hints[field.name], where, field)
                elif field.default is MISSING and where not in self.lines:
                    raise self._lacks(name, path, key, field)
        lacking = [field for field in keys.values() if field.default is MISSING and field.name not in values]
        return None if lacking else cls(**values)

    def _lacks(self, name: str, path: str, key: str, field: Field[Any]) -> LineError:
        below = any(where.endswith(f".{key}") for where in self.lines)
        remedy = "put it above the first [table]" if below else f"add {field.metadata['example']}"
        return LineError(self.line_of(path).number, "", f"{name} lacks {key}", remedy)

    def _value(self, value: Any, hint: Any, path: str, field: Field[Any]) -> Any:
        """Return the checked value of a key whose type is `hint`. Raises LineError."""
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            return self._value(value, arguments[0], path, field)
        if origin is tuple:
            values = value if isinstance(value, list) else [value]
            if values is not value and not isinstance(value, dict | date):
                raise self._wrong(value, path, "a list", field)
            return tuple(self._value(item, arguments[0], f"{path}.{i}", field) for i, item in enumerate(values))
        if is_dataclass(hint) and isinstance(hint, type):
            if not isinstance(value, dict):
                raise self._wrong(value, path, "a table", field)
            return self._dataclass(hint, value, path)
        if origin is Annotated and not CHECKS[arguments[1]](value):
            raise self._wrong(value, path, arguments[1], field)
        if origin is Literal and value not in arguments:
            raise self._wrong(value, path, " or ".join(f'"{one}"' for one in arguments), field)
        if hint is bool and not isinstance(value, bool):
            raise self._wrong(value, path, "true or false", field)
        return value

    def _wrong(self, value: Any, path: str, what: str, field: Field[Any]) -> LineError:
        line = self.line_of(path)
        if refused := refused_sign(str(value)):
            sign, kind, remedy = refused
            return line.error(f"holds {kind} (U+{ord(sign):04X})", remedy)
        return line.error(f"is not {what}", f"write {field.metadata['example']}")


def _not_toml(line: Line, name: str, reason: str) -> LineError:
    if re.search(r"=\s*(\[[^\]]*|\{[^}]*|\"\"\".*|'''.*)$", line.text):
        return line.error("goes on over several lines", f"write {name} and its whole value on one line")
    example = next((f.metadata["example"] for f in fields(Publication) if name in (f.name, f.metadata["name"])), None)
    remedy = f"write {example}" if example else 'write key = "value", with text in straight quotation marks'
    return line.error(f"is not TOML ({reason.partition(' (at ')[0]})", remedy)


def _remedy_for_unknown(key: str, keys: dict[str, Field[Any]]) -> str:
    above = {field.metadata["name"] or field.name for field in fields(Publication)}
    if key in above - keys.keys():
        return "put it above the first [table]"
    close = get_close_matches(key, keys, n=1)
    return f"did you mean {close[0]}?" if close else f"its keys are {', '.join(keys)}"
