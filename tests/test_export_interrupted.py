import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from exporting import assert_one_line, contents, export, files_in, run_export
from flask import Flask
from servers import with_files_of_at_most, without_rights
from site_files import MEDIA_TYPES

from app.site.export import UNFINISHED, export_files


@pytest.fixture
def read_only(exported: Path) -> Iterator[Path]:
    exported.chmod(0o555)
    yield exported
    exported.chmod(0o755)


def test_a_read_only_folder_is_told_in_one_line_and_keeps_the_old_export(
    read_only: Path, edited_statement: Path
) -> None:
    before = contents(read_only)
    result = run_export(read_only, without_rights(), FLASK_STATEMENT=str(edited_statement))
    assert_one_line(result, f"{read_only}: Permission denied; name a folder that can be written")
    assert contents(read_only) == before


def test_a_folder_inside_a_read_only_folder_is_told_in_one_line(read_only: Path) -> None:
    new = read_only / "new"
    result = run_export(new, without_rights())
    assert_one_line(result, f"{new}: Permission denied; name a folder that can be written")


def test_a_disk_that_ends_in_the_middle_of_the_page_is_told_in_one_line_and_keeps_the_old_export(
    exported: Path, edited_statement: Path
) -> None:
    assert (exported / "index.html").stat().st_size > 10_000
    before = contents(exported)
    result = run_export(exported, with_files_of_at_most(10_000), FLASK_STATEMENT=str(edited_statement))
    assert_one_line(result, f"{exported}: File too large; name a folder that can be written")
    assert contents(exported) == before


def test_a_first_export_that_finds_the_disk_full_leaves_no_file(folder: Path) -> None:
    result = run_export(folder, with_files_of_at_most(10_000))
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
    assert call > 3 * len(MEDIA_TYPES)


def test_what_an_unfinished_export_left_is_not_exported(app: Flask, exported: Path) -> None:
    before = contents(exported)
    (exported / UNFINISHED / "static").mkdir(parents=True)
    (exported / UNFINISHED / "static" / "half").write_text("half")
    assert export(app, exported).exit_code == 0
    assert contents(exported) == before
