"""Three engines behind the same few gestures: Chromium by Playwright, Firefox and WebKit by the commands of WebDriver.

Firefox takes them over Marionette, its own protocol, in which a message is its length, a colon and JSON; Mozilla's
client for it cannot be imported by Python 3.13.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from browser import PLAIN_HOST, SELECT, give_up
from playwright.sync_api import Browser, Page
from servers import PATIENCE, UnavailableError, free_port, running, tool

WIDTH, HEIGHT = 1280, 880  # of the window, with what the program draws around the page
KEYS = {"Control": "\ue009", "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c"}


PATHS = {  # of WebDriver's commands, below that of the session
    "Navigate": "url",
    "ExecuteScript": "execute/sync",
    "FindElement": "element",
    "ElementClick": "element/{id}/click",
    "PerformActions": "actions",
    "SetWindowRect": "window/rect",
}


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
        send("NewSession", {"capabilities": {}})
        send("SetWindowRect", {"width": WIDTH, "height": HEIGHT})

    def open(self, address: str) -> None:
        self.send("Navigate", {"url": "about:blank"})
        self.send("Navigate", {"url": address})

    def run(self, script: str, *arguments: Any) -> Any:
        return self.send(
            "ExecuteScript",
            {"script": f"return ({script})(...arguments)", "args": arguments},
        )

    def click(self, selector: str) -> None:
        element = self.send("FindElement", {"using": "css selector", "value": selector})
        self.send("ElementClick", {"id": next(iter(element.values()))})

    def press(self, key: str) -> None:
        signs = [KEYS.get(name, name) for name in key.split("+")]
        down = [{"type": "keyDown", "value": sign} for sign in signs]
        up = [{"type": "keyUp", "value": sign} for sign in reversed(signs)]
        self.send(
            "PerformActions",
            {"actions": [{"type": "key", "id": "keyboard", "actions": down + up}]},
        )


Engine = (
    Chromium | Driven
)  # what a reader does; `script` is a JavaScript function, called with the arguments


def wait_until(engine: Engine, script: str, *arguments: Any) -> Any:
    """Return the first true result of the script; fail after five seconds."""
    for _ in range(100):
        result = engine.run(script, *arguments)
        if result:
            return result
        time.sleep(0.05)
    return pytest.fail(f"no result from {script} with {arguments}")


def select(engine: Engine, from_: str, start: str, to: str, end: str) -> None:
    """Select from the start of some words to the end of others; wait for the buttons."""
    engine.run(SELECT, [from_, start, to, end])
    wait_until(engine, "() => document.querySelector('.bar') !== null")


def wait_for_note(engine: Engine, text: str) -> None:
    """Wait until the note holds this text."""
    script = "(text) => document.querySelector('.note').textContent.includes(text)"
    wait_until(engine, script, text)


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


@contextmanager
def chromium(browser: Browser) -> Iterator[Engine]:
    permissions = ["clipboard-read", "clipboard-write"]
    with browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, permissions=permissions
    ) as context:
        yield Chromium(context.new_page())


@contextmanager
def firefox() -> Iterator[Driven]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        port = free_port()
        prefs = f'user_pref("marionette.port", {port});\nuser_pref("network.dns.localDomains", "{PLAIN_HOST}");\n'
        Path(profile, "user.js").write_text(prefs, encoding="utf-8")
        options = [
            "--headless",
            "--marionette",
            "--remote-allow-system-access",
            "--no-remote",
            "--profile",
            profile,
        ]
        command = [program("firefox-esr", "firefox-esr"), *options]
        with (
            running(command, port),
            socket.create_connection(("127.0.0.1", port), PATIENCE) as connection,
        ):
            stream = connection.makefile("rwb")
            read_message(stream)  # its greeting
            yield Driven(partial(send_to_firefox, stream))


def send_to_firefox(stream: Any, name: str, parameters: dict[str, Any]) -> Any:
    message = json.dumps(
        [0, 1, name if ":" in name else f"WebDriver:{name}", parameters]
    ).encode()
    stream.write(b"%d:%b" % (len(message), message))
    stream.flush()
    _, _, error, answer = read_message(stream)
    assert error is None, error
    return answer["value"] if set(answer) == {"value"} else answer


def read_message(stream: Any) -> Any:
    length = b"".join(iter(lambda: stream.read(1), b":"))
    return json.loads(stream.read(int(length)))


@contextmanager
def webkit() -> Iterator[Driven]:
    driver, port = program("WebKitWebDriver", "webkit2gtk-driver"), free_port()
    with running(
        [program("xvfb-run", "xvfb xauth"), "-a", driver, f"--port={port}"],
        port,
        GDK_BACKEND="x11",
    ):
        yield Driven(partial(send_to_webkit, f"http://127.0.0.1:{port}/session", {}))


def send_to_webkit(
    address: str, session: dict[str, str], name: str, parameters: dict[str, Any]
) -> Any:
    path = (
        f"{address}/{session['sessionId']}/{PATHS[name].format(**parameters)}"
        if session
        else address
    )
    try:
        with urlopen(path, json.dumps(parameters).encode(), timeout=PATIENCE) as answer:
            value = json.load(answer)["value"]
    except HTTPError as error:
        raise AssertionError(error.read().decode()) from None
    if name == "NewSession":
        session.update(value)
    return value


def program(name: str, package: str) -> str:
    """Return where a program is; skip, or fail in CI, where it is missing."""
    try:
        return tool(name, package)
    except UnavailableError as missing:
        give_up(str(missing))
