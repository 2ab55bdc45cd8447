"""Servers that the tests and the benchmark start: on 127.0.0.1 alone, and ended with all that they started."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from click.testing import Result
from flask import Flask

ROOT = Path(__file__).parent.parent
PATIENCE = 20  # seconds in which anything at all must happen

Contents = dict[str, bytes | str | None]


class UnavailableError(Exception):
    """Says what is missing or did not happen, and what helps."""


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


def tool(name: str, package: str) -> str:
    path = shutil.which(
        name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
    )
    if not path:
        raise UnavailableError(f"no {name} here: apt-get install {package}")
    return path


def wait_for(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise UnavailableError(f"{what}: not within {PATIENCE} seconds")
        time.sleep(0.002)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def get(port: int, address: str = "/", **headers: str) -> Answer:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(
            "GET",
            address,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())


def flask(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "app", *arguments]


def environment(**settings: str) -> dict[str, str]:
    """Return this process's environment with no settings of the app or its server but these."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FLASK_", "GRANIAN_"))
    }
    return kept | settings


def run_flask(
    *arguments: str, before: Sequence[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run one of the app's commands to its end, with words before it that change what it may do."""
    command, env = [*before, *flask(*arguments)], environment(**settings)
    return subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def workers(server: Server) -> set[int]:
    """Return the processes that the server started."""
    command = [tool("ps", "procps"), "--ppid", str(server.process.pid), "-o", "pid="]
    return {
        int(pid)
        for pid in subprocess.run(
            command, capture_output=True, check=False
        ).stdout.split()
    }


def without_rights() -> list[str]:
    """Return what stands before a command to take from it what root may do beyond others (setpriv(1))."""
    return (
        [tool("setpriv", "util-linux"), "--bounding-set=-all", "--"]
        if os.geteuid() == 0
        else []
    )


def with_files_of_at_most(size: int) -> list[str]:
    """Return what stands before a command that can write `size` bytes to a file and no more (prlimit(1))."""
    return [tool("prlimit", "util-linux"), f"--fsize={size}", "--"]


@contextmanager
def running(
    command: list[str], port: int, folder: Path = ROOT, **settings: str
) -> Iterator[Server]:
    """Run a server in `folder` with these settings of the app, and wait until it listens on `port`."""
    with TemporaryFile() as log:
        env = environment(**settings)
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(
                lambda: process.poll() is not None or listens(port),
                f"{' '.join(command)} listens",
            )
            log.seek(0)
            if process.poll() is not None:
                raise UnavailableError(
                    f"{' '.join(command)} ended: {log.read().decode().strip()[-500:]}"
                )
            yield Server(process, port)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def flask_serve(
    folder: Path = ROOT, workers: int = 1, before: Sequence[str] = (), **settings: str
) -> Iterator[Server]:
    """Run `flask serve` in `folder`, with words before it that change what it may do."""
    port = free_port()
    command = [*before, *flask("serve", f"--port={port}", f"--workers={workers}")]
    with running(command, port, folder, **settings) as server:
        yield server


def export(app: Flask, folder: Path | str, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["export", *options, str(folder)])


def run_export(
    folder: Path, before: Sequence[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    return run_flask("export", str(folder), before=before, **settings)


def contents(folder: Path) -> Contents:
    """Return everything below the folder: a file's bytes, where a link leads, None for anything else."""
    return {
        path.relative_to(folder).as_posix(): content(path) for path in folder.rglob("*")
    }


def content(path: Path) -> bytes | str | None:
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else None


def assert_one_line(
    result: Result | subprocess.CompletedProcess[str], line: str
) -> None:
    status = result.exit_code if isinstance(result, Result) else result.returncode
    assert (status, result.stdout, result.stderr) == (1, "", f"Error: {line}\n")
