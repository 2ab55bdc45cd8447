"""The comparison of the words of a statement with the text of its publication.

The text is first divided into the parts of the statement that occur in it. The
two sequences of parts are then compared as a program compares the lines of two
files. A part that is left over is compared with the words in the same place. Each
line of the text must be on the page as a whole, or not at all.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.errors import ContentError
from app.site.nearest_words import NearestPlace, NearestWords
from app.site.publication_text import (
    Occurrence,
    PublicationText,
    code_points,
    is_combining,
    shorten,
)
from app.site.statement_words import (
    ComparedPart,
    compared_parts,
    edition_headings,
    other_words,
    searched_facts,
)
from app.statement import Statement

# The dashes that may precede an item, as they are written in a statement.
DASHES = {"-": r"\-", "–": "–"}
# Private-use characters, noncharacters, tags, and U+FFFD for an unreadable one.
UNUSABLE_RE = re.compile(
    "[\ue000-\uf8ff\ufdd0-\ufdef\ufffd-\uffff\U000e0000-\U000e00ff"
    "\U000f0000-\U0010ffff]"
)

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
DASH_FIX = "if it is part of the words, write a paragraph that begins with {dash}"
HEADING_FIX = (
    "if the headings are the publication's, write"
    ' headings = "publication" in the front matter'
)
FACT_FIX = "check this key of the front matter"


@dataclass(frozen=True)
class Finding:
    """A difference between the page and the publication.

    `place` is the index of a character of the publication. A warning may concern
    words that are not part of the statement, such as a menu.
    """

    place: int
    error: ContentError
    is_warning: bool


class WordComparison:
    """The differences between a statement and the text of its publication."""

    def __init__(self, statement: Statement, publication: PublicationText) -> None:
        self._facts = searched_facts(statement.publication)
        self._other_words = other_words(statement)
        self._edition_headings = edition_headings(statement)
        self._publication = publication
        self._characters = publication.characters
        self._findings: list[Finding] = []
        # The parts that occur, in order, by the place where each begins.
        self._found: dict[int, ComparedPart] = {}
        # The lines that a difference of a part has been reported for.
        self._reported_lines: set[int] = set()
        self._compare_parts(compared_parts(statement))
        self._compare_lines()
        self._compare_facts()
        self._findings.sort(key=lambda finding: finding.place)

    @property
    def errors(self) -> list[ContentError]:
        """Return an error for each difference in words, in order."""
        return [found.error for found in self._findings if not found.is_warning]

    @property
    def warnings(self) -> list[str]:
        """Return a message for all else that should be looked at, in order."""
        return [found.error.message for found in self._findings if found.is_warning]

    def _add(self, place: int, problem: str, fix: str, warning: bool = False) -> None:
        location = self._publication.location(place)
        error = ContentError.at(location, problem, fix)
        self._findings.append(Finding(place, error, warning))

    def _compare_parts(self, parts: list[ComparedPart]) -> None:
        texts = [part.characters for part in parts]
        occurrences = self._publication.occurrences(texts)
        matches = _align(texts, occurrences)
        elsewhere = {found.characters: found for found in occurrences}
        for match in matches:
            if match is not None:
                elsewhere.pop(match.characters, None)
        missing: list[ComparedPart] = []
        end = 0
        for part, match in zip(parts, matches, strict=True):
            if match is None and part.characters in elsewhere:
                self._report_moved(part, elsewhere[part.characters])
            elif match is None:
                missing.append(part)
            else:
                self._explain(missing, end, match.start)
                missing = []
                self._found[match.start] = part
                end = match.end
        self._explain(missing, end, len(self._characters))

    def _explain(self, parts: list[ComparedPart], start: int, end: int) -> None:
        """Report how each of `parts` differs from the publication.

        They are expected between the characters `start` and `end`.
        """
        if not parts:
            return
        nearest_words = NearestWords(self._publication, start, end)
        for part in parts:
            nearest = nearest_words.find(part.characters, start)
            if nearest is None:
                self._report_missing(part, start)
                continue
            length = nearest_words.equal_length(part.characters, nearest.start)
            if length < len(part.characters):
                self._report_difference(part, nearest, length)
            elif start <= nearest.start <= end - length:
                # It is exact, but begins inside a line, after other words.
                self._found[nearest.start] = part
                start = nearest.start + length
            else:
                self._report_missing(part, start)

    def _report_missing(self, part: ComparedPart, expected: int) -> None:
        place = max(expected - 1, 0)
        problem = f"{part.name}, {shorten(part.content.text)}, is not in"
        if expected:
            problem += " the publication, after this line"
        else:
            problem += " the publication"
        self._add(place, problem, CORRECT_FIX)

    def _report_moved(self, part: ComparedPart, occurrence: Occurrence) -> None:
        first = self._publication.line_at(occurrence.start)
        last = self._publication.line_at(occurrence.end - 1)
        self._reported_lines.update(range(first, last + 1))
        problem = f"{part.name}, {shorten(part.content.text)}, is in another order"
        self._add(occurrence.start, problem, ORDER_FIX)

    def _report_difference(
        self, part: ComparedPart, nearest: NearestPlace, length: int
    ) -> None:
        """Report that a part equals the publication for `length` characters only."""
        place = nearest.start + length
        last = len(self._characters) - 1
        first_line = self._publication.line_at(nearest.start)
        last_line = self._publication.line_at(max(place, nearest.end - 1))
        self._reported_lines.update(range(first_line, last_line + 1))
        published = self._publication.content.excerpt(nearest.start, place)
        page = part.content.excerpt(0, length)
        # An accent is shown with its letter.
        while length and (
            is_combining(self._characters[place : place + 1])
            or is_combining(part.characters[length])
        ):
            place -= 1
            length -= 1
        published_code = code_points(self._characters, place)
        page_code = code_points(part.characters, length)
        problem = (
            f"{part.name} differs: the publication has {published}, {published_code};"
            f" the page has {page}, {page_code}"
        )
        fix = CORRECT_FIX
        if UNUSABLE_RE.match(self._characters, place):
            fix = UNUSABLE_FIX
        self._add(min(place, last), problem, fix)

    def _compare_lines(self) -> None:
        """Report each line, or each piece of a line, that is not on the page."""
        end = 0
        for start in sorted(self._found):
            part = self._found[start]
            self._compare_uncovered(end, self._mark_start(part, start, end))
            end = start + len(part.characters)
        self._compare_uncovered(end, len(self._characters))

    def _mark_start(self, part: ComparedPart, start: int, previous_end: int) -> int:
        """Return where the mark before a list item begins, or the item without one.

        The mark follows the part before it, or begins this line or the one before.
        """
        if not part.is_item:
            return start
        line = self._publication.line_at(start)
        line_starts = self._publication.line_starts
        for place in (previous_end, line_starts[line], line_starts[max(line - 1, 0)]):
            if place < start and self._publication.after_item_mark(place) == start:
                self._check_dash(place, part)
                return place
        return start

    def _check_dash(self, place: int, item: ComparedPart) -> None:
        """Report a dash before an item, which may be part of the words."""
        dash = self._characters[place]
        if dash in DASHES:
            words = shorten(item.content.text)
            problem = f"the “{dash}” before {item.name}, {words}, is not on the page"
            fix = DASH_FIX.format(dash=DASHES[dash])
            self._add(place, problem, fix, warning=True)

    def _compare_uncovered(self, start: int, end: int) -> None:
        """Report the lines between two parts."""
        if start >= end:
            return
        first = self._publication.line_at(start)
        last = self._publication.line_at(end - 1)
        for line in range(first, last + 1):
            line_start = self._publication.line_starts[line]
            line_end = self._publication.line_end(line)
            if line in self._reported_lines:
                continue
            if start <= line_start and line_end <= end:
                self._report_absent_line(line_start, line_end)
            else:
                self._report_partial_line(max(start, line_start), min(end, line_end))

    def _report_absent_line(self, start: int, end: int) -> None:
        characters = self._characters[start:end]
        words = shorten(self._publication.words(start, end))
        if characters in self._edition_headings:
            problem = f"{words} is a heading of this edition"
            self._add(start, problem, HEADING_FIX, warning=True)
        elif characters not in self._other_words:
            problem = f"not on the page: {words}"
            self._add(start, problem, ABSENT_FIX, warning=True)

    def _report_partial_line(self, start: int, end: int) -> None:
        words = self._publication.words(start, end)
        fix = ADD_FIX
        is_mark = self._publication.after_item_mark(start) == end
        if is_mark and words.rstrip(".").isdecimal():
            fix = NUMBER_FIX
        problem = f"{shorten(words)} is not on the page, but the rest of this line is"
        self._add(start, problem, fix)

    def _compare_facts(self) -> None:
        for key, fact in self._facts:
            if fact.characters not in self._characters:
                problem = f"{key} = “{fact.text}” is not in the publication"
                error = ContentError.at(self._publication.name, problem, FACT_FIX)
                self._findings.append(Finding(-1, error, is_warning=True))


def _align(texts: list[str], occurrences: list[Occurrence]) -> list[Occurrence | None]:
    """Return for each of `texts` where it occurs, in the same order, or None."""
    found = [occurrence.characters for occurrence in occurrences]
    matches: list[Occurrence | None] = [None] * len(texts)
    matcher = SequenceMatcher(None, texts, found, autojunk=False)
    for block in matcher.get_matching_blocks():
        for index in range(block.size):
            matches[block.a + index] = occurrences[block.b + index]
    if None in matches:
        # SequenceMatcher prefers long blocks, and may miss that all texts occur.
        return _match_all(texts, occurrences) or matches
    return matches


def _match_all(
    texts: list[str], occurrences: list[Occurrence]
) -> list[Occurrence | None]:
    """Return the first place of each text after the one before it.

    If a text does not occur there, return an empty list.
    """
    matches: list[Occurrence | None] = []
    remaining = iter(occurrences)
    for text in texts:
        for occurrence in remaining:
            if occurrence.characters == text:
                matches.append(occurrence)
                break
        else:
            return []
    return matches
