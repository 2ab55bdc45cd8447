"""The anchors of paragraphs and list items: the grammar of "p4", "u2", "p4a-2".

    anchor = kind number *( "-" number )
    kind   = "p"            ; a numbered paragraph
           | "u"            ; a paragraph without a number in the publication
    number = digits [ letter ]

The first number is the paragraph's, each further number an item's, one for each
level of nesting. A letter marks a part that was inserted after publication:
"p4a" comes between "p4" and "p5". Items before the first paragraph belong to
paragraph 0: "p0-1".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Literal, cast

NUMBER = r"(?:0|[1-9][0-9]{0,8})[a-z]?"
ANCHOR_RE = re.compile(rf"([pu])({NUMBER}(?:-{NUMBER})*)")

AnchorKind = Literal["p", "u"]


@dataclass(frozen=True, order=True)
class AnchorNumber:
    """One number of an anchor, such as 4 or 4a; 4 < 4a < 5."""

    value: int
    letter: str = ""

    def __str__(self) -> str:
        return f"{self.value}{self.letter}"


@dataclass(frozen=True)
class Anchor:
    """The anchor of a paragraph or of a list item.

    Anchors have no order of their own: compare `last` of anchors with equal `series`.
    """

    kind: AnchorKind
    numbers: tuple[AnchorNumber, ...]

    @classmethod
    def parse(cls, text: str) -> Anchor | None:
        """Return the anchor that `text` spells, or None if it is not an anchor."""
        match = ANCHOR_RE.fullmatch(text)
        if match is None:
            return None
        numbers = []
        for number in match[2].split("-"):
            digits = number.rstrip(ascii_lowercase)
            numbers.append(AnchorNumber(int(digits), number[len(digits) :]))
        return cls(cast(AnchorKind, match[1]), tuple(numbers))

    def __str__(self) -> str:
        return self.kind + "-".join(str(number) for number in self.numbers)

    @property
    def is_item(self) -> bool:
        """Return whether this is the anchor of a list item."""
        return len(self.numbers) > 1

    @property
    def paragraph(self) -> Anchor:
        """Return the anchor of the paragraph that an item belongs to."""
        return replace(self, numbers=self.numbers[:1])

    @property
    def parent(self) -> Anchor | None:
        """Return the anchor one level up, or None for a paragraph."""
        if not self.is_item:
            return None
        return replace(self, numbers=self.numbers[:-1])

    @property
    def level(self) -> int:
        """Return 0 for a paragraph, 1 for an item of its list, 2 for a nested one."""
        return len(self.numbers) - 1

    @property
    def series(self) -> str:
        """Return the prefix of all anchors counted together: "p", "u" or "p4-"."""
        if self.parent is None:
            return self.kind
        return f"{self.parent}-"

    @property
    def last(self) -> AnchorNumber:
        """Return the number of this part in its series."""
        return self.numbers[-1]

    @property
    def label(self) -> str:
        """Return the label of the paragraph, also for an item.

        It is "4" or "4a", or "¶" for a paragraph without a number.
        """
        if self.kind == "u":
            return "¶"
        return str(self.numbers[0])

    @property
    def item_label(self) -> str:
        """Return the numbers of an item as citations have them: "2" or "2.1"."""
        return ".".join(str(number) for number in self.numbers[1:])

    @property
    def name(self) -> str:
        """Return the anchor in words: "paragraph 4", "item 2 of paragraph 4"."""
        if self.kind == "u":
            paragraph = f"unnumbered paragraph {self.numbers[0]}"
        else:
            paragraph = f"paragraph {self.numbers[0]}"
        if not self.is_item:
            return paragraph
        if self.paragraph == BEFORE_FIRST:
            return f"item {self.item_label}"
        return f"item {self.item_label} of {paragraph}"

    def item(self, number: int) -> Anchor:
        """Return the anchor of an item directly below this part."""
        return replace(self, numbers=(*self.numbers, AnchorNumber(number)))

    def with_last(self, number: AnchorNumber) -> Anchor:
        """Return the anchor in the same series with another number."""
        return Anchor(self.kind, (*self.numbers[:-1], number))

    @property
    def following(self) -> Anchor:
        """Return the anchor with the next number: "p5" after "p4" or "p4a"."""
        return self.with_last(AnchorNumber(self.last.value + 1))

    @property
    def inserted(self) -> Anchor | None:
        """Return the next anchor with a letter: "p4a" after "p4", then "p4b".

        None after "p4z".
        """
        if not self.last.letter:
            return self.with_last(AnchorNumber(self.last.value, "a"))
        if self.last.letter == "z":
            return None
        letter = chr(ord(self.last.letter) + 1)
        return self.with_last(AnchorNumber(self.last.value, letter))

    @property
    def preceding(self) -> Anchor:
        """Return the anchor before one with a letter: "p4" before "p4a".

        It is the reverse of `inserted`: this anchor must have a letter.
        """
        letter = ""
        if self.last.letter > "a":
            letter = chr(ord(self.last.letter) - 1)
        return self.with_last(AnchorNumber(self.last.value, letter))


BEFORE_FIRST = Anchor("p", (AnchorNumber(0),))
