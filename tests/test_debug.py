import os
import shutil
from pathlib import Path

import pytest
from conftest import MakeApp
from flask.testing import FlaskClient
from security import hash_of, parse_policy
from served_page import read_page

from app import STATEMENT
from app.site.build import ROOT


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    later = path.stat().st_mtime_ns + 10**9  # clocks of file systems tick slower than tests run
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(later, later))


@pytest.fixture
def statement_file(tmp_path: Path) -> Path:
    return Path(shutil.copy(STATEMENT, tmp_path / "statement.md"))


@pytest.fixture
def debugged(make_app: MakeApp, statement_file: Path) -> FlaskClient:
    return make_app(STATEMENT=str(statement_file), DEBUG="1").test_client()


def break_title(path: Path) -> None:
    edit(path, "## The meeting {#meeting}", "# A second title")


def mend_title(path: Path) -> None:
    edit(path, "# A second title", "## The meeting {#meeting}")


def test_an_edit_shows_at_the_next_request_under_debug(debugged: FlaskClient, statement_file: Path) -> None:
    before = debugged.get("/")
    edit(statement_file, "very useful", "exceedingly useful")
    after = debugged.get("/")
    assert ("exceedingly useful" in before.text, "exceedingly useful" in after.text) == (False, True)
    assert before.headers["ETag"] != after.headers["ETag"]
    assert debugged.get("/statement.md").data == statement_file.read_bytes()


def test_an_edit_does_not_show_without_debug(make_app: MakeApp, statement_file: Path) -> None:
    client = make_app(STATEMENT=str(statement_file)).test_client()
    before = client.get("/").data
    break_title(statement_file)
    assert (client.get("/").status_code, client.get("/").data) == (200, before)


@pytest.mark.parametrize(
    ("method", "address"), [("GET", "/"), ("GET", "/statement.md"), ("GET", "/no-such-page"), ("POST", "/")]
)
def test_a_broken_edit_shows_its_error_line_under_debug(
    debugged: FlaskClient, statement_file: Path, method: str, address: str
) -> None:
    break_title(statement_file)
    response = debugged.open(address, method=method)
    line = statement_file.read_text("utf-8").splitlines().index("# A second title") + 1
    assert (response.status_code, response.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert response.text.startswith(f"{statement_file}:{line}: “# A second title” ")
    assert len(response.text.splitlines()) == 1


def test_the_error_line_of_a_broken_edit_has_the_security_headers(debugged: FlaskClient, statement_file: Path) -> None:
    break_title(statement_file)
    headers = debugged.get("/").headers
    assert headers.get("X-Content-Type-Options") == "nosniff"
    assert "default-src 'none'" in headers.get("Content-Security-Policy", "")


def test_a_broken_edit_heals_when_it_is_repaired(debugged: FlaskClient, statement_file: Path) -> None:
    before = debugged.get("/").data
    break_title(statement_file)
    assert debugged.get("/").status_code == 500
    mend_title(statement_file)
    assert (debugged.get("/").status_code, debugged.get("/").data) == (200, before)


def test_a_statement_that_is_gone_is_told_and_comes_back_under_debug(
    debugged: FlaskClient, statement_file: Path
) -> None:
    text = statement_file.read_bytes()
    statement_file.unlink()
    assert debugged.get("/").text.startswith(f"{statement_file}: No such file or directory")
    statement_file.write_bytes(text)
    assert debugged.get("/").status_code == 200


@pytest.mark.parametrize(
    ("file", "old", "new", "address"),
    [
        ("static/style.css", "margin: 0", "margin: 0.123em", "/"),
        ("static/script.js", "document", "window.document", "/"),
        ("templates/statement.html", "Additional materials", "Further materials", "/"),
        ("templates/error.html", "Read the statement", "Read these words", "/no-such-page"),
    ],
)
def test_an_edit_of_style_script_or_template_shows_at_the_next_request_under_debug(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, old: str, new: str, address: str
) -> None:
    for name in ("static", "templates"):
        folder = shutil.copytree(ROOT / name, tmp_path / name)
        monkeypatch.setattr(f"app.{name.upper()}", folder)
        monkeypatch.setattr(f"app.site.{name.upper()}", folder)
    client = make_app(DEBUG="1").test_client()
    assert new not in client.get(address).text
    edit(tmp_path / file, old, new)
    response = client.get(address)
    assert new in response.text
    policy = parse_policy(response.headers["Content-Security-Policy"])
    assert [hash_of(text) for text in read_page(response.text).styles] == policy["style-src"]
    assert {hash_of(text) for text in read_page(response.text).scripts} <= set(policy["script-src"])
