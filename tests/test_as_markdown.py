"""The reader's words are those of Python-Markdown's own HTML of the same text."""

import re
from html.parser import HTMLParser

import pytest
from conftest import FRONT_MATTER, parts_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown import markdown

from app.errors import ContentError
from app.reading.reader import read_statement
from app.statement import Statement, plain_text

# Without escapes that Markdown does not know, \ at the end of a line, and &# without a semicolon, which it completes.
PIECES = (
    *(
        "a",
        "Word",
        "字",
        "「",
        "é",
        "«",
        "1",
        "1990",
        "Q: ",
        "\xa0",
        "\u200b",
        "\u3000",
        "[a](https://b.org)",
    ),
    *(
        "-",
        "+",
        "=",
        "~",
        "!",
        "|",
        ":",
        '"',
        "’",
        "…",
        "&",
        "&amp;",
        ";",
        "https://a.org/b_c",
        "[^1]",
        "[a]: b",
    ),
    *(
        "*",
        "**",
        "_",
        "__",
        "***",
        "`",
        "``",
        "[",
        "]",
        "](",
        "(",
        ")",
        "![",
        "<",
        ">",
        "<b>",
        "<!--",
        "{",
        "}",
        "{:",
    ),
    *(
        "\\*a",
        "\\_a",
        "\\\\a",
        "\\[a",
        "\\`a",
        "\\#a",
        " ",
        "  ",
        "   ",
        "    ",
        "\n",
        "\n\n",
        "\n\n",
    ),
    *(
        "\n- ",
        "\n\n- ",
        "\n  - ",
        "\n\n> ",
        "\n> ",
        "\n\n1. ",
        "\n2. ",
        "# ",
        "\n\n## A {#a}\n",
        "\n\n### B {#b}\n",
    ),
    *("---", "|---|", "===", "~~~", "```"),
)
OWN_ID = re.compile(r" *\{#[^{}\n]*\} *$", re.MULTILINE)


class Words(HTMLParser):
    """The words of HTML, as a browser shows them."""

    def __init__(self, html: str) -> None:
        """Read the HTML."""
        super().__init__(convert_charrefs=True)
        self.words = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.words += "".join(data.split())


def words(statement: Statement) -> str:
    parts = [
        part
        for section in statement.sections
        for part in (section, *section.subsections)
    ]
    told = [
        statement.title,
        *(plain_text(part.content) for part in parts_of(statement.blocks)),
    ]
    for part in parts:
        told += [
            part.heading,
            *(plain_text(inner.content) for inner in parts_of(part.blocks)),
        ]
    return "".join("".join(told).split())


@pytest.mark.parametrize("wrapped", ["false", "true"])
def test_the_readers_words_are_those_of_markdown(
    tmp_path_factory: pytest.TempPathFactory, wrapped: str
) -> None:
    path = tmp_path_factory.mktemp("content") / "statement.md"
    accepted = 0

    @settings(
        max_examples=400,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
    def compare(text: str) -> None:
        nonlocal accepted
        body = f"# Title\n\n{text}\n"
        path.write_text(
            f"+++\n{FRONT_MATTER}voices = []\nwrapped = {wrapped}\n+++\n{body}",
            encoding="utf-8",
        )
        try:
            statement = read_statement(path)
        except ContentError:
            return
        accepted += 1
        assert words(statement) == Words(markdown(OWN_ID.sub("", body))).words

    compare()
    assert accepted > 50
