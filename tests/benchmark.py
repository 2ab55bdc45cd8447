"""Shows that the page is served at the limit: each figure, what must hold of it, and whether it does.

    .venv/bin/python tests/benchmark.py

takes about three minutes, and ends with exit status 1 where a figure fails or cannot be measured. What is compared
is measured in turn, in one run, so that whatever else the machine does slows both sides alike. It needs the extra
`.[test]`, Chromium, nginx and wrk; its servers listen on 127.0.0.1 alone and end with it.
"""

import asyncio
import gzip
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.client import HTTPException
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from markdown import Markdown
from servers import (
    UnavailableError,
    flask_serve,
    free_port,
    get,
    run_flask,
    running,
    tool,
    wait_for,
    workers,
)

from app import STATEMENT
from app.reading.reader import read_statement
from app.site.build import ROOT, build_site

ROUNDS = 5
SECONDS = 2  # of load in each round
CONNECTIONS = 16  # that load a server at the same time
STARTS = 15
SLOW_CONNECTIONS, SLOW_SECONDS = 500, 15
PARAGRAPHS = {60: 15, 600: 5, 6000: 3}  # how many, and how often each is read
ANSWERS = 200  # that must be right after a worker was killed

# The bare app stands in a package of the same name that borrows our own app.serve, so that both are served alike.
BARE = """
from flask import Flask
__path__.append({app!r})
from app.site.serve import add_serve_command

def bare_app():
    app = Flask(__name__)
    body = b"x" * {length}
    app.add_url_rule("/", "page", lambda: body)
    app.add_url_rule("/unchanged", "unchanged", lambda: (b"", 304))
    return app

def create_app():
    app = bare_app()
    add_serve_command(app, bare_app)
    return app
"""

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/client;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/html html; }}
    root {folder}/export;
    server {{ listen 127.0.0.1:{ready}; gzip_static on; }}
    server {{ listen 127.0.0.1:{on_the_fly}; gzip on; }}
}}
"""

GZIP = {"Accept-Encoding": "gzip"}

Measured = tuple[float, str]  # the figure that has a bound, and what to show of it


class Figure(NamedTuple):
    """A figure, how it is measured, and the bound that it must keep."""

    name: str
    measure: Callable[[], Measured]
    bound: float
    at_least: bool = False

    @property
    def must_hold(self) -> str:
        return f"at {'least' if self.at_least else 'most'} {self.bound:,g}"

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


class Load(NamedTuple):
    """What wrk saw."""

    rate: float  # answers a second
    requests: int
    failed: int


def check(right: bool, what: str) -> None:
    if not right:
        raise UnavailableError(what)


def in_turn(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> tuple[float, float, float]:
    """Return the medians of ours, of theirs and of ours over theirs; a first round only warms both up."""
    pairs = [(ours(), theirs()) for _ in range(rounds + 1)][1:]
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs)


def load(port: int, path: str, headers: Mapping[str, str], seconds: int = SECONDS) -> Load:
    options = [f"-H{name}: {value}" for name, value in headers.items()]
    command = [tool("wrk", "wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *options]
    shown = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    found = dict(re.findall(r"(Requests/sec|connect|read|write|timeout|responses):? +([\d.]+)", shown.stdout))
    requests = re.search(r"(\d+) requests in", shown.stdout)
    failed = sum(int(found.get(kind, 0)) for kind in ("connect", "read", "write", "timeout", "responses"))
    return Load(float(found["Requests/sec"]), int(requests[1]) if requests else 0, failed)


def rate(port: int, path: str, headers: Mapping[str, str]) -> float:
    seen = load(port, path, headers)
    check(not seen.failed, f"{seen.failed} of {seen.requests} requests failed")
    return seen.rate


@contextmanager
def bare_folder(length: int = 1) -> Iterator[Path]:
    """Give a folder with the bare app, whose page is `length` bytes long."""
    with TemporaryDirectory() as folder:
        package = Path(folder, "app")
        package.mkdir()
        (package / "__init__.py").write_text(BARE.format(app=str(ROOT / "app"), length=length))
        yield Path(folder)


# Figures


def served_rate(unchanged: bool) -> Measured:
    """Compare with constant bytes of the same length, or with a constant empty 304."""
    with flask_serve() as ours:
        page = get(ours.port, **GZIP)
        headers = GZIP | ({"If-None-Match": page.headers["ETag"]} if unchanged else {})
        path = "/unchanged" if unchanged else "/"
        check(get(ours.port, **headers).status == (304 if unchanged else 200), "the page answers otherwise")
        with bare_folder(len(page.body)) as folder, flask_serve(folder) as bare:
            check(get(bare.port).headers["Content-Length"] == page.headers["Content-Length"], "lengths differ")
            return rates(partial(rate, ours.port, "/", headers), partial(rate, bare.port, path, headers))


def nginx_rate() -> Measured:
    ready, on_the_fly = free_port(), free_port()
    with TemporaryDirectory() as name:
        folder = Path(name)
        run_flask("export", f"{name}/export").check_returncode()
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, ready=ready, on_the_fly=on_the_fly))
        command = [tool("nginx", "nginx"), "-p", name, "-c", f"{name}/nginx.conf", "-e", "stderr"]
        with running(command, ready, folder):
            page = (folder / "export" / "index.html").read_bytes()
            for port in (ready, on_the_fly):
                check(gzip.decompress(get(port, **GZIP).body) == page, "nginx answers otherwise")
            return rates(partial(rate, ready, "/", GZIP), partial(rate, on_the_fly, "/", GZIP))


def rates(ours: Callable[[], float], theirs: Callable[[], float]) -> Measured:
    a, b, ratio = in_turn(ours, theirs, ROUNDS)
    return ratio, f"{ratio:.2f}  ({a:,.0f} over {b:,.0f} a second)"


def start_up() -> Measured:
    def first_answer(folder: Path) -> float:
        begin = time.perf_counter()
        with flask_serve(folder) as server:
            check(get(server.port).status == 200, "the page answers otherwise")
            return time.perf_counter() - begin

    with bare_folder() as bare:
        ours, theirs, ratio = in_turn(partial(first_answer, ROOT), partial(first_answer, bare), STARTS)
    return ratio, f"{ratio:.2f}  ({ours * 1000:.0f} over {theirs * 1000:.0f} ms)"


def text_of(paragraphs: int) -> str:
    """Return the statement's words in sections of five paragraphs, with emphasis and links, the same each time."""
    chance = random.Random(4)
    published = " ".join(paragraph.text for paragraph in read_statement(STATEMENT).paragraphs).split()

    def run() -> str:
        words = " ".join(chance.choices(published, k=chance.randint(3, 25)))
        forms = (words, words, words, f"*{words}*", f"**{words}**", f"[{words}](https://example.org/), and")
        return chance.choice(forms)

    parts = ["# The title of a statement"]
    for number in range(paragraphs):
        if number % 5 == 0:
            parts.append(f"## Section {number // 5 + 1} {{#section-{number // 5 + 1}}}")
        parts.append(f"{' '.join(run() for _ in range(6)).capitalize()}.")
    return "\n\n".join(parts) + "\n"


