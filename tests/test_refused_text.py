"""What the reader refuses, each with the text that its remedy leads to: that one is read."""

import pytest
from conftest import Read, Refusal

from app.reading.refused import LINES, TEXTS

UNDER_TEXT = (
    r"leave an empty line between two paragraphs, end the upper line with \ where the publication breaks it inside one,"
    " or write wrapped = true in the front matter where your lines are wrapped"
)
NUMBER = "has a number that Markdown would change: lists count from 1., and headings and text end them"
NUMBERS = 'write numbers = "publication" in the front matter where the publication numbers its paragraphs, else'
ESCAPE = r"write \* or \_ for the signs themselves"

# What is said of a line, and to whom: a text below a title on line 7, where the line stands, and the mended text.
REFUSED = {
    "is a second title; write ## for a section": [
        ("# Another", "9: “# Another”", "## Another {#another}\n\nText.")
    ],
    "is a heading without id; end it with an id of your own, {#return-of-refugees}": [
        ("## A\n\nText.", "9: “## A”", "## A {#return-of-refugees}\n\nText."),
        ("## A {#a} b\n\nText.", "9: “## A {#a} b”", "## A b {#a}\n\nText."),
    ],
    "is a heading without words; write its words": [
        ("## {#a}\n\nText.", "9: “## {#a}”", "## Words {#a}\n\nText.")
    ],
    "is a heading with emphasis or a link; write plain words": [
        ("## A *b* {#a}\n\nText.", "9: “## A *b* {#a}”", "## A b {#a}\n\nText."),
        (
            "## A [b](https://c.org) {#a}\n\nText.",
            "9: “## A [b](https://c.org) {#a}”",
            "## A b {#a}\n\nText.",
        ),
    ],
    "is a section without text; write its text, or remove the heading": [
        ("## A {#a}", "9: “## A {#a}”", "## A {#a}\n\nText."),
        (
            "Text.\n\n## A {#a}\n\n## B {#b}\n\nText.",
            "11: “## A {#a}”",
            "Text.\n\n## B {#b}\n\nText.",
        ),
        (
            "## A {#a}\n\n### B {#b}\n\n## C {#c}\n\nText.",
            "11: “### B {#b}”",
            "## A {#a}\n\n### B {#b}\n\nText.\n\n## C {#c}\n\nText.",
        ),
    ],
    "is a subsection outside a section; write ## for a section": [
        ("### A {#a}\n\nText.", "9: “### A {#a}”", "## A {#a}\n\nText.")
    ],
    "is a heading below a subsection; write ### for a subsection, or a paragraph of **strong words**": [
        ("#### A {#a}", "9: “#### A {#a}”", "**A**")
    ],
    r"is a heading out of place; write ## or ### and a space at the margin, or \# for the character itself": [
        ("#5", "9: “#5”", r"\#5"),
        ("> ## A {#a}", "9: “## A {#a}”", r"> \## A"),
    ],
    f"stands directly under a line of text; {UNDER_TEXT}": [
        ("a\nb", "10: “b”", "a\n\nb"),
        ("## A {#a}\nb\nc", "11: “c”", "## A {#a}\nb\n\nc"),
        ("a\\\\\nb", "10: “b”", "a\\\\\n\nb"),
    ],
    "ends in a backslash, which makes a line break, and no line goes on; remove it": [
        ("a\\", r"9: “a\”", "a"),
        ("a\\\n\n- b", r"9: “a\”", "a\n\n- b"),
    ],
    r"is a list item out of place; leave an empty line above the list, or write \- or \* for the character itself": [
        ("a\\\n- b", "10: “- b”", "a\\\n\\- b"),
        ("- a\n\nText.\n- b", "12: “- b”", "- a\n\nText.\n\n- b"),
    ],
    r"is a list item out of place; "
    r"write \. for the full stop itself; a list has an empty line above it, and counts 1., 2., 3.": [
        ("2254.", "9: “2254.”", r"2254\."),
        ("a\\\n1990. b", "10: “1990. b”", "a\\\n1990\\. b"),
        ("１. a", "9: “１. a”", r"１\. a"),
    ],
    r"is a link definition; write [words](address) where the link stands, or \[ for the character itself": [
        ("a\\\n[b]: c", "10: “[b]: c”", "a\\\n\\[b]: c"),
        (
            "a\n\n[b]: https://c.org",
            "11: “[b]: https://c.org”",
            "a\n\n[b](https://c.org)",
        ),
    ],
    r"is a rule or the underline of a heading; remove it, or write \ before its first character": [
        ("A\n---", "10: “---”", "A\n\n\\---"),
        ("===", "9: “===”", r"\==="),
        ("-", "9: “-”", r"\-"),
    ],
    "is a code block; remove the fence": [
        ("~~~ python", "9: “~~~ python”", r"\~~~ python")
    ],
    "is indented, which makes code; begin it at the margin; an item of a list is one paragraph": [
        ("    code", "9: “    code”", "code"),
        ("- a\n\n  b", "11: “  b”", "- a\n\nb"),
    ],
    r"is a block quote out of place; leave an empty line above it, or write \> for the character itself": [
        ("A\n> b", "10: “> b”", "A\n\n> b")
    ],
    "stands directly under a line of text; begin it with >, or leave an empty line above it": [
        ("> a\nb", "10: “b”", "> a\n\nb")
    ],
    r"is a block quote without text; write its text, or \> for the character itself": [
        (">\n>", "9: “>”", "> a")
    ],
    "is nested too deep; use 4 levels at most": [
        ("> > > > > a", "9: “> a”", "> > > > a"),
        (
            "a\n\n- a\n  - b\n    - c\n      - d\n        - e",
            "15: “        - e”",
            "a\n\n- a\n  - b\n    - c\n      - d",
        ),
    ],
    r"is a list item; write - for an item, or \+ for the character itself": [
        ("+ a", "9: “+ a”", r"\+ a")
    ],
    f"{NUMBER}; {NUMBERS} put \\ before the full stop": [
        ("1990. It was a year", "9: “1990. It was a year”", r"1990\. It was a year"),
        ("a\n\n1. b\n3. c", "12: “3. c”", "a\n\n1. b\n2. c"),
    ],
    "is in a list of items with -; begin it with -": [
        ("a\n\n- b\n* c", "12: “* c”", "a\n\n- b\n- c")
    ],
    "is indented unlike its list; begin it with 4 spaces": [
        ("a\n\n- a\n    - b\n  - c", "13: “  - c”", "a\n\n- a\n    - b\n    - c"),
        ("a\n\n- a\n      - b", "12: “      - b”", "a\n\n- a\n    - b"),
    ],
    f"has no paragraph under it; {NUMBERS} write one at least, a list is none": [
        ("- a", "7: “# Title”", "- a\n\nText.")
    ],
    "is a table; write each row as a paragraph or an item of a list": [
        ("--- | ---", "9: “--- | ---”", r"\--- | ---")
    ],
    r"is a footnote; write the note as a paragraph, its sign as \* or a number": [
        ("[^1]: note", "9: “[^1]: note”", r"\* note"),
        ("a[^1] b", "9: “[^1]”", r"a\* b"),
    ],
    "has no words that can be seen; remove it": [
        ("a\n\n\xa0\n\nb", "11: “\xa0”", "a\n\nb"),
        ("a\n\n- ㅤ", "11: “ㅤ”", "a"),
    ],
    r"is code; write \` for the character itself": [
        (r"a `b\` c", "9: “`b`”", r"a \`b\` c")
    ],
    r"is an image; describe it in words, or write [words](address), or !\[ for the signs themselves": [
        ("a ![b](c.png) d", "9: “![b]”", "a [b](https://c.org/c.png) d"),
        ("a ![b][c] d", "9: “![b]”", r"a !\[b][c] d"),
        (
            "![a [b] c](https://d.org/e.png)",
            "9: “![a [b]”",
            "[a b c](https://d.org/e.png)",
        ),
    ],
    r"is raw HTML; write \< for the character itself": [
        ("a <b>c</b>", "9: “<b>”", r"a \<b>c\</b>")
    ],
    "is a link without words of its own; write [words](address)": [
        ("b <https://c.org>", "9: “<https://c.org>”", "b [c](https://c.org)"),
        ("<1@b.c>", "9: “<1@b.c>”", "[b](mailto:1@b.c)"),
    ],
    r"is a character reference; write the character itself, or \& for an ampersand": [
        ("AT&amp;T", "9: “&amp;”", "AT&T")
    ],
    r"is an attribute list; write \{ for the character itself": [
        ("a {: .b }", "9: “{: .b }”", r"a \{: .b }")
    ],
    r"is a bare address whose marks Markdown would take away; write \* and \_ in it, or [words](address)": [
        ("see http://a.org/_b_", "9: “http://a.org/_b_”", r"see http://a.org/\_b\_")
    ],
    "is an address that Markdown would change; write it bare, with %27 %28 %29 for ' ( ) and %5C for a backslash": [
        (r"[a](https://a.org/\_b)", "9: “](https://a.org/_b”", "[a](https://a.org/_b)"),
        (
            "[a](https://a.org/d'Ivoire_(b))",
            "9: “](https://a.org/d'Ivoire_(b”",
            "[a](https://a.org/d%27Ivoire_%28b%29)",
        ),
        ("[a]( https://a.org )", "9: “]( https://a.or”", "[a](https://a.org)"),
    ],
    "is a link to an address with the unseen sign U+200E; remove the sign": [
        (
            "[a](https://a.org/\u200eb)",
            "9: “[a](https://a.org/\u200eb)”",
            "[a](https://a.org/b)",
        ),
        ("[a](#\u200ep1)", "9: “[a](#\u200ep1)”", "[a](#p1)"),
    ],
    "is a link to an address with the unseen sign U+200D; remove the sign": [
        (
            "[a](mailto:\u200db@c.org)",
            "9: “[a](mailto:\u200db@c.org)”",
            "[a](mailto:b@c.org)",
        )
    ],
    "is a link to no http, https or mailto address or #id; write [words](https://…)": [
        ("[a](javascript:b)", "9: “[a](javascript:b)”", "[a](https://b.org)"),
        ("[a](/b)", "9: “[a](/b)”", "[a](https://b.org)"),
        (
            "[a](https://user@b.org)",
            "9: “[a](https://user@b.org)”",
            "[a](https://b.org)",
        ),
    ],
    "is a link with a title; write [words](address)": [
        ('[a](https://b.org "c")', '9: “[a](https://b.org "c")”', "[a](https://b.org)")
    ],
    "is a link without words; write [words](address)": [
        ("[ ](https://b.org)", "9: “[ ](https://b.org)”", "[a](https://b.org)")
    ],
    "names no part of the page; link to the id of a section or paragraph": [
        ("[a](#refugees)", "9: “#refugees”", "[a](#p1)"),
        ("[a](#p1-1)", "9: “#p1-1”", "[a](#p1-1)\n\n- b"),
    ],
    f"is emphasis that does not open where it stands, behind a word or before a space; {ESCAPE}": [
        (
            "Kosovo*, Serbia; for Kosovo*, see",
            "9: “*, Serbia; for Kosovo*, see”",
            r"Kosovo\*, Serbia; for Kosovo\*, see",
        ),
        ("5*6 and 7*8", "9: “*6 and 7*8”", r"5\*6 and 7\*8"),
    ],
    f"is emphasis whose marks do not pair; {ESCAPE}": [
        ("A *__a**_*__ z", "9: “A *__a**_*__ z”", r"A \*\_\_a\*\*\_\*\_\_ z"),
        # Markdown loses a letter of it, which only the comparison with the line shows.
        ("*a**b*c", "9: “*a**b*c”", r"\*a\*\*b\*c"),
        ("*" * 40 + "a" + "*" * 40, f"9: “{'*' * 40}”", "*a*"),
        (
            "**Kosovo* and Serbia**",
            "9: “**Kosovo* and Serbia**”",
            r"**Kosovo\* and Serbia**",
        ),
        ("**a*b**", "9: “**a*b**”", r"**a\*b**"),
        ("**a *b**", "9: “**a *b**”", r"**a \*b**"),
    ],
    f"is emphasis that does not close where it stands, before a word or behind a space; {ESCAPE}": [
        ("*Note (*see below)", "9: “*see below)”", r"\*Note (\*see below)")
    ],
}

