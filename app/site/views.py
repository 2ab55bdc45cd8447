"""The routes: what each address answers, the pages that say why there is no answer, and the headers of both."""

import json
import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.content_error import ContentError
from app.site import citation, metadata
from app.site.headers import CACHE_CONTROL, PUBLIC_DATA, meta_policy, security_headers
from app.statement import Statement

# What only the authors of a file read: comments, indentation, and in a style sheet the spaces beside its signs.
SPARE = {".css": r"/\*.*?\*/|(?<=[{};:,])\s+|;?\s+(?=[{}])", ".js": r"^//[^\n]*|\s+// [^\n]*|^\s+|\n(?=\n)|(?<=[;{])\n"}

Answer = tuple[str | bytes, dict[str, str]]  # a body and its headers, as Flask takes them
site = Blueprint("site", __name__)


def register(app: Flask, read: Callable[[], Statement], site_url: str | None) -> None:
    """Give `app` the routes of the statement that `read` returns: read once, or under --debug at each request."""

    def anew() -> dict[str, object]:
        style, script, error_style = (_text(app, name) for name in ("style.css", "script.js", "error.css"))
        texts = {"style": style, "script": script, "error_style": error_style}
        return {"statement": read(), "site_url": site_url, **texts}

    first = anew()
    app.extensions["sources"] = anew if app.debug else lambda: first
    app.register_blueprint(site)


def _text(app: Flask, name: str) -> str:
    path = Path(app.root_path, "static", name)
    return _without_spare(path.read_text("utf-8"), SPARE[path.suffix])


@lru_cache(maxsize=3)
def _without_spare(text: str, spare: str) -> str:
    return re.sub(spare, "", text, flags=re.DOTALL | re.MULTILINE)


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
    policy = meta_policy([g.sources["style"]], [g.sources["script"]])
    return render_template("statement.html", **g.sources, citation=citation, metadata=metadata, policy=policy)


@site.get("/statement.md")
def markdown() -> Answer:
    """Return the file, as it is on disk."""
    return g.sources["statement"].markdown, {"Content-Type": "text/markdown; charset=utf-8", **PUBLIC_DATA}


@site.get("/statement.json")
def data() -> Answer:
    """Return the statement as data."""
    body = json.dumps(metadata.statement_json(g.sources["statement"]), ensure_ascii=False, indent=2)
    return f"{body}\n", {"Content-Type": "application/json", **PUBLIC_DATA}


def cite(row: citation.Format) -> Answer:
    """Return the citation in one format, for a reference manager to save under a name of its own."""
    statement = g.sources["statement"]
    attachment = f'attachment; filename="{citation.key(statement)}.{row.ending}"'
    headers = {"Content-Type": row.media_type, "Content-Disposition": attachment}
    return row.write(statement, g.sources["site_url"]), headers | PUBLIC_DATA


for _row in citation.FORMATS:
    site.add_url_rule(f"/{_row.name}", _row.label, partial(cite, _row))


@site.get("/favicon.ico")
def icon() -> Answer:
    """Return the icon for browsers that draw no SVG."""
    body = Path(current_app.root_path, "static", "favicon.ico").read_bytes()
    return body, {"Content-Type": "image/vnd.microsoft.icon"}


@site.get("/robots.txt")
def robots() -> Answer:
    """Let crawlers read everything."""
    return "User-agent: *\nAllow: /\n", {"Content-Type": "text/plain; charset=utf-8"}


@site.app_errorhandler(HTTPException)
def _refuse(error: HTTPException) -> BaseResponse:
    response = error.get_response()
    sources = g.sources | {"style": g.sources["error_style"]}
    policy = meta_policy([sources["style"]], [])
    response.set_data(render_template("error.html", **sources, status=response.status_code, policy=policy))
    return response


@site.app_errorhandler(ContentError)
def _explain(error: ContentError) -> Response:
    """Show what is wrong with the file that is being edited, under --debug; otherwise no server starts with it."""
    return Response(error.message, 500, content_type="text/plain; charset=utf-8")


@site.after_app_request
def _protect(response: Response) -> Response:
    known = g.get("sources", {"style": "", "error_style": "", "script": "", "site_url": ""})
    secure = (known["site_url"] or "").startswith("https:")
    headers = security_headers([known["style"], known["error_style"]], [known["script"]], secure)
    headers["Cache-Control"] = CACHE_CONTROL if response.status_code == 200 else "no-store"
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
