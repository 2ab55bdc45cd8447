import json
from datetime import date

import pytest
from conftest import FRONT_MATTER, MakeApp, OpenStatement
from flask.testing import FlaskClient
from served_page import Element, read_page

from app.content_error import ContentError
from app.site.language import written_day, written_days


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
    assert meta(page, "og:site_name") == "Linkable statement"  # never the ministry's name
    assert page.one("html").attributes["lang"] == meta(page, "DC.language") == "en-GB"
    assert not [e for e in page.find("meta") if "citation_" in e.attributes.get("name", "")]


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
def test_the_site_address_comes_from_the_setting_alone(make_app: MakeApp, site_url: str) -> None:
    client = make_app(SITE_URL=site_url).test_client()
    page = read_page(client.get("/", headers={"Host": "evil.example"}).text)
    address = site_url.rstrip("/") + "/"
    assert page.one("link", rel="canonical").attributes["href"] == address
    assert (meta(page, "og:url"), json_ld(page)["url"]) == (address, address)
    assert page.one("li", class_="citation").text.endswith(f" Read at {address}.")


@pytest.mark.parametrize("site_url", ["ftp://example.org", "https://a/?b", "https://a/#b"])
def test_a_site_address_that_is_none_stops_the_start(make_app: MakeApp, site_url: str) -> None:
    with pytest.raises(ContentError) as refused:
        make_app(SITE_URL=site_url)
    wanted = f"FLASK_SITE_URL: “{site_url}” is not an http or https address; write https://example.org"
    assert refused.value.message == wanted


def test_the_other_forms_of_the_statement_are_linked_and_exist(client: FlaskClient) -> None:
    page = page_of(client)
    links = {rel: page.find("link", rel=rel) for rel in ("alternate", "describedby")}
    names = {rel: [link.attributes["href"] for link in links[rel]] for rel in links}
    references = ["statement.bib", "statement.ris", "statement.csl.json"]
    assert names == {"alternate": ["statement.md", "statement.json"], "describedby": references}
    for link in (*links["alternate"], *links["describedby"]):
        assert client.get(f"/{link.attributes['href']}").mimetype == link.attributes["type"]


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("A first sentence of the statement ends here. A second.", "A first sentence of the statement ends here."),
        ("Mr. President, we thank you for the meeting. It was good.", "Mr. President, we thank you for the meeting."),
        ("word " * 50, "word " * 30 + "word…"),
        ("字" * 200, "字" * 159 + "…"),
        ("字" * 31 + "。」" + "文" * 40 + "。", "字" * 31 + "。」"),
        (f"“{'We want peace in Europe. ' * 2}” Ends.", "“We want peace in Europe. We want peace in Europe."),
    ],
)
def test_the_description_is_the_first_sentence_cut_at_a_word(
    open_statement: OpenStatement, text: str, description: str
) -> None:
    page = page_of(open_statement(body=f"# Title\n\n{text.strip()}\n"))
    assert meta(page, "description") == meta(page, "og:description") == description


INTERVIEW = """\
published = 2024-05-02
speaker = [{ given = "Ada", family = "Berg" }, { name = "Office", voice = "Spokesperson" }]
publisher = "Ministry"
language = "en"
voices = ["Question", "Ada Berg", "Spokesperson"]
"""


@pytest.mark.parametrize(
    ("body", "description"),
    [
        ("Note.\n\nQuestion: Why?\n\n**Ada Berg:** Because.\n\nSpokesperson: No.", "Because."),
        ("Question: Why?\n\nAda Berg :\\\nBecause.\n\nSpokesperson: No.", "Because."),
        ("Question: Why?\n\nSpokesperson: No.\n\nADA BERG: Yes. Ada Berg: 2.\n\nAda Berg: 3", "No."),
        ("Question: Why?\n\nAda Berg:\n\n> Because.\n\nSpokesperson: No.", "Because."),
    ],
)
def test_the_description_is_a_speaker_s_and_never_a_question(
    open_statement: OpenStatement, body: str, description: str
) -> None:
    page = page_of(open_statement(front_matter=INTERVIEW, body=f"# Title\n\n{body}\n"))
    assert meta(page, "description") == description


