"""Whether each paragraph and item of an earlier edition is kept: under its address, with its words."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

WINDOW = 8  # parts among which one that was reworded is looked for, from its place on
CORRECTION = '[[corrections]] with paragraph = "{}", date = the day of the change, {} and by = "publisher" or "edition"'
PUT_BACK = "put it back where it stood: ids only rise"

Problem = tuple[str, str]  # what is wrong, and its cure
Texts = Mapping[
    str, str
]  # the words of each paragraph and item by its id, in order; "\0" and the id if withdrawn
# A part's id before and now, None where it is not there, and its id now if the parts that it is below keep theirs.
Row = tuple[str | None, str | None, str]


def lost_parts(
    old: Texts, new: Texts, fresh: list[dict[str, Any]], is_numbered: bool
) -> Iterator[Problem]:
    """Return each part that is gone or has words that no `fresh` correction explains, or whose number names others.

    `is_numbered`: the numbers are the publication's.
    """
    rows = _aligned(old, new)
    leaves = {old[was]: was for was, now, _ in rows if was and not now}
    comes = {new[now] for was, now, _ in rows if now and not was}
    last: dict[str, str] = {}  # the id before, among those that are counted together
    told: set[str] = (
        set()
    )  # among which others moved, which is told; and ids that are given to what is new
    for index, (was, now, place) in enumerate(rows):
        group = _stem(was or place)
        if was and now:
            if was != place and group not in told:
                is_counted = _stem(place) == group and not (
                    is_numbered and group == "p"
                )
                yield (
                    f"what {was} said now stands at {now}",
                    f"end it with {{#{was}}}" if is_counted else PUT_BACK,
                )
            (told.discard if was == place else told.add)(group)
            words = [
                each["was"]
                for each in fresh
                if each["paragraph"] == was and each["was"]
            ]
            yield from _reworded(was, old[was], new[now], words)
        elif was:
            told.add(group)
            if old[was] not in comes and not old[was].startswith(
                "\0"
            ):  # its correction is lost, which is told
                yield _gone(was, old[was], rows[index:])
        elif now and new[now] in leaves:
            if f"{group} moved" not in told:
                yield f"what {leaves[new[now]]} said now stands at {now}", PUT_BACK
            told |= {group, f"{group} moved"}
            continue
        elif (
            now
            and (place in old or last.get(group) in told)
            and not (is_numbered and group == "p")
        ):
            ahead = last.get(
                group, f"{group}0"
            )  # p2a stands behind p2, p2b behind p2a, and none behind p2z
            place = (
                f"{ahead}a"
                if ahead[-1].isdigit()
                else ahead[:-1] + chr(ord(ahead[-1]) + 1)
            )
            told |= {group, place}
            is_free = place not in old and place[-1].isalpha()
            written = f"“{new[now]:.60}” was put in and moves what stands behind it"
            yield (
                written,
                f"end it with {{#{place}}}"
                if is_free
                else "put it elsewhere, for no id is free there",
            )
        last[group] = was or place


def _stem(id_: str) -> str:
    """Return what all ids begin with that are counted together: "p" for "p4", "p4-" for "p4-2"."""
    parent, dash, _ = id_.rpartition("-")
    return parent + dash or id_[0]


def _gone(id_: str, text: str, ahead: list[Row]) -> Problem:
    following = (
        was for was, now, _ in ahead if was and now and _stem(was) == _stem(id_)
    )
    kind = "item" if "-" in id_ else "paragraph"
    behind = "".join(
        f", and end the next {kind} with {{#{was}}}" for was in [*following][:1]
    )
    return (
        f"{id_}, “{text:.60}”, is gone",
        f"put it back, or add {CORRECTION.format(id_, 'withdrawn = true')}{behind}",
    )


def _reworded(id_: str, before: str, after: str, words: list[str]) -> Iterator[Problem]:
    if (
        before != after
        and not before.startswith("\0")
        and not _explains(words, before, after)
    ):
        was, now = _change(before, after)
        written, line = (
            f"{id_}: “{was:.60}” is now “{now:.60}”",
            f"was = {json.dumps(was, ensure_ascii=False)}",
        )
        if words:
            yield f"{written}, which its correction does not cover", f"write {line}"
        else:
            yield written, f"put the words back, or add {CORRECTION.format(id_, line)}"


def _explains(words: list[str], before: str, after: str) -> bool:
    """Return whether `before` is a + was + b and `after` a + something + b, with all `words` in turn for `was`."""
    if not words:
        return False
    known = sorted(words, key=before.find)
    # The last place of the first and the first place of the last leave the least between them that must stay.
    start = before.rfind(known[0], 0, _alike_from_start(before, after) + len(known[0]))
    alike_to_end = _alike_from_start(before[::-1], after[::-1])
    end = before.find(
        known[-1], max(start, len(before) - alike_to_end - len(known[-1]))
    ) + len(known[-1])
    end_now = len(after) - len(before) + end
    again = ".*".join(["", *(rf"\{number}" for number in range(1, len(known))), ""])
    pattern = "(.*)".join(map(re.escape, known)) + rf"\0{again}"
    return 0 <= start <= end_now and bool(
        re.fullmatch(pattern, f"{before[start:end]}\0{after[start:end_now]}")
    )


def _change(before: str, after: str) -> tuple[str, str]:
    """Return what differs in each, in whole words, of which the first has one at least."""
    one, other = before.split(" "), after.split(" ")
    start = min(_alike_from_start(one, other), len(one) - 1)
    tail = _alike_from_start(one[:start:-1], other[:start:-1])
    return " ".join(one[start : len(one) - tail]), " ".join(
        other[start : len(other) - tail]
    )


def _alike_from_start(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next(
        (index for index, (left, right) in pairs if left != right),
        min(len(one), len(other)),
    )


def _aligned(old: Texts, new: Texts) -> list[Row]:
    ids, others = list(old), list(new)
    pairs: list[tuple[str | None, str | None]] = []
    (
        before,
        after,
    ) = (  # where the same words stand twice, those that keep their id are the same
        [(id_ if other.get(id_) == text else "", text) for id_, text in one.items()]
        for one, other in ((old, new), (new, old))
    )
    for _, i, k, j, m in SequenceMatcher(None, before, after).get_opcodes():
        pairs += _paired(ids[i:k], others[j:m], old, new)
    kept = {now: was or "" for was, now in pairs if now}
    split = [(was, now, (now or "").rpartition("-")) for was, now in pairs]
    return [
        (was, now, f"{kept.get(parent, parent)}{dash}{number}")
        for was, now, (parent, dash, number) in split
    ]


def _paired(
    before: list[str], after: list[str], old: Texts, new: Texts
) -> Iterator[tuple[str | None, str | None]]:
    """Return as pairs what says much the same, else what has one id and is not like another, in order."""
    for index, id_ in enumerate(before):
        found = next(
            (other for other in after[:WINDOW] if _alike(old[id_], new[other])), None
        )
        others = before[index : index + WINDOW]
        if (
            not found
            and id_ in after[:WINDOW]
            and not any(_alike(old[other], new[id_]) for other in others)
        ):
            found = id_
        at = after.index(found) if found else 0
        yield from ((None, other) for other in after[:at])
        yield id_, found
        after = after[at + 1 if found else 0 :]
    yield from ((None, other) for other in after)


def _alike(one: str, other: str) -> bool:
    """Return whether half of what they say is the same (Dice's coefficient of runs of four characters)."""
    left, right = _runs(one), _runs(other)
    return one == other or 4 * len(left & right) >= len(left) + len(right)


@lru_cache(4 * WINDOW)
def _runs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 4] for at in range(len(text)))
