"""The anchors of paragraphs and items, which are counted or given by an id."""

from __future__ import annotations

from app.anchor import BEFORE_FIRST, Anchor, AnchorKind, AnchorNumber
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
        self.has_wrong_ids = False
        self.paragraph = BEFORE_FIRST  # the last one, to which items belong
        self._last: dict[str, Anchor] = {}  # the last anchor of each series
        # For each counted part, the id that it would have as an inserted part.
        self._inserted: dict[Anchor, Anchor | None] = {}

    def add_paragraph(
        self, line: Line, id_: str | None, kind: AnchorKind, number: int | None = None
    ) -> Anchor:
        """Return the anchor of a paragraph: `id_`, or the next one of its kind.

        `number` is the number that the publication prints before it, if any. An error
        is added if `id_` or `number` cannot be used.
        """
        zero = Anchor(kind, (AnchorNumber(0),))
        expected = self._last.get(zero.series, zero).following
        if number is not None:
            printed = zero.with_last(AnchorNumber(number))
            if printed.last < expected.last:
                problem = "does not rise above the number before it"
                self.errors.add(line.error(problem, NUMBERS_RISE_FIX))
            else:
                expected = printed
                if id_ is not None and id_ != str(printed):
                    self.errors.add(_misplaced_id_error(line, id_, printed))
                    id_ = None
        self.paragraph = self._add(line, id_, expected)
        return self.paragraph

    def add_item(self, line: Line, id_: str | None, parent: Anchor) -> Anchor:
        """Return the anchor of an item below `parent`: `id_`, or the next one."""
        zero = parent.item(0)
        expected = self._last.get(zero.series, zero).following
        return self._add(line, id_, expected)

    def _add(self, line: Line, id_: str | None, expected: Anchor) -> Anchor:
        anchor = expected
        if id_ is not None:
            with self.errors.collect():
                anchor = self._parse(line, id_, expected)
            if str(anchor) != id_:
                self.has_wrong_ids = True
        else:
            zero = expected.with_last(AnchorNumber(0))
            self._inserted[anchor] = self._last.get(anchor.series, zero).inserted
        self._last[anchor.series] = anchor
        self.lines[anchor] = line
        return anchor

    def _parse(self, line: Line, id_: str, expected: Anchor) -> Anchor:
        """Return the anchor that `id_` denotes.

        Raise LineError if it belongs to another series than `expected`, or does not
        rise above the last anchor of its series.
        """
        anchor = Anchor.parse(id_)
        if anchor is None or anchor.series != expected.series:
            raise _misplaced_id_error(line, id_, expected)
        zero = expected.with_last(AnchorNumber(0))
        last = self._last.get(anchor.series, zero)
        if anchor.last > last.last:
            return anchor
        if last == zero:  # the id has the number 0
            raise _misplaced_id_error(line, id_, expected)
        free = last.inserted or expected
        noun = "item" if anchor.is_item else "paragraph"
        place = "after it" if anchor == last else "here"
        fix = f"for a new {noun} {place} write {{#{free}}}"
        if anchor in self.lines:
            other = self.lines[anchor].number
            problem = f"has the id {id_}, which is taken (line {other})"
            inserted = self._inserted.get(anchor)
            if anchor == last and inserted is not None:
                fix += (
                    f"; if {id_} is published, end the new {noun} above it with "
                    f"{{#{inserted}}}"
                )
        else:
            problem = f"has the id {id_}, which does not rise above {last} before it"
            if anchor.last.letter and not last.last.letter:
                fix += f"; if {id_} is published, {self._insertion_fix(anchor)}"
        raise line.error(problem, fix)

    def _insertion_fix(self, anchor: Anchor) -> str:
        """Return the fix for a new part above `anchor`, which has a letter.

        The new part has no id. It was counted as the next whole number, above which
        `anchor` does not rise.
        """
        before = anchor.preceding
        noun = "item" if anchor.is_item else "paragraph"
        if before not in self.lines and before.last > AnchorNumber(0):
            return f"end the new {noun} above it with {{#{before}}}"
        names = f"{before} or {anchor}" if before in self.lines else str(anchor)
        return (
            f"no id is free before it: add the words of the new {noun} above it to "
            f"{names}, with a correction"
        )


def _misplaced_id_error(line: Line, id_: str, expected: Anchor) -> LineError:
    problem = f"has the id {id_!r}, which does not belong here"
    fix = f"write {{#{expected}}} or none, or \\{{ for the character itself"
    return line.error(problem, fix)
