"""Headers, and error pages."""

from datetime import date

import pytest
from conftest import MakeApp
from flask import abort
from flask.testing import FlaskClient
from served_page import read_page
from site_files import (
    assert_secure,
    every_address,
    get,
    hashes_of,
    pages,
    parse_policy,
)

MARK = "m4rk3d"  # a part of requests that must not come back in responses


@every_address
def test_each_response_has_the_security_headers(
    client: FlaskClient, address: str
) -> None:
    assert_secure(client.get(address))
    assert_secure(get(client, address, Accept_Encoding="gzip"))


def test_responses_of_each_other_status_have_the_security_headers(
    client: FlaskClient,
) -> None:
    responses = {
        200: client.options("/"),
        304: get(client, "/", If_None_Match="*"),
        308: client.get("/", environ_overrides={"PATH_INFO": ""}),
        400: get(client, "/no-such-page", Host=".."),
        404: client.post("/no-such-page"),
        405: client.post("/"),
    }
    for status, response in responses.items():
        assert response.status_code == status
        assert_secure(response)


def test_errors_and_redirects_are_not_stored(client: FlaskClient) -> None:
    redirect = client.get("/", environ_overrides={"PATH_INFO": ""})
    assert redirect.headers.getlist("Cache-Control") == ["no-store"]
    error = client.get("/no-such-page")
    assert error.headers.getlist("Cache-Control") == ["no-store"]


@pytest.mark.parametrize("address", ["/", "/no-such-page"])
@pytest.mark.parametrize(
    ("site_url", "expected"),
    [
        ("https://example.org", "max-age=63072000"),
        ("HTTPS://example.org", "max-age=63072000"),
        ("http://example.org", None),
        ("", None),
    ],
)
def test_browsers_keep_to_https_if_the_site_has_it(
    make_app: MakeApp, site_url: str, expected: str | None, address: str
) -> None:
    response = make_app(SITE_URL=site_url).test_client().get(address)
    assert response.headers.get("Strict-Transport-Security") == expected


@every_address
def test_no_response_contains_the_host_or_the_day(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    other = get(
        client,
        address,
        Host="evil.example",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Proto="https",
        Forwarded="host=evil.example",
    )
    assert other.data == response.data
    assert list(other.headers) == list(response.headers)
    assert date.today().isoformat().encode() not in response.data
    names = {name for name, _ in response.headers}
    assert names.isdisjoint({"Date", "Last-Modified", "Expires"})


# The policy


@pages
def test_the_policy_allows_the_styles_and_the_script_of_the_page(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    page = read_page(response.text)
    policy = parse_policy(response.headers["Content-Security-Policy"])
    assert policy["style-src"] == hashes_of(page.styles)
    assert set(hashes_of(page.scripts)) <= set(policy["script-src"])


@pages
def test_the_page_contains_its_policy_before_all_that_it_covers(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    page = read_page(response.text)
    meta = page.one("meta", http_equiv="Content-Security-Policy")
    policy = parse_policy(meta.attributes["content"])
    assert policy.pop("script-src") == (hashes_of(page.scripts) or ["'none'"])
    sent = parse_policy(response.headers["Content-Security-Policy"])
    del sent["script-src"]
    del sent["frame-ancestors"]  # a meta element must not contain it
    assert policy == sent
    tags = []
    for element in page.all:
        if element.attributes.get("http-equiv"):
            tags.append("policy")
        elif element.tag in ("style", "script", "link"):
            tags.append(element.tag)
    assert tags[0] == "policy"


# Error pages


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (400, "This request cannot be answered"),
        (404, "There is no page here"),
        (405, "This page can only be read"),
        (418, "This request cannot be answered"),
        (500, "Something went wrong here"),
        (503, "Something went wrong here"),
    ],
)
def test_each_status_has_a_title(make_app: MakeApp, status: int, title: str) -> None:
    app = make_app()
    app.add_url_rule("/error/<int:code>", view_func=abort, endpoint="error")
    response = app.test_client().get(f"/error/{status}")
    assert response.status_code == status
    assert read_page(response.text).one("h1").text == title


def test_an_exception_is_logged_and_not_shown(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()
    app.add_url_rule(
        "/fault/<name>", view_func=lambda name: str(1 / 0), endpoint="fault"
    )
    response = app.test_client().get(f"/fault/{MARK}")
    assert response.status_code == 500
    assert_secure(response)
    assert MARK not in response.text
    assert f"Exception on /fault/{MARK} [GET]" in caplog.text


@pytest.mark.parametrize(
    ("site_url", "home"),
    [
        ("", "/"),
        ("https://example.org/deep", "https://example.org/deep/"),
        ("http://example.org/deep/", "http://example.org/deep/"),
    ],
)
def test_the_error_page_links_to_the_statement(
    make_app: MakeApp, site_url: str, home: str
) -> None:
    response = make_app(SITE_URL=site_url).test_client().get("/no-such-page")
    assert read_page(response.text).one("a").attributes["href"] == home


def test_the_error_page_contains_nothing_of_the_request(client: FlaskClient) -> None:
    response = get(
        client,
        f"/<b>{MARK}</b>?{MARK}={MARK}",
        Cookie=f"{MARK}={MARK}",
        User_Agent=MARK,
        Referer=MARK,
    )
    assert response.data == client.get("/no-such-page").data
    assert MARK not in str(response.headers)
