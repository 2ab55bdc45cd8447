"""Citations, read back by the parsers of reference managers.

The golden files show the citation files as they are.
"""

import json
import warnings
from dataclasses import dataclass
from typing import Any

import pytest
import rispy
from case_files import read_fields
from conftest import OpenStatement
from flask.testing import FlaskClient
from pybtex.database import Entry, Person, parse_string
from pylatexenc.latex2text import LatexNodes2Text
from served_page import read_page

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

FRONT_MATTER = """\
published = 2018-02-09T17:33:00
speaker = {speaker}
publisher = {publisher}
language = "en-GB"
"""
LAVROV = '{ given = "Sergey", family = "Lavrov" }'
SITE = "https://copy.example/"
SOURCE = "https://example.org/a_b/100%25?x=1&y=~z#q"
ARCHIVED = "https://web.archive.org/a%20b"
SPECIAL = r"A & B 100% $5 #1 a_b \{c\} ~d ^e \f }{{ g"


@dataclass(frozen=True)
class Cited:
    """The citation of a page in each form, as parsers read it."""

    line: str
    bibtex: Entry
    ris: dict[str, Any]
    csl: dict[str, Any]


def cite(client: FlaskClient) -> Cited:
    """Return the citations of the page that `client` opens."""
    page = read_page(client.get("/").text)
    library = parse_string(client.get("/statement.bib").text, "bibtex")
    (entry,) = library.entries.values()
    (record,) = rispy.loads(client.get("/statement.ris").data.decode())
    (item,) = client.get("/statement.csl.json").get_json(force=True)
    line = page.one("li", class_="citation").text
    return Cited(line, entry, dict(record), dict(item))


def front_matter(speaker: str = LAVROV, publisher: str = "Ministry") -> str:
    """Return a front matter with these values."""
    return FRONT_MATTER.format(speaker=speaker, publisher=json.dumps(publisher))


def read_tex(value: str) -> str:
    """Return TeX as plain text."""
    text = str(LatexNodes2Text().latex_to_text(value))
    return text.replace("\N{MODIFIER LETTER CIRCUMFLEX ACCENT}", "^")


def read_person(person: Person) -> list[str]:
    """Return the family name and the given name, if any, that BibTeX reads."""
    family = read_tex(" ".join(person.prelast_names + person.last_names))
    given = read_tex(" ".join(person.first_names + person.middle_names))
    if not given:
        return [family]
    return [family, given]


def speaker_table(name: list[str]) -> str:
    """Return a person's table from a family and a given name, or an office's."""
    if len(name) == 1:
        return f"{{ name = {json.dumps(name[0])} }}"
    family, given = name
    return f"{{ family = {json.dumps(family)}, given = {json.dumps(given)} }}"


@pytest.mark.parametrize("fields", read_fields("authors.txt", "|"))
def test_each_author_comes_back_whole_from_each_form(
    open_statement: OpenStatement, fields: list[str]
) -> None:
    *authors, expected = fields
    names = [author.split(" + ") for author in authors]
    speakers = ", ".join(speaker_table(name) for name in names)
    client = open_statement(front_matter=front_matter(f"[{speakers}]"))
    cited = cite(client)
    assert [read_person(person) for person in cited.bibtex.persons["author"]] == names
    assert cited.ris["authors"] == [", ".join(name) for name in names]
    for author, name in zip(cited.csl["author"], names, strict=True):
        if len(name) == 1:
            assert author == {"literal": name[0]}
        else:
            assert author == {"family": name[0], "given": name[1]}
    assert cited.line == f"{expected} “Title.” Ministry, February 9, 2018."


OFFICE = '{ name = "Ministry of Foreign, European and Other Affairs" }'


def test_an_author_with_a_comma_is_in_a_note_of_the_ris_file(
    open_statement: OpenStatement,
) -> None:
    cited = cite(open_statement(front_matter=front_matter(OFFICE)))
    note = "Author: Ministry of Foreign, European and Other Affairs"
    assert cited.ris["notes"] == [note]


def test_the_citation_key_has_the_whole_name_of_an_office(
    open_statement: OpenStatement,
) -> None:
    cited = cite(open_statement(front_matter=front_matter(OFFICE)))
    office = "ministry-of-foreign-european-and-other-affairs"
    assert cited.bibtex.key == f"{office}-2018-02-09-title-7e8c"


def test_special_characters_come_back_as_they_were(
    open_statement: OpenStatement,
) -> None:
    title = SPECIAL
    for character in "\\#_":
        title = title.replace(character, f"\\{character}")
    matter = front_matter(publisher=SPECIAL) + f"place = {json.dumps(SPECIAL)}\n"
    cited = cite(open_statement(f"# {title}\n\nText.\n", matter))
    for name in ("title", "howpublished", "address"):
        assert read_tex(cited.bibtex.fields[name]) == SPECIAL
    for name in ("title", "publisher", "place_published"):
        assert cited.ris[name] == SPECIAL
    for name in ("title", "publisher", "container-title", "event-place"):
        assert cited.csl[name] == SPECIAL


