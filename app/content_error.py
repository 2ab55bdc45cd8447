"""How the project says that what somebody wrote cannot be used."""

import click


class ContentError(click.ClickException):
    """Three facts in one line: where it is, what is written there, and what would be right.

    Flask's command line shows it as that line, with exit status 1 and no traceback.
    """

    def __init__(self, where: str, written: str, remedy: str) -> None:
        """Keep each fact: `where` is a file and line, or a setting."""
        self.where, self.written, self.remedy = where, written, remedy
        super().__init__(f"{where}: {written}; {remedy}")
