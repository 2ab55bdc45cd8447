"""The text of a publication, as copied from its page into a plain text file."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.errors import ContentError

# Spaces, line breaks, and the characters that a statement must not contain:
# control characters and directional embeddings and overrides.
NOT_COMPARED = r"\s\x00-\x1f\x7f-\x9f\u202a-\u202e"
COMPARED_RE = re.compile(f"[^{NOT_COMPARED}]+")
NOT_COMPARED_RE = re.compile(f"[{NOT_COMPARED}]+")
# The reader rejects U+F0B7, the bullet of Word's Symbol font.
BULLET = r"[•\uf0b7]\s*"
NUMBER = r"(?:[0-9]+\.|\((?:[^\W\d_]|[ivx]+|[0-9]+)\))\s+"
DASH = r"[-–]\s+"
ITEM_MARK_RE = re.compile(f"{BULLET}|{NUMBER}|{DASH}")
# The number of characters by which texts are looked up; longer texts share a key.
KEY_LENGTH = 32
# The number of characters shown before a difference, and after it.
EXCERPT_LENGTH = 30
SHORTENED_LENGTH = 60


def one_line(text: str) -> str:
    """Return `text` with one space for each run of characters not compared."""
    return NOT_COMPARED_RE.sub(" ", text).strip()


def code_points(characters: str, index: int) -> str:
    """Return the character at `index`: "U+201C LEFT DOUBLE QUOTATION MARK".

    Combining marks after it are added.
    """
    if index >= len(characters):
        return "the end of the text"
    end = index + 1
    while end < len(characters) and is_combining(characters[end]):
        end += 1
    names = []
    for character in characters[index:end]:
        name = unicodedata.name(character, "")
        names.append(f"U+{ord(character):04X} {name}".rstrip())
    return " and ".join(names)


def is_combining(character: str) -> bool:
    """Return whether `character` is one character that belongs to the one before."""
    return character != "" and unicodedata.combining(character) > 0


def shorten(text: str) -> str:
    """Return `text` in one line and quotation marks, cut if it is long."""
    text = one_line(text)
    if len(text) > SHORTENED_LENGTH:
        text = text[: SHORTENED_LENGTH - 1] + "…"
    return f"“{text}”"


@dataclass(frozen=True)
class ComparedText:
    """A text and its characters without spaces and line breaks.

    `offsets` are the indexes of `characters` in `text`.
    """

    text: str
    characters: str
    offsets: list[int]

    @classmethod
    def of(cls, text: str) -> "ComparedText":
        """Return `text` with its characters that are compared."""
        characters = []
        offsets: list[int] = []
        for match in COMPARED_RE.finditer(text):
            characters.append(match[0])
            offsets.extend(range(match.start(), match.end()))
        return cls(text, "".join(characters), offsets)

    def excerpt(self, first: int, index: int) -> str:
        """Return the words around the character at `index`, in quotation marks.

        They begin at the character `first`, or later, and end with the line, or
        earlier. “…” is where they are cut.
        """
        if index >= len(self.offsets):
            offset = len(self.text)
            line_end = offset
        else:
            offset = self.offsets[index]
            line_end = self.text.find("\n", offset)
            if line_end < 0:
                line_end = len(self.text)
        start = self.offsets[min(first, len(self.offsets) - 1)]
        before = ""
        after = ""
        if offset - start > EXCERPT_LENGTH:
            # Begin with a whole word, if one begins before the character.
            start = self._after_space(offset - EXCERPT_LENGTH, offset)
            before = "…"
        if line_end - offset > EXCERPT_LENGTH:
            line_end = self._before_space(offset, offset + EXCERPT_LENGTH)
            after = "…"
        return f"“{before}{one_line(self.text[start:line_end])}{after}”"

    def _after_space(self, start: int, end: int) -> int:
        match = re.search(r"\s", self.text[start:end])
        return start + match.end() if match else start

    def _before_space(self, start: int, end: int) -> int:
        match = re.search(r"\s\S*$", self.text[start:end])
        return start + match.start() if match and match.start() else end


@dataclass(frozen=True)
class Occurrence:
    """One place where a text occurs; `start` and `end` are indexes of characters."""

    characters: str
    start: int

    @property
    def end(self) -> int:
        """Return the index after the last character."""
        return self.start + len(self.characters)


class PublicationText:
    """The text of a publication. Indexes are those of `content.characters`."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.content = ComparedText.of(re.sub("\r\n?", "\n", text))
        self.characters = self.content.characters
        # The index of the first character of each line that is not empty.
        self.line_starts: list[int] = []
        self._line_numbers: list[int] = []
        index = 0
        for number, line in enumerate(self.content.text.split("\n"), 1):
            length = sum(len(run) for run in COMPARED_RE.findall(line))
            if length:
                self.line_starts.append(index)
                self._line_numbers.append(number)
            index += length

    def line_at(self, index: int) -> int:
        """Return the index in `line_starts` of the line that contains a character."""
        return max(bisect_right(self.line_starts, index) - 1, 0)

    def line_end(self, line: int) -> int:
        """Return the index after the last character of a line."""
        if line + 1 < len(self.line_starts):
            return self.line_starts[line + 1]
        return len(self.characters)

    def location(self, index: int) -> str:
        """Return the file and line of a character: "published.txt:5"."""
        return f"{self.name}:{self._line_numbers[self.line_at(index)]}"

    def words(self, start: int, end: int) -> str:
        """Return the text from one character up to another, with single spaces."""
        offsets = self.content.offsets
        return one_line(self.content.text[offsets[start] : offsets[end - 1] + 1])

    def after_item_mark(self, index: int) -> int:
        """Return the index after the mark of a list item at `index`.

        Without a mark there, return `index`.
        """
        if index >= len(self.characters):
            return index
        match = ITEM_MARK_RE.match(self.content.text, self.content.offsets[index])
        if match is None:
            return index
        return index + len("".join(match[0].split()))

    def occurrences(self, texts: Iterable[str]) -> list[Occurrence]:
        """Return in order where `texts`, without spaces, occur.

        A text must begin with a line, or directly after another one. A mark of a
        list item may precede it. Of several texts at one place, the longest counts.
        """
        finder = TextFinder(texts)
        found: list[Occurrence] = []
        index = 0
        for line_start in self.line_starts:
            if line_start < index:
                continue
            index = line_start
            occurrence = self._occurrence_at(index, finder)
            while occurrence is not None:
                found.append(occurrence)
                index = occurrence.end
                occurrence = self._occurrence_at(index, finder)
        return found

    def _occurrence_at(self, index: int, finder: "TextFinder") -> Occurrence | None:
        for start in (index, self.after_item_mark(index)):
            text = finder.longest_at(self.characters, start)
            if text:
                return Occurrence(text, start)
        return None


