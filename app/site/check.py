"""The command `flask check`."""

from pathlib import Path
from textwrap import shorten

import click
from flask import Flask
from flask.cli import ScriptInfo

from app.errors import ContentError
from app.publication import join_names
from app.site.rendering import render_site
from app.site.site import current_site

MAX_TITLE_LENGTH = 60  # of the title in the result, in characters


@click.command("check")
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    required=False,
)
@click.option(
    "--published",
    metavar="TEXT_FILE",
    help="Compare the words with the publication, copied as plain text into a file.",
)
@click.pass_obj
def check_command(script: ScriptInfo, file: str | None, published: str | None) -> None:
    """Check the statement and each response.

    With FILE, the statement.json of an earlier edition or - for standard input, also
    check that no published address or word is lost.
    """
    # Imported here, since a server does not need it and should start fast.
    from app.site.published import check

    app = script.load_app()
    site = render_site(app)
    errors: list[ContentError] = []
    with app.app_context():
        title = current_site().statement.title
    results = [f"“{shorten(title, MAX_TITLE_LENGTH, placeholder='…')}” is valid"]
    if published is not None:
        errors.extend(_compare_words(app, published))
        results.append("has only words of the publication")
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
        results.append("keeps the published addresses and words")
    if errors:
        raise ContentError.join(errors)
    click.echo(f"{join_names(results)}.")


def _compare_words(app: Flask, published: str) -> list[ContentError]:
    """Compare the words of the statement with the publication in a file.

    Print the warnings and return the errors. Raise ContentError if the file cannot be
    read.
    """
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
