"""Which anchor each paragraph and item has: counted, given by the publication, or written as its own behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from app.reading.line import Line
from app.statement import ANCHOR

Place = tuple[int | str, ...]  # of "p4a-2": (4, "a", 2, ""); it rises through the text

OWN_ID = re.compile(r"(?<!\\)(?:\\\\)*\{#([^{}\n]*)\}$")
NUMBERS = 'write numbers = "publication" in the front matter where the publication numbers its paragraphs, else '


def place_of(anchor: str) -> Place:
    """Return where the part with this anchor stands among those of its kind."""
    parts = re.findall(r"(\d+)([a-z]?)", anchor)
    return tuple(value for number, letter in parts for value in (int(number), letter))


def split_own_id(line: Line) -> tuple[Line, str | None]:
    """Return the line without the id that it ends in, and that id. Raises LineError for one that is no part's."""
    found = OWN_ID.search(line.text)
    if not found:
        return line, None
    if not ANCHOR.fullmatch(found[1]):
        remedy = r"write the number that is its own, as {#p2a}, or \{ for the character itself"
        raise line.error("is no id of a paragraph or item", remedy, found[0])
    return Line(line.number, line.text[: found.start(1) - 2].rstrip(" ")), found[1]


class Numbering:
    """Gives anchors in the order of the text, and says which withdrawn parts stand before each."""

    def __init__(self, withdrawn: tuple[str, ...]) -> None:
        """Begin before the first paragraph."""
        self.withdrawn = sorted(withdrawn, key=lambda anchor: (anchor[0], place_of(anchor)))
        self.ids: dict[str, int] = {}  # and the line that each stands on
        self.last: dict[str, Place] = {}  # the last place of a kind, "p", or below a part, "p4"
        self.parent = "p0"  # what items stand below

    def paragraph(self, line: Line, own: str | None, kind: str = "p", published: int | None = None) -> str:
        """Return the paragraph's anchor. Raises LineError where its number or own id cannot stand there."""
        last = self.last.get(kind, (0, ""))
        if published is not None and (published, "") <= last:
            remedy = r"remove numbers from the front matter, and write 1\. or 7\. for numbers that are text"
            raise line.error("does not rise above the number before it", remedy)
        counted = f"{kind}{int(last[0]) + 1 if published is None else published}"
        if own and ((published is not None and own != counted) or not re.fullmatch(rf"{kind}\d+[a-z]?", own)):
            raise line.error(f"is no id for this paragraph: {own}", f"write {{#{counted}}}, or none")
        self.parent = self._taken(line, counted, own, kind)
        return self.parent

    def item(self, line: Line, own: str | None, parent: str) -> str:
        """Return the anchor of an item below the paragraph or item `parent`; raises LineError like `paragraph`."""
        counted = f"{parent}-{int(self.last.get(parent, (0,))[-2:][0]) + 1}"
        if own and not re.fullmatch(rf"{parent}-\d+[a-z]?", own):
            raise line.error(f"is no id for this item: {own}", f"write {{#{counted}}}, or none")
        return self._taken(line, counted, own, parent)

    def _taken(self, line: Line, counted: str, own: str | None, kind: str) -> str:
        anchor = own or counted
        if place_of(anchor) <= self.last.get(kind, ()):
            raise line.error(f"has the id {anchor}, which does not rise above the one before", f"write {{#{counted}}}")
        if anchor in self.withdrawn:
            before, number = re.fullmatch(r"(.*?)(\d+)[a-z]?", anchor).groups()  # type: ignore[union-attr]
            free = next(n for n in count(int(number) + 1) if f"{before}{n}" not in self.withdrawn)
            raise line.error(f"would be {anchor}, which was withdrawn", f"end it with its own id, {{#{before}{free}}}")
        self.last[kind] = place_of(anchor)
        self.ids[anchor] = line.number
        return anchor

    def withdrawn_before(self, anchor: str | None, below: str = "") -> Iterator[str]:
        """Return the withdrawn parts that stand before `anchor`, items of `below` alone, each once; None: all."""
        for gone in list(self.withdrawn):
            alike = anchor is None or (gone[0] == anchor[0] and place_of(gone) < place_of(anchor))
            if alike and gone.startswith(below) and gone not in self.ids:
                self.ids[gone] = 0
                yield gone

    def next_withdrawn(self) -> Iterator[str]:
        """Return the withdrawn paragraph that would be counted next, if one is: it alone fills an empty section."""
        following = f"p{int(self.last.get('p', (0,))[0]) + 1}"
        if following in self.withdrawn and following not in self.ids:
            self.ids[following] = 0
            self.last["p"] = place_of(following)
            yield following
