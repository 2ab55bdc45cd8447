"""How a statement is cited: by a template for each reference manager, each of which escapes in its own way.

Each names the publication as the source and this page, where its address is known, as the copy that was read.
None holds a date of access, which only the reader knows.
"""

import re
import unicodedata

from app.site.language import SENTENCE_ENDS
from app.statement import Statement

# TeX's special characters (The TeXbook, chapter 7), as text: the filter `tex`.
TEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
    | {"{": r"\lbrace{}", "}": r"\rbrace{}"}  # BibTeX counts braces, escaped ones too
)
# The forms that reference managers read, each by the name of its template, route and file: its label and media type.
FORMATS = {
    "statement.bib": ("BibTeX", "application/x-bibtex; charset=utf-8"),
    "statement.ris": ("RIS", "application/x-research-info-systems; charset=utf-8"),
    "statement.csl.json": ("CSL-JSON", "application/vnd.citationstyles.csl+json"),
}


def key(statement: Statement) -> str:
    """Return a name for the statement that is safe in BibTeX and as a file name: "lavrov-2018-12-29"."""
    speaker = statement.publication.speakers[0]
    plain = (
        unicodedata.normalize("NFKD", speaker.family or speaker.full_name)
        .encode("ascii", "ignore")
        .decode()
    )
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:60].strip("-")
    return f"{name or 'statement'}-{statement.publication.published.isoformat()[:10]}"


def sentence(text: str) -> str:
    """Return `text` with a full stop, unless it ends as a sentence does."""
    return (
        text if text.rstrip("’”“»«'\"").endswith(tuple(SENTENCE_ENDS)) else f"{text}."
    )
