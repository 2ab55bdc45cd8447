"""One diplomatic statement as one page: `create_app` reads it and makes the site that shows it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from app.errors import ContentError
from app.reading.reader import read_statement
from app.site.check import check_command
from app.site.export import export_command
from app.site.ready import Ready
from app.site.views import register
from app.web_address import is_web_address

ROOT = Path(__file__).parent.parent
STATEMENT = ROOT / "content" / "statement.md"


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Return the app; raises ContentError where the statement or a setting cannot be used.

    Settings come from `config` or, with FLASK_ before their names, from the environment: STATEMENT and SITE_URL.
    """
    app = Flask(__name__, root_path=str(ROOT), static_folder=None)
    app.config.from_prefixed_env()
    app.config.update(config or {})
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "undefined": StrictUndefined,
    }
    app.jinja_options["optimized"] = (
        False  # each page is rendered once: folding constants takes longer than it saves
    )
    url = str(app.config.get("SITE_URL") or "")
    if url and (not is_web_address(url) or "?" in url or "#" in url):
        raise ContentError.at(
            "FLASK_SITE_URL",
            f"“{url}” is not an http or https address",
            "write https://example.org",
        )
    read = partial(read_statement, Path(app.config.get("STATEMENT") or STATEMENT))
    register(app, read, f"{url.rstrip('/')}/" if url else None)
    if not app.debug:
        app.wsgi_app = Ready(app)  # type: ignore[method-assign]  # as Flask's documentation has it
    for command in (export_command, check_command):
        app.cli.add_command(command)
    return app
