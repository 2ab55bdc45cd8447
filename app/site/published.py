"""The comparison of a new edition with the published one.

Each published address must still lead to the same words, unless the page shows a
correction of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.errors import ContentError, escape_line_breaks
from app.publication import join_names
from app.site.differences import describe_invisible_change
from app.site.edition import (
    Edition,
    EditionHeading,
    missing_corrections,
    parse_edition,
    read_edition,
)
from app.site.pairing import PairedEditions
from app.site.problem import Problem, correction_block, name_part, toml_string
from app.site.published_parts import part_problems

UNPUBLISHED_FIX = (
    "if no reader can have linked to it yet, and only then, run "
    "flask export --unpublished FOLDER"
)


def check(earlier: bytes, location: str, new: dict[str, Any]) -> list[str]:
    """Return warnings about `new`, the statement.json of a new edition.

    `earlier` is the statement.json of the published edition, and `location` names it in
    messages. Each warning is one line.

    Raise ContentError if `earlier` cannot be read, is of another statement, or has an
    address or words that `new` does not keep.
    """
    old_edition = read_edition(earlier, location)
    new_edition = parse_edition(new)
    _check_same_statement(old_edition, new_edition, location)
    editions = PairedEditions(old_edition, new_edition)
    problems = [
        *part_problems(editions),
        *_lost_headings(editions),
        *_lost_corrections(old_edition, new_edition),
        *_withdrawn_but_never_published(old_edition, new_edition),
    ]
    if problems:
        problems.append(Problem("was published", UNPUBLISHED_FIX))
        raise ContentError.join(problem.error(location) for problem in problems)
    warnings = [
        *_changed_facts(old_edition, new_edition),
        *_changed_headings(old_edition, new_edition),
        *_exchanged_headings(old_edition, new_edition),
        *_changed_voices(old_edition, new_edition),
    ]
    return [f"{location}: {escape_line_breaks(warning)}" for warning in warnings]


def _check_same_statement(old: Edition, new: Edition, location: str) -> None:
    """Raise ContentError if two editions are of different statements.

    They are of the same statement if their sources agree or, if either has none, if
    their titles or days agree.
    """
    fix = "give each statement a folder of its own"
    if old.source and new.source:
        is_same = old.source == new.source
        fix += f", or write source = {toml_string(old.source)}"
    else:
        is_same = old.title == new.title or old.day == new.day
    if not is_same:
        problem = f"is of another statement, “{old.title}”"
        raise ContentError.at(location, problem, fix)


def _changed_facts(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each changed value of the front matter."""
    for name in {**old.facts, **new.facts}:
        was = old.facts.get(name)
        now = new.facts.get(name)
        if was != now:
            warning = f"{name}: {_describe_change(was, now)}"
            if name == "url" and was is not None and now is None:
                warning += f"; set FLASK_SITE_URL={was.rstrip('/')}"
            yield warning


def _describe_change(was: str | None, now: str | None) -> str:
    if was is None:
        return f"“{now}” was added"
    if now is None:
        return f"“{was}” was removed"
    change = f"“{was}” is now “{now}”"
    description = describe_invisible_change(was, now)
    if description:
        change += f", {description}"
    return change


