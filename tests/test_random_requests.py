"""No request head leads to a server error or is repeated in the response."""

from flask import Flask
from hypothesis import given, settings
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

# PEP 3333: a server passes each byte of the request on as one character.
some_text = st.text(st.characters(max_codepoint=255), max_size=30)
piece = some_text | st.sampled_from(PIECES) | st.sampled_from(LONG_PIECES)


@st.composite
def marked_text(draw: st.DrawFn) -> str:
    """Return a text that has the mark at any place."""
    before = draw(st.lists(piece, max_size=4))
    after = draw(st.lists(piece, max_size=4))
    return "".join([*before, MARK, *after])


values = marked_text()
methods = st.sampled_from(["GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "get", MARK])
other_paths = st.tuples(st.sampled_from(["", "/", "//"]), values).map("".join)
paths = st.sampled_from([*DECLARED]) | other_paths
names = st.sampled_from(["HOST", "ACCEPT_ENCODING", "COOKIE", "IF_NONE_MATCH", "RANGE"])
other_names = st.from_regex(r"[A-Z][A-Z_]{0,9}", fullmatch=True)
headers = st.dictionaries(names | other_names, values, max_size=5)


def send(app: Flask, environ: dict[str, str]) -> tuple[int, Headers, bytes]:
    """Return status, headers and body of a request, which a WSGI server passes on."""
    request = EnvironBuilder().get_environ() | environ
    parts, status, headers = run_wsgi_app(app.wsgi_app, request, buffered=True)
    return int(status.split()[0]), headers, b"".join(parts)


def test_a_random_request_is_answered_without_repeating_it(app: Flask) -> None:
    statuses = []

    @settings(deadline=None, database=None, max_examples=200)
    @given(method=methods, path=paths, query=values, headers=headers)
    def request(method: str, path: str, query: str, headers: dict[str, str]) -> None:
        environ = {f"HTTP_{name}": value for name, value in headers.items()}
        environ["REQUEST_METHOD"] = method
        environ["PATH_INFO"] = path
        environ["QUERY_STRING"] = query
        status, response_headers, body = send(app, environ)
        statuses.append(status)
        assert status in {200, 304} or 400 <= status < 500
        assert MARK not in str(response_headers)
        assert MARK.encode() not in body
        assert "Location" not in response_headers
        if method == "GET" and status != 304:
            assert response_headers["Content-Length"] == str(len(body))

    request()
    assert statuses.count(200) >= 0.1 * len(statuses)
    assert statuses.count(404) >= 0.1 * len(statuses)
