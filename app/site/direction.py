"""Text whose direction differs from that of the page."""

import unicodedata

from app.site.language import is_right_to_left

LEFT_TO_RIGHT = {"L"}
RIGHT_TO_LEFT = {"R", "AL"}


def has_other_direction(text: str, language: str) -> bool:
    """Return whether `text` runs against the direction of `language`.

    The first strong character decides, as with dir="auto" (Unicode Bidirectional
    Algorithm, P2 and P3).
    """
    for character in text:
        bidirectional_class = unicodedata.bidirectional(character)
        if bidirectional_class in LEFT_TO_RIGHT:
            return is_right_to_left(language)
        if bidirectional_class in RIGHT_TO_LEFT:
            return not is_right_to_left(language)
    return False
