import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import run_flask

from app.content_error import ContentError
from app.reading.reader import read_statement
from app.reading.refused import LINES as REFUSED_LINES
from app.reading.refused import TEXTS as REFUSED
from app.statement import BlockQuote, Emphasis, ItemList, Link, ListItem, Paragraph, Statement

FRONT = b'+++\npublished = 2018-12-29\nspeaker = { family = "A" }\npublisher = "B"\nlanguage = "en"\n+++\n'

# A whole file, and what is said of it after its path.
BROKEN_FILES = [
    (b"", ": the file is empty; write the statement in the format that README describes"),
    (b"\xef\xbb\xbf", ": the file is empty; write the statement in the format that README describes"),
    (b'+++\nplace = "Z\xfcrich"\n+++\n', ":2: byte 0xfc is not UTF-8; save the file as UTF-8"),
    ("+++\n".encode("utf-16"), ":1: byte 0xff is not UTF-8; save the file as UTF-8"),
    (b"# Title\n\nText.\n", ":1: “# Title” opens no front matter; begin the file with a line +++"),
    (b"\n" + FRONT, ":1: “” opens no front matter; begin the file with a line +++"),
    (b"+++\npublished = 2018-12-29\n", ":1: the front matter is not closed; end it with a line +++"),
    pytest.param(FRONT.rstrip(), ":7: the text has no title; begin it with # Title"),
    (FRONT, ":7: the text has no title; begin it with # Title"),
    (FRONT + b"Text.\n", ":7: “Text.” stands before the title; begin the text with the one line # Title"),
    (FRONT + b"Title\n=====\n", ":7: “Title” stands before the title; begin the text with the one line # Title"),
    (FRONT + b"Text.\n\n# Title\n", ":7: “Text.” stands before the title; begin the text with the one line # Title"),
    (FRONT + b"## A {#a}\n", ":7: “## A {#a}” stands before the title; begin the text with the one line # Title"),
    (FRONT + b"#Title\n", ":7: “#Title” stands before the title; begin the text with the one line # Title"),
    (FRONT + b"#\n", ":7: “#” stands before the title; begin the text with the one line # Title"),
    (FRONT + b"# \xc2\xa0\n", ":7: “# \xa0” is a heading without words; write its words"),
    (FRONT + b"# A *title*\n", ":7: “# A *title*” is a heading with emphasis or a link; write plain words"),
    (FRONT + b"# [A](#p1)\n", ":7: “# [A](#p1)” is a heading with emphasis or a link; write plain words"),
    (FRONT + b"# A {#a}\n", ":7: “# A {#a}” is a title with an id; remove the id, the whole page is the title's part"),
    (FRONT + b"# Title ##\n", r":7: “# Title ##” ends in #, which Markdown takes away; remove it, or write \#"),
    (FRONT + b"# Title\n", ":7: “# Title” has no paragraph under it; write one at least, a list is none"),
    (FRONT + b"# Title\n\n- item\n", ":7: “# Title” has no paragraph under it; write one at least, a list is none"),
]

