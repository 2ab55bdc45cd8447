"""Who speaks: where each turn begins, text that looks as if it had turns, and which voice is the speaker's."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from app.publication import Publication, Speaker
from app.reading.front_matter import Table
from app.reading.line import Line, LineError, is_han_or_kana
from app.statement import Emphasis, Inline, plain_text

COLON = r"\s*[:：]"
# At most four words before a colon, and what stands behind it.
LABEL = re.compile(r"([^\s:：]+(?:\s+[^\s:：]+){0,3}?)\s*([:：])(.?)")
OTHERWISE = "in the speaker's table where none holds the name, or voices = [] where nobody's turns begin so"


class Voices:
    """Follows the turns through the text; `current` is the voice that speaks, and who spoke is in `spoken`."""

    def __init__(self, declared: Collection[str] | None) -> None:
        """Begin before the first turn; `declared` is None where the front matter says nothing of voices."""
        self.current: str | None = None
        self.spoken: set[str] = set()
        self.is_declared = declared is not None
        names = "|".join(
            re.escape(voice) for voice in sorted(declared or (), key=len, reverse=True)
        )
        self.turn = re.compile(rf"\s*({names}){COLON}" if names else "(?!)")
        self.strong: list[
            tuple[Line, str]
        ] = []  # what looks like voices where none are declared
        self.plain: list[tuple[Line, str]] = []

    def turn_label(self, line: Line, content: Inline) -> str:
        """Return the label with which a paragraph begins a turn, and go over to its voice."""
        text, first = plain_text(content), content[0] if content else ""
        if found := self.turn.match(text):
            self.current = found[1]
            self.spoken.add(found[1])
        strong = (
            plain_text(first.content)
            if isinstance(first, Emphasis) and first.strong
            else ""
        )
        label = strong.strip().rstrip(":：").rstrip()
        if strong.rstrip().endswith((":", "：")) or (
            strong and re.match(COLON, text[len(strong) :])
        ):
            self.strong.append((line, label))
            self.plain.append(self.strong[-1])
        elif found_label := _label(text):
            self.plain.append((line, found_label))
        return found[0] if found else ""

    def undeclared(self) -> Iterator[LineError]:
        """Return what is wrong where paragraphs open like turns and the front matter does not say whether they are."""
        often = Counter(label for _, label in self.plain)
        turns = (
            self.strong
            if len(self.strong) > 1
            else [turn for turn in self.plain if often[turn[1]] > 1]
        )
        if turns and not self.is_declared:
            names = ", ".join(
                f'"{label}"' for label in dict.fromkeys(label for _, label in turns)
            )
            remedy = f'write voices = [{names}] in the front matter, and voice = "…" {OTHERWISE}'
            yield turns[0][0].error(
                "opens like a turn, and the front matter does not say who speaks",
                remedy,
            )


def _label(text: str) -> str | None:
    """Return the words that a text begins with before a colon, if they may be a voice."""
    if not (found := LABEL.match(text)):
        return None
    label, colon, behind = found.groups()
    is_colon = (
        colon == "：" or not behind.strip() or is_han_or_kana(behind)
    )  # not of a time or an address
    is_sentence = all(map(is_han_or_kana, label[:13])) and len(label) > 12
    return label if is_colon and not is_sentence else None


def voice_of(speaker: Speaker, voices: Collection[str]) -> str | None:
    """Return the voice that is the speaker's: the one said, else the only one that holds the name as whole words."""
    name = re.escape(speaker.family or speaker.name or "")
    found = [
        voice
        for voice in voices
        if re.search(rf"(?<!\w){name}(?!\w)", voice, re.IGNORECASE)
    ]
    return speaker.voice or (found[0] if len(found) == 1 else None)


def wrong_voices(
    publication: Publication, table: Table, spoken: Collection[str]
) -> Iterator[LineError]:
    """Return what is wrong with the speakers and the voices, of which those `spoken` have a turn in the text."""
    line, voices = table.entries["speaker"][1], publication.voices or ()
    for one in publication.speakers or (Speaker(),):
        if bool(one.family) == bool(one.name) or (one.given and not one.family):
            remedy = 'write family = "Lavrov" for a person, or name = "Ministry of Examples" for an office or a group'
            yield line.error("names no family and no name, or both", remedy)
        elif one.voice and one.voice not in voices:
            yield line.error(
                f"has a voice that is not declared: {one.voice}",
                f'write voices = ["{one.voice}", …]',
            )
        elif voices and not voice_of(one, voices):
            remedy = f'write voice = "{voices[-1]}" into its table, or whichever of voices is {one.full_name}\'s'
            yield line.error("is a speaker without one voice of that name", remedy)
    for voice in (voice for voice in voices if voice not in spoken):
        remedy = f"remove it, or begin a paragraph with {voice} and a colon"
        remedy = "write it without its colon" if voice.endswith((":", "：")) else remedy
        yield table.entries["voices"][1].error(
            f"declares a voice that never speaks: {voice}", remedy
        )
