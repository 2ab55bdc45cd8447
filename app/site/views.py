"""The routes: what each address answers, the pages that say why there is no answer, and the headers of both."""

import json
from collections.abc import Callable
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    render_template,
    request,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.anchor import Anchor
from app.errors import ContentError
from app.publication import join_names
from app.site import citation, language, metadata, quotation_marks
from app.site.attribution import attribution
from app.site.headers import CACHE_CONTROL, PUBLIC_DATA, policy, security_headers
from app.site.ready import gzipped, prefers_gzip
from app.statement import Statement

Answer = tuple[
    str | bytes, dict[str, str]
]  # a body and its headers, as Flask takes them
site = Blueprint("site", __name__)
# What templates may ask of a value, by name.
FILTERS: tuple[Callable[..., object], ...] = (
    *(
        citation.key,
        citation.sentence,
        metadata.description,
        metadata.json_ld,
        join_names,
        attribution,
    ),
    *(language.is_right_to_left, language.language_name),
    *(quotation_marks.has_curly_marks, quotation_marks.nested),
    *(language.written_date, language.written_day, language.written_days),
)
for _filter in FILTERS:
    site.add_app_template_filter(_filter)
site.add_app_template_filter(Anchor.parse, "anchor")
site.add_app_template_filter(partial(json.dumps, ensure_ascii=False), "json")
site.add_app_template_filter(methodcaller("translate", citation.TEX), "tex")
site.app_context_processor(lambda: g.known)


def register(app: Flask, read: Callable[[], Statement], site_url: str | None) -> None:
    """Give `app` the routes of the statement that `read` returns: read once, or under --debug at each request."""

    def gather() -> dict[str, Any]:
        statement, static = read(), Path(app.root_path, "static")
        return {
            "statement": statement,
            "publication": statement.publication,
            "style": (static / "style.css").read_text("utf-8"),
            "script": (static / "script.js").read_text("utf-8"),
            "site_url": site_url,
            "formats": citation.FORMATS,
            "policy": policy,
        }

    app.extensions["known"] = gather(), gather
    app.register_blueprint(site)


@site.before_app_request
def _begin() -> Response | None:
    g.known, anew = current_app.extensions["known"]
    if current_app.debug:
        g.known = anew()
    path = request.environ.get("PATH_INFO", "")
    if path.startswith(
        "//"
    ):  # Werkzeug's routing would take it for an address with one slash
        abort(404)
    if path:
        return None
    # Mounted below a path, without the slash at its end. Werkzeug would lead to where the Host header says.
    mounted_at = quote(request.script_root.rpartition("/")[2])
    return Response(
        status=308, headers={"Location": f"./{mounted_at}/" if mounted_at else "/"}
    )


@site.get("/")
def page() -> str:
    """Return the statement's page."""
    return render_template("statement.html")


@site.get("/statement.md")
def markdown() -> Answer:
    """Return the file, as it is on disk."""
    return g.known["statement"].markdown, {
        "Content-Type": "text/markdown; charset=utf-8",
        **PUBLIC_DATA,
    }


@site.get("/statement.json")
def data() -> Answer:
    """Return the statement as data."""
    said = metadata.statement_json(g.known["statement"])
    body = json.dumps(
        said, ensure_ascii=False, indent=2, default=methodcaller("isoformat")
    )
    return f"{body}\n", {"Content-Type": "application/json", **PUBLIC_DATA}


def cite(name: str, media_type: str) -> Answer:
    """Return the citation in one format, for a reference manager to save under a name of its own."""
    saved_as = name.replace("statement", citation.key(g.known["statement"]))
    attachment = f'attachment; filename="{saved_as}"'
    return render_template(name), {
        "Content-Type": media_type,
        "Content-Disposition": attachment,
        **PUBLIC_DATA,
    }


for _name, (_label, _type) in citation.FORMATS.items():
    site.add_url_rule(f"/{_name}", _label, partial(cite, _name, _type))


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
    page = render_template("error.html", status=response.status_code)
    response.set_data(page)
    response.vary.add("Accept-Encoding")
    packed = gzipped(page.encode())
    if packed and prefers_gzip(request.headers.get("Accept-Encoding", "")):
        response.set_data(packed)
        response.content_encoding = "gzip"
    return response


@site.app_errorhandler(ContentError)
def _explain(error: ContentError) -> Response:
    """Show what is wrong with the file that is being edited, under --debug; otherwise no server starts with it."""
    return Response(error.message, 500, content_type="text/plain; charset=utf-8")


@site.after_app_request
def _protect(response: Response) -> Response:
    secure = (g.known["site_url"] or "").startswith("https:")
    headers = security_headers([g.known["style"]], [g.known["script"]], secure)
    headers["Cache-Control"] = (
        CACHE_CONTROL if response.status_code == 200 else "no-store"
    )
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
