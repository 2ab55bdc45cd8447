"""Texts that are rejected, and the texts that their fixes lead to."""

import re

import pytest
from case_files import Case, read_cases, read_rows
from conftest import Read, Refusal

TWO_SECTIONS = "## First {{#first #once}}\n\nText.\n\n## Another {ids}\n\nText."


@pytest.mark.parametrize("case", read_cases("rejected_text.txt"), ids=str)
def test_a_text_is_rejected_with_its_lines(refusal: Refusal, case: Case) -> None:
    assert refusal(case["given"], case.get("keys")) == case["message"]


@pytest.mark.parametrize("case", read_cases("rejected_text.txt"), ids=str)
def test_a_fix_leads_to_a_text_that_is_accepted(read: Read, case: Case) -> None:
    # This raises ContentError if the text is rejected.
    read(case["fixed"], case.get("fixed keys"))


@pytest.mark.parametrize(("ids", "message", "fixed"), read_rows("rejected_ids.txt"))
def test_an_id_that_cannot_be_kept_is_rejected(
    read: Read, refusal: Refusal, ids: str, message: str, fixed: str
) -> None:
    text = TWO_SECTIONS.format(ids=ids)
    assert refusal(text) == f"13: “## Another {ids}” {message}"
    section = read(TWO_SECTIONS.format(ids=fixed)).sections[1]
    assert [section.id, *section.old_ids] == re.findall(r"#([^ }]+)", fixed)


@pytest.mark.parametrize(("heading", "id_"), read_rows("suggested_ids.txt"))
def test_the_line_that_is_suggested_for_a_heading_without_id_is_accepted(
    read: Read, refusal: Refusal, heading: str, id_: str
) -> None:
    text = f"## {heading}\n\nText.\n\n## Other {{#taken}}\n\nText."
    fix = f"## {heading} {{#{id_}}}"
    message = f"9: “## {heading}” is a heading without id; write {fix}"
    assert refusal(text) == message
    fixed = text.replace(f"## {heading}", fix, 1)
    assert read(fixed).sections[0].id == id_


def test_several_headings_without_id_have_different_suggestions(
    refusal: Refusal,
) -> None:
    headings = ["Thanks", "Thanks", "谢谢", "谢谢"]
    text = "\n\n".join(f"## {heading}\n\nText." for heading in headings)
    ids = re.findall(r"\{#(.*?)\}", refusal(text))
    assert ids == ["thanks", "thanks-2", "section-3", "section-4"]


@pytest.mark.parametrize(
    ("code_point", "problem", "fix"), read_rows("rejected_characters.txt")
)
def test_a_character_that_shows_other_words_than_the_file_is_rejected(
    refusal: Refusal, code_point: str, problem: str, fix: str
) -> None:
    text = f"Text.\n\nWo{chr(int(code_point, 16))}rds."
    assert refusal(text) == f"11: {problem} (U+{code_point}); {fix}"


@pytest.mark.parametrize("character", ["\u200b", "\u2060", "\ufeff", "\xad"])
@pytest.mark.parametrize(
    "text",
    [
        "{}## A {{#a}}",
        "{}- a",
        "> {}- a",
        "a {}*b*",
        "a {}_b_",
        "a {}[b](#p1)",
        "a {}![b](c)",
        "a {}<b",
        "a {}`b`",
    ],
)
def test_a_mark_after_an_invisible_character_is_rejected(
    refusal: Refusal, character: str, text: str
) -> None:
    first = refusal(text.format(character) + "\n\nText.").splitlines()[0]
    code_point = f"U+{ord(character):04X}"
    problem = f"contains an invisible character before a mark ({code_point})"
    assert first == f"9: {problem}; remove it"


def test_many_rejected_characters_are_one_message_in_a_line(refusal: Refusal) -> None:
    lines = ["\U000e0041\U000e0042" * 5_000] * 50
    assert len(refusal("Text.\n\n" + "\n\n".join(lines)).splitlines()) == 1


def test_all_problems_of_a_file_are_reported_in_its_order(refusal: Refusal) -> None:
    text = (
        "# A\n\nText `code`.\n\n## Heading\n\n[a](#nowhere)\n\n1. a\n3. b\n\nLast <b>."
    )
    front_matter = 'published = 1\nspeaker = {}\nplaec = "A"\nlanguage = "en"\n'
    message = refusal(text, "", front_matter)
    assert [line.partition(";")[0] for line in message.splitlines()] == [
        "1: the front matter lacks publisher",
        "2: “published = 1” is not a date, or a date and time",
        "3: “speaker = {}” needs either a family or a name",
        "4: the front matter has no key plaec",
        "9: “# A” cannot begin a section",
        "11: “`code`” is code",
        "13: “## Heading” is a heading without id",
        "15: “#nowhere” is the id of no part of the page",
        "18: “3. b” has a number that Markdown would change: lists count 1., 2., 3.",
        "20: “<b>” is HTML, which is not read here",
    ]
