"""How a statement is cited: a line of text, BibTeX, RIS and CSL-JSON, each escaped in its own way.

Each names the publication as the source and this page, where its address is known, as the copy that was read.
None holds a date of access, which only the reader knows.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from app.publication import Publication, Speaker, listed
from app.site.language import MONTHS, SENTENCE_ENDS, has_curly_marks, iso_days, written_day
from app.statement import Statement

# TeX's special characters (The TeXbook, chapter 7), as text.
TEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
    | {"{": r"\lbrace{}", "}": r"\rbrace{}"}  # BibTeX counts braces, escaped ones too
)


def key(statement: Statement) -> str:
    """Return a name for the statement that is safe in BibTeX and as a file name: "lavrov-2018-12-29"."""
    speaker = statement.publication.speakers[0]
    plain = unicodedata.normalize("NFKD", speaker.family or speaker.full_name).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:60].strip("-")
    return f"{name or 'statement'}-{_day(statement)}"


def chicago(statement: Statement) -> str:
    """Return a citation of a web document (Chicago Manual of Style, 17th edition, 14.207), up to the addresses."""
    publication, title = statement.publication, statement.title
    if has_curly_marks(publication.language):
        title = title.replace("“", "‘").replace("”", "’")
    when = f"{MONTHS[publication.published.month - 1]} {publication.published.day}, {publication.published.year}"
    return f"{_sentence(_names(publication.speakers))} “{_sentence(title)}” {publication.publisher}, {when}."


def _names(speakers: tuple[Speaker, ...]) -> str:
    """Return the names as Chicago lists authors: the first alone is inverted, and its comma asks for another."""
    names = [speakers[0].inverted_name, *(speaker.full_name for speaker in speakers[1:])]
    comma = "," if speakers[0].given or names[2:] else ""
    return f"{', '.join(names[:-1])}{comma} and {names[-1]}" if names[1:] else names[0]


def bibtex(statement: Statement, site_url: str | None) -> str:
    """Return a BibTeX entry in UTF-8; biblatex reads the whole `date` where BibTeX has month and year."""
    publication = statement.publication
    fields = {
        "author": f"{{{' and '.join(map(_tex_author, publication.speakers))}}}",
        "title": f"{{{{{_tex(statement.title)}}}}}",  # the inner braces keep the capitals
        "howpublished": f"{{{_tex(publication.publisher)}}}",
        "year": f"{{{publication.published.year:04}}}",
        "month": MONTHS[publication.published.month - 1][:3].lower(),  # BibTeX's own macros
        "date": f"{{{_day(statement)}}}",  # behind them, or Zotero joins all three
        "eventdate": f"{{{delivered}}}" if (delivered := iso_days(publication.delivered)) else None,
        "address": f"{{{_tex(publication.place)}}}" if publication.place else None,
        # Read verbatim by biblatex; an address holds no brace or backslash.
        "url": f"{{{url}}}" if (url := publication.source or site_url) else None,
        "note": f"{{{notes}}}" if (notes := "; ".join(_notes(publication, site_url, r"\url{%s}"))) else None,
        "language": f"{{{publication.language}}}",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key(statement)},", *lines, "}", ""])


def ris(statement: Statement, site_url: str | None) -> str:
    """Return an RIS record of a web page: a tag a line, each ended by CR LF.

    The format has no escape for a comma, at which readers take an author apart: such a name stands in a note, too.
    """
    publication = statement.publication
    names = [speaker.full_name for speaker in publication.speakers if "," in speaker.full_name]
    fields = (
        ("TY", "ELEC"),
        *(("AU", speaker.inverted_name) for speaker in publication.speakers),
        ("TI", statement.title),
        ("PB", publication.publisher),
        ("CY", publication.place),
        ("PY", f"{publication.published.year:04}"),
        ("DA", _day(statement).replace("-", "/")),
        ("LA", publication.language),
        ("UR", publication.source or site_url),
        *(("N1", f"Author: {name}") for name in names),
        *(("N1", note) for note in _notes(publication, site_url)),
        ("ER", ""),
    )
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value is not None)


def csl(statement: Statement, site_url: str | None) -> list[dict[str, Any]]:
    """Return the CSL-JSON (schema 1.0) of a web page, as a list of one item."""
    publication = statement.publication
    authors = [
        {"family": one.family, "given": one.given} if one.given else {"literal": one.full_name}
        for one in publication.speakers
    ]
    item = {
        "id": key(statement),
        "type": "webpage",
        "title": statement.title,
        "author": authors,
        "issued": _csl_days(publication.published),
        "event-date": _csl_days(*publication.delivered) if publication.delivered else None,
        "publisher": publication.publisher,
        "container-title": publication.publisher,  # what styles print as the site's name
        "event-place": publication.place,
        "language": publication.language,
        "URL": publication.source or site_url,
        "note": "; ".join(_notes(publication, site_url)) or None,
    }
    return [{name: value for name, value in item.items() if value is not None}]


def _csl_days(*days: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day] for day in days]}


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


def _notes(publication: Publication, site_url: str | None, written: str = "%s") -> list[str]:
    """Return what has no field of its own: this page as the copy, where it is not the only one, and what befell it."""
    notes = [f"Copy read at {written % site_url}"] if site_url and publication.source else []
    if publication.archived:
        notes.append(f"Archived copy at {written % publication.archived}")
    if days := sorted({correction.date for correction in publication.corrections}):
        notes.append(f"Corrected {listed([written_day(day) for day in days])}")
    return notes


def _day(statement: Statement) -> str:
    return statement.publication.published.isoformat()[:10]


def _sentence(text: str) -> str:
    return text if text.rstrip("’”“»«'\"").endswith(SENTENCE_ENDS) else f"{text}."


def _tex(text: str) -> str:
    return text.translate(TEX)


def _tex_author(speaker: Speaker) -> str:
    """Return the name in BibTeX's form "family, given"; braces keep together what BibTeX would take apart."""
    parts = [str(speaker.family), speaker.given] if speaker.given else [speaker.full_name]
    is_whole = [not speaker.given or re.search(r",|\sand\s", part, re.IGNORECASE) for part in parts]
    return ", ".join(f"{{{_tex(part)}}}" if whole else _tex(part) for part, whole in zip(parts, is_whole, strict=True))
