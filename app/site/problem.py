"""Problems of a new edition, with the fixes that messages print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.anchor import BEFORE_FIRST, Anchor
from app.errors import ContentError
from app.publication import Correction
from app.site.differences import describe_invisible_change, find_change, is_explained
from app.site.edition import EditionPart

ADD_HINT = "add this to the end of the front matter:"


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


def withdrawn_line(anchor: Anchor, has_published_numbers: bool) -> str:
    """Return the line of the file that keeps the place of a withdrawn part.

    It is "{#p4}" or, with the publication's own numbers, "4. {#p4}". That of an item is
    "- {#p4-1}", indented as deep as the item is nested.
    """
    has_printed_number = has_published_numbers and anchor.kind == "p"
    if anchor.is_item:
        levels = anchor.level - 1
        if has_printed_number and anchor.paragraph != BEFORE_FIRST:
            levels += 1  # items are indented below a printed number
        return "    " * levels + f"- {{#{anchor}}}"
    if has_printed_number:
        return f"{anchor.last}. {{#{anchor}}}"
    return f"{{#{anchor}}}"


def word_problems(
    old: EditionPart, new: EditionPart, corrected: list[str], day: str
) -> Iterator[Problem]:
    """Yield a problem if the words changed and no new correction explains it.

    If they did not change, yield a problem for each new correction of words that are
    still there. `corrected` has the words before each new correction of the part, and
    `day` is that of publication.
    """
    if old.text == new.text:
        yield from _false_corrections(old, corrected)
        return
    if is_explained(old.text, new.text, corrected):
        return
    change = find_change(old.text, new.text)
    problem = f"{old.anchor}: “{change.was:.60}” is now “{change.now:.60}”"
    description = describe_invisible_change(change.was, change.now)
    if description:
        problem += f", {description}"
    if corrected:
        words = corrected[-1]
        problem += ", which its correction does not cover"
        count = old.text.count(words)
        if count > 1:
            problem += f", because “{words:.60}” occurs {count} times"
        fix = f"write was = {toml_string(change.was)} instead of was = "
        yield Problem(problem, fix + toml_string(words))
    else:
        correction = suggested_correction(old.anchor, day, was=change.was)
        block = correction_block(correction, hints=True)
        yield Problem(problem, f"put the words back, or {ADD_HINT}", block)


def _false_corrections(old: EditionPart, corrected: list[str]) -> Iterator[Problem]:
    """Yield a problem for each correction of words that are still in the part."""
    for words in corrected:
        if words in old.text:
            yield Problem(
                f"{old.anchor} has a new correction, but still reads “{words:.60}”",
                f"remove the correction with was = {toml_string(words)}",
            )
