import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import rispy
from conftest import OpenStatement
from flask.testing import FlaskClient
from pybtex.database import Entry, parse_string
from pylatexenc.latex2text import LatexNodes2Text
from served_page import read_page

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

SOURCE = "https://example.org/a_b/100%25?x=1&y=~z#q"
SITE = "https://copy.example/"
SPECIAL = r"A & B 100% $5 #1 a_b \{c\} ~d ^e \f }{{ g"
NAMES = [
    ("Lavrov", "Sergey", "Lavrov, Sergey"),
    ("Лавров", "Сергей", "Лавров, Сергей"),
    ("de la Cruz", "Juan", "de la Cruz, Juan"),
    ("Smith, Jr.", "A & B", "Smith, Jr., A & B"),
    ("Rock And Roll", "O'Neil \\", "Rock And Roll, O'Neil \\"),
    ("محمد بن سلمان", None, "محمد بن سلمان"),
]

Cited = Callable[..., FlaskClient]


@pytest.fixture
def cited(open_statement: OpenStatement) -> Cited:
    def open_(
        speaker: str = "{ given = 'Sergey', family = 'Lavrov' }",
        title: str = "Title",
        publisher: str = "Ministry",
        optional: str = "",
        site_url: str = "",
        language: str = "en-GB",
    ) -> FlaskClient:
        required = f"published = 2018-02-09T17:33:00\nspeaker = {speaker}\npublisher = '{publisher}'\n"
        front_matter = f'{required}language = "{language}"\n{optional}'
        return open_statement(f"# {title}\n\nText.\n", front_matter, SITE_URL=site_url)

    return open_


def citation(client: FlaskClient) -> str:
    return read_page(client.get("/").text).one("li", class_="citation").text


def bibtex(client: FlaskClient) -> Entry:
    (entry,) = parse_string(client.get("/statement.bib").text, "bibtex").entries.values()
    return entry


def plain(value: str) -> str:
    text = str(LatexNodes2Text().latex_to_text(value))
    return text.replace("\N{MODIFIER LETTER CIRCUMFLEX ACCENT}", "^")


def ris(client: FlaskClient) -> dict[str, Any]:
    (record,) = rispy.loads(client.get("/statement.ris").data.decode())
    return dict(record)


def csl(client: FlaskClient) -> dict[str, Any]:
    (item,) = client.get("/statement.csl.json").get_json(force=True)
    return dict(item)


@pytest.mark.parametrize(("family", "given", "shown"), NAMES)
def test_names_in_any_script_come_back_whole(cited: Cited, family: str, given: str | None, shown: str) -> None:
    given_key = f'given = """{given}""", ' if given else ""
    client = cited(f'{{ {given_key}family = "{family}" }}'.replace("\\", "\\\\"))
    (person,) = bibtex(client).persons["author"]
    names = (person.prelast_names + person.last_names, person.first_names + person.middle_names)
    assert [plain(" ".join(part)) for part in names] == [family, given or ""]
    assert ris(client)["authors"] == [shown]
    assert csl(client)["author"] == [{"family": family, "given": given} if given else {"literal": family}]
    assert citation(client).startswith(f"{shown.rstrip('.')}. “Title.” Ministry, February 9, 2018.")


OFFICE = "Ministry of Foreign, European and Other Affairs"


def test_an_office_is_never_taken_apart(cited: Cited) -> None:
    client = cited(f'{{ name = "{OFFICE}" }}')
    (author,) = bibtex(client).persons["author"]
    assert (author.last_names, author.first_names) == ([f"{{{OFFICE}}}"], [])
    assert csl(client)["author"] == [{"literal": OFFICE}]
    assert citation(client) == f"{OFFICE}. “Title.” Ministry, February 9, 2018."
    # The format has no sign that says so: the note has what readers take apart.
    assert (ris(client)["authors"], ris(client)["notes"]) == ([OFFICE], [f"Author: {OFFICE}"])


