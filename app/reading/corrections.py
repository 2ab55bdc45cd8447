"""The corrections in the front matter, compared with the text."""

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
# Ids are counted: if a part is deleted, those after it have other ids.
DELETED_HINT = (
    "; if a published one was deleted, write a line that is only its id, such as"
    " {#p2}, in its place"
)


def check_corrections(
    front_matter: FrontMatter, block_reader: BlockReader, errors: ErrorCollector
) -> None:
    """Add an error for each correction that does not fit the text.

    Each correction must be of a paragraph or item of the text. A part must be
    withdrawn in the text if and only if a correction withdraws it; this is not checked
    if an id was rejected, since a withdrawn part may then have another one.
    """
    numbering = block_reader.numbering
    anchors = {str(anchor) for anchor in numbering.lines}
    withdrawn = [str(anchor) for anchor in block_reader.withdrawn]
    explained = set()
    for correction, line in front_matter.corrections:
        id_ = correction.paragraph
        anchor = Anchor.parse(id_)
        if anchor and correction.withdrawn and not correction.was:
            explained.add(id_)
            if id_ not in withdrawn and not numbering.has_wrong_ids:
                errors.add(_not_withdrawn(line, anchor))
        elif id_ and id_ not in anchors:
            problem = f"corrects {id_}, which is no paragraph or item of the text"
            fix = "write the id of a paragraph or item"
            if Anchor.parse(id_):
                fix += DELETED_HINT
            errors.add(line.error(problem, fix))
    for anchor in block_reader.withdrawn:
        if str(anchor) not in explained and not numbering.has_wrong_ids:
            line = numbering.lines[anchor]
            errors.add(_not_explained(line, anchor))


def _not_withdrawn(line: Line, anchor: Anchor) -> LineError:
    problem = f"withdraws {anchor}, which is not withdrawn in the text"
    part = "an item" if anchor.is_item else "a line"
    fix = f"write {part} with only {{#{anchor}}} in its place in the text"
    return line.error(problem, fix)


def _not_explained(line: Line, anchor: Anchor) -> LineError:
    problem = f"has no text, so that {anchor} is withdrawn without a correction"
    return line.error(problem, ADD_CORRECTION_FIX.format(id=anchor))
