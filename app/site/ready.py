"""The answers that are made once and handed out as they are, in front of Flask: 200 and 304, plain and gzipped."""

import gzip
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response
from werkzeug.http import parse_accept_header, parse_etags

from app.errors import ContentError

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


def fetch(app: Flask, address: str) -> Response:
    """Return the response that Flask itself makes at `address`.

    Raise ContentError with the place and the cause if it cannot be rendered.
    """
    with app.test_request_context(address):
        try:
            response = app.make_response(app.full_dispatch_request())
        except Exception as error:
            raise _render_error(app, address, error) from error
    if response.status_code >= 500:
        problem = f"the status is {response.status}"
        raise ContentError.at(address, problem, "correct the view of this address")
    del response.headers["Content-Length"], response.headers["Vary"]  # of one encoding
    return response


def _render_error(app: Flask, address: str, error: Exception) -> ContentError:
    """Return `error` with the last line of the project that led to it."""
    location = address
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        is_ours = path.is_relative_to(app.root_path) and ".venv" not in path.parts
        if is_ours:
            location = f"{path.relative_to(app.root_path)}:{frame.lineno}"
    problem = f"{address} cannot be rendered, {type(error).__name__}: {error}"
    return ContentError.at(location, problem, "correct this line, or the value it uses")


def gzipped(body: bytes) -> bytes | None:
    """Return `body` gzipped, or None if that is no shorter.

    The bytes are the same on every machine: the header has no time, and 255
    ("unknown", RFC 1952, 2.3.1) for the operating system, which Python versions
    fill in differently.
    """
    compressed = gzip.compress(body, mtime=0)
    packed = compressed[:9] + b"\xff" + compressed[10:]
    return packed if len(packed) < len(body) else None


@dataclass(frozen=True)
class RenderedSite:
    """The response of each route without arguments, by its address, and the 404."""

    routes: dict[str, Response]
    not_found: Response


def render_site(app: Flask) -> RenderedSite:
    """Render every response of the site, except redirects.

    Raise ContentError with all responses that fail.
    """
    addresses = ["/404.html"]  # no route has it, so that it gives the error page
    for rule in app.url_map.iter_rules():
        if not rule.arguments and "GET" in (rule.methods or ()):
            addresses.append(rule.rule)
    responses = {}
    errors = []
    for address in addresses:
        try:
            responses[address] = fetch(app, address)
        except ContentError as error:
            errors.append(error)
    if errors:
        raise ContentError.join(errors)
    not_found = responses.pop("/404.html")
    routes = {
        address: response
        for address, response in responses.items()
        if response.status_code == 200
    }
    return RenderedSite(routes, not_found)


class Ready:
    """The WSGI application that hands out what is ready, by exact address, and leaves all else to Flask."""

    def __init__(self, app: Flask) -> None:
        """Stand in front of `app`, which may get more routes until the first request comes."""
        self._app, self._flask = app, app.wsgi_app

    @cached_property
    def _ready(self) -> dict[tuple[str, bool], Representation]:
        ready: dict[tuple[str, bool], Representation] = {}
        for address, answer in render_site(self._app).routes.items():
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


def _represent(answer: Response, packed: bytes | None, zipped: bool) -> Representation:
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
