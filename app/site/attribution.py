"""Attribution: whose words a quotation holds."""

from app.publication import join_names
from app.statement import Statement


def attribution(statement: Statement, voice: str | None) -> str:
    """Return the person to whom the words of `voice` are attributed.

    The speaker's name for a speaker's voice, "Question, to" that name for any other,
    and the statement's title, in quotation marks, for words without a voice.
    """
    publication = statement.publication
    if not publication.voices:
        return publication.names
    names = []
    for speaker in publication.speakers:
        if speaker.voice == voice:
            names.append(speaker.full_name)
    if names:
        return join_names(names)
    if voice is None:
        return f"“{statement.title}”"
    return f"{voice}, to {publication.names}"