# What stands on line 9 and below, under the title, and what is said of it after "statement.md:".
BROKEN_TEXTS = [
    # headings
    ("# Another", "9: “# Another” is a second title; write ## for a section"),
    ("## A", "9: “## A” is a heading without id; end it with an id of your own, {#return-of-refugees}"),
    ("## A {#a} b", "9: “## A {#a} b” is a heading without id; end it with an id of your own, {#return-of-refugees}"),
    pytest.param(
        "## A \\{#a}\n\nText.",
        r"9: “## A \{#a}” is a heading without id; end it with an id of your own, {#return-of-refugees}",
    ),
    (
        "## A {#Refugees}",
        "9: “## A {#Refugees}” has the id 'Refugees'; "
        "write small letters a-z, digits and hyphens, beginning with a letter",
    ),
    (
        "## A {#bad id!}",
        "9: “## A {#bad id!}” has the id 'bad id!'; "
        "write small letters a-z, digits and hyphens, beginning with a letter",
    ),
    ("## A {#}", "9: “## A {#}” has the id ''; write small letters a-z, digits and hyphens, beginning with a letter"),
    ("## A {#p12}", "9: “## A {#p12}” has the id 'p12'; choose one that does not look like a paragraph's"),
    (
        "## A {#about}",
        "9: “## A {#about}” has the id 'about'; "
        "choose another than top, contents, statement, additional-materials, cite, about, which the page itself needs",
    ),
    ("## A {#a}\n\nText.\n\n### B {#a}", "13: “### B {#a}” has the id 'a'; choose another, line 9 has it already"),
    ("## {#a}", "9: “## {#a}” is a heading without words; write its words"),
    ("## A *b* {#a}", "9: “## A *b* {#a}” is a heading with emphasis or a link; write plain words"),
    ("## A {#a}", "9: “## A {#a}” is a section without text; write its text, or remove the heading"),
    (
        "## A {#a}\n\n## B {#b}\n\nText.",
        "9: “## A {#a}” is a section without text; write its text, or remove the heading",
    ),
    (
        "## A {#a}\n\n### B {#b}\n\n## C {#c}\n\nText.",
        "11: “### B {#b}” is a section without text; write its text, or remove the heading",
    ),
    ("### A {#a}\n\nText.", "9: “### A {#a}” is a subsection outside a section; write ## for a section"),
    (
        "#### A {#a}",
        "9: “#### A {#a}” is a heading out of place; "
        r"write ## or ### and a space at the margin, or \# for the character itself",
    ),
    (
        "#5",
        "9: “#5” is a heading out of place; "
        r"write ## or ### and a space at the margin, or \# for the character itself",
    ),
    (
        "> ## A {#a}",
        "9: “## A {#a}” is a heading out of place; "
        r"write ## or ### and a space at the margin, or \# for the character itself",
    ),
    (
        "A\n---",
        r"10: “---” is a rule or the underline of a heading; remove it, or write \ before its first character",
    ),
    (
        "A\n===",
        r"10: “===” is a rule or the underline of a heading; remove it, or write \ before its first character",
    ),
    # blocks
    ("_ _ _", r"9: “_ _ _” is a rule or the underline of a heading; remove it, or write \ before its first character"),
    ("-", r"9: “-” is a rule or the underline of a heading; remove it, or write \ before its first character"),
    ("```\ncode\n```", "9: “```” is a code block; remove the fence"),
    ("~~~ python", "9: “~~~ python” is a code block; remove the fence"),
    (
        "    code",
        "9: “    code” is indented, which makes code; begin it at the margin; an item of a list is one paragraph",
    ),
    ("A\n b", "10: “ b” is indented, which makes code; begin it at the margin; an item of a list is one paragraph"),
    (
        "- a\n\n  b",
        "11: “  b” is indented, which makes code; begin it at the margin; an item of a list is one paragraph",
    ),
    (
        "A\n> b",
        r"10: “> b” is a block quote out of place; leave an empty line above it, or write \> for the character itself",
    ),
    ("> a\nb", "10: “b” continues a block quote; begin it with >, or leave an empty line above it"),
    (">\n>", r"9: “>” is a block quote without text; write its text, or \> for the character itself"),
    ("> > > > > a", "9: “> a” is nested too deep; use 4 levels at most"),
    ("+ a", r"9: “+ a” is a list item; write - for an item, or \+ for the character itself"),
    (
        "A\n- b",
        r"10: “- b” is a list item out of place; "
        r"leave an empty line above the list, or write \- or \* for the character itself",
    ),
    (
        "A\n1990. b",
        r"10: “1990. b” is a list item out of place; "
        r"leave an empty line above the list, or write \. for the full stop itself",
    ),
    (
        "1990. It was a year",
        r"9: “1990. It was a year” would be a list item with another number; "
        r"begin it with 1. for an item, or with 1990\. for the number itself",
    ),
    (
        "1. a\n3. b",
        r"10: “3. b” would be a list item with another number; "
        r"begin it with 2. for an item, or with 3\. for the number itself",
    ),
    ("- a\n* b", "10: “* b” is in a list of items with -; begin it with -"),
    ("- a\n    - b\n  - c", "11: “  - c” is indented unlike the items above it; begin it with 4 spaces"),
    (
        "- a\n  - b\n    - c\n      - d\n        - e",
        "13: “        - e” is nested too deep; use 4 levels at most",
    ),
    # what cannot be seen
    ("a\tb", "9: a control character (U+0009); write spaces for a tab, and remove what cannot be seen"),
    ("a\x00b", "9: a control character (U+0000); write spaces for a tab, and remove what cannot be seen"),
    ("a\x85b", "9: a control character (U+0085); write spaces for a tab, and remove what cannot be seen"),
    ("a  \nb", "9: two spaces at the end make a line break; remove them"),
    # inside a paragraph
    ("a `b` c", r"9: “`b`” is code; write \` for the character itself"),
    ("a ![b](c.png) d", r"9: “![b](” is an image; write \! for the character itself"),
    ("a ![b][c] d", r"9: “![b][” is an image; write \! for the character itself"),
    ("a <b>c</b>", r"9: “<b>” is raw HTML; write \< for the character itself"),
    ("a <!-- b -->", r"9: “<!-- b -->” is raw HTML; write \< for the character itself"),
    ("a\nb <https://c.org>", r"10: “<https://c.org>” is a link without words of its own; write [words](address)"),
    ("a\n\n\xa0\n\nb", "11: “\xa0” has no words that can be seen; remove it"),
    ("- \xa0", "9: “\xa0” has no words that can be seen; remove it"),
    ("##\xa0A", "9: “##\xa0A” is a heading with a no-break space; write an ordinary space after the #"),
    ("a \u200b\n\n\u200b\xad", "11: “\u200b\xad” has no words that can be seen; remove it"),
    ("a\\\nb", "9: a backslash at the end makes a line break; remove it"),
    (
        "see http://a.org/_b_",
        r"9: “http://a.org/_b_” is a bare address whose marks Markdown would take away; "
        r"write \* and \_ in it, or [words](address)",
    ),
    (
        "http://a.org/b*c*",
        r"9: “http://a.org/b*c*” is a bare address whose marks Markdown would take away; "
        r"write \* and \_ in it, or [words](address)",
    ),
    (
        r"[a](https://a.org/\_b)",
        r"9: “](https://a.org/_b” is an address that Markdown would change; "
        r"write it bare, with %27 %28 %29 for ' ( ) and %5C for a backslash",
    ),
    (
        "[a](https://a.org/d'Ivoire_(b))",
        "9: “](https://a.org/d'Ivoire_(b” is an address that Markdown would change; "
        "write it bare, with %27 %28 %29 for ' ( ) and %5C for a backslash",
    ),
    (
        "A *__a**_*__ z",
        r"9: “A *__a**_*__ z” is emphasis whose marks do not pair; write \* or \_ for the characters themselves",
    ),
    ("[a](#b\nc)", "9: “[a](#b c)” is a link to no http, https or mailto address or #id; write [words](https://…)"),
    (r"\<b> one" + "\nand <b> two", r"10: “<b>” is raw HTML; write \< for the character itself"),
    ("AT&amp;T", r"9: “&amp;” is a character reference; write the character itself, or \& for an ampersand"),
    ("a &#x3c;b", r"9: “&#x3c;” is a character reference; write the character itself, or \& for an ampersand"),
    ("a {: .b }", r"9: “{: .b }” is an attribute list; write \{ for the character itself"),
    (
        "[a]: https://b.org",
        r"9: “[a]:” is a link definition; "
        r"write [words](address) where the link stands, or \[ for the character itself",
    ),
    (
        "[a](javascript:b)",
        "9: “[a](javascript:b)” is a link to no http, https or mailto address or #id; write [words](https://…)",
    ),
    ("[a](/b)", "9: “[a](/b)” is a link to no http, https or mailto address or #id; write [words](https://…)"),
    (
        "a\n[b](c.md)\nd",
        "10: “[b](c.md)” is a link to no http, https or mailto address or #id; write [words](https://…)",
    ),
    ('[a](https://b.org "c")', "9: “[a](https://b.org)” is a link with a title; write [words](address)"),
    ("[ ](https://b.org)", "9: “[ ](https://b.org)” is a link without words; write [words](address)"),
    ("[a](#refugees)", "9: “#refugees” names no part of the page; link to the id of a section or paragraph"),
    ("[a](#p2)", "9: “#p2” names no part of the page; link to the id of a section or paragraph"),
    pytest.param("a\nb\n[c](#d)", "11: “#d” names no part of the page; link to the id of a section or paragraph"),
    (f"{'*' * 4000}a{'*' * 4000}", f"9: “{'*' * 40}” is nesting this deep; use 4 levels at most"),
]

