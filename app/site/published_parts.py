"""Finds the paragraphs and items of an edition that the next one loses or changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.anchor import Anchor, AnchorNumber
from app.site.differences import describe_unseen, find_change, is_explained
from app.site.edition import EditionPart, missing_corrections
from app.site.moves import Move, move_problem, number_fix
from app.site.pairing import (
    BEFORE_ITEMS,
    BEFORE_PARAGRAPHS,
    Added,
    Kept,
    Lost,
    PairedEditions,
    Row,
)
from app.site.problem import (
    Problem,
    correction_block,
    suggested_correction,
    toml_string,
)

ADD_HINT = "add this to the end of the front matter:"


@dataclass(frozen=True)
class NextPart:
    """A part that both editions have: its published anchor, and the part now."""

    anchor: Anchor
    now: EditionPart


def part_problems(editions: PairedEditions) -> Iterator[Problem]:
    """Yield a problem for each part that is lost, reworded or renumbered.

    Paragraphs come before items, and moves before other problems, because their
    fixes name places that exist when the fixes before them are applied.
    """
    corrections = _new_corrections(editions)
    level = []
    for start, rows in editions.rows.items():
        place = "at the end of the text"
        if start == BEFORE_ITEMS:
            place = "before the first paragraph"
        level.append(SeriesComparison(editions, corrections, start, rows, place))
    while level:
        moves: list[Move] = []
        others: list[Problem] = []
        items: list[SeriesComparison] = []
        for series in level:
            others.extend(series.problems())
            moves.extend(series.moves)
            items.extend(series.items)
        for move in moves:
            yield move_problem(editions, move)
        yield from others
        level = items


def _new_corrections(editions: PairedEditions) -> dict[str, list[str]]:
    """Return the words that corrections of the new edition correct, by anchor."""
    words: dict[str, list[str]] = {}
    for correction in missing_corrections(editions.new, editions.old):
        if correction.was is not None:
            words.setdefault(correction.paragraph, []).append(correction.was)
    return words


class SeriesComparison:
    """Compares the parts of one series, and the items below them.

    `start` is the anchor before the first part, such as p0 or p4-0, and `place` is
    where a part belongs if no other part of the series is left.
    """

    def __init__(
        self,
        editions: PairedEditions,
        corrections: Mapping[str, list[str]],
        start: Anchor,
        rows: Sequence[Row],
        place: str,
    ) -> None:
        self.editions = editions
        self.corrections = corrections
        self.rows = rows
        self.place = place
        self.has_printed_numbers = (
            editions.new.has_published_numbers and start == BEFORE_PARAGRAPHS
        )
        # The published anchor of the part before, or the one that its fix gives it.
        self.previous = start
        # Whether a problem explains why the next parts have other numbers.
        self.is_explained = False
        self.is_after_move = False
        self.moves: list[Move] = []
        self.items: list[SeriesComparison] = []  # the series below its parts

    def problems(self) -> Iterator[Problem]:
        """Yield the problems in the order of the text."""
        kept_parts = self._next_parts(count_moved=False)
        all_parts = self._next_parts(count_moved=True)
        for row, next_kept, next_part in zip(
            self.rows, kept_parts, all_parts, strict=True
        ):
            if isinstance(row, Added):
                yield from self._check_added(row.part, next_kept)
            elif isinstance(row, Lost):
                yield from self._check_lost(row, next_kept, next_part)
                self.previous = row.part.anchor
            else:
                yield from self._check_kept(row)
                self.previous = row.old.anchor
                self._add_items(row.old.anchor, row.items, name_part(row.new))
                if row.old.anchor.is_item:
                    self.place = f"after {name_part(row.new)}, at the end of its list"
            self.is_after_move = (
                isinstance(row, Lost) and row.part.anchor in self.editions.moved
            )

    def _add_items(self, anchor: Anchor, rows: Sequence[Row], name: str) -> None:
        if rows:
            start = anchor.item(0)
            items = SeriesComparison(
                self.editions, self.corrections, start, rows, f"below {name}"
            )
            self.items.append(items)

    def _next_parts(self, count_moved: bool) -> list[NextPart | None]:
        """Return for each row the next part that both editions have, None at the end.

        Parts that moved away are counted if `count_moved` is set.
        """
        result: list[NextPart | None] = []
        next_part: NextPart | None = None
        for row in reversed(self.rows):
            result.append(next_part)
            if isinstance(row, Kept):
                next_part = NextPart(row.old.anchor, row.new)
            elif isinstance(row, Lost) and count_moved:
                part_now = self.editions.moved.get(row.part.anchor)
                if part_now is not None:
                    next_part = NextPart(row.part.anchor, part_now)
        return result[::-1]

    def _check_added(
        self, part: EditionPart, next_kept: NextPart | None
    ) -> Iterator[Problem]:
        """Yield a problem if the part changes the numbers of published ones."""
        if self._is_moved(part):
            self.is_explained = True  # it is reported where it was
            return
        if next_kept is None:
            return
        if self.previous.last < part.anchor.last < next_kept.anchor.last:
            self.previous = self.previous.with_last(part.anchor.last)
            return
        problem = f"{name_part(part)} was inserted and renumbers the parts after it"
        if self.has_printed_numbers:
            yield Problem(problem, "write it without a number")
            return
        self.is_explained = True
        anchor = self.previous.inserted
        if anchor is None or anchor in self.editions.old.anchors:
            neighbours = [str(next_kept.anchor)]
            if self.previous.last > AnchorNumber(0):
                neighbours.insert(0, str(self.previous))
            fix = (
                f"no id is free here: add its words to {' or '.join(neighbours)}, "
                "with a correction"
            )
            yield Problem(problem, fix)
            return
        self.previous = anchor
        yield Problem(problem, f"end it with {{#{anchor}}}")

    def _check_lost(
        self, row: Lost, next_kept: NextPart | None, next_part: NextPart | None
    ) -> Iterator[Problem]:
        self.is_explained = True
        anchor = row.part.anchor
        part_now = self.editions.moved.get(anchor)
        if part_now is None:
            yield self._gone(row.part, self._place(next_part))
            self._add_items(anchor, row.items, f"the line {{#{anchor}}}")
            return
        self._add_items(anchor, row.items, name_part(part_now))
        now = part_now.anchor
        has_items = self._has_own_items(row.items)
        if not self.is_after_move or not self.moves[-1].extend(anchor, now, has_items):
            place = self._place(next_kept)
            self.moves.append(Move(anchor, anchor, now, now, place, has_items))

    def _has_own_items(self, rows: Sequence[Row]) -> bool:
        """Return whether a moved part has items that came with it or are new."""
        for row in rows:
            if isinstance(row, Kept):
                return True
            if isinstance(row, Added) and not self._is_moved(row.part):
                return True
        return False

    def _is_moved(self, part: EditionPart) -> bool:
        return part.anchor in self.editions.moved_anchors

    def _place(self, next_part: NextPart | None) -> str:
        if next_part is None:
            return self.place
        return f"before {name_part(next_part.now)}"

    def _gone(self, part: EditionPart, place: str) -> Problem:
        fix = f"write the line “{self._withdrawn_line(part.anchor)}” {place}"
        if part.anchor.is_item:
            fix += f" (in a numbered list, with {part.anchor.last.value}. instead of -)"
        if part.is_withdrawn:
            return Problem(f"{part.anchor}, which was withdrawn, is gone", fix)
        correction = suggested_correction(
            part.anchor, self.editions.new.day, withdrawn=True
        )
        return Problem(
            f"{part.anchor}, “{part.text:.60}”, is gone",
            f"put it back, or {fix} and {ADD_HINT}",
            correction_block(correction, hints=True),
        )

    def _withdrawn_line(self, anchor: Anchor) -> str:
        """Return the line that keeps the place of a withdrawn part."""
        if anchor.is_item:
            indent = "    " * (len(anchor.numbers) - 2)
            return f"{indent}- {{#{anchor}}}"
        if self.has_printed_numbers:
            return f"{anchor.last}. {{#{anchor}}}"
        return f"{{#{anchor}}}"

    def _check_kept(self, row: Kept) -> Iterator[Problem]:
        number = row.old.anchor.last
        if not row.is_renumbered:
            self.is_explained = False
        elif not self.is_explained or self.previous.following.last != number:
            self.is_explained = True
            problem = f"{row.old.anchor} is now {row.new.anchor}"
            fix = f"end it with {{#{row.old.anchor}}}"
            if self.has_printed_numbers:
                fix = number_fix(self.editions, row.old.anchor)
            yield Problem(problem, fix)
        if row.old.is_withdrawn and not row.new.is_withdrawn:
            line = self._withdrawn_line(row.old.anchor)
            yield Problem(
                f"{row.old.anchor} was withdrawn and has words again",
                f"write “{line}” in place of {name_part(row.new)}",
            )
        elif not row.new.is_withdrawn:
            yield from self._check_words(row.old, row.new)

    def _check_words(self, old: EditionPart, new: EditionPart) -> Iterator[Problem]:
        """Yield a problem if the words changed and no new correction explains it."""
        corrected = self.corrections.get(str(old.anchor), [])
        if old.text == new.text or is_explained(old.text, new.text, corrected):
            return
        change = find_change(old.text, new.text)
        problem = f"{old.anchor}: “{change.was:.60}” is now “{change.now:.60}”"
        description = describe_unseen(change.was, change.now)
        if description:
            problem += f", {description}"
        if corrected:
            words = corrected[-1]
            problem += ", which its correction does not cover"
            count = old.text.count(words)
            if count > 1:
                problem += f", because “{words:.60}” occurs {count} times"
            fix = f"was = {toml_string(change.was)} instead of was = "
            yield Problem(problem, f"write {fix}{toml_string(words)}")
            return
        correction = suggested_correction(
            old.anchor, self.editions.new.day, was=change.was
        )
        yield Problem(
            problem,
            f"put the words back, or {ADD_HINT}",
            correction_block(correction, hints=True),
        )


def name_part(part: EditionPart) -> str:
    """Return how messages name a part of the new edition."""
    if part.is_withdrawn:
        return f"the line {{#{part.anchor}}}"
    return f"“{part.text:.60}” (now {part.anchor})"
