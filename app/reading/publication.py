"""What the keys of the front matter say together: who speaks with which voice, and what a correction must have."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from app.reading.front_matter import FrontMatter
from app.statement import ANCHOR, Publication, Speaker


def checked_publication(front: FrontMatter) -> Publication | None:
    """Return what the front matter says, each speaker with a voice where voices are declared, or None.

    What is wrong is among the problems of `front`.
    """
    publication = front.publication()
    if publication is None:
        return None
    problems, before = front.problems, len(front.problems.found)
    for path, wrong, remedy in _contradictions(publication):
        problems.found.append(front.line_of(path).error(wrong, remedy))
    voices = publication.voices or ()
    speakers = tuple(replace(one, voice=voice_of(one, voices)) if voices else one for one in publication.speakers)
    return replace(publication, speakers=speakers) if len(problems.found) == before else None


def voice_of(speaker: Speaker, voices: tuple[str, ...]) -> str | None:
    """Return the voice that is the speaker's: the one said, else the only one that holds the name as whole words."""
    if speaker.voice:
        return speaker.voice
    name = re.escape(speaker.family or speaker.name or "")
    found = [voice for voice in voices if re.search(rf"(?<!\w){name}(?!\w)", voice, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None


def _contradictions(publication: Publication) -> Iterator[tuple[str, str, str]]:
    """Return the key, what is wrong with its line, and the remedy, for values that do not go together."""
    voices = publication.voices or ()
    if not publication.speakers:
        yield "speaker", "names nobody", 'write speaker = { family = "Lavrov" }'
    for number, speaker in enumerate(publication.speakers):
        path = f"speaker.{number}"
        if bool(speaker.family) == bool(speaker.name):
            remedy = 'write family = "Lavrov" for a person, or name = "Ministry of Examples" for an office or a group'
            yield path, "is a speaker with both family and name, or neither", remedy
        elif speaker.name and speaker.given:
            yield path, "has a given name and no family", 'write given = "Sergey", family = "Lavrov"'
        elif speaker.voice and speaker.voice not in voices:
            yield (
                path,
                f"has a voice that voices does not declare: {speaker.voice}",
                f'write voices = ["{speaker.voice}", …]',
            )
        elif voices and not voice_of(speaker, voices):
            remedy = (
                f"write voice = \"{voices[-1]}\" into the speaker's table, or the one of voices that is the speaker's"
            )
            yield path, "is a speaker of whom voices does not tell which one it is", remedy
    if len(publication.delivered) > 2 or list(publication.delivered) != sorted(set(publication.delivered)):
        yield "delivered", "is not a day, or the first and the last day", "write delivered = [2018-12-27, 2018-12-28]"
    if publication.archived and not publication.source:
        yield "archived", "is a copy of a publication that is not named", 'add source = "https://example.org/statement"'
    yield from _wrong_corrections(publication)


def _wrong_corrections(publication: Publication) -> Iterator[tuple[str, str, str]]:
    published = publication.published
    day = published.date() if isinstance(published, datetime) else published
    for number, correction in enumerate(publication.corrections):
        path = f"corrections.{number}"
        if not ANCHOR.fullmatch(correction.paragraph):
            yield f"{path}.paragraph", "names no paragraph or item", 'write paragraph = "p1"'
        if correction.date < day:
            yield f"{path}.date", "is older than the publication", f"write the day of the correction, {day} or later"
        if bool(correction.was) == correction.withdrawn:
            yield path, "is a correction with both was and withdrawn, or neither", 'write was = "the words before"'


def check_against_text(front: FrontMatter, ids: Collection[str], spoken: Collection[str]) -> None:
    """Find a correction of no paragraph or item among `ids`, and a declared voice that is not among the `spoken`."""
    for number, correction in enumerate(front.said("corrections", list)):
        path = f"corrections.{number}.paragraph"
        if (
            isinstance(correction, dict)
            and ANCHOR.fullmatch(str(correction.get("paragraph")))
            and correction["paragraph"] not in ids
        ):
            front.problems.found.append(
                front.line_of(path).error("names no paragraph or item of the text", "write the id of one")
            )
    for voice in front.said("voices", list):
        if voice not in spoken:
            remedy = f"remove it, or begin a paragraph with {voice} and a colon"
            front.problems.found.append(
                front.line_of("voices").error(f"declares a voice that never speaks: {voice}", remedy)
            )