@pytest.mark.parametrize(
    ("speakers", "shown"),
    [
        (["given = 'Ada', family = 'Berg'", "given = 'Li', family = 'Wu'"], "Berg, Ada, and Li Wu"),
        (["given = 'Ada', family = 'Berg'", "name = 'Office'"], "Berg, Ada, and Office"),
        (["name = 'Office'", "given = 'Ada', family = 'Berg'"], "Office and Ada Berg"),
        (["name = 'A'", "name = 'B'", "name = 'C'"], "A, B, and C"),
    ],
)
def test_several_speakers_are_a_list_in_each_format(cited: Cited, speakers: list[str], shown: str) -> None:
    client = cited("[" + ", ".join(f"{{ {speaker} }}" for speaker in speakers) + "]")
    names = [tuple(re.findall("'(.*?)'", speaker)) for speaker in speakers]
    inverted = [", ".join(reversed(name)) for name in names]
    persons = bibtex(client).persons["author"]
    joined = [", ".join(filter(None, map(" ".join, (p.last_names, p.first_names)))).strip("{}") for p in persons]
    assert joined == inverted
    assert ris(client)["authors"] == inverted
    assert [tuple(reversed(author.values())) for author in csl(client)["author"]] == names
    assert citation(client).startswith(f"{shown}. “Title.”")


def test_the_days_on_which_it_was_spoken_stand_beside_the_day_of_publication(cited: Cited) -> None:
    client = cited(optional="delivered = [2018-02-07, 2018-02-08]\n")
    assert bibtex(client).fields["eventdate"] == "2018-02-07/2018-02-08"
    assert csl(client)["event-date"] == {"date-parts": [[2018, 2, 7], [2018, 2, 8]]}
    assert csl(client)["issued"] == {"date-parts": [[2018, 2, 9]]}


def test_an_archived_copy_and_corrections_are_one_note(cited: Cited) -> None:
    changes = "".join(
        f'[[corrections]]\nparagraph = "p1"\ndate = {day}\nwas = "Txet"\nby = "edition"\n'
        for day in ("2019-03-02", "2019-01-09", "2019-03-02")
    )
    archived = "https://web.archive.org/a%20b"
    client = cited(optional=f'source = "{SOURCE}"\narchived = "{archived}"\n{changes}', site_url=SITE)
    notes = [f"Copy read at {SITE}", f"Archived copy at {archived}", "Corrected 9 January 2019 and 2 March 2019"]
    assert ris(client)["notes"] == notes
    assert csl(client)["note"] == "; ".join(notes)
    assert bibtex(client).fields["note"] == "; ".join(
        [rf"Copy read at \url{{{SITE}}}", rf"Archived copy at \url{{{archived}}}", notes[2]]
    )


def test_every_format_keeps_the_date_the_title_and_the_publisher(client: FlaskClient) -> None:
    title = read_page(client.get("/").text).one("h1").text
    publisher = "Ministry of Foreign Affairs of the Russian Federation"
    fields, record, item = bibtex(client).fields, ris(client), csl(client)
    assert (plain(fields["title"]), record["title"], item["title"]) == (title, title, title)
    assert (fields["howpublished"], record["publisher"], item["publisher"]) == (publisher, publisher, publisher)
    assert (fields["date"], fields["year"], fields["month"]) == ("2018-12-29", "2018", "December")
    assert (record["year"], record["date"]) == ("2018", "2018/12/29")
    assert item["issued"] == {"date-parts": [[2018, 12, 29]]}
    assert (fields["address"], record["place_published"], item["event-place"]) == ("Moscow", "Moscow", "Moscow")
    assert (fields["language"], record["language"], item["language"]) == ("en-GB", "en-GB", "en-GB")


def test_special_characters_come_back_as_they_were(cited: Cited) -> None:
    title = SPECIAL.replace("\\", "\\\\").replace("#", "\\#").replace("_", "\\_").replace("*", "\\*")
    client = cited(title=title, publisher=SPECIAL)
    fields, record, item = bibtex(client).fields, ris(client), csl(client)
    assert [plain(fields["title"]), plain(fields["howpublished"])] == [SPECIAL] * 2
    assert [record["title"], record["publisher"], item["title"], item["publisher"]] == [SPECIAL] * 4


