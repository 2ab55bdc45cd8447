"""A complete front matter, made from the dataclasses, with hostile values."""

import json
from collections.abc import Collection
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from app.publication import Publication, Speaker

# Voices must occur in the text; they have a property of their own.
OMITTED = {"voices", "voice"}
FIXED = {"paragraph": '"p1"'}


def toml_value(hint: Any, values: dict[str, str]) -> str:
    """Return a value of this type as TOML; `values` has one for each kind of text."""
    origin, choices = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (hint,) = [choice for choice in choices if choice is not NoneType]
        return toml_value(hint, values)
    if origin is tuple and choices[0] is Speaker:
        person = toml_table(Speaker, values, {"name"})
        office = toml_table(Speaker, values, {"given", "family"})
        return f"[{person}, {office}]"
    if origin is tuple:
        return f"[{toml_value(choices[0], values)}]"
    if origin is Literal:
        return json.dumps(choices[0])
    if origin is Annotated:
        return values[choices[1]]
    if hint is bool:
        return "false"
    assert is_dataclass(hint)
    return toml_table(hint, values, set())


def toml_table(cls: Any, values: dict[str, str], omitted: Collection[str]) -> str:
    """Return an inline table with all keys of the dataclass but the omitted ones."""
    return "{ " + ", ".join(toml_keys(cls, values, omitted)) + " }"


def toml_keys(cls: Any, values: dict[str, str], omitted: Collection[str]) -> list[str]:
    """Return a line for each key of the dataclass but the omitted ones."""
    hints = get_type_hints(cls, include_extras=True)
    lines = []
    for field in fields(cls):
        key = field.metadata["name"] or field.name
        if key in OMITTED or key in omitted:
            continue
        value = FIXED.get(key) or toml_value(hints[field.name], values)
        lines.append(f"{key} = {value}")
    return lines


def complete_front_matter(text: str, address: str, language: str) -> str:
    """Return a front matter in which every key of a kind has the same value."""
    values = {
        "one line of text": json.dumps(text, ensure_ascii=False),
        "an http or https address": json.dumps(address, ensure_ascii=False),
        "a BCP 47 language tag": json.dumps(language, ensure_ascii=False),
        "a date": "2019-01-09",
        "a date, or a date and time": "2018-12-29T17:33:00",
    }
    return "\n".join(toml_keys(Publication, values, set()))
