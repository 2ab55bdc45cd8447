"""No request head leads to a server error or is repeated in the response."""

from flask import Flask
from hostile import run_examples
from hypothesis import given
from hypothesis import strategies as st
from site_files import DECLARED
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

# A word that is in each value of the request and in no response.
MARK = "m4rk3d"

# Signs of paths and headers, and long values.
PIECES = [
    "/",
    "//",
    "..",
    "%2e",
    "%00",
    "\0",
    ",",
    ";q=",
    '"',
    "W/",
    "*",
    ":",
    "[",
    "@",
]
LONG_PIECES = ["," * 50_000, '"' * 50_000, 'a;q="\\' * 10_000, "gzip;q=0.5," * 10_000]
METHODS = ["GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "get", MARK]
NAMES = ["HOST", "ACCEPT_ENCODING", "COOKIE", "IF_NONE_MATCH", "RANGE"]

# PEP 3333: a server passes each byte of the request on as one character.
any_byte = st.characters(max_codepoint=255)
some_text = st.text(any_byte, max_size=30)
piece = some_text | st.sampled_from(PIECES) | st.sampled_from(LONG_PIECES)


@st.composite
def marked_text(draw: st.DrawFn) -> str:
    """Return a text that has the mark at any place."""
    before = draw(st.lists(piece, max_size=4))
    after = draw(st.lists(piece, max_size=4))
    return "".join([*before, MARK, *after])


@st.composite
def requests(draw: st.DrawFn) -> dict[str, str]:
    """Return a request head as a WSGI environment."""
    environ = {}
    environ["REQUEST_METHOD"] = draw(st.sampled_from(METHODS))
    environ["QUERY_STRING"] = draw(marked_text())
    if draw(st.booleans()):
        environ["PATH_INFO"] = draw(st.sampled_from(list(DECLARED)))
    else:
        slashes = draw(st.sampled_from(["", "/", "//"]))
        environ["PATH_INFO"] = slashes + draw(marked_text())
    other_name = st.from_regex(r"[A-Z][A-Z_]{0,9}", fullmatch=True)
    names = st.sampled_from(NAMES) | other_name
    headers = draw(st.dictionaries(names, marked_text(), max_size=5))
    for name, value in headers.items():
        environ[f"HTTP_{name}"] = value
    return environ


def send(app: Flask, environ: dict[str, str]) -> tuple[int, Headers, bytes]:
    """Return status, headers and body of the response to a request."""
    request = EnvironBuilder().get_environ() | environ
    parts, status, headers = run_wsgi_app(app.wsgi_app, request, buffered=True)
    return int(status.split()[0]), headers, b"".join(parts)


def test_a_random_request_is_answered_without_repeating_it(app: Flask) -> None:
    statuses = []

    @run_examples(200)
    @given(requests())
    def request(environ: dict[str, str]) -> None:
        status, headers, body = send(app, environ)
        statuses.append(status)
        assert status in {200, 304} or 400 <= status < 500
        assert MARK not in str(headers)
        assert MARK.encode() not in body
        assert "Location" not in headers
        if environ["REQUEST_METHOD"] == "GET" and status != 304:
            assert headers["Content-Length"] == str(len(body))

    request()
    assert statuses.count(200) >= 0.1 * len(statuses)
    assert statuses.count(404) >= 0.1 * len(statuses)
