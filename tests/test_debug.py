import os
import shutil
from pathlib import Path

import pytest
from conftest import MakeApp
from served_page import read_page
from site_files import assert_secure, hashes_of, pages, parse_policy

from app import ROOT, STATEMENT


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    later = (
        path.stat().st_mtime_ns + 10**9
    )  # clocks of file systems tick slower than tests run
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(later, later))


@pages
def test_a_broken_edit_shows_its_error_line_under_debug_and_heals(
    make_app: MakeApp, tmp_path: Path, address: str
) -> None:
    file = Path(shutil.copy(STATEMENT, tmp_path))
    client = make_app(STATEMENT=file, DEBUG=True).test_client()
    before = client.get(address)
    edit(file, "## The meeting {#meeting}", "## The meeting")
    response = client.get(address)
    line = file.read_text("utf-8").splitlines().index("## The meeting") + 1
    assert (response.status_code, response.headers["Content-Type"]) == (
        500,
        "text/plain; charset=utf-8",
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert response.text.startswith(f"{file}:{line}: “## The meeting” ")
    assert_secure(response)
    edit(file, "## The meeting", "## The meeting {#meeting}")
    assert (client.get(address).status_code, client.get(address).data) == (
        before.status_code,
        before.data,
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "address"),
    [
        ("content/statement.md", "very useful", "exceedingly useful", "/"),
        ("static/style.css", "margin: 0", "margin:0.123em", "/"),
        ("static/script.js", "document", "window.document", "/"),
        ("templates/materials.html", "Additional materials", "Further materials", "/"),
        (
            "templates/error.html",
            "Read the statement",
            "Read these words",
            "/no-such-page",
        ),
    ],
)
def test_an_edit_shows_at_the_next_request_under_debug_alone(
    make_app: MakeApp,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    file: str,
    old: str,
    new: str,
    address: str,
) -> None:
    for name in ("content", "static", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setattr("app.ROOT", tmp_path)
    monkeypatch.setattr("app.STATEMENT", tmp_path / "content" / "statement.md")
    readers = [make_app(DEBUG=debug).test_client() for debug in (False, True)]
    before = [reader.get(address).text for reader in readers]
    edit(tmp_path / file, old, new)
    ready, debugged = (reader.get(address) for reader in readers)
    assert [new in text for text in (*before, ready.text, debugged.text)] == [
        False,
        False,
        False,
        True,
    ]
    policy, page = (
        parse_policy(debugged.headers["Content-Security-Policy"]),
        read_page(debugged.text),
    )
    assert {*hashes_of(page.styles), *hashes_of(page.scripts)} <= {
        *policy["style-src"],
        *policy["script-src"],
    }
