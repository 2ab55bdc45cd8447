"""Web addresses."""

import re
import unicodedata
from urllib.parse import urlsplit

# Characters that must be percent-encoded in an address (RFC 3986, section 2). Letters
# beyond ASCII need not be (RFC 3987).
FORBIDDEN_RE = re.compile(r"""[\s\x00-\x20\x7f-\x9f<>"{}|\\^`]""")


def is_web_address(text: str) -> bool:
    """Return whether `text` is an absolute http or https address with a host.

    An address with a user name is not accepted.
    """
    if FORBIDDEN_RE.search(text) or find_format_character(text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises ValueError if it is not a number
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    return bool(parts.hostname) and "@" not in parts.netloc


def find_format_character(text: str) -> str | None:
    """Return the first of Unicode's format characters (Cf) in `text`, or None.

    Format characters are invisible, and can change the look of the text around them.
    """
    if text.isascii():
        return None
    for character in text:
        if unicodedata.category(character) == "Cf":
            return character
    return None
