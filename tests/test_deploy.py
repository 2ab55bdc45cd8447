import gzip
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import servers
from browser import give_up
from flask import Flask
from flask.testing import FlaskClient
from servers import (
    Server,
    assert_one_line,
    flask,
    flask_serve,
    free_port,
    get,
    listens,
    run_flask,
    running,
    wait_for,
    workers,
)
from site_files import DECLARED, every_address

from app import ROOT


@contextmanager
def nginx(block: str, folder: Path) -> Iterator[int]:
    """Run one of README's configurations on a free port, with its folders under `folder`."""
    try:
        command = servers.tool("nginx", "nginx")
    except servers.UnavailableError as missing:
        give_up(str(missing))
    port = free_port()
    configuration = folder / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\ndaemon off;\nworker_processes 1;\n"
        f"{'user root;' if os.geteuid() == 0 else ''}\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{block.replace('listen 80', f'listen 127.0.0.1:{port}')}\n}}\n",
        encoding="utf-8",
    )
    with running(
        [command, "-c", str(configuration), "-e", f"{folder}/error.log"], port
    ):
        yield port


def configurations() -> list[str]:
    return re.findall(
        r"```nginx\n(.*?)```",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.DOTALL,
    )


# The export behind nginx


@pytest.fixture(scope="module")
def nginx_with_the_export(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("nginx")
    run_flask("export", str(folder / "public")).check_returncode()
    (folder / "public" / "static").mkdir()
    (folder / "public" / "static" / "photo.txt").write_text("foreign")
    with nginx(
        configurations()[0].replace("/srv/statement", str(folder)), folder
    ) as port:
        yield port


@every_address
def test_nginx_serves_the_export_as_the_app_serves_it(
    nginx_with_the_export: int, client: FlaskClient, address: str
) -> None:
    for encoding in ("identity", "gzip"):
        wanted = client.get(address, headers={"Accept-Encoding": encoding})
        answer = get(nginx_with_the_export, address, Accept_Encoding=encoding)
        assert (answer.status, answer.body) == (200, wanted.data)
        # nginx has an ETag of its own; the rest of the policy stands in the page, and changes with it.
        told = dict(wanted.headers) | {
            "Content-Security-Policy": "frame-ancestors 'none'",
            "ETag": answer.headers["ETag"],
        }
        assert {name: answer.headers.get_all(name) for name in told} == {
            name: [told[name]] for name in told
        }


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/nowhere",
            "/_headers",
            "/_nginx.conf",
            "/SHA256SUMS",
            "/.well-known/x",
            "/static",
            "/static/",
        ),
        *(
            "/index.html",
            "/404.html",
            "/index.html.gz",
            "/statement.md.gz",
            "/static/photo.txt.gz",
            "/statement.md/",
        ),
    ],
)
def test_nginx_serves_the_error_page_of_the_export_at_what_is_no_address(
    nginx_with_the_export: int, client: FlaskClient, address: str
) -> None:
    answer, wanted = get(nginx_with_the_export, address), client.get("/nowhere")
    assert (answer.status, answer.body) == (404, wanted.data)
    for name in (
        "Content-Type",
        "Cache-Control",
        "X-Content-Type-Options",
        "Cross-Origin-Resource-Policy",
    ):
        assert answer.headers.get_all(name) == [wanted.headers[name]]


def test_nginx_serves_what_others_put_beside_the_export(
    nginx_with_the_export: int,
) -> None:
    answer = get(nginx_with_the_export, "/static/photo.txt")
    assert (answer.status, answer.body, answer.headers["X-Content-Type-Options"]) == (
        200,
        b"foreign",
        "nosniff",
    )


# nginx as a cache


@contextmanager
def cache_before_two_replicas(
    folder: Path,
) -> Iterator[tuple[int, list[Server], list[ExitStack]]]:
    """Give the cache's port, the replicas, and what ends each."""
    block, ends, replicas = (
        configurations()[1].replace("/var/cache/nginx", str(folder)),
        [ExitStack(), ExitStack()],
        [],
    )
    with ends[0], ends[1]:
        for port, end in zip((8000, 8001), ends, strict=True):
            replicas.append(end.enter_context(flask_serve(workers=1)))
            block = block.replace(f"127.0.0.1:{port}", f"127.0.0.1:{replicas[-1].port}")
        with nginx(block, folder) as port:
            yield port, replicas, ends


def test_a_cache_before_two_replicas_answers_when_one_and_when_both_are_gone(
    tmp_path: Path, client: FlaskClient
) -> None:
    page, packed = (
        client.get("/").data,
        client.get("/", headers={"Accept-Encoding": "gzip"}).headers["ETag"],
    )
    with cache_before_two_replicas(tmp_path) as (port, _, ends):
        for end, address in zip(
            (*ends, None),
            ("/statement.md", "/statement.json", "/statement.json"),
            strict=True,
        ):
            answer = get(port, Accept_Encoding="gzip")
            assert (
                answer.status,
                answer.headers["ETag"],
                gzip.decompress(answer.body),
            ) == (200, packed, page)
            assert get(port).body == page
            assert get(port, Accept_Encoding="gzip", If_None_Match=packed).status == 304
            assert get(port, address).body == client.get(address).data
            if end:
                end.close()


