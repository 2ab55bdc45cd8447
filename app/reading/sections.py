"""The body: how headings divide the text into sections, each with the id that its author wrote for ever."""

import re
from dataclasses import replace
from itertools import islice, pairwise

from app.anchor import Anchor
from app.reading.blocks import BlockReader
from app.reading.line import Line, LineError, is_visible, split_before
from app.reading.numbering import NUMBERS, split_own_id
from app.statement import Block, Section, plain_text

# Ids of the page's own parts, which no section may take (a test holds the templates to this list).
PAGE_IDS = ("top", "contents", "statement", "additional-materials", "cite", "about")
ID = re.compile(r"[a-z][a-z0-9-]*")
HEADING = re.compile(r"(#{1,3})(?: +(.*))?")
SHARE = re.compile(
    r"(.*-)?share(daddy)?(-.*)?"
)  # Reader View drops what is named so, whatever it holds
BEGIN = "begin the text with the one line # Title"


class BodyReader(BlockReader):
    """Reads one body: the headings, and what stands below each."""

    def read_body(
        self, lines: list[Line]
    ) -> tuple[str, tuple[Block, ...], tuple[Section, ...]]:
        """Return the title, and the text before and in the sections; what is wrong goes to the problems."""
        before, *parts = split_before(lines, lambda line: HEADING.fullmatch(line.text))
        if stray := next((line for line in before if line.text), None):
            self.problems.append(stray.error("stands before the title", BEGIN))
        elif not parts:
            self.problems.append(
                LineError(
                    lines[-1].number,
                    "",
                    "the text has no title",
                    "begin it with # Title",
                )
            )
        if not parts:
            return "", (), ()
        title, (line, *below) = "", parts[0]
        with self.problems:
            title = self._title(line)
        if below and below[0].text:
            remedy = "leave an empty line above it; the title is one line, whatever its length"
            self.problems.append(
                below[0].error("stands directly under the title", remedy)
            )
        blocks, sections = self.read(below), self._sections(parts[1:])
        if not sections:
            blocks += tuple(self.withdrawn(self.numbering.withdrawn_before()))
        self._check_whole(line)
        return title, blocks, sections

    def _title(self, line: Line) -> str:
        level, text, ids = _heading(line)
        if level != 1:
            raise line.error("stands before the title", BEGIN)
        if ids is not None:
            raise line.error(
                "is a title with an id",
                "remove the id, the whole page is the title's part",
            )
        if re.search(r" #+$", text):
            raise line.error(
                "ends in #, which Markdown takes away", r"remove it, or write \#"
            )
        return self._heading_text(line, text)

    def _sections(self, parts: list[list[Line]]) -> tuple[Section, ...]:
        sections: list[Section] = []
        for (line, *lines), (following, *_) in pairwise([*parts, [Line(0, "#")]]):
            level, section = _heading(line)[0], Section("", "", ())
            with self.problems:
                section = self._section(line, bool(sections))
            blocks = self.read(lines)
            if not blocks and not any(
                below.text for below in lines
            ):  # perhaps what stood here was withdrawn
                blocks = tuple(
                    self.withdrawn(islice(self.numbering.withdrawn_before(), 1))
                )
                if not blocks and 1 < level >= _heading(following)[0]:
                    self.problems.append(
                        line.error(
                            "is a section without text",
                            "write its text, or remove the heading",
                        )
                    )
            if (
                not following.number
            ):  # the last one keeps the place of what was withdrawn at the end
                blocks += tuple(self.withdrawn(self.numbering.withdrawn_before()))
            section = replace(section, blocks=blocks)
            if level == 3 and sections:
                sections[-1] = replace(
                    sections[-1], subsections=(*sections[-1].subsections, section)
                )
            else:
                sections.append(section)
        return tuple(sections)

    def _section(self, line: Line, is_inside: bool) -> Section:
        level, text, ids = _heading(line)
        if level == 1:
            raise line.error("is a second title", "write ## for a section")
        if level == 3 and not is_inside:
            raise line.error(
                "is a subsection outside a section", "write ## for a section"
            )
        if ids is None:
            raise line.error(
                "is a heading without id",
                "end it with an id of your own, {#return-of-refugees}",
            )
        id_, *old_ids = [
            written[1:] if written[0] == "#" else ids for written in f"#{ids}".split()
        ]
        for one in (id_, *old_ids):
            self._take_id(line, one)
        return Section(id_, self._heading_text(line, text), (), old_ids=tuple(old_ids))

    def _take_id(self, line: Line, id_: str) -> None:
        is_known, known = (
            id_ in self.section_ids,
            self.section_ids.setdefault(id_, line.number),
        )
        for is_wrong, remedy in (
            (
                not ID.fullmatch(id_),
                "write small letters a-z, digits and hyphens, beginning with a letter",
            ),
            (Anchor.parse(id_), "choose one that does not look like a paragraph's"),
            (
                SHARE.fullmatch(id_),
                "choose one without the word share, which makes Reader View drop the section",
            ),
            (
                id_ in PAGE_IDS,
                f"choose another than {', '.join(PAGE_IDS)}, which the page itself needs",
            ),
            (is_known, f"choose another, line {known} has it already"),
        ):
            if is_wrong:
                raise line.error(f"has the id {id_!r}", remedy)

    def _heading_text(self, line: Line, text: str) -> str:
        if not is_visible(text):
            raise line.error("is a heading without words", "write its words")
        content = self.words(Line(line.number, text), is_heading=True)
        if any(not isinstance(run, str) for run in content):
            raise line.error(
                "is a heading with emphasis or a link", "write plain words"
            )
        return plain_text(content)

    def _check_whole(self, title: Line) -> None:
        """Find what only the whole shows: no paragraph, a link to no part, turns that nobody declared."""
        if not {"p", "u"} & self.numbering.last.keys() and not self.problems:
            remedy = (
                "" if self.published_numbers else NUMBERS
            ) + "write one at least, a list is none"
            self.problems.append(title.error("has no paragraph under it", remedy))
        known = {*self.section_ids, *PAGE_IDS, *self.numbering.ids}
        lost = [
            (line, href)
            for line, href in self.links
            if href[0] == "#" and href[1:] not in known
        ]
        remedy = "link to the id of a section or paragraph"
        self.problems.extend(
            line.error("names no part of the page", remedy, href) for line, href in lost
        )
        self.problems.extend(self.voices.undeclared())


def _heading(line: Line) -> tuple[int, str, str | None]:
    # its level, its words, and what stands in the braces behind them
    found = HEADING.fullmatch(line.text)
    return (len(found[1]), *split_own_id(found[2] or "")) if found else (1, "", None)
