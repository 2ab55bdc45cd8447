import json
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import rispy
from conftest import OpenStatement
from flask.testing import FlaskClient
from pybtex.database import Entry, parse_string
from pylatexenc.latex2text import LatexNodes2Text
from served_page import read_page

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

SOURCE = "https://example.org/a_b/100%25?x=1&y=~z#q"
SITE = "https://copy.example/"
SPECIAL = r"A & B 100% $5 #1 a_b \{c\} ~d ^e \f }{{ g"
OFFICE = "Ministry of Foreign, European and Other Affairs"


class Cited(NamedTuple):
    """A citation in each of its forms, as real parsers read them; with the name under which one is saved."""

    line: str
    bibtex: Entry
    ris: dict[str, Any]
    csl: dict[str, Any]
    saved_as: str


def cited(client: FlaskClient) -> Cited:
    line = read_page(client.get("/").text).one("li", class_="citation").text
    bibtex = client.get("/statement.bib")
    (entry,) = parse_string(bibtex.text, "bibtex").entries.values()
    (record,) = rispy.loads(client.get("/statement.ris").data.decode())
    (item,) = client.get("/statement.csl.json").get_json(force=True)
    return Cited(
        line, entry, dict(record), dict(item), bibtex.headers["Content-Disposition"]
    )


Cite = Callable[..., Cited]


@pytest.fixture
def cite(open_statement: OpenStatement) -> Cite:
    def cite(
        title: str = "Title", keys: str = "", site_url: str = "", **told: str
    ) -> Cited:
        told = {
            "speaker": "{ given = 'Sergey', family = 'Lavrov' }",
            "publisher": "'Ministry'",
        } | told
        told = {"published": "2018-02-09T17:33:00", "language": "'en-GB'"} | told
        front_matter = "".join(f"{key} = {value}\n" for key, value in told.items())
        return cited(
            open_statement(
                f"# {title}\n\nText.\n", front_matter + keys, SITE_URL=site_url
            )
        )

    return cite


def plain(value: str) -> str:
    text = str(LatexNodes2Text().latex_to_text(value))
    return text.replace("\N{MODIFIER LETTER CIRCUMFLEX ACCENT}", "^")


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([("Лавров", "Сергей")], "Лавров, Сергей."),
        ([("de la Cruz", "Juan")], "de la Cruz, Juan."),
        ([("Smith, Jr.", "A & B")], "Smith, Jr., A & B."),
        ([("Rock And Roll", "O'Neil \\")], "Rock And Roll, O'Neil \\."),
        ([("محمد بن سلمان", "")], "محمد بن سلمان."),
        ([(OFFICE, "")], f"{OFFICE}."),
        ([("Berg", "Ada"), ("Wu", "Li")], "Berg, Ada, and Li Wu."),
        ([("Office", ""), ("Berg", "Ada")], "Office and Ada Berg."),
        ([("A", ""), ("B", ""), ("C Inc.", "")], "A, B, and C Inc."),
    ],
)
def test_each_name_comes_back_whole_from_each_form(
    cite: Cite, names: list[tuple[str, str]], shown: str
) -> None:
    speakers = [
        {"family": name, "given": given} if given else {"name": name}
        for name, given in names
    ]
    tables = [
        ", ".join(f"{key} = {json.dumps(value)}" for key, value in speaker.items())
        for speaker in speakers
    ]
    forms = cite(speaker="[" + ", ".join(f"{{ {table} }}" for table in tables) + "]")
    people = [
        (p.prelast_names + p.last_names, p.first_names + p.middle_names)
        for p in forms.bibtex.persons["author"]
    ]
    assert [
        (plain(" ".join(last)), plain(" ".join(first))) for last, first in people
    ] == names
    assert forms.ris["authors"] == [", ".join(filter(None, name)) for name in names]
    # The format has no sign that keeps a name whole: the note has what readers take apart.
    noted = [f"{given} {name}".lstrip() for name, given in names if "," in name]
    assert forms.ris.get("notes", []) == [f"Author: {name}" for name in noted]
    assert forms.csl["author"] == [
        one if "given" in one else {"literal": one["name"]} for one in speakers
    ]
    assert forms.line == f"{shown} “Title.” Ministry, February 9, 2018."


