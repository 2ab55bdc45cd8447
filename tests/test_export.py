import ctypes
import errno
import gzip
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.export import MANIFEST, UNFINISHED, export_files, exported_files
from app.reader import read_statement
from app.site import ROOT, build_site

STATEMENT = ROOT / "content" / "statement.md"
REMEDY = "name an empty folder, or one that holds an earlier export alone"

# Each address of the site, and the file that answers it on a static host.
FILES = {
    "/": "index.html",
    "/statement.md": "statement.md",
    "/statement.json": "statement.json",
    "/statement.bib": "statement.bib",
    "/statement.ris": "statement.ris",
    "/statement.csl.json": "statement.csl.json",
    "/static/icon.svg": "static/icon.svg",
    "/favicon.ico": "favicon.ico",
    "/robots.txt": "robots.txt",
    "/no-such-page": "404.html",
}

Contents = dict[str, bytes | str | None]


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as environment:
        yield make_app(environment)


@pytest.fixture
def edited_app(monkeypatch: pytest.MonkeyPatch, edited_statement: Path) -> Flask:
    return make_app(monkeypatch, STATEMENT=str(edited_statement))


@pytest.fixture
def edited_statement(tmp_path: Path) -> Path:
    text = STATEMENT.read_text(encoding="utf-8")
    assert "very useful meeting" in text
    path = tmp_path / "edited.md"
    path.write_text(text.replace("very useful meeting", "useful meeting"), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "folder"


@pytest.fixture
def exported(app: Flask, folder: Path) -> Path:
    assert export(app, folder).exit_code == 0
    return folder


def make_app(monkeypatch: pytest.MonkeyPatch, **flask_settings: str) -> Flask:
    for name in [name for name in os.environ if name.startswith("FLASK_")]:
        monkeypatch.delenv(name)
    for name, value in flask_settings.items():
        monkeypatch.setenv(f"FLASK_{name}", value)
    return create_app()


def export(app: Flask, folder: Path) -> Result:
    return app.test_cli_runner().invoke(args=["export", str(folder)])


def run_export(
    folder: Path, before: Callable[[], None] | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    return subprocess.run(
        [sys.executable, "-m", "flask", "export", str(folder)],
        cwd=ROOT,
        env=inherited | environment,
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# Everything below the folder: a file's bytes, where a link leads, None for a folder.
def contents(folder: Path) -> Contents:
    return {path.relative_to(folder).as_posix(): content(path) for path in folder.rglob("*")}


def content(path: Path) -> bytes | str | None:
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else None


def files_in(folder: Path) -> Contents:
    return {name: found for name, found in contents(folder).items() if found is not None}


# What changes when a file is written, even with the same bytes.
def writes(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_one_line(result: Result | subprocess.CompletedProcess[str], line: str) -> None:
    status = result.exit_code if isinstance(result, Result) else result.returncode
    assert (status, result.stdout, result.stderr) == (1, "", f"Error: {line}\n")


# What is written


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
    monkeypatch: pytest.MonkeyPatch, folder: Path, site_url: str
) -> None:
    app = make_app(monkeypatch, SITE_URL=site_url)
    export(app, folder)
    everywhere = parse_headers((folder / "_headers").read_text())["/*"]
    response = app.test_client().get("/")
    of_the_body = {"ETag", "Cache-Control", "Vary", "Content-Type", "Content-Length"}
    assert everywhere == {name: value for name, value in response.headers if name not in of_the_body}
    assert {"Content-Security-Policy", "X-Content-Type-Options", "Permissions-Policy"} <= set(everywhere)
    assert ("Strict-Transport-Security" in everywhere) == bool(site_url)


@pytest.mark.parametrize("address", FILES.keys() - {"/no-such-page"})
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
        ({"LC_ALL": "POSIX", "PYTHONUTF8": "0"}, {"LC_ALL": "tr_TR.UTF-8", "LANG": "ar_EG", "LANGUAGE": "fa"}),
    ],
)
def test_the_same_statement_gives_the_same_bytes_on_any_machine(
    tmp_path: Path, environments: tuple[dict[str, str], dict[str, str]]
) -> None:
    for name, environment in zip("ab", environments, strict=True):
        result = run_export(tmp_path / name, None, **environment)
        assert (result.returncode, result.stderr) == (0, "")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


# What is refused, and leaves everything as it was


def place_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("precious")


def place_link_to_a_file(path: Path) -> None:
    target = path.parent.parent / "precious"
    target.write_text("precious")
    path.symlink_to(target)


def place_link_to_a_folder(path: Path) -> None:
    target = path.parent.parent / "precious"
    target.mkdir()
    (target / "icon.svg").write_text("precious")
    path.symlink_to(target)


def place_link_to_nothing(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def place_pipe(path: Path) -> None:
    os.mkfifo(path)


foreign_things = pytest.mark.parametrize(
    ("place", "name"),
    [
        (place_file, "notes.txt"),
        (place_file, ".htaccess"),
        (place_file, "photos/summer/cat.jpg"),
        (place_file, "static/style.css"),
        (place_file, ".well-known/security.txt"),
        (place_file, "name with a space"),
        (place_link_to_a_file, "link"),
        (place_link_to_a_folder, "link"),
        (place_link_to_nothing, "link"),
        (place_pipe, "pipe"),
        (place_link_to_a_folder, UNFINISHED),
        (place_file, UNFINISHED),
    ],
)
Place = Callable[[Path], None]


@foreign_things
def test_a_folder_that_holds_what_no_export_wrote_is_refused(app: Flask, folder: Path, place: Place, name: str) -> None:
    folder.mkdir()
    place(folder / name)
    before = contents(folder.parent)
    assert_one_line(export(app, folder), f"{folder}: holds {name}, which no export wrote; {REMEDY}")
    assert contents(folder.parent) == before


@foreign_things
def test_an_export_beside_which_a_user_has_put_something_is_refused(
    edited_app: Flask, exported: Path, place: Place, name: str
) -> None:
    place(exported / name)
    before = contents(exported.parent)
    assert_one_line(export(edited_app, exported), f"{exported}: holds {name}, which no export wrote; {REMEDY}")
    assert contents(exported.parent) == before


@pytest.mark.parametrize("name", ["index.html", "404.html", "robots.txt.gz", "_headers"])
@pytest.mark.parametrize("place", [place_file, place_link_to_a_file])
def test_a_user_s_own_file_of_a_name_that_an_export_has_is_refused(
    app: Flask, folder: Path, place: Place, name: str
) -> None:
    folder.mkdir()
    place(folder / name)
    before = contents(folder.parent)
    assert_one_line(export(app, folder), f"{folder}: holds {name}, which no export wrote; {REMEDY}")
    assert contents(folder.parent) == before


def test_a_static_folder_that_leads_elsewhere_is_refused(app: Flask, exported: Path, tmp_path: Path) -> None:
    shutil.move(exported / "static", tmp_path / "elsewhere")
    (exported / "static").symlink_to(tmp_path / "elsewhere")
    before = contents(tmp_path)
    assert_one_line(export(app, exported), f"{exported}: holds static, which no export wrote; {REMEDY}")
    assert contents(tmp_path) == before


def test_a_name_that_would_break_the_line_is_still_told_in_one(app: Flask, folder: Path) -> None:
    folder.mkdir()
    (folder / "two\nlines").touch()
    result = export(app, folder)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_a_folder_that_is_a_file_is_refused(app: Flask, folder: Path) -> None:
    folder.write_text("precious")
    assert_one_line(export(app, folder), f"{folder}: File exists; name a folder that can be written")
    assert folder.read_text() == "precious"


def test_a_folder_below_a_file_is_refused(app: Flask, folder: Path) -> None:
    folder.write_text("precious")
    deep = folder / "deep"
    assert_one_line(export(app, deep), f"{deep}: Not a directory; name a folder that can be written")


def test_a_folder_that_is_a_link_to_nothing_is_refused(app: Flask, folder: Path) -> None:
    folder.symlink_to(folder.parent / "nowhere")
    assert_one_line(export(app, folder), f"{folder}: File exists; name a folder that can be written")


def test_a_broken_statement_leaves_the_old_export(exported: Path, tmp_path: Path) -> None:
    before = contents(exported)
    missing = tmp_path / "missing.md"
    result = run_export(exported, FLASK_STATEMENT=str(missing))
    assert_one_line(result, f"{missing}: No such file or directory; name a Markdown file that this user can read")
    assert contents(exported) == before


# Disks that are read-only or full


# Root may write anywhere, by a capability that this takes from the process to come (capabilities(7)).
def obey_permissions() -> None:
    dac_override, capbset_drop = 1, 24
    if os.geteuid() == 0:
        assert ctypes.CDLL(None).prctl(capbset_drop, dac_override, 0, 0, 0) == 0


@pytest.fixture
def read_only(exported: Path) -> Iterator[Path]:
    exported.chmod(0o555)
    yield exported
    exported.chmod(0o755)


def test_a_read_only_folder_is_told_in_one_line_and_keeps_the_old_export(
    read_only: Path, edited_statement: Path
) -> None:
    before = contents(read_only)
    result = run_export(read_only, obey_permissions, FLASK_STATEMENT=str(edited_statement))
    assert_one_line(result, f"{read_only}: Permission denied; name a folder that can be written")
    assert contents(read_only) == before


def test_a_folder_inside_a_read_only_folder_is_told_in_one_line(read_only: Path) -> None:
    new = read_only / "new"
    result = run_export(new, obey_permissions)
    assert_one_line(result, f"{new}: Permission denied; name a folder that can be written")


def allow_small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))


