"""What the browser tests share: a served statement, and a Chromium to read it in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NoReturn

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from app import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OpenPage = Callable[..., Page]

PLAIN_HOST = "plain.test"  # leads to this machine, and is not its own name: its pages count as insecure ones
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing but the page under test uses the network; the sandbox cannot start as root, as in a container.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


@contextmanager
def served(
    statement: Path | None = None,
    site_url: str | None = None,
    requested: list[str] | None = None,
) -> Iterator[str]:
    """Serve a statement, the project's own by default; give the page's address, and keep in `asked` what is asked."""
    app = create_app({"STATEMENT": statement, "SITE_URL": site_url})

    def recorded(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if requested is not None:
            requested.append(environ["PATH_INFO"])
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, recorded, threaded=True)
    thread = Thread(
        target=server.serve_forever, args=[0.02]
    )  # in seconds, how soon it sees that it shall end
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def give_up(advice: str) -> NoReturn:
    """Skip the test, or in CI fail, and say how to get what is missing."""
    if os.environ.get("CI"):
        pytest.fail(advice)
    pytest.skip(advice)


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium, or the one that Playwright brought; skip, or fail in CI, where there is none."""
    executable = next(
        filter(None, map(shutil.which, CHROMIUM)), playwright.chromium.executable_path
    )
    if not Path(executable).exists():
        advice = "no Chromium here: install the system's package chromium, or run .venv/bin/playwright install chromium"
        give_up(advice)
    return playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)


# Selects from the words `start` in one element to the words `end` in another, as dragging over them does.
SELECT = """([from, start, to, end]) => {
  const point = (selector, words, after) => {
    const element = document.querySelector(selector);
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const at = nodes.currentNode.data.indexOf(words);
      if (at >= 0) return [nodes.currentNode, at + (after ? words.length : 0)];
    }
    throw new Error(`${selector} does not hold ${words}`);
  };
  getSelection().removeAllRanges();
  getSelection().setBaseAndExtent(...point(from, start, false), ...point(to, end, true));
}"""


def select(page: Page, from_: str, start: str, to: str, end: str) -> None:
    """Select from the beginning of the words `start` to the end of the words `end`, and wait for the toolbar."""
    page.evaluate(SELECT, [from_, start, to, end])
    page.locator(".bar").wait_for()


def box(page: Page, selector: str) -> dict[str, float]:
    """Return where the first such element stands in the window."""
    found: dict[str, float] = page.locator(selector).first.evaluate(
        "(e) => e.getBoundingClientRect().toJSON()"
    )
    return found


def clipboard(page: Page, media_type: str = "text/plain") -> str:
    """Return what is on the clipboard."""
    script = "type => navigator.clipboard.read().then(([item]) => item.getType(type)).then((blob) => blob.text())"
    return str(page.evaluate(script, media_type))


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page, its AAA contrast rule included."""
    rules = {
        "color-contrast-enhanced": {"enabled": True},
        "target-size": {"enabled": True},
    }
    results = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
    return [
        f"{found['id']}: {[node['target'] for node in found['nodes']]}"
        for found in results.response["violations"]
    ]


def violations_in_both_schemes(page: Page) -> list[str]:
    light = violations(page)
    page.emulate_media(color_scheme="dark")
    dark = violations(page)
    page.emulate_media(color_scheme="light")
    return light + dark


# Times what the page does for a selection, which it puts off with a timer of 250 ms.
TIMED = """() => {
  const later = setTimeout;
  window.setTimeout = (work, delay) => later(() => {
    const start = performance.now();
    work();
    if (delay === 250) window.cost = performance.now() - start;
  }, delay);
}"""


def selection_cost(page: Page, address: str) -> float:
    """Return how long the page at `address` works, in ms, when everything in it is selected."""
    page.add_init_script(f"({TIMED})()")
    page.goto(address)
    page.keyboard.press("ControlOrMeta+A")
    page.wait_for_selector(".bar")
    return float(page.evaluate("window.cost"))


def picture(path: Path) -> None:
    """Take the picture of the page that README shows, with some of its words selected."""
    with sync_playwright() as playwright, served() as address:
        browser = launch(playwright)
        page = browser.new_page(
            viewport={"width": 1280, "height": 620}, device_scale_factor=0.55
        )
        page.goto(address)
        select(page, "#p1", "Developing the agreements", "#p1", "presidents")
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    picture(Path(__file__).parent.parent / ".picture" / "page.png")
