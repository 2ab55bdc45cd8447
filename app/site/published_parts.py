"""The paragraphs and items of an edition that the next one loses or changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from app.anchor import BEFORE_FIRST, Anchor, AnchorNumber
from app.site.alignment import Added, AlignedEditions, Kept, Lost, Moved, Pair, Row
from app.site.differences import describe_invisible_change, find_change, is_explained
from app.site.edition import EditionPart
from app.site.problem import (
    Problem,
    correction_block,
    name_part,
    suggested_correction,
    toml_string,
)

# The anchor before the first part of each top-level series, and the place where a
# part of the series belongs if no other part of it is left.
STARTS = {
    BEFORE_FIRST: "at the end of the text",
    Anchor("u", (AnchorNumber(0),)): "at the end of the text",
    BEFORE_FIRST.item(0): "before the first paragraph",
}
ADD_HINT = "add this to the end of the front matter:"


def part_problems(editions: AlignedEditions) -> Iterator[Problem]:
    """Yield a problem for each part that is lost, reworded or renumbered."""
    old, new = editions.old, editions.new
    is_renumbered = old.has_published_numbers != new.has_published_numbers
    if is_renumbered and not old.anchors <= new.anchors:
        fix = "remove numbers from the front matter"
        if old.has_published_numbers:
            fix = 'write numbers = "publication" in the front matter'
        yield Problem("the paragraphs have other numbers", fix)
        return
    comparisons = deque(
        SeriesComparison(editions, start, start.series, place)
        for start, place in STARTS.items()
    )
    while comparisons:
        comparison = comparisons.popleft()
        yield from comparison.problems()
        comparisons.extend(comparison.items)


class SeriesComparison:
    """Compares the parts of one series, and the items below those that are kept.

    `start` is the anchor before the first part, such as p0 or p4-0, and `place` is
    where a part belongs if no other part of the series is left.

    The ids of a series rise, so that the reader accepts them. A fix names the id of a
    part if counting from the part above does not give it. The items below a part that
    is lost or moved wait for the next run, since they may then have other ids.
    """

    def __init__(
        self, editions: AlignedEditions, start: Anchor, new_series: str, place: str
    ) -> None:
        self.editions = editions
        self.start = start
        self.new_series = new_series
        self.default_place = place
        self.items: list[SeriesComparison] = []  # of the lists below the parts
        self.has_printed_numbers = (
            editions.new.has_published_numbers and start.series == "p"
        )
        # The anchor of the part above, as it is after the fixes, and its name now.
        self.previous = start
        self.previous_name = ""
        self.previous_items = ""

    def problems(self) -> Iterator[Problem]:
        """Yield the problems in the order of the text."""
        for row, next_part, next_anchor in self._rows_with_next():
            if isinstance(row, Added):
                yield from self._added_problems(row.new, next_anchor)
            elif isinstance(row, Lost):
                yield self._lost_problem(row.old, next_part)
                self._go_on(row.old.anchor, None)
            elif isinstance(row, Moved):
                yield self._move_problem(row.pairs, next_part)
                for pair in row.pairs:
                    self._go_on(pair.old.anchor, pair.new)
            else:
                yield from self._number_problems(row.pairs)
                for pair in row.pairs:
                    yield from self._word_problems(pair)
                    self._go_on(pair.old.anchor, pair.new)

    def _rows_with_next(
        self,
    ) -> Iterator[tuple[Row, EditionPart | None, Anchor | None]]:
        """Yield each row, the next part below it, and the next published anchor."""
        part: EditionPart | None = None
        anchor: Anchor | None = None
        rows = self.editions.rows(self.start.series, self.new_series)
        result = []
        for row in reversed(rows):
            result.append((row, part, anchor))
            if isinstance(row, Added):
                part = row.new
            elif isinstance(row, Lost):
                anchor = row.old.anchor
            else:
                anchor = row.pairs[0].old.anchor
                if isinstance(row, Kept):
                    part = row.pairs[0].new
        return reversed(result)

    def _go_on(self, anchor: Anchor, part: EditionPart | None) -> None:
        """Go on below a part, which has this anchor after the fixes.

        It is None if it was lost, and the line that withdraws it is in its place.
        """
        self.previous = anchor
        self.previous_name = f"the line {{#{anchor}}}"
        self.previous_items = ""
        items = ""
        if part is not None:
            self.previous_name = name_part(part)
            items = f"{part.anchor}-"
            if items in self.editions.new.series:
                self.previous_items = " and its items"
        if f"{anchor}-" in self.editions.old.series:
            place = f"directly below {self.previous_name}"
            comparison = SeriesComparison(self.editions, anchor.item(0), items, place)
            self.items.append(comparison)

    def _number_problems(self, group: Sequence[Pair]) -> Iterator[Problem]:
        """Yield a problem if the parts of a group get other numbers."""
        anchor, new = group[0].old.anchor, group[0].new
        if self._number_after_fixes(new) == anchor.last or new.is_withdrawn:
            return
        problem = _are_now(group)
        if new.anchor.last == anchor.last:
            problem = f"{anchor} has no id of its own"
        yield Problem(problem, self._number_fix(group))

    def _number_after_fixes(self, part: EditionPart) -> AnchorNumber:
        """Return the number of a new part if it is below the part above."""
        if part.anchor in self.editions.new.counted:
            return self.previous.following.last
        return part.anchor.last

    def _word_problems(self, pair: Pair) -> Iterator[Problem]:
        """Yield a problem if the words changed and no new correction explains it.

        If they did not change, yield one for each new correction of them.
        """
        old, new = pair.old, pair.new
        if new.is_withdrawn:
            return
        corrected = self.editions.corrections.get(str(old.anchor), [])
        if old.text == new.text:
            yield from _false_corrections(old, corrected)
        elif not is_explained(old.text, new.text, corrected):
            yield self._word_problem(old, new, corrected)

    def _word_problem(
        self, old: EditionPart, new: EditionPart, corrected: list[str]
    ) -> Problem:
        change = find_change(old.text, new.text)
        problem = f"{old.anchor}: “{change.was:.60}” is now “{change.now:.60}”"
        description = describe_invisible_change(change.was, change.now)
        if description:
            problem += f", {description}"
        if corrected:
            words = corrected[-1]
            problem += ", which its correction does not cover"
            count = old.text.count(words)
            if count > 1:
                problem += f", because “{words:.60}” occurs {count} times"
            fix = f"write was = {toml_string(change.was)} instead of was = "
            return Problem(problem, fix + toml_string(words))
        day = self.editions.new.day
        correction = suggested_correction(old.anchor, day, was=change.was)
        block = correction_block(correction, hints=True)
        return Problem(problem, f"put the words back, or {ADD_HINT}", block)

    def _added_problems(
        self, new: EditionPart, following: Anchor | None
    ) -> Iterator[Problem]:
        """Yield a problem if a new part needs an id, so that it renumbers no other.

        `following` is the next published anchor.
        """
        above = self.previous
        own = above.with_last(self._number_after_fixes(new))
        if _is_between(above, own, following):
            self._go_on(own, new)
            return
        problem = f"{name_part(new)} was inserted and renumbers the parts after it"
        inserted = above.inserted if following else above.following
        if self.has_printed_numbers:
            yield Problem(problem, "write it without a number")
        elif inserted and _is_between(above, inserted, following):
            yield Problem(problem, f"end it with {{#{inserted}}}")
            self._go_on(inserted, new)
        else:
            neighbours = []
            for anchor in (above, following):
                if anchor is not None and anchor.last > AnchorNumber(0):
                    neighbours.append(str(anchor))
            fix = f"no id is free here: add its words to {' or '.join(neighbours)}"
            yield Problem(problem, f"{fix}, with a correction")

    def _lost_problem(self, old: EditionPart, following: EditionPart | None) -> Problem:
        """Return the problem of a lost part, of which at least a line must be left.

        `following` is the next part of the new edition.
        """
        anchor = old.anchor
        line = f"write the line “{self._withdrawn_line(anchor)}”"
        line += f" {self._place(anchor, following)}"
        if anchor.is_item:
            line += f" (in a numbered list, with {anchor.last.value}. instead of -)"
        if old.is_withdrawn:
            if following is not None and following.anchor == anchor:
                line += f", and leave {name_part(following)} without an id"
            return Problem(f"{anchor}, which was withdrawn, is gone", line)
        day = self.editions.new.day
        correction = suggested_correction(anchor, day, withdrawn=True)
        block = correction_block(correction, hints=True)
        problem = f"{anchor}, “{old.text:.60}”, is gone"
        return Problem(problem, f"put it back, or {line} and {ADD_HINT}", block)

    def _withdrawn_line(self, anchor: Anchor) -> str:
        """Return the line that keeps the place of a withdrawn part."""
        if anchor.is_item:
            levels = len(anchor.numbers) - 2
            is_below_number = anchor.kind == "p" and anchor.paragraph != BEFORE_FIRST
            if is_below_number and self.editions.new.has_published_numbers:
                levels += 1  # items are indented below a printed number
            return "    " * levels + f"- {{#{anchor}}}"
        if self.has_printed_numbers:
            return f"{anchor.last}. {{#{anchor}}}"
        return f"{{#{anchor}}}"

    def _move_problem(
        self, moves: Sequence[Pair], following: EditionPart | None
    ) -> Problem:
        """Return the problem of neighbours that moved together."""
        anchor, now = moves[0].old.anchor, moves[0].new.anchor
        problem = _are_now(moves)
        if anchor.kind != now.kind and not anchor.is_item and not now.is_item:
            return Problem(problem, _printed_number_fix(moves))
        fix = "move it back to its place"
        if len(moves) > 1:
            fix = "move them back to their place"
        if any(f"{move.new.anchor}-" in self.editions.new.series for move in moves):
            fix += " with all items below"
        fix += f", {self._place(anchor, following)}"
        if self._number_after_fixes(moves[0].new) != anchor.last:
            fix += f", and {self._number_fix(moves)}"
        return Problem(problem, fix)

    def _place(self, anchor: Anchor, following: EditionPart | None) -> str:
        """Return where a part belongs: before the next part, or after the one above.

        The next part is preferred if it is in the same section.
        """
        editions = self.editions
        section = editions.old.sections[anchor]
        is_near = following and editions.new.sections[following.anchor] == section
        if following and (is_near or not self.previous_name):
            return f"before {name_part(following)}"
        if self.previous_name:
            return f"after {self.previous_name}{self.previous_items}"
        return self.default_place

    def _number_fix(self, group: Sequence[Pair]) -> str:
        """Return the fix that gives neighbours their published numbers.

        An id is only for the first of them, from which the others are counted.
        """
        anchor = group[0].old.anchor
        if self.has_printed_numbers:
            return _printed_number_fix(group)
        return f"end {'it' if len(group) == 1 else 'the first'} with {{#{anchor}}}"


def _printed_number_fix(group: Sequence[Pair]) -> str:
    """Return the fix for paragraphs that got or lost a printed number."""
    first, last = group[0].old.anchor, group[-1].old.anchor
    if first.kind == "u":
        return "write it without a number"
    if first == last:
        return f"begin it with {first.last}. as it was published"
    return f"begin them with {first.last}. to {last.last}. as they were published"


def _is_between(above: Anchor, anchor: Anchor, below: Anchor | None) -> bool:
    """Return whether the ids rise if a part with `anchor` is below one with `above`."""
    is_before = below is None or anchor.last < below.last
    return above.last < anchor.last and is_before


def _are_now(group: Sequence[Pair]) -> str:
    """Return that neighbours have other anchors: "p1 to p3 are now p2 to p4"."""
    names, new_names = str(group[0].old.anchor), str(group[0].new.anchor)
    verb = "is"
    if len(group) > 1:
        names += f" to {group[-1].old.anchor}"
        new_names += f" to {group[-1].new.anchor}"
        verb = "are"
    if names == new_names:
        return f"{names} {verb} in another place"
    return f"{names} {verb} now {new_names}"


def _false_corrections(old: EditionPart, corrected: list[str]) -> Iterator[Problem]:
    """Yield a problem for each correction of words that did not change."""
    for words in corrected:
        if words in old.text:
            yield Problem(
                f"{old.anchor} has a new correction, but still reads “{words:.60}”",
                f"remove the correction with was = {toml_string(words)}",
            )
