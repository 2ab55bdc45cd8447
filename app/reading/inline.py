"""What may stand inside a paragraph: emphasis and links, by Python-Markdown; the rest is refused or plain text."""

import re
import string
from collections.abc import Mapping
from functools import cached_property
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import Pattern
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.treeprocessors import UnescapeTreeprocessor
from markdown.util import Registry

from app.statement import Emphasis, Inline, Link, links_in, plain_text
from app.web_address import is_web_address

# Read by Python-Markdown itself, in its own order; the rest is refused, or stands as text.
ALLOWED = {"escape": 180, "link": 160, "em_strong": 60}
ESCAPED = re.compile(rf"\\[{re.escape(string.punctuation)}]")

# Where Markdown would not show the characters as they are: what it is, how it looks, what to write instead.
REFUSED = (
    ("code", r"(`+)[^`]+\1", r"write \` for the character itself"),
    ("an image", r"!\[[^\]]*\][(\[]", r"write \! for the character itself"),
    ("a link without words of its own", r"<(?:https?:|mailto:)[^<>]*>", "write [words](address)"),
    (
        "a bare address whose marks Markdown would take away",
        r"(?<!\()https?://[^\s()<>\[\]]*(?:\*|(?<!\w)_)[^\s()<>\[\]]*",
        r"write \* and \_ in it, or [words](address)",
    ),
    ("raw HTML", r"<[A-Za-z/!?][^<>]*>?", r"write \< for the character itself"),
    (
        "a character reference",
        r"&(?:#\w+|[A-Za-z0-9]+);",
        r"write the character itself, or \& for an ampersand",
    ),
    ("an attribute list", r"\{[:#.][^{}]*\}?", r"write \{ for the character itself"),
    (
        "a link definition",
        r"^\[[^\]]*\]:",
        r"write [words](address) where the link stands, or \[ for the character itself",
    ),
)


# Without one of these a text is its words: most paragraphs of most statements never reach Python-Markdown.
SPECIAL = re.compile(r"[\\*_`<&{\[]")
DEEPEST = 4  # levels of emphasis and links, so that no file can exhaust the stack


class RefusedMarkdownError(ValueError):
    """A piece of Markdown that a statement may not hold: what it is, how it is written, what would be right."""

    def __init__(self, kind: str, written: str, remedy: str) -> None:
        """Keep the three facts; of `written`, which stands in the file, the beginning."""
        super().__init__(kind)
        self.kind, self.written, self.remedy = kind, written[:40], remedy


class _Reader:
    """Python-Markdown, cut down to what it does inside a paragraph with the allowed patterns."""

    def __init__(self, allowed: Mapping[str, int]) -> None:
        self.markdown = Markdown()
        self.markdown.ESCAPED_CHARS[:] = string.punctuation
        patterns: Registry[Pattern] = Registry()
        for name, priority in allowed.items():
            patterns.register(self.markdown.inlinePatterns[name], name, priority)
        self.markdown.inlinePatterns = patterns
        self.inline = InlineTreeprocessor(self.markdown)
        self.markdown.treeprocessors.register(self.inline, "inline", 20)  # where links look it up
        self.escapes = UnescapeTreeprocessor(self.markdown)

    def read(self, text: str) -> Inline:
        root = Element("div")
        SubElement(root, "p").text = text
        self.inline.run(root)
        self.escapes.run(root)
        return _content(root[0])


class InlineReader:
    """Reads the inside of paragraphs, headings and list items."""

    @cached_property
    def _whole(self) -> _Reader:
        return _Reader(ALLOWED)

    @cached_property
    def _without_emphasis(self) -> _Reader:
        return _Reader({name: ALLOWED[name] for name in ALLOWED if name != "em_strong"})

    def read(self, text: str) -> Inline:
        """Return the words of `text` with their emphasis and links. Raises RefusedMarkdownError."""
        if not SPECIAL.search(text):
            return (text,)
        _check_refused(text)
        try:
            content = self._whole.read(text)
            _check_links(content, text)
            if "*" in text or "_" in text:
                self._check_emphasis(content, text)
        except RecursionError:
            raise RefusedMarkdownError("nesting this deep", text, f"use {DEEPEST} levels at most") from None
        return content

    def _check_emphasis(self, content: Inline, text: str) -> None:
        """Raise unless emphasis took its own marks away and nothing else.

        Python-Markdown loses words beside marks that overlap: of `2*3**4*5` it keeps no 5.
        """
        marked = plain_text(self._without_emphasis.read(text))
        words = plain_text(content)
        if _unmarked(marked) != _unmarked(words) or len(marked) - len(words) != _marks(content):
            raise RefusedMarkdownError(
                "emphasis whose marks do not pair", text, r"write \* or \_ for the characters themselves"
            )


def _check_refused(text: str) -> None:
    unescaped = ESCAPED.sub("\0\0", text)  # as long, and what no file holds
    for kind, pattern, remedy in REFUSED:
        if found := re.search(pattern, unescaped):
            raise RefusedMarkdownError(kind, text[found.start() : found.end()], remedy)


def _unmarked(text: str) -> str:
    return text.replace("*", "").replace("_", "")


def _check_links(content: Inline, text: str) -> None:
    """Raise unless each address is as it is written: of `https://a.org/d'Ivoire_(b)` Python-Markdown drops the end."""
    for link in links_in(content):
        if f"]({link.href})" not in text or link.href.count("(") != link.href.count(")"):
            remedy = "write it bare, with %27 %28 %29 for ' ( ) and %5C for a backslash"
            raise RefusedMarkdownError("an address that Markdown would change", f"]({link.href}", remedy)


def _marks(content: Inline) -> int:
    """Return how many characters mark the emphasis in `content`."""
    count = 0
    for run in content:
        if isinstance(run, Emphasis):
            count += 4 if run.strong else 2
        if not isinstance(run, str):
            count += _marks(run.content)
    return count


def _content(element: Element, depth: int = 0) -> Inline:
    if depth > DEEPEST:
        raise RecursionError
    runs: list[str | Emphasis | Link | None] = [element.text]
    for child in element:
        content = _content(child, depth + 1)
        runs += [_link(child, content) if child.tag == "a" else Emphasis(content, child.tag == "strong"), child.tail]
    return tuple(run for run in runs if run)


def _link(element: Element, content: Inline) -> Link:
    href = element.get("href", "")
    written = f"[{plain_text(content)}]({href})"
    if not plain_text(content).strip():
        raise RefusedMarkdownError("a link without words", written, "write [words](address)")
    if element.get("title"):
        raise RefusedMarkdownError("a link with a title", written, "write [words](address)")
    if not (
        re.fullmatch(r"#\S+", href) or is_web_address(href) or re.fullmatch(r"mailto:[^\s@<>\"]+@[^\s@<>\"]+", href)
    ):
        raise RefusedMarkdownError(
            "a link to no http, https or mailto address or #id", written, "write [words](https://…)"
        )
    return Link(content, href)
