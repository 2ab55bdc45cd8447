"""The comparison of a new edition with the published one.

Each published address must still lead to the same words, unless the page shows a
correction of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.errors import ContentError, escape_line_breaks
from app.site.alignment import AlignedEditions
from app.site.changed_facts import warnings_about
from app.site.edition import (
    Edition,
    missing_corrections,
    parse_edition,
    read_edition,
)
from app.site.lost_headings import lost_headings
from app.site.problem import Problem, correction_block, toml_string
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
    editions = AlignedEditions(old_edition, new_edition)
    problems = [
        *part_problems(editions),
        *lost_headings(editions),
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
    published = {str(anchor) for anchor in old.anchors}
    for correction in new.corrections:
        id_ = correction.paragraph
        if correction.withdrawn and id_ not in published:
            yield Problem(
                f"{id_} was withdrawn and had never been published",
                f"remove its correction and the line {{#{id_}}}",
            )
