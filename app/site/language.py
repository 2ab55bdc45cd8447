"""Names and directions of languages."""

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


def is_english(tag: str) -> bool:
    """Return whether the language is English."""
    return _language(tag) == "en"


def is_right_to_left(tag: str) -> bool:
    """Return whether the language is written from right to left."""
    subtags = tag.lower().split("-")
    if len(subtags) > 1 and len(subtags[1]) == 4:
        return subtags[1] in RIGHT_TO_LEFT_SCRIPTS
    return subtags[0] in RIGHT_TO_LEFT_LANGUAGES


def _language(tag: str) -> str:
    return tag.split("-")[0].lower()
