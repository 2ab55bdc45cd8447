"""An edition of the statement, read from its statement.json."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal, cast

from app.anchor import BEFORE_FIRST, Anchor, AnchorNumber
from app.errors import ContentError
from app.publication import Correction

FORMAT = 2
# The numbers in one anchor, such as 3 in p4-1-2. This is far above the nesting of any
# list, and far below Python's recursion limit.
MAX_ANCHOR_NUMBERS = 100
# Members that are not facts: they are read separately, or repeat another one.
OTHER_MEMBERS = {"format", "speaker", "corrections", "items", "paragraphs", "sections"}


@dataclass(frozen=True)
class EditionPart:
    """A paragraph or list item of an edition."""

    anchor: Anchor
    text: str  # with spaces for line breaks; empty if the part was withdrawn
    voice: str | None

    @property
    def is_withdrawn(self) -> bool:
        """Return whether the part was withdrawn, so that it has no text."""
        return not self.text


@dataclass(frozen=True)
class EditionHeading:
    """The heading of a section or subsection."""

    text: str
    ids: tuple[str, ...]  # its anchor, then its former anchors
    position: int  # the number of parts above it in the text
    parts: tuple[EditionPart, ...]  # directly below it

    @property
    def texts(self) -> set[str]:
        """Return the texts of the parts directly below the heading."""
        return {part.text for part in self.parts}


@dataclass(frozen=True)
class Edition:
    """The contents of a statement.json."""

    facts: dict[str, str]  # by key: "title", "speakers 1 role"
    parts: tuple[EditionPart, ...]
    headings: tuple[EditionHeading, ...]
    corrections: tuple[Correction, ...]

    @property
    def title(self) -> str:
        """Return the title."""
        return self.facts["title"]

    @property
    def source(self) -> str | None:
        """Return the address of the publication, if known."""
        return self.facts.get("source")

    @property
    def day(self) -> str:
        """Return the day of publication in ISO 8601, without the time."""
        return self.facts["published"][:10]

    @property
    def has_published_headings(self) -> bool:
        """Return whether the headings are the publication's own."""
        return self.facts.get("headings") == "publication"

    @property
    def has_published_numbers(self) -> bool:
        """Return whether the paragraphs have the publication's own numbers."""
        return self.facts.get("numbers") == "publication"

    @cached_property
    def anchors(self) -> frozenset[Anchor]:
        """Return the anchors of all paragraphs and items."""
        return frozenset(part.anchor for part in self.parts)

    @cached_property
    def positions(self) -> dict[Anchor, int]:
        """Return the number of parts above each part in the text."""
        return {part.anchor: position for position, part in enumerate(self.parts)}

    @cached_property
    def series(self) -> dict[str, list[EditionPart]]:
        """Return the parts of each series, which are counted together.

        The keys are the prefixes of their anchors, such as "p" and "p4-".
        """
        series: dict[str, list[EditionPart]] = {}
        for part in self.parts:
            series.setdefault(part.anchor.series, []).append(part)
        return series

    @cached_property
    def own_ids(self) -> frozenset[Anchor]:
        """Return the anchors that must be ids in the file, since counting differs.

        For example p5 in the series p1, p2, p5, p6. An id that is in the file although
        counting gives it, too, cannot be recognised. Numbers that the publication
        prints are not ids.
        """
        own_ids = set()
        for name, parts in self.series.items():
            if name == "p" and self.has_published_numbers:
                continue
            above = parts[0].anchor.with_last(AnchorNumber(0))
            for part in parts:
                if part.anchor != above.following:
                    own_ids.add(part.anchor)
                above = part.anchor
        return frozenset(own_ids)


def missing_corrections(edition: Edition, other: Edition) -> Iterator[Correction]:
    """Yield the corrections of `edition` that are missing from `other`.

    A correction that occurs more often in `edition` is yielded for each excess.
    """
    missing = Counter(edition.corrections) - Counter(other.corrections)
    return missing.elements()


