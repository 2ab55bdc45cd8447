"""The answers that are made once and handed out as they are, in front of Flask: 200 and 304, plain and gzipped."""

import gzip
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from typing import Any

from flask import Flask
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.test import Client, TestResponse

Headers = list[tuple[str, str]]
Representation = tuple[
    bytes, str, Headers, Headers
]  # a body, its ETag, the headers of 200 and of 304
# Headers that 304 leaves out (RFC 9110, 15.4.5).
OF_THE_BODY = {
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Content-Disposition",
}


def ask(app: Flask, address: str) -> TestResponse:
    """Return what Flask itself answers at `address`, without what differs from encoding to encoding."""
    response = Client(partial(Flask.wsgi_app, app)).get(address)
    del response.headers["Content-Length"], response.headers["Vary"]
    return response


def gzipped(body: bytes) -> bytes | None:
    """Return `body` gzipped, always to the same bytes, or None where that is no shorter."""
    packed = gzip.compress(body, mtime=0)
    return packed if len(packed) < len(body) else None


def answers(app: Flask) -> dict[str, TestResponse]:
    """Return what each route without arguments answers, by its address; raises RuntimeError where one fails."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ())
    ]
    found = {rule.rule: ask(app, rule.rule) for rule in rules}
    if failed := [
        address for address, answer in found.items() if answer.status_code >= 500
    ]:
        raise RuntimeError(f"no answer at {', '.join(failed)}")
    return {
        address: answer
        for address, answer in found.items()
        if answer.status_code == 200
    }


class Ready:
    """The WSGI application that hands out what is ready, by exact address, and leaves all else to Flask."""

    def __init__(self, app: Flask) -> None:
        """Stand in front of `app`, which may get more routes until the first request comes."""
        self._app, self._flask = app, app.wsgi_app

    @cached_property
    def _ready(self) -> dict[tuple[str, bool], Representation]:
        ready: dict[tuple[str, bool], Representation] = {}
        for address, answer in answers(self._app).items():
            packed = gzipped(answer.data)
            ready |= {
                (address, zipped): _represent(answer, packed, zipped)
                for zipped in (True, False)
            }
        return ready

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        zipped, method = (
            prefers_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")),
            environ["REQUEST_METHOD"],
        )
        ready = self._ready.get((environ.get("PATH_INFO", ""), zipped))
        if ready is None or method not in ("GET", "HEAD"):
            return self._flask(environ, start_response)
        body, etag, headers, unchanged_headers = ready
        known = environ.get("HTTP_IF_NONE_MATCH", "")
        # Nearly every browser sends the one ETag that it was given; reading the list takes longer than all the rest.
        if known == etag or (
            known and parse_etags(known).contains_weak(etag.strip('"'))
        ):
            start_response("304 NOT MODIFIED", [*unchanged_headers])
            return []
        start_response("200 OK", [*headers])
        return [] if method == "HEAD" else [body]


def _represent(
    answer: TestResponse, packed: bytes | None, zipped: bool
) -> Representation:
    """Return the answer in one encoding, with a strong ETag that no other bytes have (RFC 9110, 8.8.3)."""
    body, headers = answer.data, dict(answer.headers)
    if packed:
        headers["Vary"] = "Accept-Encoding"
        if zipped:
            body, headers["Content-Encoding"] = packed, "gzip"
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    whole = [*headers.items(), ("Content-Length", str(len(body))), ("ETag", etag)]
    return (
        body,
        etag,
        whole,
        [header for header in whole if header[0] not in OF_THE_BODY],
    )


@lru_cache(maxsize=64)  # browsers send a handful of values
def prefers_gzip(accept_encoding: str) -> bool:
    """Return whether gzip is wanted, and no less than plain bytes (RFC 9110, 12.5.3)."""
    accepted = parse_accept_header(accept_encoding)
    return accepted.quality("gzip") > 0 and accepted.quality(
        "gzip"
    ) >= accepted.quality("identity")
