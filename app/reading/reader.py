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
MAX_BYTES = 1_000_000
MAX_LINE_LENGTH = 20_000
FORMAT_FIX = "write the statement in the format that content/README.md describes"
ENCODING_FIX = "save it as Markdown in UTF-8"


def read_statement(path: Path) -> Statement:
    """Return the statement in the file at `path`.

    Raise ContentError if the file cannot be read, or with all problems of its text.
    """
    file_name = _display_name(path)
    data = _read_file(path, file_name)
    texts = _split_lines(_decode(data, file_name))
    end = _end_of_front_matter(texts, file_name)
    errors = ErrorCollector()
    lines = _clean_lines(texts, errors)
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


def _display_name(path: Path) -> str:
    """Return the path from the working directory, if it is below it."""
    if path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def _read_file(path: Path, file_name: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError for a NUL in the name
        problem = getattr(error, "strerror", None) or str(error)
        fix = "give a Markdown file that this user can read"
        raise ContentError.at(file_name, problem, fix) from None
    if len(data) > MAX_BYTES:
        problem = f"the file is larger than {MAX_BYTES:,} bytes"
        raise ContentError.at(file_name, problem, "divide the statement")
    return data


def _decode(data: bytes, file_name: str) -> str:
    """Return the text of the file without its byte order mark."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            problem = "this is not a text file"
            raise ContentError.at(file_name, problem, ENCODING_FIX) from None
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise ContentError.at(f"{file_name}:{line}", problem, ENCODING_FIX) from None
    if not text.strip():
        raise ContentError.at(file_name, "the file is empty", FORMAT_FIX)
    return text


def _split_lines(text: str) -> list[str]:
    """Return the lines of the text, whose line breaks are LF, CR LF or CR."""
    text = re.sub("\r\n?", "\n", text)
    return [*text.removesuffix("\n").split("\n"), ""]


def _end_of_front_matter(texts: list[str], file_name: str) -> int:
    """Return the index of the line that ends the front matter."""
    location = f"{file_name}:1"
    fences = [index for index, text in enumerate(texts) if text.rstrip(" ") == FENCE]
    if not fences or fences[0] != 0:
        problem = f"“{texts[0][:60]}” does not begin the front matter"
        raise ContentError.at(location, problem, f"begin the file with a line {FENCE}")
    if len(fences) == 1:
        problem = "the front matter has no end"
        raise ContentError.at(location, problem, f"end it with a line {FENCE}")
    return fences[1]


def _clean_lines(texts: list[str], errors: ErrorCollector) -> list[Line]:
    """Return the lines as clean_line() does. A line that is too long becomes empty."""
    lines = []
    for number, text in enumerate(texts, 1):
        line = Line(number, text)
        if len(text) > MAX_LINE_LENGTH:
            problem = f"is longer than {MAX_LINE_LENGTH:,} characters"
            errors.add(line.error(problem, "divide it into paragraphs"))
            line = Line(number, "")
        lines.append(clean_line(line, errors))
    return lines