def read_edition(data: bytes, location: str) -> Edition:
    """Return the edition in the statement.json `data`, which `location` names.

    Raise ContentError if it is not a statement.json of this format.
    """
    try:
        members = json.loads(data)
        if isinstance(members, dict) and members.get("format") not in (None, FORMAT):
            raise ContentError.at(
                location,
                f"has format {members['format']}, and only format {FORMAT} is read",
                "compare with the version of this program that wrote it",
            )
        return parse_edition(members)
    except (ValueError, RecursionError):
        raise ContentError.at(
            location,
            "is not the statement.json of an edition",
            "put the published one there",
        ) from None


def parse_edition(data: object) -> Edition:
    """Return the edition in the parsed statement.json `data`.

    Raise ValueError if a member is missing or has another type than in this format.
    """
    members = _object(data)
    facts: dict[str, str] = {}
    for name, value in members.items():
        if name not in OTHER_MEMBERS:
            facts.update(_facts(name, value))
    if members.get("format") != FORMAT:
        raise ValueError("not of this format")
    for name in ("title", "published"):
        _text(members.get(name))
    parts = list(_parts(members))
    headings = []
    for section in _sections(members):
        heading = _heading(section, len(parts))
        headings.append(heading)
        parts.extend(heading.parts)
    _check_anchors(parts)
    corrections = [_correction(each) for each in _list(members, "corrections")]
    return Edition(facts, tuple(parts), tuple(headings), tuple(corrections))


def _check_anchors(parts: list[EditionPart]) -> None:
    """Raise ValueError if an anchor occurs twice, or an item has no parent."""
    anchors = {part.anchor for part in parts}
    if len(anchors) < len(parts):
        raise ValueError("two parts have the same anchor")
    for anchor in anchors:
        parent = anchor.parent
        if parent is not None and parent != BEFORE_FIRST and parent not in anchors:
            raise ValueError("an item has no parent")


def _facts(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each value in the member `name` that is not null, after its full name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _facts(f"{name} {key}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _facts(f"{name} {number}", inner)
    elif value is not None:
        yield name, str(value)


def _heading(section: dict[str, Any], position: int) -> EditionHeading:
    """Return the heading of a section, which has `position` parts above it."""
    old_ids = section.get("old_ids")
    if not isinstance(old_ids, list):
        raise ValueError("old_ids is not a list")
    ids = [_text(section.get("id"))]
    for old_id in old_ids:
        ids.append(_text(old_id))
    text = _text(section.get("heading"))
    return EditionHeading(text, tuple(ids), position, tuple(_parts(section)))


def _sections(members: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the sections and subsections in order."""
    for section in _list(members, "sections"):
        yield section
        yield from _list(section, "subsections")


def _parts(members: dict[str, Any]) -> Iterator[EditionPart]:
    """Yield the paragraphs and items directly below a heading, in order."""
    for item in _list(members, "items"):
        yield from _part_and_items(item)
    for paragraph in _list(members, "paragraphs"):
        yield from _part_and_items(paragraph)


def _part_and_items(members: dict[str, Any]) -> Iterator[EditionPart]:
    anchor = Anchor.parse(_text(members.get("id")))
    if anchor is None or len(anchor.numbers) > MAX_ANCHOR_NUMBERS:
        raise ValueError("the id is not an anchor")
    voice = members.get("voice")
    if voice is not None:
        voice = _text(voice)
    text = _text(members.get("text")).replace("\n", " ").strip(" ")
    yield EditionPart(anchor, text, voice)
    for item in _list(members, "items"):
        yield from _part_and_items(item)


def _correction(members: dict[str, Any]) -> Correction:
    was = members.get("was")
    if was is not None:
        was = _text(was)
    return Correction(
        paragraph=_text(members.get("paragraph")),
        date=date.fromisoformat(_text(members.get("date"))),
        by=cast(Literal["publisher", "edition"], _text(members.get("by"))),
        was=was,
        withdrawn=members.get("withdrawn") is True,
    )


def _list(members: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the list of objects in the member `name`.

    Raise ValueError if it is not a list, or has another value in it.
    """
    values = members.get(name)
    if not isinstance(values, list):
        raise ValueError(f"{name} is not a list")
    return [_object(value) for value in values]


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value
