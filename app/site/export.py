"""`flask export FOLDER`: the whole site as files that any web host can serve."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo

from app.errors import ContentError
from app.site.published import check
from app.site.ready import gzipped, render_site

# Names what an export wrote, so that the next may replace it and nothing else; `sha256sum -c` reads it.
LIST = "SHA256SUMS"
EVERY_LIST_NAMES = {
    "index.html",
    "404.html",
    "_headers",
}  # another list of sums is not ours
# Where files are written before they are moved to their places; on the same disk, so that a move is whole.
UNFINISHED = ".export-unfinished"


@click.command("export")
@click.argument("folder")
@click.option(
    "--unpublished",
    is_flag=True,
    help="Replace an edition to which nobody can have linked yet.",
)
@click.pass_obj
def export_command(flask: ScriptInfo, folder: str, unpublished: bool) -> None:
    """Write the whole site into FOLDER, as files that any web host can serve."""
    if not folder.strip():
        raise ContentError.at(
            "flask export", "the folder's name is empty", "write flask export public"
        )
    if os.path.ismount(os.path.realpath(folder)):
        raise ContentError.at(
            folder,
            "this is a whole disk",
            f"name a folder on it, {Path(folder, 'public')}",
        )
    files = _files(flask.load_app())
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with _alone_in(Path(folder)):
            changed = _bring(Path(folder), files, unpublished)
    except OSError as error:
        raise ContentError.at(
            folder, error.strerror or str(error), "name a folder that can be written"
        ) from None
    for name in changed:
        click.echo(f"{len(files[name]):>9,} bytes  {name}")
    click.echo(f"{len(changed)} of {len(files)} files written to {folder}")


def _files(app: Flask) -> dict[str, bytes]:
    """Return the bytes of every file of the export by its path in the folder, with `.gz` beside what compresses."""
    site = render_site(app)
    found, missing = site.routes, site.not_found
    files = {}
    for address, answer in {**found, "/404.html": missing}.items():
        name = f"{address}index.html"[1:] if address.endswith("/") else address[1:]
        files[name] = answer.data
        if packed := gzipped(answer.data):
            files[f"{name}.gz"] = packed
    shared = set(missing.headers.items()).intersection(
        *(answer.headers.items() for answer in found.values())
    )
    told = {"answers": found, "missing": missing, "shared": dict(sorted(shared))}
    files |= {
        name: app.jinja_env.get_template(name).render(told).encode()
        for name in ("_headers", "_nginx.conf")
    }
    files[LIST] = "".join(
        f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)
    ).encode()
    return dict(sorted(files.items()))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other export writes into `folder`, and let the others wait.

    The lock is on the folder itself, so that nothing is left when the process ends.
    """
    import fcntl  # Windows has none, and serves the page all the same

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _bring(folder: Path, files: dict[str, bytes], unpublished: bool) -> list[str]:
    """Let `folder` hold `files` and nothing else of earlier exports; return the names of what had changed.

    Where it raises, the old export is as it was or, where a file could not be moved, can be run again.
    """
    shutil.rmtree(
        folder / UNFINISHED, ignore_errors=True
    )  # of an export that was cut short
    owned, earlier = _owned(folder), folder / "statement.json"
    others = {*files, UNFINISHED} - owned
    if taken := sorted(
        name
        for name in others
        if os.path.lexists(folder / name) or not _is_below(folder, name)
    ):
        written = f"holds {', '.join(taken)}, which no export wrote"
        raise ContentError.at(
            str(folder), written, "move that away, or name another folder"
        )
    if not earlier.exists() and owned - {LIST} and not unpublished:
        remedy = "put it back, or, where nobody can have linked to the page yet, run flask export --unpublished FOLDER"
        raise ContentError.at(
            str(earlier), "is gone, which says what was published", remedy
        )
    if earlier.name in owned and not unpublished:
        for warning in check(
            earlier.read_bytes(), str(earlier), json.loads(files[earlier.name])
        ):
            click.echo(warning, err=True)
    changed = {
        name: body for name, body in files.items() if _read(folder / name) != body
    }
    if changed or owned - files.keys():
        _replace(folder, changed, owned - files.keys())
    return list(changed)


def _owned(folder: Path) -> set[str]:
    """Return what is still there of what the last export listed."""
    listed = (_read(folder / LIST) or b"").decode(errors="replace")
    names = {line[66:] for line in listed.splitlines()} | {LIST}
    if not names >= EVERY_LIST_NAMES:
        return set()
    stand = {
        name
        for name in names
        if (folder / name).is_file() or (folder / name).is_symlink()
    }
    return {name for name in stand if _is_below(folder, name)}


def _replace(folder: Path, changed: dict[str, bytes], obsolete: set[str]) -> None:
    """Take away what is `obsolete`, and move the `changed` files, all of them written before, to their places."""
    unfinished = folder / UNFINISHED
    try:
        for name, body in changed.items():
            (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).write_bytes(body)
        # Whatever stands there is on a list all the while: what is cut short can be run again.
        for name in sorted(obsolete, reverse=True):
            (folder / name).unlink()
            with suppress(OSError):  # it holds something else
                (folder / name).parent.rmdir()
        # The new list first, then statement.json, so that a first export that is cut short never seems to have lost it.
        for name in sorted(
            changed, key=lambda name: (name != LIST, name != "statement.json")
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).replace(folder / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _is_below(folder: Path, name: str) -> bool:
    """Return whether no link and no dots lead from `folder` to a file elsewhere."""
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None
