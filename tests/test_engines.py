import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from browser import PLAIN_HOST, served
from engines import (
    Driven,
    Engine,
    chromium,
    firefox,
    pasted,
    said,
    select,
    until,
    webkit,
)
from playwright.sync_api import Browser
from served_page import Element, read_fragment

TARGET = "() => document.querySelector(':target')?.id"
TOP = "(selector) => document.querySelector(selector).getBoundingClientRect().top"
FOCUSED = "() => document.activeElement.ariaLabel || document.activeElement.textContent.trim()"


@pytest.fixture(scope="module")
def in_chromium(browser: Browser) -> Iterator[Engine]:
    with chromium(browser) as engine:
        yield engine


@pytest.fixture(scope="module")
def in_firefox() -> Iterator[Driven]:
    with firefox() as engine:
        yield engine


@pytest.fixture(scope="module")
def in_webkit() -> Iterator[Driven]:
    with webkit() as engine:
        yield engine


@pytest.fixture(params=["in_chromium", "in_firefox", "in_webkit"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return cast("Engine", request.getfixturevalue(request.param))


@pytest.mark.parametrize(
    ("fragment", "part"),
    [
        *(
            ("p3", "p3"),
            ("return-of-refugees", "return-of-refugees"),
            ("P3", "p3"),
            ("3", "p3"),
            ("p3).", "p3"),
        ),
        *(
            ("p3:%7E:text=Second", "p3"),
            ("p3%3A~%3Atext=Second", "p3"),
            ("p3:~:text=Second", "p3"),
        ),
    ],
)
def test_an_address_arrives_at_its_part_and_marks_it(
    engine: Engine, address: str, fragment: str, part: str
) -> None:
    engine.open(f"{address}#{fragment}")
    assert until(engine, TARGET) == part
    assert until(engine, "() => location.hash.split(':~:')[0]") == f"#{part}"
    assert 0 <= engine.run(TOP, f"#{part}") < 700
    assert (
        engine.run(
            "(id) => getComputedStyle(document.getElementById(id), '::after').display",
            part,
        )
        == "block"
    )
    assert not engine.run("() => document.querySelector('.notice')")


def test_a_marker_goes_to_its_part_and_copies_its_address(
    engine: Engine, address: str
) -> None:
    engine.open(address)
    engine.click('.marker[href="#p3"]')
    said(engine, "Link copied")
    assert until(engine, TARGET) == "p3"
    assert abs(engine.run(TOP, ".note") - engine.run(TOP, "#p3")) < 60
    assert pasted(engine) == f"{address}#p3"


@pytest.mark.parametrize(
    ("button", "answer", "copied"),
    [
        (
            "Copy quotation",
            "Quotation copied",
            "“Second, the parties” — Sergey Lavrov, 29 December 2018, para. 3, {}#p3",
        ),
        (
            "Copy link to these words",
            "Link copied",
            "{}#p3:~:text=Second%2C%20the%20parties",
        ),
    ],
)
@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_each_button_copies_by_mouse_and_by_keyboard(
    engine: Engine, address: str, by: str, button: str, answer: str, copied: str
) -> None:
    engine.open(address)
    select(engine, "#p3", "Second", "#p3", "parties")
    if by == "mouse":
        engine.click(".bar button" + ("" if "quotation" in button else ":last-child"))
    else:
        engine.press("Tab")
        if "link" in button:
            engine.press("Tab")
        assert engine.run(FOCUSED) == button
        engine.press("Enter")
    said(engine, answer)
    assert pasted(engine) == copied.format(address)


def test_tab_goes_on_from_a_click_in_the_text(engine: Engine, address: str) -> None:
    engine.open(address)
    engine.click("#p4")
    engine.press("Tab")
    assert engine.run(FOCUSED) in {"Paragraph 4", "Paragraph 5"}


def test_the_skip_link_leads_into_the_statement(engine: Engine, address: str) -> None:
    engine.open(address)
    engine.press("Tab")
    assert engine.run(FOCUSED) == "Skip to the statement"
    engine.press("Enter")
    until(engine, "() => location.hash === '#statement'")
    engine.press("Tab")
    assert engine.run(FOCUSED) == "Section The meeting"


def test_a_link_to_words_opens_on_them_and_not_on_words_alike(
    engine: Engine, write_statement: Callable[..., Path]
) -> None:
    filler = "These words stand here so that the page is long. " * 99
    with served(
        write_statement(
            f"# Title\n\nWe resume now.\n\n{filler.strip()}\n\nOur résumé now.\n"
        )
    ) as address:
        engine.open(address)
        select(engine, "#p3", "résumé", "#p3", "résumé")
        engine.click(".bar button:last-child")
        said(engine, "Link copied")
        assert pasted(engine) == f"{address}#p3:~:text=Our-,r%C3%A9sum%C3%A9,-now."
        engine.open(
            f"{address}#:~:text=Our-,r%C3%A9sum%C3%A9,-now."
        )  # the words alone lead there
        assert until(engine, "() => scrollY > 500")


@pytest.mark.parametrize(
    "engine", ["in_chromium", "in_firefox"], indirect=True
)  # WebKit resolves no such name
def test_what_cannot_be_copied_is_shown_whole_and_selected_and_escape_goes_back(
    engine: Engine, address: str
) -> None:
    plain = address.replace("127.0.0.1", PLAIN_HOST)
    engine.open(plain)
    engine.click('.marker[href="#p5"]')
    said(engine, "Not copied. Copy it by hand:")
    assert engine.run("() => document.activeElement.value") == f"{plain}#p5"
    assert engine.run(TOP, ".note") >= 0
    assert engine.run(
        "() => document.querySelector('.note').getBoundingClientRect().bottom <= innerHeight"
    )
    engine.press("Escape")
    assert engine.run(FOCUSED) == "Paragraph 5"
    select(engine, "#p5", "We", "#p5", "continue")
    engine.click(".bar button")
    said(engine, "Not copied. Copy it by hand:")
    time.sleep(
        0.4
    )  # Firefox keeps the words selected beside those to copy by hand, which stay all the same
    said(engine, "Not copied. Copy it by hand:")


# Words of which Firefox's Reader View thinks that what they name is not the article; yet authors choose them.
SUSPICIOUS = (
    "ad-break agegate author banner byline comment community contact cover-wrap dateline disqus extra footer gdpr"
    " header hidden hid legends masthead media menu meta outbrain pager pagination popup promo related remarks replies"
    " rss scroll shopping shoutbox sidebar skyscraper social sponsor supplemental tags widget"
)
READER = """(url) => new Promise((done, fail) => {
  const { ReaderMode } = ChromeUtils.importESModule("moz-src:///toolkit/components/reader/ReaderMode.sys.mjs");
  const request = new XMLHttpRequest();
  request.open("GET", url);
  request.responseType = "document";
  request.onload = () => ReaderMode._readerParse(request.responseXML).then(({ content }) => done(content), fail);
  request.send();
})"""


def reader_view(firefox: Driven, address: str) -> Element:
    """Return what Firefox's Reader View shows, but for the address "/", for which it is never offered."""
    firefox.send("Marionette:SetContext", {"value": "chrome"})
    content = firefox.run(READER, address)
    firefox.send("Marionette:SetContext", {"value": "content"})
    return read_fragment(content)


@pytest.mark.parametrize("repeated", [1, 20])
def test_reader_view_shows_the_statement_whole_whatever_ids_its_sections_have_and_nothing_else(
    in_firefox: Driven, write_statement: Callable[..., Path], repeated: int
) -> None:
    ids = [
        (level, id_ + ending)
        for id_ in SUSPICIOUS.split()
        for level, ending in (("##", ""), ("###", "-more"))
    ]
    sections = "".join(
        f"{level} About {id_} {{#{id_}}}\n\nWhat was said, on {id_}.\n\n"
        for level, id_ in ids
    )
    opening = "We met today, and we agreed. " * repeated
    with served(
        write_statement(f"# Title\n\n{opening.strip()}\n\n{sections}")
    ) as address:
        words = reader_view(in_firefox, address).words
    assert (
        words.split()
        == (
            opening
            + "".join(f"About {id_} What was said, on {id_}. " for _, id_ in ids)
        ).split()
    )
