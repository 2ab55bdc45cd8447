import json
import re
from datetime import date
from typing import Any

import pytest
from conftest import FRONT_MATTER, MakeApp, OpenStatement
from flask.testing import FlaskClient
from served_page import Element, read_page

from app.errors import ContentError
from app.site.language import written_day


def page_of(client: FlaskClient) -> Element:
    return read_page(client.get("/").text)


def meta(page: Element, name: str) -> str:
    (element,) = page.find("meta", name=name) or page.find("meta", property=name)
    return element.attributes["content"]


def json_ld(page: Element) -> dict[str, Any]:
    return dict(json.loads(page.one("script", type="application/ld+json").text))


def test_search_engines_cards_and_reference_managers_find_title_author_date_and_publication(
    client: FlaskClient,
) -> None:
    page = page_of(client)
    data, title = json_ld(page), page.one("h1").text
    names = [
        page.one("title").text,
        meta(page, "DC.title"),
        meta(page, "og:title"),
        data["name"],
        data["headline"],
    ]
    assert names == [title] * 5
    assert (
        page.one("link", rel="schema.DC").attributes["href"]
        == "http://purl.org/dc/elements/1.1/"
    )
    assert (meta(page, "author"), meta(page, "DC.creator")) == (
        "Sergey Lavrov",
        "Lavrov, Sergey",
    )
    # A local date-time: the publication names no time zone, so none is claimed.
    dates = [
        meta(page, "DC.date"),
        meta(page, "article:published_time"),
        data["datePublished"],
    ]
    assert dates == ["2018-12-29T17:33:00"] * 3
    assert meta(page, "og:type") == "article"
    # It would impersonate the ministry, or name this software as the publisher.
    assert page.find("meta", property="og:site_name") == []
    assert (
        page.one("html").attributes["lang"]
        == meta(page, "DC.language")
        == data["inLanguage"]
        == "en-GB"
    )
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Article")
    assert data["author"] == {
        "@type": "Person",
        "name": "Sergey Lavrov",
        "jobTitle": "Foreign Minister",
    }
    assert (
        data["isBasedOn"]["publisher"]["name"]
        == "Ministry of Foreign Affairs of the Russian Federation"
    )
    assert data["isBasedOn"]["url"].startswith("https://www.mid.ru/")


@pytest.mark.parametrize(
    "site_url",
    ["", "https://example.org", "https://example.org/", "http://example.org/a/b"],
)
def test_the_site_address_comes_from_the_setting_alone(
    make_app: MakeApp, site_url: str
) -> None:
    page = read_page(
        make_app(SITE_URL=site_url)
        .test_client()
        .get("/", headers={"Host": "evil.example"})
        .text
    )
    claimed = [link.attributes["href"] for link in page.find("link", rel="canonical")]
    claimed += [
        element.attributes["content"]
        for element in page.find("meta", property="og:url")
    ]
    claimed += [json_ld(page)["url"]] if "url" in json_ld(page) else []
    claimed += re.findall(r" Read at (.*)\.", page.one("li", class_="citation").text)
    assert claimed == ([f"{site_url.rstrip('/')}/"] * 4 if site_url else [])


@pytest.mark.parametrize(
    "site_url", ["ftp://example.org", "https://a/?b", "https://a/#b"]
)
def test_a_site_address_that_is_none_stops_the_start(
    make_app: MakeApp, site_url: str
) -> None:
    with pytest.raises(ContentError) as refused:
        make_app(SITE_URL=site_url)
    wanted = f"FLASK_SITE_URL: “{site_url}” is not an http or https address; write https://example.org"
    assert refused.value.message == wanted


def test_the_other_forms_of_the_statement_are_linked_and_exist(
    client: FlaskClient,
) -> None:
    links = [
        link
        for rel in ("alternate", "describedby")
        for link in page_of(client).find("link", rel=rel)
    ]
    names = [link.attributes["href"] for link in links]
    assert names == [
        f"statement.{ending}" for ending in ("md", "json", "bib", "ris", "csl.json")
    ]
    assert [client.get(f"/{name}").mimetype for name in names] == [
        link.attributes["type"] for link in links
    ]


INTERVIEW = """\
published = 2024-05-02
speaker = [{ given = "Ada", family = "Berg" }, { name = "Office", voice = "Spokesperson" }]
publisher = "Ministry"
language = "en"
voices = ["Question", "Ada Berg", "Spokesperson"]
"""


