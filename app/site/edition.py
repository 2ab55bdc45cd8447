"""What must be known of an edition to hold another to it, read from its statement.json."""

from typing import Any, NamedTuple

from app.statement import listed

CORRECTION_KEYS = ("paragraph", "date", "by", "was", "withdrawn")


class Heading(NamedTuple):
    """A section: its ids, the old ones behind, its #s and its words."""

    ids: list[str]
    marks: str
    text: str


class Edition(NamedTuple):
    """What must be known of a statement.json: words and heading by the id of each paragraph and item, in order."""

    format: object
    facts: tuple[str, ...]  # whose change is told
    marks: tuple[str | None, ...]  # of which another statement shares none
    texts: dict[str, str]
    homes: dict[str, Heading]
    headings: list[Heading]
    is_numbered: bool  # by the publication
    corrections: list[dict[str, Any]]


def read_edition(data: dict[str, Any]) -> Edition:
    """Return what `data` holds; raises KeyError, TypeError or AttributeError where it is no edition."""
    speakers = data["speakers"] if "format" in data else [data["speaker"]]
    names = [filter(None, map(each.get, ("given", "family", "name", "role"))) for each in speakers]
    title, published = _text(data["title"]), _text(data["published"])
    read = Edition(
        data.get("format", 1),
        (title, listed([" ".join(name) for name in names]), published[:19]),  # without a zone, which may be added
        (title, published[:10], data["source"]),
        {},
        {},
        [],
        data.get("numbers") == "publication",
        [{key: each[key] for key in CORRECTION_KEYS} for each in data.get("corrections", ())],
    )
    _read_part(data, None, "#", read)
    return read


def _read_part(data: dict[str, Any], heading: Heading | None, marks: str, into: Edition) -> None:
    """Put what the statement or a section in `data` holds, which stands below `heading`, `into` an edition."""

    def add(part: dict[str, Any]) -> None:
        into.texts[_text(part["id"])] = _text(part["text"]).replace("\n", " ")  # where a line breaks is no word
        if heading:
            into.homes[part["id"]] = heading
        for item in part.get("items", ()):
            add(item)

    for part in (*data.get("items", ()), *data["paragraphs"]):
        add(part)
    for inner in data["sections" if heading is None else "subsections"]:
        ids = [_text(id_) for id_ in (inner["id"], *inner.get("old_ids", ()))]
        into.headings.append(Heading(ids, f"{marks}#", _text(inner["heading"])))
        _read_part(inner, into.headings[-1], f"{marks}#", into)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
