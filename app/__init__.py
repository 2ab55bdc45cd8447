"""A diplomatic statement as one page, made of one Markdown file."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from app.errors import ContentError
from app.reading.reader import read_statement
from app.site import views
from app.site.check import check_command
from app.site.export import export_command
from app.site.response_cache import ResponseCache
from app.site.site import Site
from app.web_address import is_web_address

ROOT = Path(__file__).parent.parent
STATEMENT = ROOT / "content" / "statement.md"


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Return the app.

    The settings STATEMENT and SITE_URL are in `config`, or in the environment with
    FLASK_ before their names. Raise ContentError if a setting or the statement is
    invalid.
    """
    app = Flask(__name__, root_path=str(ROOT), static_folder=None)
    app.config.from_prefixed_env()
    app.config.update(config or {})
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "undefined": StrictUndefined,
        # Each template is rendered only once: optimizing it would take longer.
        "optimized": False,
    }
    # from_prefixed_env() parses values as JSON, so a file named 5 or true is no str.
    path = Path(str(app.config.get("STATEMENT") or STATEMENT))
    site = Site(
        read_statement=partial(read_statement, path),
        static_folder=ROOT / "static",
        url=_site_url(str(app.config.get("SITE_URL") or "")),
    )
    site.load()
    views.init_app(app, site)
    if not app.debug:
        app.wsgi_app = ResponseCache(app)  # type: ignore[method-assign]
    app.cli.add_command(check_command)
    app.cli.add_command(export_command)
    return app


def _site_url(setting: str) -> str | None:
    """Return the setting with one slash at its end, or None if it is empty.

    Raise ContentError if it is not a web address, or has a query or a fragment.
    """
    if not setting:
        return None
    if not is_web_address(setting) or "?" in setting or "#" in setting:
        raise ContentError.at(
            "FLASK_SITE_URL",
            f"“{setting}” is not an http or https address",
            "write https://example.org",
        )
    return f"{setting.rstrip('/')}/"
