"""The answers that are made once and handed out as they are, in front of Flask: 200 and 304, plain and gzipped."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Headers = list[tuple[str, str]]
# Headers that 304 leaves out (RFC 9110, 15.4.5).
OF_THE_BODY = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition"}


class Representation(NamedTuple):
    """An answer in one encoding, with the strong ETag that no other bytes have (RFC 9110, 3.2 and 8.8.3)."""

    body: bytes
    etag: str
    headers: Headers
    unchanged_headers: Headers  # of 304


class Answer(NamedTuple):
    """What an address answers: as it is and, where that is shorter, gzipped."""

    status: int
    headers: dict[str, str]  # without those that differ from encoding to encoding
    plain: Representation
    gzipped: Representation | None


def ask(app: Flask, address: str) -> Answer:
    """Return what Flask itself answers at `address`; the same body gives the same bytes and ETags."""
    response = Client(partial(Flask.wsgi_app, app)).get(address)
    headers = {name: value for name, value in response.headers if name != "Content-Length"}
    body, packed = response.data, gzip.compress(response.data, mtime=0)
    if len(packed) >= len(body):
        return Answer(response.status_code, headers, _representation(body, headers), None)
    varying = headers | {"Vary": "Accept-Encoding"}
    gzipped = _representation(packed, varying | {"Content-Encoding": "gzip"})
    return Answer(response.status_code, headers, _representation(body, varying), gzipped)


def _representation(body: bytes, headers: dict[str, str]) -> Representation:
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    whole = [*headers.items(), ("Content-Length", str(len(body))), ("ETag", etag)]
    return Representation(body, etag, whole, [header for header in whole if header[0] not in OF_THE_BODY])


def answers(app: Flask) -> dict[str, Answer]:
    """Return what each route without arguments answers, by its address; raises RuntimeError where one fails."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())]
    found = {rule.rule: ask(app, rule.rule) for rule in rules}
    if failed := [address for address, answer in found.items() if answer.status >= 500]:
        raise RuntimeError(f"no answer at {', '.join(failed)}")
    return {address: answer for address, answer in found.items() if answer.status == 200}


class Ready:
    """The WSGI application that hands out what is ready, by exact address, and leaves all else to Flask."""

    def __init__(self, app: Flask) -> None:
        """Stand in front of `app`, which may get more routes until the first request comes."""
        self._app, self._flask = app, app.wsgi_app

    @cached_property
    def _answers(self) -> dict[str, Answer]:
        return answers(self._app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        answer, method = self._answers.get(environ.get("PATH_INFO", "")), environ["REQUEST_METHOD"]
        if answer is None or method not in ("GET", "HEAD"):
            return self._flask(environ, start_response)
        gzipped = answer.gzipped if prefers_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else None
        body, etag, headers, unchanged_headers = gzipped or answer.plain
        known = environ.get("HTTP_IF_NONE_MATCH", "")
        # Nearly every browser sends the one ETag that it was given; reading the list takes longer than all the rest.
        if known == etag or (known and parse_etags(known).contains_weak(etag.strip('"'))):
            start_response("304 NOT MODIFIED", [*unchanged_headers])
            return []
        start_response("200 OK", [*headers])
        return [] if method == "HEAD" else [body]


@lru_cache(maxsize=64)  # browsers send a handful of values
def prefers_gzip(accept_encoding: str) -> bool:
    """Return whether gzip is wanted, and no less than plain bytes (RFC 9110, 12.5.3)."""
    accepted = parse_accept_header(accept_encoding)
    return accepted.quality("gzip") > 0 and accepted.quality("gzip") >= accepted.quality("identity")
