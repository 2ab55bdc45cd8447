import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

README = Path(__file__).parent.parent / "README.md"
FLASK = [sys.executable, "-m", "flask", "--app", "app"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, f"{command} ended"
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def nginx(block: str, folder: Path) -> Iterator[int]:
    """Run README's configuration number `block` on a free port, with its folders under `folder`."""
    if not shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"):
        advice = "no nginx here: install the system's package nginx"
        pytest.fail(advice) if os.environ.get("CI") else pytest.skip(advice)
    port = free_port()
    configuration = folder / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\ndaemon off;\nworker_processes 1;\n"
        f"{'user root;' if os.geteuid() == 0 else ''}\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{block.replace('listen 80', f'listen 127.0.0.1:{port}')}\n}}\n",
        encoding="utf-8",
    )
    with running(["nginx", "-c", str(configuration), "-e", f"{folder}/error.log"], port):
        yield port


def configurations() -> list[str]:
    return re.findall(r"```nginx\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def get(port: int, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    result = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return result


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run([*FLASK, "export", str(folder / "public")], check=True, stdout=subprocess.DEVNULL)
    with nginx(configurations()[0].replace("/srv/statement", str(folder)), folder) as port:
        yield port


ADDRESSES = [
    *("/", "/statement.md", "/statement.json", "/statement.bib", "/statement.ris", "/statement.csl.json"),
    *("/static/icon.svg", "/favicon.ico", "/robots.txt"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nginx_serves_the_export_as_the_app_serves_it(exported: int, client: FlaskClient, address: str) -> None:
    wanted = client.get(address)
    status, headers, body = get(exported, address)
    assert (status, headers["content-type"], body) == (200, wanted.content_type, wanted.data)
    _, packed_headers, packed = get(exported, address, Accept_Encoding="gzip")
    if client.get(address, headers={"Accept-Encoding": "gzip"}).headers.get("Content-Encoding"):
        assert packed_headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed) == wanted.data
    same = ("Cache-Control", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy")
    assert {name: headers[name.lower()] for name in same} == {name: wanted.headers[name] for name in same}


def test_nginx_serves_the_error_page_of_the_export(exported: int, client: FlaskClient) -> None:
    for address in ("/nowhere", "/_headers", "/.exported"):
        status, headers, body = get(exported, address)
        assert (status, body) == (404, client.get("/nowhere").data)
        assert headers["content-security-policy"] == "frame-ancestors 'none'"


def test_a_cache_before_two_replicas_answers_when_one_and_when_both_are_gone(
    tmp_path: Path, client: FlaskClient
) -> None:
    ports = [free_port(), free_port()]
    cache = configurations()[1].replace("/var/cache/nginx", str(tmp_path))
    for readme_port, port in zip((8000, 8001), ports, strict=True):
        cache = cache.replace(f"127.0.0.1:{readme_port}", f"127.0.0.1:{port}")
    page, packed = client.get("/").data, client.get("/", headers={"Accept-Encoding": "gzip"}).headers["ETag"]

    def check(port: int) -> None:
        status, headers, body = get(port, "/", Accept_Encoding="gzip")
        assert (status, headers["etag"], gzip.decompress(body)) == (200, packed, page)
        assert get(port, "/")[2] == page
        assert get(port, "/", Accept_Encoding="gzip", If_None_Match=packed)[0] == 304

    with nginx(cache, tmp_path) as port:
        with running([*FLASK, "serve", "--port", str(ports[0])], ports[0]):
            with running([*FLASK, "serve", "--port", str(ports[1])], ports[1]):
                check(port)
                assert get(port, "/statement.md")[2] == client.get("/statement.md").data
            check(port)
            assert get(port, "/statement.json")[2] == client.get("/statement.json").data
        check(port)


@pytest.fixture
def server() -> Iterator[int]:
    port = free_port()
    with running([*FLASK, "serve", "--port", str(port)], port):
        yield port


def test_flask_serve_serves_the_page(server: int, client: FlaskClient) -> None:
    status, headers, body = get(server, "/", Accept_Encoding="gzip")
    assert (status, gzip.decompress(body)) == (200, client.get("/").data)
    assert headers["content-length"] == str(len(body))
    assert get(server, "/nowhere")[2] == client.get("/nowhere").data


def test_flask_serve_cuts_off_a_client_that_does_not_finish_its_request(server: int) -> None:
    with socket.create_connection(("127.0.0.1", server), timeout=20) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert slow.recv(1) == b""


@pytest.mark.parametrize("command", ["run", "serve"])
def test_broken_content_stops_the_start_with_one_line(write_statement: Callable[..., Path], command: str) -> None:
    path = write_statement("# Title\n\n## No id\n\nText.\n")
    environment = {**os.environ, "FLASK_STATEMENT": str(path)}
    ended = subprocess.run([*FLASK, command], env=environment, capture_output=True, text=True, timeout=60)
    wanted = (
        f"Error: {path}:9: “## No id” is a heading without id; end it with an id of your own, {{#return-of-refugees}}"
    )
    assert (ended.returncode, ended.stderr.splitlines()) == (1, [wanted])
