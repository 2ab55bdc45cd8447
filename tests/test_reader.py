"""The reader, from a file to a statement."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from case_files import Case, read_cases
from conftest import FRONT_MATTER, Read, Refusal
from markdown import Markdown
from servers import run_flask

from app.anchor import Anchor
from app.errors import ContentError
from app.reading.reader import read_statement
from app.statement import (
    Block,
    BlockQuote,
    Emphasis,
    Inline,
    Item,
    ItemList,
    Link,
    Paragraph,
)

START = f"+++\n{FRONT_MATTER}+++\n".encode()
NO_FRONT_MATTER = (
    ":1: the front matter is missing, or has no end; begin the file with it, between"
    " two lines +++"
)
NOT_UTF_8 = "this is not a text file in UTF-8; save it as Markdown in UTF-8"
TITLE_FIX = "begin the text with the one line # Title"

# A whole file, and the message after its path.
BROKEN_FILES = [
    pytest.param(b"", NO_FRONT_MATTER, id="empty"),
    pytest.param(b"\xef\xbb\xbf", NO_FRONT_MATTER, id="only a byte order mark"),
    pytest.param(b"# Title\n\nText.\n", NO_FRONT_MATTER, id="no front matter"),
    pytest.param(
        b"+++\npublished = 2018-12-29\n", NO_FRONT_MATTER, id="front matter without end"
    ),
    pytest.param(b"\n" + START, NO_FRONT_MATTER, id="front matter on the second line"),
    pytest.param(
        START.rstrip(),
        f":7: the text has no title; {TITLE_FIX}",
        id="only front matter",
    ),
    pytest.param(b"+++\nplace = 'Z\xfcrich'\n", f":2: {NOT_UTF_8}", id="Latin-1"),
    pytest.param("+++\n".encode("utf-16"), f":1: {NOT_UTF_8}", id="UTF-16"),
    pytest.param(b"PK\x03\x04\x14\x00\x06\xa6", f":1: {NOT_UTF_8}", id="ZIP archive"),
    pytest.param(
        START + b"\n" * (1_000_001 - len(START)),
        ": the file is larger than 1,000,000 bytes; divide the statement",
        id="larger than 1,000,000 bytes",
    ),
]


def anchor(text: str) -> Anchor:
    parsed = Anchor.parse(text)
    assert parsed
    return parsed


def paragraph(id_: str, *content: str | Emphasis | Link) -> Paragraph:
    return Paragraph(anchor=anchor(id_), content=content)


def item(id_: str, content: Inline, nested: ItemList | None = None) -> Item:
    return Item(anchor=anchor(id_), content=content, nested=nested)


def message_of(path: Path) -> str:
    with pytest.raises(ContentError) as error:
        read_statement(path)
    return error.value.message


@pytest.mark.parametrize(("content", "message"), BROKEN_FILES)
def test_a_broken_file_is_rejected_in_one_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "statement.md"
    path.write_bytes(content)
    assert message_of(path) == f"{path}{message}"


@pytest.mark.parametrize("case", read_cases("rejected_bodies.txt"), ids=str)
def test_a_body_is_rejected_until_it_is_fixed(
    write_statement: Callable[..., Path], case: Case
) -> None:
    path = write_statement(case["given"])
    assert message_of(path) == f"{path}:{case['message']}"
    # This raises ContentError if the text is rejected.
    read_statement(write_statement(case["fixed"]))


def test_a_change_by_markdown_that_no_message_names_is_an_error(
    read: Read, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    markdown = partial(Markdown, extensions=["wikilinks"])
    monkeypatch.setattr("app.reading.inline.Markdown", markdown)
    fix = r"write \[ for the character itself"
    problem = "would change: Markdown shows “See a.”"
    assert refusal("See [[a]].") == f"9: “See [[a]].” {problem}; {fix}"
    assert read(r"See [\[a]].").paragraphs[0].text == "See [[a]]."


def test_a_paragraph_may_have_20_000_characters(read: Read) -> None:
    text = "a" * 20_000
    assert read(text).paragraphs[0].text == text


def test_a_paragraph_of_more_than_20_000_characters_is_rejected(
    refusal: Refusal,
) -> None:
    text = "a" * 20_001
    excerpt = "a" * 59 + "…"
    problem = "is longer than 20,000 characters"
    fix = "divide it into paragraphs"
    assert refusal(text) == f"9: “{excerpt}” {problem}; {fix}"


def test_a_paragraph_of_too_many_short_lines_is_rejected(refusal: Refusal) -> None:
    text = "a\\\n" * 8_000 + "a"
    problem = "is longer than 20,000 characters"
    fix = "divide it into paragraphs"
    assert refusal(text) == rf"9: “a\” {problem}; {fix}"


def test_a_paragraph_may_have_200_brackets_that_are_not_escaped(read: Read) -> None:
    text = "[" * 200 + r"\["
    assert read(text).paragraphs[0].text == "[" * 201


def test_a_paragraph_with_more_than_200_brackets_is_rejected(refusal: Refusal) -> None:
    text = "[a" * 200 + "\\\n[a"
    excerpt = "[a" * 29 + "[…"
    problem = "has more than 200 square brackets"
    fix = r"write \[ for the characters themselves"
    assert refusal(text) == f"9: “{excerpt}” {problem}; {fix}"


def test_emphasis_that_is_nested_too_deep_is_rejected(refusal: Refusal) -> None:
    marks = "*" * 1_000
    text = f"{marks}a\\\nb{marks}"
    excerpt = "*" * 59 + "…"
    problem = "is nested too deep"
    assert refusal(text) == f"9: “{excerpt}” {problem}; use fewer marks"


def test_a_file_may_have_a_million_bytes(tmp_path: Path) -> None:
    path = tmp_path / "statement.md"
    text = START + b"# Title\n\nText."
    comment = b"#" * (1_000_000 - len(text) - 1) + b"\n"
    path.write_bytes(text.replace(b"+++\n", b"+++\n" + comment, 1))
    assert read_statement(path).title == "Title"


def test_a_message_has_the_path_from_the_working_directory(
    write_statement: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_statement("")
    monkeypatch.chdir(path.parent)
    message = f"{path.name}:7: the text has no title; {TITLE_FIX}"
    assert message_of(path) == message


@pytest.mark.parametrize(
    "heading",
    ["1. Introduction", "1990. A year", "- A", "> A", "+ A", "---", "C\\#", "A \\#"],
)
def test_a_heading_is_not_a_list_quote_or_rule(read: Read, heading: str) -> None:
    section = read(f"## {heading} {{#a}}\n\nText.").sections[0]
    assert section.heading == heading.replace("\\", "")


def test_emphasis_and_links_are_read(read: Read) -> None:
    text = (
        "*a* **b** _c_ [d *e*](https://f.org/(g)?h=i&j#k) [l](mailto:m@n.org)"
        " [o](#p1) ***p***."
    )
    assert read(text).paragraphs[0].content == (
        Emphasis(("a",), strong=False),
        " ",
        Emphasis(("b",), strong=True),
        " ",
        Emphasis(("c",), strong=False),
        " ",
        Link(("d ", Emphasis(("e",), strong=False)), "https://f.org/(g)?h=i&j#k"),
        " ",
        Link(("l",), "mailto:m@n.org"),
        " ",
        Link(("o",), "#p1"),
        " ",
        Emphasis((Emphasis(("p",), strong=False),), strong=True),
        ".",
    )


def test_escapes_in_an_address_are_not_part_of_it(read: Read) -> None:
    assert read(r"[a](https://a.org/\_b)").paragraphs[0].content == (
        Link(("a",), "https://a.org/_b"),
    )


def test_an_address_may_have_a_path_with_brackets(read: Read) -> None:
    link = Link(("a",), "https://b.org/c_(d)")
    assert read("[a](https://b.org/c_(d))").paragraphs[0].content == (link,)


def test_an_e_mail_address_may_have_a_full_stop_and_a_plus_sign(read: Read) -> None:
    link = Link(("e",), "mailto:f.g+h@i.org")
    assert read("[e](mailto:f.g+h@i.org)").paragraphs[0].content == (link,)


@pytest.mark.parametrize(
    "id_", ["p1", "a", "b", "old", "top", "statement", "additional-materials"]
)
def test_a_link_may_be_to_each_part_of_the_page(read: Read, id_: str) -> None:
    statement = read(f"[words](#{id_})\n\n## A {{#a #old}}\n\n### B {{#b}}\n\nText.")
    assert statement.paragraphs[0].content == (Link(("words",), f"#{id_}"),)


def test_paragraphs_are_numbered_through_the_whole_statement(read: Read) -> None:
    statement = read(
        "One.\n\n> Two.\n>\n> > Three.\n\n## A {#a}\n\nFour.\n\n### B {#b}\nFive.\n\n"
        "## C {#c}\n> Six."
    )
    assert [f"{part.id} {part.text}" for part in statement.paragraphs] == [
        "p1 One.",
        "p2 Two.",
        "p3 Three.",
        "p4 Four.",
        "p5 Five.",
        "p6 Six.",
    ]


def test_sections_have_their_text_and_their_subsections(read: Read) -> None:
    statement = read(
        "One.\n## A b   {#a}\nTwo.\n### C {#c-1}\nThree.\n### D{#d}\nFour.\n"
        "## E {#e}\n### F {#f}\nFive."
    )
    assert [paragraph.text for paragraph in statement.opening] == ["One."]
    found = []
    for section in statement.sections:
        for part in (section, *section.subsections):
            texts = [paragraph.text for paragraph in part.paragraphs]
            found.append((part.id, part.heading, texts))
    assert found == [
        ("a", "A b", ["Two."]),
        ("c-1", "C", ["Three."]),
        ("d", "D", ["Four."]),
        ("e", "E", []),
        ("f", "F", ["Five."]),
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
def test_lists_may_be_nested_and_have_empty_lines(read: Read, gap: str) -> None:
    nested = ItemList((item("p0-1-1", ("b\nc",)), item("p0-1-2", ("d",))), ordered=True)
    text = gap.join(["- a", "  1. b\\\n     c", "  2. d", "- *e*"])
    assert read(text).blocks == (
        ItemList(
            (
                item("p0-1", ("a",), nested=nested),
                item("p0-2", (Emphasis(("e",), strong=False),)),
            ),
        ),
    )


def test_another_marker_begins_another_list(read: Read) -> None:
    assert read("- a\n\n* b\n\n+ c\n\n1. d\n\n1. e\n2. f").blocks == (
        ItemList((item("p0-1", ("a",)),)),
        ItemList((item("p0-2", ("b",)),)),
        ItemList((item("p0-3", ("c",)),)),
        ItemList((item("p0-4", ("d",)),), ordered=True),
        ItemList((item("p0-5", ("e",)), item("p0-6", ("f",))), ordered=True),
    )


def test_items_at_the_margin_under_a_number_are_one_list(read: Read) -> None:
    blocks = read("7. a\n- b\n\n- c", 'numbers = "publication"').blocks
    assert blocks == (
        paragraph("p7", "a"),
        ItemList((item("p7-1", ("b",)), item("p7-2", ("c",)))),
    )


def test_a_block_quote_has_paragraphs_lists_and_quotes(read: Read) -> None:
    inner: tuple[Block, ...] = (
        paragraph("p1", "a\nb"),
        ItemList((item("p1-1", ("c",)),)),
        BlockQuote((paragraph("p2", "d"),)),
    )
    assert read("> a\\\n>b\n>\n> - c\n>\n> > d\n\n> e").blocks == (
        BlockQuote(inner),
        BlockQuote((paragraph("p3", "e"),)),
    )


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_and_line_breaks_of_any_kind_change_nothing(
    tmp_path: Path, line_break: bytes, mark: bytes
) -> None:
    path = tmp_path / "statement.md"
    text = (
        START.replace(b"+++\n", b"+++ \n") + b"# Title\n \nTwo\\\nlines.\n   \nEnd. \n"
    )
    path.write_bytes(mark + text.replace(b"\n", line_break))
    statement = read_statement(path)
    assert statement.title == "Title"
    assert statement.blocks == (
        paragraph("p1", "Two\nlines."),
        paragraph("p2", "End."),
    )
    assert statement.markdown == path.read_bytes()


def test_a_lost_paragraph_does_not_make_links_to_others_wrong(
    refusal: Refusal,
) -> None:
    text = "One.\nTwo.\n\nThree.\n\n[Three](#p3)"
    assert len(refusal(text).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "FLASK_STATEMENT",
            "/no",
            "/no: No such file or directory; give a Markdown file that this user can"
            " read",
        ),
        (
            "FLASK_SITE_URL",
            "a.org",
            "FLASK_SITE_URL: “a.org” is not an http or https address; write"
            " https://example.org",
        ),
    ],
)
def test_a_server_does_not_start_with_an_invalid_setting(
    name: str, value: str, message: str
) -> None:
    ended = run_flask("run", "--port", "0", **{name: value})
    expected = (1, "", f"Error: {message}\n")
    assert (ended.returncode, ended.stdout, ended.stderr) == expected
