"""The description of a statement for search engines and link previews."""

from collections.abc import Iterator

from app.site.english import ends_as_sentence
from app.statement import Statement

MIN_LENGTH = 30  # characters; a shorter paragraph is a salutation, "Mr. Chairman,"
MAX_LENGTH = 160  # characters; search engines show no more


def description(statement: Statement) -> str:
    """Return the first paragraph of a speaker, with at most MAX_LENGTH characters.

    A paragraph counts if it has at least MIN_LENGTH characters and ends as a sentence
    does. If there is none, return the title.
    """
    for text in _speaker_texts(statement):
        if len(text) >= MIN_LENGTH and ends_as_sentence(text):
            return shorten(text)
    return shorten(statement.title)


def shorten(text: str) -> str:
    """Return `text`, cut at a word and with "…" if it is too long."""
    if len(text) <= MAX_LENGTH:
        return text
    beginning = text[: MAX_LENGTH - 1]
    ends_in_word = not text[MAX_LENGTH - 1].isspace()
    if ends_in_word and " " in beginning:  # some languages have no spaces
        beginning = beginning[: beginning.rindex(" ")]
    return f"{beginning.rstrip()}…"


def _speaker_texts(statement: Statement) -> Iterator[str]:
    """Yield the text of each paragraph of a speaker, without the label of the turn."""
    voices = [speaker.voice for speaker in statement.publication.speakers]
    for paragraph in statement.paragraphs:
        if paragraph.voice in voices:
            yield paragraph.text_after_label.replace("\n", " ")
