"""The check of the corrections in the front matter against the text."""

from __future__ import annotations

from app.anchor import Anchor
from app.reading.blocks import BlockReader
from app.reading.errors import ErrorCollector
from app.reading.front_matter import FrontMatter

ADD_CORRECTION_FIX = (
    'add [[corrections]] to the front matter, and below it paragraph = "{id}",'
    " withdrawn = true, date = the day of the change, and by = "
    '"publisher" or "edition", one key on each line; or write its text'
)
# Ids are counted, so that deleting a part changes the ids of those after it.
DELETED_HINT = (
    "; if a published one was deleted, write a line that is only its id, such as"
    " {#p2}, in its place"
)


def check_corrections(
    front_matter: FrontMatter, block_reader: BlockReader, errors: ErrorCollector
) -> None:
    """Add an error for each correction that does not match the text.

    Each correction must name a paragraph or item of the text. A part must be withdrawn
    in the text if and only if a correction withdraws it. The latter is not checked if
    an id was rejected, since the withdrawn part may then have another id.
    """
    numbering = block_reader.numbering
    anchors = {str(anchor) for anchor in numbering.lines}
    withdrawn = {str(anchor) for anchor in block_reader.withdrawn}
    withdrawn_by_correction = set()
    for correction, line in front_matter.corrections:
        id_ = correction.paragraph
        anchor = Anchor.parse(id_)
        if anchor and correction.withdrawn and not correction.was:
            withdrawn_by_correction.add(id_)
            if id_ not in withdrawn and not numbering.has_rejected_ids:
                part = "an item" if anchor.is_item else "a line"
                problem = f"withdraws {id_}, which is not withdrawn in the text"
                fix = f"write {part} with only {{#{id_}}} in its place in the text"
                errors.add(line.error(problem, fix))
        elif id_ and id_ not in anchors:
            problem = f"corrects {id_}, which is not a paragraph or item of the text"
            fix = "write the id of a paragraph or item"
            if anchor:
                fix += DELETED_HINT
            errors.add(line.error(problem, fix))
    for anchor in block_reader.withdrawn:
        id_ = str(anchor)
        if id_ not in withdrawn_by_correction and not numbering.has_rejected_ids:
            problem = f"has no text, so that {id_} is withdrawn without a correction"
            fix = ADD_CORRECTION_FIX.format(id=id_)
            errors.add(numbering.lines[anchor].error(problem, fix))
