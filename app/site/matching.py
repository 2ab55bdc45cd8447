"""Two editions, and the parts that have the same words in both."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from app.anchor import Anchor
from app.site.differences import is_explained
from app.site.edition import Edition, EditionPart, missing_corrections

# The level of a part and its words, or the anchor of a withdrawn or corrected one.
PartKey = tuple[int, str] | Anchor


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
        if names == names_now:
            return f"{names} {verb} out of order"
        return f"{names} {verb} now {names_now}"


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
        by_id = self._withdrawn_or_corrected()
        new_parts = _by_key(self.new, by_id)
        for key, olds in _by_key(self.old, by_id).items():
            news = new_parts.get(key, [])
            if len(olds) != len(news):
                ids = {part.anchor for part in olds} & {part.anchor for part in news}
                olds = [part for part in olds if part.anchor in ids]
                news = [part for part in news if part.anchor in ids]
            for old, new in zip(olds, news, strict=True):
                self.now[old.anchor] = new

    def _withdrawn_or_corrected(self) -> set[Anchor]:
        """Return the published anchors of withdrawn and of corrected parts."""
        texts = {part.anchor: part.text for part in self.old.parts}
        anchors = set()
        for part in self.new.parts:
            text = texts.get(part.anchor)
            if text is None:
                continue
            corrected = self.corrections.get(str(part.anchor), [])
            if part.is_withdrawn or is_explained(text, part.text, corrected):
                anchors.add(part.anchor)
        return anchors

    def kept(
        self, old_parts: Sequence[EditionPart], new_parts: Sequence[EditionPart]
    ) -> set[Anchor]:
        """Return the published anchors of as many parts as kept their order."""
        positions = {part.anchor: position for position, part in enumerate(new_parts)}
        anchors = []
        positions_now = []
        for old in old_parts:
            new = self.now.get(old.anchor)
            if new is not None and new.anchor in positions:
                anchors.append(old.anchor)
                positions_now.append(positions[new.anchor])
        return {anchors[index] for index in _longest_rising(positions_now)}


def _by_key(edition: Edition, by_id: set[Anchor]) -> dict[PartKey, list[EditionPart]]:
    """Return the parts by their keys, except withdrawn ones not matched by id."""
    parts: dict[PartKey, list[EditionPart]] = {}
    for part in edition.parts:
        if part.anchor in by_id:
            parts[part.anchor] = [part]
        elif not part.is_withdrawn:
            parts.setdefault((part.anchor.level, part.text), []).append(part)
    return parts


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """Return the indexes of a longest rising subsequence of different numbers.

    For each length, `last` has the smallest number that ends a rising subsequence, and
    `ends` its index. `above` has the index before each number in its subsequence.
    """
    last: list[int] = []
    ends: list[int] = []
    above: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(last, number)
        above.append(ends[length - 1] if length else -1)
        last[length : length + 1] = [number]
        ends[length : length + 1] = [index]
    indexes = []
    index = ends[-1] if ends else -1
    while index >= 0:
        indexes.append(index)
        index = above[index]
    return indexes
