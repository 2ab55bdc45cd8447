from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Read, Refusal
from servers import run_flask

from app.anchor import Anchor
from app.errors import ContentError
from app.reading.reader import read_statement
from app.statement import BlockQuote, Emphasis, Inline, Item, ItemList, Link, Paragraph

FRONT = b'+++\npublished = 2018-12-29\nspeaker = { family = "A" }\npublisher = "B"\nlanguage = "en"\n+++\n'

NO_PARAGRAPH = (
    ':7: “# Title” has no paragraph under it; write numbers = "publication" in the front matter where the publication'
    " numbers its paragraphs, else write one at least, a list is none"
)
# A whole file, and what is said of it after its path.
BROKEN_FILES = [
    (
        b"",
        ": the file is empty; write the statement in the format that README describes",
    ),
    (
        b"\xef\xbb\xbf",
        ": the file is empty; write the statement in the format that README describes",
    ),
    (
        b'+++\nplace = "Z\xfcrich"\n+++\n',
        ":2: byte 0xfc is not UTF-8; save the file as UTF-8",
    ),
    ("+++\n".encode("utf-16"), ":1: byte 0xff is not UTF-8; save the file as UTF-8"),
    (
        b"# Title\n\nText.\n",
        ":1: “# Title” opens no front matter; begin the file with a line +++",
    ),
    (
        b"+++\npublished = 2018-12-29\n",
        ":1: the front matter is not closed; end it with a line +++",
    ),
    (FRONT.rstrip(), ":7: the text has no title; begin it with # Title"),
    (
        FRONT + b"Text.\n",
        ":7: “Text.” stands before the title; begin the text with the one line # Title",
    ),
    (
        FRONT + b"## A {#a}\n",
        ":7: “## A {#a}” stands before the title; begin the text with the one line # Title",
    ),
    (
        FRONT + b"#Title\n",
        ":7: “#Title” stands before the title; begin the text with the one line # Title",
    ),
    (FRONT + b"#\n", ":7: “#” is a heading without words; write its words"),
    (
        FRONT + b"# A *title*\n",
        ":7: “# A *title*” is a heading with emphasis or a link; write plain words",
    ),
    (
        FRONT + b"# A {#a}\n",
        ":7: “# A {#a}” is a title with an id; remove the id, the whole page is the title's part",
    ),
    (
        FRONT + b"# Title ##\n",
        r":7: “# Title ##” ends in #, which Markdown takes away; remove it, or write \#",
    ),
    (FRONT + b"# Title\n", NO_PARAGRAPH),
]

# A paragraph as it is written, and its words.
TEXTS = [
    (r"it\'s \$5 \"x\" \@ a\|b \c", r"""it's $5 "x" @ a|b \c"""),
    (r"see http://a.org/\_x\_y\_", "see http://a.org/_x_y_"),
    ("https://a.org/en_GB/a_b", "https://a.org/en_GB/a_b"),
    ("1) It was", "1) It was"),
    ("Two\\\nlines", "Two\nlines"),
    ("Two \\\n    \\- lines", "Two\n- lines"),
    (r"Two \\ backslashes\\", "Two \\ backslashes\\"),
    ("これは**「引用」**です", "これは「引用」です"),
    ("Kosovo*", "Kosovo*"),
    ("a | b", "a | b"),
    ("“Stop!”[1] !\\[2]", "“Stop!”[1] ![2]"),
    (
        "\u200eقال\u200f می\u200cخواهم शब्द\u200d",
        "\u200eقال\u200f می\u200cخواهم शब्द\u200d",
    ),
    (
        "\u2067שלום\u2069 葛\U000e0100 co\xadoperate",
        "\u2067שלום\u2069 葛\U000e0100 co\xadoperate",
    ),
    ("« Bonjour »\u202f: „Ja“ – „да“", "« Bonjour »\u202f: „Ja“ – „да“"),
    ("[TOC]", "[TOC]"),
    ("\xa0No-break\xa0spaces\u202fstay\xa0", "\xa0No-break\xa0spaces\u202fstay\xa0"),
    ("-5 degrees, +7 495, 2 * 3 < 7 & 8", "-5 degrees, +7 495, 2 * 3 < 7 & 8"),
    (
        "snake_case, *open, `open, [open, {open}",
        "snake_case, *open, `open, [open, {open}",
    ),
    ("[a][b] and [c] (d)", "[a][b] and [c] (d)"),
    ("{{ statement }} {% raw %}", "{{ statement }} {% raw %}"),
    (
        r"\\ \` \* \_ \{ \} \[ \] \( \) \> \# \+ \- \. \! \< \&",
        r"\ ` * _ { } [ ] ( ) > # + - . ! < &",
    ),
    (r"\&amp; \<b> \*a* \[b](c)", "&amp; <b> *a* [b](c)"),
    (r"\---", "---"),
    (r"\===", "==="),
    (r"\~~~ a", "~~~ a"),
]


