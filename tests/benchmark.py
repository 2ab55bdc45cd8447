"""Shows that the page is served at the limit: each figure, what must hold of it, and whether it does.

    .venv/bin/python tests/benchmark.py

takes about a minute and a half, and ends with exit status 1 where a figure fails. What is compared is measured in
turn, in one run, so that whatever else the machine does slows both sides alike. It needs the extra `.[test]`, Chromium
and wrk.
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
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from browser import launch, selection_cost, served
from conftest import FRONT_MATTER
from markdown import Markdown
from playwright.sync_api import sync_playwright
from servers import get, serving, tool

from app import ROOT, STATEMENT, create_app
from app.reading.reader import read_statement

GZIP = {"Accept-Encoding": "gzip"}
TITLE = "# Title\n\n"

# Files made to take long, as front matter and body: as large as the reader lets them be, or larger.
HOSTILE = {
    "cut addresses": ("", f"{TITLE}{'https://a_' * 1_990}\n"),
    "open links": ("", f"{TITLE}{'[a](' * 4_990}\n"),
    "open brackets": ("", f"{TITLE}{'[' * 19_990}\n"),
    "marks among marks": ("", f"{TITLE}{'**a' + '*a' * 9_900 + 'b**'}\n"),
    "marks of emphasis": ("", f"{TITLE}{'*a _b ' * 3_300}\n"),
    "many short lines": ("", TITLE + "1 *2* **3**\n\n" * 7_990),
    "a title of spaces": ("", f"# a{' ' * 19_900}b\n\nText.\n"),
    "strong words far apart": ("", f"{TITLE}**a{' ' * 19_900}b**\n"),
    "a key of many parts": (f"a{'.a' * 9_990} = 1\n", f"{TITLE}Text.\n"),
    "open values": (f"a = {'=[' * 9_900}]\n" * 3, f"{TITLE}Text.\n"),
    "a line too long": ("", f"{TITLE}{'[' * 100_000}\n"),
}

# The bare app is a package of the same name, so that the same command serves it.
BARE = """
from flask import Flask

def create_app():
    app = Flask(__name__)
    body = b"x" * {length}
    app.add_url_rule("/", "page", lambda: body)
    app.add_url_rule("/unchanged", "unchanged", lambda: (b"", 304))
    return app
