"""Attribution: whose words a quotation holds."""

from app.publication import join_names
from app.statement import Statement


def attribution(statement: Statement, voice: str | None) -> str:
    """Return the person or the text to which the words of `voice` are attributed.

    The speaker's name for a speaker's voice, the voice and the title for any other
    ("Question, in “Title”"), and the title alone for words before the first turn.
    """
    publication = statement.publication
    if not publication.voices:
        return publication.names
    title = f"“{statement.title}”"
    if voice is None:
        return title
    names = []
    for speaker in publication.speakers:
        if speaker.voice == voice:
            names.append(speaker.full_name)
    if names:
        return join_names(names)
    return f"{voice}, in {title}"
