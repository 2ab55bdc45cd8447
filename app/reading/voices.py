"""Who speaks: the voices that the front matter declares, and where the text looks as if it should declare some."""

from __future__ import annotations

import re
from collections import Counter

from app.reading.line import Line, LineError
from app.statement import Emphasis, Inline, plain_text

COLON = r"\s*[:：]"
HAN_AND_KANA = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ー・]"
# At most four words, or twelve signs where no spaces stand between them; a colon ends a label only before a space.
LABEL = re.compile(
    rf"((?:{HAN_AND_KANA}){{1,12}}(?=\s*[:：])|[^\s:：]+(?:\s+[^\s:：]+){{0,3}}?)(?:\s*：|\s*:(?=\s|$|{HAN_AND_KANA}))"
)


class Voices:
    """Follows the turns through the text; `current` is the voice that speaks."""

    def __init__(self, declared: tuple[str, ...] | None) -> None:
        """Begin before the first turn; `declared` is None where the front matter says nothing of voices."""
        self.declared = declared
        self.current: str | None = None
        self.spoken: set[str] = set()
        names = "|".join(re.escape(voice) for voice in sorted(declared or (), key=len, reverse=True))
        self.turn = re.compile(rf"\s*({names}){COLON}") if names else None
        self.labels: list[tuple[Line, str, bool]] = []  # what looks like a voice, and whether it is strong

    def opens_turn(self, line: Line, content: Inline) -> bool:
        """Return whether a paragraph begins a turn, and go over to its voice."""
        text = plain_text(content)
        if self.declared is None:
            self.labels += _label(line, content, text)
        found = self.turn and self.turn.match(text)
        if not found:
            return False
        self.current = found[1]
        self.spoken.add(found[1])
        return True

    def undeclared(self) -> LineError | None:
        """Return what is wrong where paragraphs open like turns and the front matter does not say whether they are."""
        often = Counter(label for _, label, _ in self.labels)
        strong = [found for found in self.labels if found[2]]
        found = strong if len(strong) > 1 else [found for found in self.labels if often[found[1]] > 1]
        if not found:
            return None
        names = ", ".join(f'"{label}"' for label in dict.fromkeys(label for _, label, _ in found))
        remedy = f"write voices = [{names}] in the front matter, or voices = [] where these are not turns of speakers"
        return found[0][0].error("opens like a turn, and the front matter does not say who speaks", remedy)


def _label(line: Line, content: Inline, text: str) -> list[tuple[Line, str, bool]]:
    """Return the words before the colon with which a paragraph opens, if it does."""
    first = content[0] if content else ""
    if isinstance(first, Emphasis) and first.strong:
        rest = plain_text(content[1:])
        if found := re.fullmatch(rf"(.*?){COLON}\s*", plain_text(first.content), re.DOTALL):
            return [(line, found[1].strip(), True)]
        if re.match(COLON, rest):
            return [(line, plain_text(first.content).strip(), True)]
    found = LABEL.match(text)
    return [(line, found[1], False)] if found else []
