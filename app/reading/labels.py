"""Labels: the words with which a paragraph begins a turn, as in "Question: Why?".

    label     = [ time-code ] name [ time-code ] [ space ] colon
    name      = at most eight words, and at most twelve characters of Han and kana
    colon     = "：" / ":"  ; and after ":" a space, a mark, the end of the line, or
                           ; Han or kana
    time-code = "[00:12]" / "(10:05)" / "10:05"

Dashes, full stops, other colons and the end of emphasis do not end a label, but the
author may have meant them to. An escaped sign is plain text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.reading.normal_form import COLONS, DASHES, LONG_DASHES, is_colon
from app.reading.scripts import is_han_or_kana
from app.statement import Emphasis, Inline, Part, plain_text

MAX_LABEL_WORDS = 8
MAX_LABEL_HAN_OR_KANA = 12
MAX_LABEL_LENGTH = 300  # characters; later signs are ignored
MAX_NAME_LENGTH = 100  # characters of a name without colon

# A colon between digits belongs to a time or a ratio.
COLON_RE = re.compile(rf"[{COLONS}](?:(?<!\d.)|(?!\d))")
# Signs that may be meant to end the name of a speaker. A hyphen or a full stop may
# also be a part of a word.
NAME_SIGN_RE = re.compile(
    rf"[{LONG_DASHES}]+|(?<=\s)[{DASHES}]+|[{DASHES}]+(?=\s|$)|\.(?!\w)"
)
# Signs that end a label, or may be meant to. The Hebrew sign U+05C3 and the Devanagari
# sign U+0903 are often written for a colon.
SIGN_RE = re.compile(
    rf"{COLON_RE.pattern}|{NAME_SIGN_RE.pattern}"
    r"|[;|；؛、।\u05c3\u0903\u3000\])］）】]"
)
# Words after emphasis and a space.
FOLLOWING_WORDS_RE = re.compile(rf"\s+[^{DASHES}\s{COLONS}.;|]")
ONE_SPACE_RE = re.compile("[ \u00a0\u2009\u202f]$")

TIME = r"\d{1,3}(?:[:：]\d{2}){1,2}"
TIME_CODE = rf"(?:[\[(（［【]{TIME}[\])）］】]|{TIME}(?!\S))"
LEADING_RE = re.compile(rf"\s*(?:{TIME_CODE}\s*(?:[{DASHES}|]\s+)?)?")
TRAILING_TIME_CODE_RE = re.compile(rf"\s*{TIME_CODE}\s*$")

# A letter and a dash with a space on at least one side: "Q -".
LETTER_AND_DASH_RE = re.compile(rf"[^\W\d_]\.?\s*([{DASHES}])(?:(?<=\s.)|(?=\s|$))")
# Words in brackets, and others after them that are not a colon: "[Moderator] Yes".
BRACKETED_RE = re.compile(
    rf"[\[［【（][^\W\d][^\]］】）\n]+[\]］】）](?=\s*[^\s{COLONS}])"
)

# The signs that may be escaped, and the tokens of a paragraph's source that may
# contain one: link addresses (whose signs are not in the text), escapes, and
# single signs.
ESCAPABLE_RE = re.compile("[:：–—.;|-]")
ADDRESS = r"\]\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*\)"
SOURCE_RE = re.compile(rf"{ADDRESS}|\\.|{ESCAPABLE_RE.pattern}", re.DOTALL)


def ends_in_sign(name: str) -> bool:
    """Return whether a name ends in a punctuation mark or symbol: "Q -", "[Q]"."""
    return unicodedata.category(name[-1])[0] not in "LMN"


@dataclass(frozen=True)
class Label:
    """The beginning of a line, up to a sign that ends a label or may be meant to.

    `name` is without time codes and the sign, `text` includes the sign, and `end` is
    the position after it in the text of the paragraph. `sign` is "" at the end of
    emphasis.
    """

    name: str
    text: str
    sign: str
    end: int
    is_well_formed: bool  # ends in a colon that the grammar above allows
    is_escaped: bool
    is_emphasised: bool

    def is_short(self, max_words: int = MAX_LABEL_WORDS) -> bool:
        """Return whether the name is within the limits of a label."""
        if len(self.name.split()) > max_words:
            return False
        count = sum(is_han_or_kana(character) for character in self.name)
        return count <= MAX_LABEL_HAN_OR_KANA


@dataclass(frozen=True)
class Span:
    """The positions of an emphasis in the text of a paragraph."""

    start: int
    end: int
    is_strong: bool


class LabelFinder:
    """Finds labels in the lines of one paragraph or item.

    `source` is its Markdown source, which has the escapes.
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

    def name_start(self, line_start: int) -> int:
        """Return the position after the leading spaces and time code of a line."""
        match = LEADING_RE.match(self.text, line_start, self._line_end(line_start))
        if match is None:
            return line_start
        return match.end()

    def begins_with_word(self, word: str, start: int) -> bool:
        """Return whether `word` is at `start` and ends there as a word.

        It must be followed by a space, by the end of the text, or by Han or kana,
        which are written without spaces.
        """
        end = start + len(word)
        following = self.text[end : end + 1]
        is_end = not following.strip() or is_han_or_kana(following)
        return is_end and self.text[start:end] == word

    def labels(
        self,
        line_start: int,
        sign_re: re.Pattern[str] = SIGN_RE,
        max_length: int = MAX_LABEL_LENGTH,
    ) -> Iterator[Label]:
        """Yield the beginning of a line up to each sign, the shortest first."""
        start = self.name_start(line_start)
        end = min(self._line_end(line_start), start + max_length)
        for match in sign_re.finditer(self.text, start, end):
            name = TRAILING_TIME_CODE_RE.sub("", self.text[start : match.start()])
            name = ONE_SPACE_RE.sub("", name)
            if name.strip():
                yield Label(
                    name,
                    text=self.text[start : match.end()],
                    sign=match[0],
                    end=match.end(),
                    is_well_formed=self._is_well_formed(match),
                    is_escaped=match.start() in self.escaped,
                    is_emphasised=self._is_emphasised(start, start + len(name), match),
                )

    def find(self, line_start: int) -> Label | None:
        """Return the label of the line that begins at `line_start`, or None.

        It ends at the first colon that is not inside a word.
        """
        for label in self.labels(line_start, COLON_RE):
            if not self._is_inside_word(label):
                return None if label.is_escaped else label
        return None

    @cached_property
    def first_label(self) -> Label | None:
        """Return the label of the first line, or None."""
        return self.find(0)

    def find_emphasised(self, *, strong: bool = False) -> Label | None:
        """Return the emphasised words at the beginning of the text, or None.

        Words without emphasis must follow, after a space if they are in a script
        with spaces.
        """
        start = self.name_start(0)
        for span in self.emphasis:
            if strong and not span.is_strong:
                continue
            following = self.text[span.end : span.end + 1]
            is_followed = is_han_or_kana(following)
            if FOLLOWING_WORDS_RE.match(self.text, span.end):
                is_followed = True
            if is_followed and span.start <= start < span.end:
                name = self.text[start : span.end]
                if is_colon(name[-1]):
                    return None
                return Label(
                    name,
                    text=name,
                    sign="",
                    end=span.end,
                    is_well_formed=False,
                    is_escaped=False,
                    is_emphasised=True,
                )
        return None

    def find_without_colon(self) -> str | None:
        """Return the label without a colon of the first line, or None.

        This is a letter and a dash ("Q -"), or words in brackets that others follow
        ("[Moderator] Yes"). With an escaped dash or bracket it is no label.
        """
        start = self.name_start(0)
        dash = LETTER_AND_DASH_RE.match(self.text, start)
        if dash is not None and dash.start(1) not in self.escaped:
            return dash[0]
        brackets = BRACKETED_RE.match(self.text, start)
        if brackets is not None and not self.begins_with_escape:
            return brackets[0]
        return None

    def possible_name(self) -> str:
        """Return the text without time codes, or "" if it is too long or escaped."""
        if len(self.text) > MAX_NAME_LENGTH or self.escaped:
            return ""
        return TRAILING_TIME_CODE_RE.sub("", self.text[self.name_start(0) :])

    def _line_end(self, line_start: int) -> int:
        end = self.text.find("\n", line_start)
        if end < 0:
            return len(self.text)
        return end

    def _is_well_formed(self, sign: re.Match[str]) -> bool:
        if sign[0] == "：":
            return True
        if sign[0] != ":":
            return False
        following = self.text[sign.end() : sign.end() + 1]
        if not following.strip() or is_han_or_kana(following):
            return True
        if unicodedata.category(following)[0] == "P":
            return following not in f"{COLONS}/\\"
        return any(span.end == sign.end() for span in self.emphasis)

    def _is_inside_word(self, label: Label) -> bool:
        """Return whether the colon is inside a word or address: "EU:n", "https://"."""
        following = self.text[label.end : label.end + 1]
        if label.is_well_formed or is_han_or_kana(label.name[-1]):
            return False
        return following.isdigit() or following.islower() or following in ("/", "\\")

    def _is_emphasised(self, start: int, name_end: int, sign: re.Match[str]) -> bool:
        """Return whether one emphasis covers the label, with or without its sign."""
        for span in self.emphasis:
            if span.start <= start and name_end <= span.end <= sign.end():
                return True
        return False


def _emphasis_spans(content: Inline, start: int = 0) -> list[Span]:
    spans = []
    for run in content:
        if isinstance(run, str):
            start += len(run)
            continue
        end = start + len(plain_text(run.content))
        if isinstance(run, Emphasis):
            spans.append(Span(start, end, run.strong))
        spans.extend(_emphasis_spans(run.content, start))
        start = end
    return spans


def _escaped_positions(text: str, source: str) -> set[int]:
    """Return the positions in `text` of signs that are escaped in `source`."""
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
