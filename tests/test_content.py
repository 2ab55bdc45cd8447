"""The published statement: its words, its ids and the parts of its page."""

from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from served_page import Element, read_page

CONTENT = Path(__file__).parent.parent / "content"

# These are permanent: a line may be added, but none changed.
SECTIONS = [
    ("meeting", "The meeting", ["p1"]),
    ("coordination", "Coordination on the ground", ["p2"]),
    ("return-of-refugees", "Return of refugees", ["p3"]),
    (
        "political-process",
        "Political process and the Constitutional Committee",
        ["p4", "p5"],
    ),
    ("thanks", "Thanks", ["p6"]),
]


@pytest.fixture
def page(client: FlaskClient) -> Element:
    return read_page(client.get("/").text)


def lines_of_the_publication() -> list[str]:
    """Return its date, title, languages, six paragraphs and two lines of its site."""
    text = (CONTENT / "published.txt").read_bytes().decode()
    return [line for line in text.split("\n") if line.strip()]


def test_the_served_words_are_the_published_ones(page: Element) -> None:
    date, title, languages, *paragraphs, materials, menu = lines_of_the_publication()
    assert date == "29 December 201817:33"
    assert languages.split()[1:] == ["en-GB1", "ru-RU1"]
    assert (materials, menu) == ("Additional materials", "Advanced settings")
    served = [page.one("h1"), *page.part("statement").find("p")]
    assert [block.text for block in served] == [title, *paragraphs]


def test_the_statement_contains_only_its_paragraphs_and_headings(
    page: Element,
) -> None:
    statement = page.part("statement")
    words = ""
    for element in statement.all:
        assert element.tag in ("section", "h2", "p", "a")
        if element.tag in ("h2", "p"):
            words += element.text
    assert "".join(statement.text.split()) == "".join(words.split())


def test_every_published_id_is_that_of_the_same_part(page: Element) -> None:
    found = []
    for section in page.one("article").find("section"):
        ids = [paragraph.attributes["id"] for paragraph in section.find("p")]
        found.append((section.attributes["id"], section.one("h2").text, ids))
    assert found == SECTIONS


def test_the_head_has_kind_date_place_title_speaker_and_languages(
    page: Element,
) -> None:
    head = " ".join(page.part("top").text.split())
    assert head.startswith(
        "Statement for the media 29 December 2018, 17:33, Moscow"
        " Foreign Minister Sergey Lavrov's"
    )
    assert head.endswith(
        "Sergey Lavrov, Foreign Minister Published in English (this version), Russian"
    )
    assert page.find("time")[0].attributes["datetime"] == "2018-12-29T17:33:00"


def test_additional_materials_have_the_publication_and_no_other_title(
    page: Element,
) -> None:
    first, *others = page.part("additional-materials").find("ul")[0].find("a")
    assert first.text == "The original publication"
    assert first.attributes["href"].startswith("https://www.mid.ru/en_GB/")
    assert [link.text for link in others] == ["Markdown", "JSON"]


def test_the_served_markdown_is_the_file(client: FlaskClient) -> None:
    response = client.get("/statement.md")
    assert response.data == (CONTENT / "statement.md").read_bytes()
    assert response.content_type == "text/markdown; charset=utf-8"


def test_there_is_one_title_and_no_level_of_headings_is_left_out(
    page: Element,
) -> None:
    levels = []
    for element in page.all:
        if element.tag in ("h1", "h2", "h3", "h4"):
            levels.append(int(element.tag[1]))
    assert levels[0] == 1
    assert levels.count(1) == 1
    for level, next_level in pairwise(levels):
        assert next_level <= level + 1
