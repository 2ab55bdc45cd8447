"""How a Markdown file becomes a Statement, or one ContentError that tells all its problems."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.errors import ContentError
from app.publication import Publication
from app.reading.front_matter import as_dataclass, read_tables, wrong_days
from app.reading.line import Line, Problems, checked_line
from app.reading.sections import BodyReader
from app.reading.voices import voice_of, wrong_voices
from app.statement import Statement

FENCE = "+++"
BREAK = r"remove them, or write \ where the publication breaks the line"
# Far above any statement, so that no file, however made, takes long to be read or refused.
LIMITS: tuple[tuple[str, int, Callable[[list[str], int], int]], ...] = (
    ("lines that are not empty", 8_000, lambda lines, _: sum(map(bool, lines))),
    ("characters", 4_000_000, lambda lines, _: sum(map(len, lines))),
    ("characters in one line", 20_000, lambda lines, _: max(map(len, lines))),
    (
        "signs * _ [ ` <",
        70_000,
        lambda lines, _: sum(line.count(mark) for line in lines for mark in "*_[`<"),
    ),
    (
        "characters of front matter",
        64_000,
        lambda lines, end: sum(map(len, lines[:end])),
    ),
)


def read_statement(path: Path) -> Statement:
    """Return the statement in the file at `path`.

    Raises ContentError where the file cannot be read, or does not hold the format that README describes.
    """
    name = str(
        path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    )  # as its writer names it
    data, lines = _read(path, name)
    end = _end_of_front_matter(lines, name)
    for what, limit, measure in LIMITS:
        if (found := measure(lines, end)) > limit:
            raise ContentError.at(
                name,
                f"the file has {found:,} {what}",
                f"{limit:,} is the most that is read",
            )
    problems = Problems()
    checked = [
        checked_line(Line(number, text), problems)
        for number, text in enumerate(lines, 1)
    ]
    table = read_tables(checked[1:end], problems)
    body = BodyReader(table, problems)
    for line in map(Line, range(end + 2, len(lines) + 1), lines[end + 1 :]):
        if body.wrapped and re.search(
            r"\S  +$", line.text
        ):  # elsewhere no line goes on below them
            problems.append(
                line.error("ends in two spaces, which make a line break", BREAK)
            )
    title, before, sections = body.read_body(checked[end + 1 :])
    if publication := as_dataclass(Publication, table, problems):
        problems.extend(wrong_voices(publication, table, body.voices.spoken))
        problems.extend(wrong_days(publication, table, body.numbering.ids))
    problems.check(name)
    speakers = tuple(
        replace(one, voice=voice_of(one, publication.voices or ()))
        for one in publication.speakers
    )
    return Statement(
        replace(publication, speakers=speakers), title, before, sections, data
    )


def _read(path: Path, name: str) -> tuple[bytes, list[str]]:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, written = (
            data.count(b"\n", 0, error.start) + 1,
            f"byte 0x{data[error.start]:02x} is not UTF-8",
        )
        raise ContentError.at(
            f"{name}:{line}", written, "save the file as UTF-8"
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise ContentError.at(
            name, reason, "name a Markdown file that this user can read"
        ) from None
    if not text.strip():
        raise ContentError.at(
            name,
            "the file is empty",
            "write the statement in the format that README describes",
        )
    return data, [*re.sub("\r\n?", "\n", text).removesuffix("\n").split("\n"), ""]


def _end_of_front_matter(lines: list[str], name: str) -> int:
    fences = [index for index, line in enumerate(lines) if line.rstrip(" ") == FENCE]
    if fences[:1] != [0]:
        written = f"“{lines[0][:60]}” opens no front matter"
        raise ContentError.at(
            f"{name}:1", written, f"begin the file with a line {FENCE}"
        )
    if len(fences) == 1:
        raise ContentError.at(
            f"{name}:1", "the front matter is not closed", f"end it with a line {FENCE}"
        )
    return fences[1]
