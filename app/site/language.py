"""What readers see of languages and dates: English names, whatever the machine's locale, and directions."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

# RFC 5646, 2.1, without the grandfathered, private-use, extension and extended-language forms, which no publication
# uses.
LANGUAGE_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*", re.ASCII | re.IGNORECASE
)
# Languages in which foreign ministries publish (ISO 639), under their English names; any other is named by its tag.
NAMES = dict(
    entry.split(" ", 1)
    for entry in (  # noqa: SIM905  a list would be eighty lines
        "af Afrikaans, am Amharic, ar Arabic, az Azerbaijani, be Belarusian, bg Bulgarian, bn Bengali, "
        "bs Bosnian, ca Catalan, cs Czech, cy Welsh, da Danish, de German, dv Divehi, el Greek, en English, "
        "es Spanish, et Estonian, eu Basque, fa Persian, fi Finnish, fil Filipino, fr French, ga Irish, "
        "gl Galician, he Hebrew, hi Hindi, hr Croatian, hu Hungarian, hy Armenian, id Indonesian, is Icelandic, "
        "it Italian, ja Japanese, ka Georgian, kk Kazakh, km Khmer, ko Korean, ku Kurdish, ky Kyrgyz, la Latin, "
        "lb Luxembourgish, lo Lao, lt Lithuanian, lv Latvian, mk Macedonian, mn Mongolian, ms Malay, mt Maltese, "
        "my Burmese, nb Norwegian Bokmål, ne Nepali, nl Dutch, nn Norwegian Nynorsk, no Norwegian, pl Polish, "
        "ps Pashto, pt Portuguese, ro Romanian, ru Russian, si Sinhala, sk Slovak, sl Slovenian, so Somali, "
        "sq Albanian, sr Serbian, sv Swedish, sw Swahili, ta Tamil, tg Tajik, th Thai, ti Tigrinya, tk Turkmen, "
        "tr Turkish, ug Uyghur, uk Ukrainian, ur Urdu, uz Uzbek, vi Vietnamese, yi Yiddish, zh Chinese"
    ).split(", ")
)
# Written from right to left, unless the tag names another script.
RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
RIGHT_TO_LEFT_SCRIPTS = {"adlm", "arab", "hebr", "nkoo", "syrc", "thaa"}
# Of the scripts in which statements are written.
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
# Not strftime's: those follow the machine's locale.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def is_language_tag(text: str) -> bool:
    """Return whether `text` has the form of a BCP 47 language tag."""
    return LANGUAGE_TAG.fullmatch(text) is not None


def language_name(tag: str) -> str:
    """Return a language's name and tag, "English (en-GB)"; the tag alone where it has no known name."""
    name = NAMES.get(tag.split("-")[0].lower())
    return f"{name} ({tag})" if name else tag


def direction(tag: str) -> str:
    """Return `rtl` for languages written from right to left, else `ltr` (the values of HTML's dir)."""
    language, _, rest = tag.lower().partition("-")
    script = rest.split("-")[0]
    rtl = script in RIGHT_TO_LEFT_SCRIPTS if len(script) == 4 else language in RIGHT_TO_LEFT
    return "rtl" if rtl else "ltr"


def written_day(published: date) -> str:
    """Return the day in English: "29 December 2018"."""
    return f"{published.day} {MONTHS[published.month - 1]} {published.year}"


def written_date(published: date) -> str:
    """Return the day in English, and the time where there is one: "29 December 2018, 17:33"."""
    day = written_day(published)
    return f"{day}, {published:%H:%M}" if isinstance(published, datetime) else day


# What templates may ask of a value.
FILTERS: Mapping[str, Callable[..., object]] = {
    "written_date": written_date,
    "written_day": written_day,
    "language_name": language_name,
    "direction": direction,
}
