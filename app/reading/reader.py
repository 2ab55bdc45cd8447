"""How a Markdown file becomes a Statement, or one ContentError; nobody else opens the file."""

import re
from pathlib import Path

from app.content_error import ContentError
from app.reading.blocks import Line
from app.reading.body import parse_body
from app.reading.front_matter import parse_front_matter
from app.statement import Statement

FENCE = "+++"
# Control characters and separators but for the line break; a tab's width depends on the reader's program.
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def read_statement(path: Path) -> Statement:
    """Return the statement in the file at `path`.

    Raises ContentError where the file cannot be read, or does not hold the format that README describes.
    """
    name = _shown(path)
    data = _read(path, name)
    lines = _lines(data, name)
    end = _end_of_front_matter(lines, name)
    publication = parse_front_matter("\n".join(lines[1:end]), name)
    body = parse_body([_line(number, text, name) for number, text in enumerate(lines[end + 1 :], end + 2)], name)
    return Statement(publication, body.title, body.blocks, body.sections, data)


def _shown(path: Path) -> str:
    """Return the path as its writer would name it: from the folder they are in."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


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


def _end_of_front_matter(lines: list[str], name: str) -> int:
    """Return the index of the line that closes the front matter."""
    fences = [index for index, line in enumerate(lines) if line.rstrip(" ") == FENCE]
    if fences[:1] != [0]:
        raise ContentError(
            f"{name}:1", f"“{lines[0][:60]}” opens no front matter", f"begin the file with a line {FENCE}"
        )
    if len(fences) == 1:
        raise ContentError(f"{name}:1", "the front matter is not closed", f"end it with a line {FENCE}")
    return fences[1]


def _line(number: int, text: str, name: str) -> Line:
    if found := CONTROL.search(text):
        written = f"a control character (U+{ord(found[0]):04X})"
        raise ContentError(f"{name}:{number}", written, "write spaces for a tab, and remove what cannot be seen")
    if text.endswith("  ") and text.strip(" "):
        raise ContentError(f"{name}:{number}", "two spaces at the end make a line break", "remove them")
    if re.search(r"(?<!\\)(\\\\)*\\$", text):
        raise ContentError(f"{name}:{number}", "a backslash at the end makes a line break", "remove it")
    return Line(number, text.rstrip(" "))