"""

FAILED: list[str] = []


def tell(name: str, value: float, must: str, bound: float, shown: str = "") -> None:
    """Print a figure, and whether it keeps its bound: `must` be at most or at least that."""
    if not (value >= bound if must == "at least" else value <= bound):
        FAILED.append(name)
    print(
        f"{'FAILS' if name in FAILED else 'ok   '}  {name}: {value:,.4g}, {must} {bound:,g}  {shown}",
        flush=True,
    )


def in_turn(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int
) -> tuple[float, float, float]:
    """Return the medians of ours, of theirs and of ours over theirs; a first round only warms both up."""
    pairs = [(ours(), theirs()) for _ in range(rounds + 1)][1:]
    return (
        median(a for a, _ in pairs),
        median(b for _, b in pairs),
        median(a / b for a, b in pairs),
    )


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def rate(port: int, path: str, headers: dict[str, str]) -> float:
    """Return the answers a second under load."""
    command = [
        tool("wrk", "wrk"),
        "-t1",
        "-c16",
        "-d2s",
        *(f"-H{name}: {headers[name]}" for name in headers),
    ]
    shown = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "errors" not in shown.stdout, shown.stdout
    return float(re.findall(r"Requests/sec: +([\d.]+)", shown.stdout)[0])


@contextmanager
def bare_folder(length: int = 1) -> Iterator[Path]:
    """Give a folder with the bare app, whose page is `length` bytes long."""
    with TemporaryDirectory() as folder:
        package = Path(folder, "app")
        package.mkdir()
        (package / "__init__.py").write_text(BARE.format(length=length))
        yield Path(folder)


def rates() -> None:
    """Compare with constant bytes of the same length, and with a constant empty 304."""
    with serving() as ours:
        page = get(ours.port, **GZIP)
        known = GZIP | {"If-None-Match": page.headers["ETag"]}
        assert get(ours.port, **known).status == 304
        with bare_folder(len(page.body)) as folder, serving(folder) as bare:
            for name, path, headers in (
                ("the page", "/", GZIP),
                ("304", "/unchanged", known),
            ):
                sides = (
                    partial(rate, ours.port, "/", headers),
                    partial(rate, bare.port, path, headers),
                )
                a, b, ratio = in_turn(*sides, rounds=5)
                tell(
                    f"{name}, over bare Flask",
                    ratio,
                    "at least",
                    2,
                    f"{a:,.0f} over {b:,.0f} a second",
                )


def start_up() -> None:
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # both start from the bytecode that their first start keeps

    def first_answer(folder: Path) -> None:
        with serving(folder) as server:
            assert get(server.port).status == 200

    with bare_folder() as bare:
        ours, theirs = (
            partial(seconds, partial(first_answer, folder)) for folder in (ROOT, bare)
        )
        a, b, ratio = in_turn(ours, theirs, rounds=9)
    tell(
        "start and end of a server, over bare Flask",
        ratio,
        "at most",
        1.5,
        f"{a:.2f} over {b:.2f} s",
    )


def text_of(paragraphs: int) -> str:
    """Return sections of five paragraphs, with emphasis and links, the same each time."""
    chance = random.Random(4)
    published = " ".join(
        paragraph.text for paragraph in read_statement(STATEMENT).paragraphs
    ).split()

    def run() -> str:
        words = " ".join(chance.choices(published, k=chance.randint(3, 25)))
        forms = (
            words,
            words,
            words,
            f"*{words}*",
            f"**{words}**",
            f"[{words}](https://example.org/), and",
        )
        return chance.choice(forms)

    parts = ["# The title of a statement"]
    for number in range(paragraphs):
        parts += (
            [f"## Section {number} {{#section-{number}}}"] if number % 5 == 0 else []
        )
        parts.append(f"{' '.join(run() for _ in range(6)).capitalize()}.")
    return "\n\n".join(parts) + "\n"


def reading() -> None:
    """Read and render texts of three lengths, and files made to take long: under --debug, at each request."""
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(STATEMENT, folder))
        show = partial(
            create_app({"STATEMENT": path, "DEBUG": True}).test_client().get, "/"
        )
        for paragraphs, rounds in ((60, 15), (600, 5), (6_000, 3)):
            text = text_of(paragraphs)
            path.write_text(f"+++\n{FRONT_MATTER}+++\n{text}", "utf-8")
            assert len(read_statement(path).sections) == paragraphs / 5
            bare = partial(Markdown().convert, text)
            a, _, ratio = in_turn(
                partial(seconds, show), partial(seconds, bare), rounds
            )
            shown = f"{a / paragraphs * 1000:.2f} ms a paragraph"
            tell(
                f"{paragraphs:,} paragraphs, over bare Python-Markdown",
                ratio,
                "at most",
                2,
                shown,
            )
        for name, (keys, body) in HOSTILE.items():
            path.write_text(f"+++\n{FRONT_MATTER}{keys}+++\n{body}", "utf-8")
            tell(f"seconds for {name}", seconds(show), "at most", 2)


def in_a_browser() -> None:
    with (
        TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        path = Path(folder, "long.md")
        path.write_text(f"+++\n{FRONT_MATTER}+++\n{text_of(2_000)}", "utf-8")
        with served(path) as long:
            tell(
                "ms to select 2,000 paragraphs",
                selection_cost(browser.new_page(), long),
                "at most",
                50,
            )


def slow_connections() -> None:
    with serving() as server, ExitStack() as clients:
        for _ in range(500):
            client = clients.enter_context(
                socket.create_connection(("127.0.0.1", server.port))
            )
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        worst = max(seconds(partial(get, server.port)) for _ in range(50))
    tell(
        "seconds to an answer beside 500 slow connections",
        worst,
        "at most",
        1,
        "the worst of 50",
    )


if __name__ == "__main__":
    for measure in (rates, start_up, reading, in_a_browser, slow_connections):
        measure()
    sys.exit(1 if FAILED else 0)
