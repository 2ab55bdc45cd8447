from collections import Counter

import pytest
from conftest import MakeApp
from flask.testing import FlaskClient
from served_page import read_page
from site_files import get

from app import STATEMENT
from app.reading.reader import read_statement
from app.reading.sections import PAGE_IDS

MARK = "m4rk3d"  # stands in what is sent, and may stand in nothing that comes back


@pytest.fixture
def parts_of_the_page(client: FlaskClient) -> list[str]:
    return read_page(client.get("/").text).values("id")


def test_every_id_is_unique(parts_of_the_page: list[str]) -> None:
    assert [name for name, count in Counter(parts_of_the_page).items() if count > 1] == []


def test_every_fragment_on_the_page_leads_to_a_part_of_it(client: FlaskClient, parts_of_the_page: list[str]) -> None:
    fragments = [href[1:] for href in read_page(client.get("/").text).values("href") if href.startswith("#")]
    assert "return-of-refugees" in fragments
    assert set(fragments) - set(parts_of_the_page) == set()


def test_every_section_and_paragraph_of_the_statement_is_a_part_of_the_page(parts_of_the_page: list[str]) -> None:
    assert ids_of_the_statement() - set(parts_of_the_page) == set()


def test_sections_can_take_no_id_that_the_page_needs(parts_of_the_page: list[str]) -> None:
    of_the_page = set(parts_of_the_page) - ids_of_the_statement()
    assert of_the_page | {"top"} == set(PAGE_IDS)  # HTML itself defines #top


def ids_of_the_statement() -> set[str]:
    statement = read_statement(STATEMENT)
    sections = [inner for section in statement.sections for inner in (section, *section.subsections)]
    return {section.id for section in sections} | {paragraph.id for paragraph in statement.paragraphs}


def test_a_page_that_is_not_there_is_told_plainly(client: FlaskClient) -> None:
    response = client.get("/no-such-page")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "<h1>There is no page here</h1>" in response.text
    assert read_page(response.text).one("a").attributes["href"] == "/"


def test_an_error_page_is_kept_out_of_search_engines(client: FlaskClient) -> None:
    robots = read_page(client.get("/nothing").text).one("meta", name="robots")
    assert robots.attributes["content"] == "noindex"


def test_an_error_page_does_not_tell_what_was_asked_for(client: FlaskClient) -> None:
    address = f"/<b>{MARK}</b>?{MARK}={MARK}"
    response = get(client, address, Cookie=f"{MARK}={MARK}", User_Agent=MARK, Referer=MARK)
    assert response.data == client.get("/no-such-page").data
    assert MARK not in str(response.headers)


def test_the_error_page_leads_home_where_the_site_has_an_address(make_app: MakeApp) -> None:
    client = make_app(SITE_URL="https://example.org/deep").test_client()
    assert read_page(client.get("/no-such-page").text).one("a").attributes["href"] == "https://example.org/deep/"
