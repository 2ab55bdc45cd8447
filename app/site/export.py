"""`flask export FOLDER`: the whole site as files that any web host can serve."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from flask import Flask

from app.content_error import ContentError
from app.site.build import Site
from app.site.published import check

# Lists what an export wrote, so that the next one may replace it and nothing else.
MANIFEST = ".exported"
FINAL_MANIFEST = ".exported-next"
# Where files are written before they are moved to their places; on the same disk, so that a move is whole.
UNFINISHED = ".export-unfinished"


def add_export_command(app: Flask, current_site: Callable[[], Site]) -> None:
    """Add `flask export` to the commands of `app`."""

    @app.cli.command("export")
    @click.argument("folder", type=click.Path(path_type=Path))
    @click.option("--unpublished", is_flag=True, help="Replace an edition to which nobody can have linked yet.")
    def export(folder: Path, unpublished: bool) -> None:
        """Write the whole site into FOLDER, as files that any web host can serve."""
        files = exported_files(current_site())
        earlier = _read(folder / "statement.json")
        if earlier is not None and not unpublished:
            for warning in check(earlier, str(folder / "statement.json"), json.loads(files["statement.json"])):
                click.echo(warning, err=True)
        changed = export_files(files, folder)
        for name in changed:
            click.echo(f"{len(files[name]):>9,} bytes  {name}")
        kept = ", the others had not changed" if len(changed) < len(files) else ""
        click.echo(f"{len(changed)} of {len(files)} files written to {folder}{kept}")


def exported_files(site: Site) -> dict[str, bytes]:
    """Return the bytes of every file of the export by its path in the folder, with `.gz` beside what compresses."""
    answers = {address[1:] or "index.html": file for address, file in site.files.items()}
    answers["404.html"] = site.errors[404]
    files = {name: file.plain.body for name, file in answers.items()}
    files |= {f"{name}.gz": file.gzipped.body for name, file in answers.items() if file.gzipped}
    files["_headers"] = _headers(site).encode()
    return dict(sorted(files.items()))


def _headers(site: Site) -> str:
    """Return the headers in the form that Cloudflare Pages and Netlify read: a path, then its headers, indented."""
    lines = ["/*", *(f"  {name}: {value}" for name, value in site.headers.items())]
    for address, file in site.files.items():
        lines += [address, *(f"  {name}: {value}" for name, value in file.headers.items())]
    return "\n".join([*lines, ""])


def export_files(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """Bring `folder` to hold `files` and no others, and return the names of those that were new or had changed.

    All is written beside its place first, and moved there only when all of it is on the disk. Raises ContentError
    where the folder holds anything that no export wrote, or cannot be written; then the old export is as it was,
    unless a move itself fails: then running it again puts the rest right.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        owned = _owned(folder)
        changed = [name for name, body in files.items() if _read(folder / name) != body]
        cut_short = (folder / UNFINISHED).exists() or _read(folder / MANIFEST) != _list(set(files))
        if changed or cut_short:
            _replace({name: files[name] for name in changed}, owned, set(files), folder)
    except OSError as error:
        raise ContentError(str(folder), error.strerror or str(error), "name a folder that can be written") from None
    return changed


def _replace(changed: Mapping[str, bytes], owned: set[str], wanted: set[str], folder: Path) -> None:
    """Move the `changed` files to their places, all of them written before, and take away what is not `wanted`."""
    unfinished = folder / UNFINISHED
    try:
        # The list names a file before the file is there: an export that is cut short can be run again.
        _write(dict(changed) | {MANIFEST: _list(owned | wanted), FINAL_MANIFEST: _list(wanted)}, unfinished)
        for name in changed:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        for name in (MANIFEST, *changed):
            (unfinished / name).replace(folder / name)
        for name in owned - wanted:
            (folder / name).unlink()
        (unfinished / FINAL_MANIFEST).replace(folder / MANIFEST)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _owned(folder: Path) -> set[str]:
    """Return what `folder` holds, all of it written by earlier exports; raise ContentError for anything else."""
    listed = (_read(folder / MANIFEST) or b"").decode(errors="replace").split("\n")
    present = {name for name in _names(folder) if name != MANIFEST and not name.startswith(f"{UNFINISHED}/")}
    for name in sorted(present.difference(listed)):
        remedy = "name an empty folder, or one that holds an earlier export alone"
        raise ContentError(str(folder), f"holds {name}, which no export wrote", remedy)
    return present


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())


def _list(names: set[str]) -> bytes:
    return "".join(f"{name}\n" for name in sorted(names)).encode()
