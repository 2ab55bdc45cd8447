"""How the parts of two editions lie side by side: which became which, and what changed within one."""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from os.path import commonprefix
from typing import NamedTuple

WINDOW = 8  # parts among which one that was reworded is looked for, from its place on

Pair = tuple[str | None, str | None]


class Row(NamedTuple):
    """A part: its id in the earlier edition and in the new one, None where it is not there."""

    before: str | None
    after: str | None
    place: str  # its id in the new edition if the parts that it is below keep theirs; "-1" below one that is new


def stem(id_: str) -> str:
    """Return what all ids begin with that are counted together: "p" for "p4", "p4-" for "p4-2"."""
    parent, dash, _ = id_.rpartition("-")
    return parent + dash or id_[0]


def aligned(old: Mapping[str, str], new: Mapping[str, str]) -> list[Row]:
    """Return the parts of both editions, each a mapping of ids to words in the order of the text."""
    before, after = list(old), list(new)
    pairs: list[Pair] = []
    for _, i, k, j, m in SequenceMatcher(None, list(old.values()), list(new.values())).get_opcodes():
        pairs += _alike_first(before[i:k], after[j:m], old, new)
    kept = {right: left or "" for left, right in pairs if right}
    rows = []
    for left, right in pairs:
        parent, dash, number = (right or "").rpartition("-")
        rows.append(Row(left, right, f"{kept.get(parent, parent)}{dash}{number}"))
    return rows


def _alike_first(before: list[str], after: list[str], old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Pair]:
    """Return as pairs the parts that say much the same, and what stands between them."""
    waiting: list[str] = []
    for id_ in before:
        at = next((at for at, other in enumerate(after[:WINDOW]) if _alike(old[id_], new[other])), None)
        if at is None:
            waiting.append(id_)
            continue
        yield from _unlike(waiting, after[:at])
        yield id_, after[at]
        waiting, after = [], after[at + 1 :]
    yield from _unlike(waiting, after)


def _unlike(before: list[str], after: list[str]) -> Iterator[Pair]:
    """Return one by one what nothing tells apart where there are as many; else by id, what is gone before the new."""
    if len(before) == len(after):
        yield from zip(before, after, strict=True)
    elif same := next((id_ for id_ in before if id_ in after), None):
        i, j = before.index(same), after.index(same)
        yield from _unlike(before[:i], after[:j])
        yield same, same
        yield from _unlike(before[i + 1 :], after[j + 1 :])
    else:
        yield from ((id_, None) for id_ in before)
        yield from ((None, id_) for id_ in after)


def _alike(one: str, other: str) -> bool:
    """Return whether half of what they say is the same (Dice's coefficient of runs of four characters)."""
    if one == other:
        return True
    left, right = ({text[at : at + 4] for at in range(max(1, len(text) - 3))} for text in (one, other))
    return 4 * len(left & right) >= len(left) + len(right)


def change(before: str, after: str) -> tuple[str, str]:
    """Return what differs in each, in whole words, of which the first has one at least."""
    one, other = (re.findall(r"\w+|\W", text) for text in (before, after))
    start = len(commonprefix([one, other]))  # noqa: RUF071  of words
    tail = len(commonprefix([one[start:][::-1], other[start:][::-1]]))  # noqa: RUF071
    while start and not re.match(r"\S*\w", "".join(one[start : len(one) - tail])):
        start -= 1
    while tail and not re.search(r"\w\S*$", "".join(one[start : len(one) - tail])):
        tail -= 1
    return "".join(one[start : len(one) - tail]), "".join(other[start : len(other) - tail])


def explains(words: list[str], before: str, after: str) -> bool:
    """Return whether `before` is a + was + b and `after` a + something + b, for one of `words`, or for all in turn."""
    known = sorted((was for was in words if was in before), key=before.find)[:4]
    for each in (*([was] for was in known), known):
        pattern = "(.*)".join(("", *map(re.escape, each), ""))
        again = ".*".join(rf"\{number}" for number in range(1, len(each) + 2))
        if each and re.fullmatch(f"{pattern}\0{again}", f"{before}\0{after}", re.DOTALL):
            return True
    return False
