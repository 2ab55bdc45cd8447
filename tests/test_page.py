"""The page, read with an HTML parser. The golden files show most of its markup."""

import gzip
from collections.abc import Callable

import pytest
from case_files import read_rows
from conftest import FRONT_MATTER, MakeApp, OpenStatement
from editable_site import EditableSite
from flask.testing import FlaskClient
from served_page import Element, read_page

from app import STATEMENT
from app.reading.reader import read_statement
from app.reading.sections import PAGE_IDS
from app.statement import Paragraph

# The first flight of a TCP connection carries about 14,600 bytes, with headers.
MAX_GZIPPED_BYTES = 13_000

SPEAKER = 'speaker = { given = "Ada", family = "Sample", role = "Minister" }\n'
Show = Callable[..., Element]


@pytest.fixture
def show(open_statement: OpenStatement) -> Show:
    """Return a function that returns the page of a text."""

    def show(
        body: str, front_matter: str = SPEAKER, language: str = "en-GB"
    ) -> Element:
        required = (
            "published = 2024-05-02\n"
            'publisher = "Office of Examples"\n'
            f'language = "{language}"\n'
        )
        client = open_statement(body, required + front_matter)
        return read_page(client.get("/").text)

    return show


def test_every_id_is_unique_and_every_fragment_leads_to_one(
    client: FlaskClient,
) -> None:
    page = read_page(client.get("/").text)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    for href in page.values("href"):
        if href.startswith("#"):
            assert href[1:] in ids


def test_a_section_cannot_have_an_id_that_the_page_itself_uses(
    client: FlaskClient,
) -> None:
    page = read_page(client.get("/").text)
    statement = read_statement(STATEMENT)
    section_ids = {section.id for section in statement.sections}
    paragraph_ids = {paragraph.id for paragraph in statement.paragraphs}
    own_ids = set(page.values("id")) - section_ids - paragraph_ids
    assert own_ids | {"top"} == set(PAGE_IDS)  # HTML defines #top


def test_the_page_fits_into_the_first_packets_of_a_connection(
    make_app: MakeApp,
) -> None:
    app = make_app(SITE_URL="https://example.org/a-statement")
    page = app.test_client().get("/").data
    excess = len(gzip.compress(page, mtime=0)) - MAX_GZIPPED_BYTES
    assert excess <= 0, f"the gzipped page is {excess} bytes over the limit"


def test_an_error_page_has_the_style_of_the_page_and_no_script(
    client: FlaskClient,
) -> None:
    error_page = read_page(client.get("/no-such-page").text)
    assert error_page.styles == read_page(client.get("/").text).styles
    assert error_page.scripts == []


