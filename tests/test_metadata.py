"""Names for machines, languages and dates.

The golden files show the rest of the metadata, and statement.json.
"""

import json

import pytest
from case_files import read_blocks, read_fields
from conftest import FRONT_MATTER, MakeApp, OpenStatement
from editable_site import EditableSite
from flask.testing import FlaskClient
from served_page import Element, read_page

from app.errors import ContentError
from app.site.citation import FORMATS


def page_of(client: FlaskClient) -> Element:
    return read_page(client.get("/").text)


def meta(page: Element, name: str) -> str:
    """Return the content of the meta element with this name or property."""
    elements = page.find("meta", name=name) + page.find("meta", property=name)
    assert len(elements) == 1
    return elements[0].attributes["content"]


# The address of the site


@pytest.mark.parametrize(
    ("site_url", "expected"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/", "https://example.org/"),
        ("http://example.org/a/b", "http://example.org/a/b/"),
    ],
)
def test_the_site_s_address_comes_from_the_setting(
    make_app: MakeApp, site_url: str, expected: str
) -> None:
    client = make_app(SITE_URL=site_url).test_client()
    page = read_page(client.get("/", headers={"Host": "evil.example"}).text)
    assert page.one("link", rel="canonical").attributes["href"] == expected
    assert meta(page, "og:url") == expected
    article = json.loads(page.one("script", type="application/ld+json").text)
    assert article["url"] == expected
    citation = page.one("li", class_="citation").text
    assert citation.endswith(f" Read at {expected}.")
    assert client.get("/statement.json").get_json()["url"] == expected


def test_without_the_setting_no_address_is_claimed(client: FlaskClient) -> None:
    response = client.get("/", headers={"Host": "evil.example"})
    page = read_page(response.text)
    assert page.find("link", rel="canonical") == []
    assert page.find("meta", property="og:url") == []
    assert "evil.example" not in response.text
    assert client.get("/statement.json").get_json()["url"] is None


@pytest.mark.parametrize(
    "site_url",
    [
        "ftp://example.org",
        "example.org",
        "https://example.org/?b",
        "https://example.org/#b",
    ],
)
def test_an_invalid_address_of_the_site_is_rejected(
    make_app: MakeApp, site_url: str
) -> None:
    with pytest.raises(ContentError) as error:
        make_app(SITE_URL=site_url)
    assert error.value.message == (
        f"FLASK_SITE_URL: “{site_url}” is not an http or https address; "
        "write https://example.org"
    )


def test_the_linked_files_exist_and_have_the_declared_types(
    client: FlaskClient,
) -> None:
    page = page_of(client)
    links = page.find("link", rel="describedby")
    assert [link.attributes["href"] for link in links] == [*FORMATS]
    data = []
    for link in page.find("link", rel="alternate"):
        if "type" in link.attributes:
            data.append(link)
    assert len(data) == 2
    for link in links + data:
        response = client.get(f"/{link.attributes['href']}")
        assert response.status_code == 200
        assert response.mimetype == link.attributes["type"]


# The description


INTERVIEW = (
    "published = 2024-05-02\n"
    'speaker = [{ given = "Ada", family = "Berg" }, '
    '{ name = "Office", voice = "Spokesperson" }]\n'
    'publisher = "Ministry"\n'
    'language = "en"\n'
    'voices = ["Question", "Ada Berg", "Spokesperson"]\n'
)
QUESTION = "Question: Will both sides meet again this year?"
ANSWER = "Both sides will meet again in this year."


@pytest.mark.parametrize(("text", "expected"), read_blocks("descriptions.txt"))
def test_the_description_is_the_first_long_paragraph_cut_at_a_word(
    site: EditableSite, text: str, expected: str
) -> None:
    page = site.page(text=text, front_matter=FRONT_MATTER)
    assert meta(page, "description") == expected
    assert meta(page, "og:description") == expected


def test_a_long_title_is_cut_in_the_description(site: EditableSite) -> None:
    page = site.page(title="word " * 40, front_matter=FRONT_MATTER)
    assert meta(page, "description") == "word " * 31 + "word…"


@pytest.mark.parametrize(
    "answer",
    [
        f"**Ada Berg:** {ANSWER}\n\nSpokesperson: {QUESTION}",
        f"Ada Berg :\\\n{ANSWER}\n\nSpokesperson: {QUESTION}",
        f"Ada Berg:\n\n> {ANSWER}\n\nSpokesperson: {QUESTION}",
        f"Spokesperson: Yes.\n\nAda Berg: No.\n\nSpokesperson: {ANSWER}",
    ],
)
def test_the_description_of_an_interview_is_a_speaker_s_sentence_without_the_label(
    open_statement: OpenStatement, answer: str
) -> None:
    note = "A note of the publisher, which is long."
    body = f"# Title\n\n{note}\n\n{QUESTION}\n\n{answer}\n"
    page = page_of(open_statement(body, INTERVIEW))
    assert meta(page, "description") == ANSWER


# Dates and languages


@pytest.mark.parametrize(
    ("published", "delivered", "expected"), read_fields("dates.txt", "|")
)
def test_dates_are_in_english(
    site: EditableSite, published: str, delivered: str, expected: str
) -> None:
    matter = FRONT_MATTER.replace("2018-12-29", published)
    if delivered:
        matter += f"delivered = {delivered}\n"
    page = site.page(front_matter=matter)
    assert page.part("top").find("footer")[0].words == expected


@pytest.mark.parametrize(
    ("language", "languages", "expected"), read_fields("language_varieties.txt", "|")
)
def test_a_language_is_shown_with_its_tag_only_if_another_variety_of_it_is(
    site: EditableSite, language: str, languages: str, expected: str
) -> None:
    matter = FRONT_MATTER.replace("en-GB", language)
    matter += f"languages = {languages}\n"
    page = site.page(front_matter=matter)
    assert page.part("top").words.endswith(f"Published in {expected}")


def test_a_version_in_another_variety_of_the_language_is_shown_with_its_tag(
    open_statement: OpenStatement,
) -> None:
    matter = (
        f"{FRONT_MATTER}"
        'versions = [{ language = "en-US", url = "https://example.org/" }]\n'
    )
    page = page_of(open_statement(front_matter=matter))
    assert page.part("top").words.endswith("Read it in English (en-US)")


def test_the_words_of_the_edition_are_english_in_a_page_from_right_to_left(
    open_statement: OpenStatement,
) -> None:
    matter = FRONT_MATTER.replace("en-GB", "ar")
    page = page_of(open_statement(front_matter=matter))
    assert page.one("html").attributes["dir"] == "rtl"
    assert page.one("li", class_="citation").attributes["dir"] == "rtl"
    english = [
        page.part("about"),
        page.one("a", class_="skip"),
        page.find("time")[0],
    ]
    for element in english:
        assert element.attributes["lang"] == "en"
        assert element.attributes["dir"] == "ltr"


@pytest.mark.parametrize(("name", "expected"), read_fields("offices.txt", "|"))
def test_the_name_of_an_office_reads_as_english(
    site: EditableSite, name: str, expected: str
) -> None:
    matter = FRONT_MATTER.replace('"Ministry"', f'"{name}"')
    page = site.page(front_matter=matter)
    assert f" by {expected}." in page.part("about").text