# A paragraph as it is written, and its words.
TEXTS = [
    (r"it\'s \$5 \"x\" \@ a\|b \c", r"""it's $5 "x" @ a|b \c"""),
    (r"see http://a.org/\_x\_y\_", "see http://a.org/_x_y_"),
    ("https://a.org/en_GB/a_b", "https://a.org/en_GB/a_b"),
    ("1) It was", "1) It was"),
    (r"1990\. It was", "1990. It was"),
    ("In 1990. It was", "In 1990. It was"),
    ("Hard-wrapped\nlines", "Hard-wrapped lines"),
    ("[TOC]", "[TOC]"),
    ("a [TOC] b", "a [TOC] b"),
    ("“Curly” – ‘quotes’…", "“Curly” – ‘quotes’…"),
    ("\xa0No-break\xa0spaces\u202fstay\xa0", "\xa0No-break\xa0spaces\u202fstay\xa0"),
    ("-5 degrees, +7 495, 2 * 3 < 7 & 8", "-5 degrees, +7 495, 2 * 3 < 7 & 8"),
    ("snake_case, *open, `open, [open, {open}", "snake_case, *open, `open, [open, {open}"),
    ("[a][b] and [c] (d)", "[a][b] and [c] (d)"),
    ("https://example.org/a_b_c", "https://example.org/a_b_c"),
    ("{{ statement }} {% raw %}", "{{ statement }} {% raw %}"),
    (r"\\ \` \* \_ \{ \} \[ \] \( \) \> \# \+ \- \. \! \< \&", r"\ ` * _ { } [ ] ( ) > # + - . ! < &"),
    (r"\&amp; \<b> \*a* \[b](c)", "&amp; <b> *a* [b](c)"),
    ("\\- a", "- a"),
    (r"\# a", "# a"),
    (r"\> a", "> a"),
    (r"\---", "---"),
    pytest.param(r"\===", "==="),
]