def _changed_headings(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each heading of the publication that changed."""
    if not old.has_published_headings:
        return
    texts_now = {}
    for heading in new.headings:
        for id_ in heading.ids:
            texts_now[id_] = heading.text
    for heading in old.headings:
        now = texts_now[heading.ids[0]]
        if now != heading.text:
            change = _describe_change(heading.text, now)
            yield f"the heading of #{heading.ids[0]}: {change}"


def _changed_voices(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each change of a voice, with the anchors of its parts."""
    parts_now = {part.anchor: part for part in new.parts}
    changes: dict[tuple[str | None, str | None], list[str]] = {}
    for part in old.parts:
        part_now = parts_now[part.anchor]
        if part_now.voice != part.voice and not part_now.is_withdrawn:
            change = (part.voice, part_now.voice)
            changes.setdefault(change, []).append(str(part.anchor))
    for (was, now), ids in changes.items():
        yield f"the voice of {join_names(ids)}: {_describe_change(was, now)}"


def _lost_headings(editions: PairedEditions) -> Iterator[Problem]:
    """Yield a problem for each heading to which lost section ids should be added.

    This is the heading that now has another id, a part or the heading text of the
    section. If there is none, it is the heading of the section before.
    """
    headings = editions.new.headings
    if not headings:
        yield from _removed_headings(editions)
        return
    homes = _headings_by_contents(headings)
    home = headings[0]
    lost: dict[str, list[str]] = {}  # by the first id of the heading
    for heading in editions.old.headings:
        for content in _contents(heading):
            if content in homes:
                home = homes[content]
                break
        missing = [id_ for id_ in heading.ids if f"#{id_}" not in homes]
        if missing:
            lost.setdefault(home.ids[0], []).extend(missing)
    for id_, missing in lost.items():
        home = homes[f"#{id_}"]
        ids = _id_list((*home.ids, *missing))
        fix = f"end the heading “{home.text}” with {ids}"
        yield Problem(_are_gone(missing), fix)


def _removed_headings(editions: PairedEditions) -> Iterator[Problem]:
    """Yield a problem for each old heading, for a new edition that has none."""
    places = {}
    place = "at the end of the text"
    for heading in reversed(editions.old.headings):
        if heading.parts:
            anchor = heading.parts[0].anchor
            place = f"before the line {{#{anchor}}}"
            if anchor in editions.now:
                place = f"before {name_part(editions.now[anchor])}"
        places[heading.ids[0]] = place
    for heading in editions.old.headings:
        ids = _id_list(heading.ids)
        place = places[heading.ids[0]]
        fix = f"put back the heading “{heading.text}” with {ids} {place}"
        yield Problem(_are_gone(heading.ids), fix)


def _are_gone(ids: Sequence[str]) -> str:
    names = join_names([f"#{id_}" for id_ in ids])
    verb = "is" if len(ids) == 1 else "are"
    return f"{names} {verb} gone"


def _id_list(ids: Iterable[str]) -> str:
    """Return ids as they are written after a heading: "{#money #funds}"."""
    return "{" + " ".join(f"#{id_}" for id_ in ids) + "}"


def _headings_by_contents(
    headings: Iterable[EditionHeading],
) -> dict[str, EditionHeading]:
    """Return the first heading that has each id, part and heading text."""
    found: dict[str, EditionHeading] = {}
    for heading in headings:
        for content in _contents(heading):
            found.setdefault(content, heading)
    return found


def _contents(heading: EditionHeading) -> Iterator[str]:
    """Yield a key for each id and part of a section, and for its heading text.

    The prefixes keep the three kinds of keys apart.
    """
    for id_ in heading.ids:
        yield f"#{id_}"
    for part in heading.parts:
        if not part.is_withdrawn:
            yield f"part {part.text}"
    yield f"heading {heading.text}"


def _exchanged_headings(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each id that now leads to the words of other sections."""
    texts_now = {}
    for heading in new.headings:
        for id_ in heading.ids:
            texts_now[id_] = heading.texts
    published = {part.text for part in old.parts}
    for heading in old.headings:
        id_ = heading.ids[0]
        before = heading.texts
        now = texts_now[id_]
        if before and now and not before & now and now <= published:
            yield f"#{id_} leads to other words than before"


def _lost_corrections(old: Edition, new: Edition) -> Iterator[Problem]:
    for correction in missing_corrections(old, new):
        yield Problem(
            f"the correction of {correction.paragraph} is gone",
            "add it again to the end of the front matter:",
            correction_block(correction),
        )


def _withdrawn_but_never_published(old: Edition, new: Edition) -> Iterator[Problem]:
    published = {str(anchor) for anchor in old.anchors}
    for correction in new.corrections:
        id_ = correction.paragraph
        if correction.withdrawn and id_ not in published:
            yield Problem(
                f"{id_} was withdrawn and had never been published",
                f"remove its correction and the line {{#{id_}}}",
            )