# A heading with braces, what is said of them, and the mended heading.
SMALL_LETTERS = "write small letters a-z, digits and hyphens, beginning with a letter"
DROPS = "which makes Reader View drop the section"
OWN = "top, contents, statement, additional-materials, cite, about"
REFUSED_IDS = [
    ("{#Refugees}", "'Refugees'", SMALL_LETTERS, "{#refugees}"),
    ("{#bad id!}", "'bad id!'", SMALL_LETTERS, "{#good-id}"),
    ("{#}", "''", SMALL_LETTERS, "{#a}"),
    ("{#_a}", "'_a'", SMALL_LETTERS, "{#a}"),
    ("{#a b}", "'a b'", SMALL_LETTERS, "{#a #b}"),
    *(
        (
            f"{{#{id_}}}",
            f"'{id_}'",
            "choose one that does not look like a paragraph's",
            "{#article-1}",
        )
        for id_ in ("p12", "p0a", "u1", "p1-2", "u1-1", "p3a-2b")
    ),
    (
        "{#to-share}",
        "'to-share'",
        f"choose one without the word share, {DROPS}",
        "{#to-shares}",
    ),
    ("{#a #p3}", "'p3'", "choose one that does not look like a paragraph's", "{#a #b}"),
    (
        "{#about}",
        "'about'",
        f"choose another than {OWN}, which the page itself needs",
        "{#about-us}",
    ),
    ("{#first}", "'first'", "choose another, line 9 has it already", "{#second}"),
    ("{#a #once}", "'once'", "choose another, line 9 has it already", "{#a #twice}"),
    ("{#a #a}", "'a'", "choose another, line 13 has it already", "{#a}"),
]

