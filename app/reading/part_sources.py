"""The lines of the file, and the Markdown, of each paragraph and item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.anchor import Anchor
from app.reading.errors import Line
from app.reading.labels import LabelFinder
from app.statement import Part


@dataclass(frozen=True)
class PartSources:
    """The lines and the Markdown sources of the parts of a text.

    `lines` maps each anchor to the first line of its part, and `texts` to its source.
    """

    lines: Mapping[Anchor, Line]
    texts: Mapping[Anchor, str]

    def finder(self, part: Part) -> LabelFinder:
        """Return a label finder for a part."""
        return LabelFinder(part, self.texts[part.anchor])

    def line(self, part: Part, number: int = 0) -> Line:
        """Return the line of a part with this number, counted from 0."""
        first = self.lines[part.anchor]
        if number == 0:
            return first
        return Line(first.number + number, part.text.split("\n")[number])
