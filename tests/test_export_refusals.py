"""Folders into which the export does not write, and exports that are interrupted."""

import errno
import fcntl
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from servers import (
    ROOT,
    TIMEOUT,
    assert_one_line,
    contents,
    environment,
    export,
    flask_command,
    run_export,
    wait_for,
    with_file_size_limit,
    without_rights,
)

from app import create_app

TAKEN_FIX = "move that away, or name another folder"
FOLDER_FIX = "name a folder that can be written"


def place_file(path: Path) -> None:
    path.write_text("precious")


def place_folder(path: Path) -> None:
    path.mkdir()
    place_file(path / "file")


def place_link(path: Path) -> None:
    target = path.parent.parent / "precious"
    target.mkdir()
    place_file(target / "file")
    path.symlink_to(target)


PLACES = [place_file, place_folder, place_link]


# Files of others in the folder


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["CNAME", ".nojekyll", "a name", "notes.html.gz"])
def test_files_of_others_stay_as_they_are(
    app: Flask,
    edited_app: Flask,
    folder: Path,
    place: Callable[[Path], None],
    name: str,
) -> None:
    folder.mkdir()
    place(folder / name)
    before = contents(folder)
    assert export(app, folder).exit_code == 0
    assert export(edited_app, folder).exit_code == 0
    after = contents(folder)
    assert before.items() <= after.items()
    assert after["index.html"] == edited_app.test_client().get("/").data


@pytest.mark.parametrize(
    ("place", "names"),
    [
        (place_file, ["index.html"]),
        (place_folder, ["index.html"]),
        (place_link, ["index.html"]),
        (place_file, ["SHA256SUMS"]),
        (place_folder, ["SHA256SUMS"]),
        (place_link, ["SHA256SUMS"]),
        (place_file, [".export-unfinished"]),
        (place_link, [".export-unfinished"]),
        (place_file, ["_headers", "robots.txt"]),
    ],
)
def test_a_taken_name_stops_the_export(
    app: Flask, folder: Path, place: Callable[[Path], None], names: list[str]
) -> None:
    folder.mkdir()
    for name in names:
        place(folder / name)
    before = contents(folder.parent)
    assert_one_line(
        export(app, folder),
        f"{folder}: holds {', '.join(names)}, which no export wrote; {TAKEN_FIX}",
    )
    assert contents(folder.parent) == before


def test_checksums_of_other_files_do_not_make_them_files_of_an_export(
    app: Flask, folder: Path
) -> None:
    place_folder(folder)
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  file\n")
    assert_one_line(
        export(app, folder),
        f"{folder}: holds SHA256SUMS, which no export wrote; {TAKEN_FIX}",
    )
    assert (folder / "file").read_text() == "precious"


@pytest.mark.parametrize(
    "name", ["../precious", "elsewhere/precious", "{tmp_path}/precious"]
)
def test_a_listed_file_in_another_folder_is_not_deleted(
    app: Flask, exported: Path, tmp_path: Path, name: str
) -> None:
    place_file(tmp_path / "precious")
    (exported / "elsewhere").symlink_to(tmp_path)
    with (exported / "SHA256SUMS").open("a") as manifest:
        manifest.write(f"{'0' * 64}  {name.format(tmp_path=tmp_path)}\n")
    assert export(app, exported).exit_code == 0
    assert (tmp_path / "precious").read_text() == "precious"


def test_a_linked_folder_is_not_written_into(folder: Path, tmp_path: Path) -> None:
    app = create_app()
    app.add_url_rule("/deep/new.txt", "new", lambda: "new")
    folder.mkdir()
    (folder / "deep").symlink_to(tmp_path)
    assert_one_line(
        export(app, folder),
        f"{folder}: holds deep/new.txt, which no export wrote; {TAKEN_FIX}",
    )
    assert not (tmp_path / "new.txt").exists()


# The folder itself


@pytest.mark.parametrize("name", ["", " "])
def test_a_blank_name_is_rejected(app: Flask, name: str) -> None:
    assert_one_line(
        export(app, name),
        "flask export: the folder's name is empty; write flask export public",
    )
    assert not Path(name, "index.html").exists()


def test_a_whole_disk_is_rejected(app: Flask, tmp_path: Path) -> None:
    assert_one_line(
        export(app, "/"), "/: this is a whole disk; name a folder on it, /public"
    )
    link = tmp_path / "link"
    link.symlink_to("/proc")
    assert_one_line(
        export(app, link),
        f"{link}: this is a whole disk; name a folder on it, {link}/public",
    )


