"""The lines of the body by kind, and the groups of lines that are one block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from app.reading.block_text import ends_in_backslash
from app.reading.errors import ErrorCollector, Line
from app.reading.hints import under_text_error, unsupported_block_error

ITEM_RE = re.compile(r"( *)([-+*]|[0-9]{1,9}\.)(?: +(.*))?")

LineKind = Literal["text", "quote", "item", "number"]


@dataclass(frozen=True)
class BlockLine:
    """A line of the body, divided into its marker and its text.

    The kind "number" is a paragraph that begins with its number in the publication.
    """

    line: Line
    kind: LineKind
    text: str  # after the marker
    marker: str = ""  # "-", "*", "+", "1.", or empty
    indent: int = 0  # in spaces

    @classmethod
    def parse(cls, line: Line, has_printed_numbers: bool) -> BlockLine:
        """Divide a line. The kind "number" occurs only with `has_printed_numbers`."""
        if line.text.startswith(">"):
            return cls(line, "quote", line.text[1:].removeprefix(" "))
        match = ITEM_RE.fullmatch(line.text)
        if match is None:
            text = line.text.lstrip(" ")
            return cls(line, "text", text, indent=len(line.text) - len(text))
        indent, marker, text = len(match[1]), match[2], match[3] or ""
        if has_printed_numbers and indent == 0 and marker.endswith("."):
            return cls(line, "number", text, marker)
        return cls(line, "item", text, marker, indent)

    @property
    def is_bullet(self) -> bool:
        """Return whether it begins with a bullet, not with a number."""
        return self.marker in ("-", "*", "+")


# The lines of one paragraph, list or block quote, without the empty ones.
Group = list[BlockLine]


def group_lines(
    lines: list[Line], has_printed_numbers: bool, errors: ErrorCollector
) -> list[Group]:
    """Return the lines of each block. Add an error for lines that fit into no block.

    Blocks are separated by empty lines. After an empty line, an indented item or an
    item with the same kind of marker continues a list.
    """
    groups: list[Group] = []
    for chunk in _split_at_empty_lines(lines):
        error = unsupported_block_error(chunk)
        if error:
            errors.add(error)
            continue
        for line in chunk:
            block_line = BlockLine.parse(line, has_printed_numbers)
            is_after_empty = line is chunk[0]
            if groups and _continues_group(groups[-1], block_line, is_after_empty):
                groups[-1].append(block_line)
            elif is_after_empty or _needs_no_empty_line(groups[-1], block_line):
                groups.append([block_line])
            else:
                errors.add(under_text_error(line, above=groups[-1][0].line))
    return groups


def _split_at_empty_lines(lines: list[Line]) -> Iterator[list[Line]]:
    for has_text, chunk in groupby(lines, key=lambda line: bool(line.text)):
        if has_text:
            yield list(chunk)


def _continues_group(group: Group, block_line: BlockLine, is_after_empty: bool) -> bool:
    """Return whether `block_line` belongs to the block of `group`."""
    first = group[0]
    if first.kind == "quote":
        return block_line.kind == "quote" and not is_after_empty
    if first.kind == "text" or block_line.kind in ("text", "quote"):
        return ends_in_backslash(group[-1].line.text) and not is_after_empty
    if block_line.kind == "number":
        return False
    # An item follows a numbered paragraph or another item.
    if block_line.indent > 0:
        return True
    if first.kind == "number":
        return False
    return not is_after_empty or _is_same_list(first, block_line)


def _is_same_list(first: BlockLine, block_line: BlockLine) -> bool:
    """Return whether an item after an empty line continues the list of `first`."""
    if first.is_bullet:
        return block_line.marker == first.marker
    return not block_line.is_bullet and block_line.marker != "1."


def _needs_no_empty_line(group: Group, block_line: BlockLine) -> bool:
    """Return whether `block_line` begins a block without an empty line above it.

    This is allowed for a paragraph with a number of the publication under another one
    or under a list, and for a list under such a paragraph.
    """
    above = group[0].kind
    if above == "number":
        return block_line.kind in ("number", "item")
    return above == "item" and block_line.kind == "number"
