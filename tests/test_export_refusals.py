import errno
import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from servers import (
    PATIENCE,
    ROOT,
    assert_one_line,
    contents,
    environment,
    export,
    flask,
    run_export,
    wait_for,
    with_files_of_at_most,
    without_rights,
)

from app import create_app

REMEDY = "move that away, or name another folder"


def place_file(path: Path) -> None:
    path.write_text("precious")


def place_folder(path: Path) -> None:
    path.mkdir()
    place_file(path / "file")


def place_link(path: Path) -> None:
    place_folder(path.parent.parent / "precious")
    path.symlink_to(path.parent.parent / "precious")


# What stands in the folder already


@pytest.mark.parametrize(
    "name", ["CNAME", ".nojekyll", "name with a space", "notes.html.gz"]
)
def test_what_others_put_into_the_folder_stays_untouched(
    app: Flask, edited_app: Flask, folder: Path, name: str
) -> None:
    folder.mkdir()
    for place, suffix in (
        (place_file, ""),
        (place_folder, "-folder"),
        (place_link, "-link"),
    ):
        place(folder / (name + suffix))
    before = contents(folder)
    for each in (app, edited_app):
        assert export(each, folder).exit_code == 0
    assert {
        name: found for name, found in contents(folder).items() if name in before
    } == before
    assert (folder / "index.html").read_bytes() == edited_app.test_client().get(
        "/"
    ).data


@pytest.mark.parametrize(
    ("place", "names"),
    [
        *(
            (place, [name])
            for place in (place_file, place_folder, place_link)
            for name in ("index.html", "SHA256SUMS")
        ),
        *(
            (place, [".export-unfinished"]) for place in (place_file, place_link)
        ),  # a folder is one that was cut short
        (place_file, ["robots.txt", "_headers"]),
    ],
)
def test_names_of_the_export_that_are_taken_are_refused_at_once(
    app: Flask, folder: Path, place: Callable[[Path], None], names: list[str]
) -> None:
    folder.mkdir()
    for name in names:
        place(folder / name)
    before = contents(folder.parent)
    assert_one_line(
        export(app, folder),
        f"{folder}: holds {', '.join(sorted(names))}, which no export wrote; {REMEDY}",
    )
    assert contents(folder.parent) == before


def test_a_list_of_sums_of_other_files_makes_them_no_files_of_an_export(
    app: Flask, folder: Path
) -> None:
    place_folder(folder)
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  file\n")
    assert_one_line(
        export(app, folder),
        f"{folder}: holds SHA256SUMS, which no export wrote; {REMEDY}",
    )
    assert (folder / "file").read_text() == "precious"


@pytest.mark.parametrize(
    "name", ["../precious", "elsewhere/precious", "{tmp_path}/precious"]
)
def test_a_list_that_names_what_is_elsewhere_takes_nothing_away_there(
    app: Flask, exported: Path, tmp_path: Path, name: str
) -> None:
    place_file(tmp_path / "precious")
    (exported / "elsewhere").symlink_to(tmp_path)
    with (exported / "SHA256SUMS").open("a") as listed:
        listed.write(f"{'0' * 64}  {name.format(tmp_path=tmp_path)}\n")
    assert export(app, exported).exit_code == 0
    assert (tmp_path / "precious").read_text() == "precious"


def test_a_folder_of_the_export_that_leads_elsewhere_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    app = create_app()
    app.add_url_rule("/deep/new.txt", view_func=lambda: "new", endpoint="new")
    folder.mkdir()
    (folder / "deep").symlink_to(tmp_path)
    assert_one_line(
        export(app, folder),
        f"{folder}: holds deep/new.txt, which no export wrote; {REMEDY}",
    )
    assert not (tmp_path / "new.txt").exists()


# The folder itself


def test_a_name_that_is_empty_or_a_whole_disk_is_refused_at_once(
    app: Flask, tmp_path: Path
) -> None:
    assert_one_line(
        export(app, ""),
        "flask export: the folder's name is empty; write flask export public",
    )
    assert_one_line(
        export(app, "/"), "/: this is a whole disk; name a folder on it, /public"
    )
    (tmp_path / "link").symlink_to("/proc")
    line = f"{tmp_path}/link: this is a whole disk; name a folder on it, {tmp_path}/link/public"
    assert_one_line(export(app, tmp_path / "link"), line)
    assert not Path("index.html").exists()


def test_a_folder_that_is_no_folder_is_refused(app: Flask, folder: Path) -> None:
    place_file(folder)
    (folder.parent / "link").symlink_to("nowhere")
    for path, reason in (
        (folder, "File exists"),
        (folder / "deep", "Not a directory"),
        (folder.parent / "link", "File exists"),
    ):
        assert_one_line(
            export(app, path), f"{path}: {reason}; name a folder that can be written"
        )


