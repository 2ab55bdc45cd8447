import re
import socket
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest
from flask import Flask
from servers import Server, flask, free_port, granian, running
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

MARK = "m4rk3d"  # stands in what is sent, and may stand in nothing that comes back


# Asks as a WSGI server does: bytes as Latin-1 characters, the path unquoted, nothing checked (PEP 3333).
def ask(app: Flask, **environ: str) -> tuple[int, Headers, bytes]:
    parts, status, headers = run_wsgi_app(
        app.wsgi_app, EnvironBuilder().get_environ() | environ, buffered=True
    )
    answer = int(status.split()[0]), headers, b"".join(parts)
    assert answer[0] in {200, 304} or 400 <= answer[0] < 500
    assert MARK.encode() not in answer[2]
    assert MARK not in str(headers)
    assert "Location" not in headers
    return answer


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/..",
            "/../",
            "/../../etc/passwd",
            "/static/../statement.md",
            "/static/..",
            "/.",
            "/./",
            "/.git/config",
        ),
        *(
            "/%2e%2e",
            "/%2e%2e%2fetc%2fpasswd",
            "/%00",
            "/static%2ficon.svg",
        ),  # what a server has unquoted once
        *(
            "/\0",
            "/statement.md\0",
            "/statement.md\0.html",
            "/statement.md\n",
            "/statement.md ",
            "/ statement.md",
        ),
        *(
            "/Statement.md",
            "/statement.md/",
            "/statement.md?",
            "/static",
            "/static/",
            "/static/style.css",
        ),
        *(
            "/index.html",
            "/404.html",
            "/_headers",
            "/SHA256SUMS",
            "/app/site/views.py",
            "/static\\style.css",
        ),
        *(
            "//evil.example",
            "//evil.example/",
            "/\\evil.example",
            "/http://evil.example/",
            "http://evil.example/",
        ),
        *(
            "/\xff\xfe",
            "/\xc3\xa9",
            "/<script>",
            "/{{7*7}}",
            "/%s%n",
            "*",
            "//",
            "///",
            "//statement.md",
        ),
        *(
            "/statement.md//",
            "/" + 100_000 * "x",
            "/" + 50_000 * "x/",
            "/" + 50_000 * "../",
        ),
    ],
    ids=lambda path: ascii(path[:25]),
)
def test_an_address_that_the_site_does_not_have_is_404(app: Flask, path: str) -> None:
    status, _, body = ask(app, PATH_INFO=path)
    assert (status, body) == (404, ask(app, PATH_INFO="/no-such-page")[2])


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            " ",
            "  a b ",
            "evil.example",
            "[",
            "]",
            "[::1",
            "[::1]:x",
            ":",
            ":80",
            "..",
            "a..b",
            ".",
            "xn--",
        ),
        *(
            "xn--\xff",
            "evil.example:99999",
            "a/b",
            "a@b",
            "a\\b",
            "a\r\nb",
            "\0",
            "\xff",
            "%00",
            "evil.example, b",
        ),
        *(
            '"><script>',
            "x" * 10_000,
            MARK,
            f"{MARK}..",
            f"[{MARK}",
            f"{MARK} {MARK}",
            f"{MARK}@{MARK}:{MARK}",
        ),
    ],
    ids=lambda host: ascii(host[:20]),
)
def test_an_odd_host_is_answered_or_refused(app: Flask, host: str) -> None:
    for path in ("/", "/no-such-page"):
        answer = ask(app, PATH_INFO=path, HTTP_HOST=host)
        assert answer[0] == 400 or answer == ask(app, PATH_INFO=path)


# The same over sockets, as a server passes it on


@pytest.fixture(scope="module", params=["flask run", "granian"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    port = free_port()
    if request.param == "granian":
        command = granian(port)
    else:
        command = flask("run", f"--port={port}")
    with running(command, port) as server:
        yield server


def send(server: Server, request: bytes) -> tuple[int, bytes]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        response = HTTPResponse(connection)
        response.begin()
        return response.status, bytes(response.headers) + response.read()


def request(target: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join(
        [b"GET " + target + b" HTTP/1.1", b"Host: " + MARK.encode(), *headers, b"", b""]
    )


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (request(b"/%00"), {404}),
        (request(b"/\xff\xfe"), {404, 400}),
        (request(b"//evil.example"), {404}),
        (
            request(
                b"/" + MARK.encode(),
                b"Cookie: " + MARK.encode(),
                b"Referer: http://" + MARK.encode(),
            ),
            {404},
        ),
        (request(b"?query"), {200, 308, 400}),
        (request(b"http://" + MARK.encode()), {200, 308}),
        (request(b"/", b"If-None-Match: \xff, *, W/"), {200}),
        (request(b"/", b"Range: bytes=5-1"), {200}),
        (request(b"/", b"no colon"), {200, 400}),
        (b"GET / HTTP/1.1\r\nHost: ..\r\n\r\n", {200}),
        (b"GET /x HTTP/1.1\r\nHost: ..\r\n\r\n", {400}),
        (request(b"/", b"X: " + b"x" * 70_000), {431, 200}),
        (request(b"/", *(b"X: x" for _ in range(200))), {431}),
        (request(b"/" + b"x" * 100_000), {414}),
        (request(b"/ more words"), {400}),
        (b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n", {405}),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nbody", {405, 400}),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            {405},
        ),
    ],
    ids=lambda value: ascii(value[:40]) if isinstance(value, bytes) else None,
)
def test_an_odd_request_over_a_socket_is_answered_and_not_told(
    server: Server, sent: bytes, statuses: set[int]
) -> None:
    status, answer = send(server, sent)
    assert status in statuses
    assert b"Traceback" not in answer
    assert MARK.encode() not in answer
    assert send(server, request(b"/"))[0] == 200


def test_head_over_a_socket_has_no_body(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request(b"/", b"Connection: close").replace(b"GET", b"HEAD"))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert re.search(rb"\r\ncontent-length: [1-9][0-9]{3,}\r\n", answer, re.IGNORECASE)
    assert answer.endswith(b"\r\n\r\n")
