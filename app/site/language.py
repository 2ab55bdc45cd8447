"""Names and directions of languages, and dates in English.

Nothing here depends on the locale of the machine.
"""

from datetime import date, datetime

from app.publication import Publication

# Languages in which foreign ministries publish, by their subtags (BCP 47).
LANGUAGE_NAMES = {
    "af": "Afrikaans",
    "am": "Amharic",
    "ar": "Arabic",
    "az": "Azerbaijani",
    "be": "Belarusian",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "bs": "Bosnian",
    "ca": "Catalan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "dv": "Divehi",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fil": "Filipino",
    "fr": "French",
    "ga": "Irish",
    "gl": "Galician",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "kk": "Kazakh",
    "km": "Khmer",
    "ko": "Korean",
    "ku": "Kurdish",
    "ky": "Kyrgyz",
    "la": "Latin",
    "lb": "Luxembourgish",
    "lo": "Lao",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "mn": "Mongolian",
    "ms": "Malay",
    "mt": "Maltese",
    "my": "Burmese",
    "nb": "Norwegian Bokmål",
    "ne": "Nepali",
    "nl": "Dutch",
    "nn": "Norwegian Nynorsk",
    "no": "Norwegian",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovenian",
    "so": "Somali",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "tg": "Tajik",
    "th": "Thai",
    "ti": "Tigrinya",
    "tk": "Turkmen",
    "tr": "Turkish",
    "ug": "Uyghur",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
    "yi": "Yiddish",
    "zh": "Chinese",
}

# Languages written from right to left, and scripts, by their subtags. A tag has a
# script only if it is not the usual one of the language.
RIGHT_TO_LEFT_LANGUAGES = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
RIGHT_TO_LEFT_SCRIPTS = {"adlm", "arab", "hebr", "nkoo", "syrc", "thaa"}

# Signs that end a sentence in the scripts of these languages.
SENTENCE_ENDS = ".!?…。！？؟۔।"
# Quotation marks that may follow such a sign. German closes with “, Danish with «.
CLOSING_MARKS = "’”“»«'\"」』"

# English nouns in the names of offices, which have "the" before them in a sentence.
OFFICE_NOUNS = {
    "Commission",
    "Committee",
    "Council",
    "Delegation",
    "Department",
    "Embassy",
    "Government",
    "Ministry",
    "Mission",
    "Office",
    "Secretariat",
    "Union",
}

# strftime follows the locale of the machine.
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def language_name(tag: str, publication: Publication) -> str:
    """Return the English name of a language, or its tag if the name is unknown.

    The tag follows the name, "English (en-GB)", if the publication or its versions
    are also in another variety of the language.
    """
    language = _language(tag)
    if language not in LANGUAGE_NAMES:
        return tag
    tags = [publication.language, *publication.languages]
    tags.extend(version.language for version in publication.versions)
    varieties = {other.lower() for other in tags if _language(other) == language}
    if len(varieties) > 1:
        return f"{LANGUAGE_NAMES[language]} ({tag})"
    return LANGUAGE_NAMES[language]


def is_right_to_left(tag: str) -> bool:
    """Return whether the language is written from right to left."""
    subtags = tag.lower().split("-")
    if len(subtags) > 1 and len(subtags[1]) == 4:
        return subtags[1] in RIGHT_TO_LEFT_SCRIPTS
    return subtags[0] in RIGHT_TO_LEFT_LANGUAGES


def ends_as_sentence(text: str) -> bool:
    """Return whether `text` ends with a sentence end and any closing marks."""
    return text.rstrip(CLOSING_MARKS).endswith(tuple(SENTENCE_ENDS))


def with_article(name: str) -> str:
    """Return the name of an office as a sentence has it: "the Office of Examples"."""
    words = name.split()
    has_noun = not OFFICE_NOUNS.isdisjoint(words)
    if words[0].lower() != "the" and (has_noun or "of" in words):
        return f"the {name}"
    return name


def month_name(day: date) -> str:
    """Return the month of a day in English: "December"."""
    return MONTHS[day.month - 1]


def format_day(day: date) -> str:
    """Return the day in English: "29 December 2018"."""
    return f"{day.day} {month_name(day)} {day.year}"


def format_day_range(days: tuple[date, ...]) -> str:
    """Return a day, or the range from the first to the last: "10–11 February 2016"."""
    first = days[0]
    last = days[-1]
    if first == last:
        return format_day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_day(last)}"
    if first.year == last.year:
        return f"{first.day} {month_name(first)} – {format_day(last)}"
    return f"{format_day(first)} – {format_day(last)}"


def format_moment(moment: date) -> str:
    """Return a day, with the time if it has one: "2 May 2024, 13:12 UTC−5"."""
    if not isinstance(moment, datetime):
        return format_day(moment)
    text = f"{format_day(moment)}, {moment:%H:%M}"
    zone = moment.tzname()
    if zone is None:
        return text
    return f"{text} {_format_zone(zone)}"


def _format_zone(zone: str) -> str:
    """Return a zone such as "UTC-05:00" as "UTC−5"."""
    offset = zone.removeprefix("UTC")
    if not offset:
        return "UTC"
    hours, minutes = offset[1:].split(":")
    sign = offset[0].replace("-", "−")
    text = f"UTC{sign}{int(hours)}"
    if minutes != "00":
        text += f":{minutes}"
    return text


def _language(tag: str) -> str:
    return tag.split("-")[0].lower()
