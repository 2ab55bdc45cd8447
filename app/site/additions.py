"""The parts of the page that the publication does not have."""

from collections.abc import Sequence

from app.statement import Paragraph, Statement


def additions(statement: Statement) -> list[str]:
    """Return the names of the additions: "the contents", "the links to each part"."""
    names = []
    if statement.has_added_headings:
        names.append("the section headings")
    if statement.sections:
        names.append("the contents")
    if statement.has_added_numbers:
        names.append("the paragraph numbers")
    if _has_added_labels(statement):
        names.append("the speaker labels")
    names.append("the links to each part")
    return names


def _has_added_labels(statement: Statement) -> bool:
    """Return whether a paragraph shows its voice because its own text does not."""
    for paragraph in statement.paragraphs:
        if paragraph.voice and not paragraph.opens_turn:
            return True
    return False


def number_range(paragraphs: Sequence[Paragraph]) -> str:
    """Return the first and last number: "6–8", "6", or "" if none has a number."""
    labels = []
    for paragraph in paragraphs:
        if paragraph.label != "¶":
            labels.append(paragraph.label)
    if not labels:
        return ""
    if len(labels) == 1:
        return labels[0]
    return f"{labels[0]}–{labels[-1]}"
