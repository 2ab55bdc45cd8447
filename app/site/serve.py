"""`flask serve`: the app behind a production server, with the settings that hold under slow and hostile clients."""

import multiprocessing
import os
import socket
from threading import Thread

import click
from flask import Flask
from flask.cli import ScriptInfo

from app.errors import ContentError

HEAD_TIMEOUT = 5  # seconds in which a whole request head must arrive: a client that sends a byte a second is cut off
CONNECTIONS = 2048  # that a worker holds open; each client that is slow to ask has one until it is cut off


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1),
    help="One for each core.",
)
@click.pass_obj
def serve_command(flask: ScriptInfo, host: str, port: int, workers: int) -> None:
    """Serve the page with a production server (Granian), behind a proxy."""
    try:
        from granian import Granian
        from granian.constants import HTTPModes, Interfaces
        from granian.http import HTTP1Settings
    except ModuleNotFoundError:
        raise ContentError.at(
            "flask serve", "Granian is not installed", "run pip install '.[serve]'"
        ) from None
    # A worker that is started anew, years later, is a copy of this process, and reads nothing that may have changed
    # by then: the first request makes every answer, and this one is to an address that has none.
    multiprocessing.set_start_method("fork", force=True)
    app = flask.load_app()
    app.test_client().get("/404.html")

    def worker() -> Flask:
        Thread(target=_end_with_parent, daemon=True).start()
        return app

    Granian(
        "app",
        address=_free_address(host, port),
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,  # a request takes microseconds and waits for nothing
        http=HTTPModes.http1,  # a proxy in front speaks it; without it the next setting has no effect
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_TIMEOUT * 1000),
        websockets=False,
        backlog=2 * CONNECTIONS,  # room for as many again that wait to be taken up
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,  # else the whole server ends with one worker
        workers_kill_timeout=HEAD_TIMEOUT,  # who is still sending by then is cut off anyway
    ).serve(target_loader=worker, wrap_loader=False)


def _end_with_parent() -> None:
    """End this worker when the server is gone, however it ended, so that the port is free for the next."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _free_address(host: str, port: int) -> str:
    """Return the IP address of `host`; raises ContentError where nothing can listen there: Granian only panics."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family) as listener:
            listener.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # a server that just ended is none
            listener.bind(address)
            return str(address[0])
    except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host at all
        reason = getattr(error, "strerror", None) or str(error)
        raise ContentError.at(
            f"{host} port {port}", reason, "name a free port of this machine"
        ) from None
