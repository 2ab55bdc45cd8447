"""The declared voices, and the lines that begin with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from app.reading.errors import LineError
from app.reading.labels import (
    ESCAPABLE_RE,
    Label,
    LabelFinder,
    ends_label,
)
from app.reading.normal_form import is_colon, normalise, show_invisible


def ends_in_sign(name: str) -> bool:
    """Return whether a name ends in a punctuation mark or symbol: "Q -", "[Q]"."""
    return unicodedata.category(name[-1])[0] not in "LMN"


@dataclass(frozen=True)
class Opening:
    """The beginning of a line that is the label of a voice, or is similar to one."""

    voice: str
    label: Label
    is_as_declared: bool

    @property
    def is_turn(self) -> bool:
        """Return whether it is written as declared, or at least ends in a colon."""
        return self.is_as_declared or is_colon(self.label.sign)

    @property
    def no_turn_hint(self) -> str:
        """Return the end of a fix, for a line that is not meant to begin a turn."""
        sign = self.label.sign
        if not sign:
            return ", or remove the emphasis if it begins no turn"
        if ESCAPABLE_RE.match(sign):
            return rf", or \{sign} if it begins no turn"
        return ""

    def spelling_error(self) -> LineError:
        """Return the error for a label that is not written as declared."""
        expected = self.voice
        if not ends_in_sign(expected):
            expected += ":"
        written = show_invisible(self.label.text + self.label.following)
        problem = f"begins with “{written}”, not with “{show_invisible(expected)} ”"
        fix = f"write “{expected} ”{self.no_turn_hint}"
        return self.label.line.error(f"{problem} as declared", fix)


class DeclaredVoices:
    """The voices that the front matter declares."""

    def __init__(self, declared: tuple[str, ...]) -> None:
        self.declared = declared
        self.by_normal_form = {normalise(voice): voice for voice in declared}
        # Voices that need no colon, such as "[Moderator]". The longest is tried first,
        # since it may begin with another.
        longest_first = sorted(declared, key=len, reverse=True)
        self.colonless = [voice for voice in longest_first if ends_in_sign(voice)]
        # A bracket at the end, as in "Question (Sample)", does not end other labels.
        self.signs = {_signs(voice) for voice in self.colonless} - set(")]】")
        # A voice and a colon after the end of a sentence.
        names = "|".join(re.escape(voice) for voice in declared)
        self.inside_re = re.compile(rf"(?<=[.?!…。？！”\"»)\]])\s*(?:{names})\s?[:：]")

    def find_opening(self, finder: LabelFinder) -> Opening | None:
        """Return the voice, or the label similar to one, with which a line begins.

        Return None if it begins with neither.
        """
        if not self.declared:
            return None
        return self._find_as_declared(finder) or self._find_similar(finder)

    def _find_as_declared(self, finder: LabelFinder) -> Opening | None:
        for voice in self.colonless:
            if finder.searched.startswith(voice, finder.start):
                label = finder.make_label(finder.start + len(voice) - 1, voice[-1])
                if ends_label(label.following):
                    return Opening(voice, label, is_as_declared=True)
        for label in finder.labels():
            if label.is_well_formed and label.name in self.declared:
                return Opening(label.name, label, is_as_declared=True)
        return None

    def _find_similar(self, finder: LabelFinder) -> Opening | None:
        for label in finder.labels():
            # The sign may belong to the voice, as in "Q -".
            for name in (label.name, label.text):
                voice = self.by_normal_form.get(normalise(name), "")
                if voice:
                    return Opening(voice, label, is_as_declared=False)
        return None

    def turns_inside(self, finder: LabelFinder) -> Iterator[re.Match[str]]:
        """Yield a match for each voice and its colon after a sentence."""
        if self.declared:
            yield from self.inside_re.finditer(finder.searched, finder.start + 1)

    @property
    def need_colon(self) -> bool:
        """Return whether voices are declared, and other labels need a colon as they do.

        Labels without one are possible if a voice is in brackets, or ends in another
        sign, such as "Q -".
        """
        return bool(self.declared) and not self.signs

    def has_signs_of_voice(self, label: Label) -> bool:
        """Return whether a label without colon has the same signs as a voice.

        A full stop counts only after capitals.
        """
        if label.sign == "" or (label.sign == "." and not label.name.isupper()):
            return False
        return _signs(label.text) in self.signs

    def begins_with_voice(self, name: str) -> bool:
        """Return whether `name` consists of a voice and more words after it."""
        normal_form = normalise(name)
        for voice in self.by_normal_form:
            if normal_form.startswith(f"{voice} "):
                return True
        return False


def _signs(text: str) -> str:
    """Return the kind of a label: "[]" for one in brackets, or else its last sign."""
    normal_form = normalise(text)
    if normal_form[0] in "[(【" and normal_form[-1] in "])】":
        return "[]"
    return normal_form[-1]
