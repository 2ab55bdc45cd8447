import gzip
import re
import shutil
from pathlib import Path

import pytest
from conftest import MakeApp
from exporting import contents, export, run_export
from flask import Flask
from site_files import MEDIA_TYPES

from app import STATEMENT
from app.reading.reader import read_statement
from app.site.build import build_site
from app.site.export import MANIFEST, export_files, exported_files

# Each address, and the file that answers it on a static host.
FILES = {address: address[1:] or "index.html" for address in MEDIA_TYPES} | {"/no-such-page": "404.html"}


# What changes when a file is written, even with the same bytes.
def writes(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_address_is_a_file_and_every_file_an_address(exported: Path) -> None:
    names = {name for name, found in contents(exported).items() if found is not None}
    assert {name for name in names if not name.endswith(".gz")} == {*FILES.values(), "_headers", MANIFEST}
    assert {name.removesuffix(".gz") for name in names if name.endswith(".gz")} < set(FILES.values())


@pytest.mark.parametrize(("address", "name"), FILES.items())
def test_a_file_holds_the_bytes_that_the_app_serves(app: Flask, exported: Path, address: str, name: str) -> None:
    assert (exported / name).read_bytes() == app.test_client().get(address).data


@pytest.mark.parametrize(("address", "name"), FILES.items())
def test_beside_what_compresses_stands_what_the_app_serves_compressed(
    app: Flask, exported: Path, address: str, name: str
) -> None:
    packed = exported / f"{name}.gz"
    if name == "404.html":  # errors are served plain
        assert gzip.decompress(packed.read_bytes()) == (exported / name).read_bytes()
        return
    response = app.test_client().get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.exists() == ("Content-Encoding" in response.headers)
    assert not packed.exists() or packed.read_bytes() == response.data


def test_every_gz_file_unpacks_to_the_file_beside_it_and_is_shorter(exported: Path) -> None:
    packed = list(exported.rglob("*.gz"))
    assert len(packed) > 5
    for path in packed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()
        assert path.stat().st_size < path.with_suffix("").stat().st_size


def test_every_address_ends_as_files_do_so_that_hosts_know_its_type() -> None:
    addresses = set(build_site(read_statement(STATEMENT), None).files) - {"/"}
    assert [address for address in addresses if not re.fullmatch(r"(/[a-z]+)+(\.[a-z]+)+", address)] == []


def test_the_output_names_each_file_with_its_size(app: Flask, folder: Path) -> None:
    *lines, summary = export(app, folder).stdout.splitlines()
    shown = {name: size for size, _, name in (line.split() for line in lines)}
    written = {name: f"{len(found):,}" for name, found in contents(folder).items() if isinstance(found, bytes)}
    del written[MANIFEST]
    assert shown == written
    assert summary.startswith(f"{len(written)} of {len(written)} files written to {folder}")


def test_the_command_does_as_the_function_behind_it(app: Flask, exported: Path, tmp_path: Path) -> None:
    result = run_export(tmp_path / "other")
    assert (result.returncode, result.stderr) == (0, "")
    assert contents(tmp_path / "other") == contents(exported)


def test_folders_that_are_missing_are_made(app: Flask, exported: Path, tmp_path: Path) -> None:
    deep = tmp_path / "some" / "folder, deep"
    assert export(app, deep).exit_code == 0
    assert contents(deep) == contents(exported)


# _headers, as Cloudflare Pages and Netlify read it: a path, then its headers, indented.
def parse_headers(text: str) -> dict[str, dict[str, str]]:
    blocks = re.split(r"\n(?! )", text.rstrip("\n"))
    parsed = {path: [line.strip().split(": ", 1) for line in lines] for path, *lines in map(str.splitlines, blocks)}
    return {path: dict(headers) for path, headers in parsed.items()}


@pytest.mark.parametrize("site_url", ["", "https://example.org"])
def test_headers_for_every_path_are_the_security_headers_of_the_app(
    make_app: MakeApp, folder: Path, site_url: str
) -> None:
    app = make_app(SITE_URL=site_url)
    export(app, folder)
    everywhere = parse_headers((folder / "_headers").read_text())["/*"]
    response = app.test_client().get("/")
    of_the_body = {"ETag", "Cache-Control", "Vary", "Content-Type", "Content-Length"}
    assert everywhere == {name: value for name, value in response.headers if name not in of_the_body}
    assert {"Content-Security-Policy", "X-Content-Type-Options", "Permissions-Policy"} <= set(everywhere)
    assert ("Strict-Transport-Security" in everywhere) == bool(site_url)


@pytest.mark.parametrize("address", MEDIA_TYPES)
def test_headers_for_a_path_say_its_type_and_name_as_the_app_does(app: Flask, exported: Path, address: str) -> None:
    headers = app.test_client().get(address).headers
    expected = {name: value for name, value in headers if name in ("Content-Type", "Content-Disposition")}
    assert parse_headers((exported / "_headers").read_text())[address] == expected


def test_no_line_of_headers_is_longer_than_hosts_read(exported: Path) -> None:
    assert max(map(len, (exported / "_headers").read_text().splitlines())) < 2000  # Cloudflare's limit


# Writing again


def test_a_second_export_writes_nothing(app: Flask, exported: Path) -> None:
    before = writes(exported)
    result = export(app, exported)
    assert result.stdout.startswith(f"0 of {len(before) - 1} files written")
    assert writes(exported) == before


def test_an_edit_rewrites_what_it_changed_and_nothing_else(edited_app: Flask, exported: Path) -> None:
    before, old = writes(exported), contents(exported)
    result = export(edited_app, exported)
    changed = {name for name, state in writes(exported).items() if state != before[name]} - {MANIFEST}
    assert changed == {name for name, found in contents(exported).items() if found != old[name]} - {MANIFEST}
    assert {"index.html", "index.html.gz", "statement.md"} <= changed
    assert not {"404.html", "robots.txt", "statement.bib", "static/icon.svg"} & changed
    assert {line.split()[-1] for line in result.stdout.splitlines()[:-1]} == changed


def test_after_an_edit_the_folder_is_as_a_new_export_would_be(
    edited_app: Flask, exported: Path, tmp_path: Path
) -> None:
    export(edited_app, exported)
    export(edited_app, tmp_path / "new")
    assert contents(exported) == contents(tmp_path / "new")


def test_a_reader_of_the_old_file_reads_it_to_its_end(edited_app: Flask, exported: Path) -> None:
    before = (exported / "index.html").read_bytes()
    with (exported / "index.html").open("rb") as reading:
        start = reading.read(10)
        export(edited_app, exported)
        assert start + reading.read() == before
    assert (exported / "index.html").read_bytes() != before


def test_files_of_an_earlier_export_that_the_site_no_longer_has_go_away(app: Flask, folder: Path) -> None:
    export_files({"old.txt": b"old", "old/deep.txt": b"old", "robots.txt": b"old"}, folder)
    assert export(app, folder).exit_code == 0
    assert not (folder / "old.txt").exists()
    assert not (folder / "old" / "deep.txt").exists()
    assert (folder / "robots.txt").read_bytes() == app.test_client().get("/robots.txt").data


def test_a_file_that_was_changed_or_lost_is_put_right(app: Flask, exported: Path) -> None:
    before = contents(exported)
    (exported / "index.html").write_text("defaced")
    (exported / "robots.txt").unlink()
    shutil.rmtree(exported / "static")
    assert export(app, exported).exit_code == 0
    assert contents(exported) == before


def test_a_link_in_the_place_of_an_exported_file_is_replaced_and_not_followed(
    app: Flask, exported: Path, tmp_path: Path
) -> None:
    before = contents(exported)
    shutil.move(exported / "robots.txt", tmp_path / "same")  # even one that leads to the same bytes
    (tmp_path / "precious").write_text("precious")
    (exported / "robots.txt").symlink_to(tmp_path / "same")
    (exported / "404.html").unlink()
    (exported / "404.html").symlink_to(tmp_path / "precious")
    assert export(app, exported).exit_code == 0
    assert contents(exported) == before
    assert (tmp_path / "precious").read_text() == "precious"


@pytest.mark.parametrize(
    "environments",
    [
        ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"}),
        ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}, {"TZ": "Pacific/Pago_Pago", "LC_ALL": "C.UTF-8"}),
        ({"LC_ALL": "POSIX", "PYTHONUTF8": "0"}, {"LC_ALL": "C.UTF-8"}),
    ],
)
def test_the_same_statement_gives_the_same_bytes_on_any_machine(
    tmp_path: Path, environments: tuple[dict[str, str], dict[str, str]]
) -> None:
    for name, environment in zip("ab", environments, strict=True):
        result = run_export(tmp_path / name, **environment)
        assert (result.returncode, result.stderr) == (0, "")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_files_are_listed_in_one_order() -> None:
    names = list(exported_files(build_site(read_statement(STATEMENT), None)))
    assert names == sorted(names)
