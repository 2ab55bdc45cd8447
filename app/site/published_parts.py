"""The paragraphs and items of an edition that the next one loses or changes."""

from __future__ import annotations

from collections.abc import Iterator

from app.anchor import BEFORE_FIRST, Anchor, AnchorNumber
from app.site.differences import describe_invisible_change, find_change, is_explained
from app.site.edition import EditionPart, missing_corrections
from app.site.pairing import (
    Added,
    Arrived,
    Kept,
    Lost,
    Moved,
    PairedEditions,
    is_next,
    moved_together,
)
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
    BEFORE_FIRST.item(0): "before the first paragraph",
    BEFORE_FIRST: "at the end of the text",
    Anchor("u", (AnchorNumber(0),)): "at the end of the text",
}
ADD_HINT = "add this to the end of the front matter:"


def part_problems(editions: PairedEditions) -> Iterator[Problem]:
    """Yield a problem for each part that is lost, reworded or renumbered."""
    corrections: dict[str, list[str]] = {}
    for correction in missing_corrections(editions.new, editions.old):
        if correction.was is not None:
            corrections.setdefault(correction.paragraph, []).append(correction.was)
    for start, place in STARTS.items():
        comparison = SeriesComparison(editions, corrections, start, place)
        yield from comparison.problems(start.series)


