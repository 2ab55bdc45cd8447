import re
from datetime import date, datetime

import pytest
from conftest import Read, Refusal

from app.publication import Correction, Material, Publication, Speaker, Version

REQUIRED = {
    "published": "published = 2018-12-29",
    "speaker": 'speaker = { family = "Lavrov" }',
    "publisher": 'publisher = "Ministry"',
    "language": 'language = "en-GB"',
}
KEYS = (
    "its keys are published, speaker, publisher, language, kind, place, delivered, source, archived, languages, voices,"
    " numbers, headings, wrapped, materials, versions, corrections"
)
SPEAKER = (
    'write speaker = { given = "Sergey", family = "Lavrov", role = "Foreign Minister" } or, for an office or a group, '
    'speaker = { name = "Ministry of Examples" }'
)
FAMILY_OR_NAME = (
    'names no family and no name, or both; write family = "Lavrov" for a person, '
    'or name = "Ministry of Examples" for an office or a group'
)
CORRECTION = '[[corrections]]\nparagraph = "p1"\ndate = 2019-01-09\nby = "edition"\n'

ANOTHER = "goes on over several lines; write {} and its whole value on one line"
DATE = "write published = 2018-12-29T17:33:00 or published = 2018-12-29"
UNSEEN = "write spaces for a tab, else remove it"
URL = "is not an http or https address; write"
TWICE = "gives a key a second time; write each key once"

# What stands below the required keys, or instead of the one that it sets, and what is said of it after the path:
# it begins on line 5 where it sets a required key, on line 6 where it sets another. {0} is its first line.
BROKEN = [
    # not TOML
    (
        "place = “Moscow”",
        '6: “{0}” is not TOML (Invalid value); write place = "Moscow"',
    ),
    ("wrapped = yes", "6: “{0}” is not TOML (Invalid value); write wrapped = true"),
    (
        "published = 2018-02-30",
        f"5: “{{0}}” is not TOML (Invalid date or datetime); {DATE}",
    ),
    ("key", '6: “{0}” is no key with its value; write key = "value", on one line'),
    ('languages = ["en"', f"6: “{{0}}” {ANOTHER.format('languages')}"),
    ('place = """A\nB"""', f"6: “{{0}}” {ANOTHER.format('place')}"),
    ("speaker = [\n  { family = 'A' },\n]", f"5: “{{0}}” {ANOTHER.format('speaker')}"),
    (f"place = {'[' * 2000}", f"6: “place = {'[' * 51}…” {ANOTHER.format('place')}"),
    ('place = "A"\nplace = "B"', f'7: “place = "B"” {TWICE}'),
    ('speaker = { family = "A" }\n[speaker]\nrole = "B"', f"6: “[speaker]” {TWICE}"),
    # keys that there are not, and keys below a table, which TOML takes for the table's
    (
        '[speaker]\nfamily = "A"\nplace = "Moscow"',
        "7: speaker has no key place; put it above the first [table]",
    ),
    ('plaec = "Moscow"', "6: the front matter has no key plaec; did you mean place?"),
    ('lang = "en"', "6: the front matter has no key lang; did you mean language?"),
    ('title = "A"', f"6: the front matter has no key title; {KEYS}"),
    (
        'speaker = { family = "A", famly = "A" }',
        "5: speaker has no key famly; did you mean family?",
    ),
    (
        f"{CORRECTION}was = 'a'\nnow = 'b'",
        "11: corrections has no key now; its keys are paragraph, date, by, was, withdrawn",
    ),
    # keys that a table lacks
    (
        "[[materials]]\nurl = 'https://a.org'",
        '6: materials lacks title; add title = "Joint communiqué"',
    ),
    (
        '[[versions]]\nurl = "https://a.org"',
        '6: versions lacks language; add language = "ru"',
    ),
    # dates
    *(
        (
            f"published = {value}",
            f"5: “{{0}}” is not a date, or a date and time; {DATE}",
        )
        for value in ('"29 December 2018"', "17:33:00", "2018")
    ),
    *(
        (
            f"delivered = {value}",
            "6: “{0}” is not a day, or the first and the last day; write delivered = [2018-12-27, 2018-12-28]",
        )
        for value in (
            "[2016-02-11, 2016-02-10]",
            "[2016-02-10, 2016-02-10]",
            "[2016-02-10, 2016-02-11, 2016-02-12]",
        )
    ),
    (
        "delivered = 2016-02-10T10:00:00",
        "6: “{0}” is not a date; write delivered = 2018-12-28 or delivered = [2018-12-27, 2018-12-28]",
    ),
    # text
    *(
        (
            f"publisher = {value}",
            '5: “{0}” is not one line of text; write publisher = "Name of the ministry or office"',
        )
        for value in (
            "1",
            '["A"]',
            '""',
            '" "',
            r'"A\nB"',
            r'"\u200b\u200f"',
            '"\u3164"',
            '"\xad"',
        )
    ),
    (r'place = "A\u0000B"', f"6: “{{0}}” holds a control character (U+0000); {UNSEEN}"),
    (
        r'place = "A\u202EB"',
        "6: “{0}” holds a sign that turns words around (U+202E); remove it",
    ),
    (
        'place = "A\u202eB"',
        "6: holds a sign that turns words around (U+202E); remove it",
    ),
    (
        'publisher = "On place = 1"\nplace = 1',
        '6: “place = 1” is not one line of text; write place = "Moscow"',
    ),
    ('"place" = 1', '6: “"place" = 1” is not one line of text; write place = "Moscow"'),
    (
        "speaker = { family = 1 }",
        '5: “{0}” is not one line of text; write family = "Lavrov"',
    ),
    (
        "[speaker]\nfamily = 'A'\ngiven = 1",
        '7: “given = 1” is not one line of text; write given = "Sergey"',
    ),
    # languages
    *(
        (
            f"language = {value}",
            '5: “{0}” is not a BCP 47 language tag; write language = "en-GB"',
        )
        for value in (
            '"English"',
            '"en_GB"',
            '"e"',
            '"en-"',
            '""',
            '"ſv"',
            "1",
            '["en"]',
        )
    ),
    (
        'languages = "en"',
        '6: “{0}” is not a list; write languages = ["en-GB", "ru-RU"]',
    ),
    (
        'languages = ["en", 1]',
        '6: “{0}” is not a BCP 47 language tag; write languages = ["en-GB", "ru-RU"]',
    ),
    # addresses
    *(
        (
            f"source = {value}",
            f'6: “{{0}}” {URL} source = "https://example.org/statement"',
        )
        for value in (
            *(
                '"www.mid.ru"',
                '"//mid.ru"',
                '"ftp://mid.ru"',
                '"javascript:alert(1)"',
                '"https://"',
                "1",
            ),
            *(
                '"https://mid.ru/a b"',
                '"https://[mid.ru"',
                '"https://mid.ru:port"',
                '"https://user:word@mid.ru"',
            ),
            *(r'"https://mid.ru/\u200eb"', '"https://mid.ru/\u200db"'),
        )
    ),
    (
        "[[materials]]\ntitle = 'A'\nurl = 'b'",
        f"8: “url = 'b'” {URL} url = \"https://example.org/communique\"",
    ),
    (
        'archived = "https://web.archive.org/a"',
        '6: “{0}” is a copy of a publication that is not named; add source = "https://example.org/statement"',
    ),
    # choices
    (
        'numbers = "yes"',
        '6: “{0}” is not "edition" or "publication"; write numbers = "publication"',
    ),
    ('wrapped = "true"', "6: “{0}” is not true or false; write wrapped = true"),
    # tables
    ('speaker = [{ family = "A" }, "B"]', f"5: “{{0}}” is not a table; {SPEAKER}"),
    *(
        (f"speaker = {value}", f"5: “{{0}}” {FAMILY_OR_NAME}")
        for value in (
            "{}",
            "[]",
            '{ given = "B" }',
            '{ name = "A", family = "B" }',
            '{ name = "A", given = "B" }',
        )
    ),
    (
        "materials = ['A']",
        '6: “{0}” is not a table; write [[materials]] with title = "…" and url = "https://…" below it',
    ),
    # corrections
    (
        CORRECTION.replace("edition", "me"),
        '9: “by = "me"” is not "publisher" or "edition"; write by = "publisher"',
    ),
    *(
        (
            f"{CORRECTION}was = 'a'".replace("p1", id_),
            f'6: “{{0}}” corrects no paragraph or item of the text: {id_}; write paragraph = "p1"',
        )
        for id_ in ("p2", "meeting")
    ),
    (
        f"{CORRECTION}was = 'a'".replace("2019-01-09", "2018-12-28"),
        "6: “{0}” is older than the publication: 2018-12-28; write date = 2018-12-29, or a later day",
    ),
    (
        CORRECTION,
        '6: “{0}” has both was and withdrawn, or neither; write was = "the words before" alone',
    ),
]