@pytest.fixture
def statement_of(write_statement: Callable[..., Path]) -> Callable[[str], Statement]:
    return lambda text: read_statement(write_statement(f"# Title\n\n{text}\n"))


def refusal(path: Path) -> str:
    with pytest.raises(ContentError) as error:
        read_statement(path)
    return error.value.message


@contextmanager
def ordinary_user() -> Iterator[None]:
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # nobody; root may read every file
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize(("content", "message"), BROKEN_FILES)
def test_a_broken_file_is_refused_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "statement.md"
    path.write_bytes(content)
    assert refusal(path) == f"{path}{message}"


@pytest.mark.parametrize(("text", "message"), BROKEN_TEXTS)
def test_a_broken_text_is_refused_in_one_line(write_statement: Callable[..., Path], text: str, message: str) -> None:
    path = write_statement(f"# Title\n\n{text}\n")
    assert refusal(path) == f"{path}:{message}"


@pytest.mark.parametrize("kind", [kind for _, kind, _ in REFUSED_LINES] + [kind for kind, _, _ in REFUSED])
def test_each_kind_of_refused_markdown_is_in_the_table(kind: str) -> None:
    assert f"” is {kind};" in str(BROKEN_TEXTS)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.md"
    assert refusal(path) == f"{path}: No such file or directory; name a Markdown file that this user can read"


