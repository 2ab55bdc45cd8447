import gzip
import os
import re
import shutil
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from app import create_app
from app.body import PAGE_IDS
from app.reader import read_statement
from app.site import ROOT, build_site
from app.statement import Section

STATEMENT = ROOT / "content" / "statement.md"

MEDIA_TYPES = {
    "/": "text/html; charset=utf-8",
    "/statement.md": "text/markdown; charset=utf-8",
    "/statement.json": "application/json",
    "/statement.bib": "application/x-bibtex; charset=utf-8",
    "/statement.ris": "application/x-research-info-systems; charset=utf-8",
    "/statement.csl.json": "application/vnd.citationstyles.csl+json",
    "/static/icon.svg": "image/svg+xml",
    "/favicon.ico": "image/vnd.microsoft.icon",
    "/robots.txt": "text/plain; charset=utf-8",
}
every_address = pytest.mark.parametrize("address", MEDIA_TYPES)
every_encoding = pytest.mark.parametrize("encoding", ["gzip", "identity"])
pages = pytest.mark.parametrize("address", ["/", "/no-such-page"])

# What tells a body from the message without it (RFC 9110, 8): all that 304 leaves out.
ABOUT_THE_BODY = {"content-type", "content-length", "content-encoding", "content-disposition"}
ALLOW = "GET, HEAD, OPTIONS"
MARK = "m4rk3d"  # stands in what is sent, and may stand in nothing that comes back
WRITING_METHODS = ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "FOO"]


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as environment:
        yield make_app(environment)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture
def statement_file(tmp_path: Path) -> Path:
    return Path(shutil.copy(STATEMENT, tmp_path / "statement.md"))


def make_app(monkeypatch: pytest.MonkeyPatch, **flask_settings: str) -> Flask:
    for name in [name for name in os.environ if name.startswith("FLASK_")]:
        monkeypatch.delenv(name)
    for name, value in flask_settings.items():
        monkeypatch.setenv(f"FLASK_{name}", value)
    return create_app()


