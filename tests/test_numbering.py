import pytest
from conftest import Read, Refusal, parts_of

from app.statement import Statement

PUBLISHED = 'numbers = "publication"\n'
RISES = r"does not rise above the number before it; remove numbers from the front matter, and write 1\. or 7\. for"
COUNTS = (
    "has a number that Markdown would change: lists count from 1., and headings and text end them; "
    r'write numbers = "publication" in the front matter where the publication numbers its paragraphs, else put \ '
    "before the full stop"
)


def told(statement: Statement) -> list[str]:
    sections = [
        part
        for section in statement.sections
        for part in (section, *section.subsections)
    ]
    every = [
        part
        for blocks in (statement.blocks, *(part.blocks for part in sections))
        for part in parts_of(blocks)
    ]
    return [
        f"{part.id} {'withdrawn' if part.withdrawn else part.text}" for part in every
    ]


def withdrawn(*ids: str) -> str:
    return "".join(
        f'[[corrections]]\nparagraph = "{id_}"\ndate = 2019-01-09\nby = "publisher"\nwithdrawn = true\n'
        for id_ in ids
    )


# The text, where the publication numbers its paragraphs, and the parts of it.
NUMBERED = [
    (
        "We, the group, met.\n\n1. We agreed.\n\n2. We trade.\n\n## Peace {#peace}\n\n3. We keep the peace.",
        [
            "u1 We, the group, met.",
            "p1 We agreed.",
            "p2 We trade.",
            "p3 We keep the peace.",
        ],
    ),
    ("1. a\n2. b\n3. c", ["p1 a", "p2 b", "p3 c"]),
    ("7. a\n\n9. b\n\nx\n\n12. c", ["p7 a", "p9 b", "u1 x", "p12 c"]),
    ("7. a\n   - b\n   - c\n8. d", ["p7 a", "p7-1 b", "p7-2 c", "p8 d"]),
    (
        "7. a\n\n    1. b\n    2. c\n        - d\n\n8. e",
        ["p7 a", "p7-1 b", "p7-2 c", "p7-2-1 d", "p8 e"],
    ),
    ("7. a\n\n- b\n\n8. c", ["p7 a", "p7-1 b", "p8 c"]),
    ("- a\n\n7. b", ["p0-1 a", "p7 b"]),
    ("x\n\n- a\n- b\n\ny", ["u1 x", "u1-1 a", "u1-2 b", "u2 y"]),
    ("1. a\n\n> q\n\n2. b", ["p1 a", "u1 q", "p2 b"]),
    ("3. a\\\n4\\. b", ["p3 a\n4. b"]),
    ("3\\. a\n\n1990\\. b", ["u1 3. a", "u2 1990. b"]),
    ("3. a {#p3}\n\nx {#u2}", ["p3 a", "u2 x"]),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERED)
def test_numbers_of_the_publication_are_its_paragraphs(
    read: Read, text: str, expected: list[str]
) -> None:
    statement = read(text, PUBLISHED)
    assert told(statement) == expected
    assert [one.label for one in statement.paragraphs] == [
        one.id[1:] if one.id[0] == "p" else "¶" for one in statement.paragraphs
    ]


