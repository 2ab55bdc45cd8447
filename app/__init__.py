"""One diplomatic statement as one page: `create_app` reads it, makes the site once, and serves it."""

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

from flask import Flask

from app.content_error import ContentError
from app.reading.reader import read_statement
from app.site.build import ROOT, STATIC, TEMPLATES, Site, build_site
from app.site.export import add_export_command
from app.site.published import add_check_command
from app.site.serve import add_serve_command
from app.site.web import register
from app.web_address import is_web_address

STATEMENT = ROOT / "content" / "statement.md"


def create_app() -> Flask:
    """Return the app; raises ContentError where the statement or a setting cannot be used."""
    app = Flask(__name__, static_folder=None)
    app.config.from_prefixed_env()
    path = Path(str(app.config.get("STATEMENT") or STATEMENT))
    site_url = _site_url(app.config.get("SITE_URL"))
    site = build_site(read_statement(path), site_url)
    current_site = _following(path, site_url) if app.debug else lambda: site
    register(app, current_site)
    add_export_command(app, current_site)
    add_check_command(app)
    add_serve_command(app, partial(app_of, site))
    return app


def app_of(site: Site) -> Flask:
    """Return an app that answers with `site` and reads nothing: what each worker of `flask serve` runs."""
    app = Flask(__name__, static_folder=None)
    register(app, lambda: site)
    return app


def _following(path: Path, site_url: str | None) -> Callable[[], Site]:
    """Return what makes the site anew whenever a file that it is made of has changed."""

    @lru_cache(maxsize=1)
    def build(_changes: tuple[float, ...]) -> Site:
        return build_site(read_statement(path), site_url)

    def changes() -> tuple[float, ...]:
        files = [path, *TEMPLATES.iterdir(), *STATIC.iterdir()]
        return tuple(file.stat().st_mtime if file.exists() else 0 for file in files)

    return lambda: build(changes())


def _site_url(value: object) -> str | None:
    """Return the site's own address, ending in a slash."""
    if value in (None, ""):
        return None
    if not is_web_address(str(value)) or "?" in str(value) or "#" in str(value):
        raise ContentError("FLASK_SITE_URL", f"“{value}” is not an http or https address", "write https://example.org")
    return str(value).rstrip("/") + "/"
