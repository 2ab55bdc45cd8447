from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from served_page import Element, read_page

CONTENT = Path(__file__).parent.parent / "content"

# Published for ever: a line may be added, none changed.
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


def published() -> list[str]:
    """Return the blocks of the publication: date, title, languages, six paragraphs, and the old site's furniture."""
    lines = (CONTENT / "published.txt").read_bytes().decode().split("\n")
    return [line for line in lines if line.strip()]


def test_the_served_words_are_the_published_ones(
    page: Element,
) -> None:
    when, title, languages, *paragraphs, materials, settings = published()
    assert (when, languages.split()[1:]) == (
        "29 December 201817:33",
        ["en-GB1", "ru-RU1"],
    )
    assert (materials, settings) == ("Additional materials", "Advanced settings")
    served = [page.one("h1"), *page.part("statement").find("p")]
    assert [block.text for block in served] == [title, *paragraphs]


def test_the_statement_contains_only_its_paragraphs_and_headings(
    page: Element,
) -> None:
    statement = page.part("statement")
    assert {element.tag for element in statement.all} == {
        "section",
        "h2",
        "p",
        "a",
    }
    words = "".join(block.text for block in statement.all if block.tag in ("h2", "p"))
    assert "".join(statement.text.split()) == "".join(words.split())


def test_every_published_id_is_that_of_the_same_part(page: Element) -> None:
    sections = page.one("article").find("section")
    found = []
    for section in sections:
        ids = [paragraph.attributes["id"] for paragraph in section.find("p")]
        found.append((section.attributes["id"], section.one("h2").text, ids))
    assert found == SECTIONS


def test_the_head_has_kind_date_place_title_speaker_and_languages(
    page: Element,
) -> None:
    head = " ".join(page.part("top").text.split())
    assert head.startswith(
        "Statement for the media 29 December 2018, 17:33, Moscow Foreign Minister Sergey Lavrov's"
    )
    assert head.endswith(
        "Sergey Lavrov, Foreign Minister Published in English (this version), Russian"
    )
    assert page.find("time")[0].attributes["datetime"] == "2018-12-29T17:33:00"


def test_additional_materials_have_the_publication_and_no_other_title(
    page: Element,
) -> None:
    materials = page.part("additional-materials")
    links = materials.find("ul")[0].find("a")
    assert [link.text for link in links] == [
        "The original publication",
        "Markdown",
        "JSON",
    ]
    assert links[0].attributes["href"].startswith("https://www.mid.ru/en_GB/")


def test_the_markdown_is_served_as_it_is_on_disk(client: FlaskClient) -> None:
    answer = client.get("/statement.md")
    assert answer.data == (CONTENT / "statement.md").read_bytes()
    assert answer.content_type == "text/markdown; charset=utf-8"


def test_there_is_one_title_and_headings_descend_in_order(page: Element) -> None:
    levels = [
        int(element.tag[1])
        for element in page.all
        if element.tag in ("h1", "h2", "h3", "h4")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
