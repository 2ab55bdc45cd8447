"""Which anchor each paragraph and item has: counted, given by the publication, or written as its own behind it."""

import re
from collections.abc import Iterator
from itertools import count

from app.reading.line import Line

OWN_ID = re.compile(r"(?<!\\)(?:\\\\)*\{#([^{}\n]*)\}$")
NUMBERS = 'write numbers = "publication" in the front matter where the publication numbers its paragraphs, else '


def place_of(anchor: str) -> tuple[int | str, ...]:
    """Return what rises through the text: (4, "a", 2, "") for "p4a-2"."""
    return tuple(
        value
        for number, letter in re.findall(r"(\d+)([a-z]?)", anchor)
        for value in (int(number), letter)
    )


def split_own_id(text: str) -> tuple[str, str | None]:
    """Return the text without the id that it ends in, and that id, which may be no part's."""
    found = OWN_ID.search(text) if text.endswith("}") else None
    return (text[: found.start(1) - 2].rstrip(" "), found[1]) if found else (text, None)


class Numbering:
    """Gives anchors in the order of the text, and says which withdrawn parts stand before each."""

    def __init__(self, withdrawn: list[str]) -> None:
        """Begin before the first paragraph."""
        self.withdrawn = {
            gone: place_of(gone)
            for gone in sorted(withdrawn, key=lambda one: (one[0], place_of(one)))
        }
        self.ids: set[str] = set()
        self.last: dict[
            str, tuple[int | str, ...]
        ] = {}  # the last place behind a stem: "p", "u", or "p4-"
        self.parent = "p0"  # what items stand below

    def anchor(
        self, line: Line, own: str | None, stem: str, published: int | None = None
    ) -> str:
        """Return the part's `own` anchor, else `stem` with the number counted or `published`. Raises LineError."""
        last = self.last.get(stem, (*place_of(stem), 0, ""))
        if published is not None and (published, "") <= last:
            remedy = r"remove numbers from the front matter, and write 1\. or 7\. for numbers that are text"
            raise line.error("does not rise above the number before it", remedy)
        counted = f"{stem}{int(last[-2]) + 1 if published is None else published}"
        anchor = counted if own is None else own
        if (published and anchor != counted) or not re.fullmatch(
            rf"{stem}(0|[1-9][0-9]{{0,8}})[a-z]?", anchor
        ):
            remedy = f"write {{#{counted}}} or none, or \\{{ for the sign itself"
            raise line.error(f"has an id that is not its own: {own}", remedy)
        place = place_of(anchor)
        if place <= last:
            free = f"{stem}{last[-2]}{chr(ord(str(last[-1]) or '`') + 1)}"  # p3a behind p3, p3b behind p3a
            raise line.error(
                f"has the id {own}, which does not rise above the one before",
                f"write {{#{free}}}",
            )
        if anchor in self.withdrawn:
            number = next(
                n
                for n in count(int(place[-2]) + 1)
                if f"{stem}{n}" not in self.withdrawn
            )
            raise line.error(
                f"would be {anchor}, which was withdrawn",
                f"end it with its own id, {{#{stem}{number}}}",
            )
        self.last[stem] = place
        self.ids.add(anchor)
        return anchor

    def withdrawn_before(
        self, anchor: str | None = None, stem: str = ""
    ) -> Iterator[str]:
        """Return the withdrawn parts that stand before `anchor`, those with `stem` alone, each once; None: all."""
        for gone, place in self.withdrawn.items():
            before = anchor is None or (
                gone[0] == anchor[0] and place < place_of(anchor)
            )
            if before and gone.startswith(stem) and gone not in self.ids:
                self.ids.add(gone)
                yield gone
