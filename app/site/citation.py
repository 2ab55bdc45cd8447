"""How a statement is cited: in a line of text, and by templates for reference managers, each escaped in its own way.

Each names the publication as the source and this page, where its address is known, as the copy that was read.
None holds a date of access, which only the reader knows.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from flask import render_template

from app.publication import Publication, Speaker, listed
from app.site.language import MONTHS, SENTENCE_ENDS, has_curly_marks, written_day
from app.statement import Statement

# TeX's special characters (The TeXbook, chapter 7), as text.
TEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
    | {"{": r"\lbrace{}", "}": r"\rbrace{}"}  # BibTeX counts braces, escaped ones too
)


class Format(NamedTuple):
    """A form in which reference managers read a citation, and what stands at the page's side."""

    ending: str
    label: str
    media_type: str

    @property
    def name(self) -> str:
        """Return the name of its template, and of its file on the site: "statement.bib"."""
        return f"statement.{self.ending}"

    def write(self, statement: Statement, site_url: str | None) -> str:
        """Return the citation in this form."""
        known = {"publication": statement.publication, "site_url": site_url, "key": key(statement)}
        return render_template(self.name, statement=statement, **known)


FORMATS = (
    Format("bib", "BibTeX", "application/x-bibtex; charset=utf-8"),
    Format("ris", "RIS", "application/x-research-info-systems; charset=utf-8"),
    Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json"),
)


def key(statement: Statement) -> str:
    """Return a name for the statement that is safe in BibTeX and as a file name: "lavrov-2018-12-29"."""
    speaker = statement.publication.speakers[0]
    plain = unicodedata.normalize("NFKD", speaker.family or speaker.full_name).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:60].strip("-")
    return f"{name or 'statement'}-{statement.publication.published.isoformat()[:10]}"


def chicago(statement: Statement) -> str:
    """Return a citation of a web document (Chicago Manual of Style, 17th edition, 14.207), up to the addresses."""
    publication, title = statement.publication, statement.title
    if has_curly_marks(publication.language):
        title = title.replace("“", "‘").replace("”", "’")
    # The first name alone is inverted, and its comma asks for another.
    first, *others = publication.speakers
    names = [first.inverted_name, *(speaker.full_name for speaker in others)]
    comma = "," if first.given or others[1:] else ""
    authors = f"{', '.join(names[:-1])}{comma} and {names[-1]}" if others else names[0]
    when = f"{MONTHS[publication.published.month - 1]} {publication.published.day}, {publication.published.year}"
    return f"{_sentence(authors)} “{_sentence(title)}” {publication.publisher}, {when}."


def _sentence(text: str) -> str:
    return text if text.rstrip("’”“»«'\"").endswith(SENTENCE_ENDS) else f"{text}."


def notes(publication: Publication, site_url: str | None, written: str = "%s") -> list[str]:
    """Return what has no field of its own: this page as the copy, where it is not the only one, and what befell it."""
    days = sorted({correction.date for correction in publication.corrections})
    return [
        *([f"Copy read at {written % site_url}"] if site_url and publication.source else []),
        *([f"Archived copy at {written % publication.archived}"] if publication.archived else []),
        *([f"Corrected {listed([written_day(day) for day in days])}"] if days else []),
    ]


def tex(text: str) -> str:
    """Return `text` as TeX writes it."""
    return text.translate(TEX)


def tex_name(speaker: Speaker) -> str:
    """Return the name in BibTeX's form "family, given"; braces keep together what BibTeX would take apart."""
    parts = [str(speaker.family), speaker.given] if speaker.given else [speaker.full_name]
    is_whole = [not speaker.given or re.search(r",|\sand\s", part, re.IGNORECASE) for part in parts]
    return ", ".join(f"{{{tex(part)}}}" if whole else tex(part) for part, whole in zip(parts, is_whole, strict=True))


JSON = partial(json.dumps, ensure_ascii=False)
# What the templates may ask of a value, by name.
FILTERS: Mapping[str, Callable[..., object]] = {"notes": notes, "tex": tex, "tex_name": tex_name, "json": JSON}
