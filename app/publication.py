"""The publication of a statement, as the front matter of its file describes it.

Each field of the classes here is a key of the front matter, with the kind of its
value and an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Literal


class Kind(Enum):
    """The kind of a front-matter value, with its description in error messages."""

    TEXT = "one line of text"
    LANGUAGE = "a BCP 47 language tag"
    ADDRESS = "an http or https address"
    DATE = "a date"
    DATE_OR_TIME = "a date, or a date and time"
    BOOLEAN = "true or false"
    CHOICE = "one of its values"
    TABLE = "a table"


@dataclass(frozen=True)
class KeyInfo:
    """A key of the front matter, in the metadata of its field."""

    kind: Kind
    example: str
    name: str | None = None  # if it differs from the name of the field
    is_list: bool = False
    choices: tuple[str, ...] = ()  # of a choice
    table: type | None = None  # the dataclass of a table
    longest: int = 1_000  # characters of a text


def front_matter_field(
    *,
    kind: Kind,
    example: str,
    name: str | None = None,
    is_list: bool = False,
    choices: tuple[str, ...] = (),
    table: type | None = None,
    longest: int = 1_000,
    **default: Any,
) -> Any:
    """Return a dataclass field that is a key of the front matter.

    `default` is that of `dataclasses.field`; without it the key is required.
    """
    info = KeyInfo(kind, example, name, is_list, choices, table, longest)
    return field(metadata={"key": info}, **default)


def join_names(names: Sequence[str]) -> str:
    """Return names as English lists them: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """A person, by `family` and perhaps `given`, or an office, by `name`.

    A name of one part, or one that begins with the family, is in `family` alone.
    """

    family: str | None = front_matter_field(
        kind=Kind.TEXT, example='family = "Lavrov"', default=None
    )
    given: str | None = front_matter_field(
        kind=Kind.TEXT, example='given = "Sergey"', default=None
    )
    name: str | None = front_matter_field(
        kind=Kind.TEXT, example='name = "Ministry of Examples"', default=None
    )
    role: str | None = front_matter_field(
        kind=Kind.TEXT, example='role = "Foreign Minister"', default=None
    )
    voice: str | None = front_matter_field(
        kind=Kind.TEXT, example='voice = "Sergey Lavrov"', default=None
    )

    @property
    def full_name(self) -> str:
        """Return the name in the order in which it is spoken."""
        parts = [self.given, self.family or self.name]
        return " ".join(part for part in parts if part)

    @property
    def inverted_name(self) -> str:
        """Return the name as catalogues sort it: "Lavrov, Sergey"."""
        if self.given:
            return f"{self.family}, {self.given}"
        return self.full_name


@dataclass(frozen=True, kw_only=True)
class Material:
    """One of the publication's own additional materials."""

    title: str = front_matter_field(
        kind=Kind.TEXT, example='title = "Joint communiqué"'
    )
    url: str = front_matter_field(
        kind=Kind.ADDRESS, example='url = "https://example.org/communique"'
    )


@dataclass(frozen=True, kw_only=True)
class Version:
    """The same statement in another language, on a page of its own."""

    language: str = front_matter_field(kind=Kind.LANGUAGE, example='language = "ru"')
    url: str = front_matter_field(
        kind=Kind.ADDRESS, example='url = "https://example.org/ru/"'
    )
    name: str | None = front_matter_field(
        kind=Kind.TEXT, example='name = "Русский"', default=None
    )


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A change of published words, by the publisher or by this edition.

    `paragraph` is the anchor of a paragraph or item. Either `was` has the words
    before the change, or the part is withdrawn.
    """

    paragraph: str = front_matter_field(kind=Kind.TEXT, example='paragraph = "p1"')
    date: date = front_matter_field(kind=Kind.DATE, example="date = 2019-01-09")
    by: Literal["publisher", "edition"] = front_matter_field(
        kind=Kind.CHOICE,
        choices=("publisher", "edition"),
        example='by = "publisher"',
    )
    was: str | None = front_matter_field(
        kind=Kind.TEXT,
        example='was = "the words before"',
        longest=20_000,
        default=None,
    )
    withdrawn: bool = front_matter_field(
        kind=Kind.BOOLEAN, example="withdrawn = true", default=False
    )


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The front matter of a statement."""

    published: date = front_matter_field(  # a datetime if the time is known
        kind=Kind.DATE_OR_TIME,
        example="published = 2018-12-29T17:33:00 or published = 2018-12-29",
    )
    speakers: tuple[Speaker, ...] = front_matter_field(
        kind=Kind.TABLE,
        table=Speaker,
        is_list=True,
        name="speaker",
        example='speaker = { given = "Sergey", family = "Lavrov", '
        'role = "Foreign Minister" } or, for an office or a group, '
        'speaker = { name = "Ministry of Examples" }',
    )
    publisher: str = front_matter_field(
        kind=Kind.TEXT, example='publisher = "Name of the ministry or office"'
    )
    language: str = front_matter_field(kind=Kind.LANGUAGE, example='language = "en-GB"')
    kind: str | None = front_matter_field(
        kind=Kind.TEXT, example='kind = "Statement for the media"', default=None
    )
    place: str | None = front_matter_field(
        kind=Kind.TEXT, example='place = "Moscow"', default=None
    )
    delivered: tuple[date, ...] = front_matter_field(
        kind=Kind.DATE,
        is_list=True,
        example="delivered = 2018-12-28 or delivered = [2018-12-27, 2018-12-28]",
        default=(),
    )
    source: str | None = front_matter_field(
        kind=Kind.ADDRESS,
        example='source = "https://example.org/statement"',
        default=None,
    )
    archived: str | None = front_matter_field(
        kind=Kind.ADDRESS,
        example='archived = "https://web.archive.org/…"',
        default=None,
    )
    languages: tuple[str, ...] = front_matter_field(
        kind=Kind.LANGUAGE,
        is_list=True,
        example='languages = ["en-GB", "ru-RU"]',
        default=(),
    )
    voices: tuple[str, ...] | None = front_matter_field(
        kind=Kind.TEXT,
        is_list=True,
        example='voices = ["Question", "Sergey Lavrov"]',
        default=None,
    )
    numbers: Literal["edition", "publication"] = front_matter_field(
        kind=Kind.CHOICE,
        choices=("edition", "publication"),
        example='numbers = "publication"',
        default="edition",
    )
    headings: Literal["edition", "publication"] = front_matter_field(
        kind=Kind.CHOICE,
        choices=("edition", "publication"),
        example='headings = "publication"',
        default="edition",
    )
    materials: tuple[Material, ...] = front_matter_field(
        kind=Kind.TABLE,
        table=Material,
        is_list=True,
        example='[[materials]] with title = "…" and url = "https://…" below it',
        default=(),
    )
    versions: tuple[Version, ...] = front_matter_field(
        kind=Kind.TABLE,
        table=Version,
        is_list=True,
        example='[[versions]] with language = "ru" and url = "https://…" below it',
        default=(),
    )
    corrections: tuple[Correction, ...] = front_matter_field(
        kind=Kind.TABLE,
        table=Correction,
        is_list=True,
        example='[[corrections]] with paragraph = "p1", date = 2019-01-09, '
        'was = "…" and by = "publisher" below it',
        default=(),
    )

    @property
    def names(self) -> str:
        """Return the names of those who speak: "A", "A and B", "A, B and C"."""
        return join_names([speaker.full_name for speaker in self.speakers])

    @property
    def spoken(self) -> tuple[date, ...]:
        """Return the day it was spoken, or the first and the last of several.

        It is the day of publication if no other is known.
        """
        return self.delivered or (self.published,)