def is_waiting_for_a_lock(process: subprocess.Popen[str]) -> bool:
    waiting = rf"-> FLOCK +\w+ +\w+ +{process.pid} "
    return re.search(waiting, Path("/proc/locks").read_text()) is not None


def test_the_second_of_two_exports_waits(
    edited_app: Flask, edited_statement: Path, exported: Path, tmp_path: Path
) -> None:
    before = contents(exported)
    export(edited_app, tmp_path / "edited")
    descriptor = os.open(exported, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)  # a shared lock keeps only writers out
    second = subprocess.Popen(
        flask("export", str(exported)),
        cwd=ROOT,
        env=environment(FLASK_STATEMENT=str(edited_statement)),
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: is_waiting_for_a_lock(second), "the second export waits")
    assert contents(exported) == before
    os.close(descriptor)
    second.communicate(timeout=PATIENCE)
    assert second.returncode == 0
    assert contents(exported) == contents(tmp_path / "edited")


# What the machine refuses


@pytest.mark.parametrize(
    ("mode", "before", "reason"),
    [
        (0o555, without_rights(), "Permission denied"),
        (0o755, with_files_of_at_most(10_000), "File too large"),
    ],
)
def test_a_folder_without_rights_or_room_is_told_in_one_line_and_keeps_the_old_export(
    exported: Path, edited_statement: Path, mode: int, before: list[str], reason: str
) -> None:
    old = contents(exported)
    exported.chmod(mode)
    result = run_export(exported, before, FLASK_STATEMENT=str(edited_statement))
    exported.chmod(0o755)
    assert_one_line(result, f"{exported}: {reason}; name a folder that can be written")
    assert contents(exported) == old


@contextmanager
def failing(
    number: int, error: BaseException, *steps: str
) -> Iterator[Callable[[], bool]]:
    """Let that call of these of Path's methods fail; what is given says whether so many were made."""
    calls = count(1)

    def fails(step: Callable[..., object]) -> Callable[..., object]:
        def fail(*arguments: object, **named: object) -> object:
            if next(calls) == number:
                raise error
            return step(*arguments, **named)

        return fail

    with pytest.MonkeyPatch.context() as path:
        for step in steps:
            path.setattr(Path, step, fails(getattr(Path, step)))
        yield lambda: next(calls) > number


def test_wherever_the_disk_is_full_the_export_is_wholly_the_old_or_wholly_the_new_one(
    app: Flask, edited_app: Flask, exported: Path, tmp_path: Path
) -> None:
    for number in count(1):
        folder = tmp_path / str(number)
        export(app, folder)
        with failing(
            number, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "write_bytes"
        ) as failed:
            result = export(edited_app, folder)
        if not failed():
            break
        assert_one_line(
            result,
            f"{folder}: No space left on device; name a folder that can be written",
        )
        assert contents(folder) == contents(exported)
    assert number > 5


class PulledPlugError(BaseException):
    pass


def test_an_export_without_its_statement_json_is_not_replaced(
    edited_app: Flask, exported: Path
) -> None:
    (exported / "statement.json").unlink()
    before = contents(exported)
    assert_one_line(
        export(edited_app, exported),
        f"{exported}/statement.json: the record of the published edition is missing; "
        "put the file back or, if no one can have linked to the page yet, "
        f"run flask export --unpublished {exported}",
    )
    assert contents(exported) == before
    assert export(edited_app, exported, "--unpublished").exit_code == 0


@pytest.mark.parametrize("is_first", [False, True])
def test_an_export_that_was_cut_short_anywhere_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
    edited_app: Flask,
    exported: Path,
    tmp_path: Path,
    is_first: bool,
) -> None:
    richer = create_app()
    richer.add_url_rule("/deep/old.txt", view_func=lambda: "old", endpoint="old")
    for number in count(1):
        folder = tmp_path / str(number)
        if not is_first:
            export(richer, folder)
            (folder / "index.html").write_text("defaced")
        steps = ("mkdir", "write_bytes", "replace", "unlink", "rmdir")
        with (
            failing(number, PulledPlugError(), *steps) as failed,
            monkeypatch.context() as plug,
        ):
            plug.setattr(
                shutil, "rmtree", lambda *_, **__: None
            )  # who pulls the plug tidies nothing up
            with suppress(PulledPlugError):
                export(edited_app, folder)
        assert export(app, folder).exit_code == 0
        (folder / "deep").rmdir() if (
            folder / "deep"
        ).exists() else None  # an empty folder may stay
        assert contents(folder) == contents(exported)
        if not failed():
            break
    assert number > 20
