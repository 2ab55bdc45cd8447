import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from exporting import assert_one_line, contents, export, run_export
from flask import Flask

from app.site.export import UNFINISHED

REMEDY = "name an empty folder, or one that holds an earlier export alone"


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
