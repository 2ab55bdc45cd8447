"""The addresses that the site answers, each with its media type, and how tests ask for one."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

MEDIA_TYPES = {
    "/": "text/html; charset=utf-8",
    "/statement.md": "text/markdown; charset=utf-8",
    "/statement.json": "application/json",
    "/statement.bib": "application/x-bibtex; charset=utf-8",
    "/statement.ris": "application/x-research-info-systems; charset=utf-8",
    "/statement.csl.json": "application/vnd.citationstyles.csl+json",
    "/static/icon.svg": "image/svg+xml",
    "/favicon.ico": "image/vnd.microsoft.icon",
    "/robots.txt": "text/plain; charset=utf-8",
}
every_address = pytest.mark.parametrize("address", MEDIA_TYPES)
every_encoding = pytest.mark.parametrize("encoding", ["gzip", "identity"])
pages = pytest.mark.parametrize("address", ["/", "/no-such-page"])


def get(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
