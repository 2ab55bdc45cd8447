"""Gestures in three engines: Chromium, Firefox and WebKit."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from browser import PLAIN_HOST, serve_in_thread
from case_files import CASES, read_rows
from engines import (
    Driven,
    Engine,
    chromium,
    copy_by_hand,
    firefox,
    paste,
    select,
    wait_for_note,
    wait_until,
    webkit,
)
from playwright.sync_api import Browser
from served_page import Element, read_fragment

from app.reading.reader import read_statement

TARGET = "() => document.querySelector(':target')?.id"
TOP = "(selector) => document.querySelector(selector).getBoundingClientRect().top"
FOCUSED = """() => {
  const { ariaLabel, textContent } = document.activeElement;
  return ariaLabel || textContent.trim();
}"""
CONTENT_OF_3 = {'"3"', "attr(data-character)", "attr(data-number)"}  # in Firefox
SOURCE = "Sergey Lavrov, 29 December 2018"


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


# Arrival


@pytest.mark.parametrize(("fragment", "part"), read_rows("pasted_fragments.txt"))
def test_a_fragment_leads_to_its_part_also_as_people_paste_it(
    engine: Engine, site_address: str, fragment: str, part: str
) -> None:
    engine.open(f"{site_address}#{fragment}")
    assert wait_until(engine, TARGET) == part
    written = wait_until(engine, "() => location.hash.split(':~:')[0]")
    assert written == f"#{part}"
    assert 0 <= engine.run(TOP, f"#{part}") < 700
    bar = "(id) => getComputedStyle(window[id], '::after').display"
    assert engine.run(bar, part) == "block"
    assert not engine.run("() => document.querySelector('.notice')")


def test_the_skip_link_leads_into_the_statement(
    engine: Engine, site_address: str
) -> None:
    engine.open(site_address)
    engine.press("Tab")
    assert engine.run(FOCUSED) == "Skip to the statement"
    engine.press("Enter")
    wait_until(engine, "() => location.hash === '#statement'")
    engine.press("Tab")
    assert engine.run(FOCUSED) == "Section The meeting"


def test_tab_continues_from_a_click_in_the_text(
    engine: Engine, site_address: str
) -> None:
    engine.open(site_address)
    engine.click("#p4")
    engine.press("Tab")
    assert engine.run(FOCUSED) == "Paragraph 5"


# Copying


def test_a_marker_leads_to_its_part_and_copies_its_address(
    engine: Engine, site_address: str
) -> None:
    engine.open(site_address)
    engine.click('.marker[href="#p3"]')
    wait_for_note(engine, "Link copied")
    assert wait_until(engine, TARGET) == "p3"
    assert abs(engine.run(TOP, ".note") - engine.run(TOP, "#p3")) < 60
    assert paste(engine) == f"{site_address}#p3"


def test_enter_on_a_marker_copies_its_address_and_keeps_the_focus(
    engine: Engine, site_address: str
) -> None:
    engine.open(site_address)
    engine.run("() => document.querySelector('.marker[href=\"#p3\"]').focus()")
    engine.press("Enter")
    wait_for_note(engine, "Link copied")
    assert engine.run(FOCUSED) == "Paragraph 3"
    engine.press("Tab")
    assert (
        engine.run(FOCUSED)
        == "Section Political process and the Constitutional Committee"
    )


QUOTATION = f"“Second, the parties” — {SOURCE}, para. 3, {{}}#p3"
LINK_TO_WORDS = "{}#p3:~:text=Second%2C%20the%20parties"


@pytest.mark.parametrize(
    ("selector", "note", "copied"),
    [
        ("[data-copy=quotation]", "Quotation copied", QUOTATION),
        ("[data-copy=link]", "Link copied", LINK_TO_WORDS),
    ],
)
def test_a_click_on_a_button_copies(
    engine: Engine, site_address: str, selector: str, note: str, copied: str
) -> None:
    engine.open(site_address)
    select(engine, "#p3", "Second", "#p3", "parties")
    engine.click(f".bar {selector}")
    wait_for_note(engine, note)
    assert paste(engine) == copied.format(site_address)


@pytest.mark.parametrize(
    ("button", "tabs", "note", "copied"),
    [
        ("Copy quotation", 1, "Quotation copied", QUOTATION),
        ("Copy link to these words", 2, "Link copied", LINK_TO_WORDS),
    ],
)
def test_the_keyboard_reaches_the_buttons_and_copies(
    engine: Engine, site_address: str, button: str, tabs: int, note: str, copied: str
) -> None:
    engine.open(site_address)
    select(engine, "#p3", "Second", "#p3", "parties")
    for _ in range(tabs):
        engine.press("Tab")
    assert engine.run(FOCUSED) == button
    engine.press("Enter")
    wait_for_note(engine, note)
    assert paste(engine) == copied.format(site_address)


def test_a_link_to_words_opens_on_them_and_not_on_similar_words(
    engine: Engine, write_statement: Callable[..., Path]
) -> None:
    filler = "This sentence makes the page long enough to scroll. " * 99
    text = f"# Title\n\nWe resume now.\n\n{filler.strip()}\n\nOur résumé now.\n"
    directive = ":~:text=Our-,r%C3%A9sum%C3%A9,-now."
    with serve_in_thread(write_statement(text)) as site_address:
        engine.open(site_address)
        select(engine, "#p3", "résumé", "#p3", "résumé")
        engine.click("[data-copy=link]")
        wait_for_note(engine, "Link copied")
        assert paste(engine) == f"{site_address}#p3{directive}"
        engine.open(f"{site_address}#{directive}")  # without the paragraph's id
        assert wait_until(engine, "() => scrollY > 500")


def test_copying_by_hand_leaves_out_the_numbers_of_the_edition(
    engine: Engine, site_address: str
) -> None:
    engine.open(site_address)
    engine.run("() => getSelection().selectAllChildren(window.thanks)")
    copied = copy_by_hand(engine)
    start = "Thanks I would like to thank my colleague"
    assert " ".join(copied.split()).startswith(start)


@pytest.mark.parametrize(
    "engine", ["in_chromium", "in_firefox"], indirect=True
)  # WebKit does not resolve the name
def test_text_that_cannot_be_copied_is_shown_selected_and_escape_returns(
    engine: Engine, site_address: str
) -> None:
    insecure = site_address.replace("127.0.0.1", PLAIN_HOST)
    engine.open(insecure)
    engine.click('.marker[href="#p5"]')
    wait_for_note(engine, "Not copied. Copy it by hand:")
    assert engine.run("() => document.activeElement.value") == f"{insecure}#p5"
    assert engine.run(TOP, ".note") >= 0
    bottom = "() => document.querySelector('.note').getBoundingClientRect().bottom"
    assert engine.run(bottom) <= engine.run("() => innerHeight")
    engine.press("Escape")
    assert engine.run(FOCUSED) == "Paragraph 5"
    select(engine, "#p5", "We", "#p5", "continue")
    engine.click("[data-copy=quotation]")
    wait_for_note(engine, "Not copied. Copy it by hand:")
    time.sleep(0.4)  # Firefox keeps the words selected, too; the note must stay
    wait_for_note(engine, "Not copied. Copy it by hand:")


# Translation

# Replaces each text as the browser's translation does: in font elements.
TRANSLATE = """(selector) => {
  const part = document.querySelector(selector);
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (text.parentElement.closest("script") || !text.data.trim()) continue;
    const inner = document.createElement("font");
    const outer = document.createElement("font");
    outer.append(inner);
    text.replaceWith(outer);
    inner.textContent = text.data.replace("the parties", "die Parteien");
  }
}"""


def translate(engine: Engine) -> None:
    """Translate the page, and the buttons when they appear."""
    engine.run(TRANSLATE, "body")
    select(engine, "#p3", "Second", "#p3", "Parteien")
    engine.run(TRANSLATE, ".bar")


def test_a_quotation_from_a_translated_page_is_called_a_machine_translation(
    engine: Engine, site_address: str
) -> None:
    engine.open(site_address)
    translate(engine)
    engine.click("[data-copy=quotation] font font")
    wait_for_note(engine, "Quotation copied")
    quotation = f"“Second, die Parteien” — {SOURCE}, para. 3, machine translation,"
    assert paste(engine) == f"{quotation} {site_address}#p3"


def test_a_link_to_translated_words_leads_to_their_paragraph(
    engine: Engine, site_address: str
) -> None:
    engine.open(site_address)
    translate(engine)
    engine.click("[data-copy=link] font font")
    wait_for_note(engine, "Link to paragraph 3 copied")
    assert paste(engine) == f"{site_address}#p3"


def test_the_numbers_of_a_translated_page_are_still_there(
    engine: Engine, site_address: str
) -> None:
    engine.open(site_address)
    engine.run(TRANSLATE, "body")
    number = """() => {
      const marker = document.querySelector('.marker[href="#p3"]');
      return getComputedStyle(marker, "::before").content;
    }"""
    assert engine.run(number) in CONTENT_OF_3
    engine.click('.marker[href="#p3"]')
    wait_for_note(engine, "Link copied")
    assert paste(engine) == f"{site_address}#p3"


def test_a_translated_message_about_a_fragment_names_the_next_one(
    engine: Engine, site_address: str
) -> None:
    engine.open(f"{site_address}#nowhere")
    message = "() => document.querySelector('.notice')?.textContent"
    wait_until(engine, message)
    engine.run(TRANSLATE, "body")
    engine.run("() => { location.hash = 'p99'; }")
    wait_until(engine, "() => document.querySelector('.notice a').hash === '#p6'")
    text = "This page has no part named “p99”. The nearest is #p6."
    assert engine.run(message) == text


# Paper

# Makes the rules for paper apply to the screen, and those for the screen to nothing.
SHOW_AS_PRINTED = """() => {
  for (const rule of document.styleSheets[0].cssRules) {
    if (!rule.media) continue;
    const media = rule.media.mediaText;
    if (media.startsWith("screen")) rule.media.mediaText = "not all";
    if (media === "print") rule.media.mediaText = "screen";
  }
}"""

PRINTED = """(id) => {
  const part = document.getElementById(id);
  const { backgroundColor, boxShadow, outlineStyle } = getComputedStyle(part);
  const after = getComputedStyle(part, "::after");
  const columns = getComputedStyle(document.querySelector(".columns"));
  return [backgroundColor, boxShadow, outlineStyle, after.borderLeftWidth,
    after.fontWeight, columns.display].join();
}"""


def test_a_linked_paragraph_is_printed_like_the_others(
    engine: Engine, site_address: str
) -> None:
    engine.open(f"{site_address}#p2")
    assert wait_until(engine, TARGET) == "p2"
    engine.run(SHOW_AS_PRINTED)
    assert engine.run(PRINTED, "p2") == engine.run(PRINTED, "p3")
    assert engine.run(PRINTED, "p2").endswith("block")
    number = "() => getComputedStyle(window.p3, '::after').content"
    assert engine.run(number) in CONTENT_OF_3


def test_a_label_is_printed_in_the_padding_of_its_paragraph(engine: Engine) -> None:
    """Firefox and WebKit may end a sheet after any other label."""
    label = """() => {
      const { position, top, height } = getComputedStyle(window.p9, "::before");
      const { paddingTop } = getComputedStyle(window.p9);
      return [position, top, parseFloat(height) <= parseFloat(paddingTop)].join();
    }"""
    with serve_in_thread(CASES / "pages" / "life.md") as site_address:
        engine.open(site_address)
        engine.run(SHOW_AS_PRINTED)
        assert engine.run(label) == "absolute,0px,true"


def test_a_heading_is_printed_only_with_room_for_its_text(
    engine: Engine, site_address: str
) -> None:
    """WebKit knows break-inside, but not break-after."""
    heading = """() => {
      const style = getComputedStyle(document.querySelector("section h2"));
      return [style.breakInside, style.paddingBottom, style.marginBottom];
    }"""
    engine.open(site_address)
    engine.run(SHOW_AS_PRINTED)
    assert engine.run(heading) == ["avoid", "70px", "-70px"]


# Reader View

# Firefox's Reader View drops elements that have these words in their ids.
SUSPICIOUS_IDS = (
    "ad-break agegate author banner byline comment community contact cover-wrap"
    " dateline disqus extra footer gdpr header hidden hid legends masthead media"
    " menu meta outbrain pager pagination popup promo related remarks replies rss"
    " scroll shopping shoutbox sidebar skyscraper social sponsor supplemental tags"
    " widget"
)
READER = """(url) => new Promise((resolve, reject) => {
  const path = "moz-src:///toolkit/components/reader/ReaderMode.sys.mjs";
  const { ReaderMode } = ChromeUtils.importESModule(path);
  const request = new XMLHttpRequest();
  request.open("GET", url);
  request.responseType = "document";
  request.onload = () => {
    const parsed = ReaderMode._readerParse(request.responseXML);
    parsed.then(({ content }) => resolve(content), reject);
  };
  request.send();
})"""


def reader_view(firefox: Driven, site_address: str) -> Element:
    """Return the content of Reader View, which Firefox never offers for "/"."""
    firefox.send("Marionette:SetContext", {"value": "chrome"})
    content = firefox.run(READER, site_address)
    firefox.send("Marionette:SetContext", {"value": "content"})
    return read_fragment(content)


@pytest.mark.parametrize("sentences", [1, 20])
def test_reader_view_shows_the_whole_statement_and_nothing_else(
    in_firefox: Driven, write_statement: Callable[..., Path], sentences: int
) -> None:
    opening = "We met today, and we agreed. " * sentences
    text = f"# Title\n\n{opening.strip()}\n\n"
    expected = opening
    for id_ in SUSPICIOUS_IDS.split():
        text += f"## About {id_} {{#{id_}}}\n\nThe text on {id_}.\n\n"
        text += f"### More {id_} {{#{id_}-more}}\n\nMore text on {id_}.\n\n"
        expected += f"About {id_} The text on {id_}. More {id_} More text on {id_}. "
    with serve_in_thread(write_statement(text)) as site_address:
        words = reader_view(in_firefox, site_address).words
    assert words.split() == expected.split()


@pytest.mark.parametrize("name", ["short_turns", "long_names"])
def test_reader_view_shows_every_turn_and_heading(
    in_firefox: Driven, name: str
) -> None:
    path = CASES / "pages" / f"{name}.md"
    with serve_in_thread(path) as site_address:
        words = reader_view(in_firefox, site_address).words
    statement = read_statement(path)
    for section in statement.sections:
        assert section.heading in words
    for paragraph in statement.paragraphs:
        assert " ".join(paragraph.text.split()) in words
