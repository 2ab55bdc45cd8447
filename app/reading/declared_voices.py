"""The declared voices, and the lines that begin with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.reading.errors import Line, LineError
from app.reading.labels import ESCAPABLE_RE, Label, LabelFinder, ends_in_sign
from app.reading.normal_form import is_colon, normalise_dashes, show_invisible

MAX_HIDDEN_CHARACTERS = 10  # invisible characters and spaces in a label


@dataclass(frozen=True)
class Opening:
    """The beginning of a line that is the label of a voice, or is similar to one.

    `text` is that beginning, `end` is the position after the label, and `sign` is the
    sign that ends it, or "" at the end of emphasis.
    """

    voice: str
    text: str
    end: int
    sign: str
    is_as_declared: bool

    @property
    def is_turn(self) -> bool:
        """Return whether it is written as declared, or at least ends in a colon."""
        return self.is_as_declared or is_colon(self.sign)

    @property
    def no_turn_hint(self) -> str:
        """Return the end of a fix, for a line that is not meant to begin a turn."""
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
        # Voices that need no colon, such as "[Moderator]". The longest is tried first,
        # since it may begin with another.
        self.colonless = [voice for voice in declared if ends_in_sign(voice)]
        self.colonless.sort(key=len, reverse=True)
        lengths = [len(voice) for voice in declared]
        # A longer label cannot be similar to a voice.
        self.max_length = max(lengths, default=0) + MAX_HIDDEN_CHARACTERS
        names = "|".join(re.escape(voice) for voice in declared)
        self.inside_re = re.compile(rf"(?<=[.?!…。？！”\"])\s*({names})\s?[:：]")

    def find_opening(self, finder: LabelFinder, line_start: int) -> Opening | None:
        """Return the opening of the line that begins at `line_start`.

        Return None if the line begins neither with a voice nor with a label that is
        similar to one.
        """
        if not self.declared:
            return None
        start = finder.name_start(line_start)
        for voice in self.colonless:
            if finder.begins_with_word(voice, start):
                return Opening(
                    voice,
                    text=voice,
                    end=start + len(voice),
                    sign=voice[-1],
                    is_as_declared=True,
                )
        labels = self._labels(finder, line_start)
        for label in labels:
            if label.is_well_formed and label.name in self.declared:
                return Opening(
                    label.name,
                    label.text,
                    label.end,
                    label.sign,
                    is_as_declared=True,
                )
        for label in labels:
            voice = self._similar_voice(label)
            if voice:
                text = finder.text[start : label.end + 1]
                return Opening(voice, text, label.end, label.sign, is_as_declared=False)
        return None

    def _labels(self, finder: LabelFinder, line_start: int) -> list[Label]:
        """Return the labels that may be similar to a voice, emphasised words last."""
        labels = []
        for label in finder.labels(line_start):
            if len(label.name) > self.max_length:
                break
            if not label.is_escaped:
                labels.append(label)
        emphasised = finder.find_emphasised()
        if emphasised is not None and line_start == 0:
            labels.append(emphasised)
        return labels

    def _similar_voice(self, label: Label) -> str:
        """Return the voice that has the normal form of a label, or ""."""
        # The sign may belong to the voice, as in "Q -".
        for name in (label.name, label.text):
            voice = self.by_normal_form.get(normalise_dashes(name))
            if voice is not None:
                return voice
        return ""

    def turns_inside(self, finder: LabelFinder) -> Iterator[re.Match[str]]:
        """Yield a match for each voice (group 1) and colon after a sentence."""
        if not self.declared:
            return
        for match in self.inside_re.finditer(finder.text):
            if match.end() - 1 not in finder.escaped:
                yield match

    def begins_with_voice(self, name: str) -> bool:
        """Return whether `name` is a voice and more words after it."""
        normal_form = normalise_dashes(name)
        for voice in self.by_normal_form:
            if normal_form.startswith(f"{voice} "):
                return True
        return False
