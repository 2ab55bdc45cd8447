"""The paragraphs and items of an edition that the next one loses or changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from app.anchor import BEFORE_FIRST, Anchor, AnchorNumber
from app.site.edition import EditionHeading, EditionPart
from app.site.matching import MatchedEditions, Run
from app.site.problem import (
    ADD_HINT,
    Problem,
    correction_block,
    name_part,
    suggested_correction,
    withdrawn_line,
    word_problems,
)

BEFORE_FIRST_UNNUMBERED = Anchor("u", (AnchorNumber(0),))
# The number of characters by which a reworded part is recognised.
BEGINNING_LENGTH = 10


def part_problems(editions: MatchedEditions) -> Iterator[Problem]:
    """Yield a problem for each part that is lost, reworded or renumbered.

    The problems of items are after those of the paragraphs.
    """
    old, new = editions.old, editions.new
    is_renumbered = old.has_published_numbers != new.has_published_numbers
    if is_renumbered and not old.anchors <= new.anchors:
        fix = "remove numbers from the front matter"
        if old.has_published_numbers:
            fix = 'write numbers = "publication" in the front matter'
        yield Problem("the paragraphs have other numbers", fix)
        return
    place = "at the end of the text"
    if new.series.keys() & {"p", "u"}:
        place = "before the first paragraph"
    first_place = "at the beginning of the text"
    comparisons = deque(
        [
            SeriesComparison(editions, BEFORE_FIRST, "p", place),
            SeriesComparison(editions, BEFORE_FIRST_UNNUMBERED, "u", place),
            SeriesComparison(editions, BEFORE_FIRST.item(0), "p0-", first_place),
        ]
    )
    while comparisons:
        comparison = comparisons.popleft()
        yield from comparison.problems()
        comparisons.extend(comparison.items)


class SeriesComparison:
    """Compares the parts of one series from top to bottom.

    `start` is the anchor before the first part, such as p0 or p4-0. `new_series` is
    the series in the new edition: "p5-" for the items of p4, if p4 is now p5. `place`
    is where a part belongs if none is above it.

    The numbers of a series must rise, otherwise the reader rejects the file. So the
    comparison keeps the anchor that the part above has once its fixes are applied, and
    a fix names an id only if counting from that anchor gives another one.
    """

    def __init__(
        self, editions: MatchedEditions, start: Anchor, new_series: str, place: str
    ) -> None:
        self.editions = editions
        self.start = start
        self.old_parts = editions.old.series.get(start.series, [])
        new_parts = editions.new.series.get(new_series, [])
        self.kept = editions.kept(self.old_parts, new_parts)
        # The kept and the new parts. The others moved here, and will be moved back.
        kept_now = {editions.now[anchor].anchor for anchor in self.kept}
        self.remaining = deque(
            part for part in new_parts if part.anchor in kept_now or self._is_new(part)
        )
        self.items: list[SeriesComparison] = []  # of the lists below the parts
        self.has_printed_numbers = (
            editions.new.has_published_numbers and start.series == "p"
        )
        # The parts of a run whose problem was yielded for the first of them.
        self.reported: set[Anchor] = set()
        # The anchor that the part above has after the fixes, and the place below it.
        self.previous = start
        self.place = place
        # The number of parts above this place in the text of the new edition.
        self.parts_above = 0

    def _is_new(self, part: EditionPart) -> bool:
        """Return whether a part of the new edition is matched with no published one."""
        return part.anchor not in self.editions.matched and not part.is_withdrawn

    def problems(self) -> Iterator[Problem]:
        """Yield the problems in the order of the text.

        If a published part is gone and a new one is in its place, these are compared
        as one part that was reworded.
        """
        remaining = self.remaining
        for old in self.old_parts:
            now = self.editions.now.get(old.anchor)
            if old.anchor in self.kept:
                while remaining[0] != now:
                    yield from self._added_problems(self._take_part(), old.anchor)
                yield from self._kept_problems(old, self._take_part())
            elif now is not None:
                yield from self._move_problems(old.anchor, now)
            elif old.is_withdrawn or not remaining or not self._is_new(remaining[0]):
                yield self._lost_problem(old)
            else:
                if self._is_inserted(old):
                    yield from self._added_problems(self._take_part(), old.anchor)
                self.editions.now[old.anchor] = remaining[0]
                yield from self._kept_problems(old, self._take_part())
        for new in remaining:
            yield from self._added_problems(new, None)

    def _take_part(self) -> EditionPart:
        """Remove the next part from the remaining ones, and return it."""
        part = self.remaining.popleft()
        self.parts_above = self.editions.new.positions[part.anchor] + 1
        return part

    def _is_inserted(self, old: EditionPart) -> bool:
        """Return whether the next part was inserted before `old`, which was reworded.

        This is so if the one after it begins with the same characters as `old`, and
        the next one does not.
        """
        if len(self.remaining) < 2 or not self._is_new(self.remaining[1]):
            return False
        beginning = old.text[:BEGINNING_LENGTH]
        is_second = self.remaining[1].text.startswith(beginning)
        return is_second and not self.remaining[0].text.startswith(beginning)

    def _continue_below(self, anchor: Anchor, part: EditionPart | None) -> None:
        """Continue below the part that has this anchor after the fixes.

        `part` is this part as it is now. It is None for a lost part, of which only the
        line that withdraws it will be left.
        """
        name = f"the line {{#{anchor}}}"
        new_items = ""
        if part is not None:
            name = name_part(part)
            new_items = f"{part.anchor}-"
        self.previous = anchor
        self.place = f"after {name}"
        if new_items in self.editions.new.series:
            self.place += " and its items"
        if f"{anchor}-" in self.editions.old.series:
            place = f"directly below {name}"
            items = SeriesComparison(self.editions, anchor.item(0), new_items, place)
            self.items.append(items)

    def _number_after_fixes(self, part: EditionPart) -> AnchorNumber:
        """Return the number that a part gets below the previous one.

        It is counted, unless the file has a printed number or an id for the part.
        """
        if self.has_printed_numbers or part.anchor in self.editions.new.own_ids:
            return part.anchor.last
        return self.previous.following.last

    def _kept_problems(self, old: EditionPart, new: EditionPart) -> Iterator[Problem]:
        """Yield the problems of a part in its place, perhaps with other words.

        A part that has another number needs no fix if the fixes above restore it.
        """
        anchor = old.anchor
        is_same = new.anchor.last == anchor.last
        will_be_same = self._number_after_fixes(new) == anchor.last
        if not (is_same or will_be_same or anchor in self.reported):
            run = self._run(anchor, new.anchor)
            yield Problem(run.change, self._number_fix(run))
        if not new.is_withdrawn:
            corrected = self.editions.corrections.get(str(anchor), [])
            yield from word_problems(old, new, corrected, self.editions.new.day)
        self._continue_below(anchor, new)

    def _move_problems(self, anchor: Anchor, now: EditionPart) -> Iterator[Problem]:
        """Yield the problem of a part that is in another place now."""
        if anchor not in self.reported:
            run = self._run(anchor, now.anchor)
            is_paragraph = not anchor.is_item
            if is_paragraph and anchor.kind != now.anchor.kind:
                yield Problem(run.change, run.printed_number_fix)
            else:
                fix = f"move {run.pronoun} back, with any items below, {self.place}"
                if self._number_after_fixes(now) != anchor.last:
                    fix += f", and {self._number_fix(run)}"
                yield Problem(run.change, fix)
        self._continue_below(anchor, now)

    def _run(self, first: Anchor, now: Anchor) -> Run:
        """Return the longest run from the part `first`, which is now `now`.

        Either all of its parts are kept in their places or none is. Those after the
        first become reported.
        """
        last, last_now = first, now
        while True:
            following = last.following
            new = self.editions.now.get(following)
            if new is None or new.anchor != last_now.following:
                break
            if (following in self.kept) != (first in self.kept):
                break
            last, last_now = following, new.anchor
            self.reported.add(last)
        return Run(first, last, now, last_now)

    def _number_fix(self, run: Run) -> str:
        """Return the fix that gives the parts of a run their published numbers.

        An id is only for the first of them, from which the others are counted.
        """
        if self.has_printed_numbers:
            return run.printed_number_fix
        part = "it" if run.first == run.last else "the first"
        fix = f"end {part} with {{#{run.first}}}"
        if run.first in self.editions.new.anchors:
            fix += _remove_elsewhere(run.first)
        return fix

    def _added_problems(
        self, new: EditionPart, following: Anchor | None
    ) -> Iterator[Problem]:
        """Yield a problem if a new part needs an id, so that it renumbers no other.

        `following` is the next published anchor.
        """
        above = self.previous
        anchor = above.with_last(self._number_after_fixes(new))
        if _is_between(above, anchor, following):
            self._continue_below(anchor, new)
            return
        problem = f"{name_part(new)} was inserted and renumbers the parts after it"
        free = above.inserted if following else above.following
        if self.has_printed_numbers:
            yield Problem(problem, "write it without a number")
        elif free and _is_between(above, free, following):
            yield Problem(problem, f"end it with {{#{free}}}")
            self._continue_below(free, new)
        else:
            neighbours = []
            for neighbour in (above, following):
                if neighbour is not None and neighbour.last > AnchorNumber(0):
                    neighbours.append(str(neighbour))
            fix = f"no id is free here: add its words to {' or '.join(neighbours)}"
            yield Problem(problem, f"{fix}, with a correction")

    def _lost_problem(self, old: EditionPart) -> Problem:
        """Return the problem of a lost part, of which at least a line must be left."""
        anchor = old.anchor
        heading = self.editions.headings_above.get(anchor)
        if heading is not None and not anchor.is_item and self._is_next(heading):
            self.place = f"directly below the heading “{heading.text}”"
            self.parts_above = heading.position + 1  # with this line
        withdrawn = withdrawn_line(anchor, self.editions.new.has_published_numbers)
        line = f"write the line “{withdrawn}” {self.place}"
        if anchor.is_item:
            line += f" (in a numbered list, with {anchor.last.value}. instead of -)"
        self._continue_below(anchor, None)
        if old.is_withdrawn:
            problem = f"{anchor}, which was withdrawn, is gone"
            return Problem(problem, line + _remove_elsewhere(anchor))
        correction = suggested_correction(anchor, self.editions.new.day, withdrawn=True)
        return Problem(
            f"{anchor}, “{old.text:.60}”, is gone",
            f"put it back, or {line} and {ADD_HINT}",
            correction_block(correction, hints=True),
        )

    def _is_next(self, heading: EditionHeading) -> bool:
        """Return whether a heading is between the part above and the next part."""
        if heading.position < self.parts_above:
            return False
        if self.parts_above == 0 and self.previous != self.start:
            return False  # the part above is put before the first paragraph
        if not self.remaining:
            return True
        following = self.remaining[0].anchor
        return heading.position <= self.editions.new.positions[following]


def _remove_elsewhere(id_: Anchor) -> str:
    """Return the end of a fix with an id that other words may have in the file."""
    return f", and remove {{#{id_}}} from other words"


def _is_between(above: Anchor, anchor: Anchor, below: Anchor | None) -> bool:
    """Return whether the ids rise if a part with `anchor` is below one with `above`."""
    is_before = below is None or anchor.last < below.last
    return above.last < anchor.last and is_before
