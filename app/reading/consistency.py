"""What the keys of the front matter say together, and beside the text: speakers, voices, days and corrections."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from app.publication import Publication, Speaker
from app.reading.front_matter import Table, as_dataclass
from app.reading.line import Line, Problems
from app.reading.voices import voice_of
from app.statement import ANCHOR

Contradiction = tuple[Line, str, str]  # where, what is wrong, and the remedy


def checked_publication(
    table: Table, ids: Collection[str], spoken: Collection[str], problems: Problems
) -> Publication | None:
    """Return what the front matter says of a text with these `ids`, in which the voices `spoken` speak, or None.

    Each speaker has a voice where voices are declared. What is wrong goes to `problems`.
    """
    publication: Publication | None = as_dataclass(Publication, table, problems)
    if publication is None:
        return None
    for check in (
        _wrong_speakers(publication, table),
        _wrong_days(publication, table),
        _wrong_corrections(publication, table, ids),
    ):
        problems.extend(line.error(wrong, remedy) for line, wrong, remedy in check)
    voices = publication.voices or ()
    for voice in (voice for voice in voices if voice not in spoken):
        remedy = f"remove it, or begin a paragraph with {voice} and a colon"
        remedy = "write it without its colon" if voice.endswith((":", "：")) else remedy
        problems.append(table.entries["voices"][1].error(f"declares a voice that never speaks: {voice}", remedy))
    speakers = tuple(replace(one, voice=voice_of(one, voices)) for one in publication.speakers)
    return replace(publication, speakers=speakers)


def _wrong_speakers(publication: Publication, table: Table) -> Iterator[Contradiction]:
    line, voices = table.entries["speaker"][1], publication.voices or ()
    for one in publication.speakers or (Speaker(),):
        if bool(one.family) == bool(one.name) or (one.given and not one.family):
            remedy = 'write family = "Lavrov" for a person, or name = "Ministry of Examples" for an office or a group'
            yield line, "names no family and no name, or both", remedy
        elif one.voice and one.voice not in voices:
            yield line, f"has a voice that is not declared: {one.voice}", f'write voices = ["{one.voice}", …]'
        elif voices and not voice_of(one, voices):
            remedy = f'write voice = "{voices[-1]}" into its table, or whichever of voices is {one.full_name}\'s'
            yield line, "is a speaker without one voice of that name", remedy


def _wrong_days(publication: Publication, table: Table) -> Iterator[Contradiction]:
    delivered = list(publication.delivered)
    if len(delivered) > 2 or delivered != sorted(set(delivered)):
        remedy = "write delivered = [2018-12-27, 2018-12-28]"
        yield table.entries["delivered"][1], "is not a day, or the first and the last day", remedy
    if publication.archived and not publication.source:
        remedy = 'add source = "https://example.org/statement"'
        yield table.entries["archived"][1], "is a copy of a publication that is not named", remedy


def _wrong_corrections(publication: Publication, table: Table, ids: Collection[str]) -> Iterator[Contradiction]:
    published = publication.published
    day = published.date() if isinstance(published, datetime) else published
    for one, (line, _) in zip(publication.corrections, table.tables("corrections"), strict=True):
        if not ANCHOR.fullmatch(one.paragraph) or one.paragraph not in ids:
            yield line, f"corrects no paragraph or item of the text: {one.paragraph}", 'write paragraph = "p1"'
        if one.date < day:
            yield line, f"is older than the publication: {one.date}", f"write date = {day}, or a later day"
        if bool(one.was) == one.withdrawn:
            yield line, "has both was and withdrawn, or neither", 'write was = "the words before" alone'
