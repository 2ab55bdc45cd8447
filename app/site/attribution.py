"""The attribution of quoted words to a person or a text."""

from app.publication import join_names
from app.site.quotation_marks import nest_quotation_marks
from app.statement import Statement


def attributions(statement: Statement) -> dict[str | None, str]:
    """Return the person or the text to which the words of each voice are attributed.

    A speaker's voice is attributed to the speaker, and any other voice to the label and
    the title ("Question, in “Title”"). The key None is for words before the first
    turn, which are attributed to the title. If no voices are declared, None is the
    only key, and all words are attributed to the speakers.
    """
    publication = statement.publication
    if not publication.voices:
        return {None: publication.speaker_names}
    title = f"“{nest_quotation_marks(statement.title, statement)}”"
    attributed: dict[str | None, str] = {None: title}
    for voice in publication.voices:
        names = []
        for speaker in publication.speakers:
            if speaker.voice == voice:
                names.append(speaker.full_name)
        if names:
            attributed[voice] = join_names(names)
        else:
            attributed[voice] = f"{voice}, in {title}"
    return attributed
