"""The corrections of one part."""

from app.publication import Correction, Publication


def corrections_of(publication: Publication, part_id: str) -> list[Correction]:
    """Return the corrections of a part, in the order of the front matter."""
    corrections = []
    for correction in publication.corrections:
        if correction.paragraph == part_id:
            corrections.append(correction)
    return corrections


def withdrawal_of(publication: Publication, part_id: str) -> Correction:
    """Return the correction that withdraws a part, or the last one of several.

    Raise KeyError if the part was not withdrawn.
    """
    for correction in reversed(publication.corrections):
        if correction.paragraph == part_id and correction.withdrawn:
            return correction
    raise KeyError(part_id)
