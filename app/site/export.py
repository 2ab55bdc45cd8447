"""The command `flask export`."""

import os
from hashlib import sha256
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo

from app.errors import ContentError
from app.site.compression import compress
from app.site.rendering import NOT_FOUND, render_site


@click.command("export")
@click.argument("folder")
@click.option(
    "--unpublished",
    is_flag=True,
    help="Replace an edition that no one can have linked to yet.",
)
@click.pass_obj
def export_command(script: ScriptInfo, folder: str, unpublished: bool) -> None:
    """Write the site into FOLDER, as files that any web host can serve."""
    # Imported here, since a server does not need it and should start fast.
    from app.site.export_folder import lock_folder, update_folder

    _check_folder_name(folder)
    files = render_files(script.load_app())
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with lock_folder(path):
            written = update_folder(path, files, unpublished)
    except OSError as error:
        problem = error.strerror or str(error)
        fix = "name a folder that can be written"
        raise ContentError.at(folder, problem, fix) from None
    for name in written:
        click.echo(f"{len(files[name]):>9,} bytes  {name}")
    click.echo(f"{len(written)} of {len(files)} files written to {folder}")


def _check_folder_name(folder: str) -> None:
    """Raise ContentError if `folder` is an empty name or a mount point."""
    if not folder.strip():
        problem = "the folder's name is empty"
        raise ContentError.at("flask export", problem, "write flask export public")
    if os.path.ismount(os.path.realpath(folder)):
        fix = f"name a folder on it, {Path(folder, 'public')}"
        raise ContentError.at(folder, "this is a whole disk", fix)


def render_files(app: Flask) -> dict[str, bytes]:
    """Return the content of each file of the export by its path in the folder.

    A file that gzip makes smaller is followed by its compressed copy, with .gz at the
    end of its name.
    """
    from app.site.export_folder import MANIFEST

    site = render_site(app)
    files = {}
    for address, response in [*site.routes.items(), (NOT_FOUND, site.not_found)]:
        name = address.removeprefix("/")
        if address.endswith("/"):
            name += "index.html"
        body = response.get_data()
        files[name] = body
        compressed = compress(body)
        if compressed:
            files[f"{name}.gz"] = compressed
    shared = set(site.not_found.headers.items())
    for response in site.routes.values():
        shared &= set(response.headers.items())
    for name in ("_headers", "_nginx.conf"):
        text = app.jinja_env.get_template(name).render(
            routes=site.routes,
            not_found=site.not_found,
            shared=dict(sorted(shared)),  # the headers of every response
        )
        files[name] = text.encode()
    files[MANIFEST] = _manifest(files)
    return dict(sorted(files.items()))


def _manifest(files: dict[str, bytes]) -> bytes:
    """Return the checksums of all files in the form of sha256sum(1)."""
    lines = []
    for name in sorted(files):
        lines.append(f"{sha256(files[name]).hexdigest()}  {name}\n")
    return "".join(lines).encode()