def test_a_number_of_the_publication_goes_on_where_lines_are_wrapped(
    read: Read,
) -> None:
    text = "7. a\n   b\n   - c\n     d\n8. e\nf"
    assert told(read(text, f"{PUBLISHED}wrapped = true\n")) == [
        "p7 a b",
        "p7-1 c d",
        "p8 e f",
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("1. a\n\n2. b\n\n## B {#b}\n\n1. c", "16: “1. c”"),
        ("7. a\n\n7. b", "12: “7. b”"),
        ("7. a\n\n6. b", "12: “6. b”"),
    ],
)
def test_numbers_that_begin_again_are_refused(
    read: Read, refusal: Refusal, text: str, where: str
) -> None:
    assert refusal(text, PUBLISHED) == f"{where} {RISES} numbers that are text"
    assert read(text.replace(". ", "\\. ")).publication.numbers == "edition"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("1. a\n\n## B {#b}\n\n2. c\n\nText.", "13: “2. c”"),
        ("1. a\n\nText.\n\n2. c", "13: “2. c”"),
        ("1. a\n3. c\n\nText.", "10: “3. c”"),
        ("16. bis a", "9: “16. bis a”"),
    ],
)
def test_numbers_that_go_on_over_headings_or_text_are_refused_without_the_key(
    read: Read, refusal: Refusal, text: str, where: str
) -> None:
    assert refusal(text) == f"{where} {COUNTS}"
    assert read(text, PUBLISHED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "- a\n\nx\n\n- b\n- c\n  1. d\n  2. e\n\n* f\n\ny\n\n- g",
            [
                "p0-1 a",
                "p1 x",
                "p1-1 b",
                "p1-2 c",
                "p1-2-1 d",
                "p1-2-2 e",
                "p1-3 f",
                "p2 y",
                "p2-1 g",
            ],
        ),
        (
            "x\n\n- a\n\n## B {#b}\n\n- b\n\ny\n\n- c",
            ["p1 x", "p1-1 a", "p1-2 b", "p2 y", "p2-1 c"],
        ),
        ("- a\n\n## B {#b}\n\n- b\n\nx", ["p0-1 a", "p0-2 b", "p1 x"]),
        (
            "x\n\n> - a\n>\n> y\n>\n> - b\n\n- c",
            ["p1 x", "p1-1 a", "p2 y", "p2-1 b", "p2-2 c"],
        ),
    ],
)
def test_items_count_on_below_their_paragraph(
    read: Read, text: str, expected: list[str]
) -> None:
    assert told(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a\n\nb\n\nx {#p2a}\n\ny {#p2b}\n\nc",
            ["p1 a", "p2 b", "p2a x", "p2b y", "p3 c"],
        ),
        ("x {#p0a}\n\na", ["p0a x", "p1 a"]),
        ("a\n\nb {#p5}\n\nc", ["p1 a", "p5 b", "p6 c"]),
        ("x{#p1}", ["p1 x"]),
        ("x \\\\{#p1a}", ["p1a x \\"]),
        ("x \\{#p1a}", ["p1 x {#p1a}"]),
        ("> x {#p4}\n\ny", ["p4 x", "p5 y"]),
        ("x\n\n- a\n- b {#p1-1a}\n- c", ["p1 x", "p1-1 a", "p1-1a b", "p1-2 c"]),
        (
            "x\n\n- a {#p1-2}\n  - b {#p1-2-4}\n  - c\n- d",
            ["p1 x", "p1-2 a", "p1-2-4 b", "p1-2-5 c", "p1-3 d"],
        ),
        ("x {#p1a}\n\n- a", ["p1a x", "p1a-1 a"]),
    ],
)
def test_a_paragraph_or_item_may_end_in_the_id_that_is_its_own(
    read: Read, text: str, expected: list[str]
) -> None:
    assert told(read(text)) == expected


RISES_NOT = "which does not rise above the one before; write"


@pytest.mark.parametrize(
    ("text", "message", "mended"),
    [
        (
            "a {#a}",
            "9: “a {#a}” has an id that is not its own: a; write {#p1} or none",
            "a",
        ),
        (
            "a {#u1}",
            "9: “a {#u1}” has an id that is not its own: u1; write {#p1} or none",
            "a {#p1}",
        ),
        (
            "a {#p1-1}",
            "9: “a {#p1-1}” has an id that is not its own: p1-1; write {#p1} or none",
            r"a \{#p1-1}",
        ),
        ("a {#p1} b", "9: “{#p1}” is an attribute list; write", r"a \{#p1} b"),
        (
            "a\n\n- b {#p2-1}",
            "11: “- b {#p2-1}” has an id that is not its own: p2-1; write {#p1-1} or none",
            "a\n\n- b {#p1-1}",
        ),
        (
            "a {#p1b}\n\nb {#p1a}",
            f"11: “b {{#p1a}}” has the id p1a, {RISES_NOT} {{#p1c}}",
            "a {#p1b}\n\nb {#p1c}",
        ),
        (
            "a\n\nb {#p1}",
            f"11: “b {{#p1}}” has the id p1, {RISES_NOT} {{#p1a}}",
            "a\n\nb {#p1a}",
        ),
        ("a\n\n{#p1a}", "11: has no words that can be seen; remove it", "a"),
    ],
)
def test_an_own_id_is_refused_that_cannot_stand_there(
    read: Read, refusal: Refusal, text: str, message: str, mended: str
) -> None:
    escape = (
        " \\{ for the character itself"
        if "list" in message
        else r", or \{ for the sign itself"
    )
    assert refusal(text) == message + (
        escape if message.endswith(("none", "write")) else ""
    )
    assert read(mended)


