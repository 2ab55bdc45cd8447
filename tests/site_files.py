"""The addresses that the site answers, what each is declared to be, and how tests ask for one."""

from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Declared(NamedTuple):
    media_type: str
    download_name: str | None = None
    public: bool = False  # whether pages of other sites may read it


DECLARED = {
    "/": Declared("text/html; charset=utf-8"),
    "/statement.md": Declared("text/markdown; charset=utf-8", public=True),
    "/statement.json": Declared("application/json", public=True),
    "/statement.bib": Declared("application/x-bibtex; charset=utf-8", "lavrov-2018-12-29.bib", public=True),
    "/statement.ris": Declared(
        "application/x-research-info-systems; charset=utf-8", "lavrov-2018-12-29.ris", public=True
    ),
    "/statement.csl.json": Declared(
        "application/vnd.citationstyles.csl+json", "lavrov-2018-12-29.csl.json", public=True
    ),
    "/favicon.ico": Declared("image/vnd.microsoft.icon"),
    "/robots.txt": Declared("text/plain; charset=utf-8"),
}
every_address = pytest.mark.parametrize("address", DECLARED)
pages = pytest.mark.parametrize("address", ["/", "/no-such-page"])


def get(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