def get(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str | None]


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.inlined: list[tuple[Element, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} has an attribute twice"
        self.elements.append(Element(tag, dict(attrs)))
        if tag in ("style", "script"):
            self.inlined.append((self.elements[-1], ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            element, text = self.inlined.pop()
            self.inlined.append((element, text + data))

    def all(self, name: str) -> list[str]:
        return [value for element in self.elements if (value := element.attributes.get(name)) is not None]

    # What browsers run or apply: JSON-LD is data, which no policy has to let in.
    def code(self, tag: str) -> list[str]:
        data = {"type": "application/ld+json"}
        return [text for element, text in self.inlined if element.tag == tag and element.attributes != data]

    @property
    def meta_policy(self) -> str:
        (content,) = (
            element.attributes["content"]
            for element in self.elements
            if element.attributes.get("http-equiv") == "Content-Security-Policy"
        )
        return content or ""


def page(response: TestResponse) -> Page:
    return Page(response.get_data(as_text=True))


def parse_policy(text: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (directive.split() for directive in text.split(";"))}


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


# Files, their types and their names


def test_the_table_of_media_types_names_every_address() -> None:
    assert set(build_site(read_statement(STATEMENT), None).files) == set(MEDIA_TYPES)


@every_address
def test_an_address_answers_with_its_media_type(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, MEDIA_TYPES[address])


@every_address
def test_only_citations_are_offered_as_downloads_each_under_its_name(client: FlaskClient, address: str) -> None:
    endings = {"/statement.bib": "bib", "/statement.ris": "ris", "/statement.csl.json": "csl.json"}
    name = f'attachment; filename="lavrov-2018-12-29.{endings[address]}"' if address in endings else None
    assert client.get(address).headers.get("Content-Disposition") == name


def test_the_markdown_version_is_the_file_on_disk(client: FlaskClient) -> None:
    assert client.get("/statement.md").data == STATEMENT.read_bytes()


def test_the_svg_icon_is_a_drawing(client: FlaskClient) -> None:
    assert ElementTree.fromstring(client.get("/static/icon.svg").data).tag == "{http://www.w3.org/2000/svg}svg"


def test_favicon_ico_is_an_icon(client: FlaskClient) -> None:
    assert client.get("/favicon.ico").data[:4] == b"\0\0\1\0"


def test_robots_may_read_everything(client: FlaskClient) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    assert robots.can_fetch("anything", "/statement.md")


# Encodings


@every_address
def test_gzip_unpacks_to_what_is_sent_plain(client: FlaskClient, address: str) -> None:
    packed = get(client, address, Accept_Encoding="gzip")
    body = gzip.decompress(packed.data) if "Content-Encoding" in packed.headers else packed.data
    assert body == client.get(address).data


@every_address
def test_gzip_is_sent_where_it_is_shorter_and_only_there(client: FlaskClient, address: str) -> None:
    plain, answer = client.get(address).data, get(client, address, Accept_Encoding="gzip")
    shorter = len(gzip.compress(plain)) < len(plain)
    assert answer.headers.get("Content-Encoding") == ("gzip" if shorter else None)
    assert answer.headers.get("Vary") == client.get(address).headers.get("Vary")
    assert answer.headers.get("Vary") == ("Accept-Encoding" if shorter else None)


@every_address
@every_encoding
def test_content_length_is_the_length_of_the_body(client: FlaskClient, address: str, encoding: str) -> None:
    response = get(client, address, Accept_Encoding=encoding)
    assert response.headers.getlist("Content-Length") == [str(len(response.data))]


def test_the_clock_is_not_in_the_gzip_header(client: FlaskClient) -> None:
    assert get(client, "/", Accept_Encoding="gzip").data[4:8] == bytes(4)


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip"),
        ("gzip;q=0.001", "gzip"),
        ("gzip ; q=1.000", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.000", "identity"),
        ("gzip;q=0.2, identity;q=0.8", "identity"),
        ("identity;q=0.2, gzip;q=0.8", "gzip"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("identity", "identity"),
        ("br", "identity"),
        ("*", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0, identity", "identity"),
        ("gzip;q=0, *", "identity"),
        ("identity;q=0, *", "gzip"),
        ("gzip, identity;q=0", "gzip"),
        ("identity;q=0", "406"),
        ("*;q=0", "406"),
        ("gzip;q=0, identity;q=0", "406"),
        ("gzip;q=0, *;q=0", "406"),
        ("br, identity;q=0", "406"),
        # What cannot be read asks for nothing.
        ("gzip;q=nan", "identity"),
        ("gzip;q=-1", "identity"),
        ("gzip;q=2", "identity"),
        ("gzip;q=high", "identity"),
        ("gzip gzip", "identity"),
        (";;=,", "identity"),
        ("\xff", "identity"),
        (", ,gzip,", "gzip"),
    ],
)
def test_the_encoding_is_the_one_that_the_request_prefers(client: FlaskClient, accepted: str | None, sent: str) -> None:
    response = client.get("/", headers={} if accepted is None else {"Accept-Encoding": accepted})
    found = response.headers.get("Content-Encoding", "identity") if response.status_code == 200 else response.status
    assert found.startswith(sent)


def test_two_accept_encoding_lines_are_one_list(client: FlaskClient) -> None:
    response = client.get("/", headers=[("Accept-Encoding", "br"), ("Accept-Encoding", "gzip")])
    assert response.headers["Content-Encoding"] == "gzip"


# Conditional requests


@every_address
def test_each_encoding_has_a_strong_etag_of_its_own(client: FlaskClient, address: str) -> None:
    answers = [get(client, address, Accept_Encoding=encoding) for encoding in ("gzip", "identity")]
    etags = {answer.data: answer.headers["ETag"] for answer in answers}
    assert all(re.fullmatch(r'"[!#-~]+"', etag) for etag in etags.values())
    assert len(set(etags.values())) == len(etags)


@every_encoding
def test_another_statement_has_another_etag(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, statement_file: Path, encoding: str
) -> None:
    edit(statement_file, "very useful", "useful")
    other = make_app(monkeypatch, STATEMENT=str(statement_file)).test_client()
    etags = [get(reader, "/", Accept_Encoding=encoding).headers["ETag"] for reader in (client, other)]
    assert etags[0] != etags[1]


@every_encoding
@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{etag}", 304),
        ("W/{etag}", 304),
        ("*", 304),
        ('"another", {etag}', 304),
        ('{etag}, "another"', 304),
        ('"another",W/"third" ,\tW/{etag}', 304),
        ('"with, a comma", {etag}', 304),
        (',, "" , {etag}', 304),
        ("", 200),
        (",", 200),
        ('"another"', 200),
        ('W/"another"', 200),
        ('"*"', 200),
        ('"{etag}', 200),
        ('{etag}"', 200),
        ("W{etag}", 200),
        ("{etag}{etag}", 200),
        ('"', 200),
        ("\xff\xfe", 200),
    ],
)
def test_if_none_match_compares_weakly_with_each_etag_of_its_list(
    client: FlaskClient, encoding: str, known: str, status: int
) -> None:
    etag = get(client, "/", Accept_Encoding=encoding).headers["ETag"]
    response = get(client, "/", Accept_Encoding=encoding, If_None_Match=known.format(etag=etag))
    assert response.status_code == status


def test_the_etag_of_the_other_encoding_is_not_known(client: FlaskClient) -> None:
    etag = get(client, "/", Accept_Encoding="gzip").headers["ETag"]
    assert get(client, "/", Accept_Encoding="identity", If_None_Match=etag).status_code == 200


@every_address
@every_encoding
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_304_has_the_headers_of_200_but_those_about_a_body_and_no_body(
    client: FlaskClient, address: str, encoding: str, method: str
) -> None:
    full = get(client, address, Accept_Encoding=encoding)
    short = client.open(address, method=method, headers={"Accept-Encoding": encoding, "If-None-Match": "*"})
    assert (short.status_code, short.data) == (304, b"")
    assert list(short.headers) == [header for header in full.headers if header[0].lower() not in ABOUT_THE_BODY]


def test_caches_keep_the_page_for_minutes_and_ask_for_a_new_one_meanwhile(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"


# Methods


@every_address
@every_encoding
def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient, address: str, encoding: str) -> None:
    full = get(client, address, Accept_Encoding=encoding)
    head = client.head(address, headers={"Accept-Encoding": encoding})
    assert (head.status_code, list(head.headers), head.data) == (200, list(full.headers), b"")


@pytest.mark.parametrize(("address", "accepted"), [("/no-such-page", "gzip"), ("/", "*;q=0")])
def test_head_of_an_error_has_the_headers_of_get_and_no_body(client: FlaskClient, address: str, accepted: str) -> None:
    full = get(client, address, Accept_Encoding=accepted)
    head = client.head(address, headers={"Accept-Encoding": accepted})
    assert (head.status_code, list(head.headers), head.data) == (full.status_code, list(full.headers), b"")
    assert full.headers["Content-Length"] == str(len(full.data))


@pytest.mark.parametrize("method", WRITING_METHODS)
@pytest.mark.parametrize("address", ["/", "/statement.md", "/no-such-page"])
def test_what_would_write_is_refused_with_what_is_allowed(client: FlaskClient, method: str, address: str) -> None:
    response = client.open(address, method=method, data=b"sent")
    assert (response.status_code, response.headers.getlist("Allow")) == (405, [ALLOW])
    assert "<h1>This page can only be read</h1>" in response.text
    assert response.headers["Content-Length"] == str(len(response.data))


@every_address
def test_options_says_what_is_allowed_and_no_more(client: FlaskClient, address: str) -> None:
    response = client.options(address)
    assert (response.status_code, response.data, response.headers["Allow"]) == (204, b"", ALLOW)
    assert "Content-Length" not in response.headers  # RFC 9110, 8.6


def test_options_of_nothing_is_404(client: FlaskClient) -> None:
    assert client.options("/no-such-page").status_code == 404


# Security headers


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


def assert_secure(headers: Headers) -> None:
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: headers.getlist(name) for name in expected} == {name: [value] for name, value in expected.items()}
    (permissions,) = headers.getlist("Permissions-Policy")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(permissions.split(", "))
    (policy,) = headers.getlist("Content-Security-Policy")
    directives = parse_policy(policy)
    closed = ("default-src", "frame-ancestors", "base-uri", "form-action", "object-src")
    assert {name: directives[name] for name in closed} == {name: ["'none'"] for name in closed}
    assert all(source.startswith("'sha256-") for name in ("style-src", "script-src") for source in directives[name])
    assert {source for sources in directives.values() for source in sources if "sha256" not in source} <= {
        "'none'",
        "'self'",
    }


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
    monkeypatch: pytest.MonkeyPatch, site_url: str, header: str | None, address: str
) -> None:
    client = make_app(monkeypatch, SITE_URL=site_url).test_client()
    assert client.get(address).headers.get("Strict-Transport-Security") == header