JOINT = """\
published = 2024-05-02T13:12:00-05:00
speaker = [{ given = "Ada", family = "Berg", role = "Minister" }, { name = "Office" }]
publisher = "Ministry"
language = "en-GB"
delivered = [2024-04-30, 2024-05-01]
source = "https://example.org/1"
archived = "https://web.archive.org/1"

[[versions]]
language = "fr"
url = "https://example.org/fr"

[[corrections]]
paragraph = "p1"
date = 2024-05-09
was = "Txet"
by = "edition"

[[corrections]]
paragraph = "p3"
date = 2024-05-03
withdrawn = true
by = "publisher"
"""
TEXT = """\
# Title

- before any paragraph

Text.

- one
  - in one
- two

Put in. {#p1a}

## Money {#money #funds}

- of paragraph 1a

> Second,\\
> broken.

### First steps {#first-steps}

Fourth. {#p4}
"""


def test_json_ld_tells_offices_corrections_and_an_archived_copy(open_statement: OpenStatement) -> None:
    data = json_ld(page_of(open_statement(front_matter=JOINT, body=TEXT)))
    assert data["author"] == [
        {"@type": "Person", "name": "Ada Berg", "jobTitle": "Minister"},
        {"@type": "Organization", "name": "Office"},
    ]
    assert (data["datePublished"], data["dateModified"]) == ("2024-05-02T13:12:00-05:00", "2024-05-09")
    changes = [
        ("#p1: “Txet” was mistyped by this edition", "2024-05-09"),
        ("#p3: the text was withdrawn by its publisher", "2024-05-03"),
    ]
    assert data["correction"] == [
        {"@type": "CorrectionComment", "text": text, "datePublished": day} for text, day in changes
    ]
    assert data["isBasedOn"] == {
        "@type": "Article",
        "name": "Title",
        "publisher": {"@type": "Organization", "name": "Ministry"},
        "url": "https://example.org/1",
        "archivedAt": "https://web.archive.org/1",
    }


def test_what_is_unknown_is_left_out_of_json_ld_and_null_in_the_data(open_statement: OpenStatement) -> None:
    client = open_statement(body="# Title\n\nText.\n")
    assert "null" not in page_of(client).one("script", type="application/ld+json").text
    data = client.get("/statement.json").get_json()
    assert {key for key, value in data.items() if value is None} == {"kind", "place", "delivered", "source", "archived"}
    assert {key for key, value in data.items() if value == []} == {
        *("languages", "voices", "materials", "versions", "corrections", "items", "sections")
    }


def item(id_: str, text: str, *items: object) -> dict[str, object]:
    return {"id": id_, "voice": None, "text": text, "items": list(items)}


def paragraph(id_: str, number: int | None, text: str, *items: object) -> dict[str, object]:
    return {"number": number, "label": id_[1:], **item(id_, text, *items)}


def test_the_statement_as_json_is_format_2(open_statement: OpenStatement) -> None:
    data = open_statement(front_matter=JOINT, body=TEXT).get("/statement.json").get_json()
    people = [
        {"given": "Ada", "family": "Berg", "name": None, "role": "Minister"},
        {"given": None, "family": None, "name": "Office", "role": None},
    ]
    assert (data["format"], data["speaker"], data["speakers"]) == (2, people[0], people)
    assert (data["published"], data["delivered"]) == ("2024-05-02T13:12:00-05:00", "2024-04-30/2024-05-01")
    assert data["versions"] == [{"language": "fr", "url": "https://example.org/fr", "name": None}]
    assert data["corrections"] == [
        {"paragraph": "p1", "date": "2024-05-09", "by": "edition", "was": "Txet", "withdrawn": False},
        {"paragraph": "p3", "date": "2024-05-03", "by": "publisher", "was": None, "withdrawn": True},
    ]
    assert data["items"] == [item("p0-1", "before any paragraph")]
    assert data["paragraphs"] == [
        paragraph("p1", 1, "Text.", item("p1-1", "one", item("p1-1-1", "in one")), item("p1-2", "two")),
        paragraph("p1a", None, "Put in."),
    ]
    steps = {"id": "first-steps", "old_ids": [], "heading": "First steps", "items": [], "subsections": []}
    assert data["sections"] == [
        {
            "id": "money",
            "old_ids": ["funds"],
            "heading": "Money",
            "items": [item("p1a-1", "of paragraph 1a")],
            "paragraphs": [paragraph("p2", 2, "Second,\nbroken."), paragraph("p3", 3, "")],
            "subsections": [steps | {"paragraphs": [paragraph("p4", 4, "Fourth.")]}],
        }
    ]


