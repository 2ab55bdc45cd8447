"""Run servers and commands for the tests and the benchmark.

Servers listen on 127.0.0.1 only; each is ended together with its child processes.
"""

import os
import random
import re
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
TIMEOUT = 60  # seconds until a server must have started or answered

Contents = dict[str, bytes | str | None]


class UnavailableError(Exception):
    """A program is missing, or a server did not start in time."""


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


def find_program(name: str, package: str) -> str:
    """Return the path of a program, or raise UnavailableError with its package."""
    path = shutil.which(
        name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
    )
    if not path:
        raise UnavailableError(f"no {name} here: apt-get install {package}")
    return path


def wait_for(condition: Callable[[], bool], event: str) -> None:
    """Wait until the condition is true, or raise UnavailableError with the event."""
    end = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > end:
            raise UnavailableError(f"{event}: not within {TIMEOUT} seconds")
        time.sleep(0.002)


def free_port() -> int:
    """Return the number of a free TCP port on 127.0.0.1.

    Linux takes higher numbers for the ports that programs do not choose themselves.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        if not listens(port):
            return port


def listens(port: int) -> bool:
    """Return whether a server listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def get(port: int, address: str = "/", **headers: str) -> Answer:
    """Return the response; an underscore in a header's name is a hyphen."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)) as connection:
        connection.request(
            "GET",
            address,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())


def flask_command(*arguments: str) -> list[str]:
    """Return the command line of one of the app's commands."""
    return [sys.executable, "-m", "flask", "--app", "app", *arguments]


def environment(**settings: str) -> dict[str, str]:
    """Return the environment with these settings as the only ones of app and server."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FLASK_", "GRANIAN_"))
    }
    return kept | settings


def run_flask(
    *arguments: str, before: Sequence[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run one of the app's commands to its end, after a wrapper such as setpriv."""
    command, env = [*before, *flask_command(*arguments)], environment(**settings)
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
    """Return the ids of the server's child processes."""
    command = [
        find_program("ps", "procps"),
        "--ppid",
        str(server.process.pid),
        "-o",
        "pid=",
    ]
    return {
        int(pid)
        for pid in subprocess.run(
            command, capture_output=True, check=False
        ).stdout.split()
    }


def without_rights() -> list[str]:
    """Return a wrapper that takes root's capabilities from a command (setpriv(1))."""
    if os.geteuid() != 0:
        return []
    return [find_program("setpriv", "util-linux"), "--bounding-set=-all", "--"]


def with_file_size_limit(size: int) -> list[str]:
    """Return a wrapper that limits files to `size` bytes (prlimit(1))."""
    return [find_program("prlimit", "util-linux"), f"--fsize={size}", "--"]


@contextmanager
def run_server(
    command: list[str], port: int, folder: Path = ROOT, **settings: str
) -> Iterator[Server]:
    """Run a server in `folder` with these settings until the end of the block."""
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
                process.wait(TIMEOUT)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def granian_command(port: int) -> list[str]:
    """Return the command of README that starts the server, on this port."""
    readme = (ROOT / "README.md").read_text("utf-8")
    (arguments,) = re.findall(r"^    \.venv/bin/granian (.+)$", readme, re.MULTILINE)
    return [sys.executable, "-m", "granian", f"--port={port}", *arguments.split()]


@contextmanager
def run_granian(
    folder: Path = ROOT, before: Sequence[str] = (), **settings: str
) -> Iterator[Server]:
    """Run README's server in `folder`, with a command before it that limits it."""
    port = free_port()
    command = [*before, *granian_command(port)]
    with run_server(command, port, folder, **settings) as server:
        yield server


def export(app: Flask, folder: Path | str, *options: str) -> Result:
    """Export the app's site inside this process."""
    return app.test_cli_runner().invoke(args=["export", *options, str(folder)])


def run_export(
    folder: Path, before: Sequence[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    """Export the site in a process of its own."""
    return run_flask("export", str(folder), before=before, **settings)


def contents(folder: Path) -> Contents:
    """Return the content of each path below the folder, by its relative path."""
    found: Contents = {}
    for path in folder.rglob("*"):
        found[path.relative_to(folder).as_posix()] = content(path)
    return found


def content(path: Path) -> bytes | str | None:
    """Return the bytes of a file, the target of a link, or None for a folder."""
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else None


def assert_one_line(
    result: Result | subprocess.CompletedProcess[str], line: str
) -> None:
    """Assert that the command failed with this one line on standard error."""
    if isinstance(result, Result):
        status = result.exit_code
    else:
        status = result.returncode
    assert (status, result.stdout, result.stderr) == (1, "", f"Error: {line}\n")