def test_without_an_address_of_its_own_the_site_does_not_speak_of_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_the_policy_lets_in_the_style_and_the_script_of_the_page_and_no_other(client: FlaskClient) -> None:
    response = client.get("/")
    policy = parse_policy(response.headers["Content-Security-Policy"])
    assert {hash_of(text) for text in page(response).code("style")} == set(policy["style-src"])
    assert {hash_of(text) for text in page(response).code("script")} == set(policy["script-src"])


def test_the_policy_lets_in_what_the_error_page_holds(client: FlaskClient) -> None:
    response = client.get("/no-such-page")
    policy = parse_policy(response.headers["Content-Security-Policy"])
    assert {hash_of(text) for text in page(response).code("style")} == set(policy["style-src"])
    assert {hash_of(text) for text in page(response).code("script")} <= set(policy["script-src"])


@pages
def test_the_page_itself_holds_the_policy_but_for_what_a_meta_element_may_not(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    policy = parse_policy(response.headers["Content-Security-Policy"])
    del policy["frame-ancestors"]
    assert parse_policy(page(response).meta_policy) == policy


@pages
def test_the_policy_stands_before_all_that_it_governs(client: FlaskClient, address: str) -> None:
    tags = [
        "policy" if element.attributes.get("http-equiv") else element.tag
        for element in page(client.get(address)).elements
    ]
    assert tags.index("policy") < min(tags.index(tag) for tag in ("style", "script", "link") if tag in tags)


@pages
def test_nothing_stands_in_the_page_that_the_policy_blocks(client: FlaskClient, address: str) -> None:
    names = {name for element in page(client.get(address)).elements for name in element.attributes}
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
@every_encoding
def test_two_apps_answer_alike(client: FlaskClient, address: str, encoding: str) -> None:
    with pytest.MonkeyPatch.context() as environment:
        other = get(make_app(environment).test_client(), address, Accept_Encoding=encoding)
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
    monkeypatch: pytest.MonkeyPatch, address: str, site_url: str
) -> None:
    client = make_app(monkeypatch, SITE_URL=site_url).test_client()
    response = client.get(address)
    loaded = [url for element in page(response).elements for url in loads(element)]
    assert [url for url in loaded if not url.startswith("data:") and urlsplit(url)[:2] != ("", "")] == []
    assert {client.get(urljoin(address, url)).status_code for url in loaded if not url.startswith("data:")} <= {200}
    for style in page(response).code("style"):
        assert re.findall(r"@import|url\(\s*['\"]?(?!data:|#)[^)]*", style) == []


