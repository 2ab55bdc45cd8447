"""Labels: the words with which a paragraph begins a turn, as in "Question: Why?".

    label     = [ time-code ] name [ time-code ] [ space ] colon
              / [ time-code ] letter [ "." ] dash       ; "Q -"
              / [ time-code ] "[" name "]"              ; "[Moderator]"
    name      = at most eight words, and at most twelve characters of Han and kana
    colon     = ":" / "："  ; and after it a space, a closing mark, the end of the
                           ; line, or Han or kana; anything after "："
    time-code = "[00:12]" / "(10:05)" / "10:05"

An escaped colon, dash or bracket makes no label. A colon that looks like these two,
or that something else follows, may still be meant as one: such a label is not
well-formed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass

from app.anchor import Anchor
from app.reading.errors import Line
from app.reading.normal_form import COLONS, DASHES, normalise
from app.statement import Emphasis, Inline, Part, plain_text

MOST_WORDS = 8
MOST_HAN_OR_KANA = 12
LONGEST_LABEL = 300  # characters; a colon further on is not looked at

# A colon between digits belongs to a time or a ratio.
COLON_RE = re.compile(rf"[{COLONS}](?:(?<!\d.)|(?!\d))")
CLOSING_QUOTES = "\"'“‘«‹"  # besides the categories Pe and Pf: in some languages
HAN_OR_KANA_RE = re.compile(
    "[々〆〇\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)

TIME = r"\d{1,3}(?:[:：]\d{2}){1,3}(?:[.,]\d{1,3})?"
TIME_SPAN = rf"{TIME}(?:\s*[{DASHES}]+>?\s*{TIME})?"
TIME_CODE = rf"(?:[\[(（［【]{TIME_SPAN}[\])）］】]|{TIME_SPAN}(?!\S))"
LEADING_RE = re.compile(rf"\s*(?:{TIME_CODE}\s*(?:[{DASHES}|]\s+)?)?")
TRAILING_TIME_CODE_RE = re.compile(rf"\s*{TIME_CODE}\s*$")
ONE_SPACE_RE = re.compile("[ \u00a0\u2009\u202f]$")

# A letter and a dash with a space on at least one side: "Q -".
LETTER_AND_DASH_RE = re.compile(rf"[^\W\d_]\.?\s*([{DASHES}])(?:(?<=\s.)|(?=\s|$))")
BRACKETS = "[]()［］（）【】"
# Words in brackets, and others after them that are not a colon: "[Moderator] Yes".
BRACKETED_RE = re.compile(
    rf"[\[［【（][^\W\d][^\]］】）\n]+[\]］】）](?=\s*[^\s{COLONS}])"
)

# The colons and dashes that an escape makes plain, and the tokens of a paragraph's
# source in which they occur: link addresses, escapes, and others.
ESCAPABLE_RE = re.compile("[:：–—-]")
ADDRESS = r"\]\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*\)"
SOURCE_RE = re.compile(rf"{ADDRESS}|\\.|{ESCAPABLE_RE.pattern}", re.DOTALL)


@dataclass(frozen=True)
class Label:
    """A label at the beginning of a line.

    `end` is the position after its colon in the text of the paragraph.
    """

    name: str
    end: int
    is_well_formed: bool
    is_emphasised: bool

    @property
    def is_short(self) -> bool:
        """Return whether it is not longer than a label may be."""
        if len(self.name.split()) > MOST_WORDS:
            return False
        return len(HAN_OR_KANA_RE.findall(self.name)) <= MOST_HAN_OR_KANA


class LabelFinder:
    """Finds labels in the lines of one paragraph or item.

    `source` is its text as the file has it, with escapes.
    """

    def __init__(self, part: Part, source: str) -> None:
        self.text = part.text
        self.emphasis = _emphasis_spans(part.content)
        self.escaped = _escaped_positions(self.text, source)
        self.begins_with_escape = source.lstrip(" *_").startswith("\\")

    @property
    def line_starts(self) -> list[int]:
        """Return the position of each line of the text."""
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line_end(self, line_start: int) -> int:
        """Return the position of the end of the line that begins at `line_start`."""
        end = self.text.find("\n", line_start)
        if end < 0:
            return len(self.text)
        return end

    def name_start(self, line_start: int) -> int:
        """Return the position after the leading spaces and time code of a line."""
        match = LEADING_RE.match(self.text, line_start, self.line_end(line_start))
        if match is None:
            return line_start
        return match.end()

    def begins_with_word(self, word: str, start: int) -> bool:
        """Return whether `word` is at `start`, and a space or the end after it.

        After it there may also be Han or kana, which have no spaces.
        """
        end = start + len(word)
        following = self.text[end : end + 1]
        is_end = not following.strip() or HAN_OR_KANA_RE.match(following) is not None
        return is_end and self.text[start:end] == word

    def find(self, line_start: int, voices: Container[str] = ()) -> Label | None:
        """Return the label of the line that begins at `line_start`, or None.

        `voices` are normal forms of names. If one of these comes before the first
        colon, the colon counts even inside a word ("Question:why").
        """
        start = self.name_start(line_start)
        end = min(self.line_end(line_start), start + LONGEST_LABEL)
        colons = list(COLON_RE.finditer(self.text, start, end))
        for colon in colons:
            if self._is_inside_word(colon):
                if colon is not colons[0]:
                    continue
                if normalise(self._name(start, colon)) not in voices:
                    continue
            return self._label(start, colon)
        return None

    def find_without_colon(self) -> str | None:
        """Return the colonless label of the first line, or None.

        This is a letter and a dash ("Q -"), or words in brackets before others. An
        escaped dash or bracket begins no label.
        """
        start = self.name_start(0)
        dash = LETTER_AND_DASH_RE.match(self.text, start)
        if dash is not None and dash.start(1) not in self.escaped:
            return dash[0]
        brackets = BRACKETED_RE.match(self.text, start)
        if brackets is not None and not self.begins_with_escape:
            return brackets[0]
        return None

    def name_alone(self, names: Mapping[str, str]) -> str | None:
        """Return the name if the text is only a name, or None.

        `names` has the names by their normal forms.
        """
        if len(self.text) > LONGEST_LABEL or self.escaped:
            return None
        text = without_time_codes(self.text).strip(COLONS + BRACKETS)
        return names.get(normalise(text))

    def _name(self, start: int, colon: re.Match[str]) -> str:
        name = TRAILING_TIME_CODE_RE.sub("", self.text[start : colon.start()])
        return ONE_SPACE_RE.sub("", name)

    def _label(self, start: int, colon: re.Match[str]) -> Label | None:
        name = self._name(start, colon)
        if colon.start() in self.escaped or not name.strip():
            return None
        return Label(
            name=name,
            end=colon.end(),
            is_well_formed=self._is_well_formed(colon),
            is_emphasised=self._is_emphasised(start, start + len(name), colon.end()),
        )

    def _is_well_formed(self, colon: re.Match[str]) -> bool:
        if colon[0] == "：":
            return True
        if colon[0] != ":":
            return False
        following = self.text[colon.end() : colon.end() + 1]
        if not following.strip() or HAN_OR_KANA_RE.match(following):
            return True
        if following in CLOSING_QUOTES:
            return True
        if unicodedata.category(following) in ("Pe", "Pf"):
            return True
        return any(end == colon.end() for _, end in self.emphasis)

    def _is_inside_word(self, colon: re.Match[str]) -> bool:
        """Return whether a word, number or address continues: "EU:n", "https:"."""
        preceding = self.text[colon.start() - 1 : colon.start()]
        following = self.text[colon.end() : colon.end() + 1]
        if self._is_well_formed(colon) or HAN_OR_KANA_RE.match(preceding):
            return False
        return following.isdigit() or following.islower() or following in ("/", "\\")

    def _is_emphasised(self, start: int, name_end: int, label_end: int) -> bool:
        """Return whether the label, without or with its colon, is one emphasis."""
        for first, last in self.emphasis:
            if first <= start and name_end <= last <= label_end:
                return True
        return False


@dataclass(frozen=True)
class PartSources:
    """The parts of a text as the file has them.

    `lines` has the first line of each part, and `texts` its text with escapes.
    """

    lines: Mapping[Anchor, Line]
    texts: Mapping[Anchor, str]

    def finder(self, part: Part) -> LabelFinder:
        """Return the finder of the labels in a part."""
        return LabelFinder(part, self.texts[part.anchor])

    def line(self, part: Part, number: int = 0) -> Line:
        """Return a line of a part; its first is 0."""
        first = self.lines[part.anchor]
        if number == 0:
            return first
        return Line(first.number + number, part.text.split("\n")[number])


def ends_in_sign(name: str) -> bool:
    """Return whether a name ends in a sign, such as "Q -" and "[Moderator]"."""
    return unicodedata.category(name[-1])[0] not in "LMN"


def needs_no_colon(name: str) -> bool:
    """Return whether a name is a letter and a dash, or begins with a bracket."""
    return (
        name[:1] in ("[", "［", "【", "（")
        or LETTER_AND_DASH_RE.match(name) is not None
    )


def without_time_codes(text: str) -> str:
    """Return the text without a time code at either end."""
    text = TRAILING_TIME_CODE_RE.sub("", text)
    match = LEADING_RE.match(text)
    if match is None:
        return text
    return text[match.end() :]


def _emphasis_spans(content: Inline, start: int = 0) -> list[tuple[int, int]]:
    """Return where each emphasis begins and ends in the plain text of `content`."""
    spans = []
    for run in content:
        if isinstance(run, str):
            start += len(run)
            continue
        end = start + len(plain_text(run.content))
        if isinstance(run, Emphasis):
            spans.append((start, end))
        spans.extend(_emphasis_spans(run.content, start))
        start = end
    return spans


def _escaped_positions(text: str, source: str) -> set[int]:
    """Return the positions in `text` of colons and dashes escaped in `source`."""
    if "\\" not in source:
        return set()
    is_escaped = []
    for token in SOURCE_RE.findall(source):
        if ESCAPABLE_RE.fullmatch(token[-1]):
            is_escaped.append(len(token) == 2)
    positions = [match.start() for match in ESCAPABLE_RE.finditer(text)]
    escaped = set()
    for position, escape in zip(positions, is_escaped, strict=False):
        if escape:
            escaped.add(position)
    return escaped
