"""What readers see of languages and dates: English names, whatever the machine's locale, and directions."""

import re
from datetime import date, datetime

# Languages in which foreign ministries publish (ISO 639), under their English names; any other is named by its tag.
NAMES = """
af Afrikaans, am Amharic, ar Arabic, az Azerbaijani, be Belarusian, bg Bulgarian, bn Bengali, bs Bosnian, ca Catalan,
cs Czech, cy Welsh, da Danish, de German, dv Divehi, el Greek, en English, es Spanish, et Estonian, eu Basque,
fa Persian, fi Finnish, fil Filipino, fr French, ga Irish, gl Galician, he Hebrew, hi Hindi, hr Croatian,
hu Hungarian, hy Armenian, id Indonesian, is Icelandic, it Italian, ja Japanese, ka Georgian, kk Kazakh, km Khmer,
ko Korean, ku Kurdish, ky Kyrgyz, la Latin, lb Luxembourgish, lo Lao, lt Lithuanian, lv Latvian, mk Macedonian,
mn Mongolian, ms Malay, mt Maltese, my Burmese, nb Norwegian Bokmål, ne Nepali, nl Dutch, nn Norwegian Nynorsk,
no Norwegian, pl Polish, ps Pashto, pt Portuguese, ro Romanian, ru Russian, si Sinhala, sk Slovak, sl Slovenian,
so Somali, sq Albanian, sr Serbian, sv Swedish, sw Swahili, ta Tamil, tg Tajik, th Thai, ti Tigrinya, tk Turkmen,
tr Turkish, ug Uyghur, uk Ukrainian, ur Urdu, uz Uzbek, vi Vietnamese, yi Yiddish, zh Chinese
"""
ENGLISH = dict(re.findall(r"(\w+) ([\w ]+)", NAMES))
# Languages written from right to left, and scripts, which a tag names where another than the usual one is meant.
RIGHT_TO_LEFT = {
    *["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"],
    *["adlm", "arab", "hebr", "nkoo", "syrc", "thaa"],
}
# Of the scripts in which statements are written.
SENTENCE_ENDS = ".!?…。！？؟۔।"
# Not strftime's: those follow the machine's locale.
MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905


def language_name(tag: str) -> str:
    """Return a language's name and tag, "English (en-GB)"; the tag alone where it has no known name."""
    name = ENGLISH.get(tag.split("-")[0].lower())
    return f"{name} ({tag})" if name else tag


def is_right_to_left(tag: str) -> bool:
    """Return whether the language is written from right to left."""
    language, script = f"{tag.lower()}-".split("-")[:2]
    return (script if len(script) == 4 else language) in RIGHT_TO_LEFT


def written_day(day: date) -> str:
    """Return the day in English: "29 December 2018"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written_days(days: tuple[date, ...]) -> str:
    """Return a day, or a range from the first to the last, in English: "10–11 February 2016"."""
    first, last = days[0], days[-1]
    if (first.year, first.month) == (last.year, last.month):
        return (
            f"{first.day}–{written_day(last)}"
            if first.day < last.day
            else written_day(last)
        )
    year = f" {first.year}" if first.year < last.year else ""
    return f"{first.day} {MONTHS[first.month - 1]}{year} – {written_day(last)}"


def written_date(moment: date) -> str:
    """Return the day in English, with time and zone where the publication has them: "2 May 2024, 13:12 UTC−5"."""
    if not isinstance(moment, datetime):
        return written_day(moment)
    zone = re.sub(
        r"(?<=[+−])0|:00$", "", f"{moment: %Z}".replace("-", "−")
    )  # from " UTC-05:00"
    return f"{written_day(moment)}, {moment:%H:%M}{zone.rstrip()}"
