"""Paragraphs and items that are in another place than in the edition before."""

from __future__ import annotations

from dataclasses import dataclass

from app.anchor import Anchor
from app.site.pairing import PairedEditions
from app.site.problem import Problem


@dataclass
class Move:
    """Neighbouring parts that are now in another place, one after the other."""

    first: Anchor
    last: Anchor
    first_now: Anchor
    last_now: Anchor
    place: str  # where they belong
    has_items: bool

    def extend(self, anchor: Anchor, now: Anchor, has_items: bool) -> bool:
        """Add the part after the last one, and return whether it is that part."""
        if now != self.last_now.following:
            return False
        self.last = anchor
        self.last_now = now
        self.has_items = self.has_items or has_items
        return True


def move_problem(editions: PairedEditions, move: Move) -> Problem:
    """Return the problem of a move. Its fix moves the parts back."""
    if move.first == move.last:
        names, verb, now = f"{move.first}", "is", f"{move.first_now}"
        fix = "move it back to its place"
    else:
        names, verb = f"{move.first} to {move.last}", "are"
        now = f"{move.first_now} to {move.last_now}"
        fix = "move them back to their place"
    if names == now:
        problem = f"{names} {verb} in another place"
    else:
        problem = f"{names} {verb} now {now}"
    if move.first.kind != move.first_now.kind and not move.first.is_item:
        return Problem(problem, number_fix(editions, move.first))
    if len(move.first.numbers) != len(move.first_now.numbers):
        fix += " in the list" if move.first.is_item else " outside the list"
    if move.has_items:
        fix += " with all items below"
    return Problem(problem, f"{fix}, {move.place}")


def number_fix(editions: PairedEditions, anchor: Anchor) -> str:
    """Return the fix for a paragraph that got or lost a printed number."""
    old = editions.old.facts.get("numbers", "edition")
    if old != editions.new.facts.get("numbers", "edition"):
        return f'write numbers = "{old}" in the front matter'
    if anchor.kind == "u":
        return "write it without a number"
    return f"begin it with {anchor.numbers[0]}. as it was published"
