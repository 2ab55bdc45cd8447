"""What the keys of the front matter say together, and beside the text: speakers, voices, days and corrections."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime

from app.publication import Publication, Speaker
from app.reading.front_matter import Table
from app.reading.line import LineError
from app.statement import ANCHOR


def voice_of(speaker: Speaker, voices: Collection[str]) -> str | None:
    """Return the voice that is the speaker's: the one said, else the only one that holds the name as whole words."""
    name = re.escape(speaker.family or speaker.name or "")
    found = [voice for voice in voices if re.search(rf"(?<!\w){name}(?!\w)", voice, re.IGNORECASE)]
    return speaker.voice or (found[0] if len(found) == 1 else None)


def wrong_voices(publication: Publication, table: Table, spoken: Collection[str]) -> Iterator[LineError]:
    """Return what is wrong with the speakers and the voices, of which those `spoken` have a turn in the text."""
    line, voices = table.entries["speaker"][1], publication.voices or ()
    for one in publication.speakers or (Speaker(),):
        if bool(one.family) == bool(one.name) or (one.given and not one.family):
            remedy = 'write family = "Lavrov" for a person, or name = "Ministry of Examples" for an office or a group'
            yield line.error("names no family and no name, or both", remedy)
        elif one.voice and one.voice not in voices:
            yield line.error(f"has a voice that is not declared: {one.voice}", f'write voices = ["{one.voice}", …]')
        elif voices and not voice_of(one, voices):
            remedy = f'write voice = "{voices[-1]}" into its table, or whichever of voices is {one.full_name}\'s'
            yield line.error("is a speaker without one voice of that name", remedy)
    for voice in (voice for voice in voices if voice not in spoken):
        remedy = f"remove it, or begin a paragraph with {voice} and a colon"
        remedy = "write it without its colon" if voice.endswith((":", "：")) else remedy
        yield table.entries["voices"][1].error(f"declares a voice that never speaks: {voice}", remedy)


def wrong_days(publication: Publication, table: Table, ids: Collection[str]) -> Iterator[LineError]:
    """Return what is wrong with the days, the copy that is archived, and the corrections of a text with these `ids`."""
    delivered, published = list(publication.delivered), publication.published
    if len(delivered) > 2 or delivered != sorted(set(delivered)):
        remedy = "write delivered = [2018-12-27, 2018-12-28]"
        yield table.entries["delivered"][1].error("is not a day, or the first and the last day", remedy)
    if publication.archived and not publication.source:
        remedy = 'add source = "https://example.org/statement"'
        yield table.entries["archived"][1].error("is a copy of a publication that is not named", remedy)
    day = published.date() if isinstance(published, datetime) else published
    for one, (line, _) in zip(publication.corrections, table.said("corrections", list), strict=False):
        if not ANCHOR.fullmatch(one.paragraph) or one.paragraph not in ids:
            yield line.error(f"corrects no paragraph or item of the text: {one.paragraph}", 'write paragraph = "p1"')
        if one.date < day:
            yield line.error(f"is older than the publication: {one.date}", f"write date = {day}, or a later day")
        if bool(one.was) == one.withdrawn:
            yield line.error("has both was and withdrawn, or neither", 'write was = "the words before" alone')
