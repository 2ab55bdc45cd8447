"""Latin letters without accents, for ids and file names."""

import re
import unicodedata

# Letters that Unicode does not decompose into a letter and an accent. str.casefold()
# makes "ss" of "ß".
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
    """Return `text` in small letters, with a to z for all Latin letters.

    Other characters are unchanged: "Łódź, 5 мая" becomes "lodz, 5 мая".
    """
    letters = text.casefold().translate(LETTERS)
    return ACCENT_RE.sub("", unicodedata.normalize("NFKD", letters))
