"""What machines read about a statement: a description, JSON-LD, and the statement as data."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from app.publication import Correction, Speaker
from app.site.language import SENTENCE_ENDS
from app.statement import Block, BlockQuote, Item, Paragraph, Section, Statement

# Closing quotation marks belong to it; an early full stop ends an abbreviation ("Mr."), and no space follows 。
FIRST_SENTENCE = re.compile(
    rf"\A(.{{30,}}?(?:[{SENTENCE_ENDS}][’”'\")]*(?=\s|$)|[。！？][」』”]*)).*"
)


def description(statement: Statement) -> str:
    """Return the speaker's first sentence: where voices are declared, never another's; else the statement's title."""
    voices = [speaker.voice for speaker in statement.publication.speakers]
    spoken = (
        _words(paragraph)
        for paragraph in statement.paragraphs
        if paragraph.voice in voices
    )
    return FIRST_SENTENCE.sub(r"\1", next(filter(None, spoken), statement.title))


def _words(paragraph: Paragraph) -> str:
    """Return the paragraph's text without the label that opens a turn, "Sergey Lavrov:"."""
    return paragraph.text_after_label.replace("\n", " ")


def json_ld(
    statement: Statement, site_url: str | None, description: str
) -> dict[str, Any]:
    """Return the page as a schema.org Article: the speakers' words, based on what the publisher published."""
    publication, corrections = statement.publication, statement.publication.corrections
    authors = [_author(speaker) for speaker in publication.speakers]
    article = {"@type": "Article", "name": statement.title}
    publisher = {"@type": "Organization", "name": publication.publisher}
    original = {
        "publisher": publisher,
        "url": publication.source,
        "archivedAt": publication.archived,
    }
    told = {
        "headline": statement.title,
        "author": authors if authors[1:] else authors[0],
        "datePublished": publication.published.isoformat(),
        "dateModified": str(max(each.date for each in corrections))
        if corrections
        else None,
        "correction": [_correction(each) for each in corrections] or None,
        "inLanguage": publication.language,
        "description": description,
        "url": site_url,
        "isBasedOn": _present(article | original),
    }
    return _present({"@context": "https://schema.org", **article, **told})


def _author(speaker: Speaker) -> dict[str, Any]:
    kind = (
        "Organization" if speaker.name else "Person"
    )  # an office or a group has no job
    return _present(
        {
            "@type": kind,
            "name": speaker.full_name,
            "jobTitle": None if speaker.name else speaker.role,
        }
    )


def _correction(correction: Correction) -> dict[str, str]:
    by, change = (
        ("its publisher", "changed")
        if correction.by == "publisher"
        else ("this edition", "mistyped")
    )
    what = (
        "the text was withdrawn"
        if correction.withdrawn
        else f"“{correction.was}” was {change}"
    )
    text = f"#{correction.paragraph}: {what} by {by}"
    return {
        "@type": "CorrectionComment",
        "text": text,
        "datePublished": str(correction.date),
    }


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def statement_json(statement: Statement) -> dict[str, Any]:
    """Return the statement as data in format 2, as README describes it; every key of the front matter is in it."""
    said = asdict(statement.publication)
    for speaker in said["speakers"]:
        del speaker["voice"]
    return {
        "format": 2,
        "title": statement.title,
        "speaker": said["speakers"][0],
        **said,
        "delivered": "/".join(map(str, said["delivered"])) or None,
        "voices": said["voices"] or (),
        **_parts(statement.blocks),
        "sections": [_section(section) for section in statement.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    parts = {
        **_parts(section.blocks),
        "subsections": [_section(subsection) for subsection in section.subsections],
    }
    return {
        "id": section.id,
        "old_ids": section.old_ids,
        "heading": section.heading,
        **parts,
    }


def _parts(
    blocks: Iterable[Block], before: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the paragraphs in `blocks`, each with the items of the lists behind it, and the items before them."""
    parts = before or {"items": [], "paragraphs": []}
    for block in blocks:
        if isinstance(block, BlockQuote):
            _parts(block.blocks, parts)
        elif isinstance(block, Paragraph):
            number = int(block.label) if block.label.isdecimal() else None
            named = {
                "id": block.id,
                "number": number,
                "label": block.label,
                "voice": block.voice,
            }
            parts["paragraphs"].append({**named, "text": block.text, "items": []})
        else:
            (parts["paragraphs"] or [parts])[-1]["items"] += map(_item, block.items)
    return parts


def _item(item: Item) -> dict[str, Any]:
    nested = [_item(inner) for inner in item.nested.items] if item.nested else []
    return {"id": item.id, "voice": item.voice, "text": item.text, "items": nested}
