from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser import (
    SELECT,
    OpenPage,
    box,
    clipboard,
    select,
    served,
    violations_in_both_schemes,
)
from playwright.sync_api import Browser, Locator, Page, Route, expect
from served_page import read_fragment

GRANTED = ["clipboard-read", "clipboard-write"]
ADA = 'published = 2024-05-02\nspeaker = { given = "Ada", family = "Sample" }\npublisher = "Y"\nlanguage = "en"\n'

# Repeated words, quotation marks of each kind, numbers, a list, a quote, a link, a language without spaces.
BODY = """+++
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
VOICES = """voices = ["Question", "Ada Sample"]
+++
# Title

Question: Did you?

And why?

Ada Sample: No.

- One thing
- Another
    - Nested
"""
NUMBERS = """numbers = "publication"
headings = "publication"
+++
# Title

We met.

1. We agreed.

## Peace {#peace}

7. We keep it.

We part.
"""
LETTER = """delivered = [2024-04-30, 2024-05-01]
+++
# Title

The letter: “We met on Monday.

“We part.” Thus it ends, for Samplia:\\
A. Sample
"""
DAY = "Ada Sample, 2 May 2024"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(permissions=GRANTED) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def small(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 375, "height": 200}) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def show(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Give what opens a statement, by the rest of its text, and gives its address; the same one is opened once."""
    with ExitStack() as stack:

        @cache
        def serve(rest: str) -> str:
            path = tmp_path_factory.mktemp("content") / "statement.md"
            path.write_text(
                f"+++\n{rest}" if rest.startswith("published") else f"+++\n{ADA}{rest}",
                encoding="utf-8",
            )
            return stack.enter_context(served(path))

        def show(rest: str) -> str:
            if page.url != serve(rest):
                page.goto(serve(rest))
            return page.url

        yield show


def toolbar(page: Page) -> Locator:
    return page.get_by_role("group", name="Selected words")


def choose(page: Page, selection: str) -> None:
    """Select as "p1: from these words … p2: to these" says, or from the beginning to the end of the same words."""
    first, _, last = selection.partition(" … ")
    (from_, _, start), (to, _, end) = (
        first.partition(": "),
        (last or first).partition(": "),
    )
    select(page, f"#{from_}", start, f"#{to}", end)


def copied(page: Page, button: str, answer: str) -> str:
    toolbar(page).get_by_role("button", name=button).click()
    page.get_by_role("status").filter(has_text=answer).wait_for()
    return clipboard(page)


def quotation(page: Page) -> str:
    return copied(page, "Copy quotation", "Quotation copied")


def link(page: Page) -> str:
    return copied(page, "Copy link to these words", "Link copied")


@pytest.mark.parametrize(
    ("rest", "selection", "text"),
    [
        (BODY, "p1: is clear", f"“is clear” — {DAY}, para. 1, #p1"),
        (BODY, "p1: lear", f"“clear” — {DAY}, para. 1, #p1"),
        (BODY, "p2: 254 - … p2: exact", f"“2,254 - exactly” — {DAY}, para. 2, #p2"),
        (BODY, "p2: yria", f"“Syria’s” — {DAY}, para. 2, #p2"),
        (
            BODY,
            "p2: He said … p2: left.",
            f"“He said: ‘We heard ‘yes’ in Geneva’ and left.” — {DAY}, para. 2, #p2",
        ),
        (
            BODY,
            "p2: in Geneva … p2: left",
            f"“in Geneva’ and left” — {DAY}, para. 2, #p2",
        ),
        (
            BODY,
            "p1: is clear … p2: We",
            f"“is clear.\n\n“He said: ‘We” — {DAY}, paras. 1–2, #p1",
        ),
        (BODY, "quotes h2: uot … p2: He said", f"“He said” — {DAY}, para. 2, #p2"),
        (
            BODY,
            "p3: words … list h2: Li",
            f"“words of a colleague, then.” — {DAY}, para. 3, #p3",
        ),
        (
            BODY,
            "p3-1: item … p3-2-1: words",
            f"“item, with words\n\n“Another item\n\n“Nested words” — {DAY}, #list",
        ),
        (BODY, "p4: 这个", f"“这个” — {DAY}, para. 4, #p4"),
        (
            VOICES,
            "p1: Did … p2: why",
            f"“Did you?\n\n“And why” — Question, to {DAY}, paras. 1–2, #p1",
        ),
        (
            VOICES,
            "p2: why … p3: No.",
            f"“why?” — Question, to {DAY}, para. 2, #p2\n\n“Ada Sample: No.” — {DAY}, para. 3, #p3",
        ),
        (VOICES, "p3-2 span: Another", f"“Another” — {DAY}, para. 3, item 2, #p3-2"),
        (
            VOICES,
            "p3-2: Another … p3-2-1: Nested",
            f"“Another\n\n“Nested” — {DAY}, para. 3, items 2–2.1, #p3-2",
        ),
        (VOICES, "p3: No … p3-1: One", f"“No.\n\n“One” — {DAY}, para. 3, #p3"),
        (NUMBERS, "p1: 1. … p1: We", f"“We” — {DAY}, para. 1, #p1"),
        (
            NUMBERS,
            "p1: agreed … p7: keep",
            f"“agreed.\n\n“We keep” — {DAY}, paras. 1–7, #p1",
        ),
        (NUMBERS, "u1: met", f"“met” — {DAY}, #u1"),
        (NUMBERS, "u2: part", f"“part” — {DAY}, under “Peace”, #peace"),
        (
            LETTER,
            "p1: The … p2: Sample",
            "“The letter: ‘We met on Monday.\n\n“‘We part.’ Thus it ends, for Samplia:\nA. Sample”"
            " — Ada Sample, 30 April – 1 May 2024, paras. 1–2, #p1",
        ),
    ],
)
def test_a_quotation_says_whose_words_it_holds_when_and_where(
    page: Page, show: Callable[[str], str], rest: str, selection: str, text: str
) -> None:
    address = show(rest)
    choose(page, selection)
    assert quotation(page) == text.replace("#", f"{address}#")


