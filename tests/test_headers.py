from datetime import date

import pytest
from conftest import MakeApp
from flask import abort
from flask.testing import FlaskClient
from served_page import read_page
from site_files import (
    DECLARED,
    assert_secure,
    every_address,
    get,
    hashes_of,
    pages,
    parse_policy,
)

MARK = "m4rk3d"  # stands in what is sent, and may stand in nothing that comes back


def test_every_answer_has_the_security_headers_once_and_sets_no_cookie(
    client: FlaskClient,
) -> None:
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
        assert response.status_code == status
        assert_secure(response)


def test_caches_keep_the_page_for_minutes_unchanged_and_no_error(
    client: FlaskClient,
) -> None:
    written = "public, max-age=300, stale-while-revalidate=86400, no-transform"
    assert client.get("/").headers.getlist("Cache-Control") == [written]
    assert client.get("/no-such-page").headers.getlist("Cache-Control") == ["no-store"]


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
    app.add_url_rule(
        "/<int:status>", view_func=lambda status: abort(status), endpoint="status"
    )
    response = app.test_client().get(f"/{status}")
    assert (response.status_code, f"<h1>{title}</h1>" in response.text) == (
        status,
        True,
    )


def test_a_fault_of_the_server_is_told_like_that_and_not_what_was_asked_for(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()
    app.add_url_rule(
        "/fault/<asked_for>", view_func=lambda asked_for: str(1 / 0), endpoint="fault"
    )
    response = app.test_client().get(f"/fault/{MARK}")
    assert_secure(response)
    assert (response.status_code, MARK in response.text) == (500, False)
    assert f"Exception on /fault/{MARK} [GET]" in caplog.text


@pytest.mark.parametrize(
    "site_url", ["https://example.org/deep/", "http://example.org/deep", ""]
)
def test_an_error_page_leads_home_tells_nothing_of_the_request_and_stays_out_of_search_engines(
    make_app: MakeApp, site_url: str
) -> None:
    client = make_app(SITE_URL=site_url).test_client()
    page = read_page(client.get("/no-such-page").text)
    assert page.one("a").attributes["href"] == f"{site_url.rstrip('/')}/"
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    asked = {"Cookie": f"{MARK}={MARK}", "User_Agent": MARK, "Referer": MARK}
    response = get(client, f"/<b>{MARK}</b>?{MARK}={MARK}", **asked)
    assert response.data == client.get("/no-such-page").data
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert MARK not in str(response.headers)
    # Browsers are held to https where the site has it.
    strict = "max-age=63072000" if site_url.startswith("https:") else None
    assert [
        client.get(each).headers.get("Strict-Transport-Security")
        for each in ("/", "/none")
    ] == [strict] * 2


@pages
def test_the_policy_lets_in_the_styles_and_the_script_of_the_pages_and_the_page_itself_holds_it_for_its_own(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    sent = parse_policy(response.headers["Content-Security-Policy"])
    statement_page = read_page(client.get("/").text)
    assert sent.pop("style-src") == hashes_of(statement_page.styles)
    assert sent.pop("script-src") == hashes_of(statement_page.scripts)
    del sent["frame-ancestors"]  # which a meta element may not hold (HTML, 4.2.5.3)
    page = read_page(response.text)
    meta = parse_policy(
        page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    )
    assert meta.pop("style-src") == hashes_of(page.styles)
    assert meta.pop("script-src") == (hashes_of(page.scripts) or ["'none'"])
    assert meta == sent
    tags = [
        "policy" if element.attributes.get("http-equiv") else element.tag
        for element in page.all
    ]
    assert tags.index("policy") < min(
        tags.index(tag) for tag in ("style", "script", "link") if tag in tags
    )
    assert page.one("meta", name="referrer").attributes["content"] == "no-referrer"
    assert (
        page.one("link", rel="icon")
        .attributes["href"]
        .startswith("data:image/svg+xml,%3Csvg%20xmlns%3D")
    )


@every_address
def test_neither_the_host_nor_the_day_is_in_an_answer(
    client: FlaskClient, address: str
) -> None:
    here = client.get(address)
    for host in ("evil.example", "[::1]:80"):
        headers = {
            "Host": host,
            "X-Forwarded-Host": host,
            "X-Forwarded-Proto": "https",
            "Forwarded": f"host={host}",
        }
        other = client.get(address, headers=headers)
        assert (other.data, list(other.headers)) == (here.data, list(here.headers))
    assert date.today().isoformat().encode() not in here.data
    assert not {"Date", "Last-Modified", "Expires"} & set(here.headers.keys())


def test_a_redirect_to_the_mounted_site_is_not_cached(client: FlaskClient) -> None:
    response = client.get("", environ_overrides={"SCRIPT_NAME": "/a", "PATH_INFO": ""})
    assert response.status_code == 308
    assert response.headers["Cache-Control"] == "no-store"
