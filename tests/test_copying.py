from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser import OpenPage, clipboard, select, served, violations
from playwright.sync_api import Browser, Locator, Page, Route, expect
from served_page import read_page

# Repeated words, quotation marks of each kind, numbers, a list, a quote, a link, a language without spaces.
BODY = """\
# Title & \\<Co>

The aim, he said, is peace. The aim is clear.

## Quotes {#quotes}

He said: “We heard ‘yes’ in Geneva” and left. Syria’s army-to-army line has 2,254 - exactly 2,254 – entries, & more.

> Quoted *words* of a [colleague](https://example.org/), then.

## List {#list}

- One item, with words
- Another item
    - Nested words

The aim, he said, is peace. 我们同意这个目标。
"""
ENGLISH = 'published = 2020-02-03\nspeaker = { given = "A.", family = "B & C" }\npublisher = "Y"\nlanguage = "en"\n'
GRANTED = ["clipboard-read", "clipboard-write"]


@pytest.fixture(scope="module")
def statement_page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    path = tmp_path_factory.mktemp("content") / "statement.md"
    path.write_text(f"+++\n{ENGLISH}+++\n\n{BODY}", encoding="utf-8")
    context = browser.new_context(permissions=GRANTED)
    with served(path) as address:
        page = context.new_page()
        page.goto(address)
        yield page
    context.close()


def toolbar(page: Page) -> Locator:
    return page.get_by_role("group", name="Selected words")


def copied(page: Page, button: str, answer: str) -> str:
    toolbar(page).get_by_role("button", name=button).click()
    page.get_by_role("status").filter(has_text=answer).wait_for()
    return clipboard(page)


def quotation(page: Page) -> str:
    return copied(page, "Copy quotation", "Quotation copied")


def link(page: Page) -> str:
    return copied(page, "Copy link to these words", "Link copied")


