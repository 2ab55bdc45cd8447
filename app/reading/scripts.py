"""Scripts that are written without spaces, by the names of characters in Unicode."""

import unicodedata

HAN_OR_KANA = ("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA")


def is_han_or_kana(character: str) -> bool:
    """Return whether it is a letter of Chinese or Japanese."""
    return _is_letter_of(character, HAN_OR_KANA)


def is_hangul(character: str) -> bool:
    """Return whether it is a letter of Korean, which joins words and particles."""
    return _is_letter_of(character, ("HANGUL",))


def _is_letter_of(character: str, names: tuple[str, ...]) -> bool:
    if character.isascii():  # or empty
        return False
    if unicodedata.category(character)[0] not in "LN":
        return False
    return unicodedata.name(character, "").startswith(names)
