"""A cache of complete responses in front of Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.datastructures import Headers
from werkzeug.http import parse_accept_header, parse_etags, remove_entity_headers

from app.errors import ContentError
from app.site.compression import best_encoding, compress
from app.site.rendering import fetch, route_addresses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass(frozen=True)
class CachedResponse:
    """A response in one encoding, in the form in which WSGI sends it (PEP 3333)."""

    body: bytes
    etag: str
    headers: list[tuple[str, str]]
    not_modified_headers: list[tuple[str, str]]

    def matches(self, if_none_match: str) -> bool:
        """Return whether an If-None-Match header contains the ETag (RFC 9110, 13.1.2).

        Browsers nearly always send a single ETag. The header is compared with it
        first, since parsing a list would be the slowest step of a request.
        """
        if not if_none_match:
            return False
        if if_none_match == self.etag:
            return True
        return parse_etags(if_none_match).contains_weak(self.etag.strip('"'))


class ResponseCache:
    """WSGI middleware that answers GET and HEAD requests from memory.

    Each response is rendered at the first request for it, so that routes can be added
    until the first request. Other methods, unknown addresses, and responses with
    a status other than 200 are left to Flask.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._flask = app.wsgi_app
        # By address, and then by encoding.
        self._responses: dict[str, dict[str, CachedResponse]] = {}

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Respond to one request (PEP 3333)."""
        method = environ["REQUEST_METHOD"]
        address = environ.get("PATH_INFO", "")
        if method not in ("GET", "HEAD") or address not in self._addresses:
            return self._flask(environ, start_response)
        if address not in self._responses:
            self._responses[address] = self._render(address)
        encoding = _best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        response = self._responses[address].get(encoding)
        if response is None:  # the status is not 200
            return self._flask(environ, start_response)
        if response.matches(environ.get("HTTP_IF_NONE_MATCH", "")):
            start_response("304 NOT MODIFIED", [*response.not_modified_headers])
            return []
        start_response("200 OK", [*response.headers])
        if method == "HEAD":
            return []
        return [response.body]

    @cached_property
    def _addresses(self) -> frozenset[str]:
        return frozenset(route_addresses(self._app))

    def _render(self, address: str) -> dict[str, CachedResponse]:
        """Return the responses of an address by their encoding, "identity" or "gzip".

        Both are the same if gzip does not make the body smaller. Return an empty dict
        if the status is not 200, so that Flask responds to each request.
        """
        try:
            response = fetch(self._app, address)
        except ContentError:
            return {}  # Flask will raise it again, log it and show the error page
        if response.status_code != 200:
            return {}
        body = response.get_data()
        compressed = compress(body)
        if compressed:
            response.vary.add("Accept-Encoding")
        identity = _freeze(response, body)
        if compressed:
            response.content_encoding = "gzip"
        return {"identity": identity, "gzip": _freeze(response, compressed or body)}


def _freeze(response: Response, body: bytes) -> CachedResponse:
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
