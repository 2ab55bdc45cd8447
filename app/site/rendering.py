"""Every response of the site, rendered by Flask."""

import traceback
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response
from werkzeug.test import create_environ

from app.errors import ContentError

# No route has this address, so it gives the error page.
NOT_FOUND = "/404.html"

RENDER_FIX = "correct this line, or the value it uses"


@dataclass(frozen=True)
class RenderedSite:
    """The response of each route, by its address, and the error page of status 404."""

    routes: dict[str, Response]
    not_found: Response


def render_site(app: Flask) -> RenderedSite:
    """Return the response of each route with status 200, and the error page.

    Raise ContentError with the location and cause of each response that fails.
    """
    responses = {}
    errors = []
    for address in [*route_addresses(app), NOT_FOUND]:
        try:
            responses[address] = fetch(app, address)
        except ContentError as error:
            errors.append(error)
    if errors:
        raise ContentError.join(errors)
    not_found = responses.pop(NOT_FOUND)
    routes = {}
    for address, response in responses.items():
        if response.status_code == 200:
            routes[address] = response
    return RenderedSite(routes, not_found)


def fetch(app: Flask, address: str) -> Response:
    """Return the response to a GET request for `address`.

    Content-Length and Vary are removed, since they depend on the encoding. Raise
    ContentError if the view or its template fails, or if the status is 500 or above.
    """
    # Not through app.wsgi_app: that is the ResponseCache, and Flask's own method would
    # turn the exception into an error page.
    with app.request_context(create_environ(address)):
        try:
            response = app.full_dispatch_request()
        except Exception as error:
            raise _render_error(app, address, error) from error
    if response.status_code >= 500:
        problem = f"the status is {response.status}"
        raise ContentError.at(address, problem, "correct the view of this address")
    del response.headers["Content-Length"], response.headers["Vary"]
    return response


def route_addresses(app: Flask) -> list[str]:
    """Return the addresses of all routes that have no variable part."""
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            found.append(rule.rule)
    return found


def _render_error(app: Flask, address: str, error: Exception) -> ContentError:
    """Return `error` with the last line of the project in its traceback."""
    location = address
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(app.root_path) and ".venv" not in path.parts:
            location = f"{path.relative_to(app.root_path)}:{frame.lineno}"
    problem = f"{address} cannot be rendered, {type(error).__name__}: {error}"
    return ContentError.at(location, problem, RENDER_FIX)
