"""`flask export FOLDER`: the whole site as files that any web host can serve."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import click
from flask import Flask, render_template

from app.content_error import ContentError
from app.site.headers import HEADER_ONLY_POLICY
from app.site.published import check
from app.site.ready import answers, ask

# Names what an export wrote, so that the next may replace it and nothing else; `sha256sum -c` reads it.
LIST, FORMER_LIST = "SHA256SUMS", ".exported"
EVERY_LIST_NAMES = {"index.html", "404.html", "_headers"}  # another list of sums is not ours
# Where files are written before they are moved to their places; on the same disk, so that a move is whole.
UNFINISHED = ".export-unfinished"


def add_export_command(app: Flask) -> None:
    """Add `flask export` to the commands of `app`."""

    @app.cli.command("export")
    @click.argument("folder")
    @click.option("--unpublished", is_flag=True, help="Replace an edition to which nobody can have linked yet.")
    def export(folder: str, unpublished: bool) -> None:
        """Write the whole site into FOLDER, as files that any web host can serve."""
        if not folder.strip():
            raise ContentError("flask export", "the folder's name is empty", "write flask export public")
        if os.path.ismount(os.path.realpath(folder)):
            raise ContentError(folder, "this is a whole disk", f"name a folder on it, {Path(folder, 'public')}")
        files = exported_files(app)
        changed = export_files(files, Path(folder), unpublished)
        for name in changed:
            click.echo(f"{len(files[name]):>9,} bytes  {name}")
        click.echo(f"{len(changed)} of {len(files)} files written to {folder}")


def exported_files(app: Flask) -> dict[str, bytes]:
    """Return the bytes of every file of the export by its path in the folder, with `.gz` beside what compresses."""
    found, missing = answers(app), ask(app, "/404.html")
    named = {f"{address}index.html"[1:] if address.endswith("/") else address[1:]: found[address] for address in found}
    named["404.html"] = missing
    files = {name: answer.plain.body for name, answer in named.items()}
    files |= {f"{name}.gz": answer.gzipped.body for name, answer in named.items() if answer.gzipped}
    everywhere = set(missing.headers.items()).intersection(*(answer.headers.items() for answer in found.values()))
    shared = {name: value for name, value in missing.headers.items() if (name, value) in everywhere}
    told = {"answers": found, "missing": missing, "shared": shared, "policy": HEADER_ONLY_POLICY}
    files |= {name: render_template(name, **told).encode() for name in ("_headers", "_nginx.conf")}
    files[LIST] = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
    return dict(sorted(files.items()))


def export_files(files: Mapping[str, bytes], folder: Path, unpublished: bool) -> list[str]:
    """Bring `folder` to hold `files`, and nothing else of an earlier export; return the names of what had changed.

    Raises ContentError where another export is at work there, where somebody else's file has a name of the export,
    where the earlier export promised what this one breaks (unless it is `unpublished`), or where the folder cannot be
    written; then the old export is as it was, or, where a move failed, can be run again.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(folder):
            owned = _owned(folder)
            if taken := sorted(name for name in (*files, UNFINISHED) if _is_taken(folder, name, owned)):
                written = f"holds {', '.join(taken)}, which no export wrote"
                raise ContentError(str(folder), written, "move that away, or name another folder")
            if not unpublished and "statement.json" in owned:
                _keep_published(folder / "statement.json", files["statement.json"])
            changed = {name: body for name, body in files.items() if _read(folder / name) != body}
            obsolete = owned.difference(files)
            if changed or obsolete or (folder / UNFINISHED).exists():
                _replace(changed, files[LIST], obsolete, folder)
    except OSError as error:
        raise ContentError(str(folder), error.strerror or str(error), "name a folder that can be written") from None
    return list(changed)


def _keep_published(earlier: Path, new: bytes) -> None:
    for warning in check(earlier.read_bytes(), str(earlier), json.loads(new)):
        click.echo(warning, err=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other exports out: a lock on the folder itself leaves nothing behind and ends with the process."""
    import fcntl  # Windows has none, and serves the page all the same

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ContentError(str(folder), "another export is writing here", "run it again when that has ended") from None
    finally:
        os.close(descriptor)


def _owned(folder: Path) -> set[str]:
    """Return what is still there of what earlier exports listed as theirs."""
    listed, former = ((_read(folder / name) or b"").decode(errors="replace") for name in (LIST, FORMER_LIST))
    names = {line[66:] for line in listed.splitlines()}.union(former.splitlines())
    if not names >= EVERY_LIST_NAMES:
        return set()
    names |= {LIST, FORMER_LIST} if former else {LIST}
    return {name for name in names if _is_below(folder, name) and _is_file(folder / name)}


def _is_taken(folder: Path, name: str, owned: set[str]) -> bool:
    if name == UNFINISHED:  # a folder is one of an export that was cut short
        return _is_file(folder / name)
    return not _is_below(folder, name) or (os.path.lexists(folder / name) and name not in owned)


def _replace(changed: Mapping[str, bytes], listing: bytes, obsolete: set[str], folder: Path) -> None:
    """Move the `changed` files to their places, all of them written before, and take away what is `obsolete`."""
    unfinished, first = folder / UNFINISHED, f"{LIST}.first"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        # The list names a file before the file is there: an export that is cut short can be run again.
        still_there = "".join(f"{'0' * 64}  {name}\n" for name in obsolete).encode()
        _write({**changed, LIST: listing, first: listing + still_there}, unfinished)
        (unfinished / first).replace(folder / LIST)
        for name in changed.keys() - {LIST}:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).replace(folder / name)
        for name in obsolete:
            (folder / name).unlink()
            with suppress(OSError):  # it holds something else
                (folder / name).parent.rmdir()
        (unfinished / LIST).replace(folder / LIST)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())


def _is_below(folder: Path, name: str) -> bool:
    """Return whether no link and no dots lead from `folder` to a file elsewhere."""
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())


def _is_file(path: Path) -> bool:
    return path.is_file() or path.is_symlink()


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None
