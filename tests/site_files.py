"""The addresses of the site with their types and headers, as in the golden _headers.

After a route was added, run `pytest tests/test_golden.py --update-golden` first.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ADDRESSES_HINT = (
    "if an address was added, run pytest tests/test_golden.py --update-golden first"
)
HEADERS_FILE = Path(__file__).parent / "golden" / "own" / "_headers"


def parse_rules(text: str) -> dict[str, dict[str, str]]:
    """Return the headers of each path in a _headers file of Cloudflare or Netlify."""
    rules: dict[str, dict[str, str]] = {}
    path = ""
    for line in text.splitlines():
        if line.startswith("  "):
            name, value = line.strip().split(": ", 1)
            rules[path][name] = value
        else:
            path = line
            rules[path] = {}
    return rules


def parse_policy(text: str) -> dict[str, list[str]]:
    """Return the sources of each directive of a Content-Security-Policy."""
    policy = {}
    for directive in text.split(";"):
        name, *sources = directive.split()
        policy[name] = sources
    return policy


RULES = parse_rules(HEADERS_FILE.read_text())

# The headers of every response.
HEADERS = RULES.pop("/*")
POLICY = parse_policy(HEADERS.pop("Content-Security-Policy"))
HASHED = ("style-src", "script-src")

# The media type of each address.
DECLARED = {address: headers["Content-Type"] for address, headers in RULES.items()}

every_address = pytest.mark.parametrize("address", DECLARED)
pages = pytest.mark.parametrize("address", ["/", "/no-such-page"])


def get(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    """Return the response; an underscore in a header's name is a hyphen."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(address, headers=sent)


def hashes_of(texts: list[str]) -> list[str]:
    """Return the texts' hashes as sources of a policy (CSP Level 3, 2.3.1)."""
    sources = []
    for text in texts:
        digest = b64encode(sha256(text.encode()).digest()).decode()
        sources.append(f"'sha256-{digest}'")
    return sources


def assert_secure(response: TestResponse) -> None:
    """Assert that each security header is sent once.

    Pages of other sites may read only the data and the citations.
    """
    headers = response.headers
    for name, value in HEADERS.items():
        assert headers.getlist(name) == [value]
    if response.request.path.startswith("/statement."):
        assert headers.getlist("Cross-Origin-Resource-Policy") == ["cross-origin"]
        assert headers.getlist("Access-Control-Allow-Origin") == ["*"]
    else:
        assert headers.getlist("Cross-Origin-Resource-Policy") == ["same-origin"]
        assert headers.getlist("Access-Control-Allow-Origin") == []
    assert len(headers.getlist("Content-Security-Policy")) == 1
    policy = parse_policy(headers["Content-Security-Policy"])
    assert policy.keys() == POLICY.keys()
    for name, sources in policy.items():
        if name in HASHED:
            assert all(source.startswith("'sha256-") for source in sources)
        else:
            assert sources == POLICY[name]
    assert "Set-Cookie" not in headers