# From (element, words) to (element, words), the quotation's words, its locator, the fragment of the link.
SELECTIONS = [
    pytest.param("#p1", "is clear", "#p1", "is clear", "“is clear”", "para. 1", "#p1:~:text=is%20clear", id="words"),
    pytest.param("#p1", "lear", "#p1", "lear", "“clear”", "para. 1", "#p1:~:text=clear", id="inside a word"),
    pytest.param(
        "#p2", "254 -", "#p2", "exact", "“2,254 - exactly”", "para. 2", "#p2:~:text=2%2C254%20%2D%20exactly",
        id="inside a number",
    ),
    pytest.param(
        "#p2", "yria", "#p2", "yria", "“Syria’s”", "para. 2",
        "#p2:~:text=Syria%E2%80%99s", id="an apostrophe",
    ),
    pytest.param(
        "#p2", "He said", "#p2", "left.", "“He said: ‘We heard ‘yes’ in Geneva’ and left.”", "para. 2",
        "#p2:~:text=He%20said%3A%20%E2%80%9CWe%20heard%20%E2%80%98yes%E2%80%99%20in%20Geneva%E2%80%9D%20and%20left.",
        id="quotation marks inside",
    ),
    pytest.param(
        "#p2", "He said", "#p2", "We heard", "“He said: ‘We heard’”", "para. 2",
        "#p2:~:text=He%20said%3A%20%E2%80%9CWe%20heard", id="an opening quotation mark without its end",
    ),
    pytest.param(
        "#p2", "in Geneva", "#p2", "left", "“‘in Geneva’ and left”", "para. 2",
        "#p2:~:text=in%20Geneva%E2%80%9D%20and%20left", id="a closing quotation mark without its beginning",
    ),
    pytest.param(
        "#p1", "The aim, he", "#p1", "peace.", "“The aim, he said, is peace.”", "para. 1",
        "#p1:~:text=The%20aim%2C%20he%20said%2C%20is%20peace.,-The", id="words that stand twice, told by what follows",
    ),
    pytest.param(
        "#p4", "he said", "#p4", "peace.", "“he said, is peace.”", "para. 4",
        "#p4:~:text=aim%2C-,he%20said%2C%20is%20peace.,-%E6%88%91%E4%BB%AC%E5%90%8C%E6%84%8F%E8%BF%99%E4%B8%AA%E7%9B%AE%E6%A0%87%E3%80%82",
        id="words that stand twice, again",
    ),
    pytest.param(
        "#p1", "is clear", "#p2", "We heard", "“is clear.\n\n“He said: ‘We heard’”", "paras. 1–2",
        "#p1:~:text=is%20clear.,He%20said%3A%20%E2%80%9CWe%20heard", id="across sections, the heading left out",
    ),
    pytest.param(
        "#quotes h2", "uot", "#p2", "He said", "“He said”", "para. 2", "#p2:~:text=He%20said,-%3A",
        id="from inside a heading",
    ),
    pytest.param(
        "#p3", "words", "#list h2", "Li", "“words of a colleague, then.”", "para. 3",
        "#p3:~:text=words%20of%20a%20colleague%2C%20then.", id="to inside a heading, over a link",
    ),
    pytest.param(
        "#list li", "item, with", "#list li li", "Nested", "“item, with words\n\n“Another item\n\n“Nested”", "",
        "#list:~:text=item%2C%20with%20words,Nested", id="items of a list, nested too",
    ),
    pytest.param(
        "#p4", "这个", "#p4", "这个", "“这个”", "para. 4",
        "#p4:~:text=%E8%BF%99%E4%B8%AA", id="a language without spaces",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("from_", "start", "to", "end", "words", "locator", "fragment"), SELECTIONS)
def test_a_selection_becomes_its_quotation_and_its_address(
    statement_page: Page, from_: str, start: str, to: str, end: str, words: str, locator: str, fragment: str
) -> None:
    page = statement_page
    select(page, from_, start, to, end)
    anchor = fragment.partition(":~:")[0]
    credit = ", ".join(filter(None, ["— A. B & C, 3 February 2020", locator, page.url.partition("#")[0] + anchor]))
    assert quotation(page) == f"{words} {credit}"
    select(page, from_, start, to, end)
    assert link(page) == page.url.partition("#")[0] + fragment


@pytest.mark.parametrize("fragment", [selection.values[-1] for selection in SELECTIONS], ids=unquote)
def test_every_link_to_words_opens_with_those_words_on_screen(
    browser: Browser, statement_page: Page, fragment: str
) -> None:
    anchor, _, directive = fragment[1:].partition(":~:")
    context = browser.new_context(viewport={"width": 375, "height": 200})
    for opened in (fragment, f"#:~:{directive}"):  # the words alone lead there, not only the paragraph
        page = context.new_page()
        page.goto(statement_page.url.partition("#")[0] + opened)
        box = page.locator(f"#{anchor}").bounding_box()
        assert box is not None
        assert box["y"] < 200
        assert box["y"] + box["height"] > 0
        assert page.get_by_role("alert").count() == 0
    context.close()


def test_a_long_selection_is_linked_by_its_first_and_last_words(open_page: OpenPage) -> None:
    page = open_page(permissions=GRANTED)
    select(page, "#p4", "Third", "#p4", "opposition.")
    address = link(page)
    ends = "Third%2C%20the%20parties%20discussed%20the,Syrian%20government%20and%20the%20opposition."
    assert address == f"{page.url}#p4:~:text={ends}"


def test_words_that_nothing_tells_apart_are_linked_by_their_paragraph(
    open_page: OpenPage, write_statement: Callable[..., Path]
) -> None:
    page = open_page(permissions=GRANTED)
    with served(write_statement("# Title\n\nPeace.\n\nPeace.\n")) as address:
        page.goto(address)
        select(page, "#p2", "Peace", "#p2", ".")
        assert link(page) == f"{address}#p2"


def test_the_quotation_is_on_the_clipboard_as_html_too(statement_page: Page) -> None:
    select(statement_page, "#p2", "entries", "#p2", "more")
    quotation(statement_page)
    html = read_page(clipboard(statement_page, "text/html"))
    source = statement_page.url.partition("#")[0] + "#p2"
    assert [element.tag for element in html.all] == ["blockquote", "p", "p", "a"]
    assert (html.values("cite"), html.values("href")) == ([source], [source])
    assert html.text == f"“entries, & more”— A. B & C, 3 February 2020, para. 2, {source}"


def test_a_selection_in_a_heading_alone_offers_nothing(statement_page: Page) -> None:
    select(statement_page, "#quotes h2", "Quo", "#quotes h2", "tes")
    statement_page.wait_for_timeout(600)
    assert not toolbar(statement_page).is_visible()


def test_the_configured_address_is_the_one_that_is_copied(open_page: OpenPage) -> None:
    page = open_page(permissions=GRANTED)
    with served(site_url="https://example.org/syria") as address:
        page.goto(address)
        page.locator("#p3 .marker").click()
        page.get_by_role("status").filter(has_text="Link copied").wait_for()
        assert clipboard(page) == "https://example.org/syria/#p3"


def test_a_marker_goes_to_its_part_copies_its_address_and_says_so_for_a_moment(open_page: OpenPage) -> None:
    page = open_page(permissions=GRANTED)
    address = page.url
    page.locator("#p3 .marker").click()
    status = page.get_by_role("status")
    status.filter(has_text="Link copied").wait_for()
    assert page.url == clipboard(page) == f"{address}#p3"
    near, marker = status.bounding_box(), page.locator("#p3 .marker").bounding_box()
    assert near is not None
    assert marker is not None
    assert abs(near["y"] - marker["y"]) < 60
    expect(status).to_have_text("")


@pytest.mark.parametrize("key", ["ControlOrMeta", "Shift"])
def test_a_modified_click_stays_the_browsers(open_page: OpenPage, key: str) -> None:
    page = open_page(permissions=GRANTED)
    address = page.url
    page.evaluate("navigator.clipboard.writeText('before')")
    with page.context.expect_page() as opened:
        page.locator("#p3 .marker").click(modifiers=[key])  # type: ignore[list-item]
    opened.value.close()
    page.bring_to_front()
    assert clipboard(page) == "before"
    assert page.url == address


def open_with_clipboard_refused(open_page: OpenPage, **options: str) -> Page:
    def refuse(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "permissions-policy": "clipboard-write=()"})

    page = open_page(**options)
    page.route("**", refuse)
    page.reload()
    return page