@pytest.mark.parametrize(
    ("text", "description"),
    [
        (
            "A first sentence of enough length. A second.",
            "A first sentence of enough length.",
        ),
        (
            "Mr. President, we thank you for the meeting. Bye.",
            "Mr. President, we thank you for the meeting.",
        ),
        ("word " * 49 + "word", "word " * 30 + "word…"),
        ("字" * 200, "字" * 159 + "…"),
        ("字" * 31 + "。」" + "文" * 40 + "。", "字" * 31 + "。」"),
        (
            f"“{'We want peace in Europe. ' * 2}” Ends.",
            "“We want peace in Europe. We want peace in Europe.",
        ),
        (
            "Note.\n\nQuestion: Why?\n\n**Ada Berg:** Because.\n\nSpokesperson: No.",
            "Because.",
        ),
        ("Question: Why?\n\nAda Berg :\\\nBecause.\n\nSpokesperson: No.", "Because."),
        (
            "Question: Why?\n\nSpokesperson: No.\n\nADA BERG: Yes. Ada Berg: 2.\n\nAda Berg: 3",
            "No.",
        ),
        ("Question: Why?\n\nAda Berg:\n\n> Because.\n\nSpokesperson: No.", "Because."),
    ],
)
def test_the_description_is_the_first_sentence_of_a_speaker_cut_at_a_word(
    open_statement: OpenStatement, text: str, description: str
) -> None:
    page = page_of(
        open_statement(
            f"# Title\n\n{text}\n",
            INTERVIEW if "Spokesperson" in text else FRONT_MATTER,
        )
    )
    assert meta(page, "description") == meta(page, "og:description") == description


JOINT = """\
published = 2024-05-02T13:12:00-05:00
speaker = [{ given = "Ada", family = "Berg", role = "Minister" }, { name = "Office", role = "Host" }]
publisher = "Ministry"
language = "en-GB"
delivered = [2024-04-30, 2024-05-01]
source = "https://example.org/1"
archived = "https://web.archive.org/1"
versions = [{ language = "fr", url = "https://example.org/fr" }]
corrections = [{ paragraph = "p1", date = 2024-05-09, was = "Txet", by = "edition" }, { paragraph = "p3", \
date = 2024-05-03, withdrawn = true, by = "publisher" }]
"""
TEXT = (
    "# Title\n\n- before any paragraph\n\nText.\n\n- one\n  - in one\n- two\n\nPut in. {#p1a}\n\n"
    "## Money {#money #funds}\n\n- of paragraph 1a\n\n> Second,\\\n> broken.\n\n"
    "### First steps {#first-steps}\n\nFourth. {#p4}\n"
)


def test_json_ld_tells_offices_corrections_and_an_archived_copy(
    open_statement: OpenStatement,
) -> None:
    data = json_ld(page_of(open_statement(front_matter=JOINT, body=TEXT)))
    assert data["author"] == [
        {"@type": "Person", "name": "Ada Berg", "jobTitle": "Minister"},
        {"@type": "Organization", "name": "Office"},
    ]
    assert (data["datePublished"], data["dateModified"]) == (
        "2024-05-02T13:12:00-05:00",
        "2024-05-09",
    )
    assert [
        (each["@type"], each["text"], each["datePublished"])
        for each in data["correction"]
    ] == [
        ("CorrectionComment", "#p1: “Txet” was mistyped by this edition", "2024-05-09"),
        (
            "CorrectionComment",
            "#p3: the text was withdrawn by its publisher",
            "2024-05-03",
        ),
    ]
    publisher = {"@type": "Organization", "name": "Ministry"}
    original = {
        "publisher": publisher,
        "url": "https://example.org/1",
        "archivedAt": "https://web.archive.org/1",
    }
    assert data["isBasedOn"] == {"@type": "Article", "name": "Title", **original}


def test_what_is_unknown_is_left_out_of_json_ld_and_null_in_the_data(
    open_statement: OpenStatement,
) -> None:
    client = open_statement(body="# Title\n\nText.\n")
    assert "null" not in page_of(client).one("script", type="application/ld+json").text
    data = client.get("/statement.json").get_json()
    assert {key for key, value in data.items() if value is None} == {
        "kind",
        "place",
        "delivered",
        "source",
        "archived",
    }
    empty = {
        "languages",
        "voices",
        "materials",
        "versions",
        "corrections",
        "items",
        "sections",
    }
    assert {key for key, value in data.items() if value == []} == empty


def item(id_: str, text: str, *items: object) -> dict[str, object]:
    return {"id": id_, "voice": None, "text": text, "items": list(items)}


def paragraph(
    id_: str, number: int | None, text: str, *items: object
) -> dict[str, object]:
    return {"number": number, "label": id_[1:], **item(id_, text, *items)}


