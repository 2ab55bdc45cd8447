"""The keys of the front matter, and front matter that is rejected."""

import json
import re
from dataclasses import fields
from datetime import date, datetime

import pytest
from case_files import Case, read_cases, read_rows
from conftest import Read, Refusal

from app.publication import Correction, Material, Publication, Speaker, Version

REQUIRED = {
    "published": "published = 2018-12-29",
    "speaker": 'speaker = { family = "Lavrov" }',
    "publisher": 'publisher = "Ministry"',
    "language": 'language = "en-GB"',
}
# The keys of a correction, with the words before it.
CORRECTION = """\
[[corrections]]
paragraph = "p1"
date = 2019-01-09
was = "{}"
by = "edition"
"""
# A fix has several forms if the publication may be of several kinds.
OTHER_FORM_RE = re.compile(r" or(?:,.*?,)? (?=\w+ =)")


def front_matter(text: str) -> str:
    """Return `text` below the required keys that are not in it."""
    lines = []
    for key, line in REQUIRED.items():
        if not re.search(rf"^\[{{0,2}}{key}\b", text, re.MULTILINE):
            lines.append(line)
    return "\n".join([*lines, text, ""])


@pytest.mark.parametrize("case", read_cases("rejected_front_matter.txt"), ids=str)
def test_front_matter_is_rejected_with_its_lines(refusal: Refusal, case: Case) -> None:
    assert refusal("Text.", "", front_matter(case["given"])) == case["message"]


@pytest.mark.parametrize("case", read_cases("rejected_front_matter.txt"), ids=str)
def test_a_fix_leads_to_front_matter_that_is_accepted(read: Read, case: Case) -> None:
    # This raises ContentError if the front matter is rejected.
    read("Text.", "", front_matter(case["fixed"]))


@pytest.mark.parametrize(("line", "problem", "fix"), read_rows("rejected_values.txt"))
def test_a_value_of_another_kind_is_rejected(
    read: Read, refusal: Refusal, line: str, problem: str, fix: str
) -> None:
    text = front_matter(line)
    number = text.splitlines().index(line) + 2
    assert refusal("Text.", "", text) == f"{number}: “{line}” {problem}; {fix}"
    form = fix.removeprefix("write ").removeprefix("it like ")
    fixed = OTHER_FORM_RE.split(form)[0]
    # This raises ContentError if the front matter is rejected.
    read("Text.", "", front_matter(fixed))


def test_each_required_key_is_asked_for(refusal: Refusal) -> None:
    messages = refusal("Text.", "", 'kind = "Statement"\n').splitlines()
    assert [message.partition(" = ")[0] for message in messages] == [
        "1: the front matter lacks published; add it, for example published",
        "1: the front matter lacks speaker; add it, for example speaker",
        "1: the front matter lacks publisher; add it, for example publisher",
        "1: the front matter lacks language; add it, for example language",
    ]


def test_a_single_value_may_be_in_place_of_a_list(read: Read) -> None:
    publication = read("Text.", 'languages = "en"\ndelivered = 2018-12-28').publication
    assert publication.languages == ("en",)
    assert publication.delivered == (date(2018, 12, 28),)


def test_the_words_before_a_correction_may_have_20_000_characters(read: Read) -> None:
    was = "a" * 20_000
    publication = read("Text.", CORRECTION.format(was)).publication
    assert publication.corrections[0].was == was


def test_longer_words_before_a_correction_are_rejected(refusal: Refusal) -> None:
    was = "a" * 20_001
    message = refusal("Text.", CORRECTION.format(was))
    assert "is longer than 20,000 characters; shorten it" in message


def test_a_text_may_have_1_000_characters(read: Read) -> None:
    place = "a" * 1_000
    publication = read("Text.", f'place = "{place}"').publication
    assert publication.place == place


def test_a_list_may_have_200_values(read: Read) -> None:
    languages = ["en"] * 200
    keys = f"languages = {json.dumps(languages)}"
    publication = read("Text.", keys).publication
    assert publication.languages == tuple(languages)


def test_a_language_may_have_three_letters(read: Read) -> None:
    publication = read("Text.", 'languages = "ast"').publication
    assert publication.languages == ("ast",)


@pytest.mark.parametrize(
    "tag",
    ["sl-rozaj", "ca-valencia", "de-1606nict", "en-1abc", "sl-rozaj-biske-1994"],
)
def test_a_language_tag_may_have_variants(read: Read, tag: str) -> None:
    assert read("Text.", f'languages = "{tag}"').publication.languages == (tag,)


def test_only_four_keys_are_required(read: Read) -> None:
    assert read("Text.").publication == Publication(
        published=date(2018, 12, 29),
        speakers=(Speaker(family="Lavrov"),),
        publisher="Ministry",
        language="en-GB",
    )


def test_every_key_is_read(read: Read) -> None:
    keys = """\
published = 2018-12-29 17:33:00
speaker = { given = "Sergey", family = "Lavrov", role = "Foreign Minister" }
publisher = "Ministry of “Foreign” Affairs <&>"  # a comment
language = "sr-Latn-RS"
kind = "Statement"
place = 'Moscow'
delivered = [2018-12-27, 2018-12-28]
source = "HTTPS://пример.рф:8080/a?b=(c)&d#e"
archived = "https://web.archive.org/a"
languages = ["sr-Latn-RS", "ru", "es-419", "de-1996"]
voices = []
numbers = "publication"
headings = "publication"
[[materials]]
title = "A"
url = "http://a.org"
[[materials]]
title = "B"
url = "http://b.org/"
[[versions]]
language = "ru"
url = "https://a.org/ru/"
name = "Русский"
[[corrections]]
paragraph = "u1"
date = 2019-01-09
was = "a very useful meeting"
by = "publisher"
[[corrections]]
paragraph = "u2"
date = 2019-01-10
by = "edition"
withdrawn = true
"""
    publication = read("Text.\n\n{#u2}", "", keys).publication
    for field in fields(Publication):
        assert getattr(publication, field.name) != field.default, field.name
    assert publication == Publication(
        published=datetime(2018, 12, 29, 17, 33),
        speakers=(Speaker(family="Lavrov", given="Sergey", role="Foreign Minister"),),
        publisher="Ministry of “Foreign” Affairs <&>",
        language="sr-Latn-RS",
        kind="Statement",
        place="Moscow",
        delivered=(date(2018, 12, 27), date(2018, 12, 28)),
        source="HTTPS://пример.рф:8080/a?b=(c)&d#e",
        archived="https://web.archive.org/a",
        languages=("sr-Latn-RS", "ru", "es-419", "de-1996"),
        voices=(),
        numbers="publication",
        headings="publication",
        materials=(
            Material(title="A", url="http://a.org"),
            Material(title="B", url="http://b.org/"),
        ),
        versions=(Version(language="ru", url="https://a.org/ru/", name="Русский"),),
        corrections=(
            Correction(
                paragraph="u1",
                date=date(2019, 1, 9),
                by="publisher",
                was="a very useful meeting",
            ),
            Correction(
                paragraph="u2", date=date(2019, 1, 10), by="edition", withdrawn=True
            ),
        ),
    )


@pytest.mark.parametrize("form", ["[{}]", "{}"])
def test_tables_may_be_on_the_line_of_their_key(read: Read, form: str) -> None:
    table = '{ paragraph = "p1", date = 2024-06-01, was = "x", by = "edition" }'
    publication = read("Text.", f"corrections = {form.format(table)}").publication
    assert [correction.was for correction in publication.corrections] == ["x"]
