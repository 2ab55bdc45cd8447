"""A statement, as immutable values. app.reading makes it, and app.site renders it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, assert_never

from app.anchor import Anchor
from app.publication import Publication


@dataclass(frozen=True)
class Emphasis:
    """Emphasised text."""

    kind: ClassVar[Literal["emphasis"]] = "emphasis"

    content: Inline
    strong: bool


@dataclass(frozen=True)
class Link:
    """Text that links to `href`: an http, https or mailto address, or a #fragment."""

    kind: ClassVar[Literal["link"]] = "link"

    content: Inline
    href: str


# A line feed in a string is a line break of the publication.
Inline = tuple[str | Emphasis | Link, ...]


def plain_text(content: Inline) -> str:
    """Return the text of `content` without emphasis and links."""
    texts = []
    for run in content:
        if isinstance(run, str):
            texts.append(run)
        else:
            texts.append(plain_text(run.content))
    return "".join(texts)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A paragraph or a list item: a part with an anchor and text.

    A withdrawn part keeps its anchor and has no text.
    """

    anchor: Anchor
    content: Inline
    voice: str | None = None  # the declared voice that speaks
    withdrawn: bool = False

    @property
    def id(self) -> str:
        """Return the anchor as the page's id attribute has it."""
        return str(self.anchor)

    @property
    def text(self) -> str:
        """Return the plain text; a line feed is a line break."""
        return plain_text(self.content)


@dataclass(frozen=True, kw_only=True)
class Paragraph(Part):
    """A paragraph."""

    kind: ClassVar[Literal["paragraph"]] = "paragraph"

    turn_label: str = ""  # the beginning of its text if it opens a turn: "Question:"

    @property
    def label(self) -> str:
        """Return the text of its marker: "3", "3a", or "¶" without a number."""
        return self.anchor.label

    @property
    def opens_turn(self) -> bool:
        """Return whether its own text names the voice that speaks."""
        return bool(self.turn_label)

    @property
    def text_after_label(self) -> str:
        """Return the text without the label that opens a turn."""
        return self.text[len(self.turn_label) :].lstrip()


@dataclass(frozen=True, kw_only=True)
class Item(Part):
    """An item of a list, and the list nested in it, if any."""

    nested: ItemList | None = None


@dataclass(frozen=True)
class ItemList:
    """A list. `ordered` means that the file numbers its items, from 1."""

    kind: ClassVar[Literal["list"]] = "list"

    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True)
class BlockQuote:
    """A block quote. Its paragraphs are numbered together with the others."""

    kind: ClassVar[Literal["quote"]] = "quote"

    blocks: tuple[Block, ...]


Block = Paragraph | ItemList | BlockQuote


def paragraphs_of(blocks: tuple[Block, ...]) -> Iterator[Paragraph]:
    """Yield the paragraphs in `blocks` in order, those in block quotes included."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, BlockQuote):
            yield from paragraphs_of(block.blocks)
        elif isinstance(block, ItemList):
            continue  # its items are no paragraphs
        else:
            assert_never(block)


@dataclass(frozen=True)
class Section:
    """A section or subsection. `old_ids` are former anchors that still lead to it."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    subsections: tuple[Section, ...] = ()
    old_ids: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the section's paragraphs without those of its subsections."""
        return tuple(paragraphs_of(self.blocks))

    @property
    def all_paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the section's paragraphs with those of its subsections."""
        paragraphs = list(self.paragraphs)
        for subsection in self.subsections:
            paragraphs.extend(subsection.all_paragraphs)
        return tuple(paragraphs)


@dataclass(frozen=True)
class Statement:
    """A statement, as read from one file."""

    publication: Publication
    title: str
    blocks: tuple[Block, ...]  # before the first section
    sections: tuple[Section, ...]
    markdown: bytes  # the file, byte for byte

    @property
    def opening(self) -> tuple[Paragraph, ...]:
        """Return the paragraphs before the first section."""
        return tuple(paragraphs_of(self.blocks))

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return every paragraph, in order."""
        paragraphs = list(self.opening)
        for section in self.sections:
            paragraphs.extend(section.all_paragraphs)
        return tuple(paragraphs)

    @property
    def has_added_headings(self) -> bool:
        """Return whether it has headings that are not the publication's."""
        return bool(self.sections) and self.publication.headings == "edition"

    @property
    def has_added_numbers(self) -> bool:
        """Return whether the numbers of the paragraphs are not the publication's."""
        return self.publication.numbers == "edition"
