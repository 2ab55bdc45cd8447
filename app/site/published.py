"""What an earlier edition promised, every address and the words behind it, and whether a new edition keeps it.

The earlier edition is its statement.json, of format 2 or of the form before it, which has no `format` and no items.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.content_error import ContentError
from app.site.editions import Edition, Heading, Row, aligned, change, edition, explains, stem
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
    moved = _moved(old, now, rows)
    gone = {row.before for row in rows if not row.after}
    last: dict[str, str] = {}  # the id before, among those that are counted together
    told: set[str] = set()  # where something was told that moves what stands behind it
    for index, (before, after, place) in enumerate(rows):
        group = stem(before or place)
        ahead = next((row for row in rows[index + 1 :] if row.after and row.before and stem(row.before) == group), None)
        is_counted = group != "-" and not (now.is_numbered and group == "p")  # "-": below a part that is new
        if before in moved:
            if f"{group} moved" not in told:
                yield f"what {before} said now stands at {moved[before]}", "put it back where it stood: ids only rise"
            told |= {f"{group} moved", group, stem(place or group)}
        elif after in moved.values():
            told.add(group)
        elif before and after:
            if before != place and group not in told:
                yield f"what {before} said now stands at {after}", f"end it with {{#{before}}}"
            (told.add if before != place else told.discard)(group)
            yield from _reworded(before, after, old, now)
            last[group] = before
        elif before:
            yield from _gone(before, old.texts[before], ahead.before if ahead else None, moved)
            told.add(group)
            last[group] = before
        elif after and is_counted and (after in old.texts or last.get(group) in gone or _is_displaced(ahead, after)):
            last[group] = _next_free(last.get(group, f"{group}0"))
            yield _inserted(now.texts[after], last[group], old)
            told.add(group)
        else:
            last[group] = place


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


def _is_displaced(ahead: Row | None, by: str) -> bool:
    return ahead is not None and ahead.before != ahead.place and by[-1].isdigit()


def _gone(id_: str, text: str, following: str | None, moved: Mapping[str, str]) -> Iterator[Problem]:
    written, remedy = f"{id_}, “{_short(text)}”, is gone", "put it back"
    if not any(other.startswith(f"{id_}-") for other in moved):  # items of its own that are kept
        kind = "item" if "-" in id_ else "paragraph"
        behind = f", and end the next {kind} with {{#{following}}}" if following else ""
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


def _lost_corrections(old: Edition, now: Edition) -> Iterator[Problem]:
    for each in old.corrections:
        if each not in now.corrections:
            keys = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in each.items() if value]
            line = ", ".join(keys).replace(f'"{each["date"]}"', f"{each['date']}", 1)  # TOML's dates have no marks
            yield f"the correction of {each['paragraph']} is gone", f"put back [[corrections]] with {line}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
