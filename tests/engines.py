"""Chromium, Firefox and WebKit, with the same few gestures.

Playwright drives Chromium. Firefox and WebKit take the commands of WebDriver:
WebKit over HTTP, and Firefox over Marionette, its own protocol, in which a message
is its length, a colon and JSON.
"""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from browser import CLIPBOARD, PLAIN_HOST, SELECT, give_up
from playwright.sync_api import Browser, Page
from servers import TIMEOUT, UnavailableError, find_program, free_port, run_server

WIDTH = 1280  # of the window, with the frame of the program
HEIGHT = 880
KEYS = {"Control": "\ue009", "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c"}

LOADED = """() => (
  location.href !== 'about:blank' && document.readyState === 'complete'
)"""

# The paths of WebDriver's commands.
PATHS = {
    "Navigate": "url",
    "ExecuteScript": "execute/sync",
    "FindElement": "element",
    "ElementClick": "element/{id}/click",
    "PerformActions": "actions",
    "SetWindowRect": "window/rect",
}


class Engine(Protocol):
    """A browser with an open page."""

    def open(self, address: str) -> None:
        """Load a page anew."""

    def run(self, script: str, *arguments: Any) -> Any:
        """Call a JavaScript function and return its result."""

    def click(self, selector: str) -> None:
        """Click the first such element."""

    def press(self, key: str) -> None:
        """Press a key, or keys such as "Control+v"."""


class Chromium:
    """Chromium, driven by Playwright."""

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


class Connection(Protocol):
    """A connection to a browser that takes the commands of WebDriver."""

    def send(self, command: str, parameters: dict[str, Any]) -> Any:
        """Send a command and return its value."""


class Driven:
    """Firefox or WebKit, driven by the commands of WebDriver."""

    def __init__(self, connection: Connection) -> None:
        self.send = connection.send
        self.send("NewSession", {"capabilities": {}})
        self.send("SetWindowRect", {"width": WIDTH, "height": HEIGHT})

    def open(self, address: str) -> None:
        self.send("Navigate", {"url": "about:blank"})
        self.send("Navigate", {"url": address})
        wait_until(self, LOADED)  # WebKit may return before the page's script has run

    def run(self, script: str, *arguments: Any) -> Any:
        call = f"return ({script})(...arguments)"
        return self.send("ExecuteScript", {"script": call, "args": arguments})

    def click(self, selector: str) -> None:
        element = self.send("FindElement", {"using": "css selector", "value": selector})
        (element_id,) = element.values()
        self.send("ElementClick", {"id": element_id})

    def press(self, key: str) -> None:
        values = [KEYS.get(name, name) for name in key.split("+")]
        actions = [{"type": "keyDown", "value": value} for value in values]
        for value in reversed(values):
            actions.append({"type": "keyUp", "value": value})
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self.send("PerformActions", {"actions": [keyboard]})


def wait_until(engine: Engine, script: str, *arguments: Any) -> Any:
    """Return the first true result of the script, or fail without one."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        result = engine.run(script, *arguments)
        if result:
            return result
        time.sleep(0.05)
    return pytest.fail(f"no result from {script} with {arguments}")


def select(engine: Engine, from_: str, start: str, to: str, end: str) -> None:
    """Select from some words to others, and wait for the buttons."""
    engine.run(SELECT, [from_, start, to, end])
    wait_until(engine, "() => document.querySelector('.bar') !== null")


def wait_for_note(engine: Engine, text: str) -> None:
    """Wait until the note holds this text."""
    script = "(text) => document.querySelector('.note').textContent.includes(text)"
    wait_until(engine, script, text)


def wait_for_focus(engine: Engine, name: str) -> None:
    """Wait until the element with this label or text has the focus."""
    script = """(name) => {
      const { ariaLabel, textContent } = document.activeElement;
      return (ariaLabel || textContent.trim()) === name;
    }"""
    wait_until(engine, script, name)


def paste(engine: Engine) -> str:
    """Return the plain text on the clipboard, pasted with the keyboard."""
    engine.run("""() => {
      const textarea = document.createElement("textarea");
      document.body.append(textarea);
      textarea.focus();
    }""")
    engine.press("Control+v")
    text = wait_until(engine, "() => document.body.lastChild.value")
    engine.run("() => document.body.lastChild.remove()")
    return str(text)


def copy_by_hand(engine: Engine) -> str:
    """Copy the selection with the keyboard; return the text."""
    engine.press("Control+c")
    return paste(engine)


# Starting the engines


def program(name: str, package: str) -> str:
    """Return the path of a program; give up if it is missing."""
    try:
        return find_program(name, package)
    except UnavailableError as error:
        give_up(str(error))


@contextmanager
def chromium(browser: Browser) -> Iterator[Engine]:
    with browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        permissions=CLIPBOARD,
    ) as context:
        yield Chromium(context.new_page())


class FirefoxConnection:
    """A connection to Firefox, over Marionette."""

    def __init__(self, connection: socket.socket) -> None:
        self.stream = connection.makefile("rwb")
        self.read()  # the greeting

    def send(self, command: str, parameters: dict[str, Any]) -> Any:
        if ":" not in command:
            command = f"WebDriver:{command}"
        message = json.dumps([0, 1, command, parameters]).encode()
        self.stream.write(b"%d:%b" % (len(message), message))
        self.stream.flush()
        _, _, error, result = self.read()
        assert error is None, error
        if set(result) == {"value"}:
            return result["value"]
        return result

    def read(self) -> Any:
        """Return the next message."""
        length = b""
        while not length.endswith(b":"):
            length += self.stream.read(1)
        return json.loads(self.stream.read(int(length[:-1])))


@contextmanager
def firefox() -> Iterator[Driven]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        port = free_port()
        preferences = (
            f'user_pref("marionette.port", {port});\n'
            f'user_pref("network.dns.localDomains", "{PLAIN_HOST}");\n'
        )
        Path(profile, "user.js").write_text(preferences, encoding="utf-8")
        command = [
            program("firefox-esr", "firefox-esr"),
            "--headless",
            "--marionette",
            "--remote-allow-system-access",
            "--no-remote",
            "--profile",
            profile,
        ]
        address = ("127.0.0.1", port)
        with (
            run_server(command, port),
            socket.create_connection(address, TIMEOUT) as connection,
        ):
            yield Driven(FirefoxConnection(connection))


class WebKitConnection:
    """A connection to WebKitWebDriver, over HTTP."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/session"

    def send(self, command: str, parameters: dict[str, Any]) -> Any:
        address = self.address
        if command != "NewSession":
            address += "/" + PATHS[command].format(**parameters)
        body = json.dumps(parameters).encode()
        try:
            with urlopen(address, body, timeout=TIMEOUT) as response:
                value = json.load(response)["value"]
        except HTTPError as error:
            raise AssertionError(error.read().decode()) from None
        if command == "NewSession":
            self.address += "/" + value["sessionId"]
        return value


@contextmanager
def webkit() -> Iterator[Driven]:
    port = free_port()
    command = [
        program("xvfb-run", "xvfb xauth"),
        "-a",
        program("WebKitWebDriver", "webkit2gtk-driver"),
        f"--port={port}",
    ]
    with run_server(command, port, GDK_BACKEND="x11"):
        yield Driven(WebKitConnection(port))
