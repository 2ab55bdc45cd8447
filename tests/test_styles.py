"""Compare the styles of the page in Chromium with the files in tests/golden/styles/.

A file has a line for each kind of element and its style. The files of other states of
a page have the lines that the file of its first state does not have.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from browser import OpenPage, select, serve_in_thread
from case_files import read_fields
from conftest import CheckGolden
from golden_files import GOLDEN
from playwright.sync_api import Page

# Each property of static/style.css is in one of these lists, but for the colour of
# underlines. `box-sizing` is not inherited, but is the same for all elements.
INHERITED = """
    box-sizing color color-scheme cursor font-family font-size font-variant-numeric
    font-weight line-height list-style-type orphans overflow-wrap pointer-events
    text-align text-size-adjust text-underline-offset text-wrap user-select
    white-space widows
"""
OTHERS = """
    align-self background-color border-radius box-shadow break-inside clip-path
    column-gap content display flex flex-wrap float opacity outline-offset overflow
    padding position scroll-margin text-decoration-line text-decoration-thickness
    z-index
"""
# Their values after layout may depend on the fonts. Those before layout are known of
# elements, but not of ::before and ::after.
LAYOUT = """
    bottom grid-area grid-template height left margin max-height max-width min-height
    min-width right top width
"""
BORDERS = "border-top border-right border-bottom border-left outline"

# Returns the styles of the elements, and of their ::before and ::after, if they have
# any. Inherited values are left out, and those without the style sheet.
STYLES = """([scope, inherited, others, layout, borders]) => {
  const elements = [...document.querySelectorAll(`:is(${scope}), :is(${scope}) *`)];
  const nameOf = (element) => [element.localName, ...element.classList].join(".");

  function read(element, pseudo) {
    const values = {};
    const style = getComputedStyle(element, pseudo);
    for (const name of [...inherited, ...others]) {
      values[name] = style.getPropertyValue(name);
    }
    if (!pseudo) {
      const map = element.computedStyleMap();
      for (const name of layout) values[name] = `${map.get(name)}`;
    }
    for (const name of borders) {
      const value = style.getPropertyValue(name);
      values[name] = value.includes("none") ? "" : value;
    }
    return values;
  }

  function describe(values, unstyled, ofParent) {
    const found = [];
    for (const [name, value] of Object.entries(values)) {
      const isInherited = inherited.includes(name) && value === ofParent[name];
      if (value !== unstyled[name] && !isInherited) found.push(`${name} ${value}`);
    }
    return found.join("; ");
  }

  document.styleSheets[0].disabled = true;
  const unstyled = new Map(elements.map((element) => [element, read(element)]));
  document.styleSheets[0].disabled = false;
  const found = [];
  for (const element of elements) {
    const parent = element.parentElement;
    const path = parent ? `${nameOf(parent)} > ${nameOf(element)}` : nameOf(element);
    const values = read(element);
    const before = unstyled.get(element);
    found.push([path, describe(values, before, parent ? read(parent) : {})]);
    for (const pseudo of ["::before", "::after"]) {
      const ofPseudo = read(element, pseudo);
      if (["none", "normal"].includes(ofPseudo.content)) continue;
      found.push([path + pseudo, describe(ofPseudo, before, values)]);
    }
  }
  return found.filter(([, style]) => style).map((line) => line.join(": "));
}"""


def styles(page: Page, scope: str = "html") -> list[str]:
    """Return a line for each kind of element and its style."""
    lists = [names.split() for names in (INHERITED, OTHERS, LAYOUT, BORDERS)]
    lines: list[str] = page.evaluate(STYLES, [scope, *lists])
    return list(dict.fromkeys(lines))


def as_text(lines: list[str], known: list[str]) -> str:
    """Return the lines that are not known as a text."""
    return "".join(f"{line}\n" for line in lines if line not in known)


@contextmanager
def forced(page: Page, pseudo_class: str) -> Iterator[None]:
    """Give links, buttons and list items a pseudo-class, such as "hover", or none."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]
    query = {"nodeId": root["nodeId"], "selector": "a, button, li"}
    classes = pseudo_class.split()
    for node in session.send("DOM.querySelectorAll", query)["nodeIds"]:
        parameters = {"nodeId": node, "forcedPseudoClasses": classes}
        session.send("CSS.forcePseudoState", parameters)
    yield
    session.detach()


