"""Two editions, and the parts that have the same words in both."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from app.anchor import Anchor
from app.site.differences import is_explained
from app.site.edition import (
    Edition,
    EditionHeading,
    EditionPart,
    missing_corrections,
)

# Parts with equal keys are matched. The key is the anchor of a part that is matched by
# its id, and otherwise the level of the part and its words.
PartKey = Anchor | tuple[int, str]


@dataclass(frozen=True)
class Place:
    """The position of a published part in its series of the new edition."""

    anchor: Anchor
    position: int
    is_fixed: bool  # if the part still has its published number


@dataclass(frozen=True)
class Run:
    """Published parts that follow each other in both editions.

    `first` and `last` are published anchors, and the others are those of the same
    parts in the new edition.
    """

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
    `now` maps the anchor of a published part to the part of the new edition that is
    now this part, perhaps with another anchor. A part that is lost is not in it.
    `matched` has the anchors of these parts in the new edition.
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
        """Fill `now`: match parts by their ids or, within a level, by their words.

        If words occur equally often in both editions, their first occurrences are
        matched, then their second ones, and so on. Otherwise only those parts are
        matched that have the same id in both.
        """
        by_id = self._matched_by_id()
        new_by_key = _parts_by_key(self.new, by_id)
        for key, old_parts in _parts_by_key(self.old, by_id).items():
            new_parts = new_by_key.get(key, [])
            if len(old_parts) == len(new_parts):
                for old, new in zip(old_parts, new_parts, strict=True):
                    self.now[old.anchor] = new
            else:
                published = {old.anchor for old in old_parts}
                for new in new_parts:
                    if new.anchor in published:
                        self.now[new.anchor] = new

    def _matched_by_id(self) -> set[Anchor]:
        """Return the anchors of the parts that are matched by their ids.

        Their words may have changed: they are withdrawn, or their new corrections
        explain the change, or their ids are in the file.
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

    @cached_property
    def headings_above(self) -> dict[Anchor, EditionHeading]:
        """Return the new headings directly below which a lost paragraph can be.

        Each is the heading of a section, by the published anchor of the first part
        there. It is left out if another heading has the same text, or if an item is
        below it, which would become an item of the paragraph.
        """
        count = Counter(heading.text for heading in self.new.headings)
        by_id: dict[str, EditionHeading] = {}
        for heading in self.new.headings:
            below = self.new.parts[heading.position : heading.position + 1]
            is_above_item = bool(below) and below[0].anchor.is_item
            if count[heading.text] == 1 and not is_above_item:
                for id_ in heading.ids:
                    by_id[id_] = heading
        headings = {}
        for old in self.old.headings:
            if old.parts and old.ids[0] in by_id:
                headings[old.parts[0].anchor] = by_id[old.ids[0]]
        return headings

    def kept(
        self, old_parts: Sequence[EditionPart], new_parts: Sequence[EditionPart]
    ) -> set[Anchor]:
        """Return the published anchors of the parts that need not be moved back.

        `old_parts` and `new_parts` are one series of each edition. The result has all
        parts that still have their published number, and of the others as many as can
        stay where they are without being out of order.
        """
        positions = {part.anchor: position for position, part in enumerate(new_parts)}
        places: list[Place] = []
        for old in old_parts:
            new = self.now.get(old.anchor)
            if new is not None and new.anchor in positions:
                is_fixed = new.anchor.last == old.anchor.last
                places.append(Place(old.anchor, positions[new.anchor], is_fixed))
        in_order = _longest_rising(_in_order_with_fixed(places))
        return {place.anchor for place in in_order}


def _in_order_with_fixed(places: Sequence[Place]) -> list[Place]:
    """Return the places whose positions are in order with that of each fixed place.

    `places` are in the published order. A place is left out if its position is not
    below that of the last fixed place above it, or not above that of the next one.
    """
    next_fixed: list[float] = []  # for each place, from the last to the first
    position_below = math.inf
    for place in reversed(places):
        next_fixed.append(position_below)
        if place.is_fixed:
            position_below = place.position
    next_fixed.reverse()
    result = []
    position_above = -1
    for place, position_below in zip(places, next_fixed, strict=True):
        if position_above < place.position < position_below:
            result.append(place)
            if place.is_fixed:
                position_above = place.position
    return result


def _longest_rising(places: Sequence[Place]) -> list[Place]:
    """Return as many of the places as have rising positions, the last one first.

    For example, of places at the positions 3, 0, 1, 4, 2 return those at 2, 1, 0. For
    each length of a rising subsequence, `ends` keeps the lowest place at which such a
    subsequence can end, since more places can follow it than any other:

        place at   ends at the positions
        3          3
        0          0
        1          0, 1
        4          0, 1, 4
        2          0, 1, 2

    Each place follows the one to its left when it is added. `above` keeps that one, so
    that the subsequence can be followed back from its end.
    """
    ends: list[Place] = []
    above: dict[Anchor, Place] = {}
    for place in places:
        index = bisect_left(ends, place.position, key=attrgetter("position"))
        if index > 0:
            above[place.anchor] = ends[index - 1]
        if index < len(ends):
            ends[index] = place
        else:
            ends.append(place)
    if not ends:
        return []
    longest = [ends[-1]]
    while longest[-1].anchor in above:
        longest.append(above[longest[-1].anchor])
    return longest


def _parts_by_key(
    edition: Edition, by_id: set[Anchor]
) -> dict[PartKey, list[EditionPart]]:
    """Return the parts of an edition by their keys, in the order of the text.

    `by_id` has the anchors of the parts that are matched by their ids. Other parts
    that are withdrawn have no words to be matched by, and are left out.
    """
    parts: dict[PartKey, list[EditionPart]] = {}
    for part in edition.parts:
        if part.anchor in by_id:
            parts[part.anchor] = [part]
        elif not part.is_withdrawn:
            parts.setdefault((part.anchor.level, part.text), []).append(part)
    return parts