# A sign, what it is and what to do; it stands inside a word.
REFUSED_SIGNS = [
    *(
        (sign, "a control character", "write spaces for a tab, else remove it")
        for sign in ("\t", "\0", "\x0b", "\x1c", "\x85", "\u2028", "\u2029")
    ),
    *(
        (sign, "a sign that turns words around", "remove it")
        for sign in "\u202a\u202b\u202c\u202d\u202e"
    ),
    *(
        (sign, "a sign that turns words around, unpaired", "remove it")
        for sign in "\u2066\u2067\u2068\u2069"
    ),
    *(
        (sign, "a tag that nobody sees", "remove it")
        for sign in ("\U000e0001", "\U000e0041", "\U000e007f")
    ),
    *(
        (sign, "no character", "remove it")
        for sign in ("\ufdd0", "\ufffe", "\U0001ffff", "\U0010ffff")
    ),
]
UNSEEN = [
    (line.format(sign), sign)
    for sign in "\u200b\u2060\ufeff\xad"
    for line in (
        "{}## A {{#a}}",
        "{}- a",
        "{} > a",
        "{}1. a",
        "{}```",
        "> {}# a",
        "a {}*b*",
        "a {}[b](#p1)",
        "a {}<b>",
    )
]


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [(text, where, said) for said, rows in REFUSED.items() for text, where, _ in rows],
)
def test_a_text_is_refused_in_one_line(
    refusal: Refusal, text: str, where: str, said: str
) -> None:
    assert refusal(text) == f"{where} {said}"


