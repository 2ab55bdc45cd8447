"""The content of the site."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import current_app

from app.statement import Statement


@dataclass
class Site:
    """The statement, and the files of which every page contains a copy."""

    read_statement: Callable[[], Statement]
    static_folder: Path
    url: str | None  # the address of the site, with a slash at its end
    statement: Statement = field(init=False)
    style: str = field(init=False)
    script: str = field(init=False)

    def load(self) -> None:
        """Read the files. Raise ContentError if the statement is invalid."""
        self.statement = self.read_statement()
        self.style = (self.static_folder / "style.css").read_text("utf-8")
        self.script = (self.static_folder / "script.js").read_text("utf-8")

    @property
    def is_https(self) -> bool:
        """Return whether the site is known to have an https address."""
        return self.url is not None and self.url.lower().startswith("https:")


def current_site() -> Site:
    """Return the site of the current application."""
    return cast(Site, current_app.extensions["site"])
