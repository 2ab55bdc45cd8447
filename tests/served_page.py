"""A served page, read as a browser's parser would read it, for tests that need no browser."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}
WITHIN_WORDS = {"a", "b", "bdi", "em", "strong", "span", "time"}


@dataclass(eq=False)
class Element:
    """An element with its text and every element in it, in order; a comment is one too, named by what it says."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    spaced_text: str = ""  # with a line break between blocks
    all: list["Element"] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return the text as HTML shows its white space."""
        return re.sub("[ \t\n\f\r]+", " ", self.spaced_text).strip(" ")

    def find(self, tag: str, **attributes: str) -> list["Element"]:
        """Return the elements in it with this name and these attributes (`class_` for class)."""
        wanted = {
            name.rstrip("_").replace("_", "-"): value
            for name, value in attributes.items()
        }
        return [
            element
            for element in self.all
            if element.tag == tag and wanted.items() <= element.attributes.items()
        ]

    def one(self, tag: str, **attributes: str) -> "Element":
        (element,) = self.find(tag, **attributes)
        return element

    def part(self, id_: str) -> "Element":
        (element,) = (
            element for element in self.all if element.attributes.get("id") == id_
        )
        return element

    def values(self, attribute: str) -> list[str]:
        return [
            element.attributes[attribute]
            for element in self.all
            if attribute in element.attributes
        ]

    @property
    def scripts(self) -> list[str]:
        """Return what browsers run in it: JSON-LD is data, which no policy has to let in."""
        return [
            script.text
            for script in self.find("script")
            if script.attributes["type"] != "application/ld+json"
        ]

    @property
    def styles(self) -> list[str]:
        return [style.text for style in self.find("style")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (
            f"{tag} has an attribute twice"
        )
        self.separate(tag)
        element = self.add(tag, {name: value or "" for name, value in attrs})
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()
        self.separate(tag)

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data
            element.spaced_text += data

    def handle_comment(self, data: str) -> None:
        self.add(f"<!--{data}-->", {})

    handle_pi = unknown_decl = handle_comment

    def add(self, tag: str, attributes: dict[str, str]) -> Element:
        element = Element(tag, attributes)
        for parent in self.open:
            parent.all.append(element)
        return element

    def separate(self, tag: str) -> None:
        if tag not in WITHIN_WORDS:
            for element in self.open:
                element.spaced_text += "\n"


def read_page(html: str) -> Element:
    """Return the page's elements; every element must be closed where it was opened."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    return reader.root
