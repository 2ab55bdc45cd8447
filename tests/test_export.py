"""The exported files. The golden files show those that are text."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import MakeApp
from flask import Flask
from servers import contents, export, find_program, run_export
from site_files import ADDRESSES_HINT, DECLARED, get, parse_rules

from app import create_app

FILES_FOR_HOSTS = {"_headers", "_nginx.conf", "SHA256SUMS"}

CLOUDFLARE_LINE_LIMIT = 2000  # characters in a line of _headers


def exported_files() -> dict[str, str]:
    """Return the file of each address."""
    files = {"/no-such-page": "404.html"}
    for address in DECLARED:
        files[address] = address.removeprefix("/") or "index.html"
    return files


def modifications(folder: Path) -> dict[str, tuple[int, int]]:
    """Return for each file in the folder two numbers that change if it is written."""
    numbers = {}
    for path in folder.iterdir():
        status = path.stat()
        numbers[path.name] = (status.st_mtime_ns, status.st_ino)
    return numbers


def test_every_address_is_a_file_with_the_bytes_that_the_app_serves(
    app: Flask, exported: Path
) -> None:
    client = app.test_client()
    for address, name in exported_files().items():
        plain = client.get(address)
        packed = get(client, address, Accept_Encoding="gzip")
        assert (exported / name).read_bytes() == plain.data
        packed_file = exported / f"{name}.gz"
        if "Content-Encoding" in packed.headers:
            assert packed_file.read_bytes() == packed.data
        else:
            assert not packed_file.exists()


def test_an_export_contains_no_other_files(exported: Path) -> None:
    names = {name for name in contents(exported) if not name.endswith(".gz")}
    expected = {*exported_files().values(), *FILES_FOR_HOSTS}
    assert names == expected, ADDRESSES_HINT


@pytest.mark.parametrize("address", DECLARED)
def test_every_address_has_an_ending_from_which_hosts_know_its_type(
    address: str,
) -> None:
    assert re.fullmatch(r"/([a-z]+(\.[a-z]+)+)?", address)


def test_sha256sum_accepts_the_checksums_of_every_other_file(exported: Path) -> None:
    result = subprocess.run(
        [find_program("sha256sum", "coreutils"), "--check", "--strict", "SHA256SUMS"],
        cwd=exported,
        capture_output=True,
        text=True,
        check=True,
    )
    checked = [line.removesuffix(": OK") for line in result.stdout.splitlines()]
    assert sorted([*checked, "SHA256SUMS"]) == sorted(contents(exported))


def test_the_output_names_each_file_with_its_size(app: Flask, folder: Path) -> None:
    *lines, summary = export(app, folder).stdout.splitlines()
    expected = []
    for path in sorted(folder.iterdir()):
        expected.append(f"{path.stat().st_size:>9,} bytes  {path.name}")
    assert lines == expected
    assert summary == f"{len(lines)} of {len(lines)} files written to {folder}"


# The headers of hosts


@pytest.mark.parametrize("site_url", ["", "https://example.org"])
def test_the_rules_for_hosts_give_each_response_the_headers_of_the_app(
    make_app: MakeApp, folder: Path, site_url: str
) -> None:
    app = make_app(SITE_URL=site_url)
    export(app, folder)
    rules = parse_rules((folder / "_headers").read_text())
    shared = rules.pop("/*")
    assert rules.keys() == DECLARED.keys(), ADDRESSES_HINT
    for address, headers in rules.items():
        assert headers.keys().isdisjoint(shared)  # hosts join the values of two rules
        served = dict(app.test_client().get(address).headers)
        for name in ("ETag", "Vary", "Content-Length"):  # hosts add their own
            served.pop(name, None)
        assert headers | shared == served


def test_the_rules_for_hosts_give_the_error_page_the_headers_of_the_app(
    app: Flask, exported: Path
) -> None:
    shared = parse_rules((exported / "_headers").read_text())["/*"]
    served = app.test_client().get("/no-such-page").headers
    assert shared.items() <= dict(served).items()


def test_the_lines_of_the_rules_are_short_enough_for_cloudflare(exported: Path) -> None:
    for line in (exported / "_headers").read_text().splitlines():
        assert len(line) < CLOUDFLARE_LINE_LIMIT


# Another export


def test_a_second_export_writes_nothing(app: Flask, exported: Path) -> None:
    before = modifications(exported)
    result = export(app, exported)
    assert result.stdout == f"0 of {len(before)} files written to {exported}\n"
    assert modifications(exported) == before


def test_an_edit_rewrites_only_the_files_that_it_changes(
    edited_app: Flask, exported: Path
) -> None:
    old = contents(exported)
    modified_before = modifications(exported)
    result = export(edited_app, exported)
    modified = modifications(exported)
    new = contents(exported)
    written = {line.split()[-1] for line in result.stdout.splitlines()[:-1]}
    assert {"index.html", "index.html.gz", "statement.md", "SHA256SUMS"} <= written
    for name in new:
        assert (new[name] != old[name]) == (name in written)
        assert (modified[name] != modified_before[name]) == (name in written)


def test_an_export_over_another_one_equals_an_export_into_a_new_folder(
    edited_app: Flask, exported: Path, tmp_path: Path
) -> None:
    export(edited_app, exported)
    export(edited_app, tmp_path / "new")
    assert contents(exported) == contents(tmp_path / "new")


def test_a_file_that_is_being_read_is_read_to_its_end(
    edited_app: Flask, exported: Path
) -> None:
    old = (exported / "index.html").read_bytes()
    with (exported / "index.html").open("rb") as file:
        export(edited_app, exported)
        assert file.read() == old
    assert (exported / "index.html").read_bytes() != old


def test_files_of_an_earlier_export_that_the_site_no_longer_has_are_deleted(
    app: Flask, exported: Path
) -> None:
    before = contents(exported)
    richer = create_app()
    richer.add_url_rule("/old.txt", "old", lambda: "old")
    richer.add_url_rule("/deep/old.txt", "deep", lambda: "old")
    export(richer, exported)
    added = contents(exported).keys() - before.keys()
    assert added == {"old.txt", "deep", "deep/old.txt"}
    assert export(app, exported).exit_code == 0
    assert contents(exported) == before


def test_damaged_files_of_an_export_are_replaced(
    app: Flask, exported: Path, tmp_path: Path
) -> None:
    before = contents(exported)
    (exported / "index.html").write_text("defaced")
    (exported / "statement.md").unlink()
    shutil.move(exported / "robots.txt", tmp_path / "same")
    (exported / "robots.txt").symlink_to(tmp_path / "same")
    (exported / "404.html").unlink()
    (exported / "404.html").symlink_to("missing")
    assert export(app, exported).exit_code == 0
    assert contents(exported) == before


def test_the_unfinished_files_of_an_interrupted_export_are_deleted(
    app: Flask, exported: Path
) -> None:
    before = contents(exported)
    (exported / ".export-unfinished" / "deep").mkdir(parents=True)
    assert export(app, exported).exit_code == 0
    assert contents(exported) == before


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
        # Here Python opens text files as ASCII unless an encoding is given.
        {
            "PYTHONHASHSEED": "2",
            "TZ": "UTC",
            "LC_ALL": "POSIX",
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        },
    ],
)
def test_an_export_has_the_same_bytes_on_every_machine(
    exported: Path, tmp_path: Path, settings: dict[str, str]
) -> None:
    folder = tmp_path / "missing" / "folder"
    result = run_export(folder, **settings)
    assert (result.returncode, result.stderr) == (0, "")
    assert contents(folder) == contents(exported)
