"""The check of the corrections in the front matter against the text."""

from __future__ import annotations

from app.anchor import Anchor
from app.reading.blocks import BlockReader
from app.reading.errors import ErrorCollector, Line, LineError
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
    in the text if and only if a correction withdraws it. This is not checked if an id
    was rejected, since the withdrawn part may then have been given another id.
    """
    numbering = block_reader.numbering
    anchors = {str(anchor) for anchor in numbering.lines}
    withdrawn = [str(anchor) for anchor in block_reader.withdrawn]
    withdrawn_by_correction = set()
    for correction, line in front_matter.corrections:
        id_ = correction.paragraph
        anchor = Anchor.parse(id_)
        if anchor and correction.withdrawn and not correction.was:
            withdrawn_by_correction.add(id_)
            if id_ not in withdrawn and not numbering.has_wrong_ids:
                errors.add(_not_withdrawn_error(line, anchor))
        elif id_ and id_ not in anchors:
            problem = f"corrects {id_}, which is not a paragraph or item of the text"
            fix = "write the id of a paragraph or item"
            if Anchor.parse(id_):
                fix += DELETED_HINT
            errors.add(line.error(problem, fix))
    for anchor in block_reader.withdrawn:
        is_corrected = str(anchor) in withdrawn_by_correction
        if not is_corrected and not numbering.has_wrong_ids:
            line = numbering.lines[anchor]
            errors.add(_no_correction_error(line, anchor))


def _not_withdrawn_error(line: Line, anchor: Anchor) -> LineError:
    problem = f"withdraws {anchor}, which is not withdrawn in the text"
    part = "an item" if anchor.is_item else "a line"
    fix = f"write {part} with only {{#{anchor}}} in its place in the text"
    return line.error(problem, fix)


def _no_correction_error(line: Line, anchor: Anchor) -> LineError:
    problem = f"has no text, so that {anchor} is withdrawn without a correction"
    return line.error(problem, ADD_CORRECTION_FIX.format(id=anchor))