@pytest.mark.parametrize(
    "mended", sorted({mended for rows in REFUSED.values() for _, _, mended in rows})
)
def test_a_remedy_leads_to_a_text_that_is_read(read: Read, mended: str) -> None:
    assert read(mended).title == "Title"


@pytest.mark.parametrize(
    "kind", [kind for _, kind, _ in LINES] + [kind for kind, _, _ in TEXTS]
)
def test_each_kind_of_refused_markdown_is_in_the_table(kind: str) -> None:
    assert f"is {kind};" in str([*REFUSED])


@pytest.mark.parametrize(("ids", "shown", "remedy", "mended"), REFUSED_IDS)
def test_an_id_is_refused_that_cannot_be_kept(
    read: Read, refusal: Refusal, ids: str, shown: str, remedy: str, mended: str
) -> None:
    text = "## First {{#first #once}}\n\nText.\n\n## Another {}\n\nText."
    assert (
        refusal(text.format(ids))
        == f"13: “## Another {ids}” has the id {shown}; {remedy}"
    )
    section = read(text.format(mended)).sections[1]
    assert [section.id, *section.old_ids] == mended.strip("{}").replace("#", "").split()


@pytest.mark.parametrize(("sign", "what", "remedy"), REFUSED_SIGNS)
def test_a_sign_is_refused_that_shows_other_words_than_the_file(
    refusal: Refusal, sign: str, what: str, remedy: str
) -> None:
    assert (
        refusal(f"Text.\n\nWo{sign}rds.")
        == f"11: holds {what} (U+{ord(sign):04X}); {remedy}"
    )


