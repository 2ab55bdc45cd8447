"""Quotation marks within a quotation: “He said: ‘Yes.’”."""

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from app.statement import (
    Block,
    BlockQuote,
    Item,
    ItemList,
    Paragraph,
    Section,
    Statement,
)

MARK_RE = re.compile("[“”„]")


def has_paired_curly_marks(statement: Statement) -> bool:
    """Return whether each quotation in the statement opens with “ and closes with ”.

    A statement without quotations has paired marks, too. German and Polish, for
    example, open with „, and Swedish opens with ”. A paragraph
    that continues a quotation may repeat its “ (Chicago Manual of Style 13.30).
    """
    is_open = False
    for text in _texts(statement):
        for match in MARK_RE.finditer(text):
            mark = match[0]
            starts_paragraph = match.start() == 0
            if mark == "“" and (not is_open or starts_paragraph):
                is_open = True
            elif mark == "”" and is_open:
                is_open = False
            else:
                return False
    return not is_open


def nest_quotation_marks(text: str, statement: Statement) -> str:
    """Return `text` with its “ ” as ‘ ’, if they are the statement's marks."""
    has_marks = "“" in text or "”" in text
    # The whole statement is searched only for a text with marks, since that takes long.
    if not has_marks or not has_paired_curly_marks(statement):
        return text
    return text.replace("“", "‘").replace("”", "’")


def _texts(statement: Statement) -> Iterator[str]:
    yield statement.title
    yield from _block_texts(statement.blocks)
    for section in statement.sections:
        yield from _section_texts(section)


def _section_texts(section: Section) -> Iterator[str]:
    yield section.heading
    yield from _block_texts(section.blocks)
    for subsection in section.subsections:
        yield from _section_texts(subsection)


def _block_texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, BlockQuote):
            yield from _block_texts(block.blocks)
        elif isinstance(block, ItemList):
            yield from _item_texts(block.items)
        else:
            assert_never(block)


def _item_texts(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield item.text
        if item.nested:
            yield from _item_texts(item.nested.items)