def test_a_disk_that_ends_in_the_middle_of_the_page_is_told_in_one_line_and_keeps_the_old_export(
    exported: Path, edited_statement: Path
) -> None:
    assert (exported / "index.html").stat().st_size > 10_000
    before = contents(exported)
    result = run_export(exported, allow_small_files, FLASK_STATEMENT=str(edited_statement))
    assert_one_line(result, f"{exported}: File too large; name a folder that can be written")
    assert contents(exported) == before


def test_a_first_export_that_finds_the_disk_full_leaves_no_file(folder: Path) -> None:
    result = run_export(folder, allow_small_files)
    assert_one_line(result, f"{folder}: File too large; name a folder that can be written")
    assert contents(folder) == {}


# Functions of the system that count their calls, and fail at one of them.
class Failing:
    def __init__(self, call: int, error: BaseException) -> None:
        self.calls_left, self.error = call, error

    def __call__(self, function: Callable[..., object]) -> Callable[..., object]:
        def fail(*arguments: object) -> object:
            self.calls_left -= 1
            if self.calls_left == 0:
                raise self.error
            return function(*arguments)

        return fail


def test_wherever_the_disk_is_full_the_export_is_wholly_the_old_or_wholly_the_new_one(
    monkeypatch: pytest.MonkeyPatch, app: Flask, edited_app: Flask, tmp_path: Path
) -> None:
    export(edited_app, tmp_path / "new")
    failures = 0
    for call in count(1):
        folder = tmp_path / str(call)
        export(app, folder)
        shutil.rmtree(folder / "static")  # a folder to be made is one thing more that can fail
        old = contents(folder)
        failing = Failing(call, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        with monkeypatch.context() as disk:
            for step in ("mkdir", "fsync"):
                disk.setattr(os, step, failing(getattr(os, step)))
            result = export(edited_app, folder)
        if result.exit_code == 0:
            assert contents(folder) == contents(tmp_path / "new")
        else:
            assert_one_line(result, f"{folder}: No space left on device; name a folder that can be written")
            assert files_in(folder) == {name: found for name, found in old.items() if found is not None}
            failures += 1
        if failing.calls_left > 0:
            break
    assert failures > 5


# An end in the middle


class PulledPlugError(BaseException):
    pass


@pytest.mark.parametrize("earlier", [{}, {"old.txt": b"old", "old/deep.txt": b"old", "index.html": b"old"}])
def test_an_export_that_was_cut_short_anywhere_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch, app: Flask, exported: Path, tmp_path: Path, earlier: dict[str, bytes]
) -> None:
    for call in count(1):
        folder = tmp_path / str(call)
        export_files(earlier, folder)
        failing = Failing(call, PulledPlugError())
        with monkeypatch.context() as plug, suppress(PulledPlugError):
            for step in ("mkdir", "fsync", "replace", "unlink"):
                plug.setattr(os, step, failing(getattr(os, step)))
            plug.setattr(shutil, "rmtree", lambda *_, **__: None)  # who pulls the plug tidies nothing up
            export(app, folder)
        assert export(app, folder).exit_code == 0
        assert files_in(folder) == files_in(exported)
        if failing.calls_left > 0:
            break
    assert call > 3 * len(FILES)


def test_what_an_unfinished_export_left_is_not_exported(app: Flask, exported: Path) -> None:
    before = contents(exported)
    place_file(exported / UNFINISHED / "static" / "half")
    assert export(app, exported).exit_code == 0
    assert contents(exported) == before


def test_the_files_are_listed_in_one_order() -> None:
    names = list(exported_files(build_site(read_statement(STATEMENT), None)))
    assert names == sorted(names)
