"""The command `flask check`."""

import click
from flask.cli import ScriptInfo

from app.site.published import check
from app.site.rendering import render_site


@click.command("check")
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    required=False,
)
@click.pass_obj
def check_command(script: ScriptInfo, file: str | None) -> None:
    """Check the statement, each response, and that it keeps all that FILE holds.

    FILE is the statement.json of an earlier edition, or - for standard input.
    """
    app = script.load_app()
    site = render_site(app)
    if not file:
        click.echo("The statement is in order.")
        return
    with click.open_file(file, "rb") as stream:
        earlier = stream.read()
    name = "standard input" if file == "-" else file
    new = site.routes["/statement.json"].get_json()
    for warning in check(earlier, name, new):
        click.echo(warning, err=True)
    click.echo("The statement is in order and keeps what was published.")
