"""The alignment of the parts of two editions, by ids and words."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from app.anchor import Anchor
from app.site.differences import is_explained
from app.site.edition import Edition, EditionPart, missing_corrections

# The number of characters by which a reworded part is recognised.
BEGINNING_LENGTH = 10


@dataclass(frozen=True)
class Pair:
    """A published part, and the part of the new edition with its words."""

    old: EditionPart
    new: EditionPart

    def is_followed_by(self, other: Pair) -> bool:
        """Return whether `other` is the next part in both editions, by the anchors."""
        is_next = self.old.anchor.following == other.old.anchor
        return is_next and self.new.anchor.following == other.new.anchor


@dataclass(frozen=True)
class Kept:
    """Neighbours that are in their place in both editions, perhaps reworded."""

    pairs: list[Pair]


@dataclass(frozen=True)
class Moved:
    """Neighbours whose words are together in another place of the new edition."""

    pairs: list[Pair]


@dataclass(frozen=True)
class Lost:
    """A published part whose words are not in the new edition."""

    old: EditionPart


@dataclass(frozen=True)
class Added:
    """A new part."""

    new: EditionPart


Row = Kept | Moved | Lost | Added


class AlignedEditions:
    """Two editions of a statement.

    `corrections` has the words before each new correction, by the id of the part.
    `now` maps each published anchor to the new part with its words. `rows` adds the
    reworded parts.
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
        self._matched: set[Anchor] = set()  # the anchors of the new parts
        self._match_by_id()
        self._match_by_words()

    def _add(self, old: EditionPart, new: EditionPart) -> None:
        self.now[old.anchor] = new
        self._matched.add(new.anchor)

    def _match_by_id(self) -> None:
        """Match the parts that are withdrawn or corrected."""
        by_anchor = {part.anchor: part for part in self.new.parts}
        for old in self.old.parts:
            new = by_anchor.get(old.anchor)
            if new is None:
                continue
            corrected = self.corrections.get(str(old.anchor), [])
            if new.is_withdrawn or is_explained(old.text, new.text, corrected):
                self._add(old, new)

    def _match_by_words(self) -> None:
        """Match the other parts.

        Words that occur a different number of times in the two editions are matched
        only where the ids are the same.
        """
        new_by_words = _by_words(self.new, self._matched)
        for words, old_parts in _by_words(self.old, set(self.now)).items():
            new_parts = new_by_words.get(words, [])
            by_anchor = {part.anchor: part for part in new_parts}
            for position, old in enumerate(old_parts):
                if len(old_parts) == len(new_parts):
                    self._add(old, new_parts[position])
                elif old.anchor in by_anchor:
                    self._add(old, by_anchor[old.anchor])

    def rows(self, old_series: str, new_series: str) -> list[Row]:
        """Return the rows of two series, such as "p" and "p" or "p4-" and "p5-".

        They are in the order of the text. Where a part is lost and another is new,
        they are taken for one that was reworded.
        """
        old_parts = self.old.series.get(old_series, [])
        new_parts = self.new.series.get(new_series, [])
        kept = self._kept(old_parts, new_parts)
        kept_now = {self.now[anchor].anchor for anchor in kept}
        remaining: deque[EditionPart] = deque()
        for new in new_parts:
            is_unpublished = new.anchor not in self._matched and not new.is_withdrawn
            if is_unpublished or new.anchor in kept_now:
                remaining.append(new)
        rows: list[Row] = []
        for old in old_parts:
            now = self.now.get(old.anchor)
            if old.anchor in kept:
                while remaining[0] != now:
                    rows.append(Added(remaining.popleft()))
                _add_pair(rows, Kept, Pair(old, remaining.popleft()))
            elif now is not None:
                _add_pair(rows, Moved, Pair(old, now))
            elif old.is_withdrawn or not self._is_unpublished(remaining, 0):
                rows.append(Lost(old))
            else:
                if self._is_inserted(remaining, old):
                    rows.append(Added(remaining.popleft()))
                self.now[old.anchor] = remaining[0]
                _add_pair(rows, Kept, Pair(old, remaining.popleft()))
        rows.extend(Added(new) for new in remaining)
        return rows

    def _kept(
        self, old_parts: Sequence[EditionPart], new_parts: Sequence[EditionPart]
    ) -> set[Anchor]:
        """Return the published anchors of as many parts as kept their order."""
        positions = {part.anchor: number for number, part in enumerate(new_parts)}
        anchors = []
        positions_now = []
        for old in old_parts:
            new = self.now.get(old.anchor)
            if new is not None and new.anchor in positions:
                anchors.append(old.anchor)
                positions_now.append(positions[new.anchor])
        return {anchors[index] for index in _longest_rising(positions_now)}

    def _is_unpublished(self, parts: Sequence[EditionPart], index: int) -> bool:
        return len(parts) > index and parts[index].anchor not in self._matched

    def _is_inserted(self, parts: Sequence[EditionPart], old: EditionPart) -> bool:
        """Return whether the first of new `parts` was inserted before `old`.

        This is so if the second one begins with the same characters as `old`, and the
        first does not.
        """
        if not self._is_unpublished(parts, 1):
            return False
        beginning = old.text[:BEGINNING_LENGTH]
        is_second = parts[1].text.startswith(beginning)
        return is_second and not parts[0].text.startswith(beginning)


def _add_pair(rows: list[Row], kind: type[Kept] | type[Moved], pair: Pair) -> None:
    """Add a pair to the last row if it is of the same kind and next to the pair."""
    last = rows[-1] if rows else None
    if isinstance(last, kind) and last.pairs[-1].is_followed_by(pair):
        last.pairs.append(pair)
    else:
        rows.append(kind([pair]))


def _by_words(
    edition: Edition, skipped: set[Anchor]
) -> dict[tuple[int, str], list[EditionPart]]:
    """Return the parts by level and words, without those with the anchors `skipped`."""
    parts: dict[tuple[int, str], list[EditionPart]] = {}
    for part in edition.parts:
        if not part.is_withdrawn and part.anchor not in skipped:
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
