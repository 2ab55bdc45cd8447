"""The pairing of the paragraphs and items of two editions, by ids and words."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.anchor import Anchor
from app.site.edition import Edition, EditionPart

# The number of characters by which a reworded part is recognised.
BEGINNING_LENGTH = 10


@dataclass(frozen=True)
class Kept:
    """A part that is in its place in both editions, perhaps with other words."""

    old: EditionPart
    new: EditionPart


@dataclass(frozen=True)
class Moved:
    """A part of the old edition whose words are in another place of the new one."""

    old: EditionPart
    new: EditionPart


@dataclass(frozen=True)
class Arrived:
    """A part of the new edition whose words were in another place of the old one."""

    new: EditionPart


@dataclass(frozen=True)
class Lost:
    """A part of the old edition whose words are not in the new one."""

    old: EditionPart


@dataclass(frozen=True)
class Added:
    """A part of the new edition whose words were not in the old one."""

    new: EditionPart


Row = Kept | Moved | Arrived | Lost | Added


class PairedEditions:
    """Two editions of a statement.

    `now` maps each published anchor to the new part with its words, and `before` maps
    each new anchor to the published one. Parts whose words are not in both editions
    are in neither; `rows` adds the reworded ones to `now`.
    """

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old = old
        self.new = new
        self.now = _find_words(old, new)
        self.before = {part.anchor: anchor for anchor, part in self.now.items()}
        self._old_positions = _positions(old)
        self._new_positions = _positions(new)

    def rows(self, old_series: str, new_series: str) -> Iterator[Row]:
        """Yield the rows of two series, such as "p" and "p" or "p4-" and "p5-".

        They are in the order of the text. If two parts have changed places, the one
        farther from its own place is the one that moved.
        """
        old_parts = deque(self.old.series.get(old_series, []))
        new_parts = deque(self.new.series.get(new_series, []))
        while old_parts and new_parts:
            old = old_parts[0]
            new = new_parts[0]
            now = self.now.get(old.anchor)
            before = self.before.get(new.anchor)
            is_reworded = now is None and before is None
            if is_reworded and self._is_inserted(new_parts, old):
                is_reworded = False
            if now == new or is_reworded:
                self.now[old.anchor] = new
                yield Kept(old_parts.popleft(), new_parts.popleft())
            elif before is None:
                yield Added(new_parts.popleft())
            elif _distance(self._old_positions, old.anchor, before) == math.inf:
                yield Arrived(new_parts.popleft())
            elif now is None:
                yield Lost(old_parts.popleft())
            elif self._is_farther(old.anchor, now.anchor, before, new.anchor):
                yield Moved(old_parts.popleft(), now)
            else:
                yield Arrived(new_parts.popleft())
        yield from self._remaining_rows(old_parts, new_parts)

    def _is_inserted(self, new_parts: Sequence[EditionPart], old: EditionPart) -> bool:
        """Return whether the first new part was inserted before `old`.

        This is so if the second new part begins with the same characters as `old`, and
        the first does not.
        """
        if len(new_parts) < 2 or new_parts[1].anchor in self.before:
            return False
        first, second = new_parts[0].text, new_parts[1].text
        beginning = old.text[:BEGINNING_LENGTH]
        return second.startswith(beginning) and not first.startswith(beginning)

    def _remaining_rows(
        self, old_parts: Iterable[EditionPart], new_parts: Iterable[EditionPart]
    ) -> Iterator[Row]:
        for old in old_parts:
            now = self.now.get(old.anchor)
            yield Moved(old, now) if now else Lost(old)
        for new in new_parts:
            yield Arrived(new) if new.anchor in self.before else Added(new)

    def _is_farther(
        self, old: Anchor, now: Anchor, before: Anchor, new: Anchor
    ) -> bool:
        """Return whether `old` is at least as far from `now` as `before` from `new`."""
        old_distance = _distance(self._new_positions, new, now)
        new_distance = _distance(self._old_positions, old, before)
        return old_distance >= new_distance


def _find_words(old: Edition, new: Edition) -> dict[Anchor, EditionPart]:
    """Return the new part with the words of each published anchor.

    A withdrawn part, and a part whose id has a letter and so was not counted, are
    found by their ids. Words that occur a different number of times in the two
    editions are paired only if the ids are the same.
    """
    now: dict[Anchor, EditionPart] = {}
    for part in new.parts:
        if part.anchor in old.anchors and (
            part.is_withdrawn or part.anchor.last.letter
        ):
            now[part.anchor] = part
    lettered = {anchor for anchor in now if anchor.last.letter}
    places = _places(new, lettered)
    for text, parts in _places(old, lettered).items():
        parts_now = places.get(text, [])
        by_anchor = {part.anchor: part for part in parts_now}
        for position, part in enumerate(parts):
            if len(parts) == len(parts_now):
                now[part.anchor] = parts_now[position]
            elif part.anchor in by_anchor:
                now[part.anchor] = by_anchor[part.anchor]
    return now


def _places(edition: Edition, skipped: set[Anchor]) -> dict[str, list[EditionPart]]:
    """Return the parts by their words, without those with the anchors `skipped`."""
    places: dict[str, list[EditionPart]] = {}
    for part in edition.parts:
        if not part.is_withdrawn and part.anchor not in skipped:
            places.setdefault(part.text, []).append(part)
    return places


def _positions(edition: Edition) -> dict[Anchor, int]:
    """Return the position of each part in its series."""
    positions = {}
    for parts in edition.series.values():
        for position, part in enumerate(parts):
            positions[part.anchor] = position
    return positions


def _distance(positions: dict[Anchor, int], start: Anchor, end: Anchor) -> float:
    """Return how far `end` is after `start`.

    The distance is infinite if `end` is before `start` or in another series.
    """
    distance = positions[end] - positions[start]
    if start.series != end.series or distance < 0:
        return math.inf
    return distance


def moved_together(rows: Sequence[Row], start: int) -> list[Moved]:
    """Return the moved parts from `start` on that are neighbours in both editions."""
    moves: list[Moved] = []
    for position in range(start, len(rows)):
        row = rows[position]
        if not isinstance(row, Moved) or (moves and not is_next(moves[-1], row)):
            break
        moves.append(row)
    return moves


def is_next(previous: Row, move: Moved) -> bool:
    """Return whether `previous` moved too, to the place before `move`."""
    if not isinstance(previous, Moved):
        return False
    return previous.new.anchor.following == move.new.anchor