def test_the_day_of_publication_and_the_days_of_delivery_are_not_mixed_up(
    open_statement: OpenStatement,
) -> None:
    delivered = "delivered = [2018-02-07, 2018-02-08]\n"
    cited = cite(open_statement(front_matter=front_matter() + delivered))
    assert cited.bibtex.fields["date"] == "2018-02-09"
    assert cited.bibtex.fields["year"] == "2018"
    assert cited.bibtex.fields["month"] == "February"
    assert cited.bibtex.fields["eventdate"] == "2018-02-07/2018-02-08"
    assert cited.ris["date"] == "2018/02/09"
    assert cited.csl["issued"] == {"date-parts": [[2018, 2, 9]]}
    assert cited.csl["event-date"] == {"date-parts": [[2018, 2, 7], [2018, 2, 8]]}


def test_the_publication_is_the_source_and_this_page_a_copy(
    open_statement: OpenStatement,
) -> None:
    matter = front_matter() + f'source = "{SOURCE}"\narchived = "{ARCHIVED}"\n'
    for day in ("2019-03-02", "2019-01-09", "2019-03-02"):
        matter += (
            f'[[corrections]]\nparagraph = "p1"\ndate = {day}\n'
            'was = "Txet"\nby = "edition"\n'
        )
    cited = cite(open_statement(front_matter=matter, SITE_URL=SITE))
    assert cited.bibtex.fields["url"] == SOURCE
    assert cited.ris["urls"] == [SOURCE]
    assert cited.csl["URL"] == SOURCE
    copy = f"Copy read at {SITE}"
    archived = f"Archived copy at {ARCHIVED}"
    corrected = "Corrected 9 January 2019 and 2 March 2019"
    assert cited.ris["notes"] == [copy, archived, corrected]
    assert cited.csl["note"] == f"{copy}; {archived}; {corrected}"
    assert cited.bibtex.fields["note"] == (
        rf"Copy read at \url{{{SITE}}}; "
        rf"Archived copy at \url{{{ARCHIVED}}}; {corrected}"
    )
    assert cited.line.endswith(f"2018. {SOURCE}. Read at {SITE}.")


def test_without_a_source_this_page_is_the_address(
    open_statement: OpenStatement,
) -> None:
    cited = cite(open_statement(front_matter=front_matter(), SITE_URL=SITE))
    assert cited.bibtex.fields["url"] == SITE
    assert cited.ris["urls"] == [SITE]
    assert cited.csl["URL"] == SITE
    assert "note" not in cited.csl  # there is no other copy
    assert cited.line.endswith(f"2018. Read at {SITE}.")


def test_values_that_are_unknown_are_left_out(open_statement: OpenStatement) -> None:
    cited = cite(open_statement(front_matter=front_matter()))
    unknown = {"url", "note", "address", "urldate", "eventdate"}
    assert unknown.isdisjoint(cited.bibtex.fields)
    assert {"urls", "notes", "place_published", "access_date"}.isdisjoint(cited.ris)
    assert {"URL", "note", "event-place", "accessed"}.isdisjoint(cited.csl)
    assert cited.line == "Lavrov, Sergey. “Title.” Ministry, February 9, 2018."


def test_a_citation_processor_accepts_the_csl_file(client: FlaskClient) -> None:
    item = cite(client).csl
    # It warns of fields that it does not know, and a warning fails the test.
    source = CiteProcJSON([item])
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    (reference,) = map(str, bibliography.bibliography())
    assert reference.startswith("Lavrov, S. (2018)")
    assert "https://www.mid.ru/en_GB/" in reference


@pytest.mark.parametrize(
    ("name", "title", "key"), read_fields("citation_keys.txt", "|")
)
def test_the_key_and_the_file_name_consist_of_author_day_and_title(
    open_statement: OpenStatement, name: str, title: str, key: str
) -> None:
    speaker = f"{{ family = {json.dumps(name)} }}"
    client = open_statement(f"# {title}\n\nText.\n", front_matter(speaker))
    cited = cite(client)
    assert cited.bibtex.key == key
    assert cited.csl["id"] == key
    saved = client.get("/statement.ris").headers["Content-Disposition"]
    assert saved == f'attachment; filename="{key}.ris"'
    page = read_page(client.get("/").text)
    links = [link.attributes.get("download") for link in page.find("a")]
    assert f"{key}.ris" in links