def test_the_statement_as_json_is_format_2(open_statement: OpenStatement) -> None:
    data = (
        open_statement(front_matter=JOINT, body=TEXT).get("/statement.json").get_json()
    )
    people = [
        {"given": "Ada", "family": "Berg", "name": None, "role": "Minister"},
        {"given": None, "family": None, "name": "Office", "role": "Host"},
    ]
    assert (data["format"], data["speaker"], data["speakers"]) == (2, people[0], people)
    assert (data["published"], data["delivered"]) == (
        "2024-05-02T13:12:00-05:00",
        "2024-04-30/2024-05-01",
    )
    assert data["versions"] == [
        {"language": "fr", "url": "https://example.org/fr", "name": None}
    ]
    assert data["corrections"] == [
        {
            "paragraph": "p1",
            "date": "2024-05-09",
            "by": "edition",
            "was": "Txet",
            "withdrawn": False,
        },
        {
            "paragraph": "p3",
            "date": "2024-05-03",
            "by": "publisher",
            "was": None,
            "withdrawn": True,
        },
    ]
    assert data["items"] == [item("p0-1", "before any paragraph")]
    assert data["paragraphs"] == [
        paragraph(
            "p1",
            1,
            "Text.",
            item("p1-1", "one", item("p1-1-1", "in one")),
            item("p1-2", "two"),
        ),
        paragraph("p1a", None, "Put in."),
    ]
    fourth = {
        "items": [],
        "paragraphs": [paragraph("p3", 3, ""), paragraph("p4", 4, "Fourth.")],
        "subsections": [],
    }
    steps = {"id": "first-steps", "old_ids": [], "heading": "First steps", **fourth}
    second = {
        "paragraphs": [paragraph("p2", 2, "Second,\nbroken.")],
        "subsections": [steps],
    }
    (money,) = data["sections"]
    assert money == {
        **{"id": "money", "old_ids": ["funds"], "heading": "Money"},
        **{"items": [item("p1a-1", "of paragraph 1a")], **second},
    }


def test_the_data_names_each_voice_and_the_marker_of_what_has_no_number(
    open_statement: OpenStatement,
) -> None:
    front_matter = f'{INTERVIEW}numbers = "publication"\nheadings = "publication"\n'
    body = "# Title\n\nNote.\n\nQuestion: Why?\n\n- Why not?\n\n7. Ada Berg: No.\n\nSpokesperson: Yes.\n"
    response = open_statement(front_matter=front_matter, body=body).get(
        "/statement.json"
    )
    data = response.get_json()
    assert ("¶" in response.text, response.text[:4]) == (
        True,
        "{\n  ",
    )  # people read it, too
    assert (data["numbers"], data["headings"]) == ("publication", "publication")
    assert [
        (one["id"], one["number"], one["label"], one["voice"])
        for one in data["paragraphs"]
    ] == [
        ("u1", None, "¶", None),
        ("u2", None, "¶", "Question"),
        ("p7", 7, "7", "Ada Berg"),
        ("u3", None, "¶", "Spokesperson"),
    ]
    assert data["paragraphs"][1]["items"] == [
        item("u2-1", "Why not?") | {"voice": "Question"}
    ]


def test_months_have_their_english_names() -> None:
    names = [written_day(date(2024, month, 1)).split(" ")[1] for month in range(1, 13)]
    assert " ".join(names) == (
        "January February March April May June July August September October November December"
    )


ARABIC = """\
published = 2020-02-03
speaker = { family = "س" }
publisher = "وزارة"
language = "ar"
languages = ["ar", "fr"]
"""


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        *((tag, "rtl") for tag in ("ar", "fa", "ks-Arab", "AR-eg", "he")),
        ("ar-Latn", None),
        ("sr-Latn-RS", None),
    ],
)
def test_the_page_runs_in_the_direction_of_its_language_and_the_words_of_the_edition_in_that_of_english(
    open_statement: OpenStatement, language: str, direction: str | None
) -> None:
    front_matter = ARABIC.replace('language = "ar"', f'language = "{language}"')
    page = page_of(
        open_statement(
            "# عنوان\n\nنص\n", front_matter.replace('["ar"', f'["{language}"')
        )
    )
    html, citation = page.one("html"), page.one("li", class_="citation")
    assert (html.attributes["lang"], html.attributes.get("dir")) == (
        language,
        direction,
    )
    assert citation.attributes.get("dir") == direction
    languages, left_to_right = (
        page.part("top").find("p")[-1],
        "ltr" if direction else None,
    )
    for element in (
        page.part("about"),
        languages,
        page.one("a", class_="skip"),
        page.find("time")[0],
    ):
        assert (element.attributes["lang"], element.attributes.get("dir")) == (
            "en",
            left_to_right,
        )
    if language == "ar":
        assert languages.words == "Published in Arabic (ar) (this version), French (fr)"
