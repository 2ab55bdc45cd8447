"""The publication of a statement, as the front matter of its file describes it.

Each field of the classes here is a key of the front matter, with the kind of its
value and an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Literal

MAX_TEXT_LENGTH = 1_000  # characters, for a key that sets no other limit


class ValueKind(Enum):
    """The kind of a front-matter value, with its description in error messages."""

    TEXT = "one line of text"
    LANGUAGE = "a BCP 47 language tag"
    ADDRESS = "an http or https address"
    DATE = "a date"
    DATE_OR_TIME = "a date, or a date and time"
    BOOLEAN = "true or false"
    CHOICE = "one of its values"
    TABLE = "a table"


class Occurrence(Enum):
    """Whether a text of the front matter is expected or possible in the publication.

    `flask check --published` warns if an expected text is missing there. The page shows
    both, so that a line of the publication with either is not missing on the page.
    """

    EXPECTED = "expected"
    POSSIBLE = "possible"


@dataclass(frozen=True)
class KeyInfo:
    """A key of the front matter, in the metadata of its field."""

    kind: ValueKind
    example: str
    name: str | None = None  # if it differs from the name of the field
    is_list: bool = False
    choices: tuple[str, ...] = ()  # of a choice
    table: type | None = None  # the dataclass of a table
    max_length: int = MAX_TEXT_LENGTH  # characters of a text
    occurrence: Occurrence | None = None  # of a text that is compared


def front_matter_field(
    *,
    kind: ValueKind,
    example: str,
    name: str | None = None,
    is_list: bool = False,
    choices: tuple[str, ...] = (),
    table: type | None = None,
    max_length: int = MAX_TEXT_LENGTH,
    occurrence: Occurrence | None = None,
    default: Any = MISSING,
) -> Any:
    """Return a dataclass field that is a key of the front matter.

    The arguments are those of KeyInfo, and the default value. A key without one is
    required.
    """
    info = KeyInfo(kind, example, name, is_list, choices, table, max_length, occurrence)
    return field(default=default, metadata={"key": info})


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
        kind=ValueKind.TEXT, example='family = "Lavrov"', default=None
    )
    given: str | None = front_matter_field(
        kind=ValueKind.TEXT, example='given = "Sergey"', default=None
    )
    name: str | None = front_matter_field(
        kind=ValueKind.TEXT, example='name = "Ministry of Examples"', default=None
    )
    role: str | None = front_matter_field(
        kind=ValueKind.TEXT,
        occurrence=Occurrence.EXPECTED,
        example='role = "Foreign Minister"',
        default=None,
    )
    voice: str | None = front_matter_field(
        kind=ValueKind.TEXT, example='voice = "Sergey Lavrov"', default=None
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
        kind=ValueKind.TEXT,
        occurrence=Occurrence.POSSIBLE,
        example='title = "Joint communiqué"',
    )
    url: str = front_matter_field(
        kind=ValueKind.ADDRESS, example='url = "https://example.org/communique"'
    )


@dataclass(frozen=True, kw_only=True)
class Version:
    """The same statement in another language, on a page of its own."""

    language: str = front_matter_field(
        kind=ValueKind.LANGUAGE, example='language = "ru"'
    )
    url: str = front_matter_field(
        kind=ValueKind.ADDRESS, example='url = "https://example.org/ru/"'
    )
    name: str | None = front_matter_field(
        kind=ValueKind.TEXT,
        occurrence=Occurrence.POSSIBLE,
        example='name = "Русский"',
        default=None,
    )


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A change of published words, by the publisher or by this edition.

    `paragraph` is the anchor of a paragraph or item. Either `was` has the words
    before the change, or the part is withdrawn.
    """

    paragraph: str = front_matter_field(kind=ValueKind.TEXT, example='paragraph = "p1"')
    date: date = front_matter_field(kind=ValueKind.DATE, example="date = 2019-01-09")
    by: Literal["publisher", "edition"] = front_matter_field(
        kind=ValueKind.CHOICE,
        choices=("publisher", "edition"),
        example='by = "publisher"',
    )
    was: str | None = front_matter_field(
        kind=ValueKind.TEXT,
        example='was = "the words before"',
        max_length=20_000,
        default=None,
    )
    withdrawn: bool = front_matter_field(
        kind=ValueKind.BOOLEAN, example="withdrawn = true", default=False
    )


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The front matter of a statement."""

    published: date = front_matter_field(  # a datetime if the time is known
        kind=ValueKind.DATE_OR_TIME,
        example="published = 2018-12-29T17:33:00 or published = 2018-12-29",
    )
    speakers: tuple[Speaker, ...] = front_matter_field(
        kind=ValueKind.TABLE,
        table=Speaker,
        is_list=True,
        name="speaker",
        example='speaker = { given = "Sergey", family = "Lavrov", '
        'role = "Foreign Minister" } or, for an office or a group, '
        'speaker = { name = "Ministry of Examples" }',
    )
    publisher: str = front_matter_field(
        kind=ValueKind.TEXT,
        occurrence=Occurrence.POSSIBLE,
        example='publisher = "Name of the ministry or office"',
    )
    language: str = front_matter_field(
        kind=ValueKind.LANGUAGE, example='language = "en-GB"'
    )
    kind: str | None = front_matter_field(
        kind=ValueKind.TEXT,
        occurrence=Occurrence.POSSIBLE,
        example='kind = "Statement for the media"',
        default=None,
    )
    place: str | None = front_matter_field(
        kind=ValueKind.TEXT,
        occurrence=Occurrence.EXPECTED,
        example='place = "Moscow"',
        default=None,
    )
    delivered: tuple[date, ...] = front_matter_field(
        kind=ValueKind.DATE,
        is_list=True,
        example="delivered = 2018-12-28 or delivered = [2018-12-27, 2018-12-28]",
        default=(),
    )
    source: str | None = front_matter_field(
        kind=ValueKind.ADDRESS,
        example='source = "https://example.org/statement"',
        default=None,
    )
    archived: str | None = front_matter_field(
        kind=ValueKind.ADDRESS,
        example='archived = "https://web.archive.org/…"',
        default=None,
    )
    languages: tuple[str, ...] = front_matter_field(
        kind=ValueKind.LANGUAGE,
        is_list=True,
        example='languages = ["en-GB", "ru-RU"]',
        default=(),
    )
    voices: tuple[str, ...] | None = front_matter_field(
        kind=ValueKind.TEXT,
        is_list=True,
        example='voices = ["Question", "Sergey Lavrov"]',
        default=None,
    )
    numbers: Literal["edition", "publication"] = front_matter_field(
        kind=ValueKind.CHOICE,
        choices=("edition", "publication"),
        example='numbers = "publication"',
        default="edition",
    )
    headings: Literal["edition", "publication"] = front_matter_field(
        kind=ValueKind.CHOICE,
        choices=("edition", "publication"),
        example='headings = "publication"',
        default="edition",
    )
    materials: tuple[Material, ...] = front_matter_field(
        kind=ValueKind.TABLE,
        table=Material,
        is_list=True,
        example='[[materials]] with title = "…" and url = "https://…" below it',
        default=(),
    )
    versions: tuple[Version, ...] = front_matter_field(
        kind=ValueKind.TABLE,
        table=Version,
        is_list=True,
        example='[[versions]] with language = "ru" and url = "https://…" below it',
        default=(),
    )
    corrections: tuple[Correction, ...] = front_matter_field(
        kind=ValueKind.TABLE,
        table=Correction,
        is_list=True,
        example='[[corrections]] with paragraph = "p1", date = 2019-01-09, '
        'was = "…" and by = "publisher" below it',
        default=(),
    )

    @property
    def speaker_names(self) -> str:
        """Return the names of the speakers: "A", "A and B", "A, B and C"."""
        return join_names([speaker.full_name for speaker in self.speakers])

    @property
    def spoken(self) -> tuple[date, ...]:
        """Return the day on which the statement was delivered, or the first and last.

        Without `delivered`, return `published`, which may be a datetime.
        """
        return self.delivered or (self.published,)

    @property
    def other_voices(self) -> list[str]:
        """Return the voices that are not a speaker's."""
        speaker_voices = {speaker.voice for speaker in self.speakers}
        return [voice for voice in self.voices or () if voice not in speaker_voices]
