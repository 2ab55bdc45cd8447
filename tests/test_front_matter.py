import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from app.content_error import ContentError
from app.reading.reader import read_statement
from app.statement import Material, Publication, Speaker

REQUIRED = {
    "published": "published = 2018-12-29",
    "speaker": 'speaker = { family = "Lavrov" }',
    "publisher": 'publisher = "Ministry"',
    "language": 'language = "en-GB"',
}
KEYS = "its keys are published, speaker, publisher, language, kind, place, source, languages, materials"

# What stands below the required keys, or instead of the one that it sets, and what is said of it after the path:
# it begins on line 5 where it sets a required key, on line 6 where it sets another.
BROKEN = [
    # not TOML
    (
        "place = “Moscow”",
        '6: place = “Moscow” is not TOML (Invalid value); write place = "Moscow"',
    ),
    (
        "place: Moscow",
        "6: place: Moscow is not TOML (Expected '=' after a key in a key/value pair); write place = \"Moscow\"",
    ),
    (
        'place = "Moscow\nsource = 1',
        '6: place = "Moscow is not TOML (Illegal character \'\\n\'); write place = "Moscow"',
    ),
    (
        "published = 2018-02-30",
        "5: published = 2018-02-30 is not TOML (Invalid date or datetime); "
        "write published = 2018-12-29T17:33:00 or published = 2018-12-29",
    ),
    (
        'languages = ["en"',
        '7: +++ is not TOML (Unclosed array); write key = "value", with text in straight quotation marks',
    ),
    (
        f"place = {'[' * 2000}",
        "7: +++ is not TOML (maximum recursion depth exceeded); "
        'write key = "value", with text in straight quotation marks',
    ),
    pytest.param(
        'place = "A"\nplace = "B"',
        '7: place = "B" is not TOML (Cannot overwrite a value); write each key once',
    ),
    # keys below a table, which TOML takes for the table's
    (
        '[speaker]\nfamily = "A"\nplace = "Moscow"',
        "7: speaker has no key place; put it above the first [table]",
    ),
    (
        '[[materials]]\ntitle = "A"\nurl = "https://b.org"\nplace = "Moscow"',
        "9: materials has no key place; put it above the first [table]",
    ),
    # unknown keys
    ('plaec = "Moscow"', "6: the front matter has no key plaec; did you mean place?"),
    ('lang = "en"', "6: the front matter has no key lang; did you mean language?"),
    ('title = "A"', f"6: the front matter has no key title; {KEYS}"),
    ('speaker = { famly = "A" }', "5: speaker has no key famly; did you mean family?"),
    ('speaker = { family = "A", email = "b@c.org" }', "5: speaker has no key email; its keys are family, given, role"),
    ('[speaker]\nfamily = "A"\noffice = "B"', "7: speaker has no key office; its keys are family, given, role"),
    ('[[materials]]\ntitle = "A"\nlink = "https://b.org"', "8: materials has no key link; its keys are title, url"),
    ('place-name = "A"', "6: the front matter has no key place-name; did you mean place?"),
    # keys that a table lacks
    ("speaker = {}", '5: speaker lacks family; add family = "Lavrov"'),
    ("[[materials]]\nurl = 'https://a.org'", '6: materials lacks title; add title = "Joint communiqué"'),
    ('[[materials]]\ntitle = "A"', '6: materials lacks url; add url = "https://example.org/communique"'),
    # dates
    *(
        (
            f"published = {value}",
            f"5: published = {value} is not a date, or a date and time without a zone; "
            "write published = 2018-12-29T17:33:00 or published = 2018-12-29",
        )
        for value in ('"29 December 2018"', "17:33:00", "2018", "2018-12-29T17:33:00Z", "2018-12-29 17:33:00+03:00")
    ),
    # text
    *(
        (
            f"publisher = {value}",
            f'5: publisher = {value} is not one line of text; write publisher = "Name of the ministry or office"',
        )
        for value in ("1", "true", '["A"]', '""', '" "', r'"A\nB"', r'"A\u2028B"', r'"A\u0000"')
    ),
    ('role = "with place = 1"\nplace = 1', f"6: the front matter has no key role; {KEYS}"),
    ('publisher = "On place = 1"\nplace = 1', '6: place = 1 is not one line of text; write place = "Moscow"'),
    ('"place" = 1', '6: "place" = 1 is not one line of text; write place = "Moscow"'),
    ("place = 1", '6: place = 1 is not one line of text; write place = "Moscow"'),
    ("speaker = { family = 1 }", '5: speaker = { family = 1 } is not one line of text; write family = "Lavrov"'),
    ("[speaker]\nfamily = 'A'\ngiven = 1", '7: given = 1 is not one line of text; write given = "Sergey"'),
    ("[speaker]\nfamily = 'A'\nrole = ''", "7: role = '' is not one line of text; write role = \"Foreign Minister\""),
    (
        "[[materials]]\ntitle = 1\nurl = 'https://a.org'",
        '7: title = 1 is not one line of text; write title = "Joint communiqué"',
    ),
    # languages
    *(
        (
            f"language = {value}",
            f'5: language = {value} is not a BCP 47 language tag; write language = "en-GB"',
        )
        for value in ('"English"', '"en_GB"', '"e"', '"en-"', '""', "1", '["en"]')
    ),
    pytest.param(
        'language = "ſv"',
        '5: language = "ſv" is not a BCP 47 language tag; write language = "en-GB"',
    ),
    pytest.param(
        '# language = "en"\nlanguage = "en_GB"',
        '6: language = "en_GB" is not a BCP 47 language tag; write language = "en-GB"',
    ),
    (
        'languages = "en"',
        '6: languages = "en" is not a list of BCP 47 language tags; write languages = ["en-GB", "ru-RU"]',
    ),
    (
        'languages = [\n"en",\n"en_GB"]',
        "6: languages = [ is not a list of BCP 47 language tags: 'en_GB' is none; "
        'write languages = ["en-GB", "ru-RU"]',
    ),
    (
        'languages = ["en", 1]',
        '6: languages = ["en", 1] is not a list of BCP 47 language tags: 1 is none; '
        'write languages = ["en-GB", "ru-RU"]',
    ),
    # addresses
    *(
        (
            f"source = {value}",
            f'6: source = {value} is not an http or https address; write source = "https://example.org/statement"',
        )
        for value in (
            '"www.mid.ru"',
            '"//mid.ru"',
            '"ftp://mid.ru"',
            '"javascript:alert(1)"',
            '"https://"',
            '"https://mid.ru/a b"',
            '"https://[mid.ru"',
            '"https://mid.ru:port"',
            '"https://user:word@mid.ru"',
            "1",
        )
    ),
    (
        "[[materials]]\ntitle = 'A'\nurl = 'b'",
        "8: url = 'b' is not an http or https address; write url = \"https://example.org/communique\"",
    ),
    pytest.param(
        "materials = [\n{ title = 'A', url = 'https://a.org' },\n{ title = 'B', url = 'b' },\n]",
        "8: { title = 'B', url = 'b' }, is not an http or https address; write url = \"https://example.org/communique\"",
    ),
    pytest.param(
        "materials = [{ title = 'A', url = 'a' },\n{ title = 'B', url = 'https://b.org' }]",
        "6: materials = [{ title = 'A', url = 'a' }, is not an http or https address; "
        'write url = "https://example.org/communique"',
    ),
    # tables
    (
        'speaker = "Sergey Lavrov"',
        '5: speaker = "Sergey Lavrov" is not a table; '
        'write speaker = { given = "Sergey", family = "Lavrov", role = "Foreign Minister" }',
    ),
    (
        "[materials]\ntitle = 'A'",
        '6: [materials] is not a list of tables; write [[materials]] with title = "…" and url = "https://…" below it',
    ),
    (
        "materials = ['A']",
        '6: materials = [\'A\'] is not a table; write [[materials]] with title = "…" and url = "https://…" below it',
    ),
]


