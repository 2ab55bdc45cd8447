"""The routes, the error pages, and the filters and variables of templates."""

import json
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    render_template,
    request,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.anchor import Anchor
from app.errors import ContentError
from app.publication import join_names
from app.site import citation, dates, english, language, quotation_marks
from app.site.additions import additions, number_range
from app.site.attribution import attributions
from app.site.citation import citation_key
from app.site.compression import best_encoding, compress
from app.site.corrections import corrections_of, withdrawal_of
from app.site.csl_json import csl_json
from app.site.description import description
from app.site.direction import own_direction
from app.site.headers import (
    CACHE_CONTROL,
    CROSS_ORIGIN_HEADERS,
    content_security_policy,
    security_headers,
)
from app.site.json_ld import json_ld
from app.site.site import Site, current_site
from app.site.statement_json import statement_json

blueprint = Blueprint("site", __name__)


def init_app(app: Flask, site: Site) -> None:
    """Register the routes and error pages of `site`."""
    app.extensions["site"] = site
    app.register_blueprint(blueprint)


# Filters and variables of templates


def dump_json(value: object) -> str:
    """Return `value` as indented JSON. Dates are strings (ISO 8601)."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_isoformat)


def _isoformat(value: Any) -> str:
    return str(value.isoformat())


blueprint.add_app_template_filter(additions)
blueprint.add_app_template_filter(Anchor.parse, "anchor")
blueprint.add_app_template_filter(citation.bibtex_authors)
blueprint.add_app_template_filter(citation.chicago_authors)
blueprint.add_app_template_filter(citation.citation_key)
blueprint.add_app_template_filter(citation.end_sentence)
blueprint.add_app_template_filter(citation.escape_tex, "tex")
blueprint.add_app_template_filter(citation.notes)
blueprint.add_app_template_filter(corrections_of)
blueprint.add_app_template_filter(csl_json)
blueprint.add_app_template_filter(description)
blueprint.add_app_template_filter(dump_json, "json")
blueprint.add_app_template_filter(join_names)
blueprint.add_app_template_filter(json_ld)
blueprint.add_app_template_filter(language.is_english)
blueprint.add_app_template_filter(language.is_right_to_left)
blueprint.add_app_template_filter(language.language_name)
blueprint.add_app_template_filter(dates.month_name)
blueprint.add_app_template_filter(english.with_article)
blueprint.add_app_template_filter(dates.format_moment)
blueprint.add_app_template_filter(dates.format_day)
blueprint.add_app_template_filter(dates.format_day_range)
blueprint.add_app_template_filter(number_range)
blueprint.add_app_template_filter(own_direction)
blueprint.add_app_template_filter(set, "set")
blueprint.add_app_template_filter(quotation_marks.has_paired_curly_marks)
blueprint.add_app_template_filter(quotation_marks.nest_quotation_marks)
blueprint.add_app_template_filter(withdrawal_of)


@blueprint.app_context_processor
def template_variables() -> dict[str, Any]:
    """Return the variables of all templates."""
    site = current_site()
    return {
        "statement": site.statement,
        "publication": site.statement.publication,
        "style": site.style,
        "script": site.script,
        "site_url": site.url,
        "formats": citation.FORMATS,
        "policy": content_security_policy,
    }


# Before and after each request


@blueprint.before_app_request
def reload_site() -> None:
    """Show edits of the content at the next request, under --debug."""
    if current_app.debug:
        current_site().load()


@blueprint.before_app_request
def check_path() -> Response | None:
    """Respond to paths for which Werkzeug would redirect to another address.

    Its redirect has the host of the Host header, which anyone can write.
    """
    path = request.environ.get("PATH_INFO", "")
    if path.startswith("//"):  # it would be routed as if it had one slash
        abort(404)
    if path:
        return None
    # The app is mounted at a path, and its last slash is missing.
    folder = quote(request.script_root.rpartition("/")[2])
    location = f"./{folder}/" if folder else "/"
    return Response(status=308, headers={"Location": location})


@blueprint.after_app_request
def add_headers(response: Response) -> Response:
    """Add the security headers and Cache-Control, unless the view has set them."""
    site = current_site()
    headers = security_headers(site.style, site.script, site.is_https)
    if response.status_code == 200:
        headers["Cache-Control"] = CACHE_CONTROL
    else:
        headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


# Routes


@blueprint.get("/")
def page() -> str:
    """Return the page of the statement."""
    statement = current_site().statement
    return render_template("statement.html", attributions=attributions(statement))


@blueprint.get("/statement.md")
def markdown() -> Response:
    """Return the Markdown file, byte for byte."""
    body = current_site().statement.markdown
    return allow_cross_origin(
        Response(body, content_type="text/markdown; charset=utf-8")
    )


@blueprint.get("/statement.json")
def data() -> Response:
    """Return the statement as data."""
    site = current_site()
    body = dump_json(statement_json(site.statement, site.url)) + "\n"
    return allow_cross_origin(Response(body, content_type="application/json"))


def cite(template: str) -> Response:
    """Return the citation in one format, as a file to download."""
    media_type = citation.FORMATS[template].media_type
    response = Response(render_template(template), content_type=media_type)
    file_name = template.replace("statement", citation_key(current_site().statement))
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return allow_cross_origin(response)


# An endpoint must not contain a dot, so it is the label of the format.
for name, citation_format in citation.FORMATS.items():
    blueprint.add_url_rule(f"/{name}", citation_format.label, partial(cite, name))


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Return the icon for browsers that do not support SVG icons."""
    path = Path(current_site().static_folder, "favicon.ico")
    return Response(path.read_bytes(), content_type="image/vnd.microsoft.icon")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Allow crawlers to read everything."""
    text = "User-agent: *\nAllow: /\n"
    return Response(text, content_type="text/plain; charset=utf-8")


def allow_cross_origin(response: Response) -> Response:
    """Allow pages of other sites to read the response."""
    response.headers.update(CROSS_ORIGIN_HEADERS)
    return response


# Errors


@blueprint.app_errorhandler(HTTPException)
def handle_http_error(error: HTTPException) -> BaseResponse:
    """Return the error page, compressed if the client accepts that.

    Other responses are compressed by the ResponseCache.
    """
    response = error.get_response()
    body = render_template("error.html", status=response.status_code).encode()
    response.set_data(body)
    response.vary.add("Accept-Encoding")
    compressed = compress(body)
    if compressed and best_encoding(request.accept_encodings) == "gzip":
        response.set_data(compressed)
        response.content_encoding = "gzip"
    return response


@blueprint.app_errorhandler(ContentError)
def handle_content_error(error: ContentError) -> Response:
    """Show the errors of an edited file, under --debug.

    Otherwise the app does not start with an invalid file.
    """
    return Response(error.message, 500, content_type="text/plain; charset=utf-8")
