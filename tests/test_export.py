import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import MakeApp
from flask import Flask
from servers import contents, export, run_export, tool
from site_files import DECLARED

from app import create_app

# Each address, and the file that answers it on a static host.
FILES = {address: address[1:] or "index.html" for address in DECLARED} | {
    "/no-such-page": "404.html"
}
FOR_HOSTS = {"_headers", "_nginx.conf", "SHA256SUMS"}


# What changes when a file is written, even with the same bytes.
def writes(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.name: (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.iterdir()
    }


def test_every_address_is_a_file_with_the_bytes_that_the_app_serves_plain_and_compressed(
    app: Flask, exported: Path
) -> None:
    assert {name for name in contents(exported) if not name.endswith(".gz")} == {
        *FILES.values(),
        *FOR_HOSTS,
    }
    for address, name in FILES.items():
        plain, packed = (
            app.test_client().get(address, headers={"Accept-Encoding": encoding})
            for encoding in ("identity", "gzip")
        )
        assert (exported / name).read_bytes() == plain.data
        if "Content-Encoding" in packed.headers:
            assert (exported / f"{name}.gz").read_bytes() == packed.data
        else:
            assert not (exported / f"{name}.gz").exists()


def test_every_address_ends_as_files_do_so_that_hosts_know_its_type() -> None:
    assert [
        address
        for address in DECLARED
        if not re.fullmatch(r"/([a-z]+(\.[a-z]+)+)?", address)
    ] == []


def test_the_list_of_sums_is_one_that_sha256sum_checks_and_names_every_other_file(
    exported: Path,
) -> None:
    command = [tool("sha256sum", "coreutils"), "--check", "--strict", "SHA256SUMS"]
    checked = subprocess.run(
        command, cwd=exported, capture_output=True, text=True, check=True
    ).stdout
    assert {line.removesuffix(": OK") for line in checked.splitlines()} == set(
        contents(exported)
    ) - {"SHA256SUMS"}


def test_the_output_names_each_file_with_its_size(app: Flask, folder: Path) -> None:
    *lines, summary = export(app, folder).stdout.splitlines()
    written = {
        name: f"{len(found):,}"
        for name, found in contents(folder).items()
        if isinstance(found, bytes)
    }
    assert [line.split() for line in lines] == [
        [written[name], "bytes", name] for name in sorted(written)
    ]
    assert summary == f"{len(written)} of {len(written)} files written to {folder}"


# _headers, as Cloudflare Pages and Netlify read it: a path, then its headers, indented.
def parse_headers(text: str) -> dict[str, dict[str, str]]:
    blocks = re.split(r"\n(?! )", text.rstrip("\n"))
    parsed = {
        path: [line.strip().split(": ", 1) for line in lines]
        for path, *lines in map(str.splitlines, blocks)
    }
    return {path: dict(headers) for path, headers in parsed.items()}


@pytest.mark.parametrize("site_url", ["", "https://example.org"])
def test_the_rules_for_hosts_give_each_answer_the_headers_of_the_app_once(
    make_app: MakeApp, folder: Path, site_url: str
) -> None:
    app = make_app(SITE_URL=site_url)
    export(app, folder)
    text = (folder / "_headers").read_text()
    assert max(map(len, text.splitlines())) < 2000  # Cloudflare's limit
    rules = parse_headers(text)
    assert set(rules) == {"/*", *DECLARED}
    for address in [*DECLARED, "/no-such-page"]:
        own, served = rules.get(address, {}), app.test_client().get(address).headers
        assert (
            own.keys() & rules["/*"].keys() == set()
        )  # hosts join what two rules give
        of_the_host = {"ETag", "Vary", "Content-Length"}
        if address == "/no-such-page":  # what is not the same in every answer
            of_the_host |= {
                "Cache-Control",
                "Cross-Origin-Resource-Policy",
                "Content-Type",
            }
        assert {**own, **rules["/*"]} == {
            name: value for name, value in served if name not in of_the_host
        }


# Writing again


def test_a_second_export_writes_nothing(app: Flask, exported: Path) -> None:
    before = writes(exported)
    assert (
        export(app, exported).stdout
        == f"0 of {len(before)} files written to {exported}\n"
    )
    assert writes(exported) == before


def test_an_edit_rewrites_what_it_changed_and_nothing_else_and_a_reader_reads_the_old_file_to_its_end(
    edited_app: Flask, exported: Path, tmp_path: Path
) -> None:
    before, old = writes(exported), contents(exported)
    with (exported / "index.html").open("rb") as reading:
        result = export(edited_app, exported)
        assert reading.read() == old["index.html"]
    changed = {
        name for name, state in writes(exported).items() if state != before[name]
    }
    assert changed == {
        name for name, found in contents(exported).items() if found != old[name]
    }
    assert changed == {line.split()[-1] for line in result.stdout.splitlines()[:-1]}
    assert {"index.html", "index.html.gz", "statement.md", "SHA256SUMS"} <= changed
    export(edited_app, tmp_path / "new")
    assert contents(exported) == contents(tmp_path / "new")


def test_what_an_earlier_export_wrote_and_the_site_no_longer_has_goes_away(
    app: Flask, exported: Path
) -> None:
    wanted, richer = contents(exported), create_app()
    for address in ("/old.txt", "/deep/old.txt"):
        richer.add_url_rule(address, view_func=lambda: "old", endpoint=address[1:4])
    export(richer, exported)
    assert contents(exported).keys() - wanted.keys() == {
        "old.txt",
        "deep",
        "deep/old.txt",
    }
    assert export(app, exported).exit_code == 0
    assert contents(exported) == wanted


def test_a_file_that_was_changed_lost_or_made_a_link_is_put_right(
    app: Flask, exported: Path, tmp_path: Path
) -> None:
    before = contents(exported)
    (exported / "index.html").write_text("defaced")
    (exported / "statement.md").unlink()
    shutil.move(
        exported / "robots.txt", tmp_path / "same"
    )  # even one that leads to the same bytes
    (exported / "robots.txt").symlink_to(tmp_path / "same")
    (exported / ".export-unfinished" / "deep").mkdir(
        parents=True
    )  # of an export that was cut short
    assert export(app, exported).exit_code == 0
    assert contents(exported) == before


def test_the_same_statement_gives_the_same_bytes_on_any_machine(
    exported: Path, tmp_path: Path
) -> None:
    for name, environment in {
        "a": {
            "PYTHONHASHSEED": "1",
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "POSIX",
            "PYTHONUTF8": "0",
        },
        "b": {"PYTHONHASHSEED": "2", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    }.items():
        result = run_export(tmp_path / "missing" / name, **environment)
        assert (result.returncode, result.stderr) == (0, "")
        assert contents(tmp_path / "missing" / name) == contents(exported)