@dataclass(frozen=True)
class State:
    """A state of a page, from a line of tests/cases/styles.txt."""

    statement: str
    name: str
    width: str
    fragment: str
    media: str
    color_scheme: str
    pseudo_class: str

    def __str__(self) -> str:
        return f"{self.statement}/{self.name}"


STATES = [State(*fields) for fields in read_fields("styles.txt", "|")]


def first_state(statement: str) -> State:
    """Return the first state of the page of a statement."""
    return next(state for state in STATES if state.statement == statement)


def styles_in(page: Page, address: str, state: State) -> list[str]:
    """Open a page in a state and return its styles."""
    page.set_viewport_size({"width": int(state.width), "height": 700})
    page.emulate_media(
        media=state.media,  # type: ignore[arg-type]
        color_scheme=state.color_scheme,  # type: ignore[arg-type]
    )
    page.goto(f"{address}#{state.fragment}")
    if state.fragment:
        page.wait_for_function("document.querySelector(':target, .notice')")
    if not state.pseudo_class:
        return styles(page)
    with forced(page, state.pseudo_class):
        return styles(page)


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """Return the addresses of the pages by the names of their statements."""
    with ExitStack() as servers:
        found = {}
        for name in ("full", "rtl"):
            server = serve_in_thread(GOLDEN / f"{name}.md")
            found[name] = servers.enter_context(server)
        yield found


@pytest.fixture(scope="module")
def first_styles() -> dict[str, list[str]]:
    """Return the styles in the first state of each statement that was opened."""
    return {}


@pytest.mark.parametrize("state", STATES, ids=str)
def test_the_styles_equal_their_golden_file(
    open_page: OpenPage,
    addresses: dict[str, str],
    first_styles: dict[str, list[str]],
    check_golden: CheckGolden,
    state: State,
) -> None:
    page = open_page()
    address = addresses[state.statement]
    first = first_state(state.statement)
    if state.statement not in first_styles:
        first_styles[state.statement] = styles_in(page, address, first)
    known = first_styles[state.statement]
    if state == first:
        text = as_text(known, known=[])
    else:
        text = as_text(styles_in(page, address, state), known)
    check_golden(text, f"styles/{state}.txt")


def test_the_styles_of_an_error_page_equal_their_golden_file(
    open_page: OpenPage, site_address: str, check_golden: CheckGolden
) -> None:
    page = open_page(address=f"{site_address}nowhere")
    check_golden(as_text(styles(page), known=[]), "styles/error.txt")


CONTROLS = ".bar, .note"
# The script places the buttons next to the words, whose place depends on the fonts.
RESET_PLACE = "(bar) => { bar.style.top = ''; }"
REFUSE_COPYING = "() => { navigator.clipboard.write = () => Promise.reject(); }"


@pytest.mark.parametrize(
    ("width", "pseudo_class"), [(1280, ""), (375, ""), (1280, "hover")]
)
def test_the_styles_of_the_buttons_equal_their_golden_file(
    open_page: OpenPage, check_golden: CheckGolden, width: int, pseudo_class: str
) -> None:
    page = open_page(width=width)
    select(page, "#p3", "Second", "#p3", "parties")
    page.locator(".bar").evaluate(RESET_PLACE)
    with forced(page, pseudo_class):
        lines = styles(page, CONTROLS)
    name = f"styles/buttons-{pseudo_class or width}.txt"
    check_golden(as_text(lines, known=[]), name)


def test_the_styles_of_a_text_to_copy_by_hand_equal_their_golden_file(
    open_page: OpenPage, check_golden: CheckGolden
) -> None:
    page = open_page()
    select(page, "#p3", "Second", "#p3", "parties")
    page.evaluate(REFUSE_COPYING)
    page.get_by_role("button", name="Copy quotation").click()
    page.locator("textarea").wait_for()
    page.locator(".note").evaluate(RESET_PLACE)
    check_golden(as_text(styles(page, CONTROLS), known=[]), "styles/copied-by-hand.txt")
