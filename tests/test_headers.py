from datetime import date

import pytest
from conftest import MakeApp
from flask import abort
from flask.testing import FlaskClient
from security import assert_secure, hash_of, parse_policy
from served_page import read_page
from site_files import DECLARED, every_address, get, pages

MARK = "m4rk3d"  # stands in what is sent, and may stand in nothing that comes back


def test_every_answer_has_the_security_headers_once_and_sets_no_cookie(client: FlaskClient) -> None:
    answers = [
        (200, client.head("/")),
        (200, client.options("/")),
        (304, get(client, "/", If_None_Match="*")),
        (308, client.get("/", environ_overrides={"PATH_INFO": ""})),
        (404, client.post("/no-such-page")),
        (405, client.post("/")),
        (400, get(client, "/no-such-page", Host="..")),
        *((200, get(client, address, Accept_Encoding="gzip")) for address in DECLARED),
    ]
    for status, response in answers:
        path, names = response.request.path, response.headers.keys()
        assert (response.status_code, "Set-Cookie" in names) == (status, False)
        assert_secure(response.headers, path in DECLARED and DECLARED[path].public)


def test_caches_keep_the_page_for_minutes_unchanged_and_no_error(client: FlaskClient) -> None:
    written = "public, max-age=300, stale-while-revalidate=86400, no-transform"
    assert client.get("/").headers.getlist("Cache-Control") == [written]
    assert client.get("/no-such-page").headers.getlist("Cache-Control") == ["no-store"]


def test_a_fault_of_the_server_shows_the_plain_page_with_the_security_headers(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()

    @app.get("/<anything>")
    def fail(anything: str) -> str:
        raise RuntimeError(anything)

    response = app.test_client().get(f"/{MARK}")
    assert_secure(response.headers)
    assert (response.status_code, MARK in response.text) == (500, False)
    assert f"Exception on /{MARK} [GET]" in caplog.text


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (404, "There is no page here"),
        (405, "This page can only be read"),
        *((status, "This request cannot be answered") for status in (400, 418)),
        *((status, "Something went wrong here") for status in (500, 503)),
    ],
)
def test_an_error_is_told_in_words_of_its_own_or_as_the_reader_s_or_the_server_s(
    make_app: MakeApp, status: int, title: str
) -> None:
    app = make_app()
    app.add_url_rule("/<int:status>", view_func=lambda status: abort(status), endpoint="status")
    response = app.test_client().get(f"/{status}")
    assert (response.status_code, f"<h1>{title}</h1>" in response.text) == (status, True)


@pytest.mark.parametrize(
    ("site_url", "header"),
    [("https://example.org/statements/", "max-age=63072000"), ("http://example.org", None), ("", None)],
)
def test_browsers_are_held_to_https_where_the_site_has_it(make_app: MakeApp, site_url: str, header: str | None) -> None:
    client = make_app(SITE_URL=site_url).test_client()
    for address in ("/", "/no-such-page"):
        assert client.get(address).headers.get("Strict-Transport-Security") == header


@pages
def test_the_policy_lets_in_the_styles_and_the_script_of_the_pages_and_the_page_itself_holds_it_for_its_own(
    client: FlaskClient, address: str
) -> None:
    response, read = client.get(address), [read_page(client.get(each).text) for each in ("/", "/no-such-page")]
    sent = parse_policy(response.headers["Content-Security-Policy"])
    assert set(sent.pop("style-src")) == {hash_of(text) for page in read for text in page.styles}
    assert set(sent.pop("script-src")) == {hash_of(text) for page in read for text in page.scripts}
    del sent["frame-ancestors"]  # which a meta element may not hold (HTML, 4.2.5.3)
    page = read_page(response.text)
    meta = parse_policy(page.one("meta", http_equiv="Content-Security-Policy").attributes["content"])
    assert meta.pop("style-src") == [hash_of(text) for text in page.styles]
    assert meta.pop("script-src") == ([hash_of(text) for text in page.scripts] or ["'none'"])
    assert meta == sent
    tags = ["policy" if element.attributes.get("http-equiv") else element.tag for element in page.all]
    assert tags.index("policy") < min(tags.index(tag) for tag in ("style", "script", "link") if tag in tags)


# Nothing of the clock and of the host


@every_address
def test_neither_the_host_nor_the_day_is_in_an_answer(client: FlaskClient, address: str) -> None:
    here = client.get(address)
    for host in ("evil.example", "[::1]:80"):
        headers = {"Host": host, "X-Forwarded-Host": host, "X-Forwarded-Proto": "https", "Forwarded": f"host={host}"}
        other = client.get(address, headers=headers)
        assert (other.data, list(other.headers)) == (here.data, list(here.headers))
    assert date.today().isoformat().encode() not in here.data
    assert not {"Date", "Last-Modified", "Expires"} & set(here.headers.keys())


@pages
def test_the_icon_stands_in_the_page_and_is_a_drawing(client: FlaskClient, address: str) -> None:
    icon = read_page(client.get(address).text).one("link", rel="icon").attributes["href"]
    assert icon.startswith("data:image/svg+xml,%3Csvg%20xmlns%3D%22http%3A//www.w3.org/2000/svg%22%20")
