import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from served_page import Element, read_page

from app import create_app
from app.content_error import ContentError

OpenStatement = Callable[..., FlaskClient]


@pytest.fixture
def open_statement(write_statement: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> OpenStatement:
    def open_(site_url: str | None = None, **statement: str) -> FlaskClient:
        if statement:
            monkeypatch.setenv("FLASK_STATEMENT", str(write_statement(**statement)))
        if site_url is not None:
            monkeypatch.setenv("FLASK_SITE_URL", site_url)
        return create_app().test_client()

    return open_


def page_of(client: FlaskClient) -> Element:
    return read_page(client.get("/").text)


def meta(page: Element, name: str) -> str:
    (element,) = page.find("meta", name=name) or page.find("meta", property=name)
    return element.attributes["content"]


def json_ld(page: Element) -> dict[str, object]:
    data = json.loads(page.one("script", type="application/ld+json").text)
    assert isinstance(data, dict)
    return data


def test_every_name_of_the_page_is_its_heading(client: FlaskClient) -> None:
    page = page_of(client)
    heading = page.one("h1").text
    names = [page.one("title").text, meta(page, "DC.title"), meta(page, "og:title")]
    assert [*names, json_ld(page)["name"], json_ld(page)["headline"]] == [heading] * 5


def test_reference_managers_find_author_date_and_language(client: FlaskClient) -> None:
    page = page_of(client)
    assert page.one("link", rel="schema.DC").attributes["href"] == "http://purl.org/dc/elements/1.1/"
    assert (meta(page, "author"), meta(page, "DC.creator")) == ("Sergey Lavrov", "Lavrov, Sergey")
    # A local date-time: the publication names no time zone, so none is claimed.
    dates = [meta(page, "DC.date"), meta(page, "article:published_time"), json_ld(page)["datePublished"]]
    assert dates == ["2018-12-29T17:33:00"] * 3
    assert page.one("html").attributes["lang"] == meta(page, "DC.language") == "en-GB"
    assert not [e for e in page.find("meta") if "citation_" in e.attributes.get("name", "")]


def test_the_site_is_never_named_as_the_ministry(client: FlaskClient) -> None:
    assert meta(page_of(client), "og:site_name") == "Linkable statement"


def test_json_ld_is_one_article_with_plain_context_and_type_based_on_the_publication(client: FlaskClient) -> None:
    data = json_ld(page_of(client))
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Article")
    assert data["author"] == {"@type": "Person", "name": "Sergey Lavrov", "jobTitle": "Foreign Minister"}
    based_on = data["isBasedOn"]
    assert isinstance(based_on, dict)
    assert based_on["publisher"]["name"] == "Ministry of Foreign Affairs of the Russian Federation"
    assert based_on["url"].startswith("https://www.mid.ru/")


def test_without_a_site_address_none_is_claimed(client: FlaskClient) -> None:
    page = page_of(client)
    assert page.find("link", rel="canonical") == []
    assert page.find("meta", property="og:url") == []
    assert "url" not in json_ld(page)


@pytest.mark.parametrize("site_url", ["https://example.org", "https://example.org/", "http://example.org/a/b"])
def test_the_site_address_comes_from_the_setting_alone(open_statement: OpenStatement, site_url: str) -> None:
    page = read_page(open_statement(site_url).get("/", headers={"Host": "evil.example"}).text)
    address = site_url.rstrip("/") + "/"
    assert page.one("link", rel="canonical").attributes["href"] == address
    assert (meta(page, "og:url"), json_ld(page)["url"]) == (address, address)
    assert page.one("p", class_="citation").text.endswith(f" Read at {address}.")


@pytest.mark.parametrize(
    "site_url", ["example.org", "ftp://example.org", "https://", "https://a b", "https://a/?b", "https://a/#b", "5"]
)
def test_a_site_address_that_is_none_stops_the_start(open_statement: OpenStatement, site_url: str) -> None:
    with pytest.raises(ContentError) as refused:
        open_statement(site_url)
    wanted = f"FLASK_SITE_URL: “{site_url}” is not an http or https address; write https://example.org"
    assert refused.value.message == wanted


def test_the_other_forms_of_the_statement_are_linked_and_exist(client: FlaskClient) -> None:
    page = page_of(client)
    for rel, names in {
        "alternate": ["statement.md", "statement.json"],
        "describedby": ["statement.bib", "statement.ris", "statement.csl.json"],
    }.items():
        links = page.find("link", rel=rel)
        assert [link.attributes["href"] for link in links] == names
        for link in links:
            answer = client.get(f"/{link.attributes['href']}")
            assert answer.mimetype == link.attributes["type"]


@pytest.mark.parametrize(
    ("text", "description"),
    [
        (
            "A first sentence of the statement ends here. A second follows.",
            "A first sentence of the statement ends here.",
        ),
        ("Mr. President, we thank you for the meeting. It was good.", "Mr. President, we thank you for the meeting."),
        ("word " * 50, "word " * 31 + "word…"),
        ("Short", "Short"),
        ("字" * 200, "字" * 159 + "…"),
        ("字" * 31 + "。」" + "文" * 40 + "。", "字" * 31 + "。」"),
        (
            f"“{'We want peace in the region. ' * 2}” Then he left.",
            "“We want peace in the region. We want peace in the region.",
        ),
    ],
)
def test_the_description_is_the_first_sentence_cut_at_a_word(
    open_statement: OpenStatement, text: str, description: str
) -> None:
    page = page_of(open_statement(body=f"# Title\n\n{text.strip()}\n"))
    assert meta(page, "description") == meta(page, "og:description") == description


def test_the_statement_as_json_holds_every_section_and_paragraph(client: FlaskClient) -> None:
    page, data = page_of(client), client.get("/statement.json").get_json()
    assert data["title"] == page.one("h1").text
    assert data["speaker"] == {"given": "Sergey", "family": "Lavrov", "name": None, "role": "Foreign Minister"}
    assert (data["published"], data["language"]) == ("2018-12-29T17:33:00", "en-GB")
    assert data["source"].startswith("https://www.mid.ru/")
    for section, shown in zip(data["sections"], page.one("article").find("section"), strict=True):
        assert (section["id"], section["heading"]) == (shown.attributes["id"], shown.one("h2").text)
        paragraphs = [(f"p{p['number']}", p["id"], p["text"]) for p in section["paragraphs"]]
        assert paragraphs == [(p.attributes["id"], p.attributes["id"], p.text) for p in shown.find("p")]


ARABIC = """\
published = 2020-02-03
speaker = { family = "س" }
publisher = "وزارة"
language = "ar"
languages = ["ar", "fr"]
"""


def test_a_statement_in_another_language_keeps_english_for_the_edition(open_statement: OpenStatement) -> None:
    page = page_of(open_statement(front_matter=ARABIC, body="# عنوان\n\nنص\n"))
    assert page.one("html").attributes == {"lang": "ar", "dir": "rtl"}
    for element in (
        page.one("a", class_="skip"),
        page.one("p", class_="languages"),
        page.find("h2")[0],
        page.find("time")[0],
    ):
        assert (element.attributes["lang"], element.attributes["dir"]) == ("en", "ltr")
    assert "Published in Arabic (ar) (this version), French (fr)" in page.one("header").text
    assert page.find("time")[0].text == "3 February 2020"


def test_the_page_says_of_another_statement_nothing_that_its_file_does_not(open_statement: OpenStatement) -> None:
    page = page_of(open_statement(body="# Title\n\nText.\n"))
    assert page.one("header").words == "29 December 2018 Title Lavrov"
    assert "section headings" not in page.part("about").words
    assert page.one("nav").words.endswith("Numbers are this edition’s.")


@pytest.mark.parametrize(
    ("language", "direction"),
    [("fa", "rtl"), ("ks-Arab", "rtl"), ("AR-eg", "rtl"), ("ar-Latn", None), ("ru-RU", None), ("sr-Latn-RS", None)],
)
def test_the_page_runs_in_the_direction_of_its_language(
    open_statement: OpenStatement, language: str, direction: str | None
) -> None:
    page = page_of(open_statement(front_matter=ARABIC.replace('language = "ar"', f'language = "{language}"')))
    assert page.one("html").attributes.get("dir") == direction
