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

from app.reading.errors import Line
from app.reading.normal_form import COLONS, DASHES, LONG_DASHES, is_colon, normalise
from app.reading.scripts import is_han_or_kana, is_hangul
from app.statement import Emphasis, Inline, plain_text

MAX_LABEL_WORDS = 8
MAX_WORDS = 20  # of a label that begins with a declared voice, or is one
MAX_LABEL_HAN_OR_KANA = 12
MAX_LABEL_LENGTH = 300  # characters; later signs are ignored
MAX_NAME_LENGTH = 100  # characters of a paragraph that is only a name

# Characters in place of escaped signs, in the text that is searched.
ESCAPED_COLON = "\0"
ESCAPED_SIGN = "\1"

BRACKETS = r"\[［【（"
CLOSING_BRACKETS = r"\])］】）"
# Armenian U+0589, Hebrew U+05C3 and Devanagari U+0903 are often written for a colon.
OTHER_SIGNS = ";|；؛、।\u0589\u05c3\u0903\u3000"
# Signs that end a label, or may be meant to.
SIGN_RE = re.compile(
    # For speed, try the alternatives only where one of their characters is.
    rf"(?=[{DASHES}{COLONS}{ESCAPED_COLON}.{OTHER_SIGNS}{CLOSING_BRACKETS}])(?:"
    rf"{ESCAPED_COLON}"
    rf"|[{COLONS}](?:(?<!\d.)|(?!\d))"  # between digits it is in a time or a ratio
    rf"|[{LONG_DASHES}]+"
    rf"|(?<=\s)[{DASHES}]+|[{DASHES}]+(?=\s|$)"  # without spaces, a hyphen is in a word
    r"|\.(?!\w)"  # before a letter or digit it is in a word
    rf"|[{OTHER_SIGNS}]"
    rf"|[{CLOSING_BRACKETS}](?!\s*[{COLONS}{ESCAPED_COLON}])"  # if no colon follows
    r")"
)
# The words in which a sign is searched.
WORDS_RE = re.compile(rf"(?:\s*\S+){{0,{MAX_WORDS}}}")
# Words after the end of emphasis and a space, but not a sign.
FOLLOWING_WORDS_RE = re.compile(rf"\s+[^{DASHES}\s{COLONS}.;|]")

TIME = r"\d{1,3}(?:[:：]\d{2}){1,2}"
TIME_CODE = rf"(?:[\[(（［【]{TIME}[\])）］】]|{TIME}(?!\S))"
# A time code before a name, perhaps with a dash or bar after it.
LEADING_RE = re.compile(rf"\s*(?:{TIME_CODE}\s*(?:[{DASHES}|]\s+)?)?")
# A time code, or one space, at the end of a name.
TRAILING_RE = re.compile(rf"(?:\s*{TIME_CODE}\s*|[ \u00a0\u2009\u202f])$")

# The signs that may be escaped in a line's text. In its source, group 1 has them with
# their backslashes; the group is empty for other escapes, and for link addresses, whose
# signs are not in the text.
ESCAPABLE_RE = re.compile(f"[{COLONS}–—.;|-]")
ADDRESS = r"\]\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*\)"
SOURCE_SIGN_RE = re.compile(rf"{ADDRESS}|(\\?{ESCAPABLE_RE.pattern})|\\.")


def ends_label(following: str) -> bool:
    """Return whether a label may end before this character, or before the line's end.

    It may be a space, or Han or kana, which are written without spaces.
    """
    return not following.strip() or is_han_or_kana(following)


def is_too_long(voice: str) -> bool:
    """Return whether a voice is longer than the labels that are found."""
    return len(voice.split()) > MAX_WORDS or len(voice) >= MAX_LABEL_LENGTH


@dataclass(frozen=True)
class Label:
    """The beginning of a line, up to a sign that ends a label or may be meant to.

    `name` is without time codes and the sign, `text` is the name and the sign, and
    `end` is the position after it in the line. `sign` is "" at the end of emphasis.
    """

    line: Line
    name: str
    text: str
    sign: str
    end: int
    following: str  # the next character, or ""
    is_emphasised: bool  # with or without its sign

    @property
    def as_declared(self) -> str:
        """Return the label as the key `voices` has it: without a colon at its end."""
        if is_colon(self.sign):
            return self.name
        return self.text

    @property
    def normal_form(self) -> str:
        """Return the form in which labels are compared."""
        return normalise(self.as_declared)

    @property
    def is_short(self) -> bool:
        """Return whether the name is within the limits of a label."""
        if len(self.name.split()) > MAX_LABEL_WORDS:
            return False
        if self.name.isascii():  # for speed
            return True
        count = sum(is_han_or_kana(character) for character in self.name)
        return count <= MAX_LABEL_HAN_OR_KANA

    @property
    def is_well_formed(self) -> bool:
        """Return whether it ends in a colon that the grammar above allows."""
        if self.sign == "：":
            return True
        if self.sign != ":":
            return False
        if ends_label(self.following):
            return True
        if unicodedata.category(self.following)[0] == "P":
            return self.following not in f"{COLONS}/\\"
        return self.is_emphasised and is_hangul(self.following)

    @property
    def is_inside_word(self) -> bool:
        """Return whether the sign is inside a word or address: "EU:n", "https://"."""
        if self.is_well_formed or is_han_or_kana(self.name[-1]):
            return False
        following = self.following
        return following.isdigit() or following.islower() or following in ("/", "\\")


