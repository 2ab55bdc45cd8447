"""What counts as an address on the web."""

import re
import unicodedata
from urllib.parse import urlsplit

# Characters that no address holds unescaped (RFC 3986, 2; letters beyond ASCII as in RFC 3987).
FORBIDDEN = re.compile(r"""[\s\x00-\x20\x7f-\x9f<>"{}|\\^`]""")


def is_web_address(text: str) -> bool:
    """Return whether `text` is a whole http or https address, with a host and without a user's name."""
    if FORBIDDEN.search(text) or format_character(text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and "@" not in parts.netloc
    )


def format_character(text: str) -> str | None:
    """Return the first of Unicode's format characters in `text`: nobody sees it, and it changes how the rest looks."""
    return next((char for char in text if unicodedata.category(char) == "Cf"), None)
