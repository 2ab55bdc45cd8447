"""What an earlier edition promised, every address and the words behind it, and whether a new edition keeps it.

The earlier edition is its statement.json, of format 2 or of the form before it, which has no `format` and no items.
"""

import json
from collections.abc import Iterator
from typing import Any

from app.content_error import ContentError
from app.site.editions import Edition, Heading, Row, aligned, change, edition, explains
from app.statement import listed

CORRECTION = '[[corrections]] with paragraph = "{}", date = the day of the change, {} and by = "publisher" or "edition"'

Problem = tuple[str, str]  # what is wrong, and its cure


def check(earlier: bytes, where: str, new: dict[str, Any]) -> list[str]:
    """Return warnings, a line each: `new`, which statement.json will hold, changes the title, a speaker or the date.

    `earlier` is the statement.json of the earlier edition, and `where` names it. Raises ContentError, with a line
    for each thing that is lost and its cure, or where `earlier` cannot be read or is of another statement.
    """
    old, now = _read(earlier, where), edition(new)
    if all(was != is_ or was is None for was, is_ in zip(old.marks, now.marks, strict=True)):
        remedy = "give each statement a folder of its own"
        raise ContentError(where, f"is of another statement, “{old.marks[0]}”", remedy)
    _mark_withdrawn(old, now)
    rows = aligned(old.texts, now.texts)
    problems = [*_lost_headings(old, now, rows), *_lost_parts(old, now, rows), *_lost_corrections(old, now)]
    if problems:
        way_out = "where nobody can have linked to it yet, and only there, run flask export --unpublished FOLDER"
        raise ContentError.joined(ContentError(where, *each) for each in (*problems, ("was published", way_out)))
    facts = zip(("title", "speaker", "date"), old.facts, now.facts, strict=True)
    return [f"{where}: the {name} was “{was}” and is now “{is_}”" for name, was, is_ in facts if was != is_]


def _read(data: bytes, where: str) -> Edition:
    try:
        read = edition(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "put the one that was published there"
        raise ContentError(where, "is no statement.json of an edition", remedy) from None
    if read.format not in (1, 2):
        raise ContentError(where, f"is of format {read.format}", "use the version of this program that wrote it")
    return read


def _mark_withdrawn(old: Edition, now: Edition) -> None:
    """Give what was withdrawn one sign in both editions: it is itself, whatever it said."""
    old.texts.update({id_: f"\0{id_}" for id_, text in old.texts.items() if not (text and now.texts.get(id_, text))})
    now.texts.update({id_: f"\0{id_}" for id_, text in now.texts.items() if not text})
    if old.format == 1:  # it has no items
        for id_ in [id_ for id_ in now.texts if "-" in id_]:
            del now.texts[id_]


def _lost_headings(old: Edition, now: Edition, rows: list[Row]) -> Iterator[Problem]:
    """Return the addresses of sections that are gone, with the heading to which their text went."""
    known = {id_ for heading in now.headings for id_ in heading.ids}
    lost: dict[str, tuple[Heading, list[str]]] = {}
    for heading in old.headings:
        if missing := [id_ for id_ in heading.ids if id_ not in known]:
            homes = [now.homes.get(row.after or "") for row in rows if old.homes.get(row.before or "") is heading]
            same = [each for each in now.headings if each.text == heading.text]
            target = next(filter(None, [*homes, *same]), heading._replace(ids=[]))
            lost.setdefault("".join(target.ids) or missing[0], (target, []))[1].extend(missing)
    for target, missing in lost.values():
        ids = " ".join(f"#{id_}" for id_ in (*target.ids, *missing))
        written = f"{listed([f'#{id_}' for id_ in missing])} {'are' if missing[1:] else 'is'} gone"
        yield written, f"write {target.marks} {target.text} {{{ids}}}"


def _lost_parts(old: Edition, now: Edition, rows: list[Row]) -> Iterator[Problem]:
    """Return each paragraph and item that is gone or has other words, and each that takes the number of others."""
    gone = {old.texts[row.before] for row in rows if row.before and not row.after}
    added = {now.texts[row.after]: row.after for row in rows if row.after and not row.before}
    last: dict[str, str] = {}  # in each group
    shifted: set[str] = set()  # groups in which something was told that moves what stands behind it
    for index, (before, after, place, group) in enumerate(rows):
        follower = _next_displaced(rows[index + 1 :], group) if not (before and after) else None
        if before and after:
            if before != place and group not in shifted:
                yield f"what {before} said now stands at {after}", f"end it with {{#{before}}}"
            (shifted.add if before != place else shifted.discard)(group)
            yield from _reworded(before, after, old, now)
        elif before:
            if not old.texts[before].startswith("\0"):  # else the correction that withdrew it is gone, and told
                yield _gone(before, old.texts[before], added.get(old.texts[before]), follower)
                shifted.add(group)
        elif after and now.texts[after] in gone:
            shifted.add(group)
            continue
        elif after and group != "-" and (after in old.texts or (follower and after[-1].isdigit())):
            before = _next_free(last.get(group, f"{group}0"))
            yield _inserted(now.texts[after], before, old)
            shifted.add(group)
        last[group] = before or place


def _next_displaced(rows: list[Row], group: str) -> str | None:
    """Return the first part of the group that is in both editions, if its number has changed."""
    found = next((row for row in rows if row.before and row.after and row.group == group), None)
    return found.before if found and found.before != found.place else None


def _gone(id_: str, text: str, now_at: str | None, follower: str | None) -> Problem:
    if now_at:
        return f"what {id_} said now stands at {now_at}", "put it back where it stood, for ids only rise"
    kind = "item" if "-" in id_ else "paragraph"
    behind = f", and end the next {kind} with {{#{follower}}}" if follower else ""
    remedy = f"put it back, or add {CORRECTION.format(id_, 'withdrawn = true')}{behind}"
    return f"{id_}, “{_short(text)}”, is gone", remedy


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


def _lost_corrections(old: Edition, now: Edition) -> Iterator[Problem]:
    for each in old.corrections:
        if each not in now.corrections:
            keys = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in each.items() if value]
            line = ", ".join(keys).replace(f'"{each["date"]}"', f"{each['date']}", 1)  # TOML's dates have no marks
            yield f"the correction of {each['paragraph']} is gone", f"put back [[corrections]] with {line}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