def test_the_data_names_each_voice_and_the_marker_of_what_has_no_number(open_statement: OpenStatement) -> None:
    front_matter = f'{INTERVIEW}numbers = "publication"\nheadings = "publication"\n'
    body = "# Title\n\nNote.\n\nQuestion: Why?\n\n- Why not?\n\n7. Ada Berg: No.\n\nSpokesperson: Yes.\n"
    data = open_statement(front_matter=front_matter, body=body).get("/statement.json").get_json()
    assert (data["numbers"], data["headings"]) == ("publication", "publication")
    assert [(one["id"], one["number"], one["label"], one["voice"]) for one in data["paragraphs"]] == [
        ("u1", None, "¶", None),
        ("u2", None, "¶", "Question"),
        ("p7", 7, "7", "Ada Berg"),
        ("u3", None, "¶", "Spokesperson"),
    ]
    assert data["paragraphs"][1]["items"] == [item("u2-1", "Why not?") | {"voice": "Question"}]


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2024-05-02T13:12:00-05:00", "2 May 2024, 13:12 UTC−5"),
        ("2024-03-09T00:00:00+05:30", "9 March 2024, 00:00 UTC+5:30"),
        ("2024-04-30T23:59:59Z", "30 April 2024, 23:59 UTC"),
        ("2024-06-02T08:05:00+10:00", "2 June 2024, 08:05 UTC+10"),
        ("2024-09-02T08:05:00", "2 September 2024, 08:05"),
    ],
)
def test_a_time_has_the_zone_that_the_publication_gives_and_no_other(
    open_statement: OpenStatement, published: str, shown: str
) -> None:
    page = page_of(open_statement(front_matter=FRONT_MATTER.replace("2018-12-29", published)))
    assert page.find("time")[0].text == shown
    stated = {value for name in ("DC.date", "article:published_time") for value in [meta(page, name)]}
    assert {*stated, page.find("time")[0].attributes["datetime"]} == {published.replace("Z", "+00:00")}


def test_months_have_their_english_names() -> None:
    names = [written_day(date(2024, month, 1)).split(" ")[1] for month in range(1, 13)]
    assert " ".join(names) == ("January February March April May June July August September October November December")


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2016, 2, 10), date(2016, 2, 10), "10 February 2016"),
        (date(2016, 2, 10), date(2016, 2, 11), "10–11 February 2016"),
        (date(2016, 1, 31), date(2016, 2, 1), "31 January – 1 February 2016"),
        (date(2015, 12, 31), date(2016, 12, 31), "31 December 2015 – 31 December 2016"),
    ],
)
def test_a_range_of_days_names_nothing_twice(first: date, last: date, shown: str) -> None:
    assert written_days((first, last)) == shown


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
    about, languages = page.part("about"), page.part("top").find("p")[-1]
    for element in (about, languages, page.one("a", class_="skip"), page.find("time")[0]):
        assert (element.attributes["lang"], element.attributes["dir"]) == ("en", "ltr")
    assert "Published in Arabic (ar) (this version), French (fr)" in page.part("top").text
    assert page.find("time")[0].text == "3 February 2020"


@pytest.mark.parametrize(
    ("language", "direction"),
    [*((tag, "rtl") for tag in ("fa", "ks-Arab", "AR-eg", "he")), ("ar-Latn", None), ("sr-Latn-RS", None)],
)
def test_the_page_runs_in_the_direction_of_its_language(
    open_statement: OpenStatement, language: str, direction: str | None
) -> None:
    page = page_of(open_statement(front_matter=ARABIC.replace('language = "ar"', f'language = "{language}"')))
    assert page.one("html").attributes.get("dir") == direction