# Words of BODY, and the fragment of the link to them.
LINKS = [
    ("p1: is clear", "#p1:~:text=is%20clear"),
    ("p2: 254 - … p2: exact", "#p2:~:text=2%2C254%20%2D%20exactly"),
    ("p2: He said … p2: We heard", "#p2:~:text=He%20said%3A%20%E2%80%9CWe%20heard"),
    (
        "p1: The aim, he … p1: peace.",
        "#p1:~:text=The%20aim%2C%20he%20said%2C%20is%20peace.,-The",
    ),
    (
        "p4: he said … p4: peace.",
        "#p4:~:text=aim%2C-,he%20said%2C%20is%20peace.,-%E6%88%91%E4%BB%AC",
    ),
    (
        "p1: is clear … p2: We heard",
        "#p1:~:text=is%20clear.,He%20said%3A%20%E2%80%9CWe%20heard",
    ),
    ("p3: words … list h2: Li", "#p3:~:text=words%20of%20a%20colleague%2C%20then."),
    ("p3-1: item, with … p3-2-1: Nested", "#p3-1:~:text=item%2C%20with%20words,Nested"),
    ("p4: 这个", "#p4:~:text=%E8%BF%99%E4%B8%AA"),
]


@pytest.mark.parametrize(("selection", "fragment"), LINKS)
def test_a_link_to_words_names_them_and_what_tells_them_apart_and_opens_on_them(
    small: Page, page: Page, show: Callable[[str], str], selection: str, fragment: str
) -> None:
    address = show(BODY)
    choose(page, selection)
    assert link(page) == address + fragment
    anchor, _, directive = fragment.partition(":~:")
    small.goto("about:blank")
    small.goto(
        f"{address}#:~:{directive}"
    )  # the words alone lead there, not only the paragraph
    assert -box(small, anchor)["height"] < box(small, anchor)["top"] < 200


# What browsers take for one and the same: accents, kinds of space, of apostrophe and dash, ligatures, letters, kana.
@pytest.mark.parametrize(
    ("first", "third"),
    [
        ("Aid of 10 000 euro.", "Aid of 10\u00a0000 euro."),
        ("In Lodz it’s so – fine.", "In Łódź it's so - ﬁne."),
        ("Die Strasse.", "Die Stra\u00adße."),
        ("ファイル。", "ふぁいる。"),
    ],
)
def test_where_nothing_tells_words_apart_the_link_leads_to_the_paragraph_and_says_so(
    page: Page, show: Callable[[str], str], first: str, third: str
) -> None:
    address = show(f"+++\n# Title\n\n{first}\n\nFiller.\n\n{third}\n")
    choose(page, f"p3: {third}")
    assert (
        copied(page, "Copy link to these words", "Link to paragraph 3 copied")
        == f"{address}#p3"
    )


LONG = "Extraordinary intergovernmental counterterrorism responsibilities, notwithstanding representation, cooperate."
CHINESE = (
    "我们一贯主张通过对话和谈判解决争端，反对使用武力。各方应当保持克制，避免局势进一步升级。联合国安理会第二二五四号决议"
    "必须得到全面执行，难民应当能够安全地返回家园。国际社会应当提供帮助，尊重叙利亚的主权和领土完整，共同维护地区的和平与稳定。"
)


