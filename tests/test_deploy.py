"""Deployment as README describes it: as files with nginx, as an app with Granian."""

import gzip
import os
import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from browser import give_up
from flask import Flask
from flask.testing import FlaskClient
from servers import (
    TIMEOUT,
    UnavailableError,
    find_program,
    free_port,
    get,
    listens,
    run_flask,
    run_granian,
    run_server,
    with_file_size_limit,
    without_rights,
    workers,
)
from site_files import every_address

from app import ROOT, create_app

# The surroundings of README's server block: one process that writes only to {folder}.
NGINX_CONFIGURATION = """\
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
worker_processes 1;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/client_body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


def server_block() -> str:
    """Return README's configuration of nginx."""
    readme = (ROOT / "README.md").read_text("utf-8")
    (block,) = re.findall(r"^    (server \{.*\})$", readme, re.MULTILINE)
    return str(block)


@contextmanager
def nginx(server: str, folder: Path) -> Iterator[int]:
    """Run nginx with this server block, and give its port."""
    try:
        command = find_program("nginx", "nginx")
    except UnavailableError as error:
        give_up(str(error))
    port = free_port()
    configuration = folder / "nginx.conf"
    text = NGINX_CONFIGURATION.format(
        folder=folder,
        user="user root;" if os.geteuid() == 0 else "",
        server=server.replace("listen 80;", f"listen 127.0.0.1:{port};"),
    )
    configuration.write_text(text, "utf-8")
    arguments = ["-c", str(configuration), "-e", str(folder / "error.log")]
    with run_server([command, *arguments], port):
        yield port


@pytest.fixture(scope="module")
def nginx_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Give the port of nginx with an export, and with a file of others next to it."""
    folder = tmp_path_factory.mktemp("nginx")
    run_flask("export", str(folder / "public")).check_returncode()
    (folder / "public" / "static").mkdir()
    (folder / "public" / "static" / "photo.txt").write_text("foreign")
    server = server_block().replace("/srv/statement", str(folder))
    with nginx(server, folder) as port:
        yield port


# The export with nginx


@every_address
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_nginx_serves_the_export_as_the_app_serves_it(
    nginx_port: int, client: FlaskClient, address: str, encoding: str
) -> None:
    served = client.get(address, headers={"Accept-Encoding": encoding})
    response = get(nginx_port, address, Accept_Encoding=encoding)
    assert (response.status, response.body) == (200, served.data)
    expected = dict(served.headers)
    expected.pop("ETag")  # nginx has its own
    # The page contains the rest of the policy.
    expected["Content-Security-Policy"] = "frame-ancestors 'none'"
    for name, value in expected.items():
        assert response.headers.get_all(name) == [value]


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/_headers",
        "/_nginx.conf",
        "/SHA256SUMS",
        "/.well-known/x",
        "/static",
        "/static/",
        "/index.html",
        "/404.html",
        "/index.html.gz",
        "/statement.md.gz",
        "/static/photo.txt.gz",
        "/statement.md/",
    ],
)
def test_nginx_serves_the_error_page_at_all_other_addresses(
    nginx_port: int, client: FlaskClient, address: str
) -> None:
    response = get(nginx_port, address)
    expected = client.get("/nowhere")
    assert (response.status, response.body) == (404, expected.data)
    for name in (
        "Content-Type",
        "Cache-Control",
        "X-Content-Type-Options",
        "Cross-Origin-Resource-Policy",
    ):
        assert response.headers.get_all(name) == [expected.headers[name]]


def test_nginx_serves_files_of_others_in_the_folder(nginx_port: int) -> None:
    response = get(nginx_port, "/static/photo.txt")
    assert (response.status, response.body) == (200, b"foreign")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


# README's server


def test_the_server_answers_next_to_200_slow_clients_and_cuts_them_off() -> None:
    with run_granian() as server, ExitStack() as clients:
        slow = []
        for number in range(200):
            address = ("127.0.0.1", server.port)
            client = clients.enter_context(socket.create_connection(address))
            if number % 2:  # the others send nothing
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
            slow.append(client)
        assert get(server.port).status == 200
        slow[0].setblocking(False)
        with pytest.raises(BlockingIOError):  # it is still connected
            slow[0].recv(1)
        for client in slow:
            client.settimeout(10)
            assert client.recv(1) == b""


def test_the_server_ends_with_an_error_when_its_worker_dies() -> None:
    with run_granian() as server:
        assert get(server.port).status == 200
        (worker,) = workers(server)
        os.kill(worker, signal.SIGKILL)
        assert server.process.wait(TIMEOUT) != 0
        assert not listens(server.port)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the files that the server needs."""
    for name in ("app", "content", "static", "templates"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_the_server_needs_no_rights_and_no_file_to_write(
    checkout: Path, client: FlaskClient
) -> None:
    for path in (checkout, *checkout.rglob("*")):
        if path.is_dir():
            path.chmod(0o555)
    limits = [*without_rights(), *with_file_size_limit(0)]
    with run_granian(checkout, limits) as server:
        packed = get(server.port, Accept_Encoding="gzip")
        assert gzip.decompress(packed.body) == client.get("/").data
        assert packed.headers["Content-Length"] == str(len(packed.body))
        assert get(server.port, "/nowhere").body == client.get("/nowhere").data
    checkout.chmod(0o755)
    assert list(checkout.rglob("__pycache__")) == []


# flask check


@pytest.mark.parametrize("command", ["run", "check", "export"])
def test_an_invalid_statement_stops_every_command_with_one_line(
    write_statement: Callable[..., Path], tmp_path: Path, command: str
) -> None:
    path = write_statement("# Title\n\n## No id\n\nText.\n")
    arguments = [command]
    if command == "export":
        arguments.append(str(tmp_path / "folder"))
    ended = run_flask(*arguments, FLASK_STATEMENT=str(path))
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"Error: {path}:9: “## No id”")
    assert not (tmp_path / "folder").exists()


def test_check_accepts_the_statement(app: Flask) -> None:
    ended = app.test_cli_runner().invoke(args=["check"])
    assert (ended.exit_code, ended.stdout) == (
        0,
        "“Foreign Minister Sergey Lavrov's statement for the media on…” is valid.\n",
    )


def test_check_reports_each_response_that_fails_with_its_place_and_cause(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ROOT", checkout)
    for name in ("error.html", "statement.bib"):
        template = checkout / "templates" / name
        text = template.read_text("utf-8")
        template.write_text("{{ no_such_name }}" + text, "utf-8")
    ended = create_app().test_cli_runner().invoke(args=["check"])
    cause = (
        "cannot be rendered, UndefinedError: 'no_such_name' is undefined; "
        "correct this line, or the value it uses"
    )
    assert ended.exit_code == 1
    assert ended.stderr.splitlines() == [
        f"Error: templates/statement.bib:1: /statement.bib {cause}",
        f"templates/error.html:1: /404.html {cause}",
    ]