def test_the_publication_is_the_source_and_this_page_the_copy(cited: Cited) -> None:
    client = cited(optional=f'source = "{SOURCE}"\n', site_url=SITE)
    assert (bibtex(client).fields["url"], ris(client)["urls"], csl(client)["URL"]) == (SOURCE, [SOURCE], SOURCE)
    assert bibtex(client).fields["note"] == rf"Copy read at \url{{{SITE}}}"
    assert (ris(client)["notes"], csl(client)["note"]) == ([f"Copy read at {SITE}"], f"Copy read at {SITE}")
    assert citation(client).endswith(f"Ministry, February 9, 2018. {SOURCE}. Read at {SITE}.")


@pytest.mark.parametrize("site_url", [SITE, ""])
def test_without_a_source_this_page_is_the_address_and_nothing_is_invented(cited: Cited, site_url: str) -> None:
    client = cited(site_url=site_url)
    fields, record, item, url = bibtex(client).fields, ris(client), csl(client), site_url or None
    assert (fields.get("url"), record.get("urls", [None]), item.get("URL")) == (url, [url], url)
    assert not {"note", "address", "urldate", "access_date", "accessed"} & {*fields, *record, *item}
    read_at = f" Read at {url}." if url else ""
    assert citation(client) == f"Lavrov, Sergey. “Title.” Ministry, February 9, 2018.{read_at}"


def test_every_line_of_the_ris_file_ends_in_cr_lf(client: FlaskClient) -> None:
    data = client.get("/statement.ris").data
    assert data.count(b"\n") == data.count(b"\r\n") == len(data.splitlines())


def test_a_citation_processor_makes_a_reference_of_the_csl_file(client: FlaskClient) -> None:
    source = CiteProcJSON([csl(client)])  # warns of what it does not know, which fails the test
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem("lavrov-2018-12-29")]))
    (reference,) = map(str, bibliography.bibliography())
    assert reference.startswith("Lavrov, S. (2018)")
    assert "https://www.mid.ru/en_GB/" in reference


@pytest.mark.parametrize("ending", ["bib", "ris", "csl.json"])
def test_a_download_is_named_after_speaker_and_day(client: FlaskClient, ending: str) -> None:
    disposition = client.get(f"/statement.{ending}").headers["Content-Disposition"]
    assert disposition == f'attachment; filename="lavrov-2018-12-29.{ending}"'
    link = read_page(client.get("/").text).one("a", href=f"statement.{ending}")
    assert link.attributes["download"] == f"lavrov-2018-12-29.{ending}"


@pytest.mark.parametrize(
    ("language", "title", "shown"),
    [
        ("en-GB", "On “peace” now?", "“On ‘peace’ now?”"),
        ("en", "“Peace now!”", "“‘Peace now!’”"),
        ("zh-Hans", "论“和平”", "“论‘和平’.”"),
        ("de", "Rede „Frieden“", "“Rede „Frieden“.”"),
        ("sv", "Tal ”Fred!”", "“Tal ”Fred!””"),
    ],
)
def test_quotation_marks_in_the_title_become_single_where_they_are_the_language_s_own(
    cited: Cited, language: str, title: str, shown: str
) -> None:
    client = cited(title=title, language=language)
    assert citation(client) == f"Lavrov, Sergey. {shown} Ministry, February 9, 2018."


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("{ family = '王毅' }", "statement"),
        ("{ given = 'Å', family = 'Ó Dálaigh' }", "o-dalaigh"),
        (f"{{ name = '{'Office ' * 12}' }}", "office-" * 8 + "offi"),
    ],
)
def test_a_download_has_a_name_that_any_system_takes(cited: Cited, speaker: str, name: str) -> None:
    disposition = cited(speaker).get("/statement.bib").headers["Content-Disposition"]
    assert disposition == f'attachment; filename="{name}-2018-02-09.bib"'
