"""How a statement is cited: a line of text, BibTeX, RIS and CSL-JSON, each escaped in its own way.

Each names the publication as the source and this page, where its address is known, as the copy that was read.
None holds a date of access, which only the reader knows.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

from app.site.language import MONTHS, SENTENCE_ENDS
from app.statement import Speaker, Statement

# TeX's special characters (The TeXbook, chapter 7), as text.
TEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
    | {"{": r"\lbrace{}", "}": r"\rbrace{}"}  # BibTeX counts braces, escaped ones too
)


def key(statement: Statement) -> str:
    """Return a name for the statement that is safe in BibTeX and as a file name: "lavrov-2018-12-29"."""
    plain = (
        unicodedata.normalize("NFKD", str(statement.publication.speakers[0].family)).encode("ascii", "ignore").decode()
    )
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return f"{name or 'statement'}-{_day(statement)}"


def chicago(statement: Statement) -> str:
    """Return a citation of a web document (Chicago Manual of Style, 17th edition, 14.207), up to the addresses."""
    publication = statement.publication
    author = _sentence(publication.speakers[0].inverted_name)
    title = _sentence(statement.title.replace("“", "‘").replace("”", "’"))
    published = publication.published
    when = f"{MONTHS[published.month - 1]} {published.day}, {published.year}"
    return f"{author} “{title}” {publication.publisher}, {when}."


def bibtex(statement: Statement, site_url: str | None) -> str:
    """Return a BibTeX entry in UTF-8; biblatex reads the whole `date` where BibTeX has month and year."""
    publication = statement.publication
    fields = {
        "author": f"{{{_tex_author(publication.speakers[0])}}}",
        "title": f"{{{{{_tex(statement.title)}}}}}",  # the inner braces keep the capitals
        "howpublished": f"{{{_tex(publication.publisher)}}}",
        "date": f"{{{_day(statement)}}}",
        "year": f"{{{publication.published.year:04}}}",
        "month": MONTHS[publication.published.month - 1][:3].lower(),  # BibTeX's own macros
        "address": f"{{{_tex(publication.place)}}}" if publication.place else None,
        # Read verbatim by biblatex; an address holds no brace or backslash.
        "url": f"{{{url}}}" if (url := publication.source or site_url) else None,
        "note": f"{{{copy}}}" if (copy := _copy(statement, rf"\url{{{site_url}}}" if site_url else None)) else None,
        "language": f"{{{publication.language}}}",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key(statement)},", *lines, "}", ""])


def ris(statement: Statement, site_url: str | None) -> str:
    """Return an RIS record of a web page: a tag a line, each ended by CR LF."""
    publication = statement.publication
    fields = (
        ("TY", "ELEC"),
        ("AU", publication.speakers[0].inverted_name),
        ("TI", statement.title),
        ("PB", publication.publisher),
        ("CY", publication.place),
        ("PY", f"{publication.published.year:04}"),
        ("DA", _day(statement).replace("-", "/")),
        ("LA", publication.language),
        ("UR", publication.source or site_url),
        ("N1", _copy(statement, site_url)),
        ("ER", ""),
    )
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value is not None)


def csl(statement: Statement, site_url: str | None) -> list[dict[str, Any]]:
    """Return the CSL-JSON (schema 1.0) of a web page, as a list of one item."""
    publication, speaker = statement.publication, statement.publication.speakers[0]
    author = {"family": speaker.family, "given": speaker.given} if speaker.given else {"literal": speaker.family}
    published = publication.published
    item = {
        "id": key(statement),
        "type": "webpage",
        "title": statement.title,
        "author": [author],
        "issued": {"date-parts": [[published.year, published.month, published.day]]},
        "publisher": publication.publisher,
        "container-title": publication.publisher,  # what styles print as the site's name
        "event-place": publication.place,
        "language": publication.language,
        "URL": publication.source or site_url,
        "note": _copy(statement, site_url),
    }
    return [{name: value for name, value in item.items() if value is not None}]


class Format(NamedTuple):
    """A form in which reference managers read a citation: what stands at the page's side, and how it is made."""

    ending: str
    label: str
    media_type: str
    write: Callable[[Statement, str | None], str | list[dict[str, Any]]]  # text, or data for JSON

    @property
    def name(self) -> str:
        """Return the name of its file on the site: "statement.bib"."""
        return f"statement.{self.ending}"


FORMATS = (
    Format("bib", "BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
    Format("ris", "RIS", "application/x-research-info-systems; charset=utf-8", ris),
    Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl),
)


def _copy(statement: Statement, address: str | None) -> str | None:
    """Return the note that names this page as the copy, where its address is known and not the only one."""
    return f"Copy read at {address}" if address and statement.publication.source else None


def _day(statement: Statement) -> str:
    return statement.publication.published.isoformat()[:10]


def _sentence(text: str) -> str:
    return text if text.rstrip("’”'\"").endswith(SENTENCE_ENDS) else f"{text}."


def _tex(text: str) -> str:
    return text.translate(TEX)


def _tex_author(speaker: Speaker) -> str:
    """Return the name in BibTeX's form "family, given"; braces keep together what BibTeX would take apart."""
    if speaker.given:
        return ", ".join(_tex_name_part(part) for part in (str(speaker.family), speaker.given))
    return f"{{{_tex(str(speaker.family))}}}"


def _tex_name_part(text: str) -> str:
    taken_apart = "," in text or re.search(r"\sand\s", text, re.IGNORECASE)
    return f"{{{_tex(text)}}}" if taken_apart else _tex(text)
