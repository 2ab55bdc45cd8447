"""Hostile texts, and a site that shows them."""

import re
import string
from collections import Counter
from pathlib import Path

from case_files import read_lines
from complete_front_matter import complete_front_matter
from flask.testing import FlaskClient
from hypothesis import settings
from served_page import Element, read_page
from werkzeug.test import TestResponse

from app import create_app
from app.reading.reader import read_statement

# A word that no page holds by itself. The comma makes the RIS file repeat the name.
INNOCENT = "xyzzy, plugh"

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


class EditableSite:
    """A site whose statement can be replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.client: FlaskClient | None = None

    def get(self, address: str) -> TestResponse:
        """Return the response at an address."""
        assert self.client
        response = self.client.get(address)
        assert response.status_code == 200
        return response

    def write(
        self,
        title: str = "Title",
        text: str = "Text.",
        heading: str = "Heading",
        front_matter: str = "",
        value: str = INNOCENT,
        address: str = "https://example.org/",
        language: str = "en",
    ) -> None:
        """Replace the statement; raise ContentError if it is rejected."""
        front_matter = front_matter or complete_front_matter(value, address, language)
        body = f"# {title}\n\nStart.\n\n{text}\n\n## {heading} {{#part}}\n\nEnd.\n"
        self.path.write_bytes(f"+++\n{front_matter}\n+++\n{body}".encode())
        read_statement(self.path)
        if self.client is None:
            # With DEBUG the app reads the file at each request.
            app = create_app({"STATEMENT": str(self.path), "DEBUG": True})
            self.client = app.test_client()

    def page(self, **parts: str) -> Element:
        """Replace the statement and return its page."""
        self.write(**parts)
        return read_page(self.get("/").text)


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
