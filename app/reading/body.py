"""The body of a statement's file: the part below the front matter."""

from __future__ import annotations

from dataclasses import dataclass

from app.statement import Block, Section


@dataclass(frozen=True)
class Body:
    """The title, the blocks before the first section, and the sections."""

    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
