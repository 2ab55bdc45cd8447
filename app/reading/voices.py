"""Who speaks: where each turn begins, and text that looks as if it had turns."""

import re
from collections import Counter
from collections.abc import Collection

from app.reading.line import Line
from app.statement import Emphasis, Inline, plain_text

COLON = r"\s*[:：]"
HAN_AND_KANA = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ー・]"
# At most four words, or twelve signs where no spaces stand between them; a colon inside a word or a time is none.
WORDS = rf"{HAN_AND_KANA}{{1,12}}(?=\s*[:：])|(?!{HAN_AND_KANA}{{13}})[^\s:：]+(?:\s+[^\s:：]+){{0,3}}?"
LABEL = re.compile(rf"({WORDS})(?:\s*：|\s*:(?=\s|$|{HAN_AND_KANA}))")


class Voices:
    """Follows the turns through the text; `current` is the voice that speaks, and who spoke is in `spoken`."""

    def __init__(self, declared: Collection[str] | None) -> None:
        """Begin before the first turn; `declared` is None where the front matter says nothing of voices."""
        self.current: str | None = None
        self.spoken: set[str] = set()
        self.is_declared = declared is not None
        names = "|".join(re.escape(voice) for voice in sorted(declared or (), key=len, reverse=True))
        self.turn = re.compile(rf"\s*({names}){COLON}" if names else "(?!)")
        self.strong: list[tuple[Line, str]] = []  # what looks like voices where none are declared
        self.plain: list[tuple[Line, str]] = []

    def opens_turn(self, line: Line, content: Inline) -> bool:
        """Return whether a paragraph begins a turn, and go over to its voice."""
        text, first = plain_text(content), content[0] if content else ""
        if found := self.turn.match(text):
            self.current = found[1]
            self.spoken.add(found[1])
        strong = plain_text(first.content) if isinstance(first, Emphasis) and first.strong else ""
        label = re.sub(rf"{COLON}\s*$", "", strong)
        if label != strong or (strong and re.match(COLON, text[len(strong) :])):
            self.strong.append((line, label.strip()))
        elif label_in_text := LABEL.match(text):
            self.plain.append((line, label_in_text[1]))
        return found is not None

    def check_declared(self) -> None:
        """Raise LineError where paragraphs open like turns and the front matter does not say whether they are."""
        often = Counter(label for _, label in self.plain)
        turns = self.strong if len(self.strong) > 1 else [turn for turn in self.plain if often[turn[1]] > 1]
        if turns and not self.is_declared:
            names = ", ".join(f'"{label}"' for label in dict.fromkeys(label for _, label in turns))
            remedy = (
                f'write voices = [{names}] in the front matter, and voice = "…" in the speaker\'s table where none'
                " holds the name, or voices = [] where nobody's turns begin so"
            )
            raise turns[0][0].error("opens like a turn, and the front matter does not say who speaks", remedy)
