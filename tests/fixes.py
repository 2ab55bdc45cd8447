"""Applies the fixes that messages about a new edition print, as an editor would."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

OWN_ID_RE = re.compile(r"(?:^| )\{#[^}]*\}$")
PART_RE = r"(?:“.*” \(now (?P<id>\S+)\)|the line \{#(?P<line_id>\S+)\})"
PLACE_RE = re.compile(
    r"before the first paragraph|at the (?:beginning|end) of the text"
    r"|directly below the heading “(?P<heading>.*)”"
    rf"|(?P<where>before|after|directly below) {PART_RE}(?: and its items)?"
)


@dataclass(eq=False)
class Block:
    """A line of the body that is not empty, and the anchor that it has now."""

    text: str
    anchor: str | None = None
    moved_level: int = -1  # of the part that it was moved with

    @property
    def is_item(self) -> bool:
        return self.text.lstrip().startswith("- ")

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    def end_with(self, id_: str) -> None:
        """Replace the id at the end, or add it."""
        self.text = f"{OWN_ID_RE.sub('', self.text)} {{#{id_}}}"


class Editor:
    """Edits the file of a statement whose parts have the anchors `anchors`, in order.

    Each part is one line of the file.
    """

    def __init__(self, text: str, anchors: list[str]) -> None:
        _, front_matter, body = text.split("+++\n")
        self.front_matter = front_matter
        self.blocks: list[Block] = []
        remaining = list(anchors)
        for line in body.splitlines():
            if line.startswith("#"):
                self.blocks.append(Block(line))
            elif line:
                self.blocks.append(Block(line, remaining.pop(0)))
        assert not remaining

    @property
    def text(self) -> str:
        """Return the file."""
        lines: list[str] = []
        previous: Block | None = None
        for block in self.blocks:
            if previous is None or not (previous.is_item and block.is_item):
                lines.append("")
            lines.append(block.text)
            previous = block
        return f"+++\n{self.front_matter}+++\n" + "\n".join(lines) + "\n"

    def apply(self, message: str) -> None:
        """Apply the fix of one message."""
        for pattern, method in FIXES.items():
            match = re.fullmatch(pattern, message)
            if match:
                method(self, **match.groupdict())
                return
        raise AssertionError(f"no fix for {message}")

    def _find(self, anchor: str) -> Block:
        for block in self.blocks:
            if block.anchor == anchor:
                return block
        raise AssertionError(f"no part {anchor}")

    def _find_place(self, anchor: str | None, line_id: str | None) -> Block:
        """Return the part `anchor`, or the line of the withdrawn part `line_id`."""
        if anchor is not None:
            return self._find(anchor)
        for block in self.blocks:
            if block.anchor == f"line {line_id}":
                return block
        return self._find(str(line_id))

    def set_id(self, now: str, id_: str, elsewhere: str | None = None) -> None:
        """End a part with an id, and perhaps remove that from others."""
        self._remove_id(elsewhere)
        self._find(now).end_with(id_)

    def _remove_id(self, id_: str | None) -> None:
        for block in self.blocks:
            if id_ and block.text.endswith(f" {{#{id_}}}"):
                block.text = OWN_ID_RE.sub("", block.text)

    def end_heading(self, id_: str, ids: str) -> None:
        for block in self.blocks:
            if block.anchor is None and re.search(rf"\{{#{id_}[ }}]", block.text):
                block.text = f"{OWN_ID_RE.sub('', block.text)} {ids}"
                return
        raise AssertionError(f"no heading {id_}")

    def put_back_heading(self, heading: str, ids: str, place: str) -> None:
        self._insert([Block(f"## {heading} {ids}")], place)

    def add_correction(self, block: str) -> None:
        self.front_matter += f"{block}\n"

    def change_correction(self, id_: str, was: str, now: str) -> None:
        head, *tables = self.front_matter.split("[[corrections]]\n")
        for position, table in enumerate(tables):
            if f'paragraph = "{id_}"\n' in table:
                tables[position] = table.replace(f"was = {was}\n", f"was = {now}\n")
        changed = "[[corrections]]\n".join([head, *tables])
        assert changed != self.front_matter
        self.front_matter = changed

    def remove_correction(self, id_: str, was: str) -> None:
        head, *tables = self.front_matter.split("[[corrections]]\n")
        for table in reversed(tables):
            if f'paragraph = "{id_}"\n' in table and f"was = {was}\n" in table:
                tables.remove(table)
                break
        changed = "[[corrections]]\n".join([head, *tables])
        assert changed != self.front_matter
        self.front_matter = changed

    def write_line(self, line: str, place: str, elsewhere: str | None = None) -> None:
        """Write the line of a withdrawn part, and perhaps remove its id elsewhere."""
        match = re.search(r"\{#(.*)\}$", line)
        assert match
        self._remove_id(elsewhere)
        self._insert([Block(line, f"line {match[1]}")], place)

    def withdraw(self, line: str, place: str, block: str) -> None:
        self.write_line(line, place)
        self.add_correction(block)

    def move(
        self,
        id_: str,
        place: str,
        now: str | None = None,
        last: str | None = None,
        items: str | None = None,
        own_id: str | None = None,
        elsewhere: str | None = None,
    ) -> None:
        """Move a part, or all to the last one of a series, perhaps with their items.

        They become items or paragraphs as `id_` is. The first may get an id.
        """
        first = self.blocks.index(self._find(now or id_))
        end = self.blocks.index(self._find(last or now or id_))
        series = (now or id_).rpartition("-")[0]
        own = []
        for block in self.blocks[first : end + 1]:
            if block.anchor and block.anchor.rpartition("-")[0] == series:
                own.append(block)
        level = series.count("-") + 1 if series else 0
        moved = []
        for block in self.blocks:
            is_below = any(
                block.anchor and block.anchor.startswith(f"{other.anchor}-")
                for other in own
            )
            if block in own or (items and is_below and block.moved_level < level):
                moved.append(block)
                block.moved_level = level
        self.blocks = [block for block in self.blocks if block not in moved]
        was_item = moved[0].is_item
        change = 4 * (id_.count("-") - 1) - moved[0].indent
        for block in moved:
            if "-" not in id_:
                if was_item and block.indent == moved[0].indent:
                    block.text = block.text.lstrip("- ")
            elif block.is_item:
                block.text = " " * (block.indent + change) + block.text.lstrip()
            else:
                block.text = " " * change + f"- {block.text}"
        self._remove_id(elsewhere)
        if own_id:
            moved[0].end_with(own_id)
        self._insert(moved, place)

    def join_with(self, now: str, id_: str) -> None:
        """Add the words of a part to the part that was published with `id_`."""
        block = self._find(now)
        position = self.blocks.index(block)
        words = OWN_ID_RE.sub("", block.text.lstrip("- "))
        other = self._neighbour(position, id_)
        own_id = OWN_ID_RE.search(other.text)
        own = own_id[0] if own_id else ""
        other.text = f"{OWN_ID_RE.sub('', other.text)} {words}{own}"
        self.blocks.remove(block)

    def _neighbour(self, position: int, id_: str) -> Block:
        """Return the part before `position`, or after it if that is no part."""
        indent = self.blocks[position].indent
        is_item = self.blocks[position].is_item
        candidates = self.blocks[:position][::-1] + self.blocks[position + 1 :]
        for block in candidates:
            if block.anchor and block.indent == indent and block.is_item == is_item:
                return block
        raise AssertionError(f"no part next to {id_}")

    def remove_withdrawn(self, id_: str) -> None:
        self.blocks.remove(self._find(id_))
        head, *tables = self.front_matter.split("[[corrections]]\n")
        tables = [table for table in tables if f'paragraph = "{id_}"\n' not in table]
        self.front_matter = "[[corrections]]\n".join([head, *tables])

    def _last_below(self, block: Block) -> Block:
        """Return the last item below a part, or the part itself."""
        last = block
        for other in self.blocks:
            if other.anchor and other.anchor.startswith(f"{block.anchor}-"):
                last = other
        return last

    def _position_of_heading(self, heading: str) -> int:
        for position, block in enumerate(self.blocks):
            if OWN_ID_RE.sub("", block.text) == f"## {heading}":
                return position
        raise AssertionError(f"no heading {heading}")

    def _insert(self, blocks: list[Block], place: str) -> None:
        """Insert blocks at a place."""
        match = PLACE_RE.fullmatch(place)
        assert match, place
        position = len(self.blocks)
        if place == "at the beginning of the text":
            position = 1  # below the title
        elif place == "before the first paragraph":
            for other in self.blocks:
                if other.anchor and not other.is_item:
                    position = self.blocks.index(other)
                    break
        elif match["heading"]:
            position = self._position_of_heading(match["heading"]) + 1
        elif match["where"]:
            other = self._find_place(match["id"], match["line_id"])
            position = self.blocks.index(other)
            if match["where"] == "directly below":
                position += 1
            elif match["where"] == "after":
                position = self.blocks.index(self._last_below(other)) + 1
        self.blocks[position:position] = blocks


ELSEWHERE = r"(?:, and remove \{#(?P<elsewhere>\S+)\} from other words)"
MOVE = (
    r"move (?:it|them) back, with (?P<items>any) items below, (?P<place>.*?)"
    r"(?:, and end (?:it|the first) with \{#(?P<own_id>\S+)\})?"
    rf"{ELSEWHERE}?"
)
FIXES: dict[str, Callable[..., None]] = {
    r"“.*” \(now (?P<now>\S+)\) was inserted .*; end it with \{#(?P<id_>\S+)\}": (
        Editor.set_id
    ),
    r"\S+ (?:to \S+ )?(?:is|are) now (?P<now>\S+)(?: to \S+)?; "
    r"end (?:it|the first) with \{#(?P<id_>\S+)\}"
    rf"{ELSEWHERE}?": Editor.set_id,
    r"“.*” \(now (?P<now>\S+)\) was inserted .*; no id is free here: "
    r"add its words to (?P<id_>\S+).*, with a correction": Editor.join_with,
    r".* gone; end the heading “.*” with (?P<ids>\{#(?P<id_>[^ }]+).*\})": (
        Editor.end_heading
    ),
    r".* gone; put back the heading “(?P<heading>.*)” with (?P<ids>\{.*\}) "
    r"(?P<place>.*)": Editor.put_back_heading,
    r"(?P<id_>\S+) has a new correction, but still reads .*; "
    r"remove the correction with was = (?P<was>.*)": Editor.remove_correction,
    r".*; put the words back, or add this to the end of the front matter:\n"
    r"(?P<block>(?s:.*))": Editor.add_correction,
    r"the correction of .* is gone; add it again to the end of the front matter:\n"
    r"(?P<block>(?s:.*))": Editor.add_correction,
    r"(?P<id_>\S+): .* does not cover.*; "
    r"write was = (?P<now>.*) instead of was = (?P<was>.*)": Editor.change_correction,
    r".*, is gone; put it back, or write the line “(?P<line>.*?)” (?P<place>.*?)"
    r"(?: \(in a numbered list, .*\))? and add this to the end of the front matter:\n"
    r"(?P<block>(?s:.*))": Editor.withdraw,
    r".*, which was withdrawn, is gone; write the line “(?P<line>.*?)” (?P<place>.*?)"
    r"(?: \(in a numbered list, .*?\))?"
    rf"{ELSEWHERE}": Editor.write_line,
    r"(?P<id_>\S+) (?:to \S+ )?(?:is|are) now (?P<now>\S+)(?: to (?P<last>\S+))?; "
    rf"{MOVE}": Editor.move,
    r"(?P<id_>\S+) was withdrawn and had never been published; remove .*": (
        Editor.remove_withdrawn
    ),
}
