"""The addresses of sections that a new edition loses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.publication import join_names
from app.site.alignment import AlignedEditions
from app.site.edition import EditionHeading
from app.site.problem import Problem, name_part


def lost_headings(editions: AlignedEditions) -> Iterator[Problem]:
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


def _removed_headings(editions: AlignedEditions) -> Iterator[Problem]:
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
