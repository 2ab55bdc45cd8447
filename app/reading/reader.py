"""How a Markdown file becomes a Statement, or one ContentError that tells all its problems."""

import re
from collections.abc import Callable
from pathlib import Path

from app.content_error import ContentError
from app.reading.blocks import BlockReader
from app.reading.consistency import checked_publication
from app.reading.front_matter import Table, read_tables
from app.reading.line import Line, Problems, checked_line
from app.reading.numbering import Numbering
from app.reading.sections import SectionReader
from app.reading.voices import Voices
from app.statement import ANCHOR, Statement

FENCE = "+++"
BREAK = r"remove them, or write \ where the publication breaks the line"
# Far above any statement, so that no file, however made, takes long to be read or refused.
LIMITS: tuple[tuple[str, int, Callable[[list[str]], int]], ...] = (
    ("lines that are not empty", 10_000, lambda lines: sum(map(bool, lines))),
    ("characters", 4_000_000, lambda lines: sum(map(len, lines))),
    ("characters in one line", 20_000, lambda lines: max(map(len, lines))),
    ("signs * _ [ ` <", 70_000, lambda lines: sum(line.count(mark) for line in lines for mark in "*_[`<")),
    ("lines of front matter", 1_000, lambda lines: lines.index(FENCE, 1) if FENCE in lines[1:] else 0),
)


def read_statement(path: Path) -> Statement:
    """Return the statement in the file at `path`.

    Raises ContentError where the file cannot be read, or does not hold the format that README describes.
    """
    name = str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)  # as its writer names it
    data = _read(path, name)
    lines = _lines(data, name)
    _check_size(lines, name)
    end = _end_of_front_matter(lines, name)
    problems = Problems()
    checked = [checked_line(Line(number, text), problems) for number, text in enumerate(lines, 1)]
    table = read_tables(checked[1:end], problems)
    blocks = _block_reader(table, problems)
    if blocks.wrapped:  # elsewhere no line goes on below them
        broken = (
            Line(end + 2 + index, text) for index, text in enumerate(lines[end + 1 :]) if re.search(r"\S  +$", text)
        )
        problems.extend(line.error("ends in two spaces, which make a line break", BREAK) for line in broken)
    title, before, sections = SectionReader(blocks).read(checked[end + 1 :])
    publication = checked_publication(table, blocks.numbering.ids, blocks.voices.spoken, problems)
    problems.check(name)
    if publication is None:
        raise AssertionError("a publication that could not be read is a problem")
    return Statement(publication, title, before, sections, data)


def _block_reader(table: Table, problems: Problems) -> BlockReader:
    """Return a reader of the text as the front matter describes it, even where that is wrong elsewhere."""
    withdrawn = [one.said("paragraph", str) for one in table.tables("corrections") if one.said("withdrawn", bool)]
    voices = tuple(map(str, table.said("voices", list))) if "voices" in table.entries else None
    return BlockReader(
        problems,
        Numbering(tuple(filter(ANCHOR.fullmatch, withdrawn))),
        Voices(voices),
        published_numbers=table.said("numbers", str) == "publication",
        wrapped=table.said("wrapped", bool),
    )


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise ContentError(name, reason, "name a Markdown file that this user can read") from None


def _lines(data: bytes, name: str) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        written = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise ContentError(f"{name}:{line}", written, "save the file as UTF-8") from None
    if not text.strip():
        raise ContentError(name, "the file is empty", "write the statement in the format that README describes")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] == "" else [*lines, ""]


def _check_size(lines: list[str], name: str) -> None:
    for what, limit, measure in LIMITS:
        if (found := measure(lines)) > limit:
            raise ContentError(name, f"the file has {found:,} {what}", f"{limit:,} is the most that is read")


def _end_of_front_matter(lines: list[str], name: str) -> int:
    fences = [index for index, line in enumerate(lines) if line.rstrip(" ") == FENCE]
    if fences[:1] != [0]:
        written = f"“{lines[0][:60]}” opens no front matter"
        raise ContentError(f"{name}:1", written, f"begin the file with a line {FENCE}")
    if len(fences) == 1:
        raise ContentError(f"{name}:1", "the front matter is not closed", f"end it with a line {FENCE}")
    return fences[1]