@pytest.mark.parametrize(
    ("words", "directive"),
    [
        (LONG, LONG),
        (CHINESE, "我们一贯主张通过对话,地区的和平与稳定。"),
        ("For Samplia:\\\nA. Sample", "For Samplia:,A. Sample"),
    ],
)
def test_the_two_ends_of_a_selection_never_overlap(
    page: Page, show: Callable[[str], str], words: str, directive: str
) -> None:
    show(f"+++\n# Title\n\n{words}\n")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#p1'))")
    terms = [unquote(term) for term in link(page).partition(":~:text=")[2].split(",")]
    assert ",".join(terms) == directive


@pytest.mark.parametrize(
    ("language", "words", "direction"),
    [
        ("de", "Er sagte: „Wir wollen Frieden.“ Dann ging er.", None),
        ("ar", "قال الوزير: «نريد السلام» في Geneva عام 2020، ثم غادر.", "rtl"),
        ("en", "A line,\\\nits end & more.", None),
    ],
)
def test_what_is_copied_keeps_its_marks_its_language_and_its_direction(
    page: Page,
    show: Callable[[str], str],
    language: str,
    words: str,
    direction: str | None,
) -> None:
    address = show(ADA.replace('"en"', f'"{language}"') + f"+++\n# Title\n\n{words}\n")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#p1'))")
    quoted = f"“{words}”".replace("\\", "")
    assert quotation(page) == f"{quoted} — {DAY}, para. 1, {address}#p1"
    html = read_fragment(clipboard(page, "text/html"))
    quote = {"lang": language, "dir": direction, "cite": f"{address}#p1"}
    assert html.all[0].attributes == {
        name: value for name, value in quote.items() if value
    }
    assert html.one("blockquote").words == quoted.replace("\n", " ")
    assert html.one("a").attributes == {"href": f"{address}#p1"}
    assert html.text == quoted.replace("\n", "") + f"— {DAY}, para. 1, {address}#p1"


def test_a_selection_in_a_heading_alone_offers_nothing(
    page: Page, show: Callable[[str], str]
) -> None:
    show(BODY)
    page.evaluate(SELECT, ["#quotes h2", "Quo", "#quotes h2", "Quo"])
    page.wait_for_timeout(600)
    assert not toolbar(page).is_visible()


def test_the_configured_address_is_the_one_that_is_copied(page: Page) -> None:
    with served(site_url="https://example.org/syria") as address:
        page.goto(address)
        assert link_of_marker(page) == "https://example.org/syria/#p3"


def link_of_marker(page: Page) -> str:
    page.locator("#p3 .marker").click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    return clipboard(page)


def test_a_modified_click_stays_the_browsers(open_page: OpenPage) -> None:
    page = open_page(permissions=GRANTED)
    address = page.url
    page.evaluate("navigator.clipboard.writeText('before')")
    with page.context.expect_page() as opened:
        page.locator("#p3 .marker").click(modifiers=["ControlOrMeta"])
    opened.value.close()
    page.bring_to_front()
    assert (clipboard(page), page.url) == ("before", address)


def test_what_is_said_takes_no_click_and_goes_by_itself(open_page: OpenPage) -> None:
    page = open_page(width=900, permissions=GRANTED)
    link_of_marker(page)
    said = box(page, "output")
    page.mouse.dblclick(said["left"] + 20, said["top"] + 15)
    assert "Link" not in page.evaluate("getSelection().toString()")
    page.evaluate("scrollBy(0, -200)")
    link_of_marker(page)
    assert box(page, "#p3")["top"] < 100  # it leads there a second time too
    expect(page.get_by_role("status")).to_have_text("")


@pytest.fixture
def refused(open_page: OpenPage) -> Page:
    """Give a page that may not write to the clipboard, with the buttons beside "Second, the parties"."""

    def refuse(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer,
            headers={**answer.headers, "permissions-policy": "clipboard-write=()"},
        )

    page = open_page()
    page.route("**", refuse)
    page.reload()
    select(page, "#p3", "Second", "#p3", "parties")
    return page


def test_where_copying_is_refused_the_quotation_is_shown_selected_and_escape_gives_the_words_back(
    refused: Page,
) -> None:
    assert violations_in_both_schemes(refused) == []
    toolbar(refused).get_by_role("button", name="Copy quotation").click()
    status = refused.get_by_role("status")
    status.filter(has_text="Not copied. Copy it by hand:").wait_for()
    assert violations_in_both_schemes(refused) == []
    assert (
        refused.evaluate("getSelection().toString()")
        == status.get_by_role("textbox").input_value()
    )
    assert "copied" not in status.inner_text().replace("Not copied", "")
    refused.keyboard.press("Escape")
    assert status.inner_text() == ""
    assert refused.evaluate("getSelection().toString()") == "Second, the parties"
    refused.locator("#p3 .marker").click()
    refused.get_by_role("textbox").click()
    assert refused.get_by_role("textbox").is_visible()
    refused.locator("#p5").click()  # a click elsewhere closes it
    assert refused.get_by_role("textbox").count() == 0


