"""What an earlier edition promised, every address and the words behind it, and whether a new edition keeps it.

The earlier edition is its statement.json, of format 2 or of the form before it, which has no `format` and no items.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from app.errors import ContentError
from app.publication import join_names
from app.site.upkeep import Problem, lost_parts


class Edition(NamedTuple):
    """What must be known of a statement.json to hold another to it."""

    facts: dict[str, str]  # whose change is told
    marks: set[str | None]  # of which another statement shares none
    texts: dict[str, str]  # as `lost_parts` has them
    headings: list[
        tuple[str, list[str], set[str]]
    ]  # as the file has it, its ids, and what its own parts say
    corrections: list[dict[str, Any]]


def check(earlier: bytes, where: str, new: dict[str, Any]) -> list[str]:
    """Return warnings, a line each: `new`, which statement.json will hold, changes the title, a speaker or the date.

    `earlier` is the statement.json of the earlier edition, and `where` names it. Raises ContentError, with a line
    for each thing that is lost and its cure, or where `earlier` cannot be read or is of another statement.
    """
    old, now = _read(earlier, where), _edition(new)
    if not (old.marks & now.marks) - {None}:
        remedy = "give each statement a folder of its own"
        raise ContentError.at(
            where, f"is of another statement, “{old.facts['title']}”", remedy
        )
    withdrawn = {
        id_: text
        for id_, text in now.texts.items()
        if text.startswith("\0") and id_ in old.texts
    }
    fresh = [each for each in now.corrections if each not in old.corrections]
    parts = lost_parts(
        old.texts | withdrawn, now.texts, fresh, new["numbers"] == "publication"
    )
    never = [
        id_
        for each in fresh
        if each["withdrawn"]
        and (id_ := each["paragraph"]) not in old.texts
        and "-" not in id_
    ]
    invented = [
        (f"{id_} was withdrawn and had never been published", "remove its correction")
        for id_ in never
    ]
    if problems := [
        *_lost_headings(old, now),
        *parts,
        *_lost_corrections(old, now),
        *invented,
    ]:
        way_out = "where nobody can have linked to it yet, and only there, run flask export --unpublished FOLDER"
        raise ContentError.join(
            ContentError.at(where, *each)
            for each in (*problems, ("was published", way_out))
        )
    changed = [
        (name, was, now.facts[name])
        for name, was in old.facts.items()
        if was != now.facts[name]
    ]
    changes = [
        f"the {name} was “{was}” and is now “{is_}”" for name, was, is_ in changed
    ]
    return [
        f"{where}: {change}" for change in (*changes, *_exchanged_headings(old, now))
    ]


def _read(earlier: bytes, where: str) -> Edition:
    try:
        data = json.loads(earlier)
        edition = _edition(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "put the one that was published there"
        raise ContentError.at(
            where, "is no statement.json of an edition", remedy
        ) from None
    if (form := data.get("format", 1)) not in (1, 2):
        raise ContentError.at(
            where,
            f"is of format {form}",
            "use the version of this program that wrote it",
        )
    return edition


def _edition(data: dict[str, Any]) -> Edition:
    """Return what `data` holds; raises KeyError, TypeError or AttributeError where it is no edition."""
    speakers = data["speakers"] if "format" in data else [data["speaker"]]
    names = [
        " ".join(filter(None, map(each.get, ("given", "family", "name", "role"))))
        for each in speakers
    ]
    facts = {
        "title": data["title"],
        "speaker": join_names(names),
        "date": data["published"][:19],
    }  # a zone may be added
    sections = list(_sections(data, "##"))
    parts = [
        part
        for each in (data, *(section for _, section in sections))
        for part in _parts(each)
    ]
    # Where a line breaks is no word.
    texts = {
        part["id"]: part["text"].replace("\n", " ") or f"\0{part['id']}"
        for part in parts
    }
    headings = [
        (
            f"{marks} " + each["heading"],
            [each["id"], *each.get("old_ids", ())],
            {part["text"] for part in _parts(each)},
        )
        for marks, each in sections
    ]
    "".join(
        (*facts.values(), *texts, *(id_ for _, ids, _ in headings for id_ in ids))
    )  # all of them are text
    keys = ("paragraph", "date", "by", "was", "withdrawn")
    corrections = [
        {key: each[key] for key in keys} for each in data.get("corrections", ())
    ]
    return Edition(
        facts,
        {data["title"], data["published"][:10], data["source"]},
        texts,
        headings,
        corrections,
    )


def _parts(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the paragraphs and items of a statement or section, its own alone, or the items below a part."""
    for part in (*data.get("items", ()), *data.get("paragraphs", ())):
        yield part
        yield from _parts(part)


def _sections(data: dict[str, Any], marks: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the sections and subsections in order, each with its #s."""
    for section in (*data.get("sections", ()), *data.get("subsections", ())):
        yield marks, section
        yield from _sections(section, f"{marks}#")


def _lost_headings(old: Edition, now: Edition) -> Iterator[Problem]:
    """Return the addresses of sections that are gone, with the heading to which their text went."""
    known = {id_ for _, ids, _ in now.headings for id_ in ids}
    lost: dict[tuple[str, ...], list[str]] = {}  # by a heading and the ids that it has
    for heading, ids, said in old.headings:
        if missing := [id_ for id_ in ids if id_ not in known]:
            homes = [
                (line, *others)
                for line, others, says in now.headings
                if says & said or line == heading
            ]
            lost.setdefault(next(iter(homes), (heading,)), []).extend(missing)
    for (heading, *ids), missing in lost.items():
        written = f"{join_names([f'#{id_}' for id_ in missing])} {'are' if missing[1:] else 'is'} gone"
        yield (
            written,
            f"write {heading} {{{' '.join(f'#{id_}' for id_ in (*ids, *missing))}}}",
        )


def _exchanged_headings(old: Edition, now: Edition) -> Iterator[str]:
    """Return the ids of sections that hold nothing of what they held, but what others held before."""
    says_now, published = (
        {id_: says for _, ids, says in now.headings for id_ in ids},
        {*old.texts.values()},
    )
    for _, (id_, *_), said in old.headings:
        says = says_now[id_]
        if said and says and not says & said and says <= published:
            yield f"#{id_} leads to other words than before"


def _lost_corrections(old: Edition, now: Edition) -> Iterator[Problem]:
    for each in old.corrections:
        if each not in now.corrections:
            keys = [
                f"{key} = {json.dumps(value, ensure_ascii=False)}"
                for key, value in each.items()
                if value
            ]
            line = ", ".join(keys).replace(
                f'"{each["date"]}"', f"{each['date']}", 1
            )  # TOML's dates have no marks
            out = " and take its words out again" if each["withdrawn"] else ""
            yield (
                f"the correction of {each['paragraph']} is gone",
                f"put back [[corrections]] with {line}{out}",
            )
