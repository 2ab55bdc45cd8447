"""The blocks of an accepted file have the words that stock Python-Markdown shows."""

import os
import re
import string
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from conftest import FRONT_MATTER, parts_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown import Markdown, markdown

from app.errors import ContentError
from app.reading.block_lines import BlockLine, LineKind
from app.reading.errors import Line
from app.reading.reader import read_statement
from app.statement import Block, Section, Statement

EXAMPLES = int(os.environ.get("MARKDOWN_EXAMPLES", "300"))
ID_RE = re.compile(r"(?<!\\)((?:\\\\)*) *\{#[^{}\n]*\} *$", re.MULTILINE)
ESCAPE_RE = re.compile(r"\\(.)", re.DOTALL)
ITEM_RE = re.compile(r"( *)((?:[-*+]|[0-9]+\.) .*)")
# An escape that Markdown does not know is replaced by a private-use character.
PLACEHOLDER = 0xE000
PLACEHOLDER_RE = re.compile("[\ue000-\uf8ff]")
BLOCK_TAGS = ("h1", "h2", "h3", "p", "li")
WORDS = ["a", "Word", "1", "1990", "é", "字", "「", "한", "عربي", "e\u0301", "क्ष", "«"]
SPACES = [" ", " ", " ", "  ", "    ", "\xa0", "\u3000", "\u200b"]
SIGNS = ["-", "+", "=", "~", "!", "|", ":", '"', "’", "&", "&amp;", "&#65", ";", "."]
MARKS = ["*", "**", "_", "__", "***", "`", "``", "[", "]", "](", "(", ")", "![", "<"]
MARKS += [">", "<b>", "<!--", "<?", "{", "}", "{:", "{#", "{#p2}", "[^1]", "[a]: b"]
MARKS += [
    "*Word*",
    "**Word**",
    "*Word",
    "Word*",
    "[a](https://a.org)",
    "](https://a.org/_b_",
]
HTML = [
    "<div",
    "<p>",
    "</p>",
    "<script",
    "<style>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
]
ESCAPES = [f"\\{sign}" for sign in string.punctuation] + ["\\\n", "\\", "\\a"]
# The beginnings of the lines of each kind.
BEGINNINGS: dict[LineKind, list[str]] = {
    "text": [""],
    "quote": ["> ", "> > ", "> - "],
    "item": ["- ", "* ", "+ ", "1. ", "2. ", "  - ", "    - ", "        - "],
    "number": ["1. ", "2. "],
}
BREAKS = ["\n# ", "\n\n## A {#a}\n", "\n\n### B {#b}\n\n", "\n---", "\n|---|", "\n```"]
for beginnings in BEGINNINGS.values():
    for beginning in beginnings:
        BREAKS += [f"\n{beginning}", f"\n\n{beginning}"]
PIECES = WORDS + WORDS + SPACES + SIGNS + MARKS + HTML + ESCAPES + BREAKS + BREAKS
FIXED_CASES = [
    "](https://a.org/_b_",
    "*a**b*c",
    "- a\n\n    - b\n\n- c",
    "> - a\n>     - b\n>\n> c",
    "a\\\n- b",
    "- - \\\na",
    "[a](https://a.org/d'Ivoire_(b))",
]


class HtmlBlocks(HTMLParser):
    """The words of each block of HTML, without spaces."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = [""]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in BLOCK_TAGS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += "".join(data.split())


def words_of_html(html: str) -> list[str]:
    words = [_without_placeholders(block) for block in HtmlBlocks(html).blocks]
    return [block for block in words if block]


def _without_placeholders(text: str) -> str:
    shown = PLACEHOLDER_RE.sub(lambda match: chr(ord(match[0]) - PLACEHOLDER), text)
    return "".join(shown.split())


def words_of_statement(statement: Statement) -> list[str]:
    texts = [statement.title]
    texts += [part.text for part in parts_of(statement.blocks)]
    for section in statement.sections:
        texts += _texts_of_section(section)
    words = ["".join(text.split()) for text in texts]
    return [text for text in words if text]


def _texts_of_section(section: Section) -> list[str]:
    texts = [section.heading]
    texts += [part.text for part in parts_of(section.blocks)]
    for subsection in section.subsections:
        texts += _texts_of_section(subsection)
    return texts


def as_stock_markdown(body: str) -> str:
    """Return the body without that which stock Markdown does not know.

    Spaces at the end of a line are removed, too, since the reader ignores them.
    """
    body = re.sub(" +$", "", body, flags=re.MULTILINE)
    body = ESCAPE_RE.sub(_replace_escape, ID_RE.sub(r"\1", body))
    lines: list[str] = []
    indents: list[int] = []  # of the open items
    for line in body.split("\n"):
        quote = re.match("[> ]*> ?", line)
        prefix = quote[0] if quote else ""
        item = ITEM_RE.fullmatch(line[len(prefix) :])
        if item:
            while indents and indents[-1] >= len(item[1]):
                indents.pop()
            indents.append(len(item[1]))
            line = prefix + "    " * (len(indents) - 1) + item[2]
        elif line and not line.startswith(" "):
            indents = []
        lines.append(line)
    return "\n".join(lines)


def _replace_escape(match: re.Match[str]) -> str:
    character = match[1]
    if (
        character in Markdown().ESCAPED_CHARS
        or character not in string.punctuation + "\n"
    ):
        return match[0]
    if character == "\n":
        return chr(PLACEHOLDER + 0x0B) + "\n"
    return chr(PLACEHOLDER + ord(character))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("content") / "statement.md"


def compare(path: Path, text: str, keys: str = "") -> Statement | None:
    """Compare both readings, and return the statement, or None if it is rejected."""
    body = f"# Title\n\n{text}\n"
    front_matter = f"+++\n{FRONT_MATTER}voices = []\n{keys}+++\n"
    path.write_text(front_matter + body, encoding="utf-8")
    try:
        statement = read_statement(path)
    except ContentError:
        return None
    expected = words_of_html(markdown(as_stock_markdown(body)))
    assert words_of_statement(statement) == expected
    return statement


@pytest.mark.parametrize("text", FIXED_CASES)
def test_a_fixed_text_has_the_words_of_markdown_or_is_rejected(
    path: Path, text: str
) -> None:
    compare(path, text)


@pytest.mark.parametrize("keys", ["", 'numbers = "publication"\n'])
def test_each_block_has_the_words_that_markdown_shows(path: Path, keys: str) -> None:
    accepted = 0
    kinds: set[type[Block]] = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
    def compare_example(text: str) -> None:
        nonlocal accepted
        statement = compare(path, text, keys)
        if statement:
            accepted += 1
            kinds.update(type(block) for block in statement.blocks)

    compare_example()
    assert accepted > EXAMPLES / 8
    assert kinds == set(get_args(Block))


@pytest.mark.parametrize("kind", get_args(LineKind))
def test_the_beginnings_of_lines_are_of_their_kind(kind: LineKind) -> None:
    assert BEGINNINGS[kind]
    for beginning in BEGINNINGS[kind]:
        line = Line(1, f"{beginning}Word")
        assert BlockLine.parse(line, kind == "number").kind == kind
