"""The app under --debug, which shows edits at the next request."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import MakeApp
from served_page import read_page
from site_files import assert_secure, hashes_of, pages, parse_policy

from app import ROOT, STATEMENT


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, and make the file a second newer.

    The clock of a file system can be coarser than the time between two edits.
    """
    text = path.read_text("utf-8")
    assert old in text
    modified = path.stat().st_mtime_ns + 10**9
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(modified, modified))


@pages
def test_a_broken_edit_shows_its_error_until_it_is_corrected(
    make_app: MakeApp, tmp_path: Path, address: str
) -> None:
    file = Path(shutil.copy(STATEMENT, tmp_path))
    client = make_app(STATEMENT=file, DEBUG=True).test_client()
    before = client.get(address)
    edit(file, "## The meeting {#meeting}", "## The meeting")
    response = client.get(address)
    line = file.read_text("utf-8").splitlines().index("## The meeting") + 1
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.text.startswith(f"{file}:{line}: “## The meeting”")
    assert_secure(response)
    edit(file, "## The meeting", "## The meeting {#meeting}")
    after = client.get(address)
    assert (after.status_code, after.data) == (before.status_code, before.data)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the files that the app reads, which it then uses."""
    for name in ("content", "static", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setattr("app.ROOT", tmp_path)
    monkeypatch.setattr("app.STATEMENT", tmp_path / "content" / "statement.md")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "address"),
    [
        ("content/statement.md", "very useful", "exceedingly useful", "/"),
        ("static/style.css", "margin: 0", "margin: 0.123em", "/"),
        ("static/script.js", "document", "window.document", "/"),
        ("templates/materials.html", "Additional", "Further", "/"),
        ("templates/error.html", "Read the", "Back to the", "/no-such-page"),
        ("static/style.css", "margin: 0", "margin: 0.123em", "/no-such-page"),
    ],
)
def test_only_under_debug_an_edit_shows_at_the_next_request(
    make_app: MakeApp, checkout: Path, file: str, old: str, new: str, address: str
) -> None:
    client = make_app().test_client()
    debug_client = make_app(DEBUG=True).test_client()
    assert new not in client.get(address).text
    assert new not in debug_client.get(address).text
    edit(checkout / file, old, new)
    assert new not in client.get(address).text
    response = debug_client.get(address)
    assert new in response.text
    page = read_page(response.text)
    policy = parse_policy(response.headers["Content-Security-Policy"])
    assert policy["style-src"] == hashes_of(page.styles)
    assert set(hashes_of(page.scripts)) <= set(policy["script-src"])
