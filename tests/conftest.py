import gc
import os
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, assert_never

import pytest
from browser import CLIPBOARD, OpenPage, launch, reset, serve_in_thread, visit
from editable_site import EditableSite
from flask import Flask
from flask.templating import Environment
from flask.testing import FlaskClient
from golden_files import compare_with_golden, write_golden
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, Page, sync_playwright
from servers import export

from app import STATEMENT, create_app
from app.errors import ContentError
from app.reading.reader import read_statement
from app.statement import Block, BlockQuote, ItemList, Paragraph, Part, Statement

Read = Callable[..., Statement]
Refusal = Callable[..., str]
CheckGolden = Callable[[str, str], None]
OpenStatement = Callable[..., FlaskClient]
MakeApp = Callable[..., Flask]  # takes settings without their prefix FLASK_

# With the +++ around it these are six lines, so that the title is on line 7.
FRONT_MATTER = """\
published = 2018-12-29
speaker = { family = "Lavrov" }
publisher = "Ministry"
language = "en-GB"
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the files in tests/golden/ instead of comparing them",
    )


def pytest_configure() -> None:
    # It takes a tenth of the time of most tests.
    gc.set_threshold(50_000, 20, 20)
    # A busy machine is no reason for a property to fail.
    settings.register_profile(
        "tests", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("tests")


@pytest.fixture(scope="session")
def check_golden(pytestconfig: pytest.Config) -> CheckGolden:
    """Return a function that compares a text with the golden file of a name.

    With --update-golden, it writes the file instead.
    """
    if pytestconfig.getoption("update_golden"):
        return write_golden
    return compare_with_golden


@pytest.fixture(scope="session")
def write_statement(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that writes a statement to a new file and returns its path.

    The files of all tests are in one folder: a folder for each test takes as much
    time as most of these tests.
    """
    folder = tmp_path_factory.mktemp("statements")
    numbers = count(1)

    def write(
        body: str = "# Title\n\nText.\n", front_matter: str = FRONT_MATTER
    ) -> Path:
        path = folder / f"{next(numbers)}-statement.md"
        path.write_bytes(f"+++\n{front_matter}+++\n{body}".encode())
        return path

    return write


@pytest.fixture(scope="session")
def read(write_statement: Callable[..., Path]) -> Read:
    """Return a function that reads a text, with more keys of the front matter."""

    def read_text(text: str, keys: str = "", required: str = FRONT_MATTER) -> Statement:
        front_matter = required
        if keys:
            front_matter += f"{keys.rstrip()}\n"
        return read_statement(write_statement(f"# Title\n\n{text}\n", front_matter))

    return read_text


@pytest.fixture(scope="session")
def refusal(read: Read) -> Refusal:
    """Return a function that returns the error message for a text, without the path."""

    def refuse(*arguments: str) -> str:
        with pytest.raises(ContentError) as error:
            read(*arguments)
        return re.sub(r"(?m)^/.*?statement\.md:", "", error.value.message)

    return refuse


def parts_of(blocks: tuple[Block, ...]) -> Iterator[Part]:
    """Yield the paragraphs and the items in the blocks, in order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, BlockQuote):
            yield from parts_of(block.blocks)
        elif isinstance(block, ItemList):
            for item in block.items:
                yield item
                if item.nested:
                    yield from parts_of((item.nested,))
        else:
            assert_never(block)


@pytest.fixture
def edited_statement(tmp_path: Path) -> Path:
    text = STATEMENT.read_text(encoding="utf-8")
    assert "## The meeting {#meeting}" in text
    path = tmp_path / "edited.md"
    path.write_text(
        text.replace("## The meeting {", "## Of the meeting {"), encoding="utf-8"
    )
    return path


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_this_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name in list(os.environ):
            if name.startswith("FLASK_"):
                environment.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Share the compiled templates among all apps, which then start faster."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    create = Flask.create_jinja_environment

    def create_with_cache(app: Flask) -> Environment:
        environment = create(app)
        environment.bytecode_cache = cache
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "create_jinja_environment", create_with_cache)
        yield


@pytest.fixture
def make_app() -> MakeApp:
    def make(**settings: str) -> Flask:
        return create_app(settings)

    return make


@pytest.fixture
def open_statement(
    make_app: MakeApp, write_statement: Callable[..., Path]
) -> OpenStatement:
    def open_(
        body: str = "# Title\n\nText.\n",
        front_matter: str = FRONT_MATTER,
        **settings: str,
    ) -> FlaskClient:
        path = write_statement(body, front_matter)
        return make_app(STATEMENT=str(path), **settings).test_client()

    return open_


@pytest.fixture
def edited_app(make_app: MakeApp, edited_statement: Path) -> Flask:
    return make_app(STATEMENT=str(edited_statement))


@pytest.fixture(scope="session")
def app() -> Flask:
    return create_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> EditableSite:
    """Return a site whose statement a test can replace."""
    return EditableSite(tmp_path_factory.mktemp("content") / "statement.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "folder"


@pytest.fixture
def exported(app: Flask, folder: Path) -> Path:
    assert export(app, folder).exit_code == 0
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_address() -> Iterator[str]:
    with serve_in_thread() as site_address:
        yield site_address


@pytest.fixture(scope="session")
def tabs() -> dict[str, Page]:
    """Return the tabs that `open_page` has opened, by the options of their contexts."""
    return {}


@pytest.fixture
def open_page(browser: Browser, site_address: str, tabs: dict[str, Page]) -> OpenPage:
    """Return a function that opens a page, in one tab for all tests.

    A tab takes more time than most tests. Options are those of a browser context,
    and tests with the same options share a tab.
    """

    def open_(
        fragment: str = "",
        width: int = 1280,
        height: int = 700,
        address: str = site_address,
        **options: Any,
    ) -> Page:
        name = repr(options)
        if name not in tabs:
            context = browser.new_context(permissions=CLIPBOARD, **options)
            context.set_default_timeout(15_000)
            tabs[name] = context.new_page()
        page = tabs[name]
        reset(page)
        page.set_viewport_size({"width": width, "height": height})
        visit(page, address + fragment)
        return page

    return open_