# Links that name an address, but from which no browser loads anything (HTML, 4.6.7).
NAMING_RELS = {"canonical", "alternate", "license", "author", "schema.DC", "schema.DCTERMS"}


# The addresses that a browser fetches by itself where it meets the element.
def loads(element: Element) -> list[str]:
    tag, attributes = element
    if tag == "a" or (tag == "link" and attributes.get("rel") in NAMING_RELS):
        return []
    names = ("src", "srcset", "href", "data", "poster", "background", "action", "formaction", "ping", "manifest")
    return [value for name in names if (value := attributes.get(name)) is not None]


def test_the_icon_of_the_page_is_its_own(client: FlaskClient) -> None:
    icons = [element for element in page(client.get("/")).elements if element.attributes.get("rel") == "icon"]
    assert [client.get(f"/{icon.attributes['href']}").headers["Content-Type"] for icon in icons] == ["image/svg+xml"]


def test_the_page_sends_nothing(client: FlaskClient) -> None:
    tags = {element.tag for element in page(client.get("/")).elements}
    assert not tags & {"form", "iframe", "object", "embed", "base", "video", "audio", "portal"}


# Parts of the page


@pytest.fixture
def parts_of_the_page(client: FlaskClient) -> list[str]:
    return page(client.get("/")).all("id")


