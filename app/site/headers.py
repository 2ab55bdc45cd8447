"""The headers that keep every answer safe, and the reason for each."""

from base64 import b64encode
from collections.abc import Mapping
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

# Two years, in seconds; only where the site's own address is https.
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=63072000"}

CONTENT_SECURITY_POLICY: Mapping[str, str] = {
    "default-src": "'none'",  # nothing loads but what is named here
    "style-src": "'{style}'",  # the one style sheet, inside the page
    "script-src": "'{script}'",  # the one script, inside the page
    "img-src": "'self' data:",  # the icon inside the page, and /favicon.ico for browsers that draw no SVG
    "base-uri": "'none'",  # no link can be turned elsewhere
    "form-action": "'none'",  # there is no form
    "object-src": "'none'",  # for browsers that do not take it from default-src
    "frame-ancestors": "'none'",  # nobody shows it inside a page that seems to be its publisher's
}

# A meta element may not hold it (HTML, 4.2.5.3).
HEADER_ONLY = {"frame-ancestors"}


def content_security_policy(style: str, script: str) -> str:
    """Return the policy (CSP Level 3) that lets exactly this style sheet and script in."""
    policy = "; ".join(f"{name} {sources}" for name, sources in CONTENT_SECURITY_POLICY.items())
    return policy.format(style=_hash(style), script=_hash(script))


def meta_policy(style: str, script: str) -> str:
    """Return the part of the policy that a meta element may hold, for a page that was saved or exported."""
    directives = content_security_policy(style, script).split("; ")
    return "; ".join(directive for directive in directives if directive.split(" ")[0] not in HEADER_ONLY)


def security_headers(style: str, script: str, secure: bool) -> dict[str, str]:
    """Return the headers of every answer; `secure` says that the site's own address is https."""
    headers = {"Content-Security-Policy": content_security_policy(style, script), **SECURITY_HEADERS}
    return headers | HTTPS_ONLY if secure else headers


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
