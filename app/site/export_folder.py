"""The folder of an export.

Files that no export wrote are never changed. Each file is replaced as a whole, so that
a server never sends half of one, and an export that is interrupted anywhere can be run
again.
"""

import json
import os
import shlex
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from app.errors import ContentError
from app.site.published import check

# The checksums of all other files: the list of files that the next export may replace.
MANIFEST = "SHA256SUMS"
CHECKSUM_LENGTH = 64  # hexadecimal digits, before two spaces and the name

# A manifest without these names was written by another program.
REQUIRED_NAMES = {"index.html", "404.html", "_headers"}

EDITION = "statement.json"

# New files are written here, on the same disk, and then moved to their places.
UNFINISHED = ".export-unfinished"


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Wait until no other export writes into `folder`, and keep others waiting.

    The lock is on the folder itself, so that nothing is left when the process ends.
    """
    import fcntl  # Windows has no such module, but all other commands work there

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def update_folder(
    folder: Path, files: dict[str, bytes], unpublished: bool
) -> list[str]:
    """Make `folder` contain `files` and no other file of an earlier export.

    Return the names of the files that were written. Raise ContentError if a name is
    taken or, unless `unpublished`, if the new edition loses an address or words.
    """
    shutil.rmtree(folder / UNFINISHED, ignore_errors=True)  # of an interrupted export
    owned = _owned_files(folder)
    _check_names(folder, {*files, UNFINISHED} - owned)
    if not unpublished:
        _check_edition(folder, files[EDITION], owned)
    changed = {}
    for name, body in files.items():
        if _read_if_file(folder / name) != body:
            changed[name] = body
    obsolete = owned - files.keys()
    if changed or obsolete:
        _replace(folder, changed, obsolete)
    return list(changed)


def _owned_files(folder: Path) -> set[str]:
    """Return the names of the files in `folder` that its manifest lists."""
    manifest = _read_if_file(folder / MANIFEST) or b""
    names = {MANIFEST}
    for line in manifest.decode(errors="replace").splitlines():
        names.add(line[CHECKSUM_LENGTH + 2 :])
    if not names >= REQUIRED_NAMES:
        return set()
    owned = set()
    for name in names:
        path = folder / name
        if _is_below(folder, name) and (path.is_file() or path.is_symlink()):
            owned.add(name)
    return owned


def _check_names(folder: Path, names: Iterable[str]) -> None:
    """Raise ContentError if one of these names is taken or leads elsewhere."""
    taken = []
    for name in sorted(names):
        if os.path.lexists(folder / name) or not _is_below(folder, name):
            taken.append(name)
    if taken:
        problem = f"holds {', '.join(taken)}, which no export wrote"
        fix = "move that away, or name another folder"
        raise ContentError.at(str(folder), problem, fix)


def _check_edition(folder: Path, new: bytes, owned: set[str]) -> None:
    """Compare the new edition with the one in `folder`, if there is one.

    Print warnings. Raise ContentError if an address or published words are lost.
    """
    earlier = folder / EDITION
    if EDITION in owned:
        warnings = check(earlier.read_bytes(), str(earlier), json.loads(new))
        for warning in warnings:
            click.echo(warning, err=True)
    elif owned - {MANIFEST}:  # alone, it is from an interrupted first export
        problem = "the record of the published edition is missing"
        fix = (
            "put the file back or, if no one can have linked to the page yet, "
            f"run flask export --unpublished {shlex.quote(str(folder))}"
        )
        raise ContentError.at(str(earlier), problem, fix)


def _replace(folder: Path, changed: dict[str, bytes], obsolete: set[str]) -> None:
    """Delete the obsolete files, and replace the changed ones by new ones.

    All new files are written first. At each moment all files in the folder are in the
    manifest, so that an export after an interrupted one can replace them.
    """
    unfinished = folder / UNFINISHED
    try:
        for name, body in changed.items():
            (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).write_bytes(body)
        for name in obsolete:
            (folder / name).unlink()
            with suppress(OSError):  # the folder is not empty
                (folder / name).parent.rmdir()
        for name in sorted(changed, key=_move_order):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).replace(folder / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _move_order(name: str) -> int:
    """Return the sort key that puts the manifest first, then statement.json.

    If an export is interrupted between the manifest and statement.json, the next one
    reports statement.json as missing. No file may come between them.
    """
    if name == MANIFEST:
        return 0
    if name == EDITION:
        return 1
    return 2


def _is_below(folder: Path, name: str) -> bool:
    """Return whether `name` is in `folder`, without links that lead elsewhere."""
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())


def _read_if_file(path: Path) -> bytes | None:
    """Return the content of a file, or None for a link, a folder or nothing."""
    if path.is_symlink() or not path.is_file():
        return None
    return path.read_bytes()
