import gzip
import re
from itertools import count
from pathlib import Path

import pytest
from conftest import MakeApp
from flask import Flask
from flask.testing import FlaskClient
from servers import export, run_flask
from site_files import DECLARED, every_address, get
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from app import create_app

# What tells a body from the message without it (RFC 9110, 8): all that 304 leaves out.
ABOUT_THE_BODY = {
    "content-type",
    "content-length",
    "content-encoding",
    "content-disposition",
}
ENCODINGS = ("gzip", "identity")
CITATIONS = (".bib", ".ris", ".csl.json")


def test_flask_routes_lists_the_addresses() -> None:
    assert set(re.findall(r" (/\S*)", run_flask("routes").stdout)) == set(DECLARED)


@every_address
def test_an_address_answers_with_its_media_type_and_a_citation_under_a_name_of_its_own(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (
        200,
        DECLARED[address],
    )
    own_name = (
        address.replace("/statement", "lavrov-2018-12-29")
        if address.endswith(CITATIONS)
        else None
    )
    saved_as = response.headers.get("Content-Disposition")
    assert saved_as == (f'attachment; filename="{own_name}"' if own_name else None)


def test_the_icon_is_an_icon_and_robots_may_read_everything(
    client: FlaskClient,
) -> None:
    assert client.get("/favicon.ico").data[:4] == b"\0\0\1\0"
    assert client.get("/robots.txt").text == "User-agent: *\nAllow: /\n"


def test_a_route_that_is_added_later_is_answered_kept_ready_and_exported(
    folder: Path,
) -> None:
    app, asked = create_app(), count()
    app.add_url_rule(
        "/later/news.txt",
        "news",
        lambda: (f"News {next(asked)}. " * 20, {"Content-Type": "text/x-news"}),
    )
    answers = [
        get(app.test_client(), "/later/news.txt", Accept_Encoding="gzip")
        for _ in range(3)
    ]
    assert {gzip.decompress(answer.data) for answer in answers} == {b"News 0. " * 20}
    assert export(app, folder).exit_code == 0
    assert (folder / "later" / "news.txt").read_text() == "News 1. " * 20
    assert (
        "/later/news.txt\n  Content-Type: text/x-news\n"
        in (folder / "_headers").read_text()
    )


def test_a_route_that_fails_or_leads_elsewhere_is_no_part_of_an_export(
    folder: Path,
) -> None:
    app = create_app()
    app.add_url_rule(
        "/old", view_func=lambda: ("", 302, {"Location": "/"}), endpoint="old"
    )
    assert [app.test_client().get("/old").status_code for _ in range(2)] == [302, 302]
    assert export(app, folder).exit_code == 0
    assert not (folder / "old").exists()
    app = create_app()
    app.add_url_rule("/broken", view_func=lambda: str(1 / 0), endpoint="broken")
    result = export(app, folder / "broken")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "/broken cannot be rendered, ZeroDivisionError" in result.stderr
    assert not (folder / "broken").exists()


def test_an_empty_setting_is_none(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STATEMENT", "SITE_URL"):
        monkeypatch.setenv(f"FLASK_{name}", "")
    assert create_app().test_client().get("/").data == client.get("/").data


@every_address
def test_gzip_is_sent_where_it_is_shorter_and_unpacks_to_what_is_sent_plain(
    client: FlaskClient, address: str
) -> None:
    plain, packed = client.get(address), get(client, address, Accept_Encoding="gzip")
    shorter = len(gzip.compress(plain.data)) < len(plain.data)
    assert packed.headers.get("Content-Encoding") == ("gzip" if shorter else None)
    assert (gzip.decompress(packed.data) if shorter else packed.data) == plain.data
    if shorter:
        # RFC 1952, 2.3.1: MTIME is 0, XFL the slowest algorithm, OS unknown.
        assert packed.data[4:10] == bytes([0, 0, 0, 0, 2, 255])
    assert {answer.headers.get("Vary") for answer in (plain, packed)} == {
        "Accept-Encoding" if shorter else None
    }
    for answer in (plain, packed):
        assert answer.headers.getlist("Content-Length") == [str(len(answer.data))]


GZIP = [
    *(
        "gzip",
        "gzip, deflate, br, zstd",
        "br;q=1.0, gzip;q=0.8, *;q=0.1",
        "gzip;q=0.001",
        "identity;q=0.2, gzip;q=0.8",
    ),
    *("gzip;q=0.5, identity;q=0.5", "*", "*;q=0, gzip", "identity;q=0, *", ", ,gzip,"),
]
PLAIN = [
    *(None, "", "identity", "gzip;q=0", "gzip;q=0.2, identity;q=0.8", "gzip;q=0, *"),
    "*;q=0",  # refuses every form: RFC 9110, 12.5.3, leaves it to the server
    *(
        "gzip;q=nan",
        "gzip gzip",
        ";;=,",
        "\xff",
    ),  # what cannot be read asks for nothing
]


ACCEPTED = [*((each, "gzip") for each in GZIP), *((each, "identity") for each in PLAIN)]


@pytest.mark.parametrize(("accepted", "sent"), ACCEPTED)
def test_the_encoding_is_the_one_that_the_request_prefers(
    client: FlaskClient, accepted: str | None, sent: str
) -> None:
    response = client.get(
        "/", headers={} if accepted is None else {"Accept-Encoding": accepted}
    )
    assert (
        response.status_code,
        response.headers.get("Content-Encoding", "identity"),
    ) == (200, sent)


@every_address
def test_each_body_has_a_strong_etag_of_its_own(
    client: FlaskClient, edited_app: Flask, address: str
) -> None:
    readers = (client, edited_app.test_client())
    answers = [
        get(reader, address, Accept_Encoding=encoding)
        for encoding in ENCODINGS
        for reader in readers
    ]
    etags = {answer.data: answer.headers["ETag"] for answer in answers}
    assert all(re.fullmatch(r'"[!#-~]+"', etag) for etag in etags.values())
    assert len(set(etags.values())) == len(etags)


KNOWN = [
    *(
        "{etag}",
        "W/{etag}",
        "*",
        '"another", {etag}',
        '"another",W/"third" ,\tW/{etag}',
        '"with, a comma", {etag}',
    ),
    ',, "" , {etag}',
]
UNKNOWN = ["", '"another"', '"*"', '"{etag}', '{etag}"', '"', "\xff\xfe", "{other}"]


@pytest.mark.parametrize(
    ("known", "status"),
    [*((each, 304) for each in KNOWN), *((each, 200) for each in UNKNOWN)],
)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_if_none_match_compares_weakly_with_each_etag_of_its_list(
    client: FlaskClient, encoding: str, known: str, status: int
) -> None:
    etag, other = (
        get(client, "/", Accept_Encoding=name).headers["ETag"]
        for name in sorted(ENCODINGS, key=encoding.__ne__)
    )
    response = get(
        client,
        "/",
        Accept_Encoding=encoding,
        If_None_Match=known.format(etag=etag, other=other),
    )
    assert response.status_code == status


@every_address
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_304_has_the_headers_of_200_but_those_about_a_body_and_no_body(
    client: FlaskClient, address: str, method: str
) -> None:
    for encoding in ENCODINGS:
        full = get(client, address, Accept_Encoding=encoding)
        short = client.open(
            address,
            method=method,
            headers={"Accept-Encoding": encoding, "If-None-Match": "*"},
        )
        assert (short.status_code, short.data) == (304, b"")
        assert list(short.headers) == [
            header for header in full.headers if header[0].lower() not in ABOUT_THE_BODY
        ]


@pytest.mark.parametrize("address", [*DECLARED, "/no-such-page"])
def test_head_has_the_headers_of_get_and_no_body(
    client: FlaskClient, address: str
) -> None:
    for encoding in ENCODINGS:
        full = get(client, address, Accept_Encoding=encoding)
        head = client.head(address, headers={"Accept-Encoding": encoding})
        assert (head.status_code, list(head.headers), head.data) == (
            full.status_code,
            list(full.headers),
            b"",
        )
        assert full.headers["Content-Length"] == str(len(full.data))


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "TRACE", "FOO"])
def test_what_would_write_is_refused_with_what_is_allowed(
    client: FlaskClient, method: str
) -> None:
    response = client.open("/statement.md", method=method, data=b"sent")
    assert response.status_code == (200 if method == "OPTIONS" else 405)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    ("below", "location"),
    [
        ("/statement", "./statement/"),
        ("/deep/sp\xc3\xa9cial", "./sp%C3%A9cial/"),
        ("/a:b", "./a%3Ab/"),
        ("//evil.example", "./evil.example/"),
    ],
)
def test_mounted_without_its_last_slash_it_leads_to_itself_and_not_to_the_host_header(
    make_app: MakeApp, below: str, location: str
) -> None:
    mounted = DispatcherMiddleware(make_app(), {below: make_app()})
    response = Client(mounted).get(
        "/", environ_overrides={"PATH_INFO": below, "HTTP_HOST": "evil.example"}
    )
    assert (response.status_code, response.headers["Location"]) == (308, location)
    found = Client(mounted).get("/", environ_overrides={"PATH_INFO": f"{below}/"})
    assert found.data == Client(mounted).get("/").data
