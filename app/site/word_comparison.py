"""The comparison of the words of a statement with the text of its publication.

Each part of the statement is searched for between the parts found before and after
it. A part that is not found there is compared with the most similar words there.
Each line of the publication must be on the page completely or not at all.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from app.errors import ContentError
from app.site.compared_text import (
    ComparedPart,
    PublicationText,
    compared_parts,
    edition_headings,
    excerpt,
    expected_facts,
    other_words,
    similarity_key,
    without_spaces,
)
from app.site.differences import common_length
from app.statement import Statement

# Replaces each character of the publication that is on the page. The text cannot
# contain it, since PublicationText removes control characters.
ON_PAGE = "\0"
# The reader rejects U+F0B7, the bullet of Word's Symbol font.
BULLET = r"[•\uf0b7]"
NUMBER = r"(?:[0-9]+\.|\((?:[^\W\d_]|[ivx]+|[0-9]+)\))\s"
DASH = r"[-–]\s"
BEGINNING_RE = re.compile(rf"^|(?<!\S)(?:{BULLET}|{NUMBER}|{DASH})", re.MULTILINE)
PARAGRAPH_NUMBER_RE = re.compile(rf"\s*[0-9]+\.\s[{ON_PAGE}\s]+")
# The dashes that may precede an item, as they are written in a statement.
DASHES = {"-": r"\-", "–": "–"}
# Private-use characters, tags, U+FFFD, and others that the reader rejects.
UNUSABLE_RE = re.compile(
    "[\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\uffff\U000e0000-\U000e00ff"
    "\U000e01f0-\U0010ffff]"
)
# A part that differs is assumed to begin where its first OPENING_LENGTH characters
# are. Otherwise, it is compared with up to MAX_PLACES beginnings of lines and items,
# by SIMILAR_LENGTH characters.
OPENING_LENGTH = 20
SIMILAR_LENGTH = 40
MIN_SIMILARITY = 0.5
MAX_PLACES = 100
# A part that differs is assumed to end where its last characters are.
ENDING_LENGTH = 15

CORRECT_FIX = "correct the statement, or copy the publication again"
ORDER_FIX = "put the parts of the statement in the order of the publication"
UNUSABLE_FIX = (
    "a statement must not contain this character: replace it in the text of the"
    " publication by the character that the publication shows"
)
ADD_FIX = (
    "add it to the statement, with \\ before a mark of Markdown, or copy the"
    " publication again"
)
NUMBER_FIX = (
    "if the publication numbers its paragraphs, write the number before the"
    ' paragraph and numbers = "publication" in the front matter'
)
ABSENT_FIX = "add it if it belongs to the statement"
DASH_FIX = "if it is part of the words, write a paragraph that begins with "
HEADING_FIX = (
    "if the headings are the publication's, write"
    ' headings = "publication" in the front matter'
)
FACT_FIX = "check the front matter"


@dataclass(frozen=True)
class Finding:
    """An error or a warning. `line` is 0 if it concerns no single line.

    A warning may concern words that are not part of the statement, such as a menu.
    """

    line: int
    error: ContentError
    is_warning: bool


class Span(NamedTuple):
    """A range of characters of the publication."""

    start: int
    end: int


class WordComparison:
    """The differences between a statement and the text of its publication.

    `findings` are in the order of the lines.
    """

    def __init__(self, statement: Statement, publication: PublicationText) -> None:
        self.findings: list[Finding] = []
        self._publication = publication
        self._characters = publication.characters
        self._parts = list(compared_parts(statement))
        # Where each part, or the words that differ from it, are in the publication.
        self._spans: list[Span | None] = [None] * len(self._parts)
        # The text of the publication, with ON_PAGE for the words that are on the page.
        self._remaining = list(publication.text)
        # The places where a line or the words of an item may begin, in order. The
        # value is the place of the mark before the words, or the same place.
        self._beginnings: dict[int, int] = {}
        for match in BEGINNING_RE.finditer(publication.text):
            start = bisect_left(publication.offsets, match.start())
            end = bisect_left(publication.offsets, match.end())
            self._beginnings.setdefault(end, start)
        self._find_parts()
        for index, part in enumerate(self._parts):
            if self._spans[index] is None:
                self._explain_missing_part(index, part)
        self._remove_item_marks()
        self._compare_lines(other_words(statement), edition_headings(statement))
        for name, value in expected_facts(statement.publication):
            if without_spaces(value) not in self._characters:
                problem = f"the {name}, “{value}”, is not in the publication"
                self._add(0, problem, FACT_FIX, is_warning=True)
        self.findings.sort(key=lambda finding: finding.line)

    def _add(self, line: int, problem: str, fix: str, is_warning: bool = False) -> None:
        location = self._publication.name
        if line:
            location += f":{line}"
        error = ContentError.at(location, problem, fix)
        self.findings.append(Finding(line, error, is_warning))

    def _find_parts(self) -> None:
        """Find the parts that the publication contains in the same order.

        Parts that occur once are placed first, the longest before the others, since
        they limit where a repeated part can be.
        """
        unique = []
        repeated = []
        for index, part in enumerate(self._parts):
            first = self._characters.find(part.characters)
            if first == self._characters.rfind(part.characters):
                unique.append(index)
            else:
                repeated.append(index)
        unique.sort(key=lambda index: len(self._parts[index].characters), reverse=True)
        for index in unique + repeated:
            span = self._find(self._parts[index], self._window(index))
            if span:
                self._set_span(index, span)

    def _set_span(self, index: int, span: Span) -> None:
        self._spans[index] = span
        self._mark_on_page(span)

    def _window(self, index: int) -> Span:
        """Return the characters between the parts found before and after a part."""
        ends = [span.end for span in self._spans[:index] if span]
        starts = [span.start for span in self._spans[index + 1 :] if span]
        return Span(max(ends, default=0), min(starts, default=len(self._characters)))

    def _find(self, part: ComparedPart, window: Span) -> Span | None:
        """Return where the words of a part are in `window`, or None.

        The first place where a line or item begins is preferred to one inside a line.
        """
        length = len(part.characters)
        first = self._characters.find(part.characters, window.start, window.end)
        start = first
        while start >= 0:
            if start == window.start or start in self._beginnings:
                return Span(start, start + length)
            start = self._characters.find(part.characters, start + 1, window.end)
        if first < 0:
            return None
        return Span(first, first + length)

    def _mark_on_page(self, span: Span) -> None:
        """Mark the characters in `span` as being on the page."""
        for offset in self._publication.offsets[span.start : span.end]:
            self._remaining[offset] = ON_PAGE

    def _is_on_page(self, index: int) -> bool:
        return self._remaining[self._publication.offsets[index]] == ON_PAGE

    def _explain_missing_part(self, index: int, part: ComparedPart) -> None:
        """Add the error for a part that differs, is in another order, or is missing."""
        window = self._window(index)
        nearest = self._nearest(part, window)
        moved = self._find_elsewhere(part)
        if moved:
            self._mark_on_page(moved)
            line = self._publication.line_number(moved.start)
            problem = f"{part.name}, {excerpt(part.text)}, is in another order"
            self._add(line, problem, ORDER_FIX)
        elif nearest is not None:
            self._set_span(index, self._report_difference(part, nearest, window.end))
        else:
            line = self._publication.line_number(max(window.start - 1, 0))
            problem = f"{part.name}, {excerpt(part.text)}, is not in the publication"
            if window.start:
                problem += ", after this line"
            self._add(line, problem, CORRECT_FIX)

    def _find_elsewhere(self, part: ComparedPart) -> Span | None:
        """Return where a line or item, not on the page yet, begins with a part."""
        span = self._find(part, Span(0, len(self._characters)))
        if span and span.start in self._beginnings and not self._is_on_page(span.start):
            return span
        return None

    def _nearest(self, part: ComparedPart, window: Span) -> int | None:
        """Return the place in `window` that is most similar to a part, or None."""
        opening = part.characters[:OPENING_LENGTH]
        start = self._characters.find(opening, window.start, window.end)
        if start == window.start or start in self._beginnings:
            return start
        length = min(len(part.characters), SIMILAR_LENGTH)
        candidates: dict[str, int] = {}
        for place in [window.start, *self._beginnings]:
            if window.start <= place < window.end and len(candidates) < MAX_PLACES:
                end = min(place + length, window.end)
                key = similarity_key(self._characters[place:end])
                candidates.setdefault(key, place)
        key = similarity_key(part.characters[:length])
        matches = get_close_matches(key, candidates, 1, MIN_SIMILARITY)
        return candidates[matches[0]] if matches else None

    def _report_difference(self, part: ComparedPart, start: int, end: int) -> Span:
        """Add the error for a part that differs from the publication at `start`.

        Return the span of the words in its place, which ends at `end` or earlier.
        """
        end = min(end, start + 2 * len(part.characters))
        published = self._characters[start:end]
        length = common_length(part.characters, published)
        place = start + length
        problem = (
            f"{part.name} differs:"
            f" the publication has {self._publication.excerpt_at(start, place)};"
            f" the page has {part.excerpt_at(0, length)}"
        )
        fix = CORRECT_FIX
        if UNUSABLE_RE.match(self._characters, place):
            fix = UNUSABLE_FIX
        self._add(self._publication.line_number(place), problem, fix)
        ending = part.characters[-ENDING_LENGTH:]
        before, found, _ = published[length:].partition(ending)
        if found:
            return Span(start, place + len(before + found))
        rest_of_line = without_spaces(self._publication.line_from(place))
        return Span(start, min(end, place + len(rest_of_line)))

    def _remove_item_marks(self) -> None:
        """Mark the bullets and numbers of items as on the page, and warn of dashes."""
        for part, span in zip(self._parts, self._spans, strict=True):
            if part.is_item and span:
                mark = self._beginnings.get(span.start, span.start)
                if mark in self._beginnings or self._is_on_page(mark - 1):
                    self._warn_of_dash(mark, part)
                    self._mark_on_page(Span(mark, span.start))

    def _warn_of_dash(self, mark: int, item: ComparedPart) -> None:
        dash = self._characters[mark]
        if dash in DASHES and not self._is_on_page(mark):
            line = self._publication.line_number(mark)
            words = f"{item.name}, {excerpt(item.text)}"
            problem = f"the “{dash}” before {words}, is not on the page"
            self._add(line, problem, DASH_FIX + DASHES[dash], is_warning=True)

    def _compare_lines(self, other_words: set[str], headings: set[str]) -> None:
        """Report the words of each line that are not on the page.

        Add an error if the rest of the line is on the page, or else a warning. A line
        in `other_words` is ignored.
        """
        lines = "".join(self._remaining).split("\n")
        for number, line in enumerate(lines, 1):
            words = line.replace(ON_PAGE, " ")
            characters = without_spaces(words)
            if not characters:
                continue
            if ON_PAGE in line:
                fix = ADD_FIX
                if PARAGRAPH_NUMBER_RE.fullmatch(line):
                    fix = NUMBER_FIX
                problem = "is not on the page, but the rest of this line is"
                self._add(number, f"{excerpt(words)} {problem}", fix)
            elif characters in headings:
                problem = f"{excerpt(words)} is a heading of this edition"
                self._add(number, problem, HEADING_FIX, is_warning=True)
            elif characters not in other_words:
                problem = f"not on the page: {excerpt(words)}"
                self._add(number, problem, ABSENT_FIX, is_warning=True)
