"""Attribution: whose words a quotation holds."""

from app.publication import join_names
from app.site.quotation_marks import nest_quotation_marks
from app.statement import Statement


def attributions(statement: Statement) -> dict[str | None, str]:
    """Return the person or the text to which the words of each voice are attributed.

    The speaker's name for a speaker's voice, the voice and the title for any other
    ("Question, in “Title”"), and the title alone for None, the words before the
    first turn. If no voices are declared, all words are the speakers'.
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
