"""Programs that extract the text of a page for search engines and readers.

They must keep as much of the page as of plain markup of the same statement.
Firefox's Reader View is in test_engines.py.
"""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import assert_never

import pytest
import trafilatura
from case_files import CASES
from readability import Document
from served_page import read_page

from app import STATEMENT, create_app
from app.reading.reader import read_statement
from app.statement import (
    Block,
    BlockQuote,
    ItemList,
    Paragraph,
    Section,
    Statement,
)

GOLDEN = Path(__file__).parent / "golden"
STATEMENTS = [
    STATEMENT,
    GOLDEN / "full.md",
    GOLDEN / "rtl.md",
    CASES / "pages" / "life.md",
    CASES / "pages" / "long_names.md",
    CASES / "pages" / "short_turns.md",
]
INTERFACE = ["Skip to", "Copy quotation", "Not copied", "Select words", "Contents"]
NOT_LETTERS_RE = re.compile(r"\W")

Extract = Callable[[str], str]


def extract_with_trafilatura(html: str) -> str:
    return trafilatura.extract(html) or ""


def extract_with_precision(html: str) -> str:
    return trafilatura.extract(html, favor_precision=True) or ""


def extract_with_readability(html: str) -> str:
    summary = Document(html).summary()
    return read_page(f"<!doctype html>{summary}").text


EXTRACTORS = [
    extract_with_trafilatura,
    extract_with_precision,
    extract_with_readability,
]


def plain_markup(statement: Statement) -> str:
    """Return the statement as an article of headings and paragraphs alone."""
    parts = [f"<h1>{escape(statement.title)}</h1>", *plain_blocks(statement.blocks)]
    for section in statement.sections:
        parts += plain_section(section, "h2")
    title = f"<title>{escape(statement.title)}</title>"
    article = "\n".join(parts)
    return (
        f"<!doctype html><html><head>{title}</head><article>{article}</article></html>"
    )


def plain_section(section: Section, tag: str) -> list[str]:
    parts = [f"<{tag}>{escape(section.heading)}</{tag}>"]
    parts += plain_blocks(section.blocks)
    for subsection in section.subsections:
        parts += plain_section(subsection, "h3")
    return parts


def plain_blocks(blocks: tuple[Block, ...]) -> list[str]:
    parts = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts.append(f"<p>{escape(block.text)}</p>")
        elif isinstance(block, BlockQuote):
            parts += ["<blockquote>", *plain_blocks(block.blocks), "</blockquote>"]
        elif isinstance(block, ItemList):
            continue  # only headings and paragraphs are counted
        else:
            assert_never(block)
    return parts


def texts_of(statement: Statement) -> list[str]:
    """Return the texts of all headings and paragraphs."""
    texts = [paragraph.text for paragraph in statement.paragraphs if paragraph.text]
    for section in statement.sections:
        texts.append(section.heading)
        texts += [subsection.heading for subsection in section.subsections]
    return texts


def letters_of(text: str) -> str:
    return NOT_LETTERS_RE.sub("", text)


def count_kept(texts: list[str], extract: str) -> int:
    letters = letters_of(extract)
    return sum(letters_of(text) in letters for text in texts)


def page_of(statement: Path) -> str:
    app = create_app({"STATEMENT": str(statement)})
    return app.test_client().get("/").text


@pytest.mark.parametrize(
    ("extract", "share"),
    [
        (extract_with_trafilatura, 0.97),
        # This mode drops short block quotes with links, of which there are many here.
        (extract_with_precision, 0.9),
        (extract_with_readability, 0.97),
    ],
)
def test_an_extractor_keeps_as_many_headings_and_paragraphs_as_of_plain_markup(
    extract: Extract, share: float
) -> None:
    kept = 0
    kept_of_plain_markup = 0
    for path in STATEMENTS:
        statement = read_statement(path)
        texts = texts_of(statement)
        kept += count_kept(texts, extract(page_of(path)))
        kept_of_plain_markup += count_kept(texts, extract(plain_markup(statement)))
    assert kept_of_plain_markup > 40
    assert kept >= share * kept_of_plain_markup


@pytest.mark.parametrize("extract", EXTRACTORS)
@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.stem)
def test_an_extractor_leaves_out_the_interface(extract: Extract, path: Path) -> None:
    text = extract(page_of(path))
    for words in INTERFACE:
        assert words not in text
