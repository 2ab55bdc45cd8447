"""The headers that keep every answer safe, and the reason for each."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256

SECURITY_HEADERS: Mapping[str, str] = {
    # A browser takes each file for what it is declared to be, and never runs one as something else.
    "X-Content-Type-Options": "nosniff",
    # A reader who follows a link out is not followed by the address of the part they were reading.
    "Referrer-Policy": "no-referrer",
    # A page of text needs no device; copying stays possible to the page itself.
    "Permissions-Policy": "camera=(), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()",
    # No other window shares a browsing context with the page, and no other site's page reads its files.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Of the data and citation files in place of the above: public data, which pages of other sites may read.
PUBLIC_DATA = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

TWO_YEARS = 63_072_000  # in seconds

# A cache asks again after five minutes. For a day after that it may answer at once with what it has while it asks,
# so that no reader waits: the first one after a correction may still see the page as it was. No proxy may squeeze
# the page: a style sheet of other bytes has another hash, and the policy below keeps it out.
CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=86400, no-transform"

CONTENT_SECURITY_POLICY: Mapping[str, str] = {
    "default-src": "'none'",  # nothing loads but what is named here
    "style-src": "{styles}",  # the style sheets inside the pages
    "script-src": "{scripts}",  # the one script, inside the page
    "img-src": "'self' data:",  # the icon inside the page, and /favicon.ico for browsers that draw no SVG
    "connect-src": "'self'",  # for checkers that fetch /robots.txt from within the page
    "base-uri": "'none'",  # no link can be turned elsewhere
    "form-action": "'none'",  # there is no form
    "object-src": "'none'",  # for browsers that do not take it from default-src
    "frame-ancestors": "'none'",  # nobody shows it inside a page that seems to be its publisher's
}

# A meta element may not hold it (HTML, 4.2.5.3).
HEADER_ONLY = "frame-ancestors"


def content_security_policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Return the policy (CSP Level 3) that lets exactly these style sheets and scripts in."""
    policy = "; ".join(f"{name} {sources}" for name, sources in CONTENT_SECURITY_POLICY.items())
    return policy.format(styles=_hashes(styles), scripts=_hashes(scripts))


def meta_policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Return the part of the policy that a meta element may hold, for a page that was saved or exported."""
    return content_security_policy(styles, scripts).replace(f"; {header_only_policy()}", "")


def header_only_policy() -> str:
    """Return the rest of the policy: the same whatever the page's style sheet and script are."""
    return f"{HEADER_ONLY} {CONTENT_SECURITY_POLICY[HEADER_ONLY]}"


def security_headers(styles: Iterable[str], scripts: Iterable[str], secure: bool) -> dict[str, str]:
    """Return the headers of every answer; `secure` says that the site's own address is https."""
    headers = {"Content-Security-Policy": content_security_policy(styles, scripts), **SECURITY_HEADERS}
    return headers | ({"Strict-Transport-Security": f"max-age={TWO_YEARS}"} if secure else {})


def _hashes(texts: Iterable[str]) -> str:
    digests = (b64encode(sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
