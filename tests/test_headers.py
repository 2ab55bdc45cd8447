import re
from datetime import date
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from conftest import MakeApp
from flask.testing import FlaskClient
from security import assert_secure, hash_of, parse_policy
from served_page import Element, read_page
from site_files import MEDIA_TYPES, every_address, every_encoding, get, pages
from werkzeug.test import TestResponse

MARK = "m4rk3d"  # stands in what is sent, and may stand in nothing that comes back


class Request(NamedTuple):
    status: int
    address: str = "/"
    method: str = "GET"
    header: tuple[str, str] = ("Accept", "*/*")


every_answer = pytest.mark.parametrize(
    "request_",
    [
        Request(200),
        Request(200, method="HEAD"),
        Request(200, header=("Accept-Encoding", "gzip")),
        Request(304, header=("If-None-Match", "*")),
        Request(404, "/no-such-page"),
        Request(404, "/static/"),
        Request(404, "/no-such-page", "HEAD"),
        Request(405, method="POST"),
        Request(405, method="FOO"),
        Request(406, header=("Accept-Encoding", "*;q=0")),
        Request(400, header=("Host", "..")),
        Request(204, method="OPTIONS"),
        *(Request(200, address) for address in MEDIA_TYPES),
    ],
    ids=lambda request: f"{request.method} {request.address} {request.header[1]} {request.status}",
)


def ask_for(client: FlaskClient, request: Request) -> TestResponse:
    response = client.open(request.address, method=request.method, headers=[request.header])
    assert response.status_code == request.status
    return response


@every_answer
def test_every_answer_has_the_security_headers(client: FlaskClient, request_: Request) -> None:
    assert_secure(ask_for(client, request_).headers)


@every_answer
def test_no_answer_sets_a_cookie(client: FlaskClient, request_: Request) -> None:
    headers = ask_for(client, request_).headers
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_a_fault_of_the_server_shows_the_plain_page_with_the_security_headers(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr("app.web.parse_etags", fail)
    response = get(client, "/", If_None_Match=MARK)
    assert_secure(response.headers)
    assert response.status_code == 500
    assert "<h1>Something went wrong here</h1>" in response.text
    assert MARK not in response.text
    assert "Exception on / [GET]" in caplog.text


@pytest.mark.parametrize(
    ("site_url", "header"),
    [
        ("https://example.org", "max-age=63072000"),
        ("https://example.org/statements/", "max-age=63072000"),
        ("http://example.org", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("address", ["/", "/no-such-page", "/robots.txt"])
def test_browsers_are_held_to_https_where_the_site_has_it(
    make_app: MakeApp, site_url: str, header: str | None, address: str
) -> None:
    client = make_app(SITE_URL=site_url).test_client()
    assert client.get(address).headers.get("Strict-Transport-Security") == header


def test_the_policy_lets_in_the_style_and_the_script_of_the_page_and_no_other(client: FlaskClient) -> None:
    response = client.get("/")
    policy = parse_policy(response.headers["Content-Security-Policy"])
    assert {hash_of(text) for text in read_page(response.text).styles} == set(policy["style-src"])
    assert {hash_of(text) for text in read_page(response.text).scripts} == set(policy["script-src"])


def test_the_policy_lets_in_what_the_error_page_holds(client: FlaskClient) -> None:
    response = client.get("/no-such-page")
    policy = parse_policy(response.headers["Content-Security-Policy"])
    assert {hash_of(text) for text in read_page(response.text).styles} == set(policy["style-src"])
    assert {hash_of(text) for text in read_page(response.text).scripts} <= set(policy["script-src"])


@pages
def test_the_page_itself_holds_the_policy_but_for_what_a_meta_element_may_not(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    policy = parse_policy(response.headers["Content-Security-Policy"])
    del policy["frame-ancestors"]
    meta = read_page(response.text).one("meta", http_equiv="Content-Security-Policy")
    assert parse_policy(meta.attributes["content"]) == policy


@pages
def test_the_policy_stands_before_all_that_it_governs(client: FlaskClient, address: str) -> None:
    tags = [
        "policy" if element.attributes.get("http-equiv") else element.tag
        for element in read_page(client.get(address).text).all
    ]
    assert tags.index("policy") < min(tags.index(tag) for tag in ("style", "script", "link") if tag in tags)


@pages
def test_nothing_stands_in_the_page_that_the_policy_blocks(client: FlaskClient, address: str) -> None:
    names = {name for element in read_page(client.get(address).text).all for name in element.attributes}
    assert not [name for name in names if name.startswith("on") or name in ("style", "srcdoc")]
    assert "javascript:" not in client.get(address).text


# Nothing of the clock, of the host or of other hosts


@every_address
@every_encoding
@pytest.mark.parametrize("host", ["evil.example", "localhost:8000", "[::1]:80"])
def test_the_host_changes_no_answer(client: FlaskClient, address: str, encoding: str, host: str) -> None:
    headers = {"Host": host, "X-Forwarded-Host": host, "X-Forwarded-Proto": "https", "Forwarded": f"host={host}"}
    other = client.get(address, headers={**headers, "Accept-Encoding": encoding})
    here = get(client, address, Accept_Encoding=encoding)
    assert (other.data, list(other.headers)) == (here.data, list(here.headers))


@every_address
def test_the_day_is_in_no_answer(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert date.today().isoformat().encode() not in response.data
    assert not {"Date", "Last-Modified", "Expires"} & set(response.headers.keys())


@pages
@pytest.mark.parametrize("site_url", ["", "https://example.org/"])
def test_nothing_is_loaded_from_another_host_and_all_that_is_loaded_is_there(
    make_app: MakeApp, address: str, site_url: str
) -> None:
    client = make_app(SITE_URL=site_url).test_client()
    response = client.get(address)
    loaded = [url for element in read_page(response.text).all for url in loads(element)]
    assert [url for url in loaded if not url.startswith("data:") and urlsplit(url)[:2] != ("", "")] == []
    assert {client.get(urljoin(address, url)).status_code for url in loaded if not url.startswith("data:")} <= {200}
    for style in read_page(response.text).styles:
        assert re.findall(r"@import|url\(\s*['\"]?(?!data:|#)[^)]*", style) == []


# Links that name an address, but from which no browser loads anything (HTML, 4.6.7).
NAMING_RELS = {"canonical", "alternate", "license", "author", "schema.DC", "schema.DCTERMS"}


# The addresses that a browser fetches by itself where it meets the element.
def loads(element: Element) -> list[str]:
    if element.tag == "a" or (element.tag == "link" and element.attributes.get("rel") in NAMING_RELS):
        return []
    names = ("src", "srcset", "href", "data", "poster", "background", "action", "formaction", "ping", "manifest")
    return [element.attributes[name] for name in names if name in element.attributes]


@pages
def test_the_icon_stands_in_the_page(client: FlaskClient, address: str) -> None:
    icon = read_page(client.get(address).text).one("link", rel="icon")
    media_type, _, drawing = icon.attributes["href"].removeprefix("data:").partition(",")
    assert (media_type, unquote(drawing)) == ("image/svg+xml", client.get("/static/icon.svg").text)


def test_the_page_sends_nothing(client: FlaskClient) -> None:
    tags = {element.tag for element in read_page(client.get("/").text).all}
    assert not tags & {"form", "iframe", "object", "embed", "base", "video", "audio", "portal"}
