"""Three engines behind the same few gestures: Chromium by Playwright, Firefox and WebKit by the commands of WebDriver.

Firefox takes them over Marionette, its own protocol, in which a message is its length, a colon and JSON; Mozilla's
client for it cannot be imported by Python 3.13.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import pytest
from browser import SELECT
from playwright.sync_api import Browser, Page

PLAIN_HOST = "plain.test"  # leads to this machine, and is not its own name: its pages count as insecure ones
WIDTH, HEIGHT = 1280, 800
KEYS = {"Control": "\ue009", "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c"}


class Engine(Protocol):
    """What a reader does, and what a test asks: `script` is a JavaScript function, called with the arguments."""

    def open(self, address: str) -> None: ...
    def run(self, script: str, *arguments: Any) -> Any: ...
    def click(self, selector: str) -> None: ...
    def press(self, key: str) -> None: ...


class Chromium:
    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> None:
        self.page.goto("about:blank")
        self.page.goto(address)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.page.evaluate(f"(all) => ({script})(...all)", list(arguments))

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)


class Driven:
    """Firefox or WebKit; `send` takes a command of WebDriver by its name, with its parameters."""

    def __init__(self, send: Callable[[str, dict[str, Any]], Any]) -> None:
        self.send = send

    def open(self, address: str) -> None:
        self.send("Navigate", {"url": "about:blank"})
        self.send("Navigate", {"url": address})

    def run(self, script: str, *arguments: Any) -> Any:
        return self.send("ExecuteScript", {"script": f"return ({script})(...arguments)", "args": arguments})

    def click(self, selector: str) -> None:
        element = self.send("FindElement", {"using": "css selector", "value": selector})
        self.send("ElementClick", {"id": next(iter(element.values()))})

    def press(self, key: str) -> None:
        signs = [KEYS.get(name, name) for name in key.split("+")]
        down = [{"type": "keyDown", "value": sign} for sign in signs]
        up = [{"type": "keyUp", "value": sign} for sign in reversed(signs)]
        self.send("PerformActions", {"actions": [{"type": "key", "id": "keyboard", "actions": down + up}]})


def until(engine: Engine, script: str, *arguments: Any) -> Any:
    """Return what the script says as soon as it says something: browsers jump, copy and speak a moment later."""
    for _ in range(100):
        if found := engine.run(script, *arguments):
            return found
        time.sleep(0.05)
    return pytest.fail(f"it never came to {script} with {arguments}")


def select(engine: Engine, from_: str, start: str, to: str, end: str) -> None:
    """Select from the beginning of the words `start` to the end of the words `end`, and wait for the toolbar."""
    engine.run(SELECT, [from_, start, to, end])
    until(engine, "() => document.querySelector('.bar') !== null")


def said(engine: Engine, words: str) -> None:
    """Wait until the page says these words of what was done."""
    until(engine, "(words) => document.querySelector('.note').textContent.includes(words)", words)


def pasted(engine: Engine) -> str:
    """Return the plain text on the clipboard, as a reader gets it."""
    engine.run("() => { document.body.append(document.createElement('textarea')); document.body.lastChild.focus(); }")
    engine.press("Control+v")
    text = until(engine, "() => document.body.lastChild.value")
    engine.run("() => document.body.lastChild.remove()")
    return str(text)


@contextmanager
def chromium(browser: Browser) -> Iterator[Engine]:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, permissions=["clipboard-read", "clipboard-write"]
    )
    yield Chromium(context.new_page())
    context.close()


@contextmanager
def firefox() -> Iterator[Driven]:
    with ExitStack() as stack:
        profile, port = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)), free_port()
        prefs = {"marionette.port": port, "network.dns.localDomains": PLAIN_HOST}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items()]
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        run = [
            found("firefox-esr", "firefox-esr"),
            "--headless",
            "--marionette",
            "--remote-allow-system-access",
            "--no-remote",
            "--profile",
            profile,
        ]
        stack.enter_context(process(run))
        with connection(port) as stream:
            read_message(stream)  # its greeting

            def send(name: str, parameters: dict[str, Any]) -> Any:
                message = json.dumps([0, 1, name if ":" in name else f"WebDriver:{name}", parameters]).encode()
                stream.write(b"%d:%b" % (len(message), message))
                stream.flush()
                _, _, error, answer = read_message(stream)
                assert error is None, error
                return answer["value"] if isinstance(answer, dict) and set(answer) == {"value"} else answer

            send("NewSession", {})
            send("SetWindowRect", {"width": WIDTH, "height": HEIGHT + 85})
            yield Driven(send)


@contextmanager
def webkit() -> Iterator[Driven]:
    with ExitStack() as stack:
        read, write = os.pipe()
        screen = [found("Xvfb", "xvfb"), "-displayfd", str(write), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
        stack.enter_context(process(screen, pass_fds=[write]))
        os.close(write)
        with os.fdopen(read) as display:
            environment = {**os.environ, "DISPLAY": f":{display.readline().strip()}", "GDK_BACKEND": "x11"}
        port = free_port()
        stack.enter_context(process([found("WebKitWebDriver", "webkit2gtk-driver"), f"--port={port}"], env=environment))
        with connection(port):
            session = f"http://127.0.0.1:{port}/session"
        paths = {
            "Navigate": "url",
            "ExecuteScript": "execute/sync",
            "FindElement": "element",
            "ElementClick": "element/{id}/click",
            "PerformActions": "actions",
            "SetWindowRect": "window/rect",
        }

        def send(name: str, parameters: dict[str, Any]) -> Any:
            address = f"{session}/{paths[name].format(**parameters)}" if name in paths else session
            try:
                with urllib.request.urlopen(address, json.dumps(parameters).encode(), timeout=30) as answer:
                    return json.load(answer)["value"]
            except urllib.error.HTTPError as error:
                raise AssertionError(error.read().decode()) from None

        session += "/" + send("NewSession", {"capabilities": {}})["sessionId"]
        send("SetWindowRect", {"width": WIDTH, "height": HEIGHT + 38})
        yield Driven(send)


def read_message(stream: Any) -> Any:
    length = b"".join(iter(lambda: stream.read(1), b":"))
    return json.loads(stream.read(int(length)))


def found(name: str, package: str) -> str:
    """Return where a program is; skip, or fail in CI, where it is missing."""
    path = shutil.which(name)
    if not path:
        advice = f"no {name} here: install the system's package {package}"
        pytest.fail(advice) if os.environ.get("CI") else pytest.skip(advice)
    return str(path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(arguments: list[str], **options: Any) -> Iterator[None]:
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options) as running:
        try:
            yield
        finally:
            running.terminate()


@contextmanager
def connection(port: int) -> Iterator[Any]:
    """Connect as soon as something listens there."""
    for attempt in range(400):
        try:
            connected = socket.create_connection(("127.0.0.1", port), timeout=30)
            break
        except OSError:
            assert attempt < 399, f"nothing listens at port {port}"
            time.sleep(0.05)
    with connected, connected.makefile("rwb") as stream:
        yield stream
