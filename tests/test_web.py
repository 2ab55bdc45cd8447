"""Addresses, encodings and conditional requests."""

import gzip
import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from case_files import read_fields
from conftest import MakeApp
from flask import Flask, current_app
from flask.testing import FlaskClient
from servers import export, run_flask
from site_files import ADDRESSES_HINT, DECLARED, every_address, get
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from app import create_app

ENCODINGS = ["gzip", "identity"]

# Headers of the content, which 304 does not repeat (RFC 9110, section 8).
CONTENT_HEADERS = {
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Content-Disposition",
}


def test_flask_routes_lists_the_addresses() -> None:
    routes = run_flask("routes").stdout
    addresses = set(re.findall(r" (/\S*)", routes))
    assert addresses == set(DECLARED), ADDRESSES_HINT


@every_address
def test_each_address_is_served_with_its_type(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    assert response.status == "200 OK"
    assert response.headers["Content-Type"] == DECLARED[address]


def test_the_icon_is_an_icon(client: FlaskClient) -> None:
    assert client.get("/favicon.ico").data.startswith(b"\0\0\1\0")


def test_crawlers_may_read_everything(client: FlaskClient) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nAllow: /\n"


def test_an_empty_setting_counts_as_unset(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_STATEMENT", "")
    monkeypatch.setenv("FLASK_SITE_URL", "")
    assert create_app().test_client().get("/").data == client.get("/").data


# Routes that others add


def test_an_added_route_is_cached_and_exported(folder: Path) -> None:
    app = create_app()
    numbers = count(1)

    def news() -> tuple[str, dict[str, str]]:
        return f"News {next(numbers)}. " * 20, {"Content-Type": "text/x-news"}

    app.add_url_rule("/later/news.txt", view_func=news)
    for _ in range(2):
        response = get(app.test_client(), "/later/news.txt", Accept_Encoding="gzip")
        assert gzip.decompress(response.data) == b"News 1. " * 20
    assert export(app, folder).exit_code == 0
    assert (folder / "later" / "news.txt").read_text() == "News 2. " * 20
    rules = (folder / "_headers").read_text()
    assert "/later/news.txt\n  Content-Type: text/x-news\n" in rules


def test_a_redirect_is_served_but_not_exported(folder: Path) -> None:
    app = create_app()
    app.add_url_rule(
        "/old", view_func=lambda: ("", 302, {"Location": "/"}), endpoint="old"
    )
    for _ in range(2):
        assert app.test_client().get("/old").status_code == 302
    assert export(app, folder).exit_code == 0
    assert not (folder / "old").exists()


def test_an_address_with_a_variable_is_not_exported(folder: Path) -> None:
    app = create_app()
    app.add_url_rule("/news/<name>", view_func=lambda name: name, endpoint="news")
    assert export(app, folder).exit_code == 0
    assert not (folder / "news").exists()


def test_a_route_that_fails_leaves_the_other_pages() -> None:
    app = create_app()
    app.add_url_rule("/broken", view_func=lambda: str(1 / 0), endpoint="broken")
    client = app.test_client()
    assert client.get("/broken").status_code == 500
    assert client.get("/").status_code == 200


def test_a_route_that_fails_stops_the_export(folder: Path) -> None:
    app = create_app()
    # The error is raised in the standard library, but reported at this line.
    app.add_url_rule(
        "/broken", view_func=lambda: current_app.json.loads(""), endpoint="broken"
    )
    app.add_url_rule("/busy", view_func=lambda: ("", 500), endpoint="busy")
    result = export(app, folder)
    assert result.exit_code == 1
    broken, busy = result.stderr.splitlines()
    assert broken.startswith("Error: tests/test_web.py:")
    assert "/broken cannot be rendered, JSONDecodeError: Expecting value" in broken
    assert broken.endswith("; correct this line, or the value it uses")
    problem = "the status is 500 INTERNAL SERVER ERROR"
    assert busy == f"/busy: {problem}; correct the view of this address"
    assert not folder.exists()


# Encodings


@every_address
def test_the_response_is_compressed_if_that_is_shorter(
    client: FlaskClient, address: str
) -> None:
    plain = client.get(address)
    packed = get(client, address, Accept_Encoding="gzip")
    assert plain.headers["Content-Length"] == str(len(plain.data))
    assert packed.headers["Content-Length"] == str(len(packed.data))
    if len(gzip.compress(plain.data)) >= len(plain.data):
        assert packed.data == plain.data
        assert "Vary" not in packed.headers
        return
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["Vary"] == "Accept-Encoding"
    # RFC 1952, 2.3.1: no time, the slowest algorithm, an unknown operating system.
    assert packed.data[4:10] == bytes([0, 0, 0, 0, 2, 255])


@pytest.mark.parametrize(
    ("accepted", "encoding"), read_fields("accept_encoding.txt", "=>")
)
def test_the_encoding_is_the_one_that_the_client_prefers(
    client: FlaskClient, accepted: str, encoding: str
) -> None:
    response = get(client, "/", Accept_Encoding=accepted)
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding", "identity") == encoding


def test_a_response_is_not_compressed_if_gzip_does_not_make_it_shorter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gzip.compress", lambda body, mtime: body)
    response = get(create_app().test_client(), "/", Accept_Encoding="gzip")
    assert "Content-Encoding" not in response.headers


def test_without_accept_encoding_the_response_is_not_compressed(
    client: FlaskClient,
) -> None:
    assert "Content-Encoding" not in client.get("/").headers


# Conditional requests


@every_address
def test_each_body_has_a_strong_etag_of_its_own(
    client: FlaskClient, edited_app: Flask, address: str
) -> None:
    etags = {}
    for reader in (client, edited_app.test_client()):
        for encoding in ENCODINGS:
            response = get(reader, address, Accept_Encoding=encoding)
            etags[response.data] = response.headers["ETag"]
    assert len(set(etags.values())) == len(etags)
    for etag in etags.values():
        assert re.fullmatch(r'"[!#-~]+"', etag)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("header", "status"), read_fields("if_none_match.txt", "=>"))
def test_if_none_match_is_compared_with_the_etag_of_the_encoding(
    client: FlaskClient, header: str, status: str, encoding: str
) -> None:
    etags = {}
    for name in ENCODINGS:
        etags[name] = get(client, "/", Accept_Encoding=name).headers["ETag"]
    etag = etags.pop(encoding)
    (other,) = etags.values()
    known = header.format(etag=etag, other=other)
    response = get(client, "/", Accept_Encoding=encoding, If_None_Match=known)
    assert response.status_code == int(status)


@every_address
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_304_has_the_headers_of_200_but_those_of_the_content(
    client: FlaskClient, address: str, encoding: str, method: str
) -> None:
    sent = {"Accept-Encoding": encoding, "If-None-Match": "*"}
    response = client.open(address, method=method, headers=sent)
    assert (response.status, response.data) == ("304 NOT MODIFIED", b"")
    expected = dict(get(client, address, Accept_Encoding=encoding).headers)
    for name in CONTENT_HEADERS:
        expected.pop(name, None)
    assert dict(response.headers) == expected


@pytest.mark.parametrize("address", [*DECLARED, "/no-such-page"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_head_has_the_headers_of_get_and_no_body(
    client: FlaskClient, address: str, encoding: str
) -> None:
    sent = {"Accept-Encoding": encoding}
    full = client.get(address, headers=sent)
    head = client.head(address, headers=sent)
    assert (head.status_code, head.data) == (full.status_code, b"")
    assert dict(head.headers) == dict(full.headers)
    assert full.headers["Content-Length"] == str(len(full.data))


@pytest.mark.parametrize("if_none_match", ["", "*"])
def test_a_server_that_empties_the_list_of_headers_changes_no_other_response(
    app: Flask, if_none_match: str
) -> None:
    environ = EnvironBuilder().get_environ() | {"HTTP_IF_NONE_MATCH": if_none_match}
    sent = []

    def start_response(status: str, headers: Any, exc_info: object = None) -> Any:
        sent.append(list(headers))
        headers.clear()  # PEP 3333 gives the list to the server

    for _ in range(2):
        app.wsgi_app(environ, start_response)
    assert "ETag" in dict(sent[1])
    assert sent[0] == sent[1]


# Methods and mounts


@pytest.mark.parametrize("method", ["POST", "PUT", "TRACE", "FOO"])
def test_methods_that_would_write_are_rejected(
    client: FlaskClient, method: str
) -> None:
    response = client.open("/statement.md", method=method, data=b"sent")
    assert response.status_code == 405
    allowed = set(response.headers["Allow"].split(", "))
    assert allowed == {"GET", "HEAD", "OPTIONS"}


def test_options_names_the_methods(client: FlaskClient) -> None:
    response = client.options("/statement.md")
    assert response.status_code == 200
    allowed = set(response.headers["Allow"].split(", "))
    assert allowed == {"GET", "HEAD", "OPTIONS"}


def test_a_request_without_a_path_is_redirected_to_the_page(app: Flask) -> None:
    environ = EnvironBuilder().get_environ()
    del environ["PATH_INFO"]  # a server may leave out an empty one (PEP 3333)
    _, status, headers = run_wsgi_app(app.wsgi_app, environ)
    assert (status, headers["Location"]) == ("308 PERMANENT REDIRECT", "/")


@pytest.mark.parametrize(
    ("mount", "location"),
    [
        ("/statement", "./statement/"),
        ("/deep/sp\xc3\xa9cial", "./sp%C3%A9cial/"),
        ("/a:b", "./a%3Ab/"),
        ("//evil.example", "./evil.example/"),
    ],
)
def test_a_mount_without_its_last_slash_redirects_to_itself(
    make_app: MakeApp, mount: str, location: str
) -> None:
    client = Client(DispatcherMiddleware(make_app(), {mount: make_app()}))
    without_slash = {"PATH_INFO": mount, "HTTP_HOST": "evil.example"}
    response = client.get("/", environ_overrides=without_slash)
    assert response.status_code == 308
    assert response.headers["Location"] == location
    with_slash = client.get("/", environ_overrides={"PATH_INFO": f"{mount}/"})
    assert with_slash.data == client.get("/").data