def made_site(path: Path) -> None:
    build_site(read_statement(path), None)


@cache
def reading() -> dict[int, tuple[float, float]]:
    """Return, by the number of paragraphs, the seconds that one takes, and that over bare Python-Markdown's."""
    front_matter = STATEMENT.read_text(encoding="utf-8").partition("\n# ")[0]
    found = {}
    with TemporaryDirectory() as folder:
        for number, rounds in PARAGRAPHS.items():
            text, path = text_of(number), Path(folder, "statement.md")
            path.write_text(f"{front_matter}\n{text}", encoding="utf-8")
            ours, _, ratio = in_turn(
                partial(seconds, partial(made_site, path)),
                partial(seconds, partial(Markdown().convert, text)),
                rounds,
            )
            found[number] = ours / number, ratio
    return found


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def flatness() -> Measured:
    times = [time for time, _ in reading().values()]
    value = max(times) / min(times)
    return value, f"{value:.2f}  ({', '.join(f'{time * 1000:.2f}' for time in times)} ms each)"


def over_markdown() -> Measured:
    ratios = [ratio for _, ratio in reading().values()]
    return max(ratios), f"{max(ratios):.2f}  ({', '.join(f'{ratio:.2f}' for ratio in ratios)})"


def weight() -> Measured:
    page = build_site(read_statement(STATEMENT), None).files["/"]
    gzipped = len((page.gzipped or page.plain).body)
    return gzipped, f"{gzipped:,}  ({len(page.plain.body):,} raw)"


