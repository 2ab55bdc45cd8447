"""The statement as a schema.org Article, in JSON-LD."""

from typing import Any

from app.publication import Correction, Publication, Speaker
from app.statement import Statement


def json_ld(
    statement: Statement, site_url: str | None, description: str
) -> dict[str, Any]:
    """Return the page as an Article by the speakers, based on the publication.

    Properties whose value is unknown are left out. `@context` and `@type` are
    strings, since Firefox's Reader View ignores lists there.
    """
    publication = statement.publication
    corrections = publication.corrections
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "name": statement.title,
        "headline": statement.title,
        "author": _authors(publication),
        "datePublished": publication.published.isoformat(),
    }
    if corrections:
        last = max(correction.date for correction in corrections)
        article["dateModified"] = last.isoformat()
        article["correction"] = [_correction(correction) for correction in corrections]
    article["inLanguage"] = publication.language
    article["description"] = description
    if site_url:
        article["url"] = site_url
    article["isBasedOn"] = _original(statement)
    return article


def _authors(publication: Publication) -> dict[str, str] | list[dict[str, str]]:
    authors = [_author(speaker) for speaker in publication.speakers]
    if len(authors) == 1:
        return authors[0]
    return authors


def _author(speaker: Speaker) -> dict[str, str]:
    """Return a Person, with a jobTitle, or an Organization, which has none."""
    if speaker.name:
        return {"@type": "Organization", "name": speaker.name}
    person = {"@type": "Person", "name": speaker.full_name}
    if speaker.role:
        person["jobTitle"] = speaker.role
    return person


def _correction(correction: Correction) -> dict[str, str]:
    by_publisher = correction.by == "publisher"
    by = "its publisher" if by_publisher else "this edition"
    if correction.withdrawn:
        change = "the text was withdrawn"
    elif by_publisher:
        change = f"“{correction.was}” was changed"
    else:
        change = f"“{correction.was}” was mistyped"
    return {
        "@type": "CorrectionComment",
        "text": f"#{correction.paragraph}: {change} by {by}",
        "datePublished": correction.date.isoformat(),
    }


def _original(statement: Statement) -> dict[str, Any]:
    """Return the publication that this page is a copy of."""
    publication = statement.publication
    original: dict[str, Any] = {
        "@type": "Article",
        "name": statement.title,
        "publisher": {"@type": "Organization", "name": publication.publisher},
    }
    if publication.source:
        original["url"] = publication.source
    if publication.archived:
        original["archivedAt"] = publication.archived
    return original
