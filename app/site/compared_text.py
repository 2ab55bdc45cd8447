"""The texts that `flask check --published` compares.

These are the text of a publication, as copied from its page into a plain text file,
and the parts of a statement whose words must be the publication's.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, assert_never

from app.errors import ContentError
from app.publication import KeyInfo, Occurrence, Publication
from app.statement import (
    Block,
    BlockQuote,
    Item,
    ItemList,
    Paragraph,
    Section,
    Statement,
)

# Control characters other than white space, and directional embeddings and overrides.
# A statement must not contain them.
IGNORED_RE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e]")
# The number of characters shown before a difference, and after it.
EXCERPT_LENGTH = 30


class ComparedText:
    """A text, and its characters without spaces and line breaks.

    `offsets` maps each index in `characters` to an index in `text`. Its last entry is
    the length of `text`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.characters = without_spaces(text)
        self.offsets = [i for i, char in enumerate(text) if not char.isspace()]
        self.offsets.append(len(text))

    def line_from(self, index: int) -> str:
        """Return the text from a character to the end of its line."""
        return self.text[self.offsets[index] :].partition("\n")[0]

    def excerpt_at(self, start: int, index: int) -> str:
        """Return the words around the character at `index`, and its code points.

        The words are those from `start` to the end of the line, cut on both sides if
        they are long: “We met "on the ground" in Geneva.”, U+0022 QUOTATION MARK.
        """
        before = self.text[self.offsets[start] : self.offsets[index]]
        after = self.line_from(index)
        names = code_points(after)
        if len(before) > EXCERPT_LENGTH:
            before = f"…{before[-EXCERPT_LENGTH:]}"
        if len(after) > EXCERPT_LENGTH:
            after = f"{after[:EXCERPT_LENGTH]}…"
        words = " ".join(f"{before}{after}".split())
        return f"“{words}”, {names}"


class PublicationText(ComparedText):
    """The text of a publication, with line feeds as its line ends."""

    def __init__(self, name: str, text: str) -> None:
        text = re.sub("\r\n?", "\n", text)
        super().__init__(IGNORED_RE.sub("", text).rstrip())
        self.name = name

    def line_number(self, index: int) -> int:
        """Return the number of the line with a character, counted from 1."""
        return self.text.count("\n", 0, self.offsets[index]) + 1


class ComparedPart(ComparedText):
    """A title, heading, paragraph or list item. `name` names it in messages."""

    def __init__(self, name: str, text: str, is_item: bool = False) -> None:
        super().__init__(text)
        self.name = name
        self.is_item = is_item


def without_spaces(text: str) -> str:
    """Return `text` without spaces and line breaks."""
    return "".join(text.split())


def similarity_key(characters: str) -> str:
    """Return `characters` in a form in which case and accents weigh little."""
    return unicodedata.normalize("NFKD", characters).casefold()


def excerpt(text: str) -> str:
    """Return `text` on one line, in quotation marks, cut if it is long."""
    text = " ".join(text.split())
    if len(text) > 2 * EXCERPT_LENGTH:
        text = f"{text[: 2 * EXCERPT_LENGTH - 1]}…"
    return f"“{text}”"


def code_points(text: str) -> str:
    """Return the code point and name of the first character of `text`.

    For example "U+201C LEFT DOUBLE QUOTATION MARK". Those of the combining marks that
    follow it are added.
    """
    names: list[str] = []
    for character in text:
        if names and not unicodedata.combining(character):
            break
        name = unicodedata.name(character, "")
        names.append(f"U+{ord(character):04X} {name}".rstrip())
    return " and ".join(names) or "the end of the text"


def read_publication(path: Path) -> PublicationText:
    """Return the text in the file at `path`.

    Raise ContentError if it cannot be read, is not text in UTF-8, or is empty.
    """
    name = str(path)
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        fix = "name a text file that this user can read"
        raise ContentError.at(name, reason, fix) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[error.start]:x} is not UTF-8"
        fix = "save the publication as plain text in UTF-8"
        raise ContentError.at(f"{name}:{line}", problem, fix) from None
    publication = PublicationText(name, text)
    if not publication.characters:
        fix = "copy the whole text of the publication's page into it"
        raise ContentError.at(name, "the file is empty", fix)
    return publication


def compared_parts(statement: Statement) -> Iterator[ComparedPart]:
    """Yield the parts of `statement` in order, without those that are withdrawn.

    Headings are included if they are the publication's own. The text of a paragraph
    includes its number if the publication prints it.
    """
    yield ComparedPart("the title", statement.title)
    has_numbers = statement.publication.numbers == "publication"
    yield from _block_parts(statement.blocks, has_numbers)
    for section in _sections(statement):
        if statement.publication.headings == "publication":
            yield ComparedPart(f"the heading of #{section.id}", section.heading)
        yield from _block_parts(section.blocks, has_numbers)


def _sections(statement: Statement) -> Iterator[Section]:
    for section in statement.sections:
        yield section
        yield from section.subsections


def _block_parts(
    blocks: Iterable[Block | Item], has_numbers: bool
) -> Iterator[ComparedPart]:
    for block in blocks:
        if isinstance(block, BlockQuote):
            yield from _block_parts(block.blocks, has_numbers)
        elif isinstance(block, ItemList):
            yield from _block_parts(block.items, has_numbers)
        elif isinstance(block, Item):
            if not block.withdrawn:
                yield ComparedPart(block.id, block.text, is_item=True)
            if block.nested:
                yield from _block_parts(block.nested.items, has_numbers)
        elif isinstance(block, Paragraph):
            if not block.withdrawn:
                yield ComparedPart(block.id, _numbered_text(block, has_numbers))
        else:
            assert_never(block)


def _numbered_text(paragraph: Paragraph, has_numbers: bool) -> str:
    """Return the text of a paragraph, with its number if the publication has one."""
    if has_numbers and paragraph.anchor.kind == "p":
        return f"{paragraph.label}. {paragraph.text}"
    return paragraph.text


def expected_facts(publication: Publication) -> list[tuple[str, str]]:
    """Return the name and value of each fact that the publication should contain."""
    facts = [("speaker", speaker.full_name) for speaker in publication.speakers]
    facts.extend(_texts(publication, Occurrence.EXPECTED))
    return facts


def other_words(statement: Statement) -> set[str]:
    """Return the title and facts that the page shows, without spaces."""
    publication = statement.publication
    facts = expected_facts(publication)
    facts.extend(_texts(publication, Occurrence.POSSIBLE))
    texts = [statement.title]
    for _, value in facts:
        texts.append(value)
    return {without_spaces(text) for text in texts}


def _texts(table: Any, occurrence: Occurrence) -> Iterator[tuple[str, str]]:
    """Yield the key and value of each text in `table` that has this occurrence.

    `table` is a dataclass of app.publication. Its inner tables are searched, too.
    """
    for key_field in fields(table):
        info: KeyInfo = key_field.metadata["key"]
        values = getattr(table, key_field.name)
        if not info.is_list:
            values = [values]
        for value in values or []:
            if info.table:
                yield from _texts(value, occurrence)
            elif info.occurrence is occurrence and value:
                yield key_field.name, value


def edition_headings(statement: Statement) -> set[str]:
    """Return the headings that this edition added, without spaces."""
    if statement.publication.headings == "publication":
        return set()
    return {without_spaces(section.heading) for section in _sections(statement)}