def requests_to_show() -> Measured:
    """Count what a browser asks for, its icon too, in the second after the page was opened."""
    try:
        import pytest
        from browser import launch, served
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError as error:
        raise UnavailableError(f"{error.name} is missing: .venv/bin/pip install '.[test]'") from None
    asked: list[str] = []
    try:
        with served(asked=asked) as address, sync_playwright() as playwright, launch(playwright) as browser:
            page = browser.new_page()
            page.goto(address)
            page.wait_for_timeout(1000)
    except (pytest.skip.Exception, pytest.fail.Exception) as error:
        raise UnavailableError(str(error)) from None
    return len(asked), f"{len(asked)}  ({', '.join(asked)})"


def slow_connections() -> Measured:
    with flask_serve(workers=2) as server:
        times = asyncio.run(among_slow(server.port))
    return max(times), f"{max(times):.3f}  (the worst of {len(times)} answers)"


async def among_slow(port: int) -> list[float]:
    end = time.monotonic() + SLOW_SECONDS
    slow = [asyncio.create_task(slow_reader(port, end)) for _ in range(SLOW_CONNECTIONS)]
    await asyncio.sleep(1)
    times, right = [], get(port).body
    while time.monotonic() < end:
        begin = time.perf_counter()
        answer = await asyncio.to_thread(get, port)
        times.append(time.perf_counter() - begin)
        check(answer.body == right, "an ordinary reader is answered otherwise")
        await asyncio.sleep(0.5)
    await asyncio.gather(*slow)
    return times


async def slow_reader(port: int, end: float) -> None:
    """Send a byte a second, from the beginning again whenever the server cuts the connection off."""
    while time.monotonic() < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with suppress(ConnectionError):
            for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n":
                writer.write(bytes([byte]))
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(), 1)
                    break
                if time.monotonic() > end:
                    break
        writer.transport.abort()


def killed_worker() -> Measured:
    """Count the wrong answers after a worker was killed; what it had in hand is lost and counted as failed."""
    right = build_site(read_statement(STATEMENT), None).files["/"].plain.body
    with flask_serve(workers=2) as server, ThreadPoolExecutor(1) as background:
        under_load = background.submit(load, server.port, "/", GZIP, 10)
        time.sleep(3)
        victim = min(workers(server))
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: victim not in workers(server), "the killed worker is gone")
        wrong = sum(not answers_with(server.port, right) for _ in range(ANSWERS))
        seen = under_load.result()
        wait_for(lambda: len(workers(server)) == 2, "another worker starts")
    return wrong, f"{wrong} of {ANSWERS}  ({seen.failed} of {seen.requests:,} requests in all failed)"


def answers_with(port: int, body: bytes) -> bool:
    with suppress(OSError, HTTPException):
        answer = get(port)
        return (answer.status, answer.body) == (200, body)
    return False


FIGURES = (
    Figure("requests a second, over constant bytes from bare Flask", partial(served_rate, False), 0.8, at_least=True),
    Figure("304 answers a second, over constant ones from bare Flask", partial(served_rate, True), 0.8, at_least=True),
    Figure("nginx with the exported .gz, over nginx compressing the page", nginx_rate, 4, at_least=True),
    Figure("start of the process to the first answer, over bare Flask", start_up, 1.5),
    Figure("reading 60, 600, 6,000 paragraphs: slowest over fastest", flatness, 2),
    Figure("reading 60, 600, 6,000 paragraphs, over bare Python-Markdown", over_markdown, 2),
    Figure("bytes of the whole page, gzipped", weight, 10_240),
    Figure("requests that show the page", requests_to_show, 1),
    Figure("seconds to an answer beside 500 slow connections", slow_connections, 1),
    Figure("wrong answers after a worker was killed", killed_worker, 0),
)


def row(figure: Figure) -> tuple[str, str, str, str]:
    print(f"{figure.name} …", file=sys.stderr)
    try:
        value, shown = figure.measure()
    except (UnavailableError, OSError, HTTPException, subprocess.SubprocessError) as error:
        return figure.name, f"not measured: {error}", figure.must_hold, "FAILS"
    return figure.name, shown, figure.must_hold, "ok" if figure.holds(value) else "FAILS"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end too
    rows = [("figure", "measured", "must hold", ""), *map(row, FIGURES)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    return 1 if any(cells[-1] == "FAILS" for cells in rows) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
