"""The anchors of paragraphs and items, which are counted or given by an id."""

from __future__ import annotations

from app.anchor import Anchor, AnchorNumber
from app.reading.errors import ErrorCollector, Line, LineError

NUMBERS_RISE_FIX = (
    r"the numbers of a publication rise through the whole text; if these do not,"
    r" remove numbers from the front matter and put \ before the full stops"
)


class Numbering:
    """Assigns an anchor to each paragraph and item, in the order of the text.

    An id that cannot be used is an error. The part then gets the next anchor, so that
    the parts after it are still counted correctly.
    """

    def __init__(self, errors: ErrorCollector) -> None:
        self.errors = errors
        self.lines: dict[Anchor, Line] = {}  # the first line of each part
        self.has_rejected_ids = False
        # The anchors of each series, by its anchor with the number 0, which is also
        # the first in the list.
        self._series: dict[Anchor, list[Anchor]] = {}

    def add(
        self, line: Line, id_: str | None, zero: Anchor, number: int | None = None
    ) -> Anchor:
        """Return the anchor of a part: `id_`, or the next one of its series.

        A series is counted from 1: all paragraphs of one kind, or the items directly
        below one part. `zero` is its anchor with the number 0, which no part has.
        `number` is the number that the publication prints before the part, if any. Add
        an error if `id_` or `number` cannot be used.
        """
        series = self._series.setdefault(zero, [zero])
        anchor = series[-1].following
        with self.errors.collect():
            if number is not None:
                printed = zero.with_last(AnchorNumber(number))
                if printed.last < anchor.last:
                    problem = "does not rise above the number before it"
                    raise line.error(problem, NUMBERS_RISE_FIX)
                anchor = printed
            if id_ is not None and id_ != str(anchor):
                if number is not None:
                    raise _misplaced_id_error(line, id_, anchor)
                anchor = self._parse(line, id_, series)
        if id_ is not None and id_ != str(anchor):
            self.has_rejected_ids = True
        series.append(anchor)
        self.lines[anchor] = line
        return anchor

    def _parse(self, line: Line, id_: str, series: list[Anchor]) -> Anchor:
        """Return the anchor that `id_` denotes.

        Raise LineError if it belongs to another series, or does not rise above the
        last anchor of its series.
        """
        zero, last = series[0], series[-1]
        anchor = Anchor.parse(id_)
        if anchor is None or anchor == zero or anchor.series != zero.series:
            raise _misplaced_id_error(line, id_, last.following)
        if anchor.last <= last.last:
            raise self._order_error(line, anchor, series)
        return anchor

    def _order_error(
        self, line: Line, anchor: Anchor, series: list[Anchor]
    ) -> LineError:
        """Return the error for an id that does not rise above the last of its series.

        The editor probably inserted a part. It is either this part, or the part above
        it, which has no id and was given the next whole number.
        """
        last = series[-1]
        noun = "item" if anchor.is_item else "paragraph"
        place = "after it" if anchor == last else "here"
        fix = f"for a new {noun} {place} write {{#{last.inserted or last.following}}}"
        if_published = ""
        if anchor in self.lines:
            number = self.lines[anchor].number
            problem = f"has the id {anchor}, which is taken (line {number})"
            inserted = series[-2].inserted
            if anchor == last and inserted not in (None, anchor):
                if_published = f"end the new {noun} above it with {{#{inserted}}}"
        else:
            problem = f"has the id {anchor}, which does not rise above {last} before it"
            if anchor.last.letter and not last.last.letter:
                if_published = self._insertion_fix(anchor, noun)
        if if_published:
            fix += f"; if {anchor} is published, {if_published}"
        return line.error(problem, fix)

    def _insertion_fix(self, anchor: Anchor, noun: str) -> str:
        """Return the fix for a new part without an id above the published `anchor`.

        `anchor` has a letter, such as p4a. The new part was counted as p5.
        """
        before = anchor.preceding
        names = str(anchor)
        if before in self.lines:
            names = f"{before} or {anchor}"
        elif before.last > AnchorNumber(0):
            return f"end the new {noun} above it with {{#{before}}}"
        return (
            f"no id is free before it: add the words of the new {noun} above it to "
            f"{names}, with a correction"
        )


def _misplaced_id_error(line: Line, id_: str, expected: Anchor) -> LineError:
    problem = f"has the id {id_!r}, which does not belong here"
    fix = f"write {{#{expected}}} or none, or \\{{ for the character itself"
    return line.error(problem, fix)