class TextFinder:
    """Texts that can be looked up by their first characters."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts: dict[str, list[str]] = {}
        for text in sorted(set(texts), key=len, reverse=True):
            self._texts.setdefault(text[:KEY_LENGTH], []).append(text)
        self._key_lengths = sorted({len(key) for key in self._texts}, reverse=True)

    def longest_at(self, characters: str, index: int) -> str | None:
        """Return the longest of the texts that `characters` contains at `index`."""
        for length in self._key_lengths:
            key = characters[index : index + length]
            for text in self._texts.get(key, []):
                if characters.startswith(text, index):
                    return text
        return None


def read_publication(path: Path) -> PublicationText:
    """Return the text in the file at `path`.

    Raises ContentError if it cannot be read, is not text in UTF-8, or is empty.
    """
    name = str(path)
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        fix = "name a text file that this user can read"
        raise ContentError.at(name, reason, fix) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError.at(
            f"{name}:{line}",
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            "save the publication as plain text in UTF-8",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ContentError.at(
            f"{name}:{line}",
            "contains a NUL character (U+0000)",
            "save the publication as plain text in UTF-8",
        )
    publication = PublicationText(name, text)
    if not publication.characters:
        fix = "copy the whole text of the publication's page into it"
        raise ContentError.at(name, "the file is empty", fix)
    return publication
