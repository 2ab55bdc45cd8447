"""What a statement is: the frozen value between the file that holds it and the page that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Emphasis:
    """A run of emphasised words."""

    content: Inline
    strong: bool


@dataclass(frozen=True)
class Link:
    """A run of words that leads to `href`: an http, https or mailto address, or a #fragment of the page."""

    content: Inline
    href: str


Inline = tuple[str | Emphasis | Link, ...]


def plain_text(content: Inline) -> str:
    """Return the words of `content` without emphasis and links."""
    return "".join(run if isinstance(run, str) else plain_text(run.content) for run in content)


def links_in(content: Inline) -> Iterator[Link]:
    """Return the links in `content`, those inside emphasis too."""
    for run in content:
        if isinstance(run, Link):
            yield run
        if not isinstance(run, str):
            yield from links_in(run.content)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, numbered from 1 through the whole statement."""

    number: int
    content: Inline

    @property
    def id(self) -> str:
        """Return the paragraph's anchor, `p1` for the first."""
        return f"p{self.number}"

    @property
    def text(self) -> str:
        """Return the paragraph's words."""
        return plain_text(self.content)


@dataclass(frozen=True)
class ListItem:
    """An item of a list, with the list nested in it, if any."""

    content: Inline
    nested: ItemList | None = None


@dataclass(frozen=True)
class ItemList:
    """A list; its items carry no number of their own in the statement."""

    items: tuple[ListItem, ...]
    ordered: bool


@dataclass(frozen=True)
class BlockQuote:
    """What the speaker quotes; its paragraphs are numbered with the others."""

    blocks: tuple[Block, ...]


Block = Paragraph | ItemList | BlockQuote


@dataclass(frozen=True)
class Section:
    """A section or subsection, under a heading that the edition added."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    subsections: tuple[Section, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the section's own paragraphs, block quotes included, subsections not."""
        return tuple(paragraphs_of(self.blocks))


def paragraphs_of(blocks: tuple[Block, ...]) -> Iterator[Paragraph]:
    """Return the paragraphs in `blocks`, block quotes included, in order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, BlockQuote):
            yield from paragraphs_of(block.blocks)


@dataclass(frozen=True)
class Speaker:
    """Who speaks; `family` alone holds the whole name where a name has one part or begins with the family."""

    family: str
    given: str | None = None
    role: str | None = None

    @property
    def name(self) -> str:
        """Return the name in the order in which it is spoken."""
        return f"{self.given} {self.family}" if self.given else self.family

    @property
    def inverted_name(self) -> str:
        """Return the name as catalogues sort it: "Lavrov, Sergey"."""
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True)
class Material:
    """One of the publication's own additional materials."""

    title: str
    url: str


@dataclass(frozen=True)
class Publication:
    """What the front matter says: who spoke, and where and when it was published."""

    published: date  # a datetime, without a time zone, where the publication names the time
    speaker: Speaker
    publisher: str
    language: str  # this and `languages` are BCP 47 tags
    kind: str | None = None  # what it is: a statement for the media, an address, a speech
    place: str | None = None
    source: str | None = None  # the publication's address
    languages: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A statement as one file holds it."""

    publication: Publication
    title: str
    blocks: tuple[Block, ...]  # what stands before the first section
    sections: tuple[Section, ...]
    markdown: bytes  # the file, as it is on disk

    @property
    def opening(self) -> tuple[Paragraph, ...]:
        """Return the paragraphs before the first section."""
        return tuple(paragraphs_of(self.blocks))

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Return every paragraph, in order."""
        yield from paragraphs_of(self.blocks)
        for section in self.sections:
            yield from section.paragraphs
            for subsection in section.subsections:
                yield from subsection.paragraphs
