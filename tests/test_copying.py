"""Copying from the page, in Chromium."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser import (
    CLIPBOARD,
    SELECT,
    OpenPage,
    box,
    clipboard,
    copy_before,
    select,
    serve_in_thread,
    violations_in_both_schemes,
    wait_for_clipboard,
)
from case_files import CASES, read_rows
from playwright.sync_api import Browser, Locator, Page, Route, expect
from served_page import read_fragment

FRONT_MATTER = """\
published = 2024-05-02
speaker = { given = "Ada", family = "Sample" }
publisher = "Y"
language = "en"
"""
SOURCE = "Ada Sample, 2 May 2024"
MARKER = '.marker[href="#p3"]'

Serve = Callable[[Path], str]
ShowText = Callable[..., str]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(permissions=CLIPBOARD) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def small_page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 375, "height": 200}) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """Return a function that serves a statement once and returns its address."""
    addresses: dict[Path, str] = {}
    with ExitStack() as servers:

        def serve(path: Path) -> str:
            if path not in addresses:
                addresses[path] = servers.enter_context(serve_in_thread(path))
            return addresses[path]

        yield serve


@pytest.fixture
def show_text(
    page: Page, serve: Serve, write_statement: Callable[..., Path]
) -> ShowText:
    """Return a function that opens the page of a text and returns its address."""

    def show_text(text: str, language: str = "en") -> str:
        front_matter = FRONT_MATTER.replace('"en"', f'"{language}"')
        address = serve(write_statement(f"# Title\n\n{text}\n", front_matter))
        page.goto(address)
        return address

    return show_text


def open_case(page: Page, serve: Serve, name: str) -> str:
    """Open a statement of tests/cases/copying/ and return its address."""
    address = serve(CASES / "copying" / f"{name}.md")
    if page.url != address:
        page.goto(address)
    return address


IS_SHOWN = """(selector) => {
  const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
  return top < innerHeight && bottom > 0;
}"""


def toolbar(page: Page) -> Locator:
    return page.get_by_role("group", name="Selected words")


def select_words(page: Page, selection: str) -> None:
    """Select "p1: first words … p2: last words", or "p1: the same words"."""
    start, _, end = selection.partition(" … ")
    start_part, _, first_words = start.partition(": ")
    end_part, _, last_words = (end or start).partition(": ")
    select(page, f"#{start_part}", first_words, f"#{end_part}", last_words)


def select_part(page: Page, id_: str) -> None:
    page.evaluate("(id) => getSelection().selectAllChildren(window[id])", id_)


def press_button(page: Page, button: str, note: str) -> str:
    """Press a button next to the selection, wait for the note, return the text."""
    toolbar(page).get_by_role("button", name=button).click()
    page.get_by_role("status").filter(has_text=note).wait_for()
    return clipboard(page)


def copy_quotation(page: Page) -> str:
    return press_button(page, "Copy quotation", "Quotation copied")


def copy_link_to_words(page: Page) -> str:
    return press_button(page, "Copy link to these words", "Link copied")


def copy_link(page: Page) -> str:
    page.locator(MARKER).click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    return clipboard(page)


# Quotations and links


@pytest.mark.parametrize(
    ("name", "selection", "quotation"), read_rows("quotations.txt")
)
def test_a_quotation_has_its_words_its_source_and_its_place(
    page: Page, serve: Serve, name: str, selection: str, quotation: str
) -> None:
    quotation = quotation.replace("\\n", "\n")
    address = open_case(page, serve, name)
    select_words(page, selection)
    assert copy_quotation(page) == quotation.replace("#", f"{address}#")


@pytest.mark.parametrize(
    ("name", "selection", "fragment"), read_rows("links_to_words.txt")
)
def test_a_link_to_words_leads_to_these_words_alone(
    small_page: Page,
    page: Page,
    serve: Serve,
    name: str,
    selection: str,
    fragment: str,
) -> None:
    address = open_case(page, serve, name)
    select_words(page, selection)
    assert copy_link_to_words(page) == address + fragment
    anchor, _, directive = fragment.partition(":~:")
    small_page.goto("about:blank")
    small_page.goto(f"{address}#:~:{directive}")  # without the paragraph's id
    small_page.wait_for_function(IS_SHOWN, arg=anchor)


# Browsers find these alike: accents, spaces, apostrophes, dashes, ligatures and kana.
@pytest.mark.parametrize(
    ("first", "third"),
    [
        ("Aid of 10 000 euro.", "Aid of 10\u00a0000 euro."),
        ("In Lodz it’s so – fine.", "In Łódź it's so - ﬁne."),
        ("Die Strasse.", "Die Stra\u00adße."),
        ("Aid for all\\\nof us.", "Aid for all of us."),
        ("ファイル。", "ふぁいる。"),
    ],
)
def test_a_link_to_ambiguous_words_leads_to_their_paragraph(
    page: Page, show_text: ShowText, first: str, third: str
) -> None:
    address = show_text(f"{first}\n\nFiller.\n\n{third}")
    select_words(page, f"p3: {third}")
    button, note = "Copy link to these words", "Link to paragraph 3 copied"
    assert press_button(page, button, note) == f"{address}#p3"


LONG_WORDS = (
    "Extraordinary intergovernmental counterterrorism responsibilities,"
    " notwithstanding representation, cooperate."
)
TWELVE_WORDS = (
    "Extraordinary intergovernmental counterterrorism responsibilities,"
    " notwithstanding representation, cooperate with neighbouring countries and"
    " peoples."
)
CHINESE = (
    "我们一贯主张通过对话和谈判解决争端，反对使用武力。各方应当保持克制，"
    "避免局势进一步升级。联合国安理会第二二五四号决议必须得到全面执行，"
    "难民应当能够安全地返回家园。国际社会应当提供帮助，尊重叙利亚的主权和领土完整，"
    "共同维护地区的和平与稳定。"
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        (LONG_WORDS, [LONG_WORDS]),
        (
            TWELVE_WORDS,
            [
                "Extraordinary intergovernmental counterterrorism responsibilities,"
                " notwithstanding",
                "with neighbouring countries and peoples.",
            ],
        ),
        (CHINESE, ["我们一贯主张通过对话", "地区的和平与稳定。"]),
        ("For Samplia:\\\nA. Sample", ["For Samplia:", "A. Sample"]),
    ],
)
def test_a_link_to_a_long_text_has_its_first_and_last_words_if_they_do_not_overlap(
    page: Page, show_text: ShowText, text: str, terms: list[str]
) -> None:
    show_text(text)
    select_part(page, "p1")
    _, _, directive = copy_link_to_words(page).partition(":~:text=")
    assert [unquote(term) for term in directive.split(",")] == terms


GERMAN = "Er sagte: „Wir wollen Frieden.“ Dann ging er."
ARABIC = "قال الوزير: «نريد السلام» في Geneva عام 2020، ثم غادر."


@pytest.mark.parametrize(
    ("language", "text", "direction"),
    [
        ("de", GERMAN, None),
        ("ar", ARABIC, "rtl"),
        ("en", ARABIC, "rtl"),
        ("ar", "We met.", "ltr"),
        ("en", "A line,\\\nits end & more.", None),
    ],
)
def test_a_quotation_is_copied_as_html_with_its_language_and_direction(
    page: Page, show_text: ShowText, language: str, text: str, direction: str | None
) -> None:
    address = show_text(text, language)
    select_part(page, "p1")
    quotation = f"“{text}”".replace("\\", "")
    source = f"— {SOURCE}, para. 1, {address}#p1"
    assert copy_quotation(page) == f"{quotation} {source}"
    html = read_fragment(clipboard(page, "text/html"))
    quote = html.one("blockquote")
    assert quote.attributes["lang"] == language
    assert quote.attributes.get("dir") == direction
    assert quote.attributes["cite"] == f"{address}#p1"
    assert quote.words == quotation.replace("\n", " ")
    assert html.one("a").attributes == {"href": f"{address}#p1"}
    assert html.words == f"{quotation} {source}".replace("\n", " ")


def test_a_quotation_of_two_paragraphs_has_the_direction_of_the_first(
    page: Page, show_text: ShowText
) -> None:
    show_text(f"We met.\n\n{ARABIC}")
    select_words(page, "p1: We met. … p2: ثم غادر.")
    copy_quotation(page)
    quote = read_fragment(clipboard(page, "text/html")).one("blockquote")
    assert "dir" not in quote.attributes


def test_a_selection_in_a_heading_offers_nothing(page: Page, serve: Serve) -> None:
    open_case(page, serve, "marks")
    page.evaluate(SELECT, ["#quotes h2", "Quo", "#quotes h2", "Quo"])
    page.wait_for_timeout(600)
    assert not toolbar(page).is_visible()


def test_the_buttons_disappear_when_the_selection_is_cleared(
    page: Page, serve: Serve
) -> None:
    open_case(page, serve, "marks")
    select_words(page, "p1: is clear")
    page.evaluate("getSelection().removeAllRanges()")
    expect(toolbar(page)).to_have_count(0)


def test_a_withdrawn_sentence_can_be_selected(
    open_page: OpenPage, write_statement: Callable[..., Path]
) -> None:
    correction = (
        'corrections = [{ paragraph = "p2", date = 2024-05-03,'
        ' withdrawn = true, by = "publisher" }]\n'
    )
    text = "# Title\n\nOne.\n\n{#p2}\n\nThree.\n"
    with serve_in_thread(write_statement(text, FRONT_MATTER + correction)) as address:
        page = open_page(address=address, java_script_enabled=False)
        page.locator("#p2").click(click_count=3)
        selected = page.evaluate("getSelection().toString().trim()")
    assert selected == "This paragraph was withdrawn by its publisher, 3 May 2024."


# Links to parts


def test_a_marker_copies_the_configured_address(page: Page) -> None:
    with serve_in_thread(site_url="https://example.org/syria") as address:
        page.goto(address)
        assert copy_link(page) == "https://example.org/syria/#p3"


def test_an_item_s_marker_copies_its_address(page: Page, serve: Serve) -> None:
    address = open_case(page, serve, "items")
    page.locator("#p1-2").hover()
    page.get_by_role("link", name="Item 2 of paragraph 1", exact=True).click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    assert clipboard(page) == f"{address}#p1-2"


@pytest.mark.parametrize("modifier", ["ControlOrMeta", "Shift"])
def test_a_modified_click_on_a_marker_opens_the_link_elsewhere(
    open_page: OpenPage, modifier: str
) -> None:
    page = open_page()
    address = page.url
    copy_before(page)
    with page.context.expect_page() as opened:
        page.locator(MARKER).click(modifiers=[modifier])  # type: ignore[list-item]
    opened.value.close()
    page.bring_to_front()
    assert clipboard(page) == "before"
    assert page.url == address


def test_a_marker_leads_to_its_part_a_second_time(open_page: OpenPage) -> None:
    page = open_page(width=900)
    copy_link(page)
    page.evaluate("scrollBy(0, -200)")
    copy_link(page)
    assert box(page, "#p3")["top"] < 100


def test_without_script_a_marker_is_a_link_and_there_are_no_controls(
    open_page: OpenPage,
) -> None:
    page = open_page(java_script_enabled=False)
    assert page.locator("button, output, textarea, [role=group]").count() == 0
    assert not page.get_by_text("Select words").is_visible()
    page.locator(MARKER).click()
    page.wait_for_url("**#p3")


def test_the_citation_names_the_address_in_the_browser(open_page: OpenPage) -> None:
    page = open_page()
    citation = page.locator(".citation").inner_text()
    assert citation.endswith(f"Read at {page.url}.")


def test_with_script_the_hint_mentions_selected_words(open_page: OpenPage) -> None:
    assert open_page().get_by_text("Select words").is_visible()


# The note


def test_the_note_takes_no_click_and_disappears(open_page: OpenPage) -> None:
    page = open_page(width=900)
    copy_link(page)
    note = box(page, "output")
    page.mouse.dblclick(note["left"] + 20, note["top"] + 15)
    assert "Link" not in page.evaluate("getSelection().toString()")
    copy_link(page)
    expect(page.get_by_role("status")).to_have_text("", timeout=30_000)


@pytest.fixture
def refused(open_page: OpenPage) -> Page:
    """Return a page that may not copy, with "Second, the parties" selected."""

    def refuse(route: Route) -> None:
        response = route.fetch()
        headers = {**response.headers, "permissions-policy": "clipboard-write=()"}
        route.fulfill(response=response, headers=headers)

    page = open_page()
    page.route("**", refuse)
    page.reload()
    select(page, "#p3", "Second", "#p3", "parties")
    return page


def test_a_refused_copy_shows_the_text_selected_and_escape_restores_the_selection(
    refused: Page,
) -> None:
    toolbar(refused).get_by_role("button", name="Copy quotation").click()
    status = refused.get_by_role("status")
    status.filter(has_text="Not copied. Copy it by hand:").wait_for()
    shown = status.get_by_role("textbox").input_value()
    assert refused.evaluate("getSelection().toString()") == shown
    refused.keyboard.press("Escape")
    assert status.inner_text() == ""
    assert refused.evaluate("getSelection().toString()") == "Second, the parties"


def test_a_click_elsewhere_closes_the_text_to_copy_by_hand(refused: Page) -> None:
    refused.locator(MARKER).click()
    textbox = refused.get_by_role("textbox")
    textbox.click()
    assert textbox.is_visible()
    refused.locator("#p5").click()
    assert textbox.count() == 0


def test_axe_finds_nothing_with_the_buttons_and_with_the_text_to_copy_by_hand(
    refused: Page,
) -> None:
    assert violations_in_both_schemes(refused) == []
    toolbar(refused).get_by_role("button", name="Copy quotation").click()
    refused.get_by_role("textbox").wait_for()
    assert violations_in_both_schemes(refused) == []


# The keyboard


@pytest.mark.parametrize(
    ("keys", "focused"),
    [
        (["Tab", "Escape", "Tab"], "#political-process"),
        (["Tab", "Tab", "Tab"], "#political-process"),
    ],
)
def test_tab_goes_from_the_selected_words_through_the_buttons(
    open_page: OpenPage, keys: list[str], focused: str
) -> None:
    page = open_page()
    select(page, "#p3", "Second", "#p3", "measures")
    for key in keys:
        page.keyboard.press(key)
    assert page.locator(":focus").get_attribute("href") == focused
    assert toolbar(page).count() == 0


def test_tab_from_a_focused_link_does_not_go_to_the_buttons(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.locator("nav a").first.focus()
    select(page, "#p3", "Second", "#p3", "measures")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#coordination"
    assert toolbar(page).count() == 1


def test_shift_tab_goes_back_from_the_selected_words(open_page: OpenPage) -> None:
    page = open_page()
    select(page, "#p3", "Second", "#p3", "measures")
    page.keyboard.press("Shift+Tab")
    assert page.locator("button:focus").count() == 0


# Places


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    if one["right"] <= other["left"] or other["right"] <= one["left"]:
        return False
    return one["top"] < other["bottom"] and other["top"] < one["bottom"]


WORDS = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().toJSON();
}"""


