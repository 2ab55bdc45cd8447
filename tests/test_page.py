import gzip
from collections.abc import Callable

import pytest
from conftest import MakeApp, OpenStatement
from flask.testing import FlaskClient
from served_page import Element, read_page

from app import STATEMENT
from app.reading.reader import read_statement
from app.reading.sections import PAGE_IDS

# The first flight of a TCP connection carries about 14,600 bytes, with headers.
MAX_GZIPPED_BYTES = 13_000


def test_every_fragment_leads_to_one_part_and_sections_can_take_no_id_that_the_page_needs(
    client: FlaskClient,
) -> None:
    page, statement = read_page(client.get("/").text), read_statement(STATEMENT)
    ids, fragments = (
        page.values("id"),
        {href[1:] for href in page.values("href") if href.startswith("#")},
    )
    sections = [
        inner
        for section in statement.sections
        for inner in (section, *section.subsections)
    ]
    of_the_statement = {section.id for section in sections} | {
        paragraph.id for paragraph in statement.paragraphs
    }
    assert fragments | of_the_statement <= set(ids)
    assert len(ids) == len(set(ids))
    assert set(ids) - of_the_statement | {"top"} == set(
        PAGE_IDS
    )  # HTML itself defines #top


def test_the_page_fits_into_the_first_packets_of_a_connection(
    make_app: MakeApp,
) -> None:
    app = make_app(SITE_URL="https://example.org/a-statement")
    page = app.test_client().get("/").data
    excess = len(gzip.compress(page, mtime=0)) - MAX_GZIPPED_BYTES
    assert excess <= 0, f"the gzipped page is {excess} bytes over the limit"


