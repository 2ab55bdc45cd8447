"""An export replaces no file that it cannot know as its own."""

from pathlib import Path

from flask import Flask
from servers import export


def test_a_broken_link_with_the_name_of_an_exported_file_is_not_replaced(
    app: Flask, folder: Path
) -> None:
    folder.mkdir()
    link = folder / "index.html"
    link.symlink_to("missing")
    result = export(app, folder)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {folder}: holds index.html, which no ")
    assert link.is_symlink()
    assert [*folder.iterdir()] == [link]


def test_a_file_of_checksums_that_is_not_utf_8_is_not_replaced(
    app: Flask, folder: Path
) -> None:
    folder.mkdir()
    checksums = folder / "SHA256SUMS"
    checksums.write_bytes(b"\xff\xfe")
    result = export(app, folder)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {folder}: holds SHA256SUMS, which no ")
    assert checksums.read_bytes() == b"\xff\xfe"
