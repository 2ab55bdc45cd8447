"""What every answer must say to keep its reader safe."""

from base64 import b64encode
from hashlib import sha256

from werkzeug.datastructures import Headers

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CLOSED = ("default-src", "frame-ancestors", "base-uri", "form-action", "object-src")


def parse_policy(text: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (directive.split() for directive in text.split(";"))}


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def assert_secure(headers: Headers) -> None:
    assert {name: headers.getlist(name) for name in HEADERS} == {name: [value] for name, value in HEADERS.items()}
    (permissions,) = headers.getlist("Permissions-Policy")
    assert permissions == "camera=(), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()"
    (policy,) = headers.getlist("Content-Security-Policy")
    directives = parse_policy(policy)
    assert {name: directives.pop(name) for name in CLOSED} == {name: ["'none'"] for name in CLOSED}
    assert directives.pop("img-src") == ["'self'", "data:"]
    assert set(directives) == {"style-src", "script-src"}
    assert all(source.startswith("'sha256-") for sources in directives.values() for source in sources)
