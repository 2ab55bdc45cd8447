"""Paragraphs, lists and block quotes: how lines of Markdown become blocks, each word as it is written.

Python-Markdown's block parser has no line numbers, refuses nothing, and takes numbers and dashes at the beginning
of innocent lines for structure. So blocks are read here, by a grammar small enough to refuse what it does not know.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from app.content_error import ContentError
from app.reading.inline import InlineReader, RefusedMarkdownError
from app.statement import Block, BlockQuote, Inline, ItemList, ListItem, Paragraph, links_in, plain_text

LIST_ITEM = re.compile(r"( *)([-*]|[0-9]{1,9}\.) +(.+)")
INVISIBLE = {"Cf", "Zs"}  # Unicode's categories of what formats (a zero-width space) and of spaces
DEEPEST = 4  # levels of lists and quotes: more than a statement needs, and no file can exhaust the stack

# Lines that would not come out as they are written: how they look, what they are in Markdown, what to write instead.
REFUSED_LINES = (
    (r"([-=*_])( *\1)*", "a rule or the underline of a heading", r"remove it, or write \ before its first character"),
    (r"(```|~~~).*", "a code block", r"remove the fence"),
    (r" .*", "indented, which makes code", "begin it at the margin; an item of a list is one paragraph"),
    (r"#{1,3}\xa0.*", "a heading with a no-break space", "write an ordinary space after the #"),
    (r"#.*", "a heading out of place", r"write ## or ### and a space at the margin, or \# for the character itself"),
    (r">.*", "a block quote out of place", r"leave an empty line above it, or write \> for the character itself"),
    (r"\+( .*|)", "a list item", r"write - for an item, or \+ for the character itself"),
    (
        r"[-*] .*",
        "a list item out of place",
        r"leave an empty line above the list, or write \- or \* for the character itself",
    ),
    (
        r"[0-9]{1,9}\.( .*|)",
        "a list item out of place",
        r"leave an empty line above the list, or write \. for the full stop itself",
    ),
)


class Line(NamedTuple):
    """A line of the file and its number."""

    number: int
    text: str

    @property
    def item(self) -> re.Match[str] | None:
        """Return the indentation, marker and words of a line that begins an item of a list, as groups."""
        return LIST_ITEM.fullmatch(self.text)


class BlockReader:
    """Reads the blocks of one file, and keeps what must be known of all of them: their number and their links."""

    def __init__(self, path: str) -> None:
        """Begin with paragraph 1; `path` names the file in errors."""
        self.path = path
        self.inline = InlineReader()
        self.paragraphs = self.items = 0
        self.fragments: list[tuple[Line, str]] = []  # links to parts of the page, and where they stand

    def read(self, lines: list[Line], depth: int = 0) -> tuple[Block, ...]:
        """Return the blocks in `lines`, in which no heading stands. Raises ContentError."""
        return tuple(self._block(group, depth) for group in _groups(lines))

    def _block(self, group: list[Line], depth: int) -> Block:
        if group[0].text.startswith(">"):
            return self._quote(group, depth)
        if group[0].item and not group[0].text.startswith(" "):
            return self._list(group, depth)
        content = self.words(group)
        self.paragraphs += 1
        self.items = 0
        return Paragraph(f"p{self.paragraphs}", content)

    def _quote(self, group: list[Line], depth: int) -> BlockQuote:
        self._check_depth(group[0], depth)
        for line in group:
            if not line.text.startswith(">"):
                raise self.error(line, "continues a block quote", "begin it with >, or leave an empty line above it")
        inside = [Line(line.number, line.text[1:].removeprefix(" ")) for line in group]
        blocks = self.read(inside, depth + 1)
        if not blocks:
            raise self.error(
                group[0], "is a block quote without text", r"write its text, or \> for the character itself"
            )
        return BlockQuote(blocks)

    def _check_depth(self, line: Line, depth: int) -> None:
        if depth == DEEPEST:
            raise self.error(line, "is nested too deep", f"use {DEEPEST} levels at most")

    def _list(self, lines: list[Line], depth: int) -> ItemList:
        self._check_depth(lines[0], depth)
        groups = list(_item_groups(lines))
        ordered = groups[0][0].text.lstrip(" ")[0].isdigit()
        for count, (line, *_) in enumerate(groups, 1):
            self._check_marker(line, groups[0][0], f"{count}." if ordered else None)
        return ItemList(tuple(self._item(group, depth) for group in groups), ordered)

    def _check_marker(self, line: Line, first: Line, number: str | None) -> None:
        """Raise ContentError unless `line` begins an item like the `first` of its list, or the one with `number`."""
        (indent, marker), (first_indent, first_marker) = _marker(line), _marker(first)
        if indent != first_indent:
            raise self.error(line, "is indented unlike the items above it", f"begin it with {len(first_indent)} spaces")
        if number and marker != number:
            remedy = rf"begin it with {number} for an item, or with {marker[:-1]}\{marker[-1:]} for the number itself"
            raise self.error(line, "would be a list item with another number", remedy)
        if not number and marker != first_marker:
            raise self.error(line, f"is in a list of items with {first_marker}", f"begin it with {first_marker}")

    def _item(self, group: list[Line], depth: int) -> ListItem:
        nested = next((i for i, line in enumerate(group) if i and line.item), len(group))
        first = Line(group[0].number, LIST_ITEM.sub(r"\3", group[0].text))
        words = self.words([first, *(Line(line.number, line.text.lstrip(" ")) for line in group[1:nested])])
        self.items += 1
        id_ = f"p{self.paragraphs}-{self.items}"
        return ListItem(id_, words, nested=self._list(group[nested:], depth + 1) if group[nested:] else None)

    def words(self, lines: list[Line]) -> Inline:
        """Return what `lines` say, as one run of text. Raises ContentError for Markdown outside the format."""
        for line in lines:
            if refusal := self.refusal(line):
                raise refusal
        return self.inline_words(lines)

    def inline_words(self, lines: list[Line]) -> Inline:
        """Return what `lines` say where none can begin a block, as in a heading. Raises ContentError."""
        try:
            content = self.inline.read(" ".join(line.text for line in lines))
        except RefusedMarkdownError as refused:
            unescaped = re.compile(rf"(?<!\\){re.escape(refused.written)}")
            line = next((line for line in lines if unescaped.search(line.text)), lines[0])
            raise self.error(Line(line.number, refused.written), f"is {refused.kind}", refused.remedy) from None
        if all(unicodedata.category(char) in INVISIBLE for char in plain_text(content)):
            raise self.error(lines[0], "has no words that can be seen", "remove it")
        for link in links_in(content):
            if link.href.startswith("#"):
                line = next(line for line in lines if f"]({link.href})" in line.text)
                self.fragments.append((line, link.href))
        return content

    def refusal(self, line: Line) -> ContentError | None:
        """Return what is wrong with a line that should be text, if anything."""
        for pattern, kind, remedy in REFUSED_LINES:
            if re.fullmatch(pattern, line.text):
                return self.error(line, f"is {kind}", remedy)
        return None

    def error(self, line: Line, wrong: str, remedy: str) -> ContentError:
        """Return the error that says what is wrong with `line`."""
        written = line.text if len(line.text) <= 60 else line.text[:59] + "…"
        return ContentError(f"{self.path}:{line.number}", f"“{written}” {wrong}", remedy)


def _groups(lines: list[Line]) -> Iterator[list[Line]]:
    """Return the runs of lines between empty lines; a list goes on over empty lines between its items."""
    group: list[Line] = []
    for before, line in pairwise([Line(0, ""), *lines]):
        if not line.text:
            continue
        if group and not before.text and not _goes_on(group[0], line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _goes_on(first: Line, line: Line) -> bool:
    """Return whether `line`, below an empty line, goes on with the list that begins with `first`."""
    if not first.item or not line.item:
        return False
    (indent, marker), (_, first_marker) = _marker(line), _marker(first)
    return bool(indent) or (marker == first_marker if first_marker in "-*" else marker not in ("-", "*", "1."))


def _marker(line: Line) -> tuple[str, str]:
    """Return the indentation and the marker of a line that begins an item."""
    return (line.item[1], line.item[2]) if line.item else ("", "")


def _item_groups(lines: list[Line]) -> Iterator[list[Line]]:
    """Return each item of the list that `lines` hold: its first line and all below it, nested items too."""
    indent = len(_marker(lines[0])[0])
    group: list[Line] = []
    for line in lines:
        if group and line.item and len(_marker(line)[0]) <= indent:
            yield group
            group = []
        group.append(line)
    yield group
