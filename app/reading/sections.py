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
from app.reading.errors import Line
from app.reading.hints import no_text_error
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
ID_WORD_RE = re.compile(r"\b(?!share)[a-z][a-z0-9]*")
APOSTROPHE_RE = re.compile("['’]")  # it does not divide a word
MAX_WORDS = 8  # of a suggested id


@dataclass(frozen=True)
class Heading:
    """A heading, and the lines below it to the next one."""

    line: Line
    marks: str  # # for a title, ## and ### for sections
    text: str
    ids: str | None  # in the braces at its end, as in "new #old #older"
    below: list[Line]

    @property
    def level(self) -> int:
        """Return 1 for a title, 2 for a section and 3 for a subsection."""
        return len(self.marks)

    def is_empty(self, following: Heading | None) -> bool:
        """Return whether no text or lower heading is between it and `following`."""
        if following is not None and following.level > self.level:
            return False
        return not any(line.text for line in self.below)


class BodyReader:
    """Reads the body of one file: the title, the blocks and the sections."""

    def __init__(self, block_reader: BlockReader) -> None:
        self.block_reader = block_reader
        self.errors = block_reader.errors
        # Each id, and its owner in the words of an error: "line 12".
        self._owners = dict.fromkeys(PAGE_IDS, "the page itself")

    def read(self, lines: list[Line]) -> Body:
        """Return the body in `lines`. Each problem is added to the errors."""
        before, *headings = _split_at_headings(lines)
        if not headings:
            problem = "the text has no title"
            self.errors.add(lines[0].error(problem, TITLE_FIX, excerpt=""))
            return Body("", (), ())
        for line in before.below:
            if line.text:
                self.errors.add(line.error("is before the title", TITLE_FIX))
        # First all ids, so that none of them is suggested for another heading.
        for heading in headings:
            for id_ in _split_ids(heading):
                self._add_id(heading.line, id_)
        title = ""
        with self.errors.collect():
            title = self._read_title(headings[0])
        blocks = self.block_reader.read(headings[0].below)
        sections = self._read_sections(headings[1:])
        self._check_body(headings[0].line)
        return Body(title, blocks, sections)

    def _add_id(self, line: Line, id_: str) -> None:
        """Add the id of a section. Add an error if it cannot have this id."""
        fix = ""
        if not ID_RE.fullmatch(id_):
            fix = "write letters a-z, digits and hyphens, beginning with a letter"
        elif Anchor.parse(id_):
            fix = "choose one that does not look like the id of a paragraph"
        elif SHARE_RE.fullmatch(id_):
            fix = "choose one without share, with which Reader View drops sections"
        elif id_ in self._owners:
            fix = f"choose another; {self._owners[id_]} has this one"
        if fix:
            self.errors.add(line.error(f"has the id {id_!r}", fix))
        # Invalid ids too, or links to them would be errors as well.
        self._owners.setdefault(id_, f"line {line.number}")

    def _read_title(self, heading: Heading) -> str:
        if heading.level != 1:
            raise heading.line.error("is before the title", TITLE_FIX)
        if heading.ids is not None:
            fix = "remove it; the address of the title is that of the page"
            raise heading.line.error("is a title with an id", fix)
        if heading.below and heading.below[0].text:
            problem = "is directly under the title"
            fix = "leave an empty line above it; the title is one line of any length"
            self.errors.add(heading.below[0].error(problem, fix))
        return self._read_text(heading)

    def _read_sections(self, headings: list[Heading]) -> tuple[Section, ...]:
        sections: list[Section] = []
        pairs = zip_longest(headings, headings[1:])
        for number, (heading, following) in enumerate(pairs, 1):
            is_subsection = heading.level > 2 and bool(sections)
            text = ""
            with self.errors.collect():
                self._check_level(heading, following, is_subsection)
                text = self._read_text(heading)
                if heading.ids is None:
                    suggested = self._suggest_id(text, number)
                    fix = f"write {heading.marks} {heading.text} {{#{suggested}}}"
                    raise heading.line.error("is a heading without id", fix)
            id_, *old_ids = _split_ids(heading) or [""]
            blocks = self.block_reader.read(heading.below)
            section = Section(id_, text, blocks, old_ids=tuple(old_ids))
            if is_subsection:
                subsections = (*sections[-1].subsections, section)
                sections[-1] = replace(sections[-1], subsections=subsections)
            else:
                sections.append(section)
        return tuple(sections)

    def _check_level(
        self, heading: Heading, following: Heading | None, is_subsection: bool
    ) -> None:
        """Raise LineError if a section cannot begin with a heading of this level."""
        line = heading.line
        if heading.level > 3:
            fix = "write ### for a subsection, or a paragraph of **strong words**"
            raise line.error("is a heading below a subsection", fix)
        if heading.level != 2 and not is_subsection:
            raise line.error("cannot begin a section", "write ## for a section")
        if heading.is_empty(following):
            fix = "write its text, or remove the heading"
            self.errors.add(line.error("is a section without text", fix))

    def _read_text(self, heading: Heading) -> str:
        """Return the text of a heading. Raise LineError if it is not plain text."""
        line = heading.line
        if not heading.text:
            raise no_text_error(line, "write its text")
        if CLOSING_HASHES_RE.search(heading.text):
            raise line.error("ends in #, which Markdown removes", CLOSING_HASHES_FIX)
        text = BlockText([line], heading.text)
        content = self.block_reader.inline.parse(text, heading.level)
        if any(not isinstance(run, str) for run in content):
            problem = "is a heading with emphasis or a link"
            raise line.error(problem, "write plain words")
        return plain_text(content)

    def _suggest_id(self, heading: str, number: int) -> str:
        """Return an id for a section that has none, and reserve it.

        It consists of the words of the heading or, if these have no Latin letters, is
        "section-3" for the third heading.
        """
        text = APOSTROPHE_RE.sub("", fold_latin(heading))
        id_ = "-".join(ID_WORD_RE.findall(text)[:MAX_WORDS]) or f"section-{number}"
        if Anchor.parse(id_):
            id_ = f"section-{id_}"
        while id_ in self._owners:
            id_ = f"{id_}-{number}"
        self._owners[id_] = "a suggestion"
        return id_

    def _check_body(self, title: Line) -> None:
        """Run the checks that need the whole body. Add an error for each problem."""
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
        # The anchors are not final if there are errors: fixing these may change
        # the numbers of the paragraphs.
        has_final_anchors = not self.errors.has_errors
        for line, href in self.block_reader.inline.links:
            id_ = href.removeprefix("#")
            if id_ == href or id_ in self._owners or id_ in anchors:
                continue
            if has_final_anchors or not Anchor.parse(id_):
                problem = "is the id of no part of the page"
                fix = "link to the id of a section or paragraph"
                self.errors.add(line.error(problem, fix, excerpt=href))


def _split_at_headings(lines: list[Line]) -> list[Heading]:
    """Return the headings in `lines`, each with the lines below it.

    The first one in the list is empty: it holds the lines before the first heading.
    """
    headings = [Heading(lines[0], "", "", None, below=[])]
    for line in lines:
        match = HEADING_RE.fullmatch(line.text)
        if match is not None:
            text, ids = split_id(match[2] or "")
            headings.append(Heading(line, match[1], text, ids, below=[]))
        else:
            headings[-1].below.append(line)
    return headings


def _split_ids(heading: Heading) -> list[str]:
    """Return the id of a heading and its old ids, or [] if it has none."""
    if heading.ids is None:
        return []
    return re.split(" +#", heading.ids.strip(" "))