def open_without_clipboard(open_page: OpenPage) -> Page:
    page = open_page()
    page.goto(page.url.replace("127.0.0.1", "plain.test"))
    assert page.evaluate("typeof navigator.clipboard") == "undefined"
    return page


@pytest.mark.parametrize("reason", ["refused", "absent"])
def test_where_copying_fails_the_address_is_shown_selected_and_nothing_is_called_copied(
    open_page: OpenPage, reason: str
) -> None:
    page = open_with_clipboard_refused(open_page) if reason == "refused" else open_without_clipboard(open_page)
    page.locator("#p3 .marker").click()
    status = page.get_by_role("status")
    status.filter(has_text="Not copied. Copy it by hand:").wait_for()
    field = status.get_by_role("textbox")
    assert field.input_value() == page.url
    assert page.evaluate("getSelection().toString()") == page.url
    assert "copied" not in status.inner_text().replace("Not copied", "")
    page.keyboard.press("Escape")
    assert status.inner_text() == ""


def test_with_no_script_there_is_no_control_and_the_marker_is_a_link(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    assert page.locator("button, output, textarea, [role=group]").count() == 0
    page.locator("#p3 .marker").click()
    assert page.url.endswith("#p3")


def test_the_toolbar_is_reached_by_tab_and_closed_by_escape(open_page: OpenPage) -> None:
    page = open_page(permissions=GRANTED)
    select(page, "#p3", "Second", "#p3", "measures")
    toolbar(page).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    assert clipboard(page).startswith(f"{page.url}#p3:~:text=Second%2C")
    select(page, "#p3", "Second", "#p3", "measures")
    toolbar(page).wait_for()
    page.keyboard.press("Escape")
    assert not toolbar(page).is_visible()


def test_tab_goes_on_behind_the_words_when_the_toolbar_is_left(open_page: OpenPage) -> None:
    page = open_page()
    select(page, "#p3", "Second", "#p3", "measures")
    toolbar(page).wait_for()
    for key in ("Tab", "Escape", "Tab"):
        page.keyboard.press(key)
    assert page.locator(":focus").get_attribute("href") == "#political-process"


def test_tab_leads_to_the_toolbar_only_where_nothing_else_has_the_focus(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("nav a").first.focus()
    select(page, "#p3", "Second", "#p3", "measures")
    toolbar(page).wait_for()
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#p1"


def test_a_click_elsewhere_closes_what_is_shown_where_copying_fails(open_page: OpenPage) -> None:
    page = open_with_clipboard_refused(open_page)
    page.locator("#p3 .marker").click()
    page.get_by_role("textbox").click()
    assert page.get_by_role("textbox").is_visible()
    page.locator("#p5").click()
    assert page.get_by_role("textbox").count() == 0


def test_the_toolbar_takes_the_place_of_what_was_said_before(open_page: OpenPage) -> None:
    page = open_page(permissions=GRANTED)
    page.locator("#p3 .marker").click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    select(page, "#p3", "Second", "#p3", "parties")
    toolbar(page).wait_for()
    assert page.get_by_role("status").inner_text() == ""


def test_words_that_are_selected_still_leave_what_is_to_be_copied_by_hand(open_page: OpenPage) -> None:
    page = open_with_clipboard_refused(open_page)
    select(page, "#p3", "Second", "#p3", "parties")
    toolbar(page).get_by_role("button", name="Copy quotation").click()
    page.get_by_role("textbox").wait_for()
    page.evaluate("""() => {  // as in Firefox, which keeps the words selected beside those of a text area
      const range = new Range();
      range.selectNodeContents(document.querySelector("#p3"));
      window.getSelection = () => ({ rangeCount: 1, getRangeAt: () => range });
      document.dispatchEvent(new Event("selectionchange"));
    }""")
    page.wait_for_timeout(400)
    assert page.get_by_role("textbox").is_visible()


Box = dict[str, float]


def box_of(page: Page, what: str) -> Box:
    box: Box = page.evaluate(f"({what}).getBoundingClientRect().toJSON()")
    return box


def overlap(one: Box, other: Box) -> bool:
    beside = one["right"] <= other["left"] or other["right"] <= one["left"]
    return not (beside or one["bottom"] <= other["top"] or other["bottom"] <= one["top"])


SELECTED = "getSelection().getRangeAt(0)"


@pytest.mark.parametrize("width", [375, 1280])
def test_what_is_said_of_a_copied_link_covers_neither_the_words_nor_their_heading(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width, permissions=GRANTED)
    page.locator("#p3 .marker").click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    said = box_of(page, "document.querySelector('output')")
    for part in ("#p3", "#return-of-refugees h2"):
        assert not overlap(said, box_of(page, f"document.querySelector('{part}')"))
    assert 0 <= said["top"] < said["bottom"] <= 700
    assert said["right"] <= box_of(page, "document.querySelector('article')")["right"] + 1


@pytest.mark.parametrize("width", [375, 1280])
def test_what_is_said_of_a_copied_quotation_stands_where_the_toolbar_stood(open_page: OpenPage, width: int) -> None:
    page = open_page("#p4", width=width, permissions=GRANTED)
    select(page, "#p4", "Third", "#p4", "platform")
    toolbar(page).wait_for()
    stood = box_of(page, "document.querySelector('.bar')")
    quotation(page)
    said = box_of(page, "document.querySelector('output')")
    assert abs(said["top"] - stood["top"]) < 2
    assert not overlap(said, box_of(page, SELECTED))


def test_what_is_said_takes_no_click_and_no_selection(open_page: OpenPage) -> None:
    page = open_page(permissions=GRANTED)
    page.locator("#p3 .marker").click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    said = box_of(page, "document.querySelector('output')")
    page.mouse.dblclick(said["left"] + 20, said["top"] + 15)
    assert "Link" not in page.evaluate("getSelection().toString()")


def test_after_a_triple_click_the_toolbar_stands_under_the_words_each_time(open_page: OpenPage) -> None:
    page = open_page("#p3")
    places = set()
    for _ in range(3):
        page.locator("#p3").click(click_count=3, position={"x": 60, "y": 12})
        toolbar(page).wait_for()
        places.add(box_of(page, "document.querySelector('.bar')")["top"])
        page.mouse.click(5, 5)
        expect(toolbar(page)).to_have_count(0)
    (place,) = places
    assert 0 < place - box_of(page, "document.querySelector('#p3')")["bottom"] < 30


def test_everything_selected_leaves_the_toolbar_in_the_window(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("ControlOrMeta+A")
    toolbar(page).wait_for()
    box = toolbar(page).bounding_box()
    assert box is not None
    assert 0 <= box["y"] < box["y"] + box["height"] <= 700


def test_a_page_that_was_saved_as_it_stood_still_copies(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(permissions=GRANTED)
    saved = tmp_path / "saved.html"
    select(page, "#p3", "Second", "#p3", "parties")
    toolbar(page).wait_for()
    saved.write_text(page.content(), encoding="utf-8")
    page.goto(saved.as_uri())
    assert (toolbar(page).count(), page.get_by_role("status").count()) == (0, 1)
    page.locator("#p3 .marker").click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    assert clipboard(page) == f"{saved.as_uri()}#p3"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("start", "end"), [("Third", "platform"), ("Geneva", "opposition.")])
def test_the_toolbar_stands_in_the_window_beside_the_selection_and_not_on_it(
    open_page: OpenPage, width: int, start: str, end: str
) -> None:
    page = open_page(width=width)
    page.locator("#p4").scroll_into_view_if_needed()
    select(page, "#p4", start, "#p4", end)
    toolbar(page).wait_for()
    bar = toolbar(page).bounding_box()
    box = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert bar is not None
    above, below = box["top"] - bar["y"] - bar["height"], bar["y"] - box["bottom"]
    assert 0 < max(above, below) < 30
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= width


def test_a_selection_by_touch_offers_the_toolbar(open_page: OpenPage) -> None:
    page = open_page("#p3", width=375, has_touch=True, is_mobile=True, permissions=GRANTED)
    select(page, "#p3", "Second", "#p3", "parties")
    box = toolbar(page).get_by_role("button", name="Copy quotation").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    toolbar(page).get_by_role("button", name="Copy quotation").tap()
    page.get_by_role("status").filter(has_text="Quotation copied").wait_for()
    assert clipboard(page).startswith("“Second, the parties” — Sergey Lavrov, 29 December 2018, para. 3, http")


def test_a_selection_drawn_with_the_mouse_offers_the_toolbar(open_page: OpenPage) -> None:
    page = open_page("#p3", permissions=GRANTED)
    box = page.locator("#p3").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 14, steps=5)
    page.mouse.up()
    assert quotation(page).startswith("“Second, the parties mapped")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_the_toolbar_open_or_the_failure_shown(open_page: OpenPage, scheme: str) -> None:
    page = open_with_clipboard_refused(open_page, color_scheme=scheme)
    select(page, "#p3", "Second", "#p3", "parties")
    toolbar(page).wait_for()
    assert violations(page) == []
    toolbar(page).get_by_role("button", name="Copy quotation").click()
    page.get_by_role("textbox").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("options", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}], ids=str)
def test_the_toolbar_works_in_every_mode_of_display(open_page: OpenPage, options: dict[str, str]) -> None:
    page = open_page(permissions=GRANTED, **options)
    select(page, "#p3", "Second", "#p3", "parties")
    assert quotation(page).startswith("“Second, the parties”")


def test_the_script_is_under_6_kb() -> None:
    assert (Path(__file__).parent.parent / "static" / "script.js").stat().st_size < 6 * 1024
