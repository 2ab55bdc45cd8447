"""A hostile value is rejected, or it stays text in its place."""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from editable_site import INNOCENT, EditableSite
from hostile import (
    as_shown,
    assert_only_blocks,
    assert_only_text,
    attacks,
    escaped,
    run_examples,
    shape,
)
from hypothesis import example, given
from hypothesis import strategies as st
from pybtex.database import parse_string
from served_page import Element, read_page

from app.errors import ContentError
from app.site.citation import FORMATS

GOLDEN = Path(__file__).parent / "golden"

FILE_NAME_RE = re.compile(r'attachment; filename="[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+"')


@pytest.fixture(scope="module")
def ordinary_page(site: EditableSite) -> Element:
    return site.page()


@pytest.fixture(scope="module")
def text_elements() -> set[tuple[str, ...]]:
    """Return the tags with their attributes that the golden pages have in the text."""
    found: set[tuple[str, ...]] = set()
    for page in GOLDEN.glob("*/index.html"):
        statement = read_page(page.read_bytes().decode()).part("statement")
        found.update(shape(statement.all))
    return found


# Published attacks


@pytest.mark.parametrize("attack", attacks())
def test_a_published_attack_is_rejected_or_stays_text(
    site: EditableSite,
    ordinary_page: Element,
    text_elements: set[tuple[str, ...]],
    attack: str,
) -> None:
    for part in ("text", "title", "heading"):
        try:
            page = site.page(**{part: attack})
        except ContentError:
            continue
        if part == "text":
            assert_only_blocks(page, ordinary_page, text_elements)
        else:
            assert_only_text(page, ordinary_page)


@pytest.mark.parametrize("attack", attacks())
def test_a_published_attack_with_escapes_is_shown_as_it_is(
    site: EditableSite, ordinary_page: Element, attack: str
) -> None:
    words = as_shown(re.sub("[\0-\x1f\u2028\ufeff]", " ", attack))
    page = site.page(
        title=escaped(words), text=escaped(words), heading=escaped(words), value=words
    )
    assert page.part("p2").words == words
    assert page.one("h1").words == words
    assert page.one("title").words == words
    assert page.part("part").words == f"{words} End."
    assert words in page.part("about").words


@pytest.mark.parametrize("attack", attacks())
def test_a_published_attack_is_not_a_language_tag(
    site: EditableSite, attack: str
) -> None:
    with pytest.raises(ContentError):
        site.write(language=f"en{attack}")


# Random texts


# Most texts hold no control characters, for which a text is rejected as a whole.
# Quotation marks are left out because they change the page's attributes.
any_text = st.text(
    st.characters(
        exclude_categories=["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"],
        exclude_characters="“”„",
    ),
    max_size=3,
)

BLOCKS = ["# ", "## ", "> ", "- ", "  - ", "1. ", "---", "+++", "\n", "\n\n", " "]
INVISIBLE = ["\0", "\ufeff", "\u2028", "\u202e"]
ADDRESS = ["/", "?", "#", "&", "'", ":", "=", "(", ")", "[", "]", "*", ";", "%22"]
ADDRESS += ["javascript:", "@", "é", '"', "<", "\\", "|"]


def pieces_of_attacks() -> list[str]:
    """Return the words and the signs of which the published attacks consist."""
    pieces: set[str] = set()
    for attack in attacks():
        pieces.update(re.findall(r"\w+|[^\w\s]+", attack))
    return sorted(pieces)


MARKUP = pieces_of_attacks()


def mixture(pieces: list[str]) -> st.SearchStrategy[str]:
    """Return texts that are mixed from the pieces and from random characters."""
    piece = st.sampled_from(pieces) | any_text
    return st.lists(piece, min_size=1, max_size=12).map("".join)


class Accepted:
    """Counts the examples of a property that the reader accepted."""

    def __init__(self) -> None:
        self.results: list[bool] = []

    def page(self, site: EditableSite, **parts: str) -> Element | None:
        """Return the page of a statement, or None if it is rejected."""
        try:
            page = site.page(**parts)
        except ContentError:
            self.results.append(False)
            return None
        self.results.append(True)
        return page

    def assert_share(self, share: float) -> None:
        """Assert that at least this share of the examples was accepted."""
        assert sum(self.results) >= share * len(self.results)


def test_hostile_text_brings_no_element_that_texts_do_not_have(
    site: EditableSite, ordinary_page: Element, text_elements: set[tuple[str, ...]]
) -> None:
    accepted = Accepted()

    @run_examples(40)
    @given(mixture(MARKUP + BLOCKS + INVISIBLE))
    def attack(text: str) -> None:
        page = accepted.page(site, text=text)
        if page:
            assert_only_blocks(page, ordinary_page, text_elements)

    attack()
    accepted.assert_share(0.3)