def anchor(text: str) -> Anchor:
    parsed = Anchor.parse(text)
    assert parsed
    return parsed


def paragraph(id_: str, content: Inline) -> Paragraph:
    return Paragraph(anchor=anchor(id_), content=content)


def item(id_: str, content: Inline, nested: ItemList | None = None) -> Item:
    return Item(anchor=anchor(id_), content=content, nested=nested)


def refusal(path: Path) -> str:
    with pytest.raises(ContentError) as error:
        read_statement(path)
    return error.value.message


@pytest.mark.parametrize(("content", "message"), BROKEN_FILES)
def test_a_broken_file_is_refused_in_one_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "statement.md"
    path.write_bytes(content)
    assert refusal(path) == f"{path}{message}"


def test_a_file_is_named_from_the_folder_that_its_writer_is_in(
    write_statement: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_statement("")
    monkeypatch.chdir(path.parent)
    assert (
        refusal(path) == "statement.md:7: the text has no title; begin it with # Title"
    )


@pytest.mark.parametrize(
    "heading", ["1. Introduction", "1990. A year", "- A", "> A", "+ A", "---"]
)
def test_a_heading_is_no_list_quote_or_rule(read: Read, heading: str) -> None:
    assert read(f"## {heading} {{#a}}\n\nText.").sections[0].heading == heading


@pytest.mark.parametrize(("text", "words"), TEXTS)
def test_a_paragraph_says_what_is_written(read: Read, text: str, words: str) -> None:
    assert [(one.id, one.text) for one in read(text).paragraphs] == [("p1", words)]


def test_emphasis_and_links_are_read(read: Read) -> None:
    statement = read(
        "*a* **b** _c_ [d *e*](https://f.org/(g)?h=i&j#k) [l](mailto:m@n.org) [o](#p1)."
    )
    assert next(statement.paragraphs).content == (
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
        ".",
    )


@pytest.mark.parametrize(
    "id_", ["p1", "a", "b", "top", "statement", "additional-materials"]
)
def test_a_link_may_lead_to_each_part_of_the_page(read: Read, id_: str) -> None:
    statement = read(f"[words](#{id_})\n\n## A {{#a}}\n\n### B {{#b}}\n\nText.")
    assert next(statement.paragraphs).content == (Link(("words",), f"#{id_}"),)


def test_paragraphs_are_numbered_through_the_whole_statement(read: Read) -> None:
    statement = read(
        "One.\n\n> Two.\n>\n> > Three.\n\n## A {#a}\n\nFour.\n\n### B {#b}\nFive.\n\n## C {#c}\n> Six."
    )
    words = [
        f"p{number} {word}."
        for number, word in enumerate(["One", "Two", "Three", "Four", "Five", "Six"], 1)
    ]
    assert [
        f"{paragraph.id} {paragraph.text}" for paragraph in statement.paragraphs
    ] == words


def test_sections_hold_their_text_and_their_subsections(read: Read) -> None:
    statement = read(
        "One.\n## A b   {#a}\nTwo.\n### C {#c-1}\nThree.\n### D{#d}\nFour.\n## E # {#e}\n### F {#f}\nFive."
    )
    assert [paragraph.text for paragraph in statement.opening] == ["One."]
    assert [
        (part.id, part.heading, [paragraph.text for paragraph in part.paragraphs])
        for section in statement.sections
        for part in (section, *section.subsections)
    ] == [
        ("a", "A b", ["Two."]),
        ("c-1", "C", ["Three."]),
        ("d", "D", ["Four."]),
        ("e", "E #", []),
        ("f", "F", ["Five."]),
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
def test_lists_may_be_nested_and_loose(read: Read, gap: str) -> None:
    nested = ItemList((item("p0-1-1", ("b\nc",)), item("p0-1-2", ("d",))), ordered=True)
    items = ("- a", "  1. b\\\n     c", "  2. d", "- *e*")
    assert read(f"{gap.join(items)}\n\nText.").blocks == (
        ItemList(
            (
                item("p0-1", ("a",), nested=nested),
                item("p0-2", (Emphasis(("e",), strong=False),)),
            ),
            ordered=False,
        ),
        paragraph("p1", ("Text.",)),
    )


def test_another_marker_begins_another_list(read: Read) -> None:
    lists = read("- a\n\n* b\n\n1. c\n\n1. d\n2. e\n\nText.").blocks[:-1]
    assert lists == (
        ItemList((item("p0-1", ("a",)),), ordered=False),
        ItemList((item("p0-2", ("b",)),), ordered=False),
        ItemList((item("p0-3", ("c",)),), ordered=True),
        ItemList((item("p0-4", ("d",)), item("p0-5", ("e",))), ordered=True),
    )


def test_a_block_quote_holds_paragraphs_lists_and_quotes(read: Read) -> None:
    assert read("> a\\\n>b\n>\n> - c\n>\n> > d\n\n> e").blocks == (
        BlockQuote(
            (
                paragraph("p1", ("a\nb",)),
                ItemList((item("p1-1", ("c",)),), ordered=False),
                BlockQuote((paragraph("p2", ("d",)),)),
            )
        ),
        BlockQuote((paragraph("p3", ("e",)),)),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One\n   two\nthree.\n\nFour.", ["One two three.", "Four."]),
        ("One\\\ntwo\nthree.", ["One\ntwo three."]),
        ("*One\ntwo* [three\nfour](https://a.org).", ["One two three four."]),
        (
            "三つ目の\n段落です。\n**「引用」**\nです",
            ["三つ目の段落です。「引用」です"],
        ),
        ("字*\n字*", ["字* 字*"]),
        ("三つ目の\nA\n段落", ["三つ目の A 段落"]),
        ("그는\n말했다", ["그는 말했다"]),
        ("> One\n> two.\n\n> Three.", ["One two.", "Three."]),
        ("- a\n  b\n    - c\n    d\n\nOne.", ["One."]),
        ("In 1.5\nof 2018\\.\n\\- two", ["In 1.5 of 2018. - two"]),
        ("## A {#a}\nOne\ntwo.", ["One two."]),
    ],
)
def test_lines_that_are_declared_to_be_wrapped_go_on(
    read: Read, text: str, words: list[str]
) -> None:
    assert [
        paragraph.text for paragraph in read(text, "wrapped = true").paragraphs
    ] == words


def test_a_wrapped_item_goes_on(read: Read) -> None:
    blocks = read("- a\n  b\n    - c\n    d\n- e\n\nOne.", "wrapped = true").blocks
    nested = ItemList((item("p0-1-1", ("c d",)),), ordered=False)
    items = item("p0-1", ("a b",), nested=nested), item("p0-2", ("e",))
    assert blocks == (ItemList(items, ordered=False), paragraph("p1", ("One.",)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n- b", "11: “- b” is a list item out of place"),
        ("a\n1990. b", "11: “1990. b” is a list item out of place"),
        ("a\n---", "11: “---” is a rule or the underline of a heading"),
        ("***\na", "10: “***” is a rule or the underline of a heading"),
        ("a | b\n--|--", "11: “--|--” is a table"),
        ("a\n[b]: https://c.org", "11: “[b]: https://c.org” is a link definition"),
        (
            "a  \nb",
            r"10: “a  ” ends in two spaces, which make a line break; remove them, or write \ where",
        ),
        ("a\nb `c`", "10: “`c`” is code"),
    ],
)
def test_nothing_else_begins_in_a_wrapped_paragraph(
    refusal: Refusal, text: str, message: str
) -> None:
    assert refusal(text, "wrapped = true").startswith(message)


@pytest.mark.parametrize("body", ["# Title\nText.\n", "# Title\n- item\n\nText.\n"])
def test_a_title_is_one_line(write_statement: Callable[..., Path], body: str) -> None:
    path = write_statement(body)
    said = "stands directly under the title; leave an empty line above it; the title is one line, whatever its length"
    assert refusal(path) == f"{path}:8: “{body.splitlines()[1]}” {said}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[a](" * 30_000,
            "the file has 120,000 characters in one line; 20,000 is the most that is read",
        ),
        (
            "a\n\n" * 20_000,
            "the file has 20,007 lines that are not empty; 8,000 is the most that is read",
        ),
        (
            ("*a" * 9_000 + "\n\n") * 8,
            "the file has 72,000 signs * _ [ ` <; 70,000 is the most",
        ),
        (
            ("a " * 9_000 + "\n\n") * 223,
            "the file has 4,014,106 characters; 4,000,000 is the most that is read",
        ),
    ],
)
def test_a_file_is_refused_that_would_take_long(
    write_statement: Callable[..., Path], text: str, message: str
) -> None:
    path = write_statement(f"# Title\n\n{text}")
    assert refusal(path).startswith(f"{path}: {message}")