def test_every_id_is_unique(parts_of_the_page: list[str]) -> None:
    assert [name for name, count in Counter(parts_of_the_page).items() if count > 1] == []


def test_every_fragment_on_the_page_leads_to_a_part_of_it(client: FlaskClient, parts_of_the_page: list[str]) -> None:
    fragments = [href[1:] for href in page(client.get("/")).all("href") if href.startswith("#")]
    assert "return-of-refugees" in fragments
    assert set(fragments) - set(parts_of_the_page) == set()


def test_every_part_that_a_label_or_description_names_is_on_the_page(
    client: FlaskClient, parts_of_the_page: list[str]
) -> None:
    names = [name for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls")
             for value in page(client.get("/")).all(attribute) for name in value.split()]  # fmt: skip
    assert set(names) - set(parts_of_the_page) == set()


def test_every_section_and_paragraph_of_the_statement_is_a_part_of_the_page(parts_of_the_page: list[str]) -> None:
    assert ids_of_the_statement() - set(parts_of_the_page) == set()


def test_sections_can_take_no_id_that_the_page_needs(parts_of_the_page: list[str]) -> None:
    of_the_page = set(parts_of_the_page) - ids_of_the_statement()
    assert of_the_page | {"top"} == set(PAGE_IDS)  # HTML itself defines #top


def ids_of_the_statement() -> set[str]:
    def ids(section: Section) -> Iterator[str]:
        yield section.id
        yield from (paragraph.id for paragraph in section.paragraphs)
        for subsection in section.subsections:
            yield from ids(subsection)

    return {name for section in read_statement(STATEMENT).sections for name in ids(section)}


# Error pages


def test_a_page_that_is_not_there_is_told_plainly(client: FlaskClient) -> None:
    response = client.get("/no-such-page")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "<h1>There is no page here</h1>" in response.text
    assert page(response).all("href") == ["/"]


def test_an_error_page_is_kept_out_of_search_engines(client: FlaskClient) -> None:
    names = {element.attributes.get("name"): element.attributes for element in page(client.get("/nothing")).elements}
    assert names["robots"]["content"] == "noindex"


def test_an_error_page_does_not_tell_what_was_asked_for(client: FlaskClient) -> None:
    address = f"/<b>{MARK}</b>?{MARK}={MARK}"
    response = get(client, address, Cookie=f"{MARK}={MARK}", User_Agent=MARK, Referer=MARK)
    assert response.data == client.get("/no-such-page").data
    assert MARK not in str(response.headers)


def test_the_error_page_leads_home_where_the_site_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    client = make_app(monkeypatch, SITE_URL="https://example.org/deep").test_client()
    assert page(client.get("/no-such-page")).all("href") == ["https://example.org/deep/"]


# What is read once, and what is read again under --debug


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    later = path.stat().st_mtime_ns + 10**9  # clocks of file systems tick slower than tests run
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(later, later))


@pytest.fixture
def debugged(monkeypatch: pytest.MonkeyPatch, statement_file: Path) -> FlaskClient:
    return make_app(monkeypatch, STATEMENT=str(statement_file), DEBUG="1").test_client()


