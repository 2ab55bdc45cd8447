"""What a statement is: the frozen value between the file that holds it and the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from app.publication import Publication, listed

# An anchor that the text itself gives: p3 and u3 (no number in the publication), p3a put in behind p3, its item p3-2.
ANCHOR = re.compile(r"[pu][0-9]{1,9}[a-z]?(-[0-9]{1,9}[a-z]?)*")


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


Inline = tuple[
    str | Emphasis | Link, ...
]  # a line feed in it is a line break of the publication


def plain_text(content: Inline) -> str:
    """Return the words of `content` without emphasis and links."""
    return "".join(
        run if isinstance(run, str) else plain_text(run.content) for run in content
    )


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or an item of a list; one that was withdrawn keeps its anchor and has no words."""

    id: str
    content: Inline
    voice: str | None = None  # the declared voice that speaks
    opens_turn: bool = False  # whether its own words say who speaks
    withdrawn: bool = False
    nested: ItemList | None = None  # the list below an item

    @property
    def label(self) -> str:
        """Return what its marker shows: "3", "3a", or "¶" where the publication gives it no number."""
        return self.id[1:] if self.id.startswith("p") else "¶"

    @property
    def text(self) -> str:
        """Return its words; a line feed is a line break."""
        return plain_text(self.content)


@dataclass(frozen=True)
class ItemList:
    """A list; `ordered` where the file counts its items, from 1."""

    items: tuple[Paragraph, ...]
    ordered: bool = False


@dataclass(frozen=True)
class BlockQuote:
    """What the speaker quotes; its paragraphs are numbered with the others."""

    blocks: tuple[Block, ...]


Block = Paragraph | ItemList | BlockQuote


def paragraphs_of(blocks: tuple[Block, ...]) -> Iterator[Paragraph]:
    """Return the paragraphs in `blocks`, block quotes included, in order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, BlockQuote):
            yield from paragraphs_of(block.blocks)


@dataclass(frozen=True)
class Section:
    """A section or subsection; `old_ids` are anchors that it once had and that still land on it."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    subsections: tuple[Section, ...] = ()
    old_ids: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the section's own paragraphs, block quotes included, subsections not."""
        return tuple(paragraphs_of(self.blocks))


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
        parts = (
            part
            for section in self.sections
            for part in (section, *section.subsections)
        )
        return chain(self.opening, *(part.paragraphs for part in parts))

    def credit(self, voice: str | None) -> str:
        """Return whose words a voice's are: the speaker's name, "Question, to" that name, or the title for none's."""
        if not self.publication.voices:
            return self.publication.names
        speakers = [
            speaker.full_name
            for speaker in self.publication.speakers
            if speaker.voice == voice
        ]
        if speakers or voice is None:
            return listed(speakers) or f"“{self.title}”"
        return f"{voice}, to {self.publication.names}"
