"""Two editions, and the parts that have the same words in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.anchor import Anchor
from app.site.differences import is_explained
from app.site.edition import Edition, EditionPart, missing_corrections

# The level of a part and its words, or the anchor of a part matched by its id.
PartKey = tuple[int, str] | Anchor


@dataclass(frozen=True)
class Run:
    """Published parts that follow each other in both editions, by their anchors."""

    first: Anchor
    last: Anchor
    first_now: Anchor
    last_now: Anchor

    @property
    def pronoun(self) -> str:
        """Return "it" or "them"."""
        return "it" if self.first == self.last else "them"

    @property
    def change(self) -> str:
        """Return the new anchors: "p2 is now p3" or "p2 to p4 are now p3 to p5"."""
        names, verb, names_now = str(self.first), "is", str(self.first_now)
        if self.first != self.last:
            names += f" to {self.last}"
            verb = "are"
            names_now += f" to {self.last_now}"
        return f"{names} {verb} now {names_now}"


class MatchedEditions:
    """An edition and the next one.

    `corrections` has the words before each new correction, by the id of the part.
    `now` maps published anchors to the new parts with their words, and `matched` has
    the anchors of these new parts.
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
        self._match()
        self.matched = {part.anchor for part in self.now.values()}

    def _match(self) -> None:
        """Match parts of one level by their words.

        Words that occur a different number of times in the two editions are matched
        only where the ids are the same.
        """
        by_id = self._matched_by_id()
        new_parts = _by_key(self.new, by_id)
        for key, olds in _by_key(self.old, by_id).items():
            news = new_parts.get(key, [])
            if len(olds) != len(news):
                ids = {part.anchor for part in olds} & {part.anchor for part in news}
                olds = [part for part in olds if part.anchor in ids]
                news = [part for part in news if part.anchor in ids]
            for old, new in zip(olds, news, strict=True):
                self.now[old.anchor] = new

    def _matched_by_id(self) -> set[Anchor]:
        """Return the published anchors of parts whose words may be others.

        These are withdrawn or corrected, or have an id of their own in the file.
        """
        texts = {part.anchor: part.text for part in self.old.parts}
        anchors = set()
        for part in self.new.parts:
            text = texts.get(part.anchor)
            if text is None:
                continue
            corrected = self.corrections.get(str(part.anchor), [])
            has_id = part.is_withdrawn or part.anchor in self.new.own_ids
            if has_id or is_explained(text, part.text, corrected):
                anchors.add(part.anchor)
        return anchors

    def kept(
        self, old_parts: Sequence[EditionPart], new_parts: Sequence[EditionPart]
    ) -> set[Anchor]:
        """Return the published anchors of the parts of a series that keep their order.

        Each part that has its number is kept. Another one is kept if it is below the
        kept parts above it, and above the next part that has its number.
        """
        positions = {part.anchor: position for position, part in enumerate(new_parts)}
        limit = len(new_parts)
        places = []
        for old in reversed(old_parts):
            new = self.now.get(old.anchor)
            if new is not None and new.anchor in positions:
                position = positions[new.anchor]
                places.append((old.anchor, position, limit))
                if new.anchor.last == old.anchor.last:
                    limit = position
        kept = set()
        above = -1
        for anchor, position, limit in reversed(places):
            if above < position < limit:
                kept.add(anchor)
                above = position
        return kept


def _by_key(edition: Edition, by_id: set[Anchor]) -> dict[PartKey, list[EditionPart]]:
    """Return the parts by their keys, except withdrawn ones not matched by id."""
    parts: dict[PartKey, list[EditionPart]] = {}
    for part in edition.parts:
        if part.anchor in by_id:
            parts[part.anchor] = [part]
        elif not part.is_withdrawn:
            parts.setdefault((part.anchor.level, part.text), []).append(part)
    return parts
