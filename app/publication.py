"""What is said of a statement beside its text: each field is a key of the front matter, with an example of it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

# What a value must be, in the words of the error message that says so.
Line = Annotated[str, "one line of text"]
LanguageTag = Annotated[str, "a BCP 47 language tag"]
WebAddress = Annotated[str, "an http or https address"]
Day = Annotated[date, "a date"]
Moment = Annotated[
    date, "a date, or a date and time"
]  # a datetime where the publication names the time


def join_names(names: list[str]) -> str:
    """Return names as English lists them: "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def key(example: str, name: str | None = None, **default: Any) -> Any:
    """Return a field that is a key of the front matter, written as in `example`; `name` where the key has another."""
    return field(metadata={"example": example, "name": name}, **default)


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """A person, by `family` (alone where a name has one part or begins with the family), or an office, by `name`."""

    family: Line | None = key('family = "Lavrov"', default=None)
    given: Line | None = key('given = "Sergey"', default=None)
    name: Line | None = key('name = "Ministry of Examples"', default=None)
    role: Line | None = key('role = "Foreign Minister"', default=None)
    voice: Line | None = key('voice = "Sergey Lavrov"', default=None)

    @property
    def full_name(self) -> str:
        """Return the name in the order in which it is spoken."""
        return " ".join(part for part in (self.given, self.family or self.name) if part)

    @property
    def inverted_name(self) -> str:
        """Return the name as catalogues sort it: "Lavrov, Sergey"."""
        return f"{self.family}, {self.given}" if self.given else self.full_name


@dataclass(frozen=True, kw_only=True)
class Material:
    """One of the publication's own additional materials."""

    title: Line = key('title = "Joint communiqué"')
    url: WebAddress = key('url = "https://example.org/communique"')


@dataclass(frozen=True, kw_only=True)
class Version:
    """The same statement in another language, on a page of its own."""

    language: LanguageTag = key('language = "ru"')
    url: WebAddress = key('url = "https://example.org/ru/"')
    name: Line | None = key('name = "Русский"', default=None)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A change of published words, by their publisher or by this edition, which had mistyped them."""

    paragraph: Line = key('paragraph = "p1"')  # the anchor of a paragraph or item
    date: Day = key("date = 2019-01-09")
    by: Literal["publisher", "edition"] = key('by = "publisher"')
    was: Line | None = key('was = "the words before"', default=None)
    withdrawn: bool = key("withdrawn = true", default=False)


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What the front matter says."""

    published: Moment = key("published = 2018-12-29T17:33:00 or published = 2018-12-29")
    speakers: tuple[Speaker, ...] = key(
        'speaker = { given = "Sergey", family = "Lavrov", role = "Foreign Minister" }'
        ' or, for an office or a group, speaker = { name = "Ministry of Examples" }',
        name="speaker",
    )
    publisher: Line = key('publisher = "Name of the ministry or office"')
    language: LanguageTag = key('language = "en-GB"')
    kind: Line | None = key('kind = "Statement for the media"', default=None)
    place: Line | None = key('place = "Moscow"', default=None)
    delivered: tuple[Day, ...] = key(
        "delivered = 2018-12-28 or delivered = [2018-12-27, 2018-12-28]", default=()
    )
    source: WebAddress | None = key(
        'source = "https://example.org/statement"', default=None
    )
    archived: WebAddress | None = key(
        'archived = "https://web.archive.org/…"', default=None
    )
    languages: tuple[LanguageTag, ...] = key(
        'languages = ["en-GB", "ru-RU"]', default=()
    )
    voices: tuple[Line, ...] | None = key(
        'voices = ["Question", "Sergey Lavrov"]', default=None
    )
    numbers: Literal["edition", "publication"] = key(
        'numbers = "publication"', default="edition"
    )
    headings: Literal["edition", "publication"] = key(
        'headings = "publication"', default="edition"
    )
    wrapped: bool = key("wrapped = true", default=False)
    materials: tuple[Material, ...] = key(
        '[[materials]] with title = "…" and url = "https://…" below it', default=()
    )
    versions: tuple[Version, ...] = key(
        '[[versions]] with language = "ru" and url = "https://…" below it', default=()
    )
    corrections: tuple[Correction, ...] = key(
        '[[corrections]] with paragraph = "p1", date = 2019-01-09, was = "…" and by = "publisher" below it',
        default=(),
    )

    @property
    def names(self) -> str:
        """Return the names of those who speak: "A", "A and B", "A, B and C"."""
        return join_names([speaker.full_name for speaker in self.speakers])

    @property
    def spoken(self) -> tuple[date, ...]:
        """Return the day on which it was spoken, or the first and the last of several; else that of publication."""
        return self.delivered or (self.published,)
