import json
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from served_page import Element, read_page

from app import create_app
from app.errors import ContentError
from app.reading.reader import read_statement

# Attributes that every element may have, and those of each element that the page may have.
EVERYWHERE = {"aria-label", "class", "dir", "hidden", "id", "lang", "role", "tabindex"}
WITHOUT_ATTRIBUTES = (
    "html head title style body template output label b bdi main header nav article aside footer h1 h2 h3 "
    "section p blockquote ul ol li em strong span"
)
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in WITHOUT_ATTRIBUTES.split()},
    "meta": {"charset", "content", "http-equiv", "name", "property"},
    "link": {"href", "rel", "type"},
    "script": {"type"},
    "textarea": {"readonly", "rows"},
    "button": {"type"},
    "time": {"datetime"},
    "div": {"data-credit", "data-day", "data-nest"},
    "a": {"data-character", "download", "href"},
}
# What the text of a statement may bring; all other elements are the page's own, as many as on any other page.
BROUGHT_BY_TEXT = {
    "h2",
    "h3",
    "header",
    "section",
    "p",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "em",
    "strong",
    "span",
}
SCHEMES = {"", "http", "https", "mailto"}

# Ways in that have been published for other Markdown programs, by kind.
REFUSED = [
    # links that run
    *(
        "[a](JaVaScRiPt:alert(1))",
        "[a]( javascript:alert(1) )",
        "[a](java\nscript:alert(1))",
        "[a](//b.org)",
    ),
    *(
        "[a](\x01javascript:alert(1))",
        "[a](\u2028javascript:alert(1))",
        "[a](ｊavascript:alert(1))",
    ),
    *(
        "[a](&#x6a;avascript:alert(1))",
        "[a](javascript%3Aalert(1))",
        "[a](javascript://b.org/%0aalert(1))",
    ),
    *(
        "[a](javascript\\:alert(1))",
        "[a](<javascript:alert(1)>)",
        "[a](javascript:new%20Function`al\\ert\\`1\\``;)",
    ),
    *(
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](file:///etc/passwd)",
        "[a](https:javascript:alert(1))",
    ),
    # links that break out of their attribute
    *(
        '[a](https://b.org"onclick="alert(1))',
        '[a](https://b.org "c" onclick=alert(1) ")',
    ),
    *(
        '[a](mailto:b@c.org"onclick="alert(1))',
        "[<img src=b onerror=alert(1)>](https://c.org)",
    ),
    *(
        '[a](#p1"onclick="alert(1))',
        "[a](https://b.org?c=[[/data-d=. style=position:fixed onclick=alert(1) .]])",
    ),
    # references, images, addresses in angle brackets
    *(
        "[a][b]\n\n[b]: javascript:alert(1)",
        "[a]: (javascript:alert(1))",
        "![a'\"`onerror=alert(1)](b)",
    ),
    *(
        "![a](b){onerror=alert(1)}",
        "<javascript:alert(1)>",
        '<https://b.org/"onclick="alert(1)>',
    ),
    # elements, whole, broken or hidden
    *(
        "</title><script>alert(1)</script>",
        "--></style></script><script>alert(1)</script>",
        "<svg/onload=alert(1)>",
    ),
    *(
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<a\nhref=javascript:alert(1)>b</a>",
        "<img src=a onerror=b//",
    ),
    *(
        "<<script>alert(1)//<</script>",
        "<scr\x00ipt>alert(1)</script>",
        "\\\\<script>alert(1)</script>",
    ),
    *(
        "\ufeff<script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "*<script>alert(1)</script>*",
    ),
    *(
        "<!--><img src=a onerror=alert(1)>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php echo 1 ?>",
    ),
    # attribute lists, block structure
    *(
        "a {: onclick=alert(1) }",
        "```html\n<script>alert(1)</script>\n```",
        "- a\n\n    <script>alert(1)</script>",
    ),
    *("> <script>alert(1)</script>", "a | b\n--|--\n<script>alert(1)</script> | c"),
]

# Those that stand in the text of a page, and what a reader sees there.
SHOWN = {
    "[a [b](javascript:alert(1))](https://c.org)": "a [b](javascript:alert(1))",
    "!\\[a](javascript:alert(1))": "![a](javascript:alert(1))",
    "\\<script>alert(1)\\</script>": "<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞": "＜script＞alert(1)＜/script＞",
    "&#60script&#62alert(1)&#60/script&#62": "&#60script&#62alert(1)&#60/script&#62",
    "a {onclick=alert(1)}": "a {onclick=alert(1)}",
    "_https://a.org_ style=position:fixed onclick=alert(1)//": "https://a.org style=position:fixed onclick=alert(1)//",
    "{{ config }}{% include '/etc/passwd' %}": "{{ config }}{% include '/etc/passwd' %}",
}
# No link and no emphasis stands in a heading, and no definition of a link begins in one.
SHOWN_IN_HEADINGS = {
    **{attack: words for attack, words in SHOWN.items() if attack[0] not in "[_"},
    "[a]: (javascript:alert(1))": "[a]: (javascript:alert(1))",
}
every_attack = pytest.mark.parametrize("attack", [*REFUSED, *SHOWN])