@pytest.mark.parametrize("part", ["title", "heading"])
def test_hostile_text_in_a_heading_stays_text(
    site: EditableSite, ordinary_page: Element, part: str
) -> None:
    accepted = Accepted()

    @run_examples(40)
    @given(mixture(MARKUP))
    def attack(text: str) -> None:
        page = accepted.page(site, **{part: text})
        if page:
            assert_only_text(page, ordinary_page)

    attack()
    accepted.assert_share(0.3)


def test_a_hostile_value_stays_in_its_key(
    site: EditableSite, ordinary_page: Element
) -> None:
    site.write()
    ordinary_data = site.get("/statement.json").text
    ordinary_citations = structure_of_citations(site)
    accepted = Accepted()

    @run_examples(40)
    @given(mixture([*MARKUP, *INVISIBLE, " "]))
    def attack(text: str) -> None:
        value = f"{INNOCENT}{text}"
        page = accepted.page(site, value=value)
        if page is None:
            return
        assert_only_text(page, ordinary_page)
        inside_quotes = json.dumps(value)[1:-1]
        expected = json.loads(ordinary_data.replace(INNOCENT, inside_quotes))
        assert site.get("/statement.json").json == expected
        assert structure_of_citations(site) == ordinary_citations
        for name in FORMATS:
            headers = site.get(f"/{name}").headers
            assert FILE_NAME_RE.fullmatch(headers["Content-Disposition"])

    attack()
    accepted.assert_share(0.5)


def structure_of_citations(site: EditableSite) -> dict[str, Any]:
    """Return for each format the part of the citation that no value may change."""
    found = {}
    for name in FORMATS:
        assert name in STRUCTURES, f"add a function for {name} to STRUCTURES"
        found[name] = STRUCTURES[name](site.get(f"/{name}").text)
    return found


def csl_types(csl: str) -> Any:
    """Return a CSL-JSON file with the type of each text instead of the text."""
    return types_of(json.loads(csl))


def types_of(value: Any) -> Any:
    """Return JSON data with the type of each text instead of the text."""
    if isinstance(value, dict):
        return {key: types_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [types_of(item) for item in value]
    return type(value)


def ris_tags(ris: str) -> list[str]:
    """Return the tag of each line of a RIS file."""
    return [line[:6] for line in ris.split("\r\n")]


def bib_fields(bib: str) -> list[str]:
    """Return the names of the fields of the only entry, as pybtex reads it."""
    (entry,) = parse_string(bib, "bibtex").entries.values()
    return [*entry.fields, *entry.persons]


STRUCTURES: dict[str, Callable[[str], Any]] = {
    "statement.bib": bib_fields,
    "statement.ris": ris_tags,
    "statement.csl.json": csl_types,
}


def test_a_hostile_address_stays_in_its_key(
    site: EditableSite, ordinary_page: Element
) -> None:
    accepted = Accepted()

    @run_examples(40)
    @given(st.lists(st.sampled_from(ADDRESS), max_size=4).map("".join))
    def attack(text: str) -> None:
        page = accepted.page(site, address=f"https://example.org/{text}")
        if page:
            assert_only_text(page, ordinary_page)

    attack()
    accepted.assert_share(0.3)


def test_a_hostile_voice_stays_in_its_key(site: EditableSite) -> None:
    accepted = Accepted()
    ordinary_page = site.page(**with_voice("Voice"))

    @run_examples(40)
    @given(mixture(MARKUP))
    def attack(text: str) -> None:
        page = accepted.page(site, **with_voice(f"Voice{text}"))
        if page:
            assert_only_text(page, ordinary_page)

    attack()
    accepted.assert_share(0.3)


def with_voice(voice: str) -> dict[str, str]:
    """Return a front matter with this voice, and a text in which it speaks."""
    value = json.dumps(voice, ensure_ascii=False)
    front_matter = f"""\
published = 2018-12-29
speaker = {{ family = "Sample", voice = {value} }}
publisher = "Ministry"
language = "en"
voices = [{value}]"""
    text = f"{escaped(voice)}: We agree.\n\nWe met again."
    return {"front_matter": front_matter, "text": text}


def is_visible(text: str) -> bool:
    """Return whether the text has a letter, a digit, a punctuation mark or a symbol."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


# Without characters that are rejected.
visible_text = st.text(
    st.characters(
        exclude_categories=["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"],
        include_characters="\n",
        exclude_characters="\u034f\u115f\u1160\u2800\u3164\ufe0e\ufe0f\uffa0\ufffd",
    )
).filter(is_visible)


@run_examples(40)
@given(visible_text)
@example("1990. It was\n- a <b> & *c* _d_ `e` [f](g) {#h} &amp; ![i] \\")
def test_escaped_text_is_shown_word_for_word(site: EditableSite, text: str) -> None:
    words = as_shown(text)
    title = words.strip()
    lines = [escaped(line.strip(" ")) for line in text.split("\n") if line.strip(" ")]
    page = site.page(
        title=escaped(title), text="\\\n".join(lines), heading=escaped(title)
    )
    assert page.part("p2").words == words
    assert page.one("h1").words == title
    assert page.one("title").words == title
    assert page.part("part").words == as_shown(f"{title} End.")
