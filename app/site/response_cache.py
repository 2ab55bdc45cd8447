"""A cache of complete responses in front of Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.datastructures import Headers
from werkzeug.http import parse_accept_header, parse_etags, remove_entity_headers

from app.site.compression import best_encoding, compress
from app.site.rendering import render_site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass(frozen=True)
class CachedResponse:
    """A response in one encoding, in the form in which WSGI sends it (PEP 3333)."""

    body: bytes
    etag: str
    headers: list[tuple[str, str]]
    not_modified_headers: list[tuple[str, str]]

    def is_known(self, if_none_match: str) -> bool:
        """Return whether an If-None-Match header contains the ETag (RFC 9110, 13.1.2).

        Nearly all browsers send the one ETag that they got, so a list is parsed only
        if the header is not equal to it: that takes longer than all the rest.
        """
        if not if_none_match:
            return False
        if if_none_match == self.etag:
            return True
        return parse_etags(if_none_match).contains_weak(self.etag.strip('"'))


class ResponseCache:
    """WSGI middleware that answers GET and HEAD requests from memory.

    The responses are rendered at the first request, so that routes can be added
    until then. Other methods and unknown addresses go to Flask.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._flask = app.wsgi_app

    @cached_property
    def _responses(self) -> dict[tuple[str, str], CachedResponse]:
        """Return the cached responses by address and encoding."""
        responses = {}
        for address, response in render_site(self._app).routes.items():
            body = response.get_data()
            packed = compress(body)
            if packed:
                response.vary.add("Accept-Encoding")
            responses[address, "identity"] = _cache(response, body)
            if packed:
                response.content_encoding = "gzip"
            responses[address, "gzip"] = _cache(response, packed or body)
        return responses

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Respond to one request (PEP 3333)."""
        encoding = _best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        response = self._responses.get((environ.get("PATH_INFO", ""), encoding))
        method = environ["REQUEST_METHOD"]
        if response is None or method not in ("GET", "HEAD"):
            return self._flask(environ, start_response)
        if response.is_known(environ.get("HTTP_IF_NONE_MATCH", "")):
            start_response("304 NOT MODIFIED", [*response.not_modified_headers])
            return []
        start_response("200 OK", [*response.headers])
        if method == "HEAD":
            return []
        return [response.body]


def _cache(response: Response, body: bytes) -> CachedResponse:
    """Return `response` with this body, with a strong ETag (RFC 9110, 8.8.3)."""
    encoded = Response(body, headers=Headers(response.headers))
    encoded.add_etag()
    headers = encoded.headers
    not_modified = Headers(headers)
    remove_entity_headers(not_modified)
    not_modified.remove("Content-Disposition")  # like those, it describes the body
    return CachedResponse(body, headers["ETag"], [*headers], [*not_modified])


@lru_cache(maxsize=64)  # browsers send only a few different values
def _best_encoding(accept_encoding: str) -> str:
    return best_encoding(parse_accept_header(accept_encoding))
