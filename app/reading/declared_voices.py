"""The declared voices, and how the lines of a text begin with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.reading.errors import Line, LineError
from app.reading.labels import ESCAPABLE_RE, Label, LabelFinder, ends_in_sign
from app.reading.normal_form import is_colon, normalise_dashes, show_invisible

MOST_HIDDEN = 10  # characters that show nothing, or spaces, in a label


@dataclass(frozen=True)
class Opening:
    """The beginning of a line that is, or might be meant as, the label of a voice.

    `text` is that beginning, `end` the position after the label, and `sign` the sign
    that ends it, or "" at the end of emphasis.
    """

    voice: str
    text: str
    end: int
    sign: str
    is_as_declared: bool

    @property
    def is_turn(self) -> bool:
        """Return whether it is a label by its form, if not by its spelling."""
        return self.is_as_declared or is_colon(self.sign)

    @property
    def no_turn_hint(self) -> str:
        """Return the end of a fix, for words that begin no turn."""
        if not self.sign:
            return ", or remove the emphasis if it begins no turn"
        if ESCAPABLE_RE.match(self.sign):
            return rf", or \{self.sign} if it begins no turn"
        return ""

    def spelling_error(self, line: Line) -> LineError:
        """Return the error for a label that is not written as declared."""
        expected = f"{self.voice}: "
        if ends_in_sign(self.voice):
            expected = f"{self.voice} "
        shown = f"“{show_invisible(self.text)}”, not with “{show_invisible(expected)}”"
        fix = f"write “{expected}”{self.no_turn_hint}"
        return line.error(f"begins with {shown} as declared", fix)


class DeclaredVoices:
    """The voices that the front matter declares."""

    def __init__(self, declared: tuple[str, ...]) -> None:
        self.declared = declared
        self.by_normal_form = {normalise_dashes(voice): voice for voice in declared}
        # Voices that need no colon, such as "[Moderator]"; of two, the longer first.
        self.literal = [voice for voice in declared if ends_in_sign(voice)]
        self.literal.sort(key=len, reverse=True)
        lengths = [len(voice) for voice in declared]
        # A longer label cannot be like a voice.
        self.longest = max(lengths, default=0) + MOST_HIDDEN
        names = "|".join(re.escape(voice) for voice in declared)
        self.inside_re = re.compile(rf"(?<=[.?!…。？！”\"])\s*({names})\s?[:：]")

    def opening(self, finder: LabelFinder, line_start: int) -> Opening | None:
        """Return how the line that begins at `line_start` begins with a voice.

        None if it begins with no voice, and with nothing that looks like one.
        """
        if not self.declared:
            return None
        start = finder.name_start(line_start)
        for voice in self.literal:
            if finder.begins_with_word(voice, start):
                return Opening(voice, voice, start + len(voice), voice[-1], True)
        labels = self._labels(finder, line_start)
        for label in labels:
            if label.is_well_formed and label.name in self.declared:
                return Opening(label.name, label.text, label.end, label.sign, True)
        for label in labels:
            voice = self._similar_voice(label)
            if voice:
                text = finder.text[start : label.end + 1]
                return Opening(voice, text, label.end, label.sign, False)
        return None

    def _labels(self, finder: LabelFinder, line_start: int) -> list[Label]:
        """Return the labels that are not too long, emphasised words last."""
        labels = []
        for label in finder.labels(line_start):
            if len(label.name) > self.longest:
                break
            if not label.is_escaped:
                labels.append(label)
        emphasised = finder.find_emphasised()
        if emphasised is not None and line_start == 0:
            labels.append(emphasised)
        return labels

    def _similar_voice(self, label: Label) -> str:
        """Return the voice that is like a label, without or with its sign, or ""."""
        for name in (label.name, label.text):
            voice = self.by_normal_form.get(normalise_dashes(name))
            if voice is not None:
                return voice
        return ""

    def turns_inside(self, finder: LabelFinder) -> Iterator[re.Match[str]]:
        """Yield each voice (as group 1) and colon that follow a sentence of a text."""
        if not self.declared:
            return
        for match in self.inside_re.finditer(finder.text):
            if match.end() - 1 not in finder.escaped:
                yield match

    def are_beginning_of(self, name: str) -> bool:
        """Return whether a longer name begins with the words of one of the voices."""
        normal_form = normalise_dashes(name)
        for voice in self.by_normal_form:
            if normal_form.startswith(f"{voice} "):
                return True
        return False