def front_matter(text: str) -> str:
    kept = [line for key, line in REQUIRED.items() if not re.search(rf"^\[?{key}\b", text, re.MULTILINE)]
    return "\n".join([*kept, text, ""])


@pytest.fixture
def publication_of(write_statement: Callable[..., Path]) -> Callable[[str], Publication]:
    return lambda text: read_statement(write_statement(front_matter=front_matter(text))).publication


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_broken_front_matter_is_refused_in_one_line(
    write_statement: Callable[..., Path], text: str, message: str
) -> None:
    path = write_statement(front_matter=front_matter(text))
    with pytest.raises(ContentError) as refused:
        read_statement(path)
    assert refused.value.message == f"{path}:{message}"


@pytest.mark.parametrize(
    ("key", "example"),
    [
        ("published", "published = 2018-12-29T17:33:00 or published = 2018-12-29"),
        ("speaker", 'speaker = { given = "Sergey", family = "Lavrov", role = "Foreign Minister" }'),
        ("publisher", 'publisher = "Name of the ministry or office"'),
        ("language", 'language = "en-GB"'),
    ],
)
def test_a_required_key_may_not_be_left_out(write_statement: Callable[..., Path], key: str, example: str) -> None:
    path = write_statement(front_matter="".join(f"{line}\n" for name, line in REQUIRED.items() if name != key))
    with pytest.raises(ContentError) as refused:
        read_statement(path)
    assert refused.value.message == f"{path}:1: the front matter lacks {key}; add {example}"


