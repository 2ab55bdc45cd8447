"""The addresses that the site answers, what each is declared to be, and what keeps the reader of an answer safe."""

from base64 import b64encode
from hashlib import sha256

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

DECLARED = {
    "/": "text/html; charset=utf-8",
    "/statement.md": "text/markdown; charset=utf-8",
    "/statement.json": "application/json",
    "/statement.bib": "application/x-bibtex; charset=utf-8",
    "/statement.ris": "application/x-research-info-systems; charset=utf-8",
    "/statement.csl.json": "application/vnd.citationstyles.csl+json",
    "/favicon.ico": "image/vnd.microsoft.icon",
    "/robots.txt": "text/plain; charset=utf-8",
}
every_address = pytest.mark.parametrize("address", DECLARED)
pages = pytest.mark.parametrize("address", ["/", "/no-such-page"])

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    **{
        name: ["'none'"]
        for name in (
            "default-src",
            "frame-ancestors",
            "base-uri",
            "form-action",
            "object-src",
        )
    },
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
}


def get(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.get(
        address,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def parse_policy(text: str) -> dict[str, list[str]]:
    return {
        name: sources
        for name, *sources in (directive.split() for directive in text.split(";"))
    }


def hashes_of(texts: list[str]) -> list[str]:
    return [
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
        for text in texts
    ]


def assert_secure(response: TestResponse) -> None:
    """Assert each header to be there once; pages of other sites may read the data and citation files alone."""
    headers, public = response.headers, response.request.path.startswith("/statement.")
    assert {name: headers.getlist(name) for name in HEADERS} == {
        name: [value] for name, value in HEADERS.items()
    }
    assert headers.getlist("Cross-Origin-Resource-Policy") == [
        "cross-origin" if public else "same-origin"
    ]
    assert headers.getlist("Access-Control-Allow-Origin") == (["*"] if public else [])
    (policy,) = headers.getlist("Content-Security-Policy")
    directives = parse_policy(policy)
    hashes = directives.pop("style-src") + directives.pop("script-src")
    assert directives == POLICY
    assert [source for source in hashes if not source.startswith("'sha256-")] == []
    assert "Set-Cookie" not in headers
