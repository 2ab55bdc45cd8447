"""Citations, as the templates of the citation formats need them.

Each format names the publication as the source, and this page, if its address is
known, as the copy that was read. None has a date of access.
"""

import re
from hashlib import sha256
from typing import NamedTuple

from app.latin import fold_latin
from app.publication import Publication, join_names
from app.site.dates import format_day
from app.site.english import ends_as_sentence
from app.statement import Statement


class CitationFormat(NamedTuple):
    """A file format of reference managers."""

    label: str
    media_type: str


# The formats by the name of their template, which is also their address. Flask escapes
# the values in a template only if its name ends in .html, .htm, .xml, .xhtml or .svg.
FORMATS = {
    "statement.bib": CitationFormat("BibTeX", "application/x-bibtex; charset=utf-8"),
    "statement.ris": CitationFormat(
        "RIS", "application/x-research-info-systems; charset=utf-8"
    ),
    "statement.csl.json": CitationFormat(
        "CSL-JSON", "application/vnd.citationstyles.csl+json"
    ),
}

# TeX's special characters (The TeXbook, chapter 7). Braces are commands, since BibTeX
# counts escaped braces too.
TEX_ESCAPES = str.maketrans(
    {
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
        "{": r"\lbrace{}",
        "}": r"\rbrace{}",
    }
)

NOT_IN_KEY_RE = re.compile("[^a-z0-9]+")
LETTER_RE = re.compile("[a-z]")
HASH_LENGTH = 4  # hexadecimal digits
MAX_KEY_WORD_LENGTH = 60  # characters; file systems take 255 bytes for a name


class Note(NamedTuple):
    """A remark for which the citation formats have no field. It may end in a URL."""

    text: str
    url: str = ""

    def __str__(self) -> str:
        return self.text + self.url


def citation_key(statement: Statement) -> str:
    """Return a key such as "lavrov-2018-12-29-remarks-meeting-1f3a".

    It contains the first author, the day, the two longest words of the title, and
    digits of the title's hash, so that two statements of one day differ. It is safe
    in BibTeX and in file names.
    """
    publication = statement.publication
    speaker = publication.speakers[0]
    name = _key_part(speaker.family or speaker.full_name) or "statement"
    day = publication.published.isoformat()[:10]
    digits = sha256(statement.title.encode()).hexdigest()[:HASH_LENGTH]
    return "-".join([name, day, *_longest_words(statement.title), digits])


def _longest_words(title: str) -> list[str]:
    """Return the two longest words of a title in its order, in Latin letters."""
    words = []
    for text in title.split():
        word = _key_part(text)
        if LETTER_RE.search(word) and word not in words:
            words.append(word)
    longest = sorted(words, key=len, reverse=True)[:2]
    return [word for word in words if word in longest]


def _key_part(text: str) -> str:
    """Return `text` with Latin letters and digits only, and hyphens between them."""
    key = NOT_IN_KEY_RE.sub("-", fold_latin(text))
    return key[:MAX_KEY_WORD_LENGTH].strip("-")


def notes(statement: Statement, site_url: str | None) -> list[Note]:
    """Return the notes: this page as a copy, the archived copy, the corrections."""
    publication = statement.publication
    result = []
    if site_url and publication.source:
        result.append(Note("Copy read at ", site_url))
    if publication.archived:
        result.append(Note("Archived copy at ", publication.archived))
    if publication.corrections:
        days = sorted({correction.date for correction in publication.corrections})
        written = join_names([format_day(day) for day in days])
        result.append(Note(f"Corrected {written}"))
    return result


def end_sentence(text: str) -> str:
    """Return `text` with a full stop, unless it ends as a sentence does."""
    if ends_as_sentence(text):
        return text
    return f"{text}."


def escape_tex(text: str) -> str:
    """Return `text` with TeX's special characters escaped."""
    return text.translate(TEX_ESCAPES)


def bibtex_authors(publication: Publication) -> str:
    """Return the authors as BibTeX parses them: "Lavrov, Sergey and {An Office}"."""
    authors = []
    for speaker in publication.speakers:
        if speaker.family and speaker.given:
            family = _bibtex_name(speaker.family)
            authors.append(f"{family}, {_bibtex_name(speaker.given)}")
        else:
            authors.append(_braced(speaker.full_name))
    return " and ".join(authors)


def _bibtex_name(name: str) -> str:
    """Return one part of a name, in braces if BibTeX would split it."""
    if "," in name or " and " in name.lower():
        return _braced(name)
    return escape_tex(name)


def _braced(name: str) -> str:
    return "{" + escape_tex(name) + "}"


def chicago_authors(publication: Publication) -> str:
    """Return the authors as the Chicago Manual of Style lists them (17th ed., 14.76).

    Only the first name is inverted: "Lavrov, Sergey, and Ada Berg".
    """
    first = publication.speakers[0]
    others = [speaker.full_name for speaker in publication.speakers[1:]]
    if not others:
        return first.inverted_name
    names = ", ".join([first.inverted_name, *others[:-1]])
    needs_comma = first.given or len(others) > 1
    if needs_comma:
        names += ","
    return f"{names} and {others[-1]}"