class SeriesComparison:
    """Compares the parts of one series, and the items below them.

    `start` is the anchor before the first part, such as p0 or p4-0, and `place` is
    where a part belongs if no other part of the series is left.
    """

    def __init__(
        self,
        editions: PairedEditions,
        corrections: dict[str, list[str]],
        start: Anchor,
        place: str,
    ) -> None:
        self.editions = editions
        self.corrections = corrections
        self.start = start
        self.default_place = place
        # The published anchor of the previous part, or the one that its fix assigns.
        self.previous = start
        self.previous_name = ""
        # Whether an earlier problem explains why the next parts have other numbers.
        self.is_shift_explained = False
        self.has_printed_numbers = (
            editions.new.has_published_numbers and start.series == "p"
        )

    def problems(self, new_series: str) -> Iterator[Problem]:
        """Yield the problems in the order of the text.

        `new_series` is the series of the new edition with which the parts are compared.
        """
        rows = list(self.editions.rows(self.start.series, new_series))
        # The next kept row of each row, as a stack: that of the first row is on top.
        next_kept: list[Kept | None] = []
        following = None
        for row in reversed(rows):
            next_kept.append(following)
            if isinstance(row, Kept):
                following = row
        for position, row in enumerate(rows):
            following = next_kept.pop()
            if isinstance(row, Kept):
                yield from self._kept_problems(row.old, row.new)
            elif isinstance(row, Added):
                yield from self._added_problems(row.new, following)
            elif isinstance(row, Lost):
                yield from self._lost_problems(row.old, following)
            elif isinstance(row, Moved):
                if position == 0 or not is_next(rows[position - 1], row):
                    moves = moved_together(rows, position)
                    yield self._move_problem(moves, following)
                self.is_shift_explained = True
                self.previous = row.old.anchor
                self.previous_name = name_part(row.new)
                yield from self._item_problems(row.old.anchor, row.new.anchor)
            elif isinstance(row, Arrived):
                # The move is reported at its old place.
                self.is_shift_explained = True

    def _item_problems(self, anchor: Anchor, now: Anchor | None) -> Iterator[Problem]:
        """Yield the problems of the items below a part, now below `now`.

        The part is the previous one, so that `previous_name` names it.
        """
        place = f"directly below {self.previous_name}"
        items = SeriesComparison(self.editions, self.corrections, anchor.item(0), place)
        yield from items.problems(f"{now}-")

    def _kept_problems(self, old: EditionPart, new: EditionPart) -> Iterator[Problem]:
        yield from self._number_problems(old, new)
        name = name_part(new)
        if old.is_withdrawn and not new.is_withdrawn:
            line = self._withdrawn_line(old.anchor)
            yield Problem(
                f"{old.anchor} was withdrawn and has words again",
                f"write “{line}” in place of {name}",
            )
        elif not new.is_withdrawn:
            yield from self._word_problems(old, new)
        self.previous = old.anchor
        self.previous_name = name
        yield from self._item_problems(old.anchor, new.anchor)

    def _number_problems(self, old: EditionPart, new: EditionPart) -> Iterator[Problem]:
        number = old.anchor.last
        if new.anchor.last == number:
            self.is_shift_explained = False
        elif not self.is_shift_explained or self.previous.following.last != number:
            self.is_shift_explained = True
            fix = f"end it with {{#{old.anchor}}}"
            if self.has_printed_numbers:
                fix = self._number_fix(old.anchor)
            yield Problem(f"{old.anchor} is now {new.anchor}", fix)

    def _added_problems(
        self, new: EditionPart, following: Kept | None
    ) -> Iterator[Problem]:
        """Yield a problem if a new part changes the numbers of published parts."""
        if following is None:
            return
        published = self.editions.old.anchors
        own = self.previous.with_last(new.anchor.last)
        is_between = self.previous.last < own.last < following.old.anchor.last
        if is_between and own not in published:
            self.previous = own
            return
        problem = f"{name_part(new)} was inserted and renumbers the parts after it"
        anchor = self.previous.inserted
        if self.has_printed_numbers:
            yield Problem(problem, "write it without a number")
        elif anchor is None or anchor in published:
            neighbours = [str(following.old.anchor)]
            if self.previous.last > AnchorNumber(0):
                neighbours.insert(0, str(self.previous))
            fix = f"no id is free here: add its words to {' or '.join(neighbours)}"
            yield Problem(problem, f"{fix}, with a correction")
            self.is_shift_explained = True
        else:
            yield Problem(problem, f"end it with {{#{anchor}}}")
            self.previous = anchor
            self.is_shift_explained = True

    def _lost_problems(
        self, old: EditionPart, following: Kept | None
    ) -> Iterator[Problem]:
        anchor = old.anchor
        problem = f"{anchor}, “{old.text:.60}”, is gone"
        place = self._place(anchor, following)
        line = f"write the line “{self._withdrawn_line(anchor)}” {place}"
        if anchor.is_item:
            line += f" (in a numbered list, with {anchor.last.value}. instead of -)"
        if old.is_withdrawn:
            yield Problem(f"{anchor}, which was withdrawn, is gone", line)
        else:
            correction = suggested_correction(
                anchor, self.editions.new.day, withdrawn=True
            )
            yield Problem(
                problem,
                f"put it back, or {line} and {ADD_HINT}",
                correction_block(correction, hints=True),
            )
        self.is_shift_explained = True
        self.previous = anchor
        self.previous_name = f"the line {{#{anchor}}}"
        yield from self._item_problems(anchor, None)

    def _move_problem(self, moves: list[Moved], following: Kept | None) -> Problem:
        """Return the problem of neighbours that moved together."""
        anchor, now = moves[0].old.anchor, moves[0].new.anchor
        names, verb, new_names = str(anchor), "is", str(now)
        fix = "move it back to its place"
        if len(moves) > 1:
            names, verb = f"{names} to {moves[-1].old.anchor}", "are"
            new_names += f" to {moves[-1].new.anchor}"
            fix = "move them back to their place"
        problem = f"{names} {verb} now {new_names}"
        if names == new_names:
            problem = f"{names} {verb} in another place"
        if anchor.kind != now.kind and not anchor.is_item and not now.is_item:
            return Problem(problem, self._number_fix(anchor))
        if len(anchor.numbers) != len(now.numbers):
            fix += " in the list" if anchor.is_item else " outside the list"
        for move in moves:
            if f"{move.new.anchor}-" in self.editions.new.series:
                fix += " with all items below"
                break
        return Problem(problem, f"{fix}, {self._place(anchor, following)}")

    def _number_fix(self, anchor: Anchor) -> str:
        """Return the fix for a paragraph that got or lost a printed number."""
        if self.editions.new.has_published_numbers:
            if not self.editions.old.has_published_numbers:
                return "remove numbers from the front matter"
        elif self.editions.old.has_published_numbers:
            return 'write numbers = "publication" in the front matter'
        if anchor.kind == "u":
            return "write it without a number"
        return f"begin it with {anchor.numbers[0]}. as it was published"

    def _place(self, anchor: Anchor, following: Kept | None) -> str:
        """Return where a part belongs: before the next part, or after the previous one.

        The previous one is preferred if only it was in the same section.
        """
        sections = self.editions.old.sections
        section = sections[anchor]
        is_near = anchor.is_item or sections.get(self.previous) == section
        is_next_near = following and sections[following.old.anchor] == section
        if self.previous_name and is_near and not is_next_near:
            has_items = f"{self.previous}-" in self.editions.old.series
            items = " and its items" if has_items else ""
            return f"after {self.previous_name}{items}"
        if following is not None:
            return f"before {name_part(following.new)}"
        return self.default_place

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

    def _word_problems(self, old: EditionPart, new: EditionPart) -> Iterator[Problem]:
        """Yield a problem if the words changed and no new correction explains it.

        If they did not change, yield one for each new correction of them.
        """
        corrected = self.corrections.get(str(old.anchor), [])
        if old.text == new.text:
            yield from self._false_corrections(old, corrected)
            return
        if is_explained(old.text, new.text, corrected):
            return
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
            fix = f"was = {toml_string(change.was)} instead of was = "
            yield Problem(problem, f"write {fix}{toml_string(words)}")
        else:
            correction = suggested_correction(
                old.anchor, self.editions.new.day, was=change.was
            )
            yield Problem(
                problem,
                f"put the words back, or {ADD_HINT}",
                correction_block(correction, hints=True),
            )

    def _false_corrections(
        self, old: EditionPart, corrected: list[str]
    ) -> Iterator[Problem]:
        """Yield a problem for each correction of words that did not change."""
        for words in corrected:
            if words in old.text:
                yield Problem(
                    f"{old.anchor} has a new correction, but still reads “{words:.60}”",
                    f"remove the correction with was = {toml_string(words)}",
                )