@pytest.mark.parametrize(("text", "sign"), UNSEEN)
def test_no_mark_hides_behind_a_sign_that_nobody_sees(
    refusal: Refusal, text: str, sign: str
) -> None:
    said = refusal(f"{text}\n\nText.").splitlines()
    assert (
        said[0]
        == f"9: holds a sign that nobody sees, before a mark (U+{ord(sign):04X}); remove it"
    )


@pytest.mark.parametrize(
    ("text", "mended", "words"),
    [
        ("##\xa0A {#a}\n\nText.", "## A {#a}\n\nText.", "Text."),
        ("-\xa0three", "\\-\xa0three", "-\xa0three"),
        ("*\u3000three", "\\*\u3000three", "*\u3000three"),
        ("1.\xa0Nous", "1\\.\xa0Nous", "1.\xa0Nous"),
        ("> #\xa0a", "> \\#\xa0a", "#\xa0a"),
    ],
)
def test_a_space_behind_a_mark_is_an_ordinary_one(
    read: Read, refusal: Refusal, text: str, mended: str, words: str
) -> None:
    first = refusal(text).splitlines()[0]
    assert first.startswith("9: holds no space to Markdown, behind a mark (U+")
    assert first.endswith(
        r"); write an ordinary space, or \- and 1\. where it is no mark"
    )
    assert next(read(mended).paragraphs).text == words


def test_all_problems_of_a_file_are_told_in_its_order(refusal: Refusal) -> None:
    text = (
        "# A\n\nText `code`.\n\n## Heading\n\n[a](#nowhere)\n\n1. a\n3. b\n\nLast <b>."
    )
    said = refusal(
        text, "", 'published = 1\nspeaker = {}\nplaec = "A"\nlanguage = "en"\n'
    )
    assert [line.partition(";")[0] for line in said.splitlines()] == [
        "1: the front matter lacks publisher",
        "2: “published = 1” is not a date, or a date and time",
        "4: the front matter has no key plaec",
        "9: “# A” is a second title",
        "11: “`code`” is code",
        "13: “## Heading” is a heading without id",
        "15: “#nowhere” names no part of the page",
        f"18: “3. b” {NUMBER}",
        "20: “<b>” is raw HTML",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a\nb\nc\n\nd\ne",
            f"10: “b” stands directly under a line of text; {UNDER_TEXT} (and 2 more lines, to 14)",
        ),
        (
            "```\n\ncode\n\n```",
            "9: “```” is a code block; remove the fence (and 1 more line, to 13)",
        ),
        (
            "a `b` `c`\n\n`d`",
            r"9: “`b`” is code; write \` for the character itself (and 1 more line, to 11)",
        ),
    ],
)
def test_a_fault_that_many_lines_share_is_told_once(
    refusal: Refusal, text: str, message: str
) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("a\nb", "wrapped = true"),
        ("1. a\n\nb\n\n2. c", 'numbers = "publication"'),
        ("1. a\n\n2. b", 'numbers = "publication"'),
        ("Lavrov: a\n\nLavrov: b", 'voices = ["Lavrov"]'),
        ("**A:** a\n\n**B:** b", "voices = []"),
    ],
)
def test_a_remedy_may_stand_in_the_front_matter(
    read: Read, refusal: Refusal, text: str, keys: str
) -> None:
    assert f"write {keys} in the front matter" in refusal(
        text
    ) or f"or {keys}" in refusal(text)
    assert read(text, keys).title == "Title"


def test_a_long_line_is_cut_in_the_message(refusal: Refusal) -> None:
    assert refusal(f"Text.\n{'a' * 61}").startswith(f"10: “{'a' * 59}…” stands")
