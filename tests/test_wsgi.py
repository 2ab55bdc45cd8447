import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
MARK = b"m4rk3d"


class Server(NamedTuple):
    port: int
    log: Path

    def send(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    command = [sys.executable, "-m", "flask", "run", "--port", "0"]
    with log.open("wb") as file, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file) as run:
        try:
            yield Server(port_in(log), log)
        finally:
            run.terminate()


def port_in(log: Path) -> int:
    for _ in range(200):
        if found := re.search(r"Running on http://127\.0\.0\.1:(\d+)", log.read_text()):
            return int(found[1])
        time.sleep(0.05)
    raise AssertionError(f"The server did not start:\n{log.read_text()}")


def get(target: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"GET " + target + b" HTTP/1.1", b"Host: " + MARK, *headers, b"", b""])


def test_the_first_command_of_readme_serves_the_page(server: Server) -> None:
    head, _, body = server.send(get(b"/")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert f"Content-Length: {len(body)}\r\n".encode() in head
    assert body.lstrip().startswith(b"<!doctype html>")
    assert b'id="return-of-refugees"' in body


def test_head_over_a_socket_has_no_body(server: Server) -> None:
    answer = server.send(get(b"/").replace(b"GET", b"HEAD"))
    assert re.search(rb"\r\nContent-Length: [1-9][0-9]{3,}\r\n", answer)
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get(b"/../../etc/passwd"), 404),
        (get(b"/%2e%2e/%2e%2e/etc/passwd"), 404),
        (get(b"/%00"), 404),
        (get(b"/\xff\xfe"), 404),
        (get(b"/%ff%fe"), 404),
        (get(b"//evil.example"), 404),
        (get(b"/statement.md/"), 404),
        (get(b"/?" + MARK), 200),
        (get(b"?" + MARK), 200),
        (get(b"http://" + MARK + b".example"), 200),
        (get(b"/", b"If-None-Match: \xff, *, W/"), 200),
        (get(b"/", b"Accept-Encoding: *;q=0"), 406),
        (get(b"/", b"Accept-Encoding: br", b"Accept-Encoding: gzip;q=x"), 200),
        (get(b"/", b"Range: bytes=5-1"), 200),
        (get(b"/", b"no colon"), 200),
        (get(b"/", b"Host: repeated"), 200),
        (b"GET / HTTP/1.1\r\nHost: ..\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 200),
        (get(b"/", b"X: " + b"x" * 70_000), 431),
        (get(b"/", *(b"X: x" for _ in range(200))), 431),
        (get(b"/" + b"x" * 100_000), 414),
        (get(b"/ more words"), 400),
        (b"\r\n\r\n", 0),
        (b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nbody", 405),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 405),
        (b"OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n", 204),
    ],
    ids=lambda value: ascii(value[:40]) if isinstance(value, bytes) else None,
)
def test_an_odd_request_is_answered_without_a_traceback(server: Server, request_: bytes, status: int) -> None:
    answer = server.send(request_)
    assert (int(answer.split(b" ", 2)[1]) if answer else 0) == status
    assert b"Traceback" not in answer
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("target", [b"/" + MARK, b"/?" + MARK, b"?" + MARK, b"//" + MARK, b"http://" + MARK])
def test_no_answer_tells_what_was_asked_for(server: Server, target: bytes) -> None:
    assert MARK not in server.send(get(target, b"Cookie: " + MARK, b"Referer: http://" + MARK))