@pytest.mark.parametrize("width", [375, 1280])
def test_the_note_covers_neither_the_linked_words_nor_their_heading(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width)
    copy_link(page)
    note = box(page, "output")
    assert not overlap(note, box(page, "#p3"))
    heading = page.locator("#return-of-refugees h2").evaluate(WORDS)
    assert not overlap(note, heading)
    assert 0 <= note["top"] < note["bottom"] <= 700
    assert note["right"] <= width


def test_the_note_in_the_margin_is_next_to_the_marker(open_page: OpenPage) -> None:
    page = open_page()
    copy_link(page)
    distance = box(page, "output")["top"] - box(page, MARKER)["top"]
    assert abs(distance) < 5


SELECTED = "getSelection().getRangeAt(0).getBoundingClientRect().toJSON()"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("words", [("Third", "platform"), ("Geneva", "opposition.")])
def test_the_buttons_are_next_to_the_words_and_in_the_margin_if_it_is_wide(
    open_page: OpenPage, width: int, words: tuple[str, str]
) -> None:
    page = open_page("#p4", width=width)
    select(page, "#p4", words[0], "#p4", words[1])
    bar = box(page, ".bar")
    selected = page.evaluate(SELECTED)
    assert not overlap(bar, selected)
    assert 0 <= bar["left"] < bar["right"] <= width
    is_above = -30 < selected["top"] - bar["bottom"] < 30
    is_below = -100 < bar["top"] - selected["bottom"] < 30
    assert is_above or is_below
    is_in_margin = bar["left"] > box(page, "#statement")["right"]
    assert is_in_margin == (width == 1280)


