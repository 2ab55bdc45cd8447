"""The body: how headings divide the text into sections, each with the id that its author wrote for ever."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from app.content_error import ContentError
from app.reading.blocks import BlockReader, Line
from app.statement import Block, Section, plain_text

# Ids of the page's own parts, which no section may take (a test holds the templates to this list).
PAGE_IDS = ("top", "contents", "statement", "additional-materials", "cite", "about")
ID = re.compile(r"[a-z][a-z0-9-]*")
PARAGRAPH_ID = re.compile(r"p[0-9]+")

HEADING = re.compile(r"(#{1,3}) +(.*)")
HEADING_ID = re.compile(r"(.*?)(?<!\\) *\{#([^{}]*)\}")


class Body(NamedTuple):
    """What stands below the front matter: the title, and the statement before and in its sections."""

    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]


def parse_body(lines: list[Line], path: str) -> Body:
    """Return what the `lines` of the file at `path` hold.

    Raises ContentError for a missing or second title, for headings and ids that are wrong, for a section
    without text, for links to parts that do not exist and for Markdown outside the format.
    """
    return _BodyReader(path).read(lines)


class _BodyReader:
    """Reads one body; what it remembers on the way is which line took which id."""

    def __init__(self, path: str) -> None:
        self.blocks = BlockReader(path)
        self.ids: dict[str, Line] = {}

    def read(self, lines: list[Line]) -> Body:
        parts = list(_parts(lines))
        for line in parts[0]:
            if line.text:
                raise self.blocks.error(line, "stands before the title", "begin the text with the one line # Title")
        if len(parts) == 1:
            raise ContentError(
                f"{self.blocks.path}:{lines[-1].number}", "the text has no title", "begin it with # Title"
            )
        title = self._title(parts[1][0])
        blocks = self.blocks.read(parts[1][1:])
        sections = self._sections(parts[2:])
        if not self.blocks.paragraphs:
            raise self.blocks.error(parts[1][0], "has no paragraph under it", "write one at least, a list is none")
        self._check_fragments()
        return Body(title, blocks, sections)

    def _title(self, line: Line) -> str:
        heading = HEADING.fullmatch(line.text)
        if not heading or heading[1] != "#":
            raise self.blocks.error(line, "stands before the title", "begin the text with the one line # Title")
        if HEADING_ID.fullmatch(heading[2]):
            raise self.blocks.error(line, "is a title with an id", "remove the id, the whole page is the title's part")
        if re.search(r" #+$", heading[2]):
            raise self.blocks.error(line, "ends in #, which Markdown takes away", r"remove it, or write \#")
        return self._heading_text(line, heading[2])

    def _sections(self, parts: list[list[Line]]) -> tuple[Section, ...]:
        sections: list[Section] = []
        for line, *lines in parts:
            heading = HEADING.fullmatch(line.text)
            if not heading:
                raise self.blocks.refusal(line) or AssertionError(line)
            if heading[1] == "#":
                raise self.blocks.error(line, "is a second title", "write ## for a section")
            section = self._section(line, heading[2], lines)
            if heading[1] == "##":
                sections.append(section)
            elif sections:
                sections[-1] = replace(sections[-1], subsections=(*sections[-1].subsections, section))
            else:
                raise self.blocks.error(line, "is a subsection outside a section", "write ## for a section")
            if not section.blocks and heading[1] == "###":
                raise self._empty(section)
        for section in sections:
            if not section.blocks and not section.subsections:
                raise self._empty(section)
        return tuple(sections)

    def _empty(self, section: Section) -> ContentError:
        return self.blocks.error(
            self.ids[section.id], "is a section without text", "write its text, or remove the heading"
        )

    def _section(self, line: Line, text: str, lines: list[Line]) -> Section:
        found = HEADING_ID.fullmatch(text)
        if not found:
            raise self.blocks.error(
                line, "is a heading without id", "end it with an id of your own, {#return-of-refugees}"
            )
        self._take_id(line, found[2])
        return Section(found[2], self._heading_text(line, found[1]), self.blocks.read(lines))

    def _take_id(self, line: Line, id_: str) -> None:
        remedy = None
        if not ID.fullmatch(id_):
            remedy = "write small letters a-z, digits and hyphens, beginning with a letter"
        elif PARAGRAPH_ID.fullmatch(id_):
            remedy = "choose one that does not look like a paragraph's"
        elif id_ in PAGE_IDS:
            remedy = f"choose another than {', '.join(PAGE_IDS)}, which the page itself needs"
        elif id_ in self.ids:
            remedy = f"choose another, line {self.ids[id_].number} has it already"
        if remedy:
            raise self.blocks.error(line, f"has the id {id_!r}", remedy)
        self.ids[id_] = line

    def _heading_text(self, line: Line, text: str) -> str:
        if not text.strip():
            raise self.blocks.error(line, "is a heading without words", "write its words")
        content = self.blocks.inline_words([Line(line.number, text)])
        if any(not isinstance(run, str) for run in content):
            raise self.blocks.error(line, "is a heading with emphasis or a link", "write plain words")
        return plain_text(content)

    def _check_fragments(self) -> None:
        known = {*self.ids, *PAGE_IDS, *(f"p{number + 1}" for number in range(self.blocks.paragraphs))}
        for line, href in self.blocks.fragments:
            if href[1:] not in known:
                raise self.blocks.error(
                    Line(line.number, href),
                    "names no part of the page",
                    "link to the id of a section or paragraph",
                )


def _parts(lines: list[Line]) -> Iterator[list[Line]]:
    """Return the lines before the first heading, then each heading with the lines below it."""
    part: list[Line] = []
    for line in lines:
        if line.text.startswith("#"):
            yield part
            part = []
        part.append(line)
    yield part
