"""The lines of the body by kind, and the groups of lines that are one block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.reading.block_text import continues
from app.reading.errors import ErrorCollector, Line
from app.reading.hints import under_text, unsupported_block

ITEM_RE = re.compile(r"( *)([-+*]|[0-9]{1,9}\.)(?: +(.*))?")

LineKind = Literal["text", "quote", "item", "number"]


@dataclass(frozen=True)
class BlockLine:
    """A line of the body, divided into its marker and its text.

    The kind "number" is an item at the margin whose number is a paragraph's, because
    the publication numbers its paragraphs.
    """

    line: Line
    kind: LineKind
    indent: int  # in spaces
    marker: str  # "-", "*", "+", "1.", ">", or empty
    text: str  # after the marker

    @classmethod
    def parse(cls, line: Line, has_numbers: bool) -> BlockLine:
        """Return the parts of a line. `has_numbers` allows the kind "number"."""
        if line.text.startswith(">"):
            return cls(line, "quote", 0, ">", line.text[1:].removeprefix(" "))
        match = ITEM_RE.fullmatch(line.text)
        if match is None:
            text = line.text.lstrip(" ")
            return cls(line, "text", len(line.text) - len(text), "", text)
        indent, marker, text = len(match[1]), match[2], match[3] or ""
        if has_numbers and indent == 0 and marker.endswith("."):
            return cls(line, "number", indent, marker, text)
        return cls(line, "item", indent, marker, text)

    @property
    def is_bullet(self) -> bool:
        """Return whether it begins with a bullet, not with a number."""
        return self.marker in ("-", "*", "+")

    @property
    def whole_text(self) -> str:
        """Return the text of the line, its marker included, without indentation."""
        return self.line.text.strip(" ")


# The lines of one paragraph, list or block quote, without the empty ones.
Group = list[BlockLine]


def group_lines(
    lines: list[Line], has_numbers: bool, errors: ErrorCollector
) -> list[Group]:
    """Return the lines of each block. Those that cannot be read are errors.

    Blocks are separated by empty lines. A list continues after an empty line with
    an indented line or the same kind of marker.
    """
    groups: list[Group] = []
    for chunk in _split_at_empty_lines(lines):
        error = unsupported_block(chunk)
        if error:
            errors.add(error)
            continue
        for line in chunk:
            part = BlockLine.parse(line, has_numbers)
            is_first = line is chunk[0]
            if groups and _continues_group(groups[-1], part, is_first):
                groups[-1].append(part)
            elif is_first or _needs_no_empty_line(groups[-1], part):
                groups.append([part])
            else:
                first = groups[-1][0]
                is_list = first.kind in ("item", "number")
                errors.add(under_text(line, first.kind == "quote", is_list))
    return groups


def _split_at_empty_lines(lines: list[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    for line in lines:
        if line.text:
            chunk.append(line)
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _continues_group(group: Group, part: BlockLine, is_after_empty: bool) -> bool:
    """Return whether `part` belongs to the block of `group`."""
    first = group[0]
    if first.kind == "quote":
        return part.kind == "quote" and not is_after_empty
    if first.kind == "text":
        return continues(group[-1].line.text) and not is_after_empty
    if part.kind != "item":
        is_next_line = continues(group[-1].line.text) and not is_after_empty
        return is_next_line and part.kind in ("text", "quote")
    if part.indent > 0:
        return True
    if first.kind == "number":
        return False
    return not is_after_empty or _is_same_list(first, part)


def _is_same_list(first: BlockLine, part: BlockLine) -> bool:
    """Return whether an item after an empty line continues the list of `first`."""
    if first.is_bullet:
        return part.marker == first.marker
    return not part.is_bullet and part.marker != "1."


def _needs_no_empty_line(group: Group, part: BlockLine) -> bool:
    """Return whether a number of the publication is next to another or to a list."""
    kinds = {group[0].kind, part.kind}
    return "number" in kinds and kinds <= {"number", "item"}
