"""The comparison of a new edition with the published one.

Each published address must still lead to the same words, unless the page shows a
correction of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.errors import ContentError, escape_line_breaks
from app.publication import join_names
from app.site.changed_facts import warnings_about
from app.site.edition import (
    Edition,
    EditionHeading,
    missing_corrections,
    parse_edition,
    read_edition,
)
from app.site.matching import MatchedEditions
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
    editions = MatchedEditions(old_edition, new_edition)
    problems = [
        *part_problems(editions),
        *_lost_headings(editions),
        *_lost_corrections(old_edition, new_edition),
        *_withdrawn_but_never_published(old_edition, new_edition),
    ]
    if problems:
        problems.append(Problem("was published", UNPUBLISHED_FIX))
        raise ContentError.join(problem.error(location) for problem in problems)
    return [
        f"{location}: {escape_line_breaks(warning)}"
        for warning in warnings_about(old_edition, new_edition)
    ]


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


def _lost_corrections(old: Edition, new: Edition) -> Iterator[Problem]:
    for correction in missing_corrections(old, new):
        yield Problem(
            f"the correction of {correction.paragraph} is gone",
            "add it again to the end of the front matter:",
            correction_block(correction),
        )


def _withdrawn_but_never_published(old: Edition, new: Edition) -> Iterator[Problem]:
    """Yield a problem for each withdrawn part that the old edition did not have."""
    published = {str(anchor) for anchor in old.anchors}
    for correction in new.corrections:
        id_ = correction.paragraph
        if correction.withdrawn and id_ not in published:
            yield Problem(
                f"{id_} was withdrawn and had never been published",
                f"remove its correction and the line {{#{id_}}}",
            )


def _lost_headings(editions: MatchedEditions) -> Iterator[Problem]:
    """Yield a problem for each heading to which lost section ids should be added.

    This is the heading of the same section in the new edition, which is recognised by
    another id, its first part or its heading text. If there is none, it is the heading
    for the ids of the section before.
    """
    if not editions.new.headings:
        yield from _removed_headings(editions)
        return
    headings_by_key = _headings_by_key(editions.new)
    target = editions.new.headings[0]
    lost: dict[str, list[str]] = {}  # by the first id of the heading to add them to
    for heading in editions.old.headings:
        for key in _keys(heading):
            if key in headings_by_key:
                target = headings_by_key[key]
                break
        missing = [id_ for id_ in heading.ids if f"#{id_}" not in headings_by_key]
        if missing:
            lost.setdefault(target.ids[0], []).extend(missing)
    for id_, missing in lost.items():
        target = headings_by_key[f"#{id_}"]
        ids = _id_list([*target.ids, *missing])
        fix = f"end the heading “{target.text}” with {ids}"
        yield Problem(_are_gone(missing), fix)


def _headings_by_key(edition: Edition) -> dict[str, EditionHeading]:
    """Return the headings by their keys, the first one for a key that several have."""
    headings: dict[str, EditionHeading] = {}
    for heading in edition.headings:
        for key in _keys(heading):
            headings.setdefault(key, heading)
    return headings


def _keys(heading: EditionHeading) -> Iterator[str]:
    """Yield the keys by which a section is recognised in the other edition.

    These are "#money" for each id, then "part One." for the text of its first part and
    "heading Money" for its own text.
    """
    for id_ in heading.ids:
        yield f"#{id_}"
    if heading.parts and not heading.parts[0].is_withdrawn:
        yield f"part {heading.parts[0].text}"
    yield f"heading {heading.text}"


def _removed_headings(editions: MatchedEditions) -> Iterator[Problem]:
    """Yield a problem if a new edition without headings loses those of the old one.

    All their ids are added to the first heading, which goes back above its first part,
    or above the whole text if that part is gone.
    """
    headings = editions.old.headings
    if not headings:
        return
    part = editions.new.parts[0]
    if headings[0].parts:
        part = editions.now.get(headings[0].parts[0].anchor, part)
    ids: list[str] = []
    for heading in headings:
        ids.extend(heading.ids)
    heading_line = f"the heading “{headings[0].text}” with {_id_list(ids)}"
    fix = f"put back {heading_line} before {name_part(part)}"
    yield Problem(_are_gone(ids), fix)


def _are_gone(ids: Sequence[str]) -> str:
    """Return the problem of lost ids: "#money is gone" or "#a and #b are gone"."""
    names = join_names([f"#{id_}" for id_ in ids])
    verb = "is" if len(ids) == 1 else "are"
    return f"{names} {verb} gone"


def _id_list(ids: Sequence[str]) -> str:
    """Return ids as they are written after a heading: "{#money #funds}"."""
    return "{" + " ".join(f"#{id_}" for id_ in ids) + "}"
