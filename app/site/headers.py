"""The headers of every response."""

from base64 import b64encode
from hashlib import sha256

# Pages of other sites may read the data and the citation files.
CROSS_ORIGIN_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

# A cache asks again after five minutes, and for a day longer may send its copy while
# it asks (RFC 5861). No proxy may minify the page: the hash of a changed style sheet
# is not in the policy.
CACHE_CONTROL = (
    "public, max-age=300, stale-while-revalidate=86400, no-transform"  # in seconds
)

TWO_YEARS = 63072000  # in seconds


def content_security_policy(style: str, script: str) -> str:
    """Return a policy that allows only this style sheet and this script.

    They are identified by their hashes. If one is empty, the policy allows none.

    A meta element may contain it (Content Security Policy Level 3).
    """
    directives = (
        "default-src 'none'",
        f"style-src {_source(style)}",
        f"script-src {_source(script)}",
        # The icon in the page, and /favicon.ico for browsers that do not draw SVG.
        "img-src 'self' data:",
        # Checkers fetch /robots.txt from within the page.
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        # Some browsers do not apply default-src to it.
        "object-src 'none'",
    )
    return "; ".join(directives)


def security_headers(style: str, script: str, is_https: bool) -> dict[str, str]:
    """Return the security headers of every response.

    `is_https` means that the address of the site begins with https.
    """
    policy = content_security_policy(style, script)
    headers = {
        # No other page may frame this one and pass it off as the publisher's. A meta
        # element must not contain this directive. Keep it last: templates/_nginx.conf
        # sends the last directive only.
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        # Browsers must not guess the type of a file.
        "X-Content-Type-Options": "nosniff",
        # A link to another site does not reveal the part that was read.
        "Referrer-Policy": "no-referrer",
        # The page uses no device, but it copies to the clipboard.
        "Permissions-Policy": (
            "camera=(), clipboard-write=(self), geolocation=(), microphone=(), "
            "payment=(), usb=()"
        ),
        # Other sites can neither reach its window nor read its files.
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if is_https:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"
    return headers


def _source(text: str) -> str:
    """Return the hash source of `text`, or 'none' if it is empty."""
    if not text:
        return "'none'"
    digest = b64encode(sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
