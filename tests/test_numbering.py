"""The anchors of paragraphs and items."""

import pytest
from case_files import Case, read_cases
from conftest import Read, parts_of

from app.statement import Part, Section, Statement


def parts_of_statement(statement: Statement) -> list[Part]:
    parts = list(parts_of(statement.blocks))
    for section in statement.sections:
        parts += parts_of_section(section)
    return parts


def parts_of_section(section: Section) -> list[Part]:
    parts = list(parts_of(section.blocks))
    for subsection in section.subsections:
        parts += parts_of_section(subsection)
    return parts


def lines_of(statement: Statement) -> list[str]:
    """Return each part as its case has it: its id and its text."""
    lines = []
    for part in parts_of_statement(statement):
        text = "(withdrawn)" if part.withdrawn else part.text
        lines.append(f"{part.id} {text}".replace("\n", "⏎"))
    return lines


@pytest.mark.parametrize("case", read_cases("numbering.txt"), ids=str)
def test_each_part_has_its_anchor(read: Read, case: Case) -> None:
    statement = read(case["given"], case.get("keys"))
    assert lines_of(statement) == case["parts"].splitlines()


@pytest.mark.parametrize("case", read_cases("accepted_text.txt"), ids=str)
def test_each_part_has_its_text(read: Read, case: Case) -> None:
    assert lines_of(read(case["given"])) == case["parts"].splitlines()


def test_a_paragraph_without_a_number_of_the_publication_has_a_sign_as_label(
    read: Read,
) -> None:
    statement = read("We met.\n\n7. We agreed.", 'numbers = "publication"')
    assert [paragraph.label for paragraph in statement.paragraphs] == ["¶", "7"]
