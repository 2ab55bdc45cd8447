"""The reader: a file becomes a Statement, or one error with all its problems."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from app.errors import ContentError
from app.reading.blocks import BlockReader
from app.reading.characters import clean_line
from app.reading.corrections import check_corrections
from app.reading.errors import ErrorCollector, Line
from app.reading.front_matter import read_front_matter
from app.reading.sections import BodyReader
from app.reading.speakers import resolve_speakers
from app.reading.voices import assign_voices
from app.statement import Statement

FENCE = "+++"
LINE_END_RE = re.compile("\r\n?|\n")
MAX_BYTES = 1_000_000


def read_statement(path: Path) -> Statement:
    """Return the statement in the file at `path`.

    Raise ContentError if the file cannot be read, or if its text has errors. It then
    reports all of them.
    """
    file_name = str(path)
    if path.is_relative_to(Path.cwd()):
        file_name = str(path.relative_to(Path.cwd()))
    data = _read_file(path, file_name)
    # The additional line feed makes sure that there is a line after the front matter.
    texts = LINE_END_RE.split(_decode(data, file_name) + "\n")
    end = _end_of_front_matter(texts, file_name)
    errors = ErrorCollector()
    lines = []
    for number, text in enumerate(texts, 1):
        lines.append(clean_line(Line(number, text), errors))
    front_matter = read_front_matter(lines[1:end], errors)
    publication = front_matter.publication
    block_reader = BlockReader(publication.numbers == "publication", errors)
    body = BodyReader(block_reader).read(lines[end + 1 :])
    check_corrections(front_matter, block_reader, errors)
    speakers = resolve_speakers(front_matter, errors)
    body = assign_voices(body, front_matter, block_reader.sources, errors)
    errors.raise_if_any(file_name)
    publication = replace(publication, speakers=speakers)
    return Statement(publication, body.title, body.blocks, body.sections, data)


def _read_file(path: Path, file_name: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        fix = "give a Markdown file that this user can read"
        raise ContentError.at(file_name, str(error.strerror), fix) from None
    if len(data) > MAX_BYTES:
        problem = f"the file is larger than {MAX_BYTES:,} bytes"
        raise ContentError.at(file_name, problem, "divide the statement")
    return data


def _decode(data: bytes, file_name: str) -> str:
    """Return the text of the file without its byte order mark.

    Raise ContentError if the file is not in UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = "this is not a text file in UTF-8"
        fix = "save it as Markdown in UTF-8"
        raise ContentError.at(f"{file_name}:{line}", problem, fix) from None


def _end_of_front_matter(texts: list[str], file_name: str) -> int:
    """Return the index of the line that ends the front matter.

    Raise ContentError if the front matter does not begin in the first line, or has no
    end.
    """
    fences = [index for index, text in enumerate(texts) if text.rstrip(" ") == FENCE]
    if len(fences) < 2 or fences[0] != 0:
        problem = "the front matter is missing, or has no end"
        fix = f"begin the file with it, between two lines {FENCE}"
        raise ContentError.at(f"{file_name}:1", problem, fix)
    return fences[1]