@pytest.mark.parametrize(
    ("text", "id_", "own"),
    [("7. a {#p8}", "p8", "p7"), ("7. a {#p7a}", "p7a", "p7"), ("x {#p3}", "p3", "u1")],
)
def test_no_id_is_another_number_than_the_publication_prints(
    refusal: Refusal, text: str, id_: str, own: str
) -> None:
    said = rf"has an id that is not its own: {id_}; write {{#{own}}} or none, or \{{ for the sign itself"
    assert refusal(text, PUBLISHED) == f"10: “{text}” {said}"


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("a\n\nc {#p3}", withdrawn("p2"), ["p1 a", "p2 withdrawn", "p3 c"]),
        (
            "a",
            'corrections = { paragraph = "p2", date = 2019-01-09, by = "edition", withdrawn = true }\n',
            ["p1 a", "p2 withdrawn"],
        ),
        ("a\n\nb", withdrawn("p3"), ["p1 a", "p2 b", "p3 withdrawn"]),
        (
            "d {#p4}",
            withdrawn("p1", "p3", "p2"),
            ["p1 withdrawn", "p2 withdrawn", "p3 withdrawn", "p4 d"],
        ),
        ("a\n\n> c {#p3}", withdrawn("p2"), ["p1 a", "p2 withdrawn", "p3 c"]),
        ("a\n\nb", withdrawn("p1a"), ["p1 a", "p1a withdrawn", "p2 b"]),
        (
            "a\n\n- b\n- d {#p1-3}",
            withdrawn("p1-2"),
            ["p1 a", "p1-1 b", "p1-2 withdrawn", "p1-3 d"],
        ),
        (
            "a\n\n- b\n\nc",
            withdrawn("p1-2"),
            ["p1 a", "p1-1 b", "p1-2 withdrawn", "p2 c"],
        ),
        (
            "a\n\n## B {#b}\n\n## C {#c}\n\nd {#p3}",
            withdrawn("p2"),
            ["p1 a", "p2 withdrawn", "p3 d"],
        ),
        ("1. a\n\n3. c", PUBLISHED + withdrawn("p2"), ["p1 a", "p2 withdrawn", "p3 c"]),
        ("x\n\ny {#u3}", PUBLISHED + withdrawn("u2"), ["u1 x", "u2 withdrawn", "u3 y"]),
        ("[a](#p2)\n\nc {#p3}", withdrawn("p2"), ["p1 a", "p2 withdrawn", "p3 c"]),
    ],
)
def test_what_was_withdrawn_keeps_its_place(
    read: Read, text: str, keys: str, expected: list[str]
) -> None:
    assert told(read(text, keys)) == expected


def test_the_next_paragraph_must_say_its_own_id_behind_one_that_was_withdrawn(
    read: Read, refusal: Refusal
) -> None:
    said = "would be p2, which was withdrawn; end it with its own id, {#p4}"
    assert refusal("a\n\nb", withdrawn("p2", "p3")) == f"21: “b” {said}"
    assert told(read("a\n\nb {#p4}", withdrawn("p2", "p3")))[-1] == "p4 b"


def test_what_was_withdrawn_stands_before_the_next_part_or_in_the_section_that_is_left_empty(
    read: Read,
) -> None:
    text = "## A {#a}\n\na\n\n- c {#p1-2}\n\n## B {#b}\n\n## C {#c}\n\nd {#p4}\n\n- e"
    one, two, three = read(text, withdrawn("p1-1", "p2", "p3", "p4-2", "p5")).sections
    assert [part.id for part in parts_of(one.blocks)] == ["p1", "p1-1", "p1-2"]
    assert [part.id for part in parts_of(two.blocks)] == ["p2"]
    assert [part.id for part in parts_of(three.blocks)] == [
        "p3",
        "p4",
        "p4-1",
        "p4-2",
        "p5",
    ]
