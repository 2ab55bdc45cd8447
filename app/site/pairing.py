"""Pairs the paragraphs and items of two editions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.anchor import Anchor, AnchorNumber
from app.site.edition import Edition, EditionPart

Parts = Sequence[EditionPart]

# The anchors before the first of each series that is below no part.
BEFORE_ITEMS = Anchor("p", (AnchorNumber(0), AnchorNumber(0)))
BEFORE_PARAGRAPHS = Anchor("p", (AnchorNumber(0),))
BEFORE_UNNUMBERED = Anchor("u", (AnchorNumber(0),))

# A reworded part is searched for among this many parts.
WINDOW = 8


@dataclass(frozen=True)
class Kept:
    """A part that both editions have, and the rows of its items."""

    old: EditionPart
    new: EditionPart
    items: tuple[Row, ...]

    @property
    def is_renumbered(self) -> bool:
        """Return whether the part has another number in its series than before."""
        return self.old.anchor.last != self.new.anchor.last


@dataclass(frozen=True)
class Lost:
    """A part of the old edition alone."""

    part: EditionPart
    items: tuple[Row, ...]


@dataclass(frozen=True)
class Added:
    """A part of the new edition alone."""

    part: EditionPart
    items: tuple[Row, ...]


Row = Kept | Lost | Added


@dataclass(frozen=True, order=True)
class Pair:
    """The positions of one part in its series before and after."""

    old: int
    new: int


class PairedEditions:
    """Two editions of a statement, with their paragraphs and items paired.

    `rows` has the series that are below no part, by the anchor before their first
    part. `kept` and `moved` have the new part for each published anchor whose part is
    in its place or in another one.
    """

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old = old
        self.new = new
        self.moved: dict[Anchor, EditionPart] = {}
        self.moved_anchors: set[Anchor] = set()
        self.withdrawn = {part.anchor for part in new.parts if part.is_withdrawn}
        self._pair()
        if self.moved:
            # Pair the items of these parts with those in the other place.
            self._pair()

    def _pair(self) -> None:
        self.rows: dict[Anchor, tuple[Row, ...]] = {}
        for start in (BEFORE_ITEMS, BEFORE_PARAGRAPHS, BEFORE_UNNUMBERED):
            self.rows[start] = self._pair_series(start.series, start.series)
        self.kept: dict[Anchor, EditionPart] = {}
        lost: dict[str, list[EditionPart]] = {}
        added: dict[str, list[EditionPart]] = {}
        for row in self._all_rows():
            if isinstance(row, Kept):
                self.kept[row.old.anchor] = row.new
            elif isinstance(row, Lost):
                lost.setdefault(_contents(row.part), []).append(row.part)
            else:
                added.setdefault(_contents(row.part), []).append(row.part)
        self.moved = {}
        for contents, parts in lost.items():
            for part, part_now in zip(parts, added.get(contents, []), strict=False):
                self.moved[part.anchor] = part_now
        self.moved_anchors = {part.anchor for part in self.moved.values()}

    def _all_rows(self) -> Iterator[Row]:
        """Yield each row, and after it the rows of its items."""
        waiting: list[Row] = []
        for rows in self.rows.values():
            waiting.extend(rows)
        waiting.reverse()
        while waiting:
            row = waiting.pop()
            yield row
            waiting.extend(reversed(row.items))

    def _pair_series(self, old_series: str, new_series: str) -> tuple[Row, ...]:
        """Return the rows of two series, such as "p" and "p" or "p4-" and "p5-".

        The rows are in the order of the text. Either series may be empty. Parts with
        equal words are pairs, as many as keep their order. Between these, parts with
        similar words are pairs, and what is then left is paired one by one.
        """
        old_parts = self.old.series.get(old_series, [])
        new_parts = self.new.series.get(new_series, [])
        if not old_parts and not new_parts:
            return ()
        rows: list[Row] = []
        pairs = _equal_pairs(old_parts, new_parts)
        for find_pairs in (_similar_pairs, _pairs_in_order):
            pairs = self._add_pairs(pairs, old_parts, new_parts, find_pairs)
        for old, new in _merge(pairs, old_parts, new_parts):
            if old and new:
                items = self._pair_series(f"{old.anchor}-", f"{new.anchor}-")
                rows.append(Kept(old, new, items))
            elif old:
                now = self.moved.get(old.anchor)
                new_series = f"{now.anchor}-" if now else ""
                items = self._pair_series(f"{old.anchor}-", new_series)
                rows.append(Lost(old, items))
            elif new and new.anchor in self.moved_anchors:
                rows.append(Added(new, ()))
            elif new:
                rows.append(Added(new, self._pair_series("", f"{new.anchor}-")))
        return tuple(rows)

    def _add_pairs(
        self,
        pairs: list[Pair],
        old: Parts,
        new: Parts,
        find_pairs: Callable[[Parts, Parts], list[Pair]],
    ) -> list[Pair]:
        """Return `pairs` and those that `find_pairs` finds between them.

        A part whose words are in another place is not a reworded one. The line of a
        withdrawn part is no other part either.
        """
        result = []
        old_start = new_start = 0
        for pair in [*pairs, Pair(len(old), len(new))]:
            old_free = []
            for position in range(old_start, pair.old):
                anchor = old[position].anchor
                if anchor not in self.moved and anchor not in self.withdrawn:
                    old_free.append(position)
            new_free = []
            for position in range(new_start, pair.new):
                part = new[position]
                if not part.is_withdrawn and part.anchor not in self.moved_anchors:
                    new_free.append(position)
            for found in find_pairs(
                [old[position] for position in old_free],
                [new[position] for position in new_free],
            ):
                result.append(Pair(old_free[found.old], new_free[found.new]))
            result.append(pair)
            old_start = pair.old + 1
            new_start = pair.new + 1
        return result[:-1]


def _contents(part: EditionPart) -> str:
    """Return the words of a part, or the line of a withdrawn one."""
    return part.text or f"{{#{part.anchor}}}"


def _merge(
    pairs: list[Pair], old: Parts, new: Parts
) -> Iterator[tuple[EditionPart | None, EditionPart | None]]:
    """Yield the parts of two series in order, with None for one without counterpart."""
    old_position = new_position = 0
    for pair in [*pairs, Pair(len(old), len(new))]:
        for part in old[old_position : pair.old]:
            yield part, None
        for part in new[new_position : pair.new]:
            yield None, part
        if pair.old < len(old):
            yield old[pair.old], new[pair.new]
        old_position = pair.old + 1
        new_position = pair.new + 1


def _equal_pairs(old: Parts, new: Parts) -> list[Pair]:
    """Return the longest series of pairs with equal words that are in order.

    If there are more parts with the same words in one edition than in the other, only
    those that keep their number are pairs.
    Parts with an id that is written in the file are pairs even if words differ.
    """
    written = _written_anchors(old) & _written_anchors(new)
    written |= {part.anchor for part in new if part.is_withdrawn}
    old_positions = _positions(old, written)
    new_positions = _positions(new, written)
    candidates: list[Pair] = []
    for words, positions in old_positions.items():
        others = new_positions.get(words, [])
        if len(positions) != len(others):
            candidates.extend(_pairs_with_same_number(old, new, positions, others))
            continue
        for position, other in zip(positions, others, strict=True):
            candidates.append(Pair(position, other))
    return _longest_rising(sorted(candidates))


def _written_anchors(parts: Parts) -> set[Anchor]:
    """Return the anchors with a letter, which no counting gives."""
    return {part.anchor for part in parts if part.anchor.last.letter}


def _positions(parts: Parts, written: set[Anchor]) -> dict[str | Anchor, list[int]]:
    """Return the positions of parts by their words, or by their written anchor."""
    positions: dict[str | Anchor, list[int]] = {}
    for position, part in enumerate(parts):
        key: str | Anchor = part.text
        if part.is_withdrawn or part.anchor in written:
            key = part.anchor
        positions.setdefault(key, []).append(position)
    return positions


def _pairs_with_same_number(
    old: Parts, new: Parts, positions: list[int], others: list[int]
) -> Iterator[Pair]:
    by_number = {new[other].anchor.last: other for other in others}
    for position in positions:
        other = by_number.get(old[position].anchor.last)
        if other is not None:
            yield Pair(position, other)


def _longest_rising(pairs: list[Pair]) -> list[Pair]:
    """Return the most pairs whose new positions rise; `pairs` are sorted by old ones.

    This is the longest increasing subsequence, found by patience sorting.
    """
    last_positions: list[int] = []  # of the best series of each length
    last_indexes: list[int] = []
    previous: list[int | None] = []
    for index, pair in enumerate(pairs):
        length = bisect_left(last_positions, pair.new)
        previous.append(last_indexes[length - 1] if length else None)
        last_positions[length : length + 1] = [pair.new]
        last_indexes[length : length + 1] = [index]
    result = []
    current = last_indexes[-1] if last_indexes else None
    while current is not None:
        result.append(pairs[current])
        current = previous[current]
    return result[::-1]


def _similar_pairs(old: Parts, new: Parts) -> list[Pair]:
    pairs = []
    start = 0
    for position, part in enumerate(old):
        for other in range(start, min(start + WINDOW, len(new))):
            if _is_similar(part.text, new[other].text):
                pairs.append(Pair(position, other))
                start = other + 1
                break
    return pairs


def _is_similar(before: str, after: str) -> bool:
    """Return whether half of the runs of four characters are the same."""
    old_runs = _runs(before)
    new_runs = _runs(after)
    return 4 * len(old_runs & new_runs) >= len(old_runs) + len(new_runs) > 0


def _runs(text: str) -> set[str]:
    return {text[start : start + 4] for start in range(len(text))}


def _pairs_in_order(old: Parts, new: Parts) -> list[Pair]:
    return [Pair(position, position) for position in range(min(len(old), len(new)))]