def test_a_required_key_below_a_table_is_told_where_it_belongs(write_statement: Callable[..., Path]) -> None:
    lines = [line for key, line in REQUIRED.items() if key != "speaker"]
    path = write_statement(front_matter="\n".join(['[speaker]\nfamily = "A"', *lines, ""]))
    with pytest.raises(ContentError) as refused:
        read_statement(path)
    assert refused.value.message == f"{path}:1: the front matter lacks published; put it above the first [table]"


def test_a_key_with_a_line_break_is_refused_in_one_line(publication_of: Callable[[str], Publication]) -> None:
    with pytest.raises(ContentError) as refused:
        publication_of(r'"a\nb" = 1')
    assert len(refused.value.message.splitlines()) == 1


def test_only_four_keys_are_required(publication_of: Callable[[str], Publication]) -> None:
    assert publication_of("") == Publication(date(2018, 12, 29), Speaker("Lavrov"), "Ministry", "en-GB")


def test_every_key_is_read(publication_of: Callable[[str], Publication]) -> None:
    publication = publication_of("""\
published = 2018-12-29 17:33:00
speaker = { given = "Sergey", family = "Lavrov", role = "Foreign Minister" }
publisher = "Ministry of “Foreign” Affairs <&>"
language = "sr-Latn-RS"
place = 'Moscow'
source = "HTTPS://пример.рф:8080/a?b=(c)&d#e"
languages = ["sr-Latn-RS", "ru", "es-419", "de-1996"]
[[materials]]
title = "A"
url = "http://a.org"
[[materials]]
title = "B"
url = "http://b.org/"
""")
    assert publication == Publication(
        published=datetime(2018, 12, 29, 17, 33),
        speaker=Speaker("Lavrov", "Sergey", "Foreign Minister"),
        publisher="Ministry of “Foreign” Affairs <&>",
        language="sr-Latn-RS",
        place="Moscow",
        source="HTTPS://пример.рф:8080/a?b=(c)&d#e",
        languages=("sr-Latn-RS", "ru", "es-419", "de-1996"),
        materials=(Material("A", "http://a.org"), Material("B", "http://b.org/")),
    )
