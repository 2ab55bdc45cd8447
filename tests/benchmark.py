"""Measure speed and size, and compare with a bare Flask app and bare Python-Markdown.

    .venv/bin/python tests/benchmark.py

It takes about a minute and a half, and ends with status 1 if a figure misses its
limit. The two sides of a ratio are measured in turn, so that other work of the machine
slows both alike. It needs the test extra, Chromium and wrk.
"""

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from browser import launch, selection_cost, serve_in_thread
from conftest import FRONT_MATTER
from flask.testing import FlaskClient
from markdown import markdown
from playwright.sync_api import sync_playwright
from servers import find_program, get, run_granian

from app import ROOT, STATEMENT, create_app
from app.reading.reader import read_statement

GZIP = {"Accept-Encoding": "gzip"}
TITLE = "# Title\n\n"

# Bodies and front matter that take long to read, as large as the reader accepts them,
# or larger.
SLOW_BODIES = {
    "cut addresses": f"{TITLE}{'https://a_' * 1_990}\n",
    "open links": f"{TITLE}{'[a](' * 4_990}\n",
    "open brackets": f"{TITLE}{'[' * 19_990}\n",
    "marks among marks": f"{TITLE}{'**a' + '*a' * 9_900 + 'b**'}\n",
    "marks of emphasis": f"{TITLE}{'*a _b ' * 3_300}\n",
    "many short lines": TITLE + "1 *2* **3**\n\n" * 7_990,
    "a title of spaces": f"# a{' ' * 19_900}b\n\nText.\n",
    "strong words far apart": f"{TITLE}**a{' ' * 19_900}b**\n",
    "a line too long": f"{TITLE}{'[' * 100_000}\n",
    "rejected characters": TITLE + "\t" * 900_000 + "\n",
}
SLOW_KEYS = {
    "a key of many parts": f"a{'.a' * 9_990} = 1\n",
    "open values": f"a = {'=[' * 9_900}]\n" * 3,
}

# The bare app is a package of the same name, so that the same command serves it.
BARE_APP = """
from flask import Flask

def create_app():
    app = Flask(__name__)
    body = b"x" * {length}
    app.add_url_rule("/", "page", lambda: body)
    app.add_url_rule("/unchanged", "unchanged", lambda: (b"", 304))
    return app
"""


class Report:
    """Print figures, and remember whether one misses its limit."""

    def __init__(self) -> None:
        self.has_failed = False

    def at_most(self, limit: float, name: str, value: float, detail: str = "") -> None:
        self._add(value <= limit, f"{name}: {value:,.4g}, at most {limit:,g}", detail)

    def at_least(self, limit: float, name: str, value: float, detail: str = "") -> None:
        self._add(value >= limit, f"{name}: {value:,.4g}, at least {limit:,g}", detail)

    def _add(self, is_kept: bool, line: str, detail: str) -> None:
        if not is_kept:
            self.has_failed = True
        print("ok   " if is_kept else "FAILS", line, detail, sep="  ", flush=True)


@dataclass(frozen=True)
class Comparison:
    """The medians of both sides, and of their ratios."""

    ours: float
    theirs: float
    ratio: float


def compare(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int
) -> Comparison:
    """Measure both sides in turn. A first round only warms them up."""
    ours()
    theirs()
    our_values = []
    their_values = []
    ratios = []
    for _ in range(rounds):
        our_values.append(ours())
        their_values.append(theirs())
        ratios.append(our_values[-1] / their_values[-1])
    return Comparison(median(our_values), median(their_values), median(ratios))


def timed(work: Callable[..., object], *arguments: object) -> Callable[[], float]:
    """Return a function that returns the time that `work` takes."""

    def measure() -> float:
        begin = time.perf_counter()
        work(*arguments)
        return time.perf_counter() - begin

    return measure


def requests_per_second(port: int, path: str, headers: dict[str, str]) -> float:
    """Return the rate of responses under load."""
    command = [find_program("wrk", "wrk"), "-t1", "-c16", "-d2s"]
    for name, value in headers.items():
        command.append(f"-H{name}: {value}")
    command.append(f"http://127.0.0.1:{port}{path}")
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "errors" not in output, output
    return float(re.findall(r"Requests/sec: +([\d.]+)", output)[0])


@contextmanager
def bare_folder(length: int = 1) -> Iterator[Path]:
    """Give a folder with the bare app, whose page has `length` bytes."""
    with TemporaryDirectory() as folder:
        package = Path(folder, "app")
        package.mkdir()
        (package / "__init__.py").write_text(BARE_APP.format(length=length))
        yield Path(folder)


