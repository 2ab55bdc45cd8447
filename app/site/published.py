"""What an earlier edition promised, every address and the words behind it, and whether a new edition keeps it.

The earlier edition is its statement.json, of format 2 or of the form before it, which has no `format` and no items.
"""

import json
from collections.abc import Iterator
from typing import Any

import click
from flask import Flask

from app.content_error import ContentError
from app.site.alignment import Row, aligned
from app.site.edition import Edition, Heading, read_edition
from app.site.upkeep import Problem, lost_parts
from app.statement import listed


def check(earlier: bytes, where: str, new: dict[str, Any]) -> list[str]:
    """Return warnings, a line each: `new`, which statement.json will hold, changes the title, a speaker or the date.

    `earlier` is the statement.json of the earlier edition, and `where` names it. Raises ContentError, with a line
    for each thing that is lost and its cure, or where `earlier` cannot be read or is of another statement.
    """
    old, now = _read(earlier, where), read_edition(new)
    if all(was != is_ or was is None for was, is_ in zip(old.marks, now.marks, strict=True)):
        remedy = "give each statement a folder of its own"
        raise ContentError(where, f"is of another statement, “{old.marks[0]}”", remedy)
    _mark_withdrawn(old, now)
    rows = aligned(old.texts, now.texts)
    problems = [*_lost_headings(old, now, rows), *lost_parts(old, now, rows), *_lost_corrections(old, now)]
    if problems:
        way_out = "where nobody can have linked to it yet, and only there, run flask export --unpublished FOLDER"
        raise ContentError.joined(ContentError(where, *each) for each in (*problems, ("was published", way_out)))
    facts = zip(("title", "speaker", "date"), old.facts, now.facts, strict=True)
    return [f"{where}: the {name} was “{was}” and is now “{is_}”" for name, was, is_ in facts if was != is_]


def add_check_command(app: Flask) -> None:
    """Add `flask check` to the commands of `app`."""

    @app.cli.command("check")
    @click.argument("file", default="")
    def check_file(file: str) -> None:
        """Say whether the statement is in order and keeps what FILE, an earlier statement.json, published.

        Without FILE nothing is compared; - reads what is piped in.
        """
        if file:
            new = app.test_client().get("/statement.json").get_json()
            for warning in check(_bytes_of(file), "standard input" if file == "-" else file, new):
                click.echo(warning, err=True)
        click.echo(f"The statement is in order{' and keeps what was published' if file else ''}.")


def _bytes_of(file: str) -> bytes:
    try:
        with click.open_file(file, "rb") as stream:
            return bytes(stream.read())
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise ContentError(file, reason, "name an earlier statement.json, or - to pipe it in") from None


def _read(data: bytes, where: str) -> Edition:
    try:
        read = read_edition(json.loads(data))
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


def _lost_corrections(old: Edition, now: Edition) -> Iterator[Problem]:
    for each in old.corrections:
        if each not in now.corrections:
            keys = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in each.items() if value]
            line = ", ".join(keys).replace(f'"{each["date"]}"', f"{each['date']}", 1)  # TOML's dates have no marks
            yield f"the correction of {each['paragraph']} is gone", f"put back [[corrections]] with {line}"
