"""How tests export the site, and what they then find in a folder."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from click.testing import Result
from flask import Flask
from servers import run_flask

Contents = dict[str, bytes | str | None]


def export(app: Flask, folder: Path | str, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["export", *options, str(folder)])


def run_export(
    folder: Path, before: Sequence[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    return run_flask("export", str(folder), before=before, **settings)


def contents(folder: Path) -> Contents:
    """Return everything below the folder: a file's bytes, where a link leads, None for anything else."""
    return {
        path.relative_to(folder).as_posix(): content(path) for path in folder.rglob("*")
    }


def content(path: Path) -> bytes | str | None:
    if path.is_symlink():
        return str(path.readlink())
    return path.read_bytes() if path.is_file() else None


def assert_one_line(
    result: Result | subprocess.CompletedProcess[str], line: str
) -> None:
    status = result.exit_code if isinstance(result, Result) else result.returncode
    assert (status, result.stdout, result.stderr) == (1, "", f"Error: {line}\n")