def test_a_name_that_is_not_a_folder_is_rejected(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "file"
    place_file(file)
    broken_link = tmp_path / "link"
    broken_link.symlink_to("nowhere")
    reasons = {
        file: "File exists",
        file / "deep": "Not a directory",
        broken_link: "File exists",
    }
    for path, reason in reasons.items():
        assert_one_line(export(app, path), f"{path}: {reason}; {FOLDER_FIX}")


def test_an_export_without_its_statement_json_is_not_replaced(
    edited_app: Flask, exported: Path, tmp_path: Path
) -> None:
    folder = exported.rename(tmp_path / "my site")
    (folder / "statement.json").unlink()
    before = contents(folder)
    result = export(edited_app, folder)
    command = f"flask export --unpublished '{folder}'"
    assert_one_line(
        result,
        f"{folder}/statement.json: the record of the published edition is missing; "
        "put the file back or, if no one can have linked to the page yet, "
        f"run {command}",
    )
    assert contents(folder) == before
    _, *arguments = shlex.split(command)
    assert edited_app.test_cli_runner().invoke(args=arguments).exit_code == 0


# Two exports at once


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
        flask_command("export", str(exported)),
        cwd=ROOT,
        env=environment(FLASK_STATEMENT=str(edited_statement)),
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: is_waiting_for_a_lock(second), "the second export waits")
    assert contents(exported) == before
    os.close(descriptor)
    second.communicate(timeout=TIMEOUT)
    assert second.returncode == 0
    assert contents(exported) == contents(tmp_path / "edited")


# Exports that fail or are interrupted


def test_without_the_rights_to_write_the_old_export_stays(
    exported: Path, edited_statement: Path
) -> None:
    before = contents(exported)
    exported.chmod(0o555)
    settings = {"FLASK_STATEMENT": str(edited_statement)}
    result = run_export(exported, without_rights(), **settings)
    exported.chmod(0o755)
    assert_one_line(result, f"{exported}: Permission denied; {FOLDER_FIX}")
    assert contents(exported) == before


def test_without_room_for_a_file_the_old_export_stays(
    exported: Path, edited_statement: Path
) -> None:
    before = contents(exported)
    settings = {"FLASK_STATEMENT": str(edited_statement)}
    result = run_export(exported, with_file_size_limit(10_000), **settings)
    assert_one_line(result, f"{exported}: File too large; {FOLDER_FIX}")
    assert contents(exported) == before


class CallCounter:
    """Count the calls of some methods of Path, and let one of them fail."""

    def __init__(self, failing_call: int, error: BaseException) -> None:
        self.calls = 0
        self.failing_call = failing_call
        self.error = error

    @property
    def has_failed(self) -> bool:
        return self.calls >= self.failing_call

    def wrap(self, method: Callable[..., object]) -> Callable[..., object]:
        def wrapper(*arguments: object, **options: object) -> object:
            self.calls += 1
            if self.calls == self.failing_call:
                raise self.error
            return method(*arguments, **options)

        return wrapper


@contextmanager
def failing(
    failing_call: int, error: BaseException, *methods: str
) -> Iterator[CallCounter]:
    """Let one call of these methods of Path fail."""
    counter = CallCounter(failing_call, error)
    with pytest.MonkeyPatch.context() as patch:
        for name in methods:
            patch.setattr(Path, name, counter.wrap(getattr(Path, name)))
        yield counter


def test_if_the_disk_is_full_at_any_file_the_old_export_stays(
    app: Flask, edited_app: Flask, exported: Path, tmp_path: Path
) -> None:
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    for number in count(1):
        folder = tmp_path / str(number)
        export(app, folder)
        with failing(number, error, "write_bytes") as counter:
            result = export(edited_app, folder)
        if not counter.has_failed:
            break
        assert_one_line(result, f"{folder}: No space left on device; {FOLDER_FIX}")
        assert contents(folder) == contents(exported)
    assert number > 5


class InterruptedExportError(BaseException):
    """The process ends, as after SIGKILL: nothing in it catches this."""


def interrupted_export(app: Flask, folder: Path, number: int) -> bool:
    """Export until the given step, and return whether there was such a step."""
    steps = ("mkdir", "write_bytes", "replace", "unlink", "rmdir")
    with pytest.MonkeyPatch.context() as patch:
        # A process that was killed deletes nothing.
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with failing(number, InterruptedExportError(), *steps) as counter:
            with suppress(InterruptedExportError):
                export(app, folder)
            return counter.has_failed


def test_a_first_export_that_was_interrupted_anywhere_can_be_run_again(
    app: Flask, edited_app: Flask, exported: Path, tmp_path: Path
) -> None:
    for number in count(1):
        folder = tmp_path / str(number)
        was_interrupted = interrupted_export(edited_app, folder, number)
        assert export(app, folder).exit_code == 0
        assert contents(folder) == contents(exported)
        if not was_interrupted:
            break
    assert number > 20


def test_a_later_export_that_was_interrupted_anywhere_can_be_run_again(
    app: Flask, edited_app: Flask, exported: Path, tmp_path: Path
) -> None:
    richer = create_app()
    richer.add_url_rule("/deep/old.txt", "old", lambda: "old")
    for number in count(1):
        folder = tmp_path / str(number)
        export(richer, folder)
        (folder / "index.html").write_text("defaced")
        was_interrupted = interrupted_export(edited_app, folder, number)
        assert export(app, folder).exit_code == 0
        files = contents(folder)
        files.pop("deep", None)  # an empty folder may stay
        assert files == contents(exported)
        if not was_interrupted:
            break
    assert number > 20