class LabelFinder:
    """Finds labels at the beginning of one line of a paragraph or item.

    `text` is the line without Markdown, and `source` with it. `content` is the content
    of the part if the line is its first, and () otherwise. `searched` is the text with
    other characters in place of escaped signs.
    """

    def __init__(
        self, line: Line, text: str, source: str, content: Inline = ()
    ) -> None:
        self.line = line
        self.text = text
        self.searched = _mask_escapes(text, source)
        match = LEADING_RE.match(text)
        self.start = match.end() if match else 0  # of the name
        self.emphasis_end = 0
        self.is_strong = False
        self._find_emphasis(content)

    def _find_emphasis(self, content: Inline) -> None:
        """Find the end of the emphasis in which the name begins."""
        end = 0
        for run in content:
            end += len(plain_text((run,)))
            if end > self.start:
                if isinstance(run, Emphasis):
                    self.emphasis_end = min(end, len(self.text))
                    self.is_strong = run.strong
                break

    def find_emphasised(self) -> Label | None:
        """Return the emphasis at the beginning of the line as a label, or None.

        Words without emphasis must follow it, after a space unless they begin with Han
        or kana.
        """
        end = self.emphasis_end
        if end == 0 or ESCAPED_COLON in self.searched[:end]:
            return None
        is_followed = is_han_or_kana(self.text[end : end + 1])
        if is_followed or FOLLOWING_WORDS_RE.match(self.text, end):
            return self.make_label(end, "")
        return None

    def labels(self) -> Iterator[Label]:
        """Yield the label up to each sign of the line, the shortest first.

        Before these, yield the label that ends with the emphasis, if there is one. An
        escaped colon ends the search. If the line begins with an escape, only colons
        end a label.
        """
        emphasised = self.find_emphasised()
        if emphasised is not None:
            yield emphasised
        words = WORDS_RE.match(self.text, self.start, self.start + MAX_LABEL_LENGTH)
        limit = words.end() if words else 0
        is_escaped = self.searched.startswith(ESCAPED_SIGN, self.start)
        for match in SIGN_RE.finditer(self.searched, self.start, limit):
            sign = match[0]
            if sign == ESCAPED_COLON:
                break
            if is_escaped and not is_colon(sign):
                continue
            label = self.make_label(match.start(), sign)
            if label.name:
                yield label

    def make_label(self, name_end: int, sign: str) -> Label:
        """Return the label that consists of a name and the sign at `name_end`."""
        name = self.text[self.start : name_end]
        if not name[-1:].isalpha():
            name = TRAILING_RE.sub("", name)
        end = name_end + len(sign)
        return Label(
            line=self.line,
            name=name,
            text=self.text[self.start : end],
            sign=sign,
            end=end,
            following=self.text[end : end + 1],
            is_emphasised=self.start + len(name) <= self.emphasis_end <= end,
        )

    def possible_name(self) -> str:
        """Return the line without time codes, if it may be only a name.

        Return "" if the line is too long for a name, or has an escaped sign.
        """
        if len(self.text) > MAX_NAME_LENGTH or self.searched != self.text:
            return ""
        return TRAILING_RE.sub("", self.text[self.start :])


def _mask_escapes(text: str, source: str) -> str:
    """Return `text` with other characters in place of the signs escaped in `source`."""
    if "\\" not in source:
        return text
    masked = list(text)
    if text and source.lstrip(" *_").startswith("\\"):
        masked[0] = ESCAPED_SIGN  # such as a bracket
    signs = [sign for sign in SOURCE_SIGN_RE.findall(source) if sign]
    for match, sign in zip(ESCAPABLE_RE.finditer(text), signs, strict=False):
        if sign.startswith("\\"):
            masked[match.start()] = ESCAPED_SIGN
            if is_colon(match[0]):
                masked[match.start()] = ESCAPED_COLON
    return "".join(masked)