# Returns, for each marker below the buttons, whether a click there reaches a button.
COVERED_MARKERS = """() => {
  const bar = document.querySelector(".bar");
  const { left, right, top, bottom } = bar.getBoundingClientRect();
  const results = [];
  for (const marker of document.querySelectorAll(".marker")) {
    const rect = marker.getBoundingClientRect();
    const x = rect.left + rect.width / 2;
    const y = rect.top + rect.height / 2;
    const isCovered = left < x && x < right && top < y && y < bottom;
    if (isCovered) results.push(bar.contains(document.elementFromPoint(x, y)));
  }
  return results;
}"""


def test_the_buttons_are_above_the_markers(
    open_page: OpenPage, write_statement: Callable[..., Path]
) -> None:
    page = open_page(width=320)
    paragraphs = ["# Title"] + ["We met."] * 6
    with serve_in_thread(write_statement("\n\n".join(paragraphs))) as address:
        page.goto(address)
        select(page, "#p1", "We met.", "#p1", "We met.")
        covered = page.evaluate(COVERED_MARKERS)
    assert covered
    assert all(covered)


def test_the_note_takes_the_place_of_the_buttons(open_page: OpenPage) -> None:
    page = open_page("#p4")
    select(page, "#p4", "Geneva", "#p4", "opposition.")
    bar = box(page, ".bar")
    copy_quotation(page)
    assert box(page, "output")["top"] == pytest.approx(bar["top"], abs=1)
    select(page, "#p4", "Third", "#p4", "platform")
    assert page.get_by_role("status").inner_text() == ""


