"""A complete front matter, made from the dataclasses, with hostile values."""

import json
from collections.abc import Collection
from dataclasses import fields

from app.publication import KeyInfo, Publication, Speaker, ValueKind

# Voices must occur in the text; they have a property of their own.
OMITTED = {"voices", "voice"}
FIXED = {"paragraph": '"p1"'}


def toml_value(info: KeyInfo, values: dict[ValueKind, str]) -> str:
    """Return a value for a key as TOML; `values` has one for each kind of value."""
    if info.table is Speaker:
        person = toml_table(Speaker, values, {"name"})
        office = toml_table(Speaker, values, {"given", "family"})
        return f"[{person}, {office}]"
    if info.table:
        value = toml_table(info.table, values, set())
    elif info.kind is ValueKind.CHOICE:
        value = json.dumps(info.choices[0])
    else:
        value = values[info.kind]
    return f"[{value}]" if info.is_list else value


def toml_table(
    cls: type, values: dict[ValueKind, str], omitted: Collection[str]
) -> str:
    """Return an inline table with all keys of the dataclass but the omitted ones."""
    return "{ " + ", ".join(toml_keys(cls, values, omitted)) + " }"


def toml_keys(
    cls: type, values: dict[ValueKind, str], omitted: Collection[str]
) -> list[str]:
    """Return a line for each key of the dataclass but the omitted ones."""
    lines = []
    for field in fields(cls):
        info: KeyInfo = field.metadata["key"]
        key = info.name or field.name
        if key in OMITTED or key in omitted:
            continue
        value = FIXED.get(key) or toml_value(info, values)
        lines.append(f"{key} = {value}")
    return lines


def complete_front_matter(text: str, address: str, language: str) -> str:
    """Return a front matter in which every key of a kind has the same value."""
    values = {
        ValueKind.TEXT: json.dumps(text, ensure_ascii=False),
        ValueKind.ADDRESS: json.dumps(address, ensure_ascii=False),
        ValueKind.LANGUAGE: json.dumps(language, ensure_ascii=False),
        ValueKind.DATE: "2019-01-09",
        ValueKind.DATE_OR_TIME: "2018-12-29T17:33:00",
        ValueKind.BOOLEAN: "false",
    }
    return "\n".join(toml_keys(Publication, values, set()))
