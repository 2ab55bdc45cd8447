"""Read a served page with a maintained HTML parser, for tests without a browser."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from justhtml import JustHTML

VOID_TAGS = {"br", "hr", "img", "input", "link", "meta"}


class Element:
    """An element of the page with its attributes, its text and its descendants.

    A comment or a processing instruction is an element, too; its tag is its source.
    """

    def __init__(self, node: Any) -> None:
        self._node = node
        self.tag: str = node.name
        if node.name.startswith("#") and node.data is not None:
            self.tag = f"<!--{node.data}-->"
        self.attributes: dict[str, str] = {}
        for name, value in (node.attrs or {}).items():
            self.attributes[name] = value or ""

    @property
    def text(self) -> str:
        """Return the text of the element and its descendants."""
        return str(self._node.to_text(separator="", strip=False))

    @property
    def words(self) -> str:
        """Return the text as a browser shows it, with a space between blocks."""
        text = self._node.to_text("\n", strip=False, separator_blocks_only=True)
        return re.sub("[ \t\n\f\r]+", " ", text).strip(" ")

    @property
    def all(self) -> list["Element"]:
        """Return every descendant, in document order."""
        return [Element(node) for node in _descendants(self._node)]

    def find(self, tag: str, **attributes: str) -> list["Element"]:
        """Return the descendants with this tag and these attributes.

        `class_` is the class, and an underscore inside a name is a hyphen.
        """
        wanted = {}
        for name, value in attributes.items():
            wanted[name.rstrip("_").replace("_", "-")] = value
        found = []
        for element in self.all:
            if element.tag == tag and wanted.items() <= element.attributes.items():
                found.append(element)
        return found

    def one(self, tag: str, **attributes: str) -> "Element":
        """Return the only descendant with this tag and these attributes."""
        (element,) = self.find(tag, **attributes)
        return element

    def part(self, id_: str) -> "Element":
        """Return the only descendant with this id."""
        (element,) = [
            element for element in self.all if element.attributes.get("id") == id_
        ]
        return element

    def values(self, attribute: str) -> list[str]:
        """Return the values of an attribute of all descendants."""
        return [
            element.attributes[attribute]
            for element in self.all
            if attribute in element.attributes
        ]

    @property
    def scripts(self) -> list[str]:
        """Return the scripts that browsers run. Other types are data, not scripts."""
        return [script.text for script in self.find("script", type="module")]

    @property
    def styles(self) -> list[str]:
        """Return the style sheets inside the element."""
        return [style.text for style in self.find("style")]


def _descendants(node: Any) -> Iterator[Any]:
    children = node.children or []
    if getattr(node, "template_content", None):
        children = node.template_content.children
    for child in children:
        if child.name not in ("#text", "!doctype"):
            yield child
            yield from _descendants(child)


class NestingChecker(HTMLParser):
    """Assert that elements are closed in order and that no attribute is repeated.

    The parser reports neither, because browsers repair both.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open_tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} repeats an attribute"
        if tag not in VOID_TAGS:
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags[-1] == tag, f"</{tag}> closes <{self.open_tags[-1]}>"
        self.open_tags.pop()

    def close(self) -> None:
        super().close()
        assert self.open_tags == []


def read_page(html: str) -> Element:
    """Return the document; a parse error or wrong nesting fails the test."""
    checker = NestingChecker()
    checker.feed(html)
    checker.close()
    return Element(JustHTML(html, sanitize=False, strict=True).root)


def read_fragment(html: str) -> Element:
    """Return a fragment of HTML, such as copied text, as an element."""
    return Element(JustHTML(html, sanitize=False, fragment=True).root)
