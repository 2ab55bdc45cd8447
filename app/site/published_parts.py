"""Finds the paragraphs and items of an edition that the next one loses or changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.anchor import Anchor, AnchorNumber
from app.errors import ContentError
from app.publication import Correction
from app.site.differences import find_change, is_explained
from app.site.edition import Edition, EditionPart
from app.site.pairing import Added, Kept, Lost, Row, pair_series

ADD_HINT = "add this to the end of the front matter:"
# The anchors before the first of each series that is not below a part.
BEFORE_ITEMS = Anchor("p", (AnchorNumber(0), AnchorNumber(0)))
BEFORE_PARAGRAPHS = Anchor("p", (AnchorNumber(0),))
BEFORE_UNNUMBERED = Anchor("u", (AnchorNumber(0),))


@dataclass(frozen=True)
class Problem:
    """A promise of the earlier edition that the new one breaks."""

    problem: str
    fix: str
    block: str = ""  # lines of front matter that belong to the fix

    def error(self, location: str) -> ContentError:
        """Return the error, with the lines of `block` below its message."""
        error = ContentError.at(location, self.problem, self.fix)
        if not self.block:
            return error
        return ContentError(f"{error.message}\n{self.block}")


def correction_block(correction: Correction, hints: bool = False) -> str:
    """Return the correction as lines of front matter.

    `hints` adds comments to the values that an editor has to check.
    """
    lines = [
        "[[corrections]]",
        f"paragraph = {toml_string(correction.paragraph)}",
        f"date = {correction.date}",
    ]
    if hints:
        lines[-1] += "  # the day of the change"
    if correction.was is not None:
        lines.append(f"was = {toml_string(correction.was)}")
    if correction.withdrawn:
        lines.append("withdrawn = true")
    lines.append(f"by = {toml_string(correction.by)}")
    if hints:
        lines[-1] += '  # or "publisher", if the publication was changed'
    return "\n".join(lines)


def toml_string(text: str) -> str:
    """Return `text` as a TOML string, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)


class PartComparison:
    """The paragraphs and items of two editions, paired."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old = old
        self.new = new
        self.corrected_words: dict[str, list[str]] = {}  # of new corrections, by anchor
        for correction in new.corrections:
            if correction not in old.corrections and correction.was is not None:
                words = self.corrected_words.setdefault(correction.paragraph, [])
                words.append(correction.was)
        self.rows: dict[Anchor, tuple[Row, ...]] = {}  # by the anchor before them
        for start in (BEFORE_ITEMS, BEFORE_PARAGRAPHS, BEFORE_UNNUMBERED):
            self.rows[start] = pair_series(old, new, start.series, start.series)
        self.lost_texts: set[str] = set()
        self.added_parts: dict[str, EditionPart] = {}  # by text
        for rows in self.rows.values():
            self._collect(rows)

    def _collect(self, rows: Sequence[Row]) -> None:
        """Collect the parts that are in one edition alone, with the items below."""
        for row in rows:
            if isinstance(row, Lost):
                self.lost_texts.add(row.part.text)
            elif isinstance(row, Added):
                self.added_parts.setdefault(row.part.text, row.part)
            self._collect(row.items)

    def new_correction(
        self, anchor: Anchor, was: str | None = None, withdrawn: bool = False
    ) -> Correction:
        """Return a correction of today, or of the day of publication if that is later.

        It is this edition's, which claims nothing about the publisher.
        """
        today = date.today()
        day = max(today, date.fromisoformat(self.new.day))
        return Correction(
            paragraph=str(anchor), date=day, by="edition", was=was, withdrawn=withdrawn
        )

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each part that is lost, reworded or renumbered."""
        for start, rows in self.rows.items():
            yield from SeriesComparison(self, start, rows).problems()


