"""The command `flask check`."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo

from app.errors import ContentError
from app.site.rendering import render_site
from app.site.site import current_site


@click.command("check")
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    required=False,
)
@click.option(
    "--published",
    metavar="FILE",
    help="Compare the words with the publication, copied as plain text into a file.",
)
@click.pass_obj
def check_command(script: ScriptInfo, file: str | None, published: str | None) -> None:
    """Check the statement, each response, and that it keeps all that FILE holds.

    FILE is the statement.json of an earlier edition, or - for standard input.
    """
    # Imported here, since a server does not need it and should start fast.
    from app.site.published import check

    app = script.load_app()
    site = render_site(app)
    errors: list[ContentError] = []
    message = "The statement is in order"
    if published is not None:
        errors.extend(_compare_words(app, published))
        message += ", its words are the publication's"
    if file:
        with click.open_file(file, "rb") as stream:
            earlier = stream.read()
        name = "standard input" if file == "-" else file
        new = site.routes["/statement.json"].get_json()
        try:
            warnings = check(earlier, name, new)
        except ContentError as error:
            errors.append(error)
        else:
            for warning in warnings:
                click.echo(warning, err=True)
        message += " and keeps what was published"
    if errors:
        raise ContentError.join(errors)
    click.echo(f"{message}.")


def _compare_words(app: Flask, published: str) -> list[ContentError]:
    """Print the warnings of the comparison with a publication; return its errors."""
    from app.site.compared_text import read_publication
    from app.site.word_comparison import WordComparison

    with app.app_context():
        statement = current_site().statement
    publication = read_publication(Path(published))
    errors = []
    for finding in WordComparison(statement, publication).findings:
        if finding.is_warning:
            click.echo(finding.error.message, err=True)
        else:
            errors.append(finding.error)
    return errors
