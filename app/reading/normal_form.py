"""The normal form of labels. Labels that look alike have the same one."""

import re
import unicodedata
from functools import lru_cache

# The colon, its full-width, small and vertical forms, and characters that look
# like it, such as the ratio sign and modifier letters.
COLONS = ":：﹕︓∶꞉ː˸⁚︰ꓽ"
LONG_DASHES = "‒–—―−"
DASHES = f"-‐‑{LONG_DASHES}"
# Invisible characters that are not in the Unicode category Cf.
INVISIBLE_RE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# A dash with a space on at least one side.
SPACED_DASH_RE = re.compile(rf"[{DASHES}]+\s+|\s+[{DASHES}]+\s*")


@lru_cache
def normalise(text: str) -> str:
    """Return the form in which labels are compared.

    It ignores case, the kind and number of spaces, invisible characters, and the
    differences that Unicode's NFKC removes. Each spaced dash becomes " - ".
    """
    text = normalise_characters(text).casefold()
    # With the space, a dash at the end is a spaced one.
    return SPACED_DASH_RE.sub(" - ", f"{text} ").strip()


def normalise_characters(text: str) -> str:
    """Return the normal form of `text` with its case and dashes unchanged."""
    visible = []
    for character in INVISIBLE_RE.sub("", text):
        if unicodedata.category(character) != "Cf":
            visible.append(character)
    return " ".join(unicodedata.normalize("NFKC", "".join(visible)).split())


def show_invisible(text: str) -> str:
    """Return `text` with code points in place of characters that cannot be seen.

    These are spaces other than U+0020, invisible characters and, if `text` is not in
    NFC, combining marks.
    """
    is_composed = unicodedata.is_normalized("NFC", text)
    shown = []
    for character in text:
        category = unicodedata.category(character)
        is_hidden = category in ("Cf", "Zs") or INVISIBLE_RE.match(character)
        is_decomposed = category == "Mn" and not is_composed
        if character != " " and (is_hidden or is_decomposed):
            shown.append(f"[U+{ord(character):04X}]")
        else:
            shown.append(character)
    return "".join(shown)


def is_colon(sign: str) -> bool:
    """Return whether a sign is a colon, or looks like one."""
    return sign != "" and sign in COLONS
