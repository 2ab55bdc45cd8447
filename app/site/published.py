"""Compares a new edition with the one that was published before.

Every published address must still lead to the same words, or the page must show a
correction of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from app.errors import ContentError
from app.publication import join_names
from app.site.edition import Edition, EditionHeading, parse_edition, read_edition
from app.site.published_parts import PartComparison, Problem, correction_block

UNPUBLISHED_FIX = (
    "if no reader can have linked to it yet, and only then, run "
    "flask export --unpublished FOLDER"
)


def check(earlier: bytes, location: str, new: dict[str, Any]) -> list[str]:
    """Return warnings about `new`, the statement.json of a new edition.

    `earlier` is the statement.json of the edition before, and `location` names it.
    Each warning is one line. Raises ContentError if `earlier` cannot be read, is of
    another statement, or promises an address or words that `new` does not keep.
    """
    old_edition = read_edition(earlier, location)
    new_edition = parse_edition(new)
    if not _are_of_same_statement(old_edition, new_edition):
        raise ContentError.at(
            location,
            f"is of another statement, “{old_edition.title}”",
            "give each statement a folder of its own",
        )
    problems = [
        *_lost_headings(old_edition, new_edition),
        *PartComparison(old_edition, new_edition).problems(),
        *_lost_corrections(old_edition, new_edition),
        *_withdrawn_but_never_published(old_edition, new_edition),
    ]
    if problems:
        problems.append(Problem("was published", UNPUBLISHED_FIX))
        raise ContentError.join(problem.error(location) for problem in problems)
    warnings = chain(
        _changed_facts(old_edition, new_edition),
        _exchanged_headings(old_edition, new_edition),
    )
    return [f"{location}: {warning}" for warning in warnings]


def _are_of_same_statement(old: Edition, new: Edition) -> bool:
    if old.source is not None and old.source == new.source:
        return True
    return old.title == new.title or old.day == new.day


def _changed_facts(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for a change of the title, a speaker or the date."""
    for name in {**old.facts, **new.facts}:
        if name.startswith(("title", "speakers", "published")):
            was = old.facts.get(name, "")
            now = new.facts.get(name, "")
            if was != now:
                yield f"the {name} was “{was}” and is now “{now}”"


def _lost_headings(old: Edition, new: Edition) -> Iterator[Problem]:
    """Yield a problem for each heading of the new edition that should keep lost ids.

    This is the heading that has another id, the text or a part of the section. If the
    section is gone, it is the heading before it.
    """
    homes = _headings_by_contents(new.headings)
    home = new.headings[0] if new.headings else None
    lost: dict[EditionHeading, list[str]] = {}
    for heading in old.headings:
        for content in _contents(heading):
            if content in homes:
                home = homes[content]
                break
        missing = [id_ for id_ in heading.ids if f"#{id_}" not in homes]
        if missing:
            lost.setdefault(home or heading, []).extend(missing)
    for heading, missing in lost.items():
        names = join_names([f"#{id_}" for id_ in missing])
        verb = "are" if len(missing) > 1 else "is"
        if home:
            ids = " ".join(f"#{id_}" for id_ in (*heading.ids, *missing))
            fix = f"end the heading “{heading.text}” with {{{ids}}}"
        else:
            ids = " ".join(f"#{id_}" for id_ in missing)
            fix = f"put back the heading “{heading.text}” with {{{ids}}}"
        yield Problem(f"{names} {verb} gone", fix)


def _headings_by_contents(
    headings: Iterable[EditionHeading],
) -> dict[str, EditionHeading]:
    """Return the first heading with each id, text and part."""
    found: dict[str, EditionHeading] = {}
    for heading in headings:
        for content in _contents(heading):
            found.setdefault(content, heading)
    return found


def _contents(heading: EditionHeading) -> Iterator[str]:
    """Yield the ids, the text and the parts of a section, in forms that differ."""
    for id_ in heading.ids:
        yield f"#{id_}"
    for text in heading.part_texts:
        yield f"part {text}"
    yield f"heading {heading.text}"


def _exchanged_headings(old: Edition, new: Edition) -> Iterator[str]:
    """Yield a warning for each section id that now leads to the words of others."""
    texts_now = {}
    for heading in new.headings:
        for id_ in heading.ids:
            texts_now[id_] = heading.part_texts
    published = {part.text for part in old.parts}
    for heading in old.headings:
        id_ = heading.ids[0]
        before = heading.part_texts
        now = texts_now[id_]
        if before and now and not before & now and now <= published:
            yield f"#{id_} leads to other words than before"


def _lost_corrections(old: Edition, new: Edition) -> Iterator[Problem]:
    for correction in old.corrections:
        if correction not in new.corrections:
            fix = "add it again to the end of the front matter:"
            if correction.withdrawn:
                fix = f"take its words out again, and {fix}"
            yield Problem(
                f"the correction of {correction.paragraph} is gone",
                fix,
                correction_block(correction),
            )


def _withdrawn_but_never_published(old: Edition, new: Edition) -> Iterator[Problem]:
    published = {str(anchor) for anchor in old.anchors}
    for correction in new.corrections:
        if correction.withdrawn and correction.paragraph not in published:
            yield Problem(
                f"{correction.paragraph} was withdrawn and had never been published",
                "remove its correction",
            )