def test_a_folder_is_no_statement(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: Is a directory; name a Markdown file that this user can read"


def test_a_file_that_this_user_may_not_read_is_named(write_statement: Callable[..., Path]) -> None:
    path = write_statement()
    path.chmod(0)
    with ordinary_user():
        message = refusal(path)
    assert message == f"{path}: Permission denied; name a Markdown file that this user can read"


def test_a_file_is_named_from_the_folder_that_its_writer_is_in(
    write_statement: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_statement("")
    monkeypatch.chdir(path.parent)
    assert refusal(path) == "statement.md:7: the text has no title; begin it with # Title"


@pytest.mark.parametrize("heading", ["1. Introduction", "1990. A year", "- A", "> A", "+ A", "---"])
def test_a_heading_is_no_list_quote_or_rule(statement_of: Callable[[str], Statement], heading: str) -> None:
    assert statement_of(f"## {heading} {{#a}}\n\nText.").sections[0].heading == heading


def test_a_long_line_is_cut_in_the_message(write_statement: Callable[..., Path]) -> None:
    assert f"“{'a' * 59}…” stands" in refusal(write_statement("a" * 61))


@pytest.mark.parametrize(("text", "words"), TEXTS)
def test_a_paragraph_says_what_is_written(statement_of: Callable[[str], Statement], text: str, words: str) -> None:
    assert statement_of(text).blocks == (Paragraph(1, (words,)),)


def test_emphasis_and_links_are_read(statement_of: Callable[[str], Statement]) -> None:
    statement = statement_of("*a* **b** _c_ [d *e*](https://f.org/(g)?h=i&j#k) [l](mailto:m@n.org) [o](#p1).")
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


@pytest.mark.parametrize("id_", ["p1", "a", "b", "top", "statement", "additional-materials"])
def test_a_link_may_lead_to_each_part_of_the_page(statement_of: Callable[[str], Statement], id_: str) -> None:
    statement = statement_of(f"[words](#{id_})\n\n## A {{#a}}\n\n### B {{#b}}\n\nText.")
    assert next(statement.paragraphs).content == (Link(("words",), f"#{id_}"),)


def test_paragraphs_are_numbered_through_the_whole_statement(statement_of: Callable[[str], Statement]) -> None:
    statement = statement_of("""\
One.

> Two.
>
> > Three.
>
> - item

## A {#a}

- item

Four.

### B {#b}

1. item

Five.

## C {#c}

> Six.""")
    assert [(paragraph.id, paragraph.text) for paragraph in statement.paragraphs] == [
        ("p1", "One."),
        ("p2", "Two."),
        ("p3", "Three."),
        ("p4", "Four."),
        ("p5", "Five."),
        ("p6", "Six."),
    ]


def test_sections_hold_their_text_and_their_subsections(statement_of: Callable[[str], Statement]) -> None:
    statement = statement_of(
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
def test_lists_may_be_nested_and_loose(statement_of: Callable[[str], Statement], gap: str) -> None:
    nested = ItemList((ListItem(("b c",)), ListItem(("d",))), ordered=True)
    items = ("- a", "  1. b\nc", "  2. d", "- *e*")
    assert statement_of(f"{gap.join(items)}\n\nText.").blocks == (
        ItemList((ListItem(("a",), nested), ListItem((Emphasis(("e",), strong=False),))), ordered=False),
        Paragraph(1, ("Text.",)),
    )


def test_another_marker_begins_another_list(statement_of: Callable[[str], Statement]) -> None:
    lists = statement_of("- a\n\n* b\n\n1. c\n\n1. d\n2. e\n\nText.").blocks[:-1]
    assert lists == (
        ItemList((ListItem(("a",)),), ordered=False),
        ItemList((ListItem(("b",)),), ordered=False),
        ItemList((ListItem(("c",)),), ordered=True),
        ItemList((ListItem(("d",)), ListItem(("e",))), ordered=True),
    )


def test_a_block_quote_holds_paragraphs_lists_and_quotes(statement_of: Callable[[str], Statement]) -> None:
    assert statement_of("> a\n>b\n>\n> - c\n>\n> > d\n\n> e").blocks == (
        BlockQuote(
            (
                Paragraph(1, ("a b",)),
                ItemList((ListItem(("c",)),), ordered=False),
                BlockQuote((Paragraph(2, ("d",)),)),
            )
        ),
        BlockQuote((Paragraph(3, ("e",)),)),
    )


@pytest.mark.parametrize("text", [pytest.param("> > > > a"), "- a\n  - b\n    - c\n      - d\n\nText."])
def test_four_levels_are_not_too_deep(statement_of: Callable[[str], Statement], text: str) -> None:
    assert next(statement_of(text).paragraphs)


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_and_kind_of_line_break_change_nothing(tmp_path: Path, line_break: bytes, mark: bytes) -> None:
    path = tmp_path / "statement.md"
    path.write_bytes(mark + (FRONT + b"# Title\n\nTwo\nlines.\n").replace(b"\n", line_break))
    statement = read_statement(path)
    assert (statement.title, statement.blocks) == ("Title", (Paragraph(1, ("Two lines.",)),))
    assert statement.markdown == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "FLASK_STATEMENT",
            "/none.md",
            "/none.md: No such file or directory; name a Markdown file that this user can read",
        ),
        (
            "FLASK_STATEMENT",
            "content",
            "content: Is a directory; name a Markdown file that this user can read",
        ),
        (
            "FLASK_SITE_URL",
            "example.org",
            "FLASK_SITE_URL: “example.org” is not an http or https address; write https://example.org",
        ),
        (
            "FLASK_SITE_URL",
            "https://example.org/?page",
            "FLASK_SITE_URL: “https://example.org/?page” is not an http or https address; write https://example.org",
        ),
    ],
)
def test_a_server_does_not_start_with_a_wrong_setting(name: str, value: str, message: str) -> None:
    ended = run_flask("run", "--port", "0", **{name: value})
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"Error: {message}\n")