def front_matter(text: str) -> str:
    kept = [
        line
        for key, line in REQUIRED.items()
        if not re.search(rf"^\[{{0,2}}{key}\b", text, re.MULTILINE)
    ]
    return "\n".join([*kept, text, ""])


@pytest.fixture
def refused(refusal: Refusal) -> Refusal:
    return lambda text: refusal("Text.", "", text)


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_broken_front_matter_is_refused_in_one_line(
    refused: Refusal, text: str, message: str
) -> None:
    assert refused(front_matter(text)) == message.replace(
        "{0}", text.partition("\n")[0]
    )


def test_no_required_key_may_be_left_out(refused: Refusal) -> None:
    examples = {
        "published": DATE.removeprefix("write "),
        "speaker": SPEAKER.removeprefix("write "),
        "publisher": 'publisher = "Name of the ministry or office"',
        "language": 'language = "en-GB"',
    }
    said = [
        f"1: the front matter lacks {key}; add {example}"
        for key, example in examples.items()
    ]
    assert refused('kind = "Statement"\n').splitlines() == said


def test_required_keys_below_a_table_are_told_where_they_belong(
    refused: Refusal,
) -> None:
    lines = [line for key, line in REQUIRED.items() if key != "speaker"]
    assert refused("\n".join(['[speaker]\nfamily = "A"', *lines, ""])).splitlines() == [
        f"{number}: speaker has no key {key}; put it above the first [table]"
        for number, key in enumerate(("published", "publisher", "language"), 4)
    ]


def test_a_key_with_a_line_break_is_refused_in_one_line(refused: Refusal) -> None:
    assert len(refused(front_matter(r'"a\nb" = 1')).splitlines()) == 1


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
wrapped = true
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
    assert read("Text.", "", keys).publication == Publication(
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
        wrapped=True,
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


def test_tables_may_stand_on_the_line_of_their_key(read: Read) -> None:
    one = '{ paragraph = "p1", date = 2024-06-01, was = "x", by = "edition" }'
    for written in (f"[{one}]", one):
        statement = read("Text.", f"corrections = {written}")
        assert [correction.was for correction in statement.publication.corrections] == [
            "x"
        ]
