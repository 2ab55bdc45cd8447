"""HTTP: which file answers a request, in which encoding, and whether the reader has it already."""

from collections.abc import Callable
from functools import lru_cache

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotAcceptable, NotFound
from werkzeug.http import parse_accept_header, parse_etags

from app.content_error import ContentError
from app.headers import security_headers
from app.site import File, Site

# A correction of the page is seen within five minutes; for a day after that a cache may still answer at once
# with what it has while it asks for the new version, so that no reader waits for it.
CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=86400"
METHODS = ("GET", "HEAD", "OPTIONS")


def serve(app: Flask, current_site: Callable[[], Site]) -> None:
    """Let `app` answer every request with a file of the site that `current_site` returns."""

    # Before Flask looks for a route: there are none, and it would redirect an address without its first slash.
    @app.before_request
    def answer() -> Response:
        site = current_site()
        if isinstance(request.routing_exception, BadRequest):
            raise request.routing_exception  # a Host header that names no host
        if request.method not in METHODS:
            raise MethodNotAllowed
        # As the server received it; request.path has lost a slash of two.
        file = site.files.get(request.environ["PATH_INFO"] or "/")
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
        return Response(page.body, status, headers)

    @app.errorhandler(ContentError)
    def explain(error: ContentError) -> tuple[str, int, dict[str, str]]:
        """Show what is wrong with the file that is being edited, under --debug; otherwise no server starts with it."""
        headers = security_headers(style="", script="", secure=False)
        return error.message, 500, headers | {"Content-Type": "text/plain; charset=utf-8"}


def _response(file: File, site: Site) -> Response:
    """Return the file in the encoding that the request prefers, or 304 where the reader has it (RFC 9110, 13.1.2)."""
    gzip, identity = _qualities(request.headers.get("Accept-Encoding", ""))
    gzipped = file.gzipped is not None and gzip >= identity and gzip > 0
    if not gzipped and not identity:
        raise NotAcceptable
    known = request.headers.get("If-None-Match")
    etag = file.gzip_etag if gzipped else file.etag
    unchanged = known is not None and parse_etags(known).contains_weak(etag)
    return _made(file, tuple(site.headers.items()), gzipped, unchanged)


@lru_cache(maxsize=64)  # each file in each encoding, whole and unchanged; Werkzeug sends a response any number of times
def _made(file: File, security: tuple[tuple[str, str], ...], gzipped: bool, unchanged: bool) -> Response:
    etag = file.gzip_etag if gzipped else file.etag
    headers = {**dict(security), "ETag": f'"{etag}"', "Cache-Control": CACHE_CONTROL}
    if file.gzipped is not None:
        headers["Vary"] = "Accept-Encoding"
    if unchanged:
        return Response(status=304, headers=headers)
    headers |= file.headers
    if gzipped:
        headers["Content-Encoding"] = "gzip"
    return Response(file.gzipped if gzipped else file.body, headers=headers)


@lru_cache(maxsize=64)  # browsers send a handful of values
def _qualities(accept_encoding: str) -> tuple[float, float]:
    """Return how much gzip and plain bytes are wanted, 0 to 1 (RFC 9110, 12.5.3); unnamed, plain is the last choice."""
    named = {coding.lower(): quality for coding, quality in parse_accept_header(accept_encoding)}
    rest = named.get("*")
    gzip = named.get("gzip", rest or 0)
    identity = named.get("identity", 0.001 if rest is None else rest)
    return gzip, identity
