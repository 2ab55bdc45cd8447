"""The declared voices, and how the lines of a text begin with them."""

from __future__ import annotations

from dataclasses import dataclass

from app.reading.labels import LONGEST_LABEL, LabelFinder, ends_in_sign, needs_no_colon
from app.reading.normal_form import normalise, normalise_dashes, show_invisible

CLOSING_BRACKETS = (")", "]", "）", "］", "】")  # a word after these is not part of it


@dataclass(frozen=True)
class Opening:
    """The beginning of a line that is, or might be meant as, the label of a voice.

    `text` is that beginning, with colon, and `end` is the position after it.
    """

    voice: str
    text: str
    end: int
    is_as_declared: bool

    @property
    def expected(self) -> str:
        """Return how the label is written: the voice, its colon and a space."""
        if ends_in_sign(self.voice):
            return f"{self.voice} "
        return f"{self.voice}: "

    @property
    def problem(self) -> str:
        """Return the problem of a label that is not written as declared."""
        shown = show_invisible(self.text)
        expected = show_invisible(self.expected)
        return f"begins with “{shown}”, not with “{expected}” as declared"

    @property
    def fix(self) -> str:
        """Return the fix for a label that is not written as declared."""
        return f"write “{self.expected}”{self.no_turn_hint}"

    @property
    def no_turn_hint(self) -> str:
        """Return the end of a fix, which offers to escape the colon if there is one."""
        if ":" in self.text or "：" in self.text:
            return r", or \: if the colon begins no turn"
        return ""


class DeclaredVoices:
    """The voices that the front matter declares."""

    def __init__(self, declared: tuple[str, ...]) -> None:
        self.declared = declared
        self.has_colonless = any(needs_no_colon(voice) for voice in declared)
        self.by_normal_form: dict[str, str] = {}
        # Voices that need no colon, such as "[Moderator]"; of two, the longer first.
        self.literal: list[str] = []
        self.literal_by_normal_form: dict[str, str] = {}
        for voice in sorted(declared, key=len, reverse=True):
            self.by_normal_form.setdefault(normalise(voice), voice)
            if ends_in_sign(voice):
                self.literal.append(voice)
                self.literal_by_normal_form.setdefault(normalise_dashes(voice), voice)

    def opening(self, finder: LabelFinder, line_start: int) -> Opening | None:
        """Return how the line that begins at `line_start` begins with a voice.

        None if it begins with no voice, and with nothing that looks like one.
        """
        start = finder.name_start(line_start)
        for voice in self.literal:
            if finder.begins_with_word(voice, start):
                return Opening(voice, voice, start + len(voice), is_as_declared=True)
        label = finder.find(line_start, self.by_normal_form)
        if label is not None:
            voice = self.by_normal_form.get(normalise(label.name), "")
            is_as_declared = label.is_well_formed and label.name in self.declared
            if is_as_declared:
                voice = label.name
            if voice:
                text = finder.text[start : label.end + 1]
                return Opening(voice, text, label.end, is_as_declared)
        return self._similar(finder, line_start)

    def _similar(self, finder: LabelFinder, line_start: int) -> Opening | None:
        """Return the beginning that is like a voice that needs no colon, or None."""
        if not self.literal:
            return None
        start = finder.name_start(line_start)
        end = min(finder.line_end(line_start), start + LONGEST_LABEL)
        text = normalise_dashes(finder.text[start:end])
        for normal_form, voice in self.literal_by_normal_form.items():
            following = text[len(normal_form) :][:1]
            ends = following in ("", " ") or normal_form.endswith(CLOSING_BRACKETS)
            if text.startswith(normal_form) and ends:
                end = min(end, start + len(voice) + 1)
                return Opening(voice, finder.text[start:end], end, False)
        return None
