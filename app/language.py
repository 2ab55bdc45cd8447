"""What readers see of languages and dates: English names, whatever the machine's locale, and directions."""

import re
from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime

# RFC 5646, 2.1, without the grandfathered, private and extended-language forms, which no publication uses.
LANGUAGE_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*", re.ASCII | re.IGNORECASE
)
ENGLISH = Locale("en")


def is_language_tag(text: str) -> bool:
    """Return whether `text` has the form of a BCP 47 language tag."""
    return LANGUAGE_TAG.fullmatch(text) is not None


def language_name(tag: str) -> str:
    """Return a language's name and tag, "English (en-GB)"; the tag alone where it has no known name."""
    name = ENGLISH.languages.get(tag.split("-")[0].lower())
    return f"{name} ({tag})" if name else tag


def direction(tag: str) -> str:
    """Return `rtl` for languages written from right to left, else `ltr` (the values of HTML's dir)."""
    for known in (tag, tag.split("-")[0]):
        try:
            return Locale.parse(known, sep="-").text_direction
        except (UnknownLocaleError, ValueError):
            continue
    return "ltr"


def written_day(published: date) -> str:
    """Return the day in English: "29 December 2018"."""
    return format_date(published, "d MMMM y", ENGLISH)


def written_date(published: date) -> str:
    """Return the day in English, and the time where there is one: "29 December 2018, 17:33"."""
    day = written_day(published)
    return f"{day}, {format_datetime(published, 'HH:mm', locale=ENGLISH)}" if isinstance(published, datetime) else day
