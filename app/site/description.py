"""The description of a statement for search engines and link previews."""

import re
from collections.abc import Iterator

from app.site.language import SENTENCE_ENDS
from app.statement import Statement

# Closing quotation marks belong to the sentence; an early full stop ends an
# abbreviation ("Mr."); and no space follows 。
FIRST_SENTENCE_RE = re.compile(
    rf"\A(.{{30,}}?(?:[{SENTENCE_ENDS}][’”'\")]*(?=\s|$)|[。！？][」』”]*)).*"
)


def description(statement: Statement) -> str:
    """Return the first sentence of a speaker, or the title if they say nothing."""
    text = next(_speaker_texts(statement), statement.title)
    return FIRST_SENTENCE_RE.sub(r"\1", text)


def _speaker_texts(statement: Statement) -> Iterator[str]:
    """Yield the text of each paragraph of a speaker, without the label of the turn."""
    voices = [speaker.voice for speaker in statement.publication.speakers]
    for paragraph in statement.paragraphs:
        text = paragraph.text_after_label.replace("\n", " ")
        if paragraph.voice in voices and text:
            yield text
