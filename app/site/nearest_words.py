"""A search for the words that are most like a text which does not occur."""

import unicodedata
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.site.publication_text import PublicationText

# Two texts are alike if they share runs of so many characters. Of the publication,
# one run in STEP characters is looked up, and none that occurs more often.
RUN_LENGTH = 9
STEP = 3
MOST_PLACES = 4
LEAST_SHARE = 0.25
# Texts without a common run are compared at the beginning of a few lines.
COMPARED_LENGTH = 40
COMPARED_LINES = 5
LEAST_RATIO = 0.6


@dataclass(frozen=True)
class NearestPlace:
    """Where a text seems to begin, and where the last words that it shares end."""

    start: int
    end: int


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
            if len(places) <= MOST_PLACES:
                places.append(place)

    def find(self, text: str, after: int) -> NearestPlace | None:
        """Return the place that is most like `text`, or None if none is.

        `after` is the end of the part before it, where it is expected to begin.
        """
        starts: Counter[int] = Counter()
        ends: dict[int, int] = {}
        for offset in range(len(text) - RUN_LENGTH + 1):
            places = self._places.get(text[offset : offset + RUN_LENGTH], [])
            if len(places) > MOST_PLACES:
                continue
            for place in places:
                start = max(place - offset, self._start)
                starts[start] += 1
                ends[start] = place + RUN_LENGTH
        line_start = self._frequent_line(text, starts)
        if line_start is None:
            return self._similar_line(text, after)
        estimate = line_start
        end = line_start
        for start, count in starts.items():
            if self._nearest_line_start(start) == line_start:
                end = max(end, ends[start])
                if count > starts[estimate]:
                    estimate = start
        return NearestPlace(self._best_start(text, line_start, after, estimate), end)

    def _frequent_line(self, text: str, starts: Counter[int]) -> int | None:
        """Return the line where `text` begins, or None if it shares too little.

        `starts` counts the shared runs by the place where `text` would begin. An
        insertion moves the place a little, so starts near one line are added.
        """
        by_line: Counter[int] = Counter()
        for start, count in starts.items():
            by_line[self._nearest_line_start(start)] += count
        for line_start, count in by_line.most_common(1):
            if count * STEP >= len(text) * LEAST_SHARE:
                return line_start
        return None

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

    def _similar_line(self, text: str, after: int) -> NearestPlace | None:
        """Return the most similar of the next lines, with accents apart."""
        first = bisect_left(self._line_starts, after)
        starts = self._line_starts[first : first + COMPARED_LINES]
        starts = [after, *starts]
        length = min(len(text), COMPARED_LENGTH)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(_decompose(text[:length]))
        best = None
        best_ratio = LEAST_RATIO
        for line_start in starts:
            start = self._publication.after_item_mark(line_start)
            if start >= self._end:
                continue
            words = self._publication.characters[start : start + length]
            matcher.set_seq1(_decompose(words))
            if matcher.quick_ratio() > best_ratio and matcher.ratio() > best_ratio:
                best = NearestPlace(start, start)
                best_ratio = matcher.ratio()
        return best


def _decompose(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold()
