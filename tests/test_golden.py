"""Compare three exported statements and the error pages with files in tests/golden/.

`pytest --update-golden` rewrites the files; review the change with `git diff`.
"""

import re
from difflib import unified_diff
from pathlib import Path

import pytest
from flask import abort

from app import STATEMENT, create_app
from app.site.citation import FORMATS

GOLDEN = Path(__file__).parent / "golden"

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

UPDATE_HINT = "If the change is intended, run pytest --update-golden and review it."


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


def compare(expected: bytes, actual: bytes, path: Path) -> str:
    """Return the differences as a unified diff, or "" if there are none."""
    if expected == actual:
        return ""
    name = path.relative_to(GOLDEN.parent).as_posix()
    lines = unified_diff(
        expected.decode().split("\n"),
        actual.decode().split("\n"),
        name,
        "export",
        lineterm="",
    )
    return "\n".join(lines)


def check_golden(actual: bytes, golden: Path, update: bool) -> None:
    """Fail with a diff unless the golden file equals `actual`; rewrite it first."""
    if update:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(actual)
    if not golden.exists():
        pytest.fail(f"there is no {golden}\n\n{UPDATE_HINT}", pytrace=False)
    difference = compare(golden.read_bytes(), actual, golden)
    if difference:
        pytest.fail(f"{difference}\n\n{UPDATE_HINT}", pytrace=False)


@pytest.mark.parametrize("file", FILES)
def test_the_export_equals_its_golden_file(
    pytestconfig: pytest.Config, exported: Path, file: str
) -> None:
    text = (exported / file).read_bytes().decode()
    actual = replace_assets(text).encode()
    update = pytestconfig.getoption("update_golden")
    check_golden(actual, GOLDEN / exported.name / file, update)


@pytest.mark.parametrize("status", [400, 405, 418, 500, 503])
def test_an_error_page_equals_its_golden_file(
    pytestconfig: pytest.Config, status: int
) -> None:
    app = create_app()
    app.add_url_rule("/error/<int:code>", view_func=abort)
    response = app.test_client().get(f"/error/{status}")
    assert response.status_code == status
    actual = replace_assets(response.text).encode()
    update = pytestconfig.getoption("update_golden")
    check_golden(actual, GOLDEN / "errors" / f"{status}.html", update)
