"""A search for the words that are most like a text which does not occur."""

import unicodedata
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.site.publication_text import PublicationText

# Runs of characters that two texts share; one in STEP of the publication's is indexed.
RUN_LENGTH = 6
STEP = 3
# Frequent runs of characters find nothing; this bounds their number.
MOST_PLACES = 8
# Texts without a common run are compared at the beginning of a few lines.
COMPARED_LENGTH = 40
COMPARED_LINES = 5
LEAST_RATIO = 0.6


@dataclass(frozen=True)
class NearestPlace:
    """A place in the publication, and the lines that share words with the text."""

    start: int
    lines: set[int]


class NearestWords:
    """An index of the characters from `start` to `end` of a publication."""

    def __init__(self, publication: PublicationText, start: int, end: int) -> None:
        self._publication = publication
        self._start = start
        self._end = end
        first_line = bisect_left(publication.line_starts, start)
        last_line = bisect_left(publication.line_starts, end)
        self._line_starts = publication.line_starts[first_line:last_line]
        self._places: dict[str, list[int]] = {}
        for place in range(start, end - RUN_LENGTH + 1, STEP):
            run = publication.characters[place : place + RUN_LENGTH]
            places = self._places.setdefault(run, [])
            if len(places) < MOST_PLACES:
                places.append(place)

    def find(self, text: str, after: int) -> NearestPlace | None:
        """Return the place that is most like `text`, or None if none is.

        `after` is the end of the part before it, where it is expected to begin.
        """
        votes: dict[int, Counter[int]] = {}  # by the nearest beginning of a line
        shared: Counter[int] = Counter()  # the characters that each line shares
        for offset in range(len(text) - RUN_LENGTH + 1):
            for place in self._places.get(text[offset : offset + RUN_LENGTH], []):
                start = max(place - offset, self._start)
                line_start = self._nearest_line_start(start)
                votes.setdefault(line_start, Counter())[start] += 1
                shared[self._publication.line_at(place)] += STEP
        if votes:
            line_start = max(votes, key=lambda start: votes[start].total())
            if votes[line_start].total() * STEP * 4 >= len(text):
                [(estimate, _)] = votes[line_start].most_common(1)
                start = self._best_start(text, line_start, after, estimate)
                return NearestPlace(start, self._similar_lines(shared))
        similar = self._similar_start(text, after)
        if similar is None:
            return None
        return NearestPlace(similar, {self._publication.line_at(similar)})

    def _nearest_line_start(self, index: int) -> int:
        following = bisect_left(self._line_starts, index)
        starts = self._line_starts[max(following - 1, 0) : following + 1]
        if not starts:
            return self._start
        return min(starts, key=lambda start: abs(start - index))

    def _best_start(self, text: str, line_start: int, after: int, estimate: int) -> int:
        """Return the start after which the most characters equal those of `text`."""
        after_mark = self._publication.after_item_mark(line_start)
        best = line_start
        if estimate == after_mark:
            best = after_mark
        for start in (after_mark, after, estimate):
            if self.equal_length(text, start) > self.equal_length(text, best):
                best = start
        return best

    def equal_length(self, text: str, start: int) -> int:
        """Return how many characters from `start` on equal those of `text`."""
        characters = self._publication.characters[start : start + len(text)]
        for length, character in enumerate(characters):
            if character != text[length]:
                return length
        return len(characters)

    def _similar_lines(self, shared: Counter[int]) -> set[int]:
        """Return the lines of which a third or more is shared."""
        lines = set()
        for line, count in shared.items():
            start = self._publication.line_starts[line]
            if count * 3 >= self._publication.line_end(line) - start:
                lines.add(line)
        return lines

    def _similar_start(self, text: str, after: int) -> int | None:
        """Return the most similar of the next lines, compared without accents."""
        first = bisect_left(self._line_starts, after)
        starts = self._line_starts[first : first + COMPARED_LINES]
        if after < self._end:
            starts = [after, *starts]
        length = min(len(text), COMPARED_LENGTH)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(_letters(text[:length]))
        best = None
        best_ratio = LEAST_RATIO
        for line_start in starts:
            start = self._publication.after_item_mark(line_start)
            words = self._publication.characters[start : start + length]
            matcher.set_seq1(_letters(words))
            if matcher.quick_ratio() > best_ratio and matcher.ratio() > best_ratio:
                best = start
                best_ratio = matcher.ratio()
        return best


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    letters = []
    for character in decomposed:
        if not unicodedata.combining(character):
            letters.append(character)
    return "".join(letters).casefold()
