"""The headers that keep every answer safe, and the reason for each."""

from base64 import b64encode
from hashlib import sha256

# Of the data and citation files in place of what other answers have: public data, which pages of other sites may read.
PUBLIC_DATA = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

# A cache asks again after five minutes. For a day after that it may answer at once with what it has while it asks,
# so that no reader waits: the first one after a correction may still see the page as it was. No proxy may squeeze
# the page: a style sheet of other bytes has another hash, and the policy below keeps it out.
CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=86400, no-transform"


def policy(styles: list[str], scripts: list[str]) -> str:
    """Return the policy that a page itself may hold (CSP Level 3): exactly these style sheets and scripts get in."""
    directives = (
        "default-src 'none'",  # nothing loads but what is named here
        f"style-src {_hashes(styles)}",  # the style sheets inside the pages
        f"script-src {_hashes(scripts)}",  # the one script, inside the page
        "img-src 'self' data:",  # the icon inside the page, and /favicon.ico for browsers that draw no SVG
        "connect-src 'self'",  # for checkers that fetch /robots.txt from within the page
        "base-uri 'none'",  # no link can be turned elsewhere
        "form-action 'none'",  # there is no form
        "object-src 'none'",  # for browsers that do not take it from default-src
    )
    return "; ".join(directives)


def security_headers(
    styles: list[str], scripts: list[str], secure: bool
) -> dict[str, str]:
    """Return the headers of every answer; `secure` says that the site's own address is https."""
    return {
        # Nobody shows it inside a page that seems to be its publisher's. A meta element may not say so (HTML, 4.2.5.3).
        "Content-Security-Policy": f"{policy(styles, scripts)}; frame-ancestors 'none'",
        # A browser takes each file for what it is declared to be, and never runs one as something else.
        "X-Content-Type-Options": "nosniff",
        # A reader who follows a link out is not followed by the address of the part they were reading.
        "Referrer-Policy": "no-referrer",
        # A page of text needs no device; copying stays possible to the page itself.
        "Permissions-Policy": "camera=(), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()",
        # No other window shares a browsing context with the page, and no other site's page reads its files.
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    } | (
        {"Strict-Transport-Security": "max-age=63072000"} if secure else {}
    )  # two years, in seconds


def _hashes(texts: list[str]) -> str:
    digests = (
        b64encode(sha256(text.encode()).digest()).decode() for text in texts if text
    )
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
