"""The routes: what each address answers, the pages that say why there is no answer, and the headers of both."""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.content_error import ContentError
from app.site import citation, metadata
from app.site.citation import FORMATS, Format
from app.site.headers import CACHE_CONTROL, PUBLIC_DATA, meta_policy, security_headers
from app.statement import Statement

# What an error page says, in plain words; an error that is not named here is told as 400 or 500.
ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("This request cannot be answered", "Something in it is not as a browser would send it."),
    404: ("There is no page here", "The address may have been cut or mistyped."),
    405: ("This page can only be read", "Nothing can be sent to it or changed on it."),
    500: ("Something went wrong here", "It is the server's fault, not yours. Please try again in a minute."),
}

# What only the authors of a file read: comments, indentation, and in a style sheet the spaces beside its signs.
SPARE = {".css": r"/\*.*?\*/|(?<=[{};:,])\s+|;?\s+(?=[{}])", ".js": r"^//[^\n]*|\s+// [^\n]*|^\s+|\n(?=\n)|(?<=[;{])\n"}

site = Blueprint("site", __name__)


class Sources(NamedTuple):
    """A statement, the site's own address where it is known, and the texts that stand inside the pages."""

    statement: Statement
    url: str | None
    style: str
    script: str
    error_style: str


def register(app: Flask, read: Callable[[], Statement], site_url: str | None) -> None:
    """Give `app` the routes of the statement that `read` returns: read once, or under --debug at each request."""

    def anew() -> Sources:
        names = ("style.css", "script.js", "error.css")
        return Sources(read(), site_url, *(_text(Path(app.root_path, "static", name)) for name in names))

    first = anew()
    app.extensions["sources"] = anew if app.debug else lambda: first
    app.register_blueprint(site)


@site.before_app_request
def _begin() -> Response | None:
    g.sources = current_app.extensions["sources"]()
    path = request.environ.get("PATH_INFO", "")
    if path.startswith("//"):  # Werkzeug's routing would take it for an address with one slash
        abort(404)
    if path:
        return None
    # Mounted below a path, without the slash at its end. Werkzeug would lead to where the Host header says.
    mounted_at = quote(request.script_root.rpartition("/")[2])
    return Response(status=308, headers={"Location": f"./{mounted_at}/" if mounted_at else "/"})


@site.get("/")
def page() -> str:
    """Return the statement's page."""
    statement, url, style, script, _ = g.sources
    key = citation.key(statement)
    return render_template(
        "statement.html",
        statement=statement,
        publication=statement.publication,
        description=metadata.description(statement),
        json_ld=metadata.json_ld(statement, url),
        citation=citation.chicago(statement),
        formats=[row._asdict() | {"name": row.name, "download_name": f"{key}.{row.ending}"} for row in FORMATS],
        site_url=url,
        style=style,
        script=script,
        policy=meta_policy([style], [script]),
    )


@site.get("/statement.md")
def markdown() -> Response:
    """Return the file, as it is on disk."""
    return _file(g.sources.statement.markdown, "text/markdown; charset=utf-8", **PUBLIC_DATA)


@site.get("/statement.json")
def data() -> Response:
    """Return the statement as data."""
    return _file(metadata.statement_json(g.sources.statement), "application/json", **PUBLIC_DATA)


def cite(row: Format) -> Response:
    """Return the citation in one format, for a reference manager to save under a name of its own."""
    statement, url, *_ = g.sources
    download = {"Content-Disposition": f'attachment; filename="{citation.key(statement)}.{row.ending}"'}
    return _file(row.write(statement, url), row.media_type, **PUBLIC_DATA, **download)


for _row in FORMATS:
    site.add_url_rule(f"/{_row.name}", _row.label, partial(cite, _row))


@site.get("/favicon.ico")
def icon() -> Response:
    """Return the icon for browsers that draw no SVG."""
    return _file(Path(current_app.root_path, "static", "favicon.ico").read_bytes(), "image/vnd.microsoft.icon")


@site.get("/robots.txt")
def robots() -> Response:
    """Let crawlers read everything."""
    return _file("User-agent: *\nAllow: /\n", "text/plain; charset=utf-8")


@site.app_errorhandler(HTTPException)
def _refuse(error: HTTPException) -> BaseResponse:
    response, style = error.get_response(), g.sources.error_style
    title, advice = ERRORS.get(response.status_code) or ERRORS[500 if response.status_code >= 500 else 400]
    words = {"title": title, "advice": advice, "site_url": g.sources.url}
    response.set_data(render_template("error.html", **words, style=style, policy=meta_policy([style], [])))
    return response


@site.app_errorhandler(ContentError)
def _explain(error: ContentError) -> Response:
    """Show what is wrong with the file that is being edited, under --debug; otherwise no server starts with it."""
    return Response(error.message, 500, content_type="text/plain; charset=utf-8")


@site.after_app_request
def _protect(response: Response) -> Response:
    _, url, style, script, error_style = g.get("sources") or (None, None, "", "", "")
    headers = security_headers([style, error_style], [script], secure=(url or "").startswith("https:"))
    headers["Cache-Control"] = CACHE_CONTROL if response.status_code == 200 else "no-store"
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _text(path: Path) -> str:
    return re.sub(SPARE[path.suffix], "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def _file(content: object, media_type: str, **headers: str) -> Response:
    """Return what is text or bytes as it is, and data as JSON."""
    body = content if isinstance(content, str | bytes) else json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return Response(body, headers={"Content-Type": media_type, **headers})
