import gzip
import re
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from conftest import MakeApp
from flask.testing import FlaskClient
from site_files import MEDIA_TYPES, every_address, every_encoding, get

from app import STATEMENT
from app.reading.reader import read_statement
from app.site.build import build_site

# What tells a body from the message without it (RFC 9110, 8): all that 304 leaves out.
ABOUT_THE_BODY = {"content-type", "content-length", "content-encoding", "content-disposition"}
ALLOW = "GET, HEAD, OPTIONS"


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
    client: FlaskClient, make_app: MakeApp, edited_statement: Path, encoding: str
) -> None:
    other = make_app(STATEMENT=str(edited_statement)).test_client()
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


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "FOO"])
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