def one_line(text: str) -> str:
    return re.sub("[ \t\n\f\r]+", " ", text).strip(" ")  # as HTML shows white space


def escaped(text: str) -> str:
    return re.sub(rf"([{re.escape(string.punctuation)}])", r"\\\1", text)


def scheme(address: str) -> str:
    found = re.match(
        "([^/?#:]*):", re.sub("[\0- ]", "", address)
    )  # what a browser leaves out
    return found[1].lower() if found else ""


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Element]:
    path = tmp_path_factory.mktemp("content") / "statement.md"

    def build(
        title: str = "Title",
        text: str = "Text.",
        heading: str = "Heading",
        string: str = "words",
        address: str = "https://example.org",
        language: str = "en",
    ) -> Element:
        string, address, language = (
            json.dumps(value, ensure_ascii=False)
            for value in (string, address, language)
        )
        front_matter = f"""\
published = 2018-12-29T17:33:00
kind = {string}
place = {string}
speaker = {{ given = {string}, family = {string}, role = {string} }}
publisher = {string}
source = {address}
language = {language}
languages = [{language}]
[[materials]]
title = {string}
url = {address}
"""
        body = f"# {title}\n\n{text}\n\n## {heading} {{#part}}\n\nEnd.\n"
        path.write_bytes(f"+++\n{front_matter}+++\n{body}".encode())
        read_statement(
            path
        )  # an error stops here: under --debug the app would show a page of it
        clients[:] = clients or [
            create_app({"STATEMENT": path, "DEBUG": True}).test_client()
        ]
        return read_page(clients[0].get("/").text)

    clients: list[FlaskClient] = []
    return build


@pytest.fixture(scope="module")
def ordinary_page(page_of: Callable[..., Element]) -> Element:
    return page_of()


def check_that_nothing_got_in(page: Element, ordinary_page: Element) -> None:
    for element in page.all:
        assert element.tag in ALLOWED
        assert set(element.attributes) <= ALLOWED[element.tag] | EVERYWHERE
    assert {
        scheme(link.attributes.get("href", "")) for link in page.find("a")
    } <= SCHEMES
    assert [link.attributes for link in page.find("link")] == [
        link.attributes for link in ordinary_page.find("link")
    ]
    assert frame(page) == frame(ordinary_page)


def frame(page: Element) -> Counter[str]:
    return Counter(
        element.tag for element in page.all if element.tag not in BROUGHT_BY_TEXT
    )


def examples(count: int) -> settings:
    return settings(max_examples=count, deadline=None, database=None)


# No text holds half of a surrogate pair.
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
# Without what is refused: what controls, formats or is no character, and what shows nothing at all.
plain = st.text(
    st.characters(
        exclude_categories=["Cc", "Cf", "Cn", "Cs", "Zl", "Zp"],
        include_characters="\n",
        exclude_characters="\u034f\u115f\u1160\u2800\u3164\ufe0e\ufe0f\uffa0",
    )
).filter(
    lambda text: any(unicodedata.category(char) not in ("Cc", "Zs") for char in text)
)


def mixture(*pieces: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces) | any_text, min_size=1, max_size=12).map(
        "".join
    )


hostile = mixture(
    *(
        "<script>",
        "</script>",
        "<img src=a ",
        "onerror=",
        "<!--",
        "-->",
        "]]>",
        "</title>",
        "<",
        ">",
        "/",
        '"',
        "'",
    ),
    *(
        "[",
        "](",
        ")",
        "[a](",
        "javascript:",
        "data:",
        "https://a.org",
        "mailto:a@b.c",
        "#p1",
        ":",
        "//",
        "=",
    ),
    *(
        "*",
        "**",
        "_",
        "`",
        "\\",
        "!",
        "&",
        "&#",
        "lt;",
        "{",
        "{:",
        "{#a}",
        "}",
        "{{",
        "{%",
        "a",
        " ",
        "\n",
        "\n\n",
    ),
    *("# ", "## ", "> ", "- ", "  - ", "1. ", "---", "+++", "\0", "\ufeff", "\u2028"),
)
blocks = mixture(
    *(
        "a",
        "b",
        " ",
        "\n",
        "\n\n",
        "\n- ",
        "\n  - ",
        "1. ",
        "\n1. ",
        "\n2. ",
        "\n   1. ",
        "1990. ",
        "\n> ",
        "\n>\n> ",
    ),
    *(
        "#",
        "+",
        "-",
        "=",
        "~",
        "`",
        "!",
        "<",
        ">",
        "&",
        ";",
        "{",
        "}",
        ":",
        "|",
        '"',
        "'",
        "“",
        "’",
        "–",
        "\xa0",
    ),
)
MARKER = re.compile(
    r"^(> ?)*( *(-|[0-9]+\.) +)?", re.MULTILINE
)  # of a quote or a list item, which the page draws