def test_an_error_page_has_the_page_s_style_no_script_and_is_sent_gzipped(
    client: FlaskClient,
) -> None:
    plain = client.get("/no-such-page")
    error_page = read_page(plain.text)
    assert error_page.styles == read_page(client.get("/").text).styles
    assert error_page.scripts == []
    packed = client.get("/no-such-page", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


Show = Callable[..., Element]
ADA = 'speaker = { given = "Ada", family = "Sample", role = "Minister" }\n'
TWO = '[[speaker]]\nfamily = "Sample Ada"\nrole = "Minister"\n[[speaker]]\nname = "Office of Samplia"\n'
GROUP = 'speaker = { name = "The Example Group" }\nnumbers = "publication"\n'
TEXT = "# Title\n\nWe met.\n"
SECTIONS = "# Title\n\nWe met.\n\n## Peace {#peace}\n\nWe agreed.\n"
HEADINGS = 'headings = "publication"\n'
QUESTION = 'voices = ["Question", "Sample"]\n'
TURNS = "# Title\n\nQuestion: Did you?\n\nAnd why?\n\nSample: No.\n"


@pytest.fixture
def show(open_statement: OpenStatement) -> Show:
    def show(
        body: str,
        front_matter: str = ADA,
        published: str = "2024-05-02",
        **settings: str,
    ) -> Element:
        rest = f'published = {published}\npublisher = "Office of Examples"\nlanguage = "en-GB"\n'
        return read_page(
            open_statement(body, rest + front_matter, **settings).get("/").text
        )

    return show


LINKS, OF_BOTH = "links to each part", "Headings and numbers"
THEIRS = "These are the words of The Example Group"
BOTH = "These are the words of Sample Ada, Minister, and of the Office of Samplia"
MIXED = (
    "This text holds the words of Ada Sample, Minister, and of others who speak in it"
)


@pytest.mark.parametrize(
    ("front_matter", "body", "whose", "added", "note"),
    [
        (
            ADA,
            TEXT,
            "These are the words of Ada Sample, Minister",
            f"paragraph numbers and the {LINKS}",
            "Numbers",
        ),
        (
            TWO,
            SECTIONS,
            BOTH,
            f"section headings, the contents, the paragraph numbers and the {LINKS}",
            OF_BOTH,
        ),
        (GROUP, TEXT, THEIRS, LINKS, ""),
        (GROUP + HEADINGS, SECTIONS, THEIRS, f"contents and the {LINKS}", ""),
        (
            ADA + QUESTION,
            TURNS,
            MIXED,
            f"paragraph numbers, the labels that say who speaks and the {LINKS}",
            "Numbers",
        ),
    ],
)
def test_the_page_says_whose_words_it_holds_and_what_is_this_editions(
    show: Show, front_matter: str, body: str, whose: str, added: str, note: str
) -> None:
    page = show(body, front_matter)
    assert [item.words for item in page.part("about").find("li")] == [
        f"{whose}, as published on 2 May 2024 (Office of Examples).",
        f"The words are meant to be the publication’s; the {added} are this edition’s.",
    ]
    sign = "Each number or sign beside the text is a link to that part."
    assert (
        page.one("span", class_="hint").words == f"{sign} {note} are this edition’s."
        if note
        else sign
    )


def test_the_contents_have_a_link_for_each_section_and_the_range_of_its_paragraphs(
    show: Show,
) -> None:
    assert "contents" not in show(TEXT).values("id")
    body = "# Title\n\nOne.\n\nTwo.\n\n## A {#a}\n\nThree.\n\n### B {#b}\n\nFour.\n\nFive.\n\n## C {#c}\n\nSix.\n"
    contents = show(body).part("contents")
    assert [link.attributes["href"] for link in contents.find("a")] == [
        "#statement",
        "#a",
        "#b",
        "#c",
    ]
    ranges = "Opening Paragraphs 1–2 A Paragraphs 3–5 B Paragraphs 4–5 C Paragraph 6"
    assert " ".join(contents.find("ol")[0].words.split()) == ranges


NEW_YEAR = "1 January 2016, A; published 1 January 2017"


@pytest.mark.parametrize(
    ("keys", "published", "said"),
    [
        ("", "2024-05-02T13:12:00-05:00", "2 May 2024, 13:12 UTC−5, A"),
        ("", "2024-03-09T00:00:00+05:30", "9 March 2024, 00:00 UTC+5:30, A"),
        ("", "2024-06-02T08:05:00+10:00", "2 June 2024, 08:05 UTC+10, A"),
        ("", "2024-04-30T23:59:59Z", "30 April 2024, 23:59 UTC, A"),
        ("", "2024-09-02T08:05:00", "2 September 2024, 08:05, A"),
        ("delivered = 2024-05-02\n", "2024-05-02", "2 May 2024, A"),
        (
            "delivered = 2024-05-01\n",
            "2024-05-02",
            "1 May 2024, A; published 2 May 2024",
        ),
        (
            "delivered = [2024-04-01, 2024-04-03]\n",
            "2024-05-02",
            "1–3 April 2024, A; published 2 May 2024",
        ),
        (
            "delivered = [2024-04-30, 2024-05-01]\n",
            "2024-05-02",
            "30 April – 1 May 2024, A; published 2 May 2024",
        ),
        (
            "delivered = [2015-12-31, 2016-01-01]\n",
            "2017-01-01",
            f"31 December 2015 – {NEW_YEAR}",
        ),
    ],
)
def test_the_page_says_when_and_where_it_was_spoken_in_the_zone_of_the_publication(
    show: Show, keys: str, published: str, said: str
) -> None:
    top = show(TEXT, f'{ADA}place = "A"\n{keys}', published).part("top")
    assert top.find("p")[0].words == said
    assert top.one("time").attributes["datetime"] == published.replace("Z", "+00:00")


def test_versions_are_linked_with_their_languages_and_the_page_among_them_as_what_to_cite(
    show: Show,
) -> None:
    version = '[[versions]]\nlanguage = "ru"\nurl = "https://example.org/ru/"\nname = "Русский"\n'
    page = show(TEXT, ADA + version, SITE_URL="https://example.org/en")
    link = {
        "href": "https://example.org/ru/",
        "rel": "alternate",
        "hreflang": "ru",
        "lang": "ru",
    }
    assert page.one("a", hreflang="ru").attributes == link
    assert page.part("top").find("p")[-1].words == "Read it in Русский"
    pages = [
        page.one("link", hreflang="en-GB"),
        page.one("link", hreflang="ru"),
        page.one("link", rel="cite-as"),
    ]
    assert [link.attributes["href"].rpartition("org")[2] for link in pages] == [
        "/en/",
        "/ru/",
        "/en/",
    ]
    assert (
        page.one("link", rel="type").attributes["href"] == "https://schema.org/Article"
    )


def test_each_speaker_is_a_creator_and_one_name_is_not_taken_apart(show: Show) -> None:
    page = show(TEXT, TWO)
    creators, authors = (
        page.find("meta", name=name) for name in ("DC.creator", "author")
    )
    assert [one.attributes["content"] for one in creators] == [
        "Sample Ada,",
        "Office of Samplia,",
    ]
    assert [one.attributes["content"] for one in authors] == [
        "Sample Ada",
        "Office of Samplia",
    ]


def test_an_archived_copy_is_linked_beside_the_publication(show: Show) -> None:
    page = show(
        TEXT,
        ADA
        + 'source = "https://example.org/1"\narchived = "https://web.archive.org/1"\n',
    )
    link = page.one("a", data_originalurl="https://example.org/1")
    assert (link.words, link.attributes["href"]) == (
        "archived copy",
        "https://web.archive.org/1",
    )


def test_a_number_of_the_publication_is_text_once_and_a_paragraph_without_one_has_a_sign(
    show: Show,
) -> None:
    page = show("# Title\n\nWe met.\n\n7. We agreed.\n\n    - An item\n", GROUP)
    assert page.part("p7").words == "7. We agreed."
    assert page.part("p7").one("a").attributes["aria-label"] == "Paragraph 7"
    assert page.part("u1").one("a").attributes["data-character"] == "¶"
    assert page.part("p7-1").words == "An item"


def test_a_voice_is_named_beside_each_part_that_does_not_name_it_itself(
    show: Show,
) -> None:
    page = show(TURNS, ADA + QUESTION)
    voices = [page.part(id_).attributes.get("data-voice") for id_ in ("p1", "p2", "p3")]
    assert voices == [None, "Question", None]
    credited = [
        page.part(id_).attributes["data-attribution"] for id_ in ("p1", "p2", "p3")
    ]
    assert credited == [
        "Question, in “Title”",
        "Question, in “Title”",
        "Ada Sample",
    ]


CORRECTIONS = """corrections = [{ paragraph = "p1", date = 2024-05-03, was = "meet", by = "publisher" }, \
{ paragraph = "p2-2", date = 2024-05-04, was = "a “tpyo”", by = "edition" }, \
{ paragraph = "p3", date = 2024-05-05, withdrawn = true, by = "publisher" }]
"""


def test_a_correction_is_told_with_the_old_words_and_linked_both_ways(
    show: Show,
) -> None:
    page = show(
        "# Title\n\nWe met.\n\nThe list:\n\n- One\n- Typo\n\n{#p3}\n\nThe end.\n",
        ADA + CORRECTIONS,
    )
    about = page.part("about")
    assert [item.words for item in about.find("li")[1:]] == [
        "The words are meant to be the publication’s, with the corrections below;"
        " the paragraph numbers and the links to each part are this edition’s.",
        "3 May 2024: the publisher changed its text in paragraph 1, which had “meet”.",
        "4 May 2024: this edition had mistyped item 2 of paragraph 2, which had “a ‘tpyo’”.",
        "5 May 2024: paragraph 3 was withdrawn by its publisher.",
    ]
    assert [link.attributes["href"] for link in about.find("a")] == [
        "#p1",
        "#p2-2",
        "#p3",
    ]
    back = page.part("p2-2").one("a", href="#_correction-2")
    assert (back.text, back.attributes["aria-label"]) == ("", "Corrected, 4 May 2024")
    assert (
        page.part("p3").words
        == "This paragraph was withdrawn by its publisher, 5 May 2024."
    )


@pytest.mark.parametrize(
    ("title", "text", "quoted_title"),
    [
        ("On “peace” now?", "We met.", "“On ‘peace’ now?”"),
        ("“Peace now!”", "We met.", "“‘Peace now!’”"),
        ("论“和平”", "我们同意。", "“论‘和平’.”"),
        ("The “letter”", "It reads: “We met.\n\n“We part.” So.", "“The ‘letter’.”"),
        ("A “list”", "> “One”\n\n- “two”\n    - “three”", "“A ‘list’.”"),
        ("Rede “Frieden“", "Er sagte: „Frieden.“", "“Rede “Frieden“.”"),
        ("Tal ”Fred!”", "Vi möttes.", "“Tal ”Fred!””"),
        ("An “open” mark", "He said: “We met.", "“An “open” mark.”"),
        ("A “nested” mark", "He said: “We “met.”", "“A “nested” mark.”"),
        ("A “quote”", "> “open", "“A “quote”.”"),
        ("A “list”", "So:\n\n- One\n    - “open", "“A “list”.”"),
    ],
)
def test_the_title_s_own_quotation_marks_become_single_if_they_open_and_close(
    show: Show, title: str, text: str, quoted_title: str
) -> None:
    page = show(f"# {title}\n\n{text}\n")
    assert quoted_title in page.one("li", class_="citation").words
