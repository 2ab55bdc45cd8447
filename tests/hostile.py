"""Hostile texts, and the checks of the pages that show them."""

import re
import string
from collections import Counter

from case_files import read_lines
from hypothesis import settings
from served_page import Element

CODE_POINT_RE = re.compile(r"<U\+(\w{4})>")
LINK_RE = re.compile("https?://|mailto:|#")


def attacks() -> list[str]:
    """Return the attacks in tests/cases/attacks.txt."""
    found = []
    for line in read_lines("attacks.txt"):
        found.append(CODE_POINT_RE.sub(_character, line.replace("⏎", "\n")))
    return found


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def as_shown(text: str) -> str:
    """Return the text as HTML shows its white space."""
    return re.sub("[ \t\n\f\r]+", " ", text).strip(" ")


def escaped(text: str) -> str:
    """Return the text as Markdown, with a backslash before each ASCII punctuation."""
    return re.sub(rf"([{re.escape(string.punctuation)}])", r"\\\1", text)


def run_examples(count: int) -> settings:
    """Return the settings of a property that runs this many examples."""
    return settings(max_examples=count, database=None)


def shape(elements: list[Element]) -> Counter[tuple[str, ...]]:
    """Return how often each tag occurs with each set of attributes.

    `dir` is left out: it depends on the direction of the text.
    """
    found = []
    for element in elements:
        found.append((element.tag, *sorted(element.attributes.keys() - {"dir"})))
    return Counter(found)


def assert_only_text(page: Element, ordinary_page: Element) -> None:
    """Assert that a value has neither added nor changed an element."""
    assert shape(page.all) == shape(ordinary_page.all)


def assert_only_blocks(
    page: Element, ordinary_page: Element, text_elements: set[tuple[str, ...]]
) -> None:
    """Assert that a text has only added elements of a text, inside the statement."""
    inside = page.part("statement")
    ordinary_inside = ordinary_page.part("statement")
    outside = shape(page.all) - shape(inside.all)
    assert outside == shape(ordinary_page.all) - shape(ordinary_inside.all)
    assert shape(inside.all).keys() <= text_elements
    for link in inside.find("a"):
        assert LINK_RE.match(link.attributes["href"])
    assert page.part("part").words.endswith("End.")
