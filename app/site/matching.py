"""Two editions, and the parts that have the same words in both."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from app.anchor import Anchor
from app.site.differences import is_explained
from app.site.edition import (
    Edition,
    EditionHeading,
    EditionPart,
    missing_corrections,
)

# The level of a part and its words, or the anchor of a part matched by its id.
PartKey = tuple[int, str] | Anchor


@dataclass(frozen=True)
class Place:
    """The position of a published part in its series of the new edition."""

    anchor: Anchor
    position: int
    is_fixed: bool  # if the part has its number


@dataclass(frozen=True)
class Run:
    """Published parts that follow each other in both editions, by their anchors."""

    first: Anchor
    last: Anchor
    first_now: Anchor
    last_now: Anchor

    @property
    def pronoun(self) -> str:
        """Return "it" or "them"."""
        return "it" if self.first == self.last else "them"

    @property
    def change(self) -> str:
        """Return the new anchors: "p2 is now p3" or "p2 to p4 are now p3 to p5"."""
        names, verb, names_now = str(self.first), "is", str(self.first_now)
        if self.first != self.last:
            names += f" to {self.last}"
            verb = "are"
            names_now += f" to {self.last_now}"
        return f"{names} {verb} now {names_now}"

    @property
    def printed_number_fix(self) -> str:
        """Return the fix for paragraphs that got or lost a printed number."""
        if self.first.kind == "u":
            return f"write {self.pronoun} without a number"
        numbers = f"{self.first.last}."
        if self.first != self.last:
            numbers += f" to {self.last.last}."
        return f"begin {self.pronoun} with {numbers} as published"


class MatchedEditions:
    """An edition and the next one.

    `corrections` has the words before each new correction, by the id of the part.
    `now` maps published anchors to the new parts with their words, and `matched` has
    the anchors of these new parts.
    """

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old = old
        self.new = new
        self.corrections: dict[str, list[str]] = {}
        for correction in missing_corrections(new, old):
            if correction.was is not None:
                words = self.corrections.setdefault(correction.paragraph, [])
                words.append(correction.was)
        self.now: dict[Anchor, EditionPart] = {}
        self._match()
        self.matched = {part.anchor for part in self.now.values()}

    def _match(self) -> None:
        """Match parts of one level by their words.

        Words that occur a different number of times in the two editions are matched
        only where the ids are the same.
        """
        by_id = self._matched_by_id()
        new_parts = _by_key(self.new, by_id)
        for key, olds in _by_key(self.old, by_id).items():
            news = new_parts.get(key, [])
            if len(olds) != len(news):
                ids = {part.anchor for part in olds} & {part.anchor for part in news}
                olds = [part for part in olds if part.anchor in ids]
                news = [part for part in news if part.anchor in ids]
            for old, new in zip(olds, news, strict=True):
                self.now[old.anchor] = new

    def _matched_by_id(self) -> set[Anchor]:
        """Return the published anchors of parts whose words may be others.

        These are withdrawn or corrected, or have an id of their own in the file.
        """
        texts = {part.anchor: part.text for part in self.old.parts}
        anchors = set()
        for part in self.new.parts:
            text = texts.get(part.anchor)
            if text is None:
                continue
            corrected = self.corrections.get(str(part.anchor), [])
            has_id = part.is_withdrawn or part.anchor in self.new.own_ids
            if has_id or is_explained(text, part.text, corrected):
                anchors.add(part.anchor)
        return anchors

    def heading_above(self, anchor: Anchor) -> EditionHeading | None:
        """Return the new heading directly below which a lost paragraph can be.

        This is the heading of its section, if the paragraph was the first part there.
        Return None if there is no such heading, or another one has the same text, or
        an item is below it, which would become an item of the paragraph.
        """
        for old in self.old.headings:
            if old.parts and old.parts[0].anchor == anchor:
                return self._heading_of_section(old.ids[0])
        return None

    def _heading_of_section(self, id_: str) -> EditionHeading | None:
        """Return the new heading with this id, or None as in `heading_above`."""
        texts = [heading.text for heading in self.new.headings]
        for heading in self.new.headings:
            if id_ in heading.ids and texts.count(heading.text) == 1:
                parts_below = self.new.parts[heading.position :]
                if not parts_below or not parts_below[0].anchor.is_item:
                    return heading
        return None

    def kept(
        self, old_parts: Sequence[EditionPart], new_parts: Sequence[EditionPart]
    ) -> set[Anchor]:
        """Return the published anchors of the parts of a series that keep their order.

        These are all parts that have their number, and as many of the others as are in
        order with them.
        """
        positions = {part.anchor: position for position, part in enumerate(new_parts)}
        places: list[Place] = []
        for old in old_parts:
            new = self.now.get(old.anchor)
            if new is not None and new.anchor in positions:
                is_fixed = new.anchor.last == old.anchor.last
                places.append(Place(old.anchor, positions[new.anchor], is_fixed))
        return {place.anchor for place in _longest_rising(_without_crossing(places))}


def _without_crossing(places: Sequence[Place]) -> list[Place]:
    """Return the places in order with each fixed one."""
    limits = []
    limit = math.inf
    for place in reversed(places):
        limits.append(limit)
        if place.is_fixed:
            limit = place.position
    result = []
    above = -1
    for place, limit in zip(places, reversed(limits), strict=True):
        if above < place.position < limit:
            result.append(place)
            if place.is_fixed:
                above = place.position
    return result


def _longest_rising(places: Sequence[Place]) -> list[Place]:
    """Return as many of the places as have rising positions.

    For each length, `ends` has the last place of a rising subsequence, the smallest
    possible. `above` has the place before each one in its subsequence.
    """
    ends: list[Place] = []
    above: dict[Anchor, Place] = {}
    for place in places:
        length = bisect_left(ends, place.position, key=attrgetter("position"))
        if length:
            above[place.anchor] = ends[length - 1]
        ends[length : length + 1] = [place]
    longest = ends[-1:]
    while longest and longest[-1].anchor in above:
        longest.append(above[longest[-1].anchor])
    return longest


def _by_key(edition: Edition, by_id: set[Anchor]) -> dict[PartKey, list[EditionPart]]:
    """Return the parts by their keys, except withdrawn ones not matched by id."""
    parts: dict[PartKey, list[EditionPart]] = {}
    for part in edition.parts:
        if part.anchor in by_id:
            parts[part.anchor] = [part]
        elif not part.is_withdrawn:
            parts.setdefault((part.anchor.level, part.text), []).append(part)
    return parts