def test_with_no_script_there_is_no_control_and_the_marker_is_a_link(
    open_page: OpenPage,
) -> None:
    page = open_page(java_script_enabled=False)
    assert page.locator("button, output, textarea, [role=group]").count() == 0
    page.locator("#p3 .marker").click()
    assert page.url.endswith("#p3")


@pytest.mark.parametrize(
    ("focused", "keys", "end"),
    [
        (
            "nav a",
            ["Tab"],
            "#coordination",
        ),  # where something else has the focus, the toolbar does not take it
        ("body", ["Tab", "Escape", "Tab"], "#political-process"),
        ("body", ["Tab", "Tab", "Tab"], "#political-process"),
    ],
)
def test_tab_goes_on_behind_the_words(
    open_page: OpenPage, focused: str, keys: list[str], end: str
) -> None:
    page = open_page()
    page.locator(focused).first.focus()
    select(page, "#p3", "Second", "#p3", "measures")
    for key in keys:
        page.keyboard.press(key)
    assert page.locator(":focus").get_attribute("href") == end
    assert toolbar(page).count() == (focused == "nav a")


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    beside = one["right"] <= other["left"] or other["right"] <= one["left"]
    return not (
        beside or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
    )


SELECTED = "getSelection().getRangeAt(0).getBoundingClientRect().toJSON()"


@pytest.mark.parametrize("width", [375, 1280])
def test_what_is_said_of_a_copied_link_covers_neither_the_words_nor_their_heading(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width, permissions=GRANTED)
    link_of_marker(page)
    said = box(page, "output")
    for part in ("#p3", "#return-of-refugees h2"):
        assert not overlap(said, box(page, part))
    assert 0 <= said["top"] < said["bottom"] <= 700
    assert said["right"] <= width


@pytest.mark.parametrize("width", [320, 1280])
def test_the_toolbar_and_what_is_said_stand_beside_the_words_in_the_margin_where_it_has_room(
    open_page: OpenPage, width: int
) -> None:
    page = open_page("#p4", width=width, permissions=GRANTED)
    for start, end in (("Third", "platform"), ("Geneva", "opposition.")):
        select(page, "#p4", start, "#p4", end)
        bar, words = box(page, ".bar"), page.evaluate(SELECTED)
        assert not overlap(bar, words)
        assert 0 <= bar["left"] < bar["right"] <= width
        assert (
            -30 < words["top"] - bar["bottom"] < 30
            or -100 < bar["top"] - words["bottom"] < 30
        )
        assert (bar["left"] > box(page, "#statement")["right"]) == (width == 1280)
    quotation(page)
    said = box(page, "output")
    assert said["top"] == pytest.approx(bar["top"], abs=1)
    assert not overlap(said, words)
    select(page, "#p4", "Third", "#p4", "platform")
    assert page.get_by_role("status").inner_text() == ""


def test_everything_selected_leaves_the_toolbar_in_the_window(
    open_page: OpenPage,
) -> None:
    page = open_page()
    page.keyboard.press("ControlOrMeta+A")
    toolbar(page).wait_for()
    bar = box(page, ".bar")
    assert 0 <= bar["top"] < bar["bottom"] <= 700


def test_a_page_that_was_saved_as_it_stood_still_copies(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(permissions=GRANTED)
    saved = tmp_path / "saved.html"
    select(page, "#p3", "Second", "#p3", "parties")
    saved.write_text(page.content(), encoding="utf-8")
    page.goto(saved.as_uri())
    assert (toolbar(page).count(), page.get_by_role("status").count()) == (0, 1)
    assert page.locator(".hint").inner_text().count("Select words") == 1
    assert link_of_marker(page) == f"{saved.as_uri()}#p3"


def test_a_selection_by_touch_offers_the_toolbar(open_page: OpenPage) -> None:
    page = open_page(
        "#p3", width=375, has_touch=True, is_mobile=True, permissions=GRANTED
    )
    select(page, "#p3", "Second", "#p3", "parties")
    assert box(page, ".bar button")["height"] >= 44
    toolbar(page).get_by_role("button", name="Copy quotation").tap()
    page.get_by_role("status").filter(has_text="Quotation copied").wait_for()


def test_a_selection_drawn_with_the_mouse_offers_the_toolbar(
    open_page: OpenPage,
) -> None:
    page = open_page("#p3", permissions=GRANTED)
    place = box(page, "#p3")
    page.mouse.move(place["x"] + 2, place["y"] + 12)
    page.mouse.down()
    page.mouse.move(place["x"] + 200, place["y"] + 14, steps=5)
    page.mouse.up()
    assert quotation(page).startswith("“Second, the parties mapped")
