"""Compare three exported statements and the error pages with files in tests/golden/."""

import re
from pathlib import Path

import pytest
from conftest import CheckGolden
from flask import abort
from golden_files import GOLDEN

from app import STATEMENT, create_app
from app.site.citation import FORMATS

# Each statement with its site's address, so that pages with and without one are seen.
STATEMENTS = {
    "own": (STATEMENT, ""),
    "full": (GOLDEN / "full.md", "https://example.org/statements"),
    "rtl": (GOLDEN / "rtl.md", ""),
}
FILES = [
    "index.html",
    "404.html",
    "statement.json",
    *FORMATS,
    "_headers",
    "_nginx.conf",
]

STYLE_RE = re.compile(r"(?s)(?<=<style>).*?(?=</style>)")
SCRIPT_RE = re.compile(r'(?s)(?<=<script type="module">).*?(?=</script>)')
HASH_RE = re.compile(r"(?<=sha256-)[A-Za-z0-9+/]+=*")


@pytest.fixture(scope="module", params=STATEMENTS)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the folder of a statement's export. It has the name of the statement."""
    name: str = request.param
    statement, site_url = STATEMENTS[name]
    folder = tmp_path_factory.mktemp("exports") / name
    app = create_app({"STATEMENT": str(statement), "SITE_URL": site_url})
    result = app.test_cli_runner().invoke(args=["export", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


def replace_assets(text: str) -> str:
    """Return `text` with placeholders for the style sheet, the script and hashes."""
    text = STYLE_RE.sub("[style sheet]", text)
    text = SCRIPT_RE.sub("[script]", text)
    return HASH_RE.sub("[hash]", text)


@pytest.mark.parametrize("file", FILES)
def test_the_export_equals_its_golden_file(
    check_golden: CheckGolden, exported: Path, file: str
) -> None:
    text = (exported / file).read_bytes().decode()
    check_golden(replace_assets(text), f"{exported.name}/{file}")


@pytest.mark.parametrize("status", [400, 405, 418, 500, 503])
def test_an_error_page_equals_its_golden_file(
    check_golden: CheckGolden, status: int
) -> None:
    app = create_app()
    app.add_url_rule("/error/<int:code>", view_func=abort)
    response = app.test_client().get(f"/error/{status}")
    assert response.status_code == status
    check_golden(replace_assets(response.text), f"errors/{status}.html")
