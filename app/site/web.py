"""HTTP: which file answers a request, in which encoding, and whether the reader has it already."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotAcceptable, NotFound
from werkzeug.http import parse_accept_header, parse_etags

from app.content_error import ContentError
from app.site.build import File, Representation, Site
from app.site.headers import security_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# A cache asks again after five minutes. For a day after that it may answer at once with what it has while it asks,
# so that no reader waits: the first one after a correction may still see the page as it was.
CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=86400"
METHODS = ("GET", "HEAD", "OPTIONS")


def register(app: Flask, current_site: Callable[[], Site]) -> None:
    """Let `app` answer every request with a file of the site that `current_site` returns."""

    # Before Flask raises what its routing found: there are no routes, and it would redirect an address without its
    # first slash.
    @app.before_request
    def answer() -> Response:
        site = current_site()
        if isinstance(request.routing_exception, BadRequest):
            raise request.routing_exception  # a Host header that names no host
        if request.method not in METHODS:
            raise MethodNotAllowed
        # As the server received it; request.path has lost a slash of two.
        file = site.files.get(request.environ.get("PATH_INFO") or "/")
        if file is None:
            raise NotFound
        if request.method == "OPTIONS":
            return Response(status=204, headers={**site.headers, "Allow": ", ".join(METHODS)})
        return _response(file, site)

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        site, status = current_site(), error.code or 500
        page = site.errors.get(status) or site.errors[500 if status >= 500 else 400]
        headers = {**site.headers, "Content-Type": page.media_type, "Cache-Control": "no-store"}
        if status == MethodNotAllowed.code:
            headers["Allow"] = ", ".join(METHODS)
        return Response(page.plain.body, status, headers)

    @app.errorhandler(ContentError)
    def explain(error: ContentError) -> tuple[str, int, dict[str, str]]:
        """Show what is wrong with the file that is being edited, under --debug; otherwise no server starts with it."""
        headers = security_headers(style="", script="", secure=False)
        return error.message, 500, headers | {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


def _response(file: File, site: Site) -> Response:
    """Return the file in the encoding that the request prefers, or 304 where the reader has it (RFC 9110, 13.1.2)."""
    gzip, identity = _qualities(request.headers.get("Accept-Encoding", ""))
    chosen = file.gzipped if file.gzipped and gzip >= identity and gzip > 0 else file.plain
    if chosen is file.plain and not identity:
        raise NotAcceptable
    known = request.headers.get("If-None-Match", "")
    # Nearly every browser sends the one ETag that it was given; reading the list takes longer than all the rest.
    unchanged = known == chosen.etag or parse_etags(known).contains_weak(chosen.etag.strip('"'))
    return _ready_response(site, file, chosen, unchanged)


class ReadyResponse(Response):
    """A response that is finished once and then sent any number of times; Werkzeug's finishes itself at each."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Take what Werkzeug's response takes."""
        super().__init__(*arguments, **named)
        self._finished_headers = super().get_wsgi_headers({})

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers, which do not depend on the request."""
        return self._finished_headers


@lru_cache(maxsize=64)  # each file of a site in each encoding, whole and unchanged
def _ready_response(site: Site, file: File, chosen: Representation, unchanged: bool) -> ReadyResponse:
    headers = {**site.headers, "ETag": chosen.etag, "Cache-Control": CACHE_CONTROL}
    if file.gzipped:
        headers["Vary"] = "Accept-Encoding"
    if unchanged:
        return ReadyResponse(status=304, headers=headers)
    headers |= file.headers
    if chosen.encoding:
        headers["Content-Encoding"] = chosen.encoding
    return ReadyResponse(chosen.body, headers=headers)


@lru_cache(maxsize=64)  # browsers send a handful of values
def _qualities(accept_encoding: str) -> tuple[float, float]:
    """Return how much gzip and plain bytes are wanted, 0 to 1 (RFC 9110, 12.5.3); unnamed, plain is the last choice."""
    named = {coding.lower(): quality for coding, quality in parse_accept_header(accept_encoding)}
    rest = named.get("*")
    gzip = named.get("gzip", rest or 0)
    identity = named.get("identity", 0.001 if rest is None else rest)
    return gzip, identity