def test_long_addresses_take_no_replica_out(
    tmp_path: Path, client: FlaskClient
) -> None:
    with cache_before_two_replicas(tmp_path) as (port, _, _):
        for length in (3200, 3200, 8000, 8000):
            answer = get(port, "/" + length * "x")
            assert (answer.status, answer.body) == (404, client.get("/nowhere").data)
        assert get(port, "/statement.md").body == client.get("/statement.md").data


def test_a_replica_that_stands_still_is_passed_by(
    tmp_path: Path, client: FlaskClient
) -> None:
    with cache_before_two_replicas(tmp_path) as (port, replicas, _):
        (worker,) = workers(replicas[0])
        os.kill(worker, signal.SIGSTOP)
        for address in DECLARED:
            assert (
                get(port, address).body == client.get(address).data
            )  # in less than the patience of get()
        os.kill(worker, signal.SIGCONT)


# flask serve


def test_a_worker_answers_beside_many_slow_clients_and_cuts_them_off() -> None:
    with flask_serve() as server, ExitStack() as clients:
        opened = (
            socket.create_connection(("127.0.0.1", server.port), timeout=10)
            for _ in range(200)
        )
        slow = [clients.enter_context(each) for each in opened]
        for each in slow:
            each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert get(server.port).status == 200
        slow[0].setblocking(False)
        with pytest.raises(BlockingIOError):  # the answer did not wait for its end
            slow[0].recv(1)
        slow[0].settimeout(10)
        assert {each.recv(1) for each in slow} == {b""}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("app", "content", "static", "templates"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_a_worker_that_is_started_anew_serves_what_the_server_started_with(
    checkout: Path,
) -> None:
    with flask_serve(checkout) as server:
        answers = [
            get(server.port, address).body
            for address in ("/", "/favicon.ico", "/nowhere")
        ]
        for name in ("content", "static", "templates"):
            shutil.rmtree(checkout / name)
        (worker,) = workers(server)
        os.kill(worker, signal.SIGKILL)
        wait_for(
            lambda: bool(workers(server) - {worker}) and listens(server.port),
            "another worker listens",
        )
        assert [
            get(server.port, address).body
            for address in ("/", "/favicon.ico", "/nowhere")
        ] == answers


def test_when_the_server_is_killed_its_two_workers_end_and_the_port_is_free() -> None:
    port = free_port()
    with running(flask("serve", f"--port={port}"), port) as server:
        wait_for(lambda: len(workers(server)) == 2, "two workers run")
        os.kill(server.process.pid, signal.SIGKILL)
        wait_for(lambda: not listens(port), "the port is free")


def test_a_worker_that_hangs_does_not_keep_the_server_from_ending() -> None:
    with flask_serve() as server:
        (worker,) = workers(server)
        os.kill(worker, signal.SIGSTOP)
        server.process.terminate()
        wait_for(lambda: server.process.poll() is not None, "the server ends")
        assert not listens(server.port)


def test_flask_serve_needs_no_rights_and_no_file_to_write(
    checkout: Path, client: FlaskClient
) -> None:
    for folder in (checkout, *checkout.iterdir()):
        folder.chmod(0o555)
    with flask_serve(
        checkout, before=[*servers.without_rights(), *servers.with_files_of_at_most(0)]
    ) as server:
        packed = get(server.port, Accept_Encoding="gzip")
        assert gzip.decompress(packed.body) == client.get("/").data
        assert packed.headers["Content-Length"] == str(len(packed.body))
        assert get(server.port, "/nowhere").body == client.get("/nowhere").data
    checkout.chmod(0o755)
    assert list(checkout.rglob("__pycache__")) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--port=99999"], "--port"),
        (["--port=0"], "--port"),
        (["--workers=0"], "--workers"),
        (["--host=nowhere.invalid"], "Error: nowhere.invalid port 8000: "),
        (["--host=a..b"], "Error: a..b port 8000: "),
    ],
)
def test_flask_serve_refuses_a_wrong_option_in_plain_words(
    options: list[str], message: str
) -> None:
    ended = run_flask("serve", *options)
    assert ended.returncode in (1, 2)
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_flask_serve_refuses_a_port_in_use_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run_flask("serve", f"--port={port}")
    assert_one_line(
        ended,
        f"127.0.0.1 port {port}: Address already in use; name a free port of this machine",
    )


def test_flask_serve_without_its_server_says_how_to_get_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "granian", None)
    ended = app.test_cli_runner().invoke(args=["serve"])
    assert_one_line(
        ended, "flask serve: Granian is not installed; run pip install '.[serve]'"
    )


@pytest.mark.parametrize("command", ["run", "serve", "export"])
def test_broken_content_stops_every_command_with_one_line(
    write_statement: Callable[..., Path], tmp_path: Path, command: str
) -> None:
    path = write_statement("# Title\n\n## No id\n\nText.\n")
    arguments = [str(tmp_path / "folder")] if command == "export" else []
    ended = run_flask(command, *arguments, FLASK_STATEMENT=str(path))
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (
        1,
        "",
        1,
    )
    assert ended.stderr.startswith(f"Error: {path}:9: “## No id”")
    assert not (tmp_path / "folder").exists()
