import gzip
import os
import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from servers import (
    ROOT,
    UnavailableError,
    flask,
    flask_serve,
    free_port,
    get,
    listens,
    run_flask,
    running,
    tool,
    wait_for,
    with_files_of_at_most,
    without_rights,
    workers,
)
from site_files import MEDIA_TYPES

from app.site.serve import HEAD_TIMEOUT


@contextmanager
def nginx(block: str, folder: Path) -> Iterator[int]:
    """Run one of README's configurations on a free port, with its folders under `folder`."""
    try:
        command = tool("nginx", "nginx")
    except UnavailableError as missing:
        pytest.fail(str(missing)) if os.environ.get("CI") else pytest.skip(str(missing))
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
    with running([command, "-c", str(configuration), "-e", f"{folder}/error.log"], port):
        yield port


def configurations() -> list[str]:
    return re.findall(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def nginx_with_the_export(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("nginx")
    run_flask("export", str(folder / "public")).check_returncode()
    with nginx(configurations()[0].replace("/srv/statement", str(folder)), folder) as port:
        yield port


@pytest.mark.parametrize("address", MEDIA_TYPES)
def test_nginx_serves_the_export_as_the_app_serves_it(
    nginx_with_the_export: int, client: FlaskClient, address: str
) -> None:
    wanted = client.get(address)
    answer = get(nginx_with_the_export, address)
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, wanted.content_type, wanted.data)
    packed = get(nginx_with_the_export, address, Accept_Encoding="gzip")
    if client.get(address, headers={"Accept-Encoding": "gzip"}).headers.get("Content-Encoding"):
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body) == wanted.data
    # nginx has an ETag of its own, and the policy's hashes stand in the page; a download's name in the link to it.
    own = {"ETag", "Content-Security-Policy", "Content-Disposition"}
    assert {name: answer.headers[name] for name in set(wanted.headers.keys()) - own} == {
        name: value for name, value in wanted.headers if name not in own
    }


def test_nginx_serves_the_error_page_of_the_export(nginx_with_the_export: int, client: FlaskClient) -> None:
    for address in ("/nowhere", "/_headers", "/.exported"):
        answer = get(nginx_with_the_export, address)
        assert (answer.status, answer.body) == (404, client.get("/nowhere").data)
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"


def test_a_cache_before_two_replicas_answers_when_one_and_when_both_are_gone(
    tmp_path: Path, client: FlaskClient
) -> None:
    ports = [free_port(), free_port()]
    cache = configurations()[1].replace("/var/cache/nginx", str(tmp_path))
    for readme_port, port in zip((8000, 8001), ports, strict=True):
        cache = cache.replace(f"127.0.0.1:{readme_port}", f"127.0.0.1:{port}")
    page, packed = client.get("/").data, client.get("/", headers={"Accept-Encoding": "gzip"}).headers["ETag"]

    def check(port: int) -> None:
        answer = get(port, Accept_Encoding="gzip")
        assert (answer.status, answer.headers["ETag"], gzip.decompress(answer.body)) == (200, packed, page)
        assert get(port).body == page
        assert get(port, Accept_Encoding="gzip", If_None_Match=packed).status == 304

    with nginx(cache, tmp_path) as port:
        with running(flask("serve", f"--port={ports[0]}"), ports[0]):
            with running(flask("serve", f"--port={ports[1]}"), ports[1]):
                check(port)
                assert get(port, "/statement.md").body == client.get("/statement.md").data
            check(port)
            assert get(port, "/statement.json").body == client.get("/statement.json").data
        check(port)


def test_flask_serve_serves_the_page(client: FlaskClient) -> None:
    with flask_serve() as server:
        packed = get(server.port, Accept_Encoding="gzip")
        assert (packed.status, gzip.decompress(packed.body)) == (200, client.get("/").data)
        assert packed.headers["Content-Length"] == str(len(packed.body))
        assert get(server.port, "/nowhere").body == client.get("/nowhere").data


def test_flask_serve_cuts_off_a_client_that_does_not_finish_its_request() -> None:
    with flask_serve() as server, socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.settimeout(2 * HEAD_TIMEOUT)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert slow.recv(1) == b""


def test_a_worker_that_is_started_anew_serves_what_the_server_started_with(edited_statement: Path) -> None:
    with flask_serve(FLASK_STATEMENT=str(edited_statement)) as server:
        page = get(server.port).body
        edited_statement.write_text("broken by now")
        (worker,) = workers(server)
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: bool(workers(server) - {worker}) and listens(server.port), "another worker listens")
        assert get(server.port).body == page


@pytest.fixture
def read_only_checkout(tmp_path: Path) -> Iterator[Path]:
    for name in ("app", "content", "static", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    folders = [tmp_path, *(path for path in tmp_path.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield tmp_path
    for folder in folders:
        folder.chmod(0o755)


def test_flask_serve_needs_no_rights_and_no_file_to_write(read_only_checkout: Path, client: FlaskClient) -> None:
    with flask_serve(read_only_checkout, before=[*without_rights(), *with_files_of_at_most(0)]) as server:
        assert get(server.port).body == client.get("/").data
        assert get(server.port, "/nowhere").status == 404
    assert list(read_only_checkout.rglob("__pycache__")) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--port=99999"], "--port"),
        (["--workers=0"], "--workers"),
        (["--host=nowhere.invalid"], "Error: nowhere.invalid port 8000: "),
        (["--host=a..b"], "Error: a..b port 8000: "),
    ],
)
def test_flask_serve_refuses_a_wrong_option_in_plain_words(options: list[str], message: str) -> None:
    ended = run_flask("serve", *options)
    assert ended.returncode in (1, 2)
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_flask_serve_refuses_a_port_in_use_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run_flask("serve", f"--port={port}")
    line = f"Error: 127.0.0.1 port {port}: Address already in use; name a free port of this machine"
    assert (ended.returncode, ended.stderr.splitlines()) == (1, [line])


@pytest.mark.parametrize("command", ["run", "serve", "export"])
def test_broken_content_stops_every_command_with_one_line(
    write_statement: Callable[..., Path], tmp_path: Path, command: str
) -> None:
    path = write_statement("# Title\n\n## No id\n\nText.\n")
    arguments = [str(tmp_path / "folder")] if command == "export" else []
    ended = run_flask(command, *arguments, FLASK_STATEMENT=str(path))
    wanted = (
        f"Error: {path}:9: “## No id” is a heading without id; end it with an id of your own, {{#return-of-refugees}}"
    )
    assert (ended.returncode, ended.stdout, ended.stderr.splitlines()) == (1, "", [wanted])
    assert not (tmp_path / "folder").exists()