def test_every_form_keeps_the_date_the_title_and_the_publisher(
    client: FlaskClient,
) -> None:
    title = read_page(client.get("/").text).one("h1").text
    publisher = "Ministry of Foreign Affairs of the Russian Federation"
    _, entry, record, item, saved_as = cited(client)
    fields = entry.fields
    assert (plain(fields["title"]), record["title"], item["title"]) == (
        title,
        title,
        title,
    )
    assert (fields["howpublished"], record["publisher"], item["publisher"]) == (
        publisher,
        publisher,
        publisher,
    )
    assert (fields["date"], fields["year"], fields["month"]) == (
        "2018-12-29",
        "2018",
        "December",
    )
    assert (record["year"], record["date"]) == ("2018", "2018/12/29")
    assert item["issued"] == {"date-parts": [[2018, 12, 29]]}
    assert (fields["address"], record["place_published"], item["event-place"]) == (
        "Moscow",
        "Moscow",
        "Moscow",
    )
    assert (fields["language"], record["language"], item["language"]) == (
        "en-GB",
        "en-GB",
        "en-GB",
    )
    ris = client.get("/statement.ris").data
    assert ris.count(b"\n") == ris.count(b"\r\n") == len(ris.splitlines())
    link = read_page(client.get("/").text).one("a", href="statement.bib")
    assert saved_as == f'attachment; filename="{link.attributes["download"]}"'


def test_special_characters_come_back_as_they_were(cite: Cite) -> None:
    title = (
        SPECIAL.replace("\\", "\\\\")
        .replace("#", "\\#")
        .replace("_", "\\_")
        .replace("*", "\\*")
    )
    _, entry, record, item, _ = cite(title, publisher=f"'{SPECIAL}'")
    assert [plain(entry.fields["title"]), plain(entry.fields["howpublished"])] == [
        SPECIAL
    ] * 2
    assert [record["title"], record["publisher"], item["title"], item["publisher"]] == [
        SPECIAL
    ] * 4


def test_the_days_on_which_it_was_spoken_stand_beside_the_day_of_publication(
    cite: Cite,
) -> None:
    forms = cite(keys="delivered = [2018-02-07, 2018-02-08]\n")
    assert forms.bibtex.fields["eventdate"] == "2018-02-07/2018-02-08"
    assert forms.csl["event-date"] == {"date-parts": [[2018, 2, 7], [2018, 2, 8]]}
    assert forms.csl["issued"] == {"date-parts": [[2018, 2, 9]]}


def test_the_publication_is_the_source_and_copies_and_corrections_are_one_note(
    cite: Cite,
) -> None:
    archived, days = (
        "https://web.archive.org/a%20b",
        ("2019-03-02", "2019-01-09", "2019-03-02"),
    )
    changes = ", ".join(
        f'{{ paragraph = "p1", date = {day}, was = "Txet", by = "edition" }}'
        for day in days
    )
    keys = f'source = "{SOURCE}"\narchived = "{archived}"\ncorrections = [{changes}]\n'
    forms = cite(keys=keys, site_url=SITE)
    assert (forms.bibtex.fields["url"], forms.ris["urls"], forms.csl["URL"]) == (
        SOURCE,
        [SOURCE],
        SOURCE,
    )
    notes = [
        f"Copy read at {SITE}",
        f"Archived copy at {archived}",
        "Corrected 9 January 2019 and 2 March 2019",
    ]
    assert (forms.ris["notes"], forms.csl["note"]) == (notes, "; ".join(notes))
    tex = [
        rf"Copy read at \url{{{SITE}}}",
        rf"Archived copy at \url{{{archived}}}",
        notes[2],
    ]
    assert forms.bibtex.fields["note"] == "; ".join(tex)
    assert forms.line.endswith(f"Ministry, February 9, 2018. {SOURCE}. Read at {SITE}.")


@pytest.mark.parametrize("site_url", [SITE, ""])
def test_without_a_source_this_page_is_the_address_and_nothing_is_invented(
    cite: Cite, site_url: str
) -> None:
    line, entry, record, item, _ = cite(site_url=site_url)
    url = site_url or None
    assert (entry.fields.get("url"), record.get("urls", [None]), item.get("URL")) == (
        url,
        [url],
        url,
    )
    assert not {"note", "address", "urldate", "access_date", "accessed"} & {
        *entry.fields,
        *record,
        *item,
    }
    read_at = f" Read at {url}." if url else ""
    assert line == f"Lavrov, Sergey. “Title.” Ministry, February 9, 2018.{read_at}"


def test_a_citation_processor_makes_a_reference_of_the_csl_file(
    client: FlaskClient,
) -> None:
    source = CiteProcJSON(
        [cited(client).csl]
    )  # warns of what it does not know, which fails the test
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem("lavrov-2018-12-29")]))
    (reference,) = map(str, bibliography.bibliography())
    assert reference.startswith("Lavrov, S. (2018)")
    assert "https://www.mid.ru/en_GB/" in reference


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("{ family = '王毅' }", "statement"),
        ("{ given = 'Å', family = 'Ó Dálaigh' }", "o-dalaigh"),
        (f"{{ name = '{'Office ' * 12}' }}", "office-" * 8 + "offi"),
    ],
)
def test_a_download_has_a_name_that_any_system_takes(
    cite: Cite, speaker: str, name: str
) -> None:
    assert (
        cite(speaker=speaker).saved_as
        == f'attachment; filename="{name}-2018-02-09.bib"'
    )
