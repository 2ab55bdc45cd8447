"""The corrections in the front matter, compared with the text."""

from __future__ import annotations

from app.anchor import Anchor
from app.reading.blocks import BlockReader
from app.reading.errors import ErrorCollector
from app.reading.front_matter import FrontMatter

CORRECTION_FIX = (
    'add [[corrections]] with paragraph = "{id}", date = {date}, by = "publisher" and'
    " withdrawn = true to the front matter, one key on each line, or write its text"
)
# Parts that are counted have other ids if one before them is deleted.
DELETED_HINT = (
    "; if a published one was deleted, write a line that is only its id, such as"
    " {#p2}, in its place"
)


def check_corrections(
    front_matter: FrontMatter, blocks: BlockReader, errors: ErrorCollector
) -> None:
    """Add an error for each correction that does not fit the text.

    A correction is of a paragraph or item of the text. It is withdrawn in the text if
    and only if a correction withdraws it.
    """
    anchors = {str(anchor) for anchor in blocks.numbering.lines}
    withdrawn = {str(anchor): anchor for anchor in blocks.withdrawn}
    explained = set()
    corrections = front_matter.publication.corrections
    for correction, line in zip(
        corrections, front_matter.correction_lines, strict=False
    ):
        id_ = correction.paragraph
        if correction.withdrawn and not correction.was:
            explained.add(id_)
            if id_ not in withdrawn:
                problem = f"withdraws {id_}, which is not withdrawn in the text"
                fix = f"write only {{#{id_}}} in its place in the text"
                errors.add(line.error(problem, fix))
        elif id_ and id_ not in anchors:
            problem = f"corrects {id_}, which is no paragraph or item of the text"
            fix = "write the id of a paragraph or item"
            if Anchor.parse(id_):
                fix += DELETED_HINT
            errors.add(line.error(problem, fix))
    for id_, anchor in withdrawn.items():
        if id_ not in explained:
            line = blocks.numbering.lines[anchor]
            problem = f"has no text, so that {id_} is withdrawn without a correction"
            date = str(front_matter.publication.published or "2019-01-09")[:10]
            fix = CORRECTION_FIX.format(id=id_, date=date)
            errors.add(line.error(problem, fix))