class SeriesComparison:
    """Compares the parts of one series, and the items below them.

    `start` is the anchor before the first part, such as p0 or p4-0.
    """

    def __init__(
        self, comparison: PartComparison, start: Anchor, rows: Sequence[Row]
    ) -> None:
        self.comparison = comparison
        self.rows = rows
        self.previous = start  # the published anchor of the part before, or its fix
        self.has_printed_numbers = (
            comparison.new.has_published_numbers and start == BEFORE_PARAGRAPHS
        )
        # Whether a problem explains why the next parts have other numbers.
        self.is_explained = False
        self.move_count = 0
        for row in rows:
            if isinstance(row, Lost) and self._moved_to(row):
                self.move_count += 1
        self.is_move_reported = False

    def problems(self) -> Iterator[Problem]:
        """Yield the problems in the order of the text."""
        for row, following in zip(self.rows, _following(self.rows), strict=True):
            if isinstance(row, Added):
                yield from self._check_added(row, following)
                continue
            if isinstance(row, Lost):
                anchor = row.part.anchor
                yield from self._check_lost(row, following)
            else:
                anchor = row.old.anchor
                yield from self._check_kept(row)
            self.previous = anchor
            if row.items:
                items = SeriesComparison(self.comparison, anchor.item(0), row.items)
                yield from items.problems()

    def _check_added(self, row: Added, following: Kept | None) -> Iterator[Problem]:
        """Yield a problem if the part changes the numbers of published ones."""
        if row.part.text in self.comparison.lost_texts:
            self.is_explained = True  # reported where it was
            return
        if following is None or not following.is_renumbered:
            return
        number = row.part.anchor.last
        if self.previous.last < number < following.old.anchor.last:
            return
        problem = f"“{row.part.text:.60}” was inserted and renumbers the parts after it"
        if self.has_printed_numbers:
            yield Problem(problem, "write it without a number")
            return
        self.is_explained = True
        anchor = self.previous.inserted
        if anchor is None or anchor in self.comparison.old.anchors:
            neighbours = [str(following.old.anchor)]
            if self.previous.last.value:
                neighbours.insert(0, str(self.previous))
            yield Problem(
                problem,
                "no id is free here: add its words to "
                f"{' or '.join(neighbours)}, with a correction",
            )
            return
        self.previous = anchor
        yield Problem(problem, f"end it with {{#{anchor}}}")

    def _check_lost(self, row: Lost, following: Kept | None) -> Iterator[Problem]:
        self.is_explained = True
        if row.part.is_withdrawn:
            return  # the loss of its correction is reported
        moved_to = self._moved_to(row)
        if moved_to is None:
            yield self._gone(row.part, following)
        elif not self.is_move_reported:
            self.is_move_reported = True
            yield self._moved(row.part.anchor, moved_to)

    def _gone(self, part: EditionPart, following: Kept | None) -> Problem:
        kind = "item" if part.anchor.is_item else "paragraph"
        fix = f"put it back, or {ADD_HINT}"
        if following is not None and not self.has_printed_numbers:
            next_id = f"{{#{following.old.anchor}}}"
            fix = f"put it back, or end the next {kind} with {next_id} and {ADD_HINT}"
        correction = self.comparison.new_correction(part.anchor, withdrawn=True)
        return Problem(
            f"{part.anchor}, “{part.text:.60}”, is gone",
            fix,
            correction_block(correction, hints=True),
        )

    def _moved_to(self, row: Lost) -> EditionPart | None:
        if row.part.is_withdrawn:
            return None
        return self.comparison.added_parts.get(row.part.text)

    def _moved(self, anchor: Anchor, moved_to: EditionPart) -> Problem:
        """Return the problem that this and perhaps other parts are in another place."""
        problem = f"{anchor} is now {moved_to.anchor}"
        fix = "move it back to its place"
        if self.move_count > 1:
            kind = "item" if anchor.is_item else "paragraph"
            others = self.move_count - 1
            plural = "s" if others > 1 else ""
            problem += f", and {others} more {kind}{plural} moved"
            fix = "move them back to their places"
        if anchor.kind != moved_to.anchor.kind:
            numbers = self.comparison.old.facts.get("numbers", "edition")
            fix = f'write numbers = "{numbers}" in the front matter again'
        return Problem(problem, fix)

    def _check_kept(self, row: Kept) -> Iterator[Problem]:
        if not row.is_renumbered:
            self.is_explained = False
        elif not self.is_explained:
            self.is_explained = True
            yield self._renumbered(row)
        if not row.old.is_withdrawn and not row.new.is_withdrawn:
            yield from self._check_words(row.old, row.new)

    def _renumbered(self, row: Kept) -> Problem:
        fix = f"end it with {{#{row.old.anchor}}}"
        if self.has_printed_numbers:
            fix = f"begin it with {row.old.anchor.last}. as it was published"
        return Problem(f"{row.old.anchor} is now {row.new.anchor}", fix)

    def _check_words(self, old: EditionPart, new: EditionPart) -> Iterator[Problem]:
        """Yield a problem if the words changed and no new correction explains it."""
        corrected = self.comparison.corrected_words.get(str(old.anchor), [])
        if old.text == new.text or is_explained(old.text, new.text, corrected):
            return
        change = find_change(old.text, new.text)
        problem = f"{old.anchor}: “{change.was:.60}” is now “{change.now:.60}”"
        if corrected:
            yield Problem(
                f"{problem}, which its correction does not cover",
                f"write was = {toml_string(change.was)} "
                f"instead of was = {toml_string(corrected[-1])}",
            )
            return
        correction = self.comparison.new_correction(old.anchor, was=change.was)
        yield Problem(
            problem,
            f"put the words back, or {ADD_HINT}",
            correction_block(correction, hints=True),
        )


def _following(rows: Sequence[Row]) -> list[Kept | None]:
    """Return for each row the next one after it that both editions have."""
    result: list[Kept | None] = []
    following = None
    for row in reversed(rows):
        result.append(following)
        if isinstance(row, Kept):
            following = row
    return result[::-1]
