"""Odd requests: an error of the client at most, and nothing of them in the response."""

import re
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import NamedTuple

import pytest
from case_files import read_fields, read_lines, replace_python_escapes
from flask import Flask
from servers import Server, flask_command, free_port, granian_command, run_server
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

MARK = "m4rk3d"  # a part of requests that must not come back in responses

LONG_PATHS = ["/" + "x" * 100_000, "/" + "x/" * 50_000, "/" + "../" * 50_000]


class Response(NamedTuple):
    status: int
    headers: Headers
    body: bytes


def send(app: Flask, **environ: str) -> Response:
    """Return the response to a request, as a WSGI server passes it on (PEP 3333).

    It passes on the bytes of a request as Latin-1 characters and checks nothing.
    """
    request = EnvironBuilder().get_environ() | environ
    parts, status, headers = run_wsgi_app(app.wsgi_app, request, buffered=True)
    return Response(int(status.split()[0]), headers, b"".join(parts))


def short(value: object) -> str:
    """Return the id of a case: a long value would fill the screen."""
    return ascii(value)[:40]


def unknown_paths() -> list[str]:
    return [
        replace_python_escapes(line) for line in read_lines("unknown_paths.txt")
    ] + LONG_PATHS


def odd_hosts() -> list[str]:
    hosts = [replace_python_escapes(line) for line in read_lines("odd_hosts.txt")]
    return [*hosts, "", "x" * 10_000]


@pytest.mark.parametrize("path", unknown_paths(), ids=short)
def test_an_unknown_path_is_404(app: Flask, path: str) -> None:
    response = send(app, PATH_INFO=path)
    assert response.status == 404
    assert response.body == send(app, PATH_INFO="/no-such-page").body
    assert "Location" not in response.headers


@pytest.mark.parametrize("path", ["/", "/no-such-page"])
@pytest.mark.parametrize("host", odd_hosts(), ids=short)
def test_an_odd_host_does_not_change_the_response(
    app: Flask, host: str, path: str
) -> None:
    response = send(app, PATH_INFO=path, HTTP_HOST=host)
    if response.status == 400:
        assert MARK.encode() not in response.body
        assert MARK not in str(response.headers)
    else:
        assert response == send(app, PATH_INFO=path)


# The same over sockets


@pytest.fixture(scope="module", params=["flask run", "granian"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    port = free_port()
    if request.param == "granian":
        command = granian_command(port)
    else:
        command = flask_command("run", f"--port={port}")
    with run_server(command, port) as server:
        yield server


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def status_of(server: Server, request: bytes) -> int:
    """Return the status of the response, which must not contain the mark."""
    with connect(server) as connection:
        connection.sendall(request)
        response = HTTPResponse(connection)
        response.begin()
        content = bytes(response.headers) + response.read()
    assert b"Traceback" not in content
    assert MARK.encode() not in content
    return response.status


def get_request(target: str, *headers: str) -> bytes:
    lines = [f"GET {target} HTTP/1.1", f"Host: {MARK}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize(
    ("request_text", "statuses"), read_fields("odd_requests.txt", "=>"), ids=short
)
def test_an_odd_request_is_answered(
    server: Server, request_text: str, statuses: str
) -> None:
    request = replace_python_escapes(request_text).encode("latin-1")
    assert str(status_of(server, request)) in statuses.split()
    assert status_of(server, get_request("/")) == 200


def test_a_long_request_is_answered(server: Server) -> None:
    many_headers = ["X: x"] * 200
    assert status_of(server, get_request("/", *many_headers)) == 431
    assert status_of(server, get_request("/" + "x" * 100_000)) == 414
    assert status_of(server, get_request("/", "X: " + "x" * 70_000)) in (200, 431)
    assert status_of(server, get_request("/")) == 200


def test_head_over_a_socket_has_no_body(server: Server) -> None:
    request = get_request("/", "Connection: close").replace(b"GET", b"HEAD")
    content = b""
    with connect(server) as connection:
        connection.sendall(request)
        while part := connection.recv(65536):
            content += part
    length = re.search(rb"\r\ncontent-length: ([0-9]+)\r\n", content, re.IGNORECASE)
    assert length is not None
    assert int(length[1]) > 1000
    assert content.endswith(b"\r\n\r\n")
