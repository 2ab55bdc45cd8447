"""What every answer must say to keep its reader safe."""

from base64 import b64encode
from hashlib import sha256

from werkzeug.datastructures import Headers

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    **{name: ["'none'"] for name in ("default-src", "frame-ancestors", "base-uri", "form-action", "object-src")},
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
}


def parse_policy(text: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (directive.split() for directive in text.split(";"))}


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def assert_secure(headers: Headers, public: bool = False) -> None:
    """Assert each header to be there once; `public` says that pages of other sites may read the answer."""
    assert {name: headers.getlist(name) for name in HEADERS} == {name: [value] for name, value in HEADERS.items()}
    assert headers.getlist("Cross-Origin-Resource-Policy") == ["cross-origin" if public else "same-origin"]
    assert headers.getlist("Access-Control-Allow-Origin") == (["*"] if public else [])
    (policy,) = headers.getlist("Content-Security-Policy")
    directives = parse_policy(policy)
    hashes = directives.pop("style-src") + directives.pop("script-src")
    assert directives == POLICY
    assert [source for source in hashes if not source.startswith("'sha256-")] == []
