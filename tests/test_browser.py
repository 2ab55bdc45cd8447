"""Layout, arrival, print and accessibility of the page, in Chromium."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import (
    OpenPage,
    add_style,
    box,
    serve_in_thread,
    violations_in_both_schemes,
    visit,
)
from case_files import CASES, read_rows
from conftest import MakeApp
from playwright.sync_api import Browser, Page, Route, expect

SECTIONS = ["meeting", "coordination", "return-of-refugees", "political-process"]
ANCHORS = [*SECTIONS, "thanks", "p1", "p2", "p3", "p4", "p5", "p6"]
GOLDEN = Path(__file__).parent / "golden"
WriteStatement = Callable[..., Path]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that several tests go on with."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def life() -> Iterator[str]:
    """Return the address of a statement with corrections, voices and old anchors."""
    with serve_in_thread(CASES / "pages" / "life.md") as address:
        yield address


@pytest.fixture(scope="module")
def long_names() -> Iterator[str]:
    """Return the address of a statement with long names, words and addresses."""
    with serve_in_thread(CASES / "pages" / "long_names.md") as address:
        yield address


# Arrival

# Returns where the first line of a part is, and whether the reader can see it.
FIRST_LINE = """(id) => {
  const part = document.getElementById(id);
  const words = part.querySelector("h2") || part;
  const range = document.createRange();
  range.selectNodeContents(words);
  const line = [...range.getClientRects()].find((rect) => rect.width > 20);
  const seen = document.elementFromPoint(line.left + 10, line.top + line.height / 2);
  return { top: line.top, bottom: line.bottom, isUncovered: part.contains(seen) };
}"""

BAR = """(id) => {
  const style = getComputedStyle(document.getElementById(id), "::after");
  return style.display === "none" ? 0 : parseFloat(style.borderInlineStartWidth);
}"""

BOLD_MARKERS = """(markers) => markers
  .filter((marker) => getComputedStyle(marker).fontWeight === "700")
  .map((marker) => marker.hash)"""


@pytest.mark.parametrize(("width", "script"), [(320, True), (1280, False)])
def test_every_anchor_lands_on_screen_and_is_marked_by_more_than_colour(
    open_page: OpenPage, site_address: str, width: int, script: bool
) -> None:
    page = open_page(width=width, java_script_enabled=script)
    for anchor in ANCHORS:
        visit(page, f"{site_address}#{anchor}")
        line = page.evaluate(FIRST_LINE, anchor)
        assert 0 <= line["top"] < line["bottom"] <= 700, anchor
        assert line["isUncovered"], anchor
        assert page.evaluate(BAR, anchor) >= 4, anchor
        bold = page.locator("#statement .marker").evaluate_all(BOLD_MARKERS)
        assert bold == [f"#{anchor}"]


def test_a_paragraph_lands_with_room_for_the_note_above_it(open_page: OpenPage) -> None:
    page = open_page("#p5", height=400)
    assert box(page, "#p5")["top"] >= 50


def test_a_linked_part_has_an_outline_in_forced_colours(open_page: OpenPage) -> None:
    page = open_page("#p3")
    page.emulate_media(forced_colors="active")
    outline = "(part) => getComputedStyle(part).outlineStyle"
    assert page.locator("#p2").evaluate(outline) == "none"
    assert page.locator("#p3").evaluate(outline) == "solid"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("fragment", "part"), [("funds", "money"), ("p9-1", "p9-1"), ("p8", "p8")]
)
def test_old_anchors_items_and_withdrawn_paragraphs_are_marked_on_arrival(
    open_page: OpenPage, life: str, fragment: str, part: str, script: bool
) -> None:
    page = open_page(
        f"#{fragment}", height=200, address=life, java_script_enabled=script
    )
    assert page.evaluate(BAR, part) >= 4
    assert page.evaluate(BAR, "p7") == 0
    assert 0 <= box(page, f"#{part}")["top"] < 200


# Returns the left and the upper edge of the bar of a target in the window.
BAR_PLACE = """(id) => {
  const part = document.getElementById(id);
  const { left, top } = part.getBoundingClientRect();
  const bar = getComputedStyle(part, "::after");
  return { left: left + parseFloat(bar.left), top: top + parseFloat(bar.top) };
}"""


def test_the_bar_of_an_item_leaves_the_number_of_the_item_free(
    open_page: OpenPage, life: str
) -> None:
    page = open_page("#p9-1", address=life)
    assert page.evaluate(BAR_PLACE, "p9-1")["left"] < box(page, "#statement ul")["left"]


def test_the_bar_of_a_section_begins_at_its_heading(
    open_page: OpenPage, life: str
) -> None:
    page = open_page("#money", address=life)
    bar = page.evaluate(BAR_PLACE, "money")
    assert abs(bar["top"] - box(page, "#money h2")["top"]) < 8


def test_a_correction_is_outlined_on_arrival(open_page: OpenPage, life: str) -> None:
    page = open_page("#_correction-1", address=life)
    outline = "(item) => getComputedStyle(item).outlineStyle"
    assert page.locator("#_correction-1").evaluate(outline) == "solid"
    assert page.locator("#_correction-2").evaluate(outline) == "none"


def test_the_voice_is_shown_where_the_text_does_not_name_it(
    open_page: OpenPage, life: str
) -> None:
    page = open_page("#p9-1", address=life)
    label = "(id) => getComputedStyle(window[id], '::before').content"
    assert page.evaluate(label, "p7") == "none"
    assert page.evaluate(label, "p9") == '"Question"'
    assert page.evaluate(label, "p9-1") == '"Question"'
    assert page.evaluate(label, "u1") == "none"


def test_a_link_to_another_version_keeps_the_place(
    open_page: OpenPage, life: str
) -> None:
    page = open_page("#p9", address=life)
    link = page.locator("a[hreflang=ru]")
    expect(link).to_have_attribute("href", "https://example.org/ru/#p9")


@pytest.mark.parametrize(("fragment", "part"), read_rows("pasted_fragments.txt"))
def test_a_fragment_leads_to_its_part_also_as_people_paste_it(
    page: Page, site_address: str, fragment: str, part: str
) -> None:
    page.goto(f"{site_address}#{fragment}")
    page.locator(f"#{part}:target").wait_for()
    written = page.evaluate("location.hash.split(':~:')[0]")
    assert written == f"#{part}"
    assert page.locator(".notice").count() == 0


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("refugees", "return-of-refugees"),
        ("Metting", "meeting"),
        ("p99", "p6"),
        ("p3,p4", "p3"),
        ("%zz", "p6"),
    ],
)
def test_an_unknown_fragment_is_reported_with_the_nearest_one(
    open_page: OpenPage, name: str, nearest: str
) -> None:
    page = open_page(f"#{name}")
    alert = page.get_by_role("alert")
    message = f"This page has no part named “{name}”. The nearest is #{nearest}."
    assert alert.inner_text() == message
    alert.get_by_role("link").click()
    page.wait_for_function("document.querySelector(':target')")
    assert alert.count() == 0


# Layout


def test_nothing_is_animated(open_page: OpenPage) -> None:
    page = open_page()
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      if (style.scrollBehavior !== "auto") return true;
      return style.transitionDuration !== "0s" || style.animationName !== "none";
    }).length"""
    assert page.evaluate(moving) == 0