@examples(60)
@given(plain)
@example("1990. It was\n- a <b> & *c* _d_ `e` [f](g) {#h} &amp; ![i] \\")
def test_plain_text_comes_out_word_for_word_where_it_is_escaped(
    page_of: Callable[..., Element], text: str
) -> None:
    words = one_line(text)
    lines = "\\\n".join(
        escaped(line.strip(" ")) for line in text.split("\n") if line.strip(" ")
    )
    page = page_of(escaped(words), lines, escaped(words))
    assert (
        page.part("p1").words
        == page.one("h1").words
        == page.one("title").words
        == words
    )
    assert page.part("part").words == one_line(f"{words} End.")


@examples(100)
@given(text=blocks | any_text)
def test_accepted_text_without_emphasis_and_links_comes_out_word_for_word(
    page_of: Callable[..., Element], text: str
) -> None:
    text = re.sub(r"[*_\[\]()\\]", "", text).strip("\n")
    try:
        page = page_of(text=text)
    except ContentError:
        return
    assert page.part("statement").words == one_line(
        MARKER.sub("", text) + " Heading End."
    )


@examples(100)
@given(text=st.text(st.sampled_from("*_ab .(")))
@example(text="2*3**4*5")
@example(text=r"*a *****.*\*")
def test_accepted_emphasis_takes_nothing_away_but_its_marks(
    page_of: Callable[..., Element], text: str
) -> None:
    try:
        page = page_of(text=f"A {text} z")
    except ContentError:
        return
    assert one_line(re.sub("[*_]", "", page.part("p1").words)) == one_line(
        re.sub(r"[*_\\]", "", f"A {text} z")
    )


def test_emphasis_makes_a_page_to_four_levels(page_of: Callable[..., Element]) -> None:
    assert page_of(text="**a _a **a _a_** a_**").part("p1").words == "a a a a a"


@pytest.mark.parametrize("depth", [5, 100, 1000, 8000])
@pytest.mark.parametrize(
    ("opens", "closes"), [("**", "**"), ("_a ", " a_"), ("> ", "")]
)
def test_deeper_nesting_is_refused(
    page_of: Callable[..., Element], opens: str, closes: str, depth: int
) -> None:
    with pytest.raises(ContentError):
        page_of(text=f"{opens * depth}a{closes * depth}")


@pytest.mark.parametrize(
    ("place", "beginning"),
    [
        ("title", ""),
        ("text", ""),
        ("heading", ""),
        ("string", ""),
        ("address", "https://"),
        ("language", "en-"),
    ],
)
@examples(60)
@given(content=hostile)
def test_nothing_gets_in_that_is_not_allowed(
    page_of: Callable[..., Element],
    ordinary_page: Element,
    place: str,
    beginning: str,
    content: str,
) -> None:
    try:
        page = page_of(**{place: beginning + content})
    except ContentError:
        return
    check_that_nothing_got_in(page, ordinary_page)


@pytest.mark.parametrize("attack", REFUSED)
def test_an_attack_is_refused(page_of: Callable[..., Element], attack: str) -> None:
    with pytest.raises(ContentError):
        page_of(text=attack)


@pytest.mark.parametrize(("attack", "words"), SHOWN.items())
def test_an_attack_shows_as_text(
    page_of: Callable[..., Element], ordinary_page: Element, attack: str, words: str
) -> None:
    page = page_of(text=attack)
    check_that_nothing_got_in(page, ordinary_page)
    assert page.part("p1").words == words


@pytest.mark.parametrize("place", ["title", "heading"])
@every_attack
def test_an_attack_in_a_heading_is_text_or_refused(
    page_of: Callable[..., Element], ordinary_page: Element, place: str, attack: str
) -> None:
    if attack not in SHOWN_IN_HEADINGS:
        with pytest.raises(ContentError):
            page_of(**{place: attack})
        return
    page = page_of(**{place: attack})
    check_that_nothing_got_in(page, ordinary_page)
    heading = page.one("h1") if place == "title" else page.part("part").one("h2")
    assert heading.words == SHOWN_IN_HEADINGS[attack]


@every_attack
def test_an_escaped_attack_shows_as_text(
    page_of: Callable[..., Element], ordinary_page: Element, attack: str
) -> None:
    words = one_line(re.sub("[\0-\x1f\u2028\ufeff]", " ", attack))
    page = page_of(
        title=escaped(words), text=escaped(words), heading=escaped(words), string=words
    )
    check_that_nothing_got_in(page, ordinary_page)
    assert (
        page.part("p1").words
        == page.one("h1").words
        == page.one("title").words
        == words
    )
    assert page.part("part").words == f"{words} End."
    assert f"17:33 ({words}). The words are meant to be" in page.part("about").words
