"""Who speaks: which voice is the speaker's, where each turn begins, and text that looks as if it had turns."""

import re
from collections import Counter

from app.publication import Speaker
from app.reading.line import Line
from app.statement import Emphasis, Inline, plain_text

COLON = r"\s*[:：]"
HAN_AND_KANA = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ー・]"
# At most four words, or twelve signs where no spaces stand between them; a colon inside a word or a time is none.
WORDS = rf"{HAN_AND_KANA}{{1,12}}(?=\s*[:：])|(?!{HAN_AND_KANA}{{13}})[^\s:：]+(?:\s+[^\s:：]+){{0,3}}?"
LABEL = re.compile(rf"({WORDS})(?:\s*：|\s*:(?=\s|$|{HAN_AND_KANA}))")


def voice_of(speaker: Speaker, voices: tuple[str, ...]) -> str | None:
    """Return the voice that is the speaker's: the one said, else the only one that holds the name as whole words."""
    name = re.escape(speaker.family or speaker.name or "")
    found = [voice for voice in voices if re.search(rf"(?<!\w){name}(?!\w)", voice, re.IGNORECASE)]
    return speaker.voice or (found[0] if len(found) == 1 else None)


class Voices:
    """Follows the turns through the text; `current` is the voice that speaks."""

    def __init__(self, declared: tuple[str, ...] | None) -> None:
        """Begin before the first turn; `declared` is None where the front matter says nothing of voices."""
        self.declared = declared
        self.current: str | None = None
        self.spoken: set[str] = set()
        names = "|".join(re.escape(voice) for voice in sorted(declared or (), key=len, reverse=True))
        self.turn = re.compile(rf"\s*({names}){COLON}" if names else "(?!)")
        self.strong: list[tuple[Line, str]] = []  # what looks like voices where none are declared
        self.plain: list[tuple[Line, str]] = []

    def opens_turn(self, line: Line, content: Inline) -> bool:
        """Return whether a paragraph begins a turn, and go over to its voice."""
        text = plain_text(content)
        if found := self.turn.match(text):
            self.current = found[1]
            self.spoken.add(found[1])
        first = content[0] if content else ""
        strong = plain_text(first.content) if isinstance(first, Emphasis) and first.strong else ""
        if re.search(rf"{COLON}\s*$", strong) or (strong and re.match(COLON, text[len(strong) :])):
            self.strong.append((line, re.sub(rf"{COLON}\s*$", "", strong).strip()))
            self.plain.append(self.strong[-1])
        elif label := LABEL.match(text):
            self.plain.append((line, label[1]))
        return found is not None

    def check_declared(self) -> None:
        """Raise LineError where paragraphs open like turns and the front matter does not say whether they are."""
        often = Counter(label for _, label in self.plain)
        repeated = [(line, label) for line, label in self.plain if often[label] > 1]
        turns = self.strong if len(self.strong) > 1 else repeated
        if self.declared is None and turns:
            names = ", ".join(f'"{label}"' for label in dict.fromkeys(label for _, label in turns))
            declare = (
                f'write voices = [{names}] in the front matter, and voice = "…" in the speaker\'s table where none'
            )
            remedy = f"{declare} holds the name, or voices = [] where nobody's turns begin so"
            raise turns[0][0].error("opens like a turn, and the front matter does not say who speaks", remedy)