TEXT_SPACING = """* {
  line-height: 1.5 !important;
  letter-spacing: .12em !important;
  word-spacing: .16em !important;
}
p { margin-block-end: 2em !important; }"""

TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth)
  .map((element) => element.outerHTML.slice(0, 80))"""


def assert_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    assert page.evaluate(TOO_WIDE) == [], width


@pytest.mark.parametrize("style", ["", "html { font-size: 200% !important }"])
def test_the_page_fits_into_every_width(open_page: OpenPage, style: str) -> None:
    page = open_page("#nowhere")
    page.wait_for_selector(".notice")
    add_style(page, style)
    for width in (320, 375, 640, 768, 1024, 1280, 1920):
        assert_fits(page, width)


@pytest.mark.parametrize("style", ["", TEXT_SPACING])
@pytest.mark.parametrize("touch", [True, False])
def test_long_names_and_words_fit_into_320_pixels(
    open_page: OpenPage, long_names: str, style: str, touch: bool
) -> None:
    options = {"has_touch": True, "is_mobile": True} if touch else {}
    page = open_page(width=320, address=long_names, **options)
    add_style(page, style)
    assert_fits(page, 320)


def test_the_contents_show_numbers_without_the_word_paragraph(
    open_page: OpenPage,
) -> None:
    word = open_page().locator("nav .unseen").first
    assert word.inner_text().startswith("Paragraph")
    place = word.bounding_box()
    assert place is not None
    assert place["width"] <= 1


def test_long_contents_take_no_more_than_one_screen_of_a_telephone(
    open_page: OpenPage, write_statement: WriteStatement
) -> None:
    sections = [f"## Part {number} {{#part-{number}}}\n\nText." for number in range(48)]
    with serve_in_thread(
        write_statement("# Title\n\n" + "\n\n".join(sections))
    ) as address:
        page = open_page(address=address, width=375, height=667)
        assert box(page, ".sidebar")["height"] <= 667
        assert box(page, "nav > ol")["height"] > 300
        page.get_by_role("link", name="Part 47", exact=True).focus()
        assert box(page, ":focus")["bottom"] <= box(page, "nav > ol")["bottom"] + 1
        page.set_viewport_size({"width": 1280, "height": 667})
        assert box(page, "nav > ol")["height"] > 667


POSITIONS = """() => [...document.querySelectorAll("h1, h2, h3, p, li, div")].map(
  (element) => JSON.stringify(element.getBoundingClientRect()))"""


def remove_script(route: Route) -> None:
    response = route.fetch()
    body = re.sub('(?s)<script type="module">.*?</script>', "", response.text())
    route.fulfill(response=response, body=body)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_script_moves_nothing(
    open_page: OpenPage, write_statement: WriteStatement, width: int
) -> None:
    with serve_in_thread(
        write_statement("# The title of a statement\n\nWe met:\n\n- One\n- Two\n")
    ) as address:
        page = open_page(address=address, width=width)
        after = page.evaluate(POSITIONS)
        page.route("**", remove_script)
        page.goto(address)
        assert page.evaluate(POSITIONS) == after


@pytest.mark.parametrize("width", [320, 1280])
def test_every_marker_is_a_visible_link_of_24_pixels(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width)
    markers = page.locator("#statement .marker").all()
    assert len(markers) == len(ANCHORS)
    drawn = "(marker) => getComputedStyle(marker, '::before').content.length"
    for marker in markers:
        place = marker.bounding_box()
        assert place is not None
        assert min(place["width"], place["height"]) >= 24
        assert marker.evaluate(drawn) > 2


def assert_marker_is_at_first_line(page: Page, part: str) -> None:
    marker = box(page, f'.marker[href="#{part}"]')
    words = page.evaluate(FIRST_LINE, part)
    assert abs(marker["top"] - words["top"]) < 8, part


@pytest.mark.parametrize("width", [375, 900])
def test_a_marker_is_at_the_first_line_of_its_paragraph(
    open_page: OpenPage, write_statement: WriteStatement, life: str, width: int
) -> None:
    text = (
        "# Title\n\nWe met.\n\n> We agreed.\n\n"
        "## The second part {#part}\n\nWe parted.\n"
    )
    with serve_in_thread(write_statement(text)) as address:
        page = open_page(address=address, width=width)
        for part in ("p1", "p2", "part", "p3"):
            assert_marker_is_at_first_line(page, part)
    page.goto(life)
    assert_marker_is_at_first_line(page, "p7")  # with a printed number


def test_a_number_of_two_digits_is_in_one_line(
    open_page: OpenPage, write_statement: WriteStatement
) -> None:
    paragraphs = ["We met."] * 12
    with serve_in_thread(
        write_statement("# Title\n\n" + "\n\n".join(paragraphs))
    ) as address:
        page = open_page(address=address)
    heights = "(id) => getComputedStyle(window[id], '::after').height"
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        marker = box(page, '.marker[href="#p12"]')
        assert marker["height"] == box(page, '.marker[href="#p2"]')["height"]
    page.emulate_media(media="print")
    assert page.evaluate(heights, "p12") == page.evaluate(heights, "p2")


def test_markers_have_names_and_headings_are_named_by_their_own_words(
    open_page: OpenPage,
) -> None:
    page = open_page()
    number = page.get_by_role("link", name="Paragraph 3", exact=True)
    assert number.get_attribute("href") == "#p3"
    sign = page.get_by_role("link", name="Section Return of refugees", exact=True)
    assert sign.get_attribute("href") == "#return-of-refugees"
    heading = page.get_by_role("heading", name="Return of refugees", exact=True)
    assert heading.count() == 1


# The keyboard and the mouse


def test_the_keyboard_reaches_every_marker_in_order(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    hrefs = page.locator("#statement .marker").evaluate_all(
        "(markers) => markers.map((marker) => marker.getAttribute('href'))"
    )
    page.keyboard.press("Tab")
    assert box(page, ":focus")["top"] >= 0  # only the focus shows the skip link
    page.keyboard.press("Enter")
    for href in hrefs:
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.get_attribute("href") == href
        assert focused.evaluate("(e) => getComputedStyle(e).outlineStyle") == "solid"


def test_the_marker_of_an_item_shows_on_focus_and_on_hover(
    open_page: OpenPage, life: str
) -> None:
    page = open_page(address=life)
    marker = page.get_by_role("link", name="Item 1 of paragraph 9", exact=True)
    opacity = "(marker) => getComputedStyle(marker).opacity"
    assert marker.evaluate(opacity) == "0"
    marker.focus()
    assert marker.evaluate(opacity) == "1"
    marker.blur()
    page.locator("#p9-1").hover()
    assert marker.evaluate(opacity) == "1"
    place = box(page, '.marker[href="#p9-1"]')
    assert min(place["width"], place["height"]) >= 24


def test_copying_by_hand_leaves_out_the_numbers_of_the_edition(
    open_page: OpenPage, life: str
) -> None:
    page = open_page(address=life)
    page.evaluate("getSelection().selectAllChildren(window.statement)")
    page.keyboard.press("ControlOrMeta+C")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert " ".join(copied.split()) == (
        "7. Question: First words."
        " This paragraph was withdrawn by its publisher, 3 May 2024."
        " 9. Second words. Money One item Sample: Third words. A quotation."
    )


@pytest.mark.parametrize("selector", ["#p3", "#return-of-refugees h2"])
def test_a_triple_click_selects_the_words_of_one_block(
    open_page: OpenPage, selector: str
) -> None:
    page = open_page("#return-of-refugees")
    block = page.locator(selector)
    block.click(click_count=3, position={"x": 60, "y": 12})
    selected = page.evaluate("getSelection().toString().trim()")
    assert selected == block.inner_text().strip()


def test_a_click_selects_the_whole_citation(open_page: OpenPage) -> None:
    page = open_page()
    citation = page.locator(".citation")
    citation.click(position={"x": 30, "y": 10})
    selected = page.evaluate("getSelection().toString()")
    assert " ".join(selected.split()) == " ".join(citation.inner_text().split())


@pytest.mark.parametrize("name", ["full.md", "rtl.md"])
def test_the_text_of_the_page_has_the_words_of_the_publication(
    page: Page, make_app: MakeApp, tmp_path: Path, name: str
) -> None:
    app = make_app(STATEMENT=str(GOLDEN / name))
    page.set_content(app.test_client().get("/").text)
    text_file = tmp_path / "page.txt"
    text_file.write_text(page.inner_text("body"), "utf-8")
    arguments = ["check", "--published", str(text_file)]
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output


# Accessibility


def test_axe_finds_nothing(open_page: OpenPage) -> None:
    assert violations_in_both_schemes(open_page("#political-process")) == []


def test_axe_finds_nothing_with_the_report_of_an_unknown_fragment(
    open_page: OpenPage,
) -> None:
    page = open_page("#nowhere")
    page.get_by_role("alert").wait_for()
    assert violations_in_both_schemes(page) == []


@pytest.mark.parametrize("fragment", ["#p9", "#p9-1", "#_correction-1"])
def test_axe_finds_nothing_on_a_statement_with_corrections(
    open_page: OpenPage, life: str, fragment: str
) -> None:
    page = open_page(fragment, address=life)
    assert violations_in_both_schemes(page) == []


def test_axe_finds_nothing_on_an_error_page(open_page: OpenPage) -> None:
    assert violations_in_both_schemes(open_page("nowhere")) == []


# Requests


@pytest.mark.parametrize(
    ("path", "messages"),
    [
        ("", []),
        (
            "nowhere",
            [
                "Failed to load resource:"
                " the server responded with a status of 404 (NOT FOUND)"
            ],
        ),
    ],
)
def test_a_visit_is_one_request_and_logs_no_error(
    browser: Browser, path: str, messages: list[str]
) -> None:
    logged: list[str] = []
    requested: list[str] = []
    with (
        serve_in_thread(requested=requested) as address,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.on("console", lambda message: logged.append(message.text))
        page.on("pageerror", lambda error: logged.append(str(error)))
        page.goto(address + path)
        page.wait_for_timeout(500)  # for the icon, which browsers request later
    assert requested == [f"/{path}"]
    assert logged == messages


# Paper

PRINTED = """(id) => {
  const part = document.getElementById(id);
  const style = getComputedStyle(part);
  const after = getComputedStyle(part, "::after");
  return [style.backgroundColor, style.boxShadow, style.outlineStyle, after.content,
    after.borderInlineStartWidth, after.fontWeight, after.backgroundColor];
}"""


@pytest.mark.parametrize("part", ["p2", "meeting"])
def test_a_linked_part_is_printed_like_the_others(
    open_page: OpenPage, part: str
) -> None:
    page = open_page()
    page.emulate_media(media="print")
    plain = page.evaluate(PRINTED, part)
    page.evaluate("(part) => { location.hash = part; }", part)
    page.wait_for_function("document.querySelector(':target')")
    assert page.evaluate(PRINTED, part) == plain


def test_a_linked_page_is_printed_with_the_same_drawing(open_page: OpenPage) -> None:
    page = open_page()
    plain = drawing(page)
    page.goto(f"{page.url}#p2")
    assert drawing(page) == plain


@pytest.mark.parametrize(
    "fragment", ["p7", "p8", "p9-1", "funds", "_correction-1", "cite"]
)
def test_a_linked_item_number_or_correction_is_printed_with_the_same_drawing(
    open_page: OpenPage, life: str, fragment: str
) -> None:
    page = open_page(address=life)
    plain = drawing(page)
    page.goto(f"{life}#{fragment}")
    assert drawing(page) == plain


def drawing(page: Page) -> list[bytes]:
    """Return the streams of the page as PDF: its text and graphics, compressed."""
    return re.findall(rb"(?s)stream\n(.*?)\nendstream", page.pdf())


def test_the_printed_page_keeps_numbers_and_source_and_drops_controls(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    assert not re.search("Contents|Skip to|Each number|Select words", shown)
    assert shown.count("https://www.mid.ru/") == 1
    assert shown.count(page.url) == 1
    number = "getComputedStyle(window.p3, '::after').content"
    assert page.evaluate(number) == '"3"'


# Returns the edges of a number that is printed before a paragraph, in pixels.
PRINTED_NUMBER = """(id) => {
  const part = document.getElementById(id);
  const number = part.querySelector(".number");
  if (number) return number.getBoundingClientRect().toJSON();
  const style = getComputedStyle(part, "::after");
  const { left } = part.getBoundingClientRect();
  const start = left + parseFloat(style.left);
  return { left: start, right: start + parseFloat(style.width) };
}"""


@pytest.mark.parametrize("window_width", [700, 1280])
def test_printed_numbers_are_left_of_the_text_and_of_the_rule_of_a_quotation(
    open_page: OpenPage, write_statement: WriteStatement, window_width: int
) -> None:
    text = "# Title\n\nText.\n\n> Quotation.\n>\n> > A quotation in it.\n"
    with serve_in_thread(write_statement(text)) as address:
        page = open_page(address=address, width=window_width)
    page.emulate_media(media="print")
    rule = box(page, "blockquote")["left"]
    for part in ("p1", "p2", "p3"):
        number = page.evaluate(PRINTED_NUMBER, part)
        assert 0 <= number["left"] < number["right"] < rule, part


def test_a_number_on_a_page_from_right_to_left_is_printed_on_the_paper(
    open_page: OpenPage, write_statement: WriteStatement
) -> None:
    front_matter = (
        "published = 2020-02-03\n"
        'speaker = { family = "س" }\n'
        'publisher = "وزارة"\n'
        'language = "ar"\n'
    )
    with serve_in_thread(write_statement("# عنوان\n\nنص\n", front_matter)) as address:
        page = open_page(address=address, width=700)
    page.emulate_media(media="print")
    number = page.evaluate(PRINTED_NUMBER, "p1")
    assert box(page, "#p1")["right"] < number["left"] < number["right"] <= 700


def test_a_wide_window_prints_one_column(open_page: OpenPage) -> None:
    page = open_page(width=1920)
    page.emulate_media(media="print")
    display = "getComputedStyle(document.querySelector('.columns')).display"
    assert page.evaluate(display) == "block"


def printed_heights(page: Page) -> list[float]:
    """Print the page; return the height of each heading on its sheet, in points."""
    printed = page.pdf(
        format="A4", prefer_css_page_size=True, outline=True, tagged=True
    )
    destination = rb"/Title \(Part \d+\)\n/Dest \[\d+ 0 R /XYZ [\d.]+ ([\d.]+) 0\]"
    return [float(height) for height in re.findall(destination, printed)]


SENTENCE = "The parties discussed many things, and they agreed on most of them. "


def test_no_heading_is_printed_alone_at_the_foot_of_a_sheet(
    open_page: OpenPage, write_statement: WriteStatement
) -> None:
    sections = []
    for number in range(99):
        text = SENTENCE * (2 + number % 7)
        sections.append(f"## Part {number} {{#part-{number}}}\n\n{text}")
    with serve_in_thread(
        write_statement("# Title\n\n" + "\n\n".join(sections))
    ) as address:
        page = open_page(address=address)
        heights = printed_heights(page)
    assert len(heights) == 99
    margin, heading, two_lines = 62, 16, 2 * 15
    assert min(heights) > margin + heading + two_lines


def test_no_label_of_a_voice_is_printed_alone_at_the_foot_of_a_sheet(
    open_page: OpenPage, write_statement: WriteStatement
) -> None:
    front_matter = (
        "published = 2024-05-02\n"
        'speaker = { given = "Ada", family = "Sample" }\n'
        'publisher = "Ministry"\n'
        'language = "en"\n'
        'voices = ["Ada Sample"]\n'
    )
    paragraphs = ["# Title", "Ada Sample: We met."]
    for number in range(99):
        text = SENTENCE * (2 + number % 7)
        paragraphs.append(f"[We](https://example.org/) met. {text}")
    page = open_page()
    with serve_in_thread(
        write_statement("\n\n".join(paragraphs), front_matter)
    ) as address:
        page.goto(address)
        assert page.locator("p[data-voice]").count() == 99
        printed = page.pdf(format="A4", prefer_css_page_size=True)
    # A link begins each paragraph, below its label.
    tops = re.findall(rb"/Rect \[[\d.]+ [\d.]+ [\d.]+ ([\d.]+)\]", printed)
    assert len(tops) >= 99
    sheet, margin, label = 842, 57, 12
    assert max(float(top) for top in tops) < sheet - margin - label
