"""The headings of the body, and the sections that they begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from app.anchor import Anchor
from app.latin import fold_latin
from app.reading.block_text import BlockText, split_id
from app.reading.blocks import BlockReader
from app.reading.body import Body
from app.reading.characters import is_visible
from app.reading.errors import Line
from app.statement import Section, plain_text

# Ids of the page's own parts, which no section may take.
PAGE_IDS = ("top", "contents", "statement", "additional-materials", "cite", "about")
ID_RE = re.compile(r"[a-z][a-z0-9-]*")
HEADING_RE = re.compile(r"(#+)(?: +(.*))?")
CLOSING_HASHES_RE = re.compile(r"(?<!\\)#+$")
# Reader View drops sections with such an id.
SHARE_RE = re.compile(r"(?:.*-)?share(?:daddy)?(?:-.*)?")
TITLE_FIX = "begin the text with the one line # Title"
CLOSING_HASHES_FIX = r"remove it, or write \# for the character itself"
APOSTROPHE_RE = re.compile("['’]")  # it does not divide a word
MAX_WORDS = 8  # of a suggested id


@dataclass(frozen=True)
class Heading:
    """A heading: its level from 1 to 3, its text, and the ids in its braces."""

    line: Line
    level: int
    text: str
    ids: str | None

    @classmethod
    def parse(cls, line: Line) -> Heading:
        """Return the heading in a line that begins with #.

        Raise LineError if no space follows the #, or if there are more than three.
        """
        match = HEADING_RE.fullmatch(line.text)
        if match is None:
            problem = "begins with #, but is not a heading"
            fix = r"write a space after the #, or \# for the character itself"
            raise line.error(problem, fix)
        level = len(match[1])
        if level > 3:
            problem = "is a heading below a subsection"
            fix = "write ### for a subsection, or a paragraph of **strong words**"
            raise line.error(problem, fix)
        text, ids = split_id(match[2] or "")
        return cls(line, level, text, ids)


class BodyReader:
    """Reads the body of one file: the title, the blocks and the sections."""

    def __init__(self, block_reader: BlockReader) -> None:
        self.block_reader = block_reader
        self.errors = block_reader.errors
        self._id_lines: dict[str, Line] = {}  # the line of each id
        self._without_id: dict[int, Heading] = {}  # by their number in the body
        self._heading_count = 0

    def read(self, lines: list[Line]) -> Body:
        """Return the body in `lines`. Each problem is added to the errors."""
        before, chunks = _split_at_headings(lines)
        first = next((line for line in before if line.text), None)
        if first is not None:
            self.errors.add(first.error("is before the title", TITLE_FIX))
        elif not chunks:
            problem = "the text has no title"
            self.errors.add(Line(lines[-1].number, "").error(problem, TITLE_FIX))
        if not chunks:
            return Body("", (), ())
        title_line, *below = chunks[0]
        title = ""
        with self.errors.collect():
            title = self._read_title(title_line)
        if below and below[0].text:
            fix = "leave an empty line above it; the title is one line of any length"
            self.errors.add(below[0].error("is directly under the title", fix))
        blocks = self.block_reader.read(below)
        sections = self._read_sections(chunks[1:])
        self._check_body(title_line)
        return Body(title, blocks, sections)

    def _read_title(self, line: Line) -> str:
        heading = Heading.parse(line)
        if heading.level != 1:
            raise line.error("is before the title", TITLE_FIX)
        if heading.ids is not None:
            fix = "remove it; the address of the title is that of the page"
            raise line.error("is a title with an id", fix)
        return self._parse_text(heading)

    def _read_sections(self, chunks: list[list[Line]]) -> tuple[Section, ...]:
        sections: list[Section] = []
        for chunk, following in zip_longest(chunks, chunks[1:]):
            line, *below = chunk
            level = _level(line)
            next_level = _level(following[0]) if following else 1
            is_empty = not any(other.text for other in below)
            if is_empty and level in (2, 3) and next_level <= level:
                fix = "write its text, or remove the heading"
                self.errors.add(line.error("is a section without text", fix))
            section = Section("", "", ())  # so that text below a bad heading is read
            with self.errors.collect():
                section = self._read_heading(line, has_section_above=bool(sections))
            section = replace(section, blocks=self.block_reader.read(below))
            if level > 2 and sections:
                sections[-1] = _add_subsection(sections[-1], section)
            else:
                sections.append(section)
        return tuple(sections)

    def _read_heading(self, line: Line, has_section_above: bool) -> Section:
        """Return the section that a heading begins, without its text."""
        self._heading_count += 1
        heading = Heading.parse(line)
        ids = _split_ids(heading.ids or "")
        taken = []
        for id_ in ids:
            if id_ in self._id_lines:
                taken.append(id_)
            # Invalid ids too, or links to them would be errors as well.
            self._id_lines.setdefault(id_, line)
        if heading.level == 1:
            raise line.error("is a second title", "write ## for a section")
        if heading.level == 3 and not has_section_above:
            problem = "is a subsection outside a section"
            raise line.error(problem, "write ## for a section")
        text = self._parse_text(heading)
        if heading.ids is None:
            self._without_id[self._heading_count] = heading
        else:
            for id_ in ids:
                self._check_id(line, id_, is_taken=id_ in taken)
        return Section(ids[0], text, (), old_ids=tuple(ids[1:]))

    def _check_id(self, line: Line, id_: str, is_taken: bool) -> None:
        if not ID_RE.fullmatch(id_):
            fix = "write letters a-z, digits and hyphens, beginning with a letter"
        elif Anchor.parse(id_):
            fix = "choose one that does not look like the id of a paragraph"
        elif SHARE_RE.fullmatch(id_):
            fix = "choose one without share, with which Reader View drops sections"
        elif id_ in PAGE_IDS:
            fix = "choose another; the page itself has this one"
        elif is_taken:
            fix = f"choose another; line {self._id_lines[id_].number} has this one"
        else:
            return
        raise line.error(f"has the id {id_!r}", fix)

    def _parse_text(self, heading: Heading) -> str:
        """Return the text of a heading, which is plain."""
        line = heading.line
        if not is_visible(heading.text):
            raise line.error("is a heading without words", "write its words")
        if CLOSING_HASHES_RE.search(heading.text):
            raise line.error("ends in #, which Markdown removes", CLOSING_HASHES_FIX)
        text = BlockText([line], heading.text)
        content = self.block_reader.inline.parse(text, heading.level)
        if any(not isinstance(run, str) for run in content):
            problem = "is a heading with emphasis or a link"
            raise line.error(problem, "write plain words")
        return plain_text(content)

    def _check_body(self, title: Line) -> None:
        """Run the checks that need the whole body. Add an error for each problem."""
        self._check_missing_ids()
        self._check_links()
        if not self.block_reader.numbering.lines and not self.errors.has_errors:
            self.errors.add(title.error("has no text below it", "write its text"))
        if self.block_reader.inline.has_asterisk:
            for line in self.block_reader.star_lists:
                problem = "would be a list, and lose its *, which is also in the text"
                fix = r"write \* for the sign of a note, or - for an item of a list"
                self.errors.add(line.error(problem, fix))

    def _check_links(self) -> None:
        """Add an error for each link to an id that the page does not have."""
        anchors = {str(anchor) for anchor in self.block_reader.numbering.lines}
        ids = {*anchors, *self._id_lines, *PAGE_IDS}
        # Anchors are counted: correcting an error can change those after it.
        is_counted = not self.errors.has_errors
        for line, href in self.block_reader.inline.links:
            id_ = href.removeprefix("#")
            is_internal = href.startswith("#")
            if is_internal and id_ not in ids and (is_counted or not Anchor.parse(id_)):
                fix = "link to the id of a section or paragraph"
                problem = "is the id of no part of the page"
                self.errors.add(line.error(problem, fix, excerpt=href))

    def _check_missing_ids(self) -> None:
        """Add an error for each heading without id, with a line that has one."""
        taken = dict.fromkeys([*self._id_lines, *PAGE_IDS], 1)
        for number, heading in self._without_id.items():
            id_ = suggest_id(heading.text, number, taken)
            taken[id_] = 1
            marks = "#" * heading.level
            fix = f"write {marks} {heading.text} {{#{id_}}}"
            self.errors.add(heading.line.error("is a heading without id", fix))


def suggest_id(heading: str, number: int, taken: dict[str, int]) -> str:
    """Return an id made of the words of a heading, which is not in `taken`.

    Without Latin letters it is "section-3" for the third heading. `taken` has for each
    id the last suffix that was tried, so that equal headings do not try it again.
    """
    text = APOSTROPHE_RE.sub("", fold_latin(heading))
    words = re.findall("[a-z0-9]+", text)
    while words and not words[0][0].isalpha():
        words = words[1:]
    words = [word for word in words if word not in ("share", "sharedaddy")]
    id_ = "-".join(words[:MAX_WORDS]) or f"section-{number}"
    if id_ in PAGE_IDS or Anchor.parse(id_):
        id_ = f"section-{id_}"
    free = id_
    while free in taken:
        taken[id_] += 1
        free = f"{id_}-{taken[id_]}"
    return free


def _split_at_headings(lines: list[Line]) -> tuple[list[Line], list[list[Line]]]:
    """Return the lines before the first heading, and each heading with its lines."""
    before: list[Line] = []
    chunks: list[list[Line]] = []
    for line in lines:
        if line.text.startswith("#"):
            chunks.append([line])
        elif chunks:
            chunks[-1].append(line)
        else:
            before.append(line)
    return before, chunks


def _level(line: Line) -> int:
    return len(line.text) - len(line.text.lstrip("#"))


def _split_ids(ids: str) -> list[str]:
    """Return the id and the old ids in "new #old #older".

    If they are written in another way, they are one invalid id.
    """
    first, *others = ids.split() or [""]
    for other in others:
        if not other.startswith("#"):
            return [ids]
    return [first, *(other[1:] for other in others)]


def _add_subsection(section: Section, subsection: Section) -> Section:
    return replace(section, subsections=(*section.subsections, subsection))
