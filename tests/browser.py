"""Serve a statement and open it in Chromium.

Run as a program, it takes the picture of the page in README, with the fonts of
Debian's package fonts-liberation.
"""

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

CLIPBOARD = ["clipboard-read", "clipboard-write"]  # permissions
PICTURE = Path(__file__).parent.parent / ".picture" / "page.png"
# A name of this machine that browsers do not regard as secure.
PLAIN_HOST = "plain.test"
CHROMIUM_NAMES = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
]
CHROMIUM_HINT = (
    "no Chromium found: install the package chromium,"
    " or run .venv/bin/playwright install chromium"
)
# Only the page under test uses the network.
CHROMIUM_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
]
if os.geteuid() == 0:  # the sandbox cannot start as root, as in a container
    CHROMIUM_OPTIONS.append("--no-sandbox")


@contextmanager
def serve_in_thread(
    statement: Path | None = None,
    site_url: str | None = None,
    requested: list[str] | None = None,
) -> Iterator[str]:
    """Serve a statement, by default the project's own, and yield its address.

    The paths of all requests are added to `requested`.
    """
    app = create_app({"STATEMENT": statement, "SITE_URL": site_url})

    def recorder(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if requested is not None:
            requested.append(environ["PATH_INFO"])
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, recorder, threaded=True)
    poll_interval = 0.02  # seconds until it notices that it is to stop
    thread = Thread(target=server.serve_forever, args=[poll_interval])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def give_up(advice: str) -> NoReturn:
    """Skip the test, or fail in CI, and show how to get the missing program."""
    if os.environ.get("CI"):
        pytest.fail(advice)
    pytest.skip(advice)


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium or Playwright's; give up if there is none."""
    executable = playwright.chromium.executable_path
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            executable = found
            break
    if not Path(executable).exists():
        give_up(CHROMIUM_HINT)
    return playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)


def reset(page: Page) -> None:
    """Leave the page, and undo the changes that outlast it."""
    page.goto("about:blank")
    page.unroute_all()
    page.emulate_media(media="null", color_scheme="null", forced_colors="null")


def visit(page: Page, address: str) -> None:
    """Open an address, and wait until the page has scrolled to its fragment.

    It scrolls when it is drawn, and before that it does not notice the mouse.
    """
    page.goto(address)
    page.mouse.move(0, 0)


# Selects from the start of some words in one element to the end of others in another.
# Buttons that belong to an earlier selection are removed.
SELECT = """([from, start, to, end]) => {
  document.querySelector(".bar")?.remove();
  const find = (selector, words) => {
    const element = document.querySelector(selector);
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const offset = nodes.currentNode.data.indexOf(words);
      if (offset >= 0) return [nodes.currentNode, offset];
    }
    throw new Error(`${words} is not in ${selector}`);
  };
  const [startNode, startOffset] = find(from, start);
  const [endNode, endOffset] = find(to, end);
  getSelection().removeAllRanges();
  getSelection().setBaseAndExtent(
    startNode, startOffset, endNode, endOffset + end.length);
}"""


def select(page: Page, from_: str, start: str, to: str, end: str) -> None:
    """Select from some words to others, and wait for the buttons."""
    page.evaluate(SELECT, [from_, start, to, end])
    page.locator(".bar").wait_for()


def box(page: Page, selector: str) -> dict[str, float]:
    """Return the rectangle of the first such element in the window, in pixels."""
    script = "(element) => element.getBoundingClientRect().toJSON()"
    rect: dict[str, float] = page.locator(selector).first.evaluate(script)
    return rect


def copy_before(page: Page) -> None:
    """Replace the content of the clipboard, which an earlier test may have copied."""
    page.evaluate("navigator.clipboard.writeText('before')")


def wait_for_clipboard(page: Page) -> str:
    """Return the content of the clipboard after `copy_before` and a new copy."""
    script = "async () => await navigator.clipboard.readText() !== 'before'"
    page.wait_for_function(script)
    return clipboard(page)


def add_style(page: Page, style: str) -> None:
    """Add a style sheet, which the policy of the page allows to a script."""
    script = """(style) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets = [sheet];
    }"""
    page.evaluate(script, style)


def clipboard(page: Page, media_type: str = "text/plain") -> str:
    """Return the content of the clipboard."""
    script = """async (type) => {
      const [item] = await navigator.clipboard.read();
      const blob = await item.getType(type);
      return blob.text();
    }"""
    return str(page.evaluate(script, media_type))


def violations(page: Page) -> list[str]:
    """Return the violations that axe-core finds, also of its AAA contrast rule."""
    rules = {
        "color-contrast-enhanced": {"enabled": True},
        "target-size": {"enabled": True},
    }
    results = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
    found = []
    for violation in results.response["violations"]:
        targets = [node["target"] for node in violation["nodes"]]
        found.append(f"{violation['id']}: {targets}")
    return found


def violations_in_both_schemes(page: Page) -> list[str]:
    """Return the violations in light and in dark colours."""
    light = violations(page)
    page.emulate_media(color_scheme="dark")
    dark = violations(page)
    page.emulate_media(color_scheme="light")
    return light + dark


# Measures the work for a selection, which the page puts off for 250 ms.
MEASURE = """() => {
  const setTimer = window.setTimeout;
  window.setTimeout = (work, delay) => setTimer(() => {
    const start = performance.now();
    work();
    if (delay === 250) window.cost = performance.now() - start;
  }, delay);
}"""


def selection_cost(page: Page, address: str) -> float:
    """Return how long the page works when everything is selected, in ms."""
    page.add_init_script(f"({MEASURE})()")
    page.goto(address)
    page.keyboard.press("ControlOrMeta+A")
    page.wait_for_selector(".bar")
    return float(page.evaluate("window.cost"))


PICTURE_STYLE = """:root {
  --reading: "Liberation Serif";
  --interface: "Liberation Sans";
}"""


def take_picture(path: Path) -> None:
    """Take the picture of the page, with some of its words selected."""
    with sync_playwright() as playwright, serve_in_thread() as address:
        browser = launch(playwright)
        page = browser.new_page(
            viewport={"width": 1280, "height": 620}, device_scale_factor=0.55
        )
        page.goto(address)
        add_style(page, PICTURE_STYLE)
        select(page, "#p1", "Developing the agreements", "#p1", "presidents")
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    take_picture(PICTURE)
