"""Compare the styles of the page in Chromium with the files in tests/golden/styles/.

Each file has the elements that differ from those of the files before it.
"""

import pytest
from browser import OpenPage, select, serve_in_thread
from golden_files import GOLDEN, check_golden
from playwright.sync_api import Page

# The properties of the style sheet, without those that depend on the fonts.
INHERITED = [
    "color",
    "cursor",
    "font-family",
    "font-size",
    "font-variant-numeric",
    "font-weight",
    "line-height",
    "list-style-type",
    "orphans",
    "overflow-wrap",
    "pointer-events",
    "text-align",
    "text-underline-offset",
    "user-select",
    "white-space",
    "widows",
]
PROPERTIES = [
    *INHERITED,
    "align-self",
    "background-color",
    "border-radius",
    "box-shadow",
    "break-inside",
    "clip-path",
    "column-gap",
    "content",
    "display",
    "flex",
    "flex-wrap",
    "float",
    "opacity",
    "outline-offset",
    "overflow",
    "padding",
    "position",
    "scroll-margin",
    "text-decoration-line",
    "text-decoration-thickness",
    "z-index",
]
# Their computed values, without layout, are only known of elements.
LAYOUT = [
    "bottom",
    "grid-area",
    "grid-template",
    "height",
    "left",
    "margin",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "right",
    "top",
    "width",
]
BORDERS = ["border-top", "border-right", "border-bottom", "border-left", "outline"]

# Returns a line for each element and for its ::before and ::after. A property is left
# out if it has the value that it has without the style sheet, or inherits.
STYLES = """([scope, inherited, properties, layout, borders]) => {
  const elements = [...document.querySelectorAll(`:is(${scope}), :is(${scope}) *`)];
  const nameOf = (element) => [element.localName, ...element.classList].join(".");

  function read(element, pseudo) {
    const values = {};
    const map = element.computedStyleMap();
    const style = getComputedStyle(element, pseudo);
    for (const name of properties) values[name] = style.getPropertyValue(name);
    for (const name of pseudo ? [] : layout) values[name] = `${map.get(name)}`;
    for (const name of borders) {
      const value = style.getPropertyValue(name);
      values[name] = value.includes("none") ? "" : value;
    }
    return values;
  }

  function describe(values, plain, above) {
    const found = [];
    for (const [name, value] of Object.entries(values)) {
      const isInherited = inherited.includes(name) && value === above[name];
      if (value !== plain[name] && !isInherited) found.push(`${name} ${value}`);
    }
    return found.join("; ");
  }

  if (!elements.every((element) => window.plain?.has(element))) {
    document.styleSheets[0].disabled = true;
    window.plain = new Map(elements.map((element) => [element, read(element)]));
    document.styleSheets[0].disabled = false;
  }
  const found = [];
  for (const element of elements) {
    const path = `${nameOf(element.parentElement)} > ${nameOf(element)}`;
    const values = read(element);
    const plain = window.plain.get(element);
    found.push([path, describe(values, plain, read(element.parentElement))]);
    for (const pseudo of ["::before", "::after"]) {
      const drawn = read(element, pseudo);
      if (["none", "normal"].includes(drawn.content)) continue;
      found.push([path + pseudo, describe(drawn, plain, values)]);
    }
  }
  return found.filter(([, style]) => style).map((line) => line.join(": "));
}"""


def styles(page: Page, scope: str) -> list[str]:
    """Return a line for each kind of element and its style."""
    arguments = [scope, INHERITED, PROPERTIES, LAYOUT, BORDERS]
    lines: list[str] = page.evaluate(STYLES, arguments)
    return list(dict.fromkeys(lines))


class StyleRecorder:
    """Compares the styles of several states of a page with golden files.

    A file has the lines that no file before it has.
    """

    def __init__(self, update: bool) -> None:
        self.update = update
        self.seen: set[str] = set()

    def check(self, page: Page, name: str, scope: str = "body") -> None:
        lines = [line for line in styles(page, scope) if line not in self.seen]
        self.seen.update(lines)
        text = "".join(f"{line}\n" for line in lines)
        check_golden(text, f"styles/{name}.txt", self.update)


def force(page: Page, state: str) -> None:
    """Give links, buttons and list items a state that depends on the pointer."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]
    query = {"nodeId": root["nodeId"], "selector": "a, button, li"}
    for node in session.send("DOM.querySelectorAll", query)["nodeIds"]:
        forced = {"nodeId": node, "forcedPseudoClasses": [state]}
        session.send("CSS.forcePseudoState", forced)


CONTROLS = ".bar, .note"
REFUSE_COPYING = "() => { navigator.clipboard.write = () => Promise.reject(); }"


@pytest.fixture
def recorder(pytestconfig: pytest.Config) -> StyleRecorder:
    return StyleRecorder(pytestconfig.getoption("update_golden"))


def test_the_styles_equal_their_golden_files(
    open_page: OpenPage, recorder: StyleRecorder
) -> None:
    with serve_in_thread(GOLDEN / "full.md") as address:
        page = open_page(address=address, width=375)
        recorder.check(page, "375")
        page.emulate_media(color_scheme="dark")
        recorder.check(page, "375-dark")
        page.emulate_media(color_scheme="light", media="print")
        recorder.check(page, "printed")
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 800, "height": 700})
        recorder.check(page, "800")
        page.set_viewport_size({"width": 1280, "height": 700})
        recorder.check(page, "1280")
        for fragment in ("p2", "talks", "p9-1", "p8", "cite", "_correction-1", "none"):
            page.goto(f"{address}#{fragment}")
            page.wait_for_function("document.querySelector(':target, .notice')")
            recorder.check(page, f"target-{fragment}")
        force(page, "hover")
        recorder.check(page, "hover")
        force(page, "focus")
        recorder.check(page, "focus")
        page.goto(f"{address}nowhere")
        recorder.check(page, "error")


def test_the_styles_of_the_controls_equal_their_golden_files(
    open_page: OpenPage, recorder: StyleRecorder
) -> None:
    page = open_page()
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        select(page, "#p3", "Second", "#p3", "parties")
        page.locator(".bar").evaluate("(bar) => { bar.style.top = ''; }")
        recorder.check(page, f"buttons-{width}", CONTROLS)
    force(page, "hover")
    recorder.check(page, "buttons-hover", CONTROLS)
    page.evaluate(REFUSE_COPYING)
    page.locator(".bar button").first.click()
    page.locator("textarea").wait_for()
    recorder.check(page, "copied-by-hand", CONTROLS)


def test_the_styles_from_right_to_left_equal_their_golden_files(
    open_page: OpenPage, recorder: StyleRecorder
) -> None:
    with serve_in_thread(GOLDEN / "rtl.md") as address:
        page = open_page(address=address)
        for width in (375, 800, 1280):
            page.set_viewport_size({"width": width, "height": 700})
            recorder.check(page, f"right-to-left-{width}")
