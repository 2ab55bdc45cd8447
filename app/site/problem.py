"""Problems of a new edition, with the fixes that messages print."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from app.anchor import Anchor
from app.errors import ContentError
from app.publication import Correction
from app.site.edition import EditionPart


@dataclass(frozen=True)
class Problem:
    """A published address or text that the new edition does not keep, and a fix."""

    problem: str
    fix: str
    block: str = ""  # lines of front matter that belong to the fix

    def error(self, location: str) -> ContentError:
        """Return the error at `location`, with `block` below its message."""
        error = ContentError.at(location, self.problem, self.fix)
        if not self.block:
            return error
        return ContentError(f"{error.message}\n{self.block}")


def suggested_correction(
    anchor: Anchor, day: str, was: str | None = None, withdrawn: bool = False
) -> Correction:
    """Return a correction for an editor to complete.

    It is by "edition", which attributes no change to the publisher. Its date is
    today, or the `day` of publication (ISO 8601) if that is later.
    """
    return Correction(
        paragraph=str(anchor),
        date=max(date.today(), date.fromisoformat(day)),
        by="edition",
        was=was,
        withdrawn=withdrawn,
    )


def correction_block(correction: Correction, hints: bool = False) -> str:
    """Return the correction as lines of front matter.

    With `hints`, the values that an editor has to check have comments.
    """
    lines = [
        "[[corrections]]",
        f"paragraph = {toml_string(correction.paragraph)}",
        f"date = {correction.date}",
    ]
    if hints:
        lines[-1] += "  # the day of the change"
    if correction.was is not None:
        lines.append(f"was = {toml_string(correction.was)}")
    if correction.withdrawn:
        lines.append("withdrawn = true")
    lines.append(f"by = {toml_string(correction.by)}")
    if hints:
        lines[-1] += '  # or "publisher", if the publication was changed'
    return "\n".join(lines)


def toml_string(text: str) -> str:
    """Return `text` as a TOML string. TOML has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)


def name_part(part: EditionPart) -> str:
    """Return the name of a part of the new edition in messages."""
    if part.is_withdrawn:
        return f"the line {{#{part.anchor}}}"
    return f"“{part.text:.60}” (now {part.anchor})"
