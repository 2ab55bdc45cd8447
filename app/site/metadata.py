"""What machines read about a statement: a description, JSON-LD, and the statement as data."""

import re
from typing import Any

from app.site.language import SENTENCE_ENDS
from app.statement import Paragraph, Section, Statement

# Closing quotation marks belong to it; an early full stop ends an abbreviation ("Mr."), and no space follows 。
FIRST_SENTENCE = re.compile(rf".{{30,}}?(?:[{''.join(SENTENCE_ENDS)}][’”'\")]*(?=\s|$)|[。！？][」』”]*)")
DESCRIPTION_LENGTH = 160  # characters: what search engines and cards show at most


def description(statement: Statement) -> str:
    """Return the statement's first sentence, cut at a word where it is longer than a search engine shows."""
    text = next(statement.paragraphs).text
    sentence = FIRST_SENTENCE.match(text)
    text = sentence[0] if sentence else text
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return re.sub(r"\s\S*$", "", text[:DESCRIPTION_LENGTH])[: DESCRIPTION_LENGTH - 1] + "…"


def json_ld(statement: Statement, site_url: str | None) -> dict[str, Any]:
    """Return the page as a schema.org Article: the speaker's words, based on what the publisher published."""
    publication, speaker = statement.publication, statement.publication.speakers[0]
    author = {"@type": "Person", "name": speaker.full_name, "jobTitle": speaker.role}
    original = {
        "@type": "Article",
        "name": statement.title,
        "publisher": {"@type": "Organization", "name": publication.publisher},
        "url": publication.source,
    }
    article = {
        "@context": "https://schema.org",
        "@type": "Article",
        "name": statement.title,
        "headline": statement.title,
        "author": _present(author),
        "datePublished": publication.published.isoformat(),
        "inLanguage": publication.language,
        "description": description(statement),
        "url": site_url,
        "isBasedOn": _present(original),
    }
    return _present(article)


def statement_json(statement: Statement) -> dict[str, Any]:
    """Return the statement as data, in the form that README describes."""
    publication, speaker = statement.publication, statement.publication.speakers[0]
    return {
        "title": statement.title,
        "kind": publication.kind,
        "speaker": {"given": speaker.given, "family": speaker.family, "role": speaker.role},
        "published": publication.published.isoformat(),
        "place": publication.place,
        "publisher": publication.publisher,
        "source": publication.source,
        "language": publication.language,
        "languages": list(publication.languages),
        "materials": [{"title": material.title, "url": material.url} for material in publication.materials],
        "paragraphs": [_paragraph(paragraph) for paragraph in statement.opening],
        "sections": [_section(section) for section in statement.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "heading": section.heading,
        "paragraphs": [_paragraph(paragraph) for paragraph in section.paragraphs],
        "subsections": [_section(subsection) for subsection in section.subsections],
    }


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {"number": int(paragraph.label), "id": paragraph.id, "text": paragraph.text}


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}