def test_an_error_page_is_sent_gzipped_to_clients_that_accept_it(
    client: FlaskClient,
) -> None:
    plain = client.get("/no-such-page")
    packed = client.get("/no-such-page", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_a_block_of_an_unknown_kind_is_an_error(
    open_statement: OpenStatement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Paragraph, "kind", "table")
    assert open_statement().get("/").status_code == 500


NUMBERED = 'numbers = "publication"\n'
HEADED = 'headings = "publication"\n'
VOICES = 'voices = ["Question", "Ada Sample"]\n'
TEXT = "# Title\n\nWe met.\n"
SECTIONS = "# Title\n\nWe met.\n\n## Peace {#peace}\n\nWe agreed.\n"
LABELLED_TURNS = "# Title\n\nQuestion: Did you?\n\nAda Sample: No.\n"
TURNS = "# Title\n\nQuestion: Did you?\n\nAnd why?\n\nAda Sample: No.\n"


@pytest.mark.parametrize(
    ("front_matter", "body", "additions"),
    [
        (NUMBERED, TEXT, "The links to each part"),
        ("", TEXT, "The paragraph numbers and the links to each part"),
        (NUMBERED + HEADED, SECTIONS, "The contents and the links to each part"),
        (
            "",
            SECTIONS,
            "The section headings, the contents, the paragraph numbers"
            " and the links to each part",
        ),
        (
            NUMBERED + VOICES,
            TURNS,
            "The speaker labels and the links to each part",
        ),
        (NUMBERED + VOICES, LABELLED_TURNS, "The links to each part"),
    ],
)
def test_the_page_lists_what_was_added_to_the_publication(
    show: Show, front_matter: str, body: str, additions: str
) -> None:
    about = show(body, SPEAKER + front_matter).part("about")
    promise = "The text is meant to match the publication word for word."
    assert about.find("li")[2].words == f"{promise} {additions} were added here."


@pytest.mark.parametrize(
    ("front_matter", "body", "additions"),
    [
        (NUMBERED, TEXT, ""),
        (NUMBERED, SECTIONS, " Headings were added here."),
        ("", TEXT, " Numbers were added here."),
        ("", SECTIONS, " Headings and numbers were added here."),
        (HEADED, SECTIONS, " Numbers were added here."),
    ],
)
def test_the_hint_names_headings_and_numbers_that_were_added(
    show: Show, front_matter: str, body: str, additions: str
) -> None:
    hint = show(body, SPEAKER + front_matter).one("span", class_="hint").words
    invitation = " Select words to quote them or link to them."
    start = "Each number or sign next to the text is a link to that passage."
    assert hint == start + additions + invitation


def test_the_page_mentions_other_voices_than_the_speaker_s(show: Show) -> None:
    alone = show(TEXT).part("about").find("li")[0].words
    together = show(TURNS, SPEAKER + VOICES).part("about").find("li")[0].words
    assert alone == "Speaker: Ada Sample, Minister."
    assert together == f"{alone} Others speak in the text, too."


def test_an_empty_list_of_voices_attributes_the_words_to_the_speaker(
    show: Show,
) -> None:
    statement = show(TEXT, SPEAKER + "voices = []\n").part("statement")
    assert statement.attributes["data-attribution"] == "Ada Sample"


def test_a_statement_without_sections_has_no_contents(show: Show) -> None:
    assert "contents" not in show(TEXT).values("id")


ARABIC = "نلتقي اليوم في فيينا."
HEBREW = "נפגשנו בווינה."
OTHER_DIRECTION = f"""\
# {ARABIC}

{ARABIC}

We met.

2254: {ARABIC}

- {HEBREW}

> {ARABIC}

## {ARABIC} {{#part}}

Text.
"""


def test_text_in_another_direction_than_the_page_has_its_own_direction(
    show: Show,
) -> None:
    page = show(OTHER_DIRECTION)
    directions = [
        page.part(f"p{number}").attributes.get("dir") for number in range(1, 5)
    ]
    assert directions == ["rtl", None, "rtl", "rtl"]
    assert page.part("p3-1").one("span").attributes["dir"] == "rtl"
    assert page.one("h1").attributes["dir"] == "rtl"
    assert page.part("part").one("h2").attributes["dir"] == "rtl"
    assert page.part("contents").one("a", href="#part").attributes["dir"] == "rtl"


def test_a_left_to_right_paragraph_in_a_page_from_right_to_left_keeps_its_direction(
    show: Show,
) -> None:
    page = show(f"# {ARABIC}\n\n{ARABIC}\n\nWe met.\n", language="ar")
    assert "dir" not in page.part("p1").attributes
    assert page.part("p2").attributes["dir"] == "ltr"


def test_the_name_of_a_section_s_marker_is_in_the_language_of_the_section(
    show: Show,
) -> None:
    russian = show("# Речь\n\n## Мир {#mir}\n\nТекст.\n", language="ru")
    marker = russian.one("a", class_="marker", href="#mir").attributes
    assert marker["aria-label"] == "§ Мир"
    assert "lang" not in marker


@pytest.mark.parametrize(("title", "text", "quoted"), read_rows("title_marks.txt"))
def test_the_title_is_quoted_in_the_citation(
    site: EditableSite, title: str, text: str, quoted: str
) -> None:
    text = text.replace("\\n", "\n")
    page = site.page(title=title, text=text, front_matter=FRONT_MATTER)
    assert quoted in page.one("li", class_="citation").words
