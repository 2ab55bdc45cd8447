"""Text whose direction differs from that of the page."""

import unicodedata

from app.site.language import is_right_to_left

LEFT_TO_RIGHT = {"L"}
RIGHT_TO_LEFT = {"R", "AL"}


def own_direction(text: str, language: str) -> str | None:
    """Return "ltr" or "rtl" if `text` runs against the direction of `language`.

    The first strong character decides, as with dir="auto" (Unicode Bidirectional
    Algorithm, P2 and P3). Return None if the text has no such character, or runs in the
    direction of the language.
    """
    for character in text:
        bidirectional_class = unicodedata.bidirectional(character)
        if bidirectional_class in LEFT_TO_RIGHT:
            return "ltr" if is_right_to_left(language) else None
        if bidirectional_class in RIGHT_TO_LEFT:
            return None if is_right_to_left(language) else "rtl"
    return None
