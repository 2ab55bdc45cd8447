import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import OpenPage, box, served, violations_in_both_schemes
from playwright.sync_api import Browser, expect

ANCHORS = [
    *("meeting", "coordination", "return-of-refugees", "political-process", "thanks"),
    *(f"p{number}" for number in range(1, 7)),
]

# Where the first line of a part is, and whether it is what a reader sees there.
FIRST_LINE = """(id) => {
  const part = document.getElementById(id);
  const words = part.querySelector("h2") || part;
  const range = document.createRange();
  range.selectNodeContents(words);
  const line = [...range.getClientRects()].find((box) => box.width > 40);
  const seen = document.elementFromPoint(line.left + 30, line.top + line.height / 2);
  return { top: line.top, bottom: line.bottom, uncovered: part.contains(seen) };
}"""

# How a part is marked: the bar beside it, and the sign of its marker against those of other parts.
MARK = """(id) => {
  const bar = getComputedStyle(document.getElementById(id), "::after");
  const weights = (selector) => [...document.querySelectorAll(selector)].map((one) => getComputedStyle(one).fontWeight);
  return {
    bar: bar.display !== "none" && parseFloat(bar.borderInlineStartWidth),
    weights: weights(`.marker[href="#${id}"]`),
    others: new Set(weights(`.marker:not([href="#${id}"])`)).size === 1 && weights(`.marker:not([href="#${id}"])`)[0],
  };
}"""


@pytest.mark.parametrize(("width", "script"), [(320, True), (1280, False)])
def test_every_anchor_lands_on_screen_uncovered_and_is_marked_by_more_than_colour(
    open_page: OpenPage, width: int, script: bool
) -> None:
    page = open_page(width=width, java_script_enabled=script)
    address = page.url
    for anchor in ANCHORS:
        page.goto("about:blank")
        page.goto(f"{address}#{anchor}")
        line, mark = page.evaluate(FIRST_LINE, anchor), page.evaluate(MARK, anchor)
        assert 0 <= line["top"] < line["bottom"] <= 700, anchor
        assert line["uncovered"], anchor
        assert mark["bar"] >= 4, anchor
        assert (mark["weights"], mark["others"]) == (["700"], "400"), anchor


def test_a_linked_part_is_marked_in_forced_colours_too(open_page: OpenPage) -> None:
    page = open_page("#p3", forced_colors="active")
    outline = "id => getComputedStyle(document.getElementById(id)).outlineStyle"
    assert [page.evaluate(outline, id_) for id_ in ("p2", "p3")] == ["none", "solid"]


def test_nothing_moves_by_itself(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
      const { scrollBehavior, transitionDuration, animationName } = getComputedStyle(element);
      return scrollBehavior !== "auto" || transitionDuration !== "0s" || animationName !== "none";
    }).length"""
    assert page.evaluate(moving) == 0


def test_no_width_scrolls_sideways_nor_does_text_of_twice_the_size(
    open_page: OpenPage,
) -> None:
    page = open_page("#nowhere")
    page.wait_for_selector(".notice")
    wide = "[...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > innerWidth).length"
    for larger in (False, True):
        if larger:
            page.evaluate(
                "document.styleSheets[0].insertRule('html { font-size: 200% !important }', 0)"
            )
        for width in (320, 375, 640, 768, 1024, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (
                width,
                larger,
            )
            assert page.evaluate(wide) == 0, (width, larger)


@pytest.mark.parametrize("width", [320, 1280])
def test_every_marker_is_a_visible_named_link_of_24_pixels(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width)
    markers = page.locator(".marker").all()
    assert len(markers) == len(ANCHORS)
    for marker in markers:
        place = marker.bounding_box()
        assert place is not None
        assert min(place["width"], place["height"]) >= 24
        assert (
            marker.evaluate("(e) => getComputedStyle(e, '::before').content.length") > 2
        )
    assert (
        page.get_by_role("link", name="Paragraph 3", exact=True).get_attribute("href")
        == "#p3"
    )
    name = "Section Return of refugees"
    assert (
        page.get_by_role("link", name=name, exact=True).get_attribute("href")
        == "#return-of-refugees"
    )
    assert (
        page.get_by_role("heading", name="Return of refugees", exact=True).count() == 1
    )


def test_the_keyboard_reaches_every_marker_in_order(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    in_order = page.locator("#statement .marker").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    page.keyboard.press("Tab")
    assert box(page, ":focus")["top"] >= 0  # the skip link, which only the focus shows
    page.keyboard.press("Enter")
    for href in in_order:
        page.keyboard.press("Tab")
        focused = page.locator(":focus").evaluate(
            "(e) => [e.getAttribute('href'), getComputedStyle(e).outlineStyle]"
        )
        assert focused == [href, "solid"]


LIFE = """\
published = 2024-05-02
speaker = { given = "Ada", family = "Sample" }
publisher = "Office"
language = "en"
numbers = "publication"
voices = ["Question", "Sample"]
[[versions]]
language = "ru"
url = "https://example.org/ru/"
[[corrections]]
paragraph = "p7"
date = 2024-05-03
was = "old words"
by = "edition"
[[corrections]]
paragraph = "p8"
date = 2024-05-03
withdrawn = true
by = "publisher"
+++
# Title