def test_the_buttons_stay_in_the_window_if_everything_is_selected(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.keyboard.press("ControlOrMeta+A")
    toolbar(page).wait_for()
    bar = box(page, ".bar")
    assert 0 <= bar["top"] < bar["bottom"] <= 700


# Other circumstances


def test_a_page_saved_with_the_buttons_still_copies(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page()
    saved = tmp_path / "saved.html"
    select(page, "#p3", "Second", "#p3", "parties")
    saved.write_text(page.content(), encoding="utf-8")
    page.goto(saved.as_uri())
    assert toolbar(page).count() == 0
    assert page.get_by_role("status").count() == 1
    assert copy_link(page) == f"{saved.as_uri()}#p3"


def test_a_file_has_no_address_in_its_citation(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(java_script_enabled=False)
    saved = tmp_path / "page.html"
    saved.write_text(page.content(), encoding="utf-8")
    page = open_page()
    page.goto(saved.as_uri())
    assert not page.get_by_text("Read at").is_visible()


@pytest.fixture(scope="module")
def blocked_page(browser: Browser) -> Iterator[Page]:
    """Return a page whose tests add scripts, of which only the last one has effects."""
    with browser.new_context(permissions=CLIPBOARD) as context:
        yield context.new_page()


@pytest.mark.parametrize("selector", ["aside", ".copy", ".note", ".hint"])
@pytest.mark.parametrize("by", ["removal", "style"])
def test_a_content_blocker_costs_no_more_than_the_part_that_it_blocks(
    blocked_page: Page, site_address: str, selector: str, by: str
) -> None:
    page = blocked_page
    if by == "removal":
        block = f"for (const e of document.querySelectorAll('{selector}')) e.remove()"
    else:
        block = (
            "const sheet = new CSSStyleSheet();"
            f"sheet.replaceSync('{selector} {{ display: none !important }}');"
            "document.adoptedStyleSheets = [sheet];"
        )
    page.add_init_script(f"document.onreadystatechange = () => {{ {block} }}")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(site_address)
    copy_before(page)
    select(page, "#p3", "Second", "#p3", "parties")
    toolbar(page).get_by_role("button", name="Copy quotation").click()
    copied = wait_for_clipboard(page)  # the note may be missing
    assert copied.startswith("“Second, the parties” — Sergey Lavrov")
    assert errors == []


def test_a_selection_with_the_mouse_offers_the_buttons(open_page: OpenPage) -> None:
    page = open_page("#p3")
    place = box(page, "#p3")
    page.mouse.move(place["x"] + 2, place["y"] + 12)
    page.mouse.down()
    page.mouse.move(place["x"] + 200, place["y"] + 14, steps=5)
    page.mouse.up()
    assert copy_quotation(page).startswith("“Second, the parties mapped")


def test_a_telephone_shows_item_markers_and_large_buttons(
    open_page: OpenPage, serve: Serve
) -> None:
    """Device metrics and touch, as with a real mobile viewport."""
    page = open_page(
        width=375,
        height=667,
        address=serve(CASES / "copying" / "items.md"),
        device_scale_factor=3,
        has_touch=True,
        is_mobile=True,
    )
    assert page.evaluate("innerWidth") == 375  # the viewport's meta element
    marker = page.locator('.marker[href="#p1-2"]')
    assert marker.evaluate("(e) => getComputedStyle(e).opacity") == "1"
    size = box(page, '.marker[href="#p1-2"]')
    assert min(size["width"], size["height"]) >= 24
    select(page, "#p1", "First", "#p1", "First")
    assert box(page, ".bar button")["height"] >= 44
    toolbar(page).get_by_role("button", name="Copy quotation").tap()
    page.get_by_role("status").filter(has_text="Quotation copied").wait_for()
