"""CSL-JSON, the data format of the Citation Style Language."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.publication import Speaker
from app.site.citation import citation_key, notes
from app.statement import Statement


def csl_json(statement: Statement, site_url: str | None) -> list[dict[str, Any]]:
    """Return the statement as a list of one item (CSL-JSON schema 1.0)."""
    publication = statement.publication
    item: dict[str, Any] = {
        "id": citation_key(statement),
        "type": "webpage",
        "title": statement.title,
        "author": [_author(speaker) for speaker in publication.speakers],
        "issued": _date([publication.published]),
    }
    if publication.delivered:
        item["event-date"] = _date(publication.delivered)
    item["publisher"] = publication.publisher
    # Styles print it as the name of the website.
    item["container-title"] = publication.publisher
    if publication.place:
        item["event-place"] = publication.place
    item["language"] = publication.language
    url = publication.source or site_url
    if url:
        item["URL"] = url
    note = "; ".join(str(note) for note in notes(statement, site_url))
    if note:
        item["note"] = note
    return [item]


def _author(speaker: Speaker) -> dict[str, Any]:
    if speaker.given:
        return {"family": speaker.family, "given": speaker.given}
    return {"literal": speaker.full_name}


def _date(days: Iterable[date]) -> dict[str, Any]:
    """Return a date, or a range of two, as CSL-JSON has it."""
    return {"date-parts": [[day.year, day.month, day.day] for day in days]}
