"""The voices: which voice speaks in each paragraph and item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from app.anchor import Anchor
from app.publication import Speaker
from app.reading.body import Body
from app.reading.errors import ErrorCollector, Line
from app.statement import (
    Block,
    BlockQuote,
    Item,
    ItemList,
    Paragraph,
    Section,
)


def assign_voices(
    body: Body,
    declared: tuple[str, ...] | None,
    speakers: tuple[Speaker, ...],
    *,
    lines: Mapping[Anchor, Line],
    sources: Mapping[Anchor, str],
    key_lines: Mapping[str, Line],
    errors: ErrorCollector,
) -> Body:
    """Return the body with the voice of each part.

    `declared` is None without the key `voices`. `lines` has the first line of each
    part, `sources` its text as the file has it, and `key_lines` the lines of the
    front matter's keys.
    """
    tracker = _TurnTracker(declared or (), lines, errors)
    blocks = tracker.assign(body.blocks)
    sections = tuple(_assign_section(section, tracker) for section in body.sections)
    if "speaker" in key_lines and declared:
        for speaker in speakers:
            _check_speaker(speaker, declared, key_lines["speaker"], errors)
    for voice in declared or ():
        if voice not in tracker.heard:
            problem = f"declares a voice that never speaks: {voice}"
            fix = f"remove it, or begin a paragraph with {voice} and a colon"
            errors.add(key_lines["voices"].error(problem, fix))
    return replace(body, blocks=blocks, sections=sections)


def resolve_speakers(
    speakers: tuple[Speaker, ...], voices: tuple[str, ...]
) -> tuple[Speaker, ...]:
    """Return the speakers, each with its voice."""
    return tuple(
        replace(speaker, voice=_voice_of(speaker, voices)) for speaker in speakers
    )


def _assign_section(section: Section, tracker: _TurnTracker) -> Section:
    blocks = tracker.assign(section.blocks)
    subsections = tuple(_assign_section(each, tracker) for each in section.subsections)
    return replace(section, blocks=blocks, subsections=subsections)


class _TurnTracker:
    """Follows the turns through the text; `current` is the voice that speaks."""

    def __init__(
        self,
        voices: tuple[str, ...],
        lines: Mapping[Anchor, Line],
        errors: ErrorCollector,
    ) -> None:
        self.lines = lines
        self.errors = errors
        self.current: str | None = None
        self.heard: set[str] = set()
        names = [re.escape(voice) for voice in sorted(voices, key=len, reverse=True)]
        pattern = rf"\s*({'|'.join(names)})\s*[:：]" if names else "(?!)"
        self.turn_re = re.compile(pattern)

    def assign(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Return the blocks with their voices."""
        found: list[Block] = []
        for block in blocks:
            if isinstance(block, BlockQuote):
                outer = self.current
                found.append(BlockQuote(self.assign(block.blocks)))
                self.current = outer
            elif isinstance(block, ItemList):
                found.append(self._assign_list(block))
            else:
                found.append(self._assign_paragraph(block))
        return tuple(found)

    def _assign_paragraph(self, paragraph: Paragraph) -> Paragraph:
        if paragraph.withdrawn:
            return paragraph
        match = self.turn_re.match(paragraph.text)
        label = ""
        if match:
            self.current = match[1]
            self.heard.add(match[1])
            label = match[0]
        return replace(paragraph, voice=self.current, turn_label=label)

    def _assign_list(self, item_list: ItemList) -> ItemList:
        items = tuple(self._assign_item(item) for item in item_list.items)
        return replace(item_list, items=items)

    def _assign_item(self, item: Item) -> Item:
        if item.withdrawn:
            return item
        if self.turn_re.match(item.text):
            line = self.lines[item.anchor]
            fix = "write it as a paragraph, at the margin"
            self.errors.add(line.error("opens a turn inside a list", fix))
        nested = item.nested and self._assign_list(item.nested)
        return replace(item, voice=self.current, nested=nested)


def _voice_of(speaker: Speaker, voices: tuple[str, ...]) -> str | None:
    """Return the speaker's voice: its own, or the only one that contains the name."""
    if speaker.voice:
        return speaker.voice
    name = re.escape(speaker.family or speaker.name or "")
    pattern = re.compile(rf"(?<!\w){name}(?!\w)", re.IGNORECASE)
    found = [voice for voice in voices if pattern.search(voice)]
    if len(found) == 1:
        return found[0]
    return None


def _check_speaker(
    speaker: Speaker, voices: tuple[str, ...], line: Line, errors: ErrorCollector
) -> None:
    if speaker.voice and speaker.voice not in voices:
        problem = f"has a voice that is not declared: {speaker.voice}"
        errors.add(line.error(problem, f'write voices = ["{speaker.voice}", …]'))
    elif not _voice_of(speaker, voices):
        fix = 'write voice = "…" into the speaker\'s table'
        problem = "is a speaker without one voice of that name"
        errors.add(line.error(problem, fix))