def break_title(path: Path) -> None:
    edit(path, "## The meeting {#meeting}", "# A second title")


def mend_title(path: Path) -> None:
    edit(path, "# A second title", "## The meeting {#meeting}")


def test_an_edit_shows_at_the_next_request_under_debug(debugged: FlaskClient, statement_file: Path) -> None:
    before = debugged.get("/")
    edit(statement_file, "very useful", "exceedingly useful")
    after = debugged.get("/")
    assert ("exceedingly useful" in before.text, "exceedingly useful" in after.text) == (False, True)
    assert before.headers["ETag"] != after.headers["ETag"]
    assert debugged.get("/statement.md").data == statement_file.read_bytes()


def test_an_edit_does_not_show_without_debug(monkeypatch: pytest.MonkeyPatch, statement_file: Path) -> None:
    client = make_app(monkeypatch, STATEMENT=str(statement_file)).test_client()
    before = client.get("/").data
    break_title(statement_file)
    assert (client.get("/").status_code, client.get("/").data) == (200, before)


@pytest.mark.parametrize(
    ("method", "address"), [("GET", "/"), ("GET", "/statement.md"), ("GET", "/no-such-page"), ("POST", "/")]
)
def test_a_broken_edit_shows_its_error_line_under_debug(
    debugged: FlaskClient, statement_file: Path, method: str, address: str
) -> None:
    break_title(statement_file)
    response = debugged.open(address, method=method)
    line = statement_file.read_text("utf-8").splitlines().index("# A second title") + 1
    assert (response.status_code, response.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert response.text.startswith(f"{statement_file}:{line}: “# A second title” ")
    assert len(response.text.splitlines()) == 1


def test_the_error_line_of_a_broken_edit_has_the_security_headers(debugged: FlaskClient, statement_file: Path) -> None:
    break_title(statement_file)
    headers = debugged.get("/").headers
    assert headers.get("X-Content-Type-Options") == "nosniff"
    assert "default-src 'none'" in headers.get("Content-Security-Policy", "")


def test_a_broken_edit_heals_when_it_is_repaired(debugged: FlaskClient, statement_file: Path) -> None:
    before = debugged.get("/").data
    break_title(statement_file)
    assert debugged.get("/").status_code == 500
    mend_title(statement_file)
    assert (debugged.get("/").status_code, debugged.get("/").data) == (200, before)


def test_a_statement_that_is_gone_is_told_and_comes_back_under_debug(
    debugged: FlaskClient, statement_file: Path
) -> None:
    text = statement_file.read_bytes()
    statement_file.unlink()
    assert debugged.get("/").text.startswith(f"{statement_file}: No such file or directory")
    statement_file.write_bytes(text)
    assert debugged.get("/").status_code == 200


@pytest.mark.parametrize(
    ("file", "old", "new", "address"),
    [
        ("static/style.css", "margin: 0", "margin: 0.123em", "/"),
        ("static/script.js", "document", "window.document", "/"),
        ("templates/statement.html", "Statement for the media", "Words for the media", "/"),
        ("templates/error.html", "Read the statement", "Read these words", "/no-such-page"),
    ],
)
def test_an_edit_of_style_script_or_template_shows_at_the_next_request_under_debug(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, old: str, new: str, address: str
) -> None:
    for name in ("static", "templates"):
        folder = shutil.copytree(ROOT / name, tmp_path / name)
        monkeypatch.setattr(f"app.{name.upper()}", folder)
        monkeypatch.setattr(f"app.site.{name.upper()}", folder)
    client = make_app(monkeypatch, DEBUG="1").test_client()
    assert new not in client.get(address).text
    edit(tmp_path / file, old, new)
    response = client.get(address)
    assert new in response.text
    policy = parse_policy(response.headers["Content-Security-Policy"])
    assert [hash_of(text) for text in page(response).code("style")] == policy["style-src"]
    assert {hash_of(text) for text in page(response).code("script")} <= set(policy["script-src"])


# Requests that no browser sends


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


# Asks as a WSGI server does: bytes as Latin-1 characters, the path unquoted, nothing checked (PEP 3333).
def ask(app: Flask, **environ: str) -> Answer:
    parts, status, headers = run_wsgi_app(app.wsgi_app, EnvironBuilder().get_environ() | environ, buffered=True)
    return Answer(int(status.split()[0]), headers, b"".join(parts))


OK = {HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


def assert_calm(answer: Answer) -> None:
    assert answer.status in OK or 400 <= answer.status < 500
    assert MARK.encode() not in answer.body
    assert MARK not in str(answer.headers)
    assert "Location" not in answer.headers
    assert_secure(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        *("/..", "/../", "/../../etc/passwd", "/static/../statement.md", "/static/..", "/.", "/./", "/.git/config"),
        *("/%2e%2e", "/%2e%2e%2fetc%2fpasswd", "/%00", "/static%2ficon.svg"),  # what a server has unquoted once
        *("/\0", "/statement.md\0", "/statement.md\0.html", "/statement.md\n", "/statement.md ", "/ statement.md"),
        *("/Statement.md", "/statement.md/", "/statement.md?", "/static", "/static/", "/static//icon.svg"),
        *("/index.html", "/404.html", "/_headers", "/.exported", "/app/web.py", "/static\\icon.svg"),
        *("//evil.example", "//evil.example/", "/\\evil.example", "/http://evil.example/", "http://evil.example/"),
        *("/\xff\xfe", "/\xc3\xa9", "/<script>", "/{{7*7}}", "/%s%n", "*", "//", "///", "statement.md"),
        *("/" + 100_000 * "x", "/" + 50_000 * "x/", "/" + 50_000 * "../"),
    ],
    ids=lambda path: ascii(path[:25]),
)
def test_an_address_that_the_site_does_not_have_is_404(app: Flask, path: str) -> None:
    answer = ask(app, PATH_INFO=path)
    assert_calm(answer)
    assert (answer.status, answer.body) == (404, ask(app, PATH_INFO="/no-such-page").body)


@pytest.mark.parametrize("host", ["localhost", f"{MARK}.example", f"{MARK}\r\n"])
def test_no_path_at_all_is_the_root_and_not_redirected(app: Flask, host: str) -> None:
    answer = ask(app, PATH_INFO="", HTTP_HOST=host)
    assert_calm(answer)
    assert answer.body == ask(app, PATH_INFO="/").body


@pytest.mark.parametrize(
    "query", ["query", "a=b&a=c", "=&&=", "../..", "\xff", "%ff%00", MARK, "x" * 100_000], ids=lambda q: ascii(q[:10])
)
def test_a_query_changes_nothing(app: Flask, query: str) -> None:
    assert ask(app, QUERY_STRING=query) == ask(app)


@pytest.mark.parametrize(
    "host",
    [
        *("", " ", "  a b ", "evil.example", "[", "]", "[::1", "[::1]:x", ":", ":80", "..", "a..b", ".", "xn--"),
        *("xn--\xff", "evil.example:99999", "a/b", "a@b", "a\\b", "a\r\nb", "\0", "\xff", "%00", "evil.example, b"),
        *('"><script>', "x" * 10_000),
    ],
    ids=lambda host: ascii(host[:20]),
)
@pytest.mark.parametrize("path", ["/", "/no-such-page"])
def test_an_odd_host_is_answered_or_refused(app: Flask, host: str, path: str) -> None:
    answer = ask(app, PATH_INFO=path, HTTP_HOST=host)
    assert_calm(answer)
    assert answer.status == 400 or answer == ask(app, PATH_INFO=path)


def test_a_host_with_a_mark_is_told_nowhere(app: Flask) -> None:
    for host in (MARK, f"{MARK}..", f"[{MARK}", f"{MARK} {MARK}", f"{MARK}@{MARK}:{MARK}"):
        assert_calm(ask(app, HTTP_HOST=host))


HEADERS = [
    "HOST",
    "ACCEPT_ENCODING",
    "CONNECTION",
    "COOKIE",
    "EXPECT",
    "IF_MATCH",
    "IF_MODIFIED_SINCE",
    "IF_NONE_MATCH",
    "RANGE",
    "TRANSFER_ENCODING",
    "UPGRADE",
    "X_FORWARDED_HOST",
    "X_HTTP_METHOD_OVERRIDE",
]


@pytest.mark.parametrize(
    "value",
    [
        *("", ",", ";", '"', "W/", "=", "\\", "\0", "\xff\xfe", "a;q=", "bytes=0-", "chunked, chunked", "websocket"),
        *("x" * 100_000, "," * 100_000, ";" * 100_000, '"' * 100_000, "a" + " " * 100_000 + "b"),
        *('a;q="\\' * 10_000, "gzip;q=0.5," * 10_000, "bytes=" + "0-1," * 20_000),
    ],
    ids=lambda value: ascii(value[:12]),
)
def test_a_malformed_or_huge_header_is_answered_or_refused(app: Flask, value: str) -> None:
    for header in HEADERS:
        assert_calm(ask(app, **{f"HTTP_{header}": value}))


@pytest.mark.parametrize("length", ["", "-1", "x", "1e9", "99999999999999999999", "0, 0", "\xff"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_malformed_length_is_answered_or_refused(app: Flask, length: str, method: str) -> None:
    assert_calm(ask(app, REQUEST_METHOD=method, CONTENT_LENGTH=length, CONTENT_TYPE="multipart/form-data"))


# Headers can hold any byte but CR, LF and NUL; servers differ in which they let through, so here all are.
some_text = st.text(st.characters(max_codepoint=255), max_size=30)
marked = st.lists(
    some_text
    | st.sampled_from(["/", "//", "..", "%2e", "%00", "\0", ",", ";q=", '"', "W/", "*", "gzip", ":", "[", "@"]),
    max_size=8,
).flatmap(lambda parts: st.permutations([*parts, MARK]).map("".join))
methods = st.sampled_from(["GET", "HEAD", "OPTIONS", *WRITING_METHODS, "get", ""]) | marked
paths = marked | marked.map("/{}".format) | st.sampled_from([*MEDIA_TYPES, ""])
headers = st.dictionaries(st.sampled_from(HEADERS) | st.from_regex(r"[A-Z][A-Z_]{0,9}", fullmatch=True), marked)
bounded = settings(deadline=None, database=None, max_examples=300)


@bounded
@given(method=methods, path=paths, query=marked)
def test_no_method_or_address_is_met_with_a_fault_or_told(app: Flask, method: str, path: str, query: str) -> None:
    assert_calm(ask(app, REQUEST_METHOD=method, PATH_INFO=path, QUERY_STRING=query, HTTP_HOST=f"{MARK}.example"))


@bounded
@given(method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST"]), path=st.sampled_from(["/", "/x"]), sent=headers)
def test_no_header_is_met_with_a_fault_or_told(app: Flask, method: str, path: str, sent: dict[str, str]) -> None:
    environ = {f"HTTP_{name}": value for name, value in sent.items()}
    assert_calm(ask(app, REQUEST_METHOD=method, PATH_INFO=path, **environ))


@bounded
@given(accepted=marked, known=marked, address=st.sampled_from(list(MEDIA_TYPES)))
def test_whatever_is_accepted_and_known_the_length_is_right(
    app: Flask, accepted: str, known: str, address: str
) -> None:
    answer = ask(app, PATH_INFO=address, HTTP_ACCEPT_ENCODING=accepted, HTTP_IF_NONE_MATCH=known)
    assert_calm(answer)
    assert answer.headers.get("Content-Length") == (None if answer.status == 304 else str(len(answer.body)))


@bounded
@given(body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "multipart/form-data; boundary=x", "?"]))
def test_what_is_sent_is_not_read(app: Flask, body: bytes, kind: str) -> None:
    response = app.test_client().post("/", data=body + MARK.encode(), content_type=kind)
    assert response.status_code == 405
    assert MARK not in response.text
