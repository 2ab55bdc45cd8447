"""A served page, read as a browser's parser would read it, for tests that need no browser."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Element:
    """An element with its attributes, its text and the elements in it."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element that holds nothing yet."""
        self.tag, self.attributes = tag, attributes
        self.text = ""
        self.all: list[Element] = []  # every element in it, in order

    def find(self, tag: str, **attributes: str) -> list["Element"]:
        """Return the elements in it with this name and these attributes (`class_` for class)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [element for element in self.all if element.tag == tag and wanted.items() <= element.attributes.items()]

    def one(self, tag: str, **attributes: str) -> "Element":
        """Return the one element in it with this name and these attributes."""
        (element,) = self.find(tag, **attributes)
        return element


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        for parent in self.open:
            parent.all.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def read_page(html: str) -> Element:
    """Return the page's elements; every element must be closed where it was opened."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    return reader.root
