"""Whether each paragraph and item of an earlier edition is kept: under its address, with its words."""

import json
from collections.abc import Iterator, Mapping

from app.site.alignment import Row, change, explains, stem
from app.site.edition import Edition

CORRECTION = '[[corrections]] with paragraph = "{}", date = the day of the change, {} and by = "publisher" or "edition"'

Problem = tuple[str, str]  # what is wrong, and its cure


def lost_parts(old: Edition, now: Edition, rows: list[Row]) -> Iterator[Problem]:
    """Return each paragraph and item that is gone or has other words, and each that takes the number of others."""
    moved = _moved(old, now, rows)
    gone = {row.before for row in rows if not row.after}
    last: dict[str, str] = {}  # the id before, among those that are counted together
    unbroken: dict[str, bool] = {}  # where nothing was told that moves what stands behind it
    told: set[str] = set()
    for index, (before, after, place) in enumerate(rows):
        group = stem(before or place)
        follows, unbroken[group] = unbroken.get(group, True), before == place
        if before in moved:
            unbroken[stem(place or group)] = False
            if group not in told:
                yield f"what {before} said now stands at {moved[before]}", "put it back where it stood: ids only rise"
            told.add(group)
        elif before and after:
            if before != place and follows:
                yield f"what {before} said now stands at {after}", f"end it with {{#{before}}}"
            yield from _reworded(before, after, old, now)
            last[group] = before
        elif before:
            yield from _gone(before, old.texts[before], _ahead(rows, index, group), moved)
            last[group] = before
        elif after in moved.values() or group == "-" or (now.is_numbered and group == "p"):
            continue  # below what is new itself, or with a number of the publication's, it takes none from others
        elif after:
            if after in old.texts or last.get(group) in gone or _moves(after, rows, index):
                last[group] = _next_free(last.get(group, f"{group}0"))
                yield _inserted(now.texts[after], last[group], old)
            else:
                last[group] = after


def _moved(old: Edition, now: Edition, rows: list[Row]) -> dict[str, str]:
    """Return where that stands now which no id of its own can keep in its place: elsewhere, or numbered anew."""
    new = {now.texts[row.after]: row.after for row in rows if row.after and not row.before}
    moved = {}
    for before, after, place in rows:
        if before and not after and old.texts[before] in new:
            moved[before] = new[old.texts[before]]
        renumbered = now.is_numbered and stem(place) == "p" and before != place
        if before and after and (renumbered or stem(before) != stem(place)):
            moved[before] = after
    return moved


def _ahead(rows: list[Row], index: int, group: str) -> Row | None:
    """Return the next row behind `index` of what is counted in `group` and is in both editions."""
    return next((row for row in rows[index + 1 :] if row.after and row.before and stem(row.before) == group), None)


def _moves(id_: str, rows: list[Row], index: int) -> bool:
    """Return whether what is new at `index`, and has no id of its own, stands before what has another number now."""
    ahead = _ahead(rows, index, stem(rows[index].place))
    return ahead is not None and ahead.before != ahead.place and id_[-1].isdigit()


def _gone(id_: str, text: str, ahead: Row | None, moved: Mapping[str, str]) -> Iterator[Problem]:
    written, remedy = f"{id_}, “{_short(text)}”, is gone", "put it back"
    if not any(other.startswith(f"{id_}-") for other in moved):  # items of its own that are kept
        kind = "item" if "-" in id_ else "paragraph"
        behind = f", and end the next {kind} with {{#{ahead.before}}}" if ahead else ""
        remedy += f", or add {CORRECTION.format(id_, 'withdrawn = true')}{behind}"
    if not text.startswith("\0"):  # else the correction that withdrew it is gone, and told
        yield written, remedy


def _inserted(text: str, free: str, old: Edition) -> Problem:
    written = f"“{_short(text)}” was put in and moves what stands behind it"
    if free in old.texts or not free[-1].isalpha():
        return f"{written}, where no id is free", "put it elsewhere, or add its words to a neighbour with a correction"
    return written, f"end it with {{#{free}}}"


def _next_free(id_: str) -> str:
    """Return the id between `id_` and the next number: p2a behind p2, p2b behind p2a; none that is one behind z."""
    return f"{id_}a" if id_[-1].isdigit() else id_[:-1] + chr(ord(id_[-1]) + 1)


def _reworded(before: str, after: str, old: Edition, now: Edition) -> Iterator[Problem]:
    said, says = old.texts[before], now.texts[after]
    fresh = [each for each in now.corrections if each["paragraph"] == before and each not in old.corrections]
    words = [each["was"].replace("\n", " ") for each in fresh if each["was"]]
    if said != says and not said.startswith("\0") and not explains(words, said, says):
        was, is_ = change(said, says)
        line = f"was = {json.dumps(was, ensure_ascii=False)}"
        written = f"{before}: “{_short(was)}” is now “{_short(is_)}”"
        if words:
            yield f"{written}, which its correction does not cover", f"write {line}"
        else:
            yield written, f"put the words back, or add {CORRECTION.format(before, line)}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
