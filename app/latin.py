"""Reduction of Latin letters to a to z, for ids and file names."""

import re
import unicodedata

# Letters that Unicode does not decompose into a letter and an accent. “ß” is not
# among them, since str.casefold() turns it into "ss".
LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŋ": "ng",
        "ø": "o",
        "ŧ": "t",
        "þ": "th",
        "ə": "e",
    }
)
ACCENT_RE = re.compile("[\u0300-\u036f]")


def fold_latin(text: str) -> str:
    """Return `text` in lower case, with its Latin letters reduced to a to z.

    Letters of other scripts are kept: "Łódź, 5 мая" becomes "lodz, 5 мая".
    """
    letters = text.casefold().translate(LETTERS)
    return ACCENT_RE.sub("", unicodedata.normalize("NFKD", letters))
