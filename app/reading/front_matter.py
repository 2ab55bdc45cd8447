"""The front matter: which keys it has, what each may hold, and how a mistake in it is told."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from app.content_error import BREAKS_LINE, ContentError
from app.site.language import is_language_tag
from app.statement import Material, Publication, Speaker
from app.web_address import is_web_address


@dataclass(frozen=True)
class _Key:
    """What a key may hold: `check` returns the value, or raises ValueError with what it is not."""

    check: Callable[[Any], Any]
    example: str
    required: bool = False


def parse_front_matter(text: str, path: str) -> Publication:
    """Return what the TOML in `text` says, which begins on line 2 of the file at `path`.

    Raises ContentError for what is no TOML, for a key that is missing or unknown, and for a wrong value.
    """
    source = _Source(path, text.split("\n"))
    try:
        # The line break in front makes tomllib's line numbers the file's, the one behind those of its last line too.
        data = tomllib.loads(f"\n{text}\n")
    except (ValueError, RecursionError) as error:
        raise _not_toml(error, source) from None
    values = _read_table(data, PUBLICATION, source)
    values["speakers"] = (Speaker(**_read_table(values.pop("speaker"), SPEAKER, source, "speaker")),)
    values["materials"] = tuple(
        Material(**_read_table(table, MATERIAL, source, f"materials.{index}"))
        for index, table in enumerate(values.get("materials", ()))
    )
    return Publication(**values)


class _Source:
    """The text of the front matter, to say where a thing stands and how it is written."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self.path, self.lines = path, lines
        # On which line of the file each key is set: "place", "speaker.family", "materials.0.url".
        self.numbers: dict[str, int] = {}
        table, key, tables = "", "", Counter[str]()
        for number, line in enumerate(lines, 2):
            if heading := re.match(r"\s*\[(\[?)\s*(\w+)\s*\]", line):
                table = key = heading[2]
            elif found := re.match(r"\s*[\"']?([\w.-]+)[\"']?\s*[=:]", line):
                key = f"{table}.{found[1]}".lstrip(".")
            self.numbers.setdefault(key, number)
            if (heading and heading[1]) or re.match(r"\s*(\w+\s*=\s*\[\s*)?\{", line):
                item = f"{key}.{tables[key]}"
                tables[key] += 1
                table = item if heading else table
                self.numbers[item] = number

    def line_of(self, key: str) -> int:
        """Return the line on which `key` is set or, where it has none of its own, that of its table."""
        while key and key not in self.numbers:
            key = key.rpartition(".")[0]
        return self.numbers.get(key, 1)

    def written(self, line: int) -> str:
        return self.lines[line - 2].strip() if 2 <= line < len(self.lines) + 2 else "+++"

    def error(self, line: int, wrong: str, remedy: str) -> ContentError:
        return ContentError(f"{self.path}:{line}", wrong, remedy)


def _not_toml(error: Exception, source: _Source) -> ContentError:
    found = re.search(r"\(at line (\d+)", str(error))
    line = int(found[1]) if found else len(source.lines) + 2
    reason = str(error).partition("\n")[0].partition(" (at ")[0]
    remedy = 'write key = "value", with text in straight quotation marks'
    for key, number in source.numbers.items():
        if number == line and key in PUBLICATION:
            remedy = f"write {PUBLICATION[key].example}"
    if reason.startswith("Cannot"):  # "overwrite a value" or "declare ('speaker',) twice"
        remedy = "write each key once"
    return source.error(line, f"{source.written(line)} is not TOML ({reason})", remedy)


def _read_table(data: Mapping[str, Any], keys: Mapping[str, _Key], source: _Source, path: str = "") -> dict[str, Any]:
    """Return the checked values of the table at `path`: "" for the front matter itself, "materials.0" for the first."""
    name = path.partition(".")[0] or "the front matter"
    for key in data:
        if key not in keys:
            line = source.line_of(f"{path}.{key}".lstrip("."))
            raise source.error(line, f"{name} has no key {key}", _remedy_for_unknown(key, keys))
    for key, rule in keys.items():
        if rule.required and key not in data:
            below = any(isinstance(table, dict) and key in table for table in data.values())
            remedy = "put it above the first [table]" if below else f"add {rule.example}"
            raise source.error(source.line_of(path), f"{name} lacks {key}", remedy)
    return {key: _checked(value, f"{path}.{key}".lstrip("."), keys[key], source) for key, value in data.items()}


def _remedy_for_unknown(key: str, keys: Mapping[str, _Key]) -> str:
    if key in PUBLICATION:
        return "put it above the first [table]"
    close = get_close_matches(key, keys, n=1)
    return f"did you mean {close[0]}?" if close else f"its keys are {', '.join(keys)}"


def _checked(value: Any, path: str, rule: _Key, source: _Source) -> Any:
    try:
        return rule.check(value)
    except ValueError as wrong:
        line = source.line_of(path)
        raise source.error(line, f"{source.written(line)} is not {wrong}", f"write {rule.example}") from None


def _local_date(value: Any) -> date:
    """Return a TOML local date or local date-time: the publication names no time zone, so neither may we."""
    if not isinstance(value, date) or (isinstance(value, datetime) and value.tzinfo):
        raise ValueError("a date, or a date and time without a zone")
    return value


def _string(holds: Callable[[str], bool], what: str) -> Callable[[Any], str]:
    """Return a check for text that `holds`, and is told as not `what` where it does not."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not holds(value):
            raise ValueError(what)
        return value

    return check


_text = _string(lambda text: bool(text.strip()) and not BREAKS_LINE.search(text), "one line of text")
_language = _string(is_language_tag, "a BCP 47 language tag")
_web_address = _string(is_web_address, "an http or https address")


def _languages(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("a list of BCP 47 language tags")
    for tag in value:
        if not isinstance(tag, str) or not is_language_tag(tag):
            raise ValueError(f"a list of BCP 47 language tags: {tag!r} is none")
    return tuple(value)


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("a table")
    return value


def _tables(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise ValueError("a list of tables")
    return [_table(item) for item in value]


PUBLICATION = {
    "published": _Key(_local_date, "published = 2018-12-29T17:33:00 or published = 2018-12-29", required=True),
    "speaker": _Key(
        _table, 'speaker = { given = "Sergey", family = "Lavrov", role = "Foreign Minister" }', required=True
    ),
    "publisher": _Key(_text, 'publisher = "Name of the ministry or office"', required=True),
    "language": _Key(_language, 'language = "en-GB"', required=True),
    "kind": _Key(_text, 'kind = "Statement for the media"'),
    "place": _Key(_text, 'place = "Moscow"'),
    "source": _Key(_web_address, 'source = "https://example.org/statement"'),
    "languages": _Key(_languages, 'languages = ["en-GB", "ru-RU"]'),
    "materials": _Key(_tables, '[[materials]] with title = "…" and url = "https://…" below it'),
}
SPEAKER = {
    "family": _Key(_text, 'family = "Lavrov"', required=True),
    "given": _Key(_text, 'given = "Sergey"'),
    "role": _Key(_text, 'role = "Foreign Minister"'),
}
MATERIAL = {
    "title": _Key(_text, 'title = "Joint communiqué"', required=True),
    "url": _Key(_web_address, 'url = "https://example.org/communique"', required=True),
}