7. Question: First words.

8. {#p8}

9. Second words.

## Money {#money #funds}

- One item

Sample: Third words.
"""


@pytest.fixture
def life(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "life.md"
    path.write_text(f"+++\n{LIFE}", encoding="utf-8")
    with served(path) as address:
        yield address


def test_copying_by_hand_takes_the_words_and_numbers_of_the_publication_alone(
    open_page: OpenPage, life: str
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(life)
    page.evaluate(
        "getSelection().selectAllChildren(document.getElementById('statement'))"
    )
    page.keyboard.press("ControlOrMeta+C")
    copied = " ".join(page.evaluate("navigator.clipboard.readText()").split())
    assert (
        copied
        == "7. Question: First words. 9. Second words. Money One item Sample: Third words."
    )


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("fragment", "part"), [("funds", "money"), ("p9-1", "p9-1"), ("p8", "p8")]
)
def test_old_anchors_items_and_withdrawn_paragraphs_are_arrived_at_and_marked(
    open_page: OpenPage, life: str, fragment: str, part: str, script: bool
) -> None:
    page = open_page(java_script_enabled=script, height=200)
    page.goto(f"{life}#{fragment}")
    mark = "id => getComputedStyle(document.getElementById(id), '::after').display"
    assert {id_: page.evaluate(mark, id_) for id_ in ("p7", "p9", part)} == {
        "p7": "none",
        "p9": "none",
        part: "block",
    }
    assert 0 <= box(page, f"#{part}")["top"] < 200


def test_one_who_arrives_in_the_middle_of_a_turn_sees_whose_it_is(
    open_page: OpenPage, life: str
) -> None:
    page = open_page()
    label = "id => getComputedStyle(document.getElementById(id), '::before').content"
    page.goto(f"{life}#p9-1")
    shown = {id_: page.evaluate(label, id_) for id_ in ("p7", "p9", "p9-1", "u1")}
    assert shown == {
        "p7": "none",
        "p9": '"Question"',
        "p9-1": '"Question"',
        "u1": "none",
    }


def test_a_link_to_another_version_keeps_the_place(
    open_page: OpenPage, life: str
) -> None:
    page = open_page()
    page.goto(f"{life}#p9")
    expect(page.locator("a[hreflang=ru]")).to_have_attribute(
        "href", "https://example.org/ru/#p9"
    )


@pytest.mark.parametrize("fragment", ["#p9", "#_correction-1"])
def test_axe_finds_nothing_on_a_statement_with_a_life(
    open_page: OpenPage, life: str, fragment: str
) -> None:
    page = open_page()
    page.goto(life + fragment)
    assert violations_in_both_schemes(page) == []


@pytest.mark.parametrize("selector", ["#p3", "#return-of-refugees h2"])
def test_a_triple_click_selects_the_words_of_a_block_alone(
    open_page: OpenPage, selector: str
) -> None:
    page = open_page("#return-of-refugees")
    block = page.locator(selector)
    block.click(click_count=3, position={"x": 60, "y": 12})
    assert (
        page.evaluate("getSelection().toString().trim()") == block.inner_text().strip()
    )


@pytest.mark.parametrize("fragment", ["#political-process", "#nowhere"])
def test_axe_finds_nothing_its_strictest_contrast_included(
    open_page: OpenPage, fragment: str
) -> None:
    assert violations_in_both_schemes(open_page(fragment)) == []


def test_axe_finds_nothing_on_an_error_page(open_page: OpenPage) -> None:
    assert violations_in_both_schemes(open_page("nowhere")) == []


@pytest.mark.parametrize("path", ["", "nowhere"])
def test_a_visit_is_one_request_and_logs_no_error(browser: Browser, path: str) -> None:
    logged: list[str] = []
    asked: list[str] = []
    with served(asked=asked) as address, browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: logged.append(message.text))
        page.on("pageerror", lambda error: logged.append(str(error)))
        page.on(
            "request",
            lambda request: (
                logged.append(request.url) if address not in request.url else None
            ),
        )
        page.goto(address + path)
        page.wait_for_timeout(
            500
        )  # in which a browser asks for the icon that it shows beside the title
    assert asked == [f"/{path}"]
    expected = (
        [
            "Failed to load resource: the server responded with a status of 404 (NOT FOUND)"
        ]
        if path
        else []
    )
    assert [line for line in logged if not line.startswith("data:")] == expected


def test_a_print_from_right_to_left_keeps_its_numbers_on_the_paper(
    open_page: OpenPage, write_statement: Callable[..., Path]
) -> None:
    arabic = 'published = 2020-02-03\nspeaker = { family = "س" }\npublisher = "وزارة"\nlanguage = "ar"\n'
    page = open_page(width=700)
    with served(write_statement("# عنوان\n\nنص\n", arabic)) as address:
        page.goto(address)
    page.emulate_media(media="print")
    marker = box(page, "#p1 > .marker")
    assert 0 <= marker["left"] < marker["right"] <= 700


def test_the_printed_page_keeps_numbers_and_source_and_drops_controls(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    assert not re.search("Contents|Skip to|Each number", shown)
    assert shown.count("https://www.mid.ru/") == 1
    assert shown.count(page.url) == 1
    number = (
        "getComputedStyle(document.querySelector('#p3 > .marker'), '::before').content"
    )
    assert page.locator("#p3 > .marker").is_visible()
    assert page.evaluate(number) == '"3"'


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("refugees", "return-of-refugees"),
        ("metting", "meeting"),
        ("p99", "p6"),
        ("p3,p4", "p3"),
        ("%zz", "p6"),
    ],
)
def test_a_fragment_that_names_nothing_is_told_with_the_nearest_name(
    open_page: OpenPage, name: str, nearest: str
) -> None:
    page = open_page(f"#{name}")
    alert = page.get_by_role("alert")
    assert (
        alert.inner_text()
        == f"This page has no part named “{name}”. The nearest is #{nearest}."
    )
    alert.get_by_role("link").click()
    page.wait_for_function("document.querySelector(':target')")
    assert alert.count() == 0


def test_no_heading_stands_alone_at_the_foot_of_a_printed_page(
    open_page: OpenPage, write_statement: Callable[..., Path]
) -> None:
    page, sentence = (
        open_page(),
        "The parties discussed many things, and they agreed on most of them. ",
    )
    text = "".join(
        f"## Part {n} {{#part-{n}}}\n\n{sentence * (2 + n % 7)}\n\n" for n in range(99)
    )
    with served(write_statement(f"# Title\n\n{text}")) as address:
        page.goto(address)
        printed = page.pdf(
            format="A4", prefer_css_page_size=True, outline=True, tagged=True
        )
    heights = re.findall(
        rb"/Title \(Part \d+\)\n/Dest \[\d+ 0 R /XYZ [\d.]+ ([\d.]+) 0\]", printed
    )
    assert len(heights) == 99
    # In points from the foot of the sheet: its margin of 2.2 cm, the heading, and two lines of text below it.
    assert min(map(float, heights)) > 62 + 16 + 2 * 15