@pytest.mark.parametrize(("sign", "lines"), [("[", 1), ("*", 6)])
def test_signs_are_refused_that_would_take_long_where_they_are_many_in_one_paragraph(
    read: Read, refusal: Refusal, sign: str, lines: int
) -> None:
    text, escaped = (
        "\n\n".join([f"{written}a" * 5_000] * lines) for written in (sign, f"\\{sign}")
    )
    said = "is too much: too long a paragraph, or too many marks in long ones; write 20,000 characters at most in a"
    remedy = r"paragraph, and \[ or \* for a sign that stands for itself"
    assert refusal(text).endswith(f"{said} {remedy}")
    assert read(escaped)


def test_a_front_matter_is_refused_that_would_take_long(
    write_statement: Callable[..., Path],
) -> None:
    path = write_statement(front_matter=f'kind = "{"a" * 16_000}"\n' * 4)
    said = "the file has 64,039 characters of front matter; 64,000 is the most that is read"
    assert refusal(path) == f"{path}: {said}"


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_and_kind_of_line_break_change_nothing(
    tmp_path: Path, line_break: bytes, mark: bytes
) -> None:
    path = tmp_path / "statement.md"
    text = (
        FRONT.replace(b"+++\n", b"+++ \n") + b"# Title\n \nTwo\\\nlines.\n   \nEnd. \n"
    )
    path.write_bytes(mark + text.replace(b"\n", line_break))
    statement = read_statement(path)
    assert statement.title == "Title"
    assert statement.blocks == (
        paragraph("p1", ("Two\nlines.",)),
        paragraph("p2", ("End.",)),
    )
    assert statement.markdown == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "FLASK_STATEMENT",
            "/no",
            "/no: No such file or directory; name a Markdown file that this user can read",
        ),
        (
            "FLASK_SITE_URL",
            "a.org",
            "FLASK_SITE_URL: “a.org” is not an http or https address; write https://example.org",
        ),
    ],
)
def test_a_server_does_not_start_with_a_wrong_setting(
    name: str, value: str, said: str
) -> None:
    ended = run_flask("run", "--port", "0", **{name: value})
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"Error: {said}\n")