def measure_rates(report: Report) -> None:
    """Compare with a page of as many bytes, and with an empty 304."""
    with run_granian() as ours:
        page = get(ours.port, **GZIP)
        known = GZIP | {"If-None-Match": page.headers["ETag"]}
        assert get(ours.port, **known).status == 304
        cases = [("the page", "/", GZIP), ("304", "/unchanged", known)]
        with bare_folder(len(page.body)) as folder, run_granian(folder) as bare:
            for name, bare_path, headers in cases:
                result = compare(
                    partial(requests_per_second, ours.port, "/", headers),
                    partial(requests_per_second, bare.port, bare_path, headers),
                    rounds=5,
                )
                detail = f"{result.ours:,.0f} over {result.theirs:,.0f} a second"
                report.at_least(2, f"{name}, over bare Flask", result.ratio, detail)


def measure_start(report: Report) -> None:
    """Compare the time until the first response and the end of the server."""
    # Both sides start from the bytecode that their first start writes.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

    def first_response(folder: Path) -> None:
        with run_granian(folder) as server:
            assert get(server.port).status == 200

    with bare_folder() as folder:
        result = compare(
            timed(first_response, ROOT), timed(first_response, folder), rounds=9
        )
    detail = f"{result.ours:.2f} over {result.theirs:.2f} s"
    report.at_most(1.5, "start and end of a server, over bare", result.ratio, detail)


def random_sentence(words: list[str], chance: random.Random) -> str:
    """Return a sentence of six parts, some of them emphasised or linked."""
    parts = []
    for _ in range(6):
        text = " ".join(chance.choices(words, k=chance.randint(3, 25)))
        link = f"[{text}](https://example.org/), and"
        parts.append(
            chance.choice([text, text, text, f"*{text}*", f"**{text}**", link])
        )
    return f"{' '.join(parts).capitalize()}."


def random_text(paragraphs: int) -> str:
    """Return sections of five paragraphs, the same ones each time."""
    chance = random.Random(4)
    words = []
    for paragraph in read_statement(STATEMENT).paragraphs:
        words += paragraph.text.split()
    blocks = ["# The title of a statement"]
    for number in range(paragraphs):
        if number % 5 == 0:
            blocks.append(f"## Section {number} {{#section-{number}}}")
        blocks.append(random_sentence(words, chance))
    return "\n\n".join(blocks) + "\n"


def write_statement(path: Path, body: str, keys: str = "") -> None:
    path.write_text(f"+++\n{FRONT_MATTER}{keys}+++\n{body}", "utf-8")


def measure_reading(report: Report) -> None:
    """Read and render texts of three lengths, and files that take long."""
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(STATEMENT, folder))
        # Under --debug the file is read at each request.
        client = create_app({"STATEMENT": path, "DEBUG": True}).test_client()
        read_and_render = timed(client.get, "/")
        for paragraphs, rounds in ((60, 15), (600, 5), (1_500, 3)):
            compare_reading(report, client, path, paragraphs, rounds)
        for name, body in SLOW_BODIES.items():
            write_statement(path, body)
            report.at_most(2, f"seconds for {name}", read_and_render())
        for name, keys in SLOW_KEYS.items():
            write_statement(path, f"{TITLE}Text.\n", keys)
            report.at_most(2, f"seconds for {name}", read_and_render())


def compare_reading(
    report: Report, client: FlaskClient, path: Path, paragraphs: int, rounds: int
) -> None:
    """Compare reading and rendering a text with Python-Markdown alone."""
    text = random_text(paragraphs)
    write_statement(path, text)
    assert len(read_statement(path).sections) == paragraphs / 5
    result = compare(timed(client.get, "/"), timed(markdown, text), rounds)
    detail = f"{result.ours / paragraphs * 1000:.2f} ms a paragraph"
    name = f"{paragraphs:,} paragraphs, over bare Python-Markdown"
    report.at_most(2, name, result.ratio, detail)


def measure_selection(report: Report) -> None:
    """Select a long text in Chromium."""
    with (
        TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        path = Path(folder, "long.md")
        write_statement(path, random_text(1_500))
        with serve_in_thread(path) as address:
            cost = selection_cost(browser.new_page(), address)
    report.at_most(50, "ms to select 1,500 paragraphs", cost)


def measure_slow_connections(report: Report) -> None:
    """Get the page next to clients that never finish their requests."""
    with run_granian() as server, ExitStack() as clients:
        for _ in range(500):
            address = ("127.0.0.1", server.port)
            client = clients.enter_context(socket.create_connection(address))
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        get_page = timed(get, server.port)
        slowest = max(get_page() for _ in range(50))
    name = "seconds to a response next to 500 slow connections"
    report.at_most(1, name, slowest, "the slowest of 50")


def main() -> None:
    report = Report()
    measure_rates(report)
    measure_start(report)
    measure_reading(report)
    measure_selection(report)
    measure_slow_connections(report)
    sys.exit(1 if report.has_failed else 0)


if __name__ == "__main__":
    main()
