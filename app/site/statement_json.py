"""The statement as data, in the form of statement.json."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, assert_never

from app.statement import (
    Block,
    BlockQuote,
    Item,
    ItemList,
    Paragraph,
    Section,
    Statement,
)

FORMAT = 2


def statement_json(statement: Statement, site_url: str | None) -> dict[str, Any]:
    """Return the statement as data. Each key of the front matter is a member.

    A value that is unknown is None. Dates are date objects.
    """
    publication = asdict(statement.publication)
    for speaker in publication["speakers"]:
        del speaker["voice"]
    days = [day.isoformat() for day in publication["delivered"]]
    return {
        "format": FORMAT,
        "url": site_url,
        "title": statement.title,
        "speaker": publication["speakers"][0],
        **publication,
        "delivered": "/".join(days) or None,
        "voices": publication["voices"] or [],
        **_text(statement.blocks),
        "sections": [_section(section) for section in statement.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "old_ids": section.old_ids,
        "heading": section.heading,
        **_text(section.blocks),
        "subsections": [_section(subsection) for subsection in section.subsections],
    }


def _text(blocks: Iterable[Block]) -> dict[str, Any]:
    """Return the paragraphs, each with its items, and the items before all of them."""
    text: dict[str, Any] = {"items": [], "paragraphs": []}
    _add_blocks(blocks, text)
    return text


def _add_blocks(blocks: Iterable[Block], text: dict[str, Any]) -> None:
    """Add `blocks` to `text`, a list to the items of the paragraph before it."""
    for block in blocks:
        if isinstance(block, Paragraph):
            text["paragraphs"].append(_paragraph(block))
        elif isinstance(block, ItemList):
            owner = text["paragraphs"][-1] if text["paragraphs"] else text
            owner["items"].extend(_item(item) for item in block.items)
        elif isinstance(block, BlockQuote):
            _add_blocks(block.blocks, text)
        else:
            assert_never(block)


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    label = paragraph.label
    return {
        "id": paragraph.id,
        "number": int(label) if label.isdecimal() else None,
        "label": label,
        "voice": paragraph.voice,
        "text": paragraph.text,
        "items": [],
    }


def _item(item: Item) -> dict[str, Any]:
    nested = item.nested.items if item.nested else ()
    return {
        "id": item.id,
        "voice": item.voice,
        "text": item.text,
        "items": [_item(inner) for inner in nested],
    }
