"""The parts of a statement whose words must be the publication's."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.publication import Publication
from app.site.publication_text import ComparedText
from app.statement import Block, BlockQuote, ItemList, Paragraph, Section, Statement


@dataclass(frozen=True)
class ComparedPart:
    """A title, heading, paragraph or list item. `name` names it in messages."""

    name: str
    content: ComparedText
    is_item: bool = False

    @property
    def characters(self) -> str:
        """Return the characters without spaces and line breaks."""
        return self.content.characters


def compared_parts(statement: Statement) -> list[ComparedPart]:
    """Return the parts of `statement` in order, without those that are withdrawn.

    Headings are among them if they are the publication's. Paragraph numbers that
    the publication prints belong to the text.
    """
    parts = [ComparedPart("the title", ComparedText.of(statement.title))]
    has_numbers = statement.publication.numbers == "publication"
    has_headings = statement.publication.headings == "publication"
    parts.extend(_block_parts(statement.blocks, has_numbers))
    for section in _sections(statement):
        if has_headings:
            heading = ComparedText.of(section.heading)
            parts.append(ComparedPart(f"the heading of #{section.id}", heading))
        parts.extend(_block_parts(section.blocks, has_numbers))
    return parts


def other_words(statement: Statement) -> set[str]:
    """Return the other words of the publication on the page, without spaces.

    These are the title, facts of the front matter and titles of materials.
    """
    publication = statement.publication
    texts = [statement.title, publication.kind, publication.place]
    texts.append(publication.publisher)
    for speaker in publication.speakers:
        texts.extend([speaker.full_name, speaker.role])
    for material in publication.materials:
        texts.append(material.title)
    return {ComparedText.of(text).characters for text in texts if text}


def searched_facts(publication: Publication) -> list[tuple[str, ComparedText]]:
    """Return the values that should occur in the publication, each after its key."""
    values = [("place", publication.place)]
    for speaker in publication.speakers:
        values.append(("given", speaker.given))
        values.append(("family", speaker.family))
        values.append(("name", speaker.name))
        values.append(("role", speaker.role))
    facts = []
    for key, value in values:
        if value:
            facts.append((key, ComparedText.of(value)))
    return facts


def edition_headings(statement: Statement) -> set[str]:
    """Return the headings that are this edition's, without spaces."""
    headings = set()
    if statement.publication.headings == "edition":
        for section in _sections(statement):
            headings.add(ComparedText.of(section.heading).characters)
    return headings


def _sections(statement: Statement) -> Iterator[Section]:
    for section in statement.sections:
        yield section
        yield from section.subsections


def _block_parts(
    blocks: tuple[Block, ...], has_numbers: bool
) -> Iterator[ComparedPart]:
    for block in blocks:
        if isinstance(block, Paragraph):
            if not block.withdrawn:
                yield _paragraph_part(block, has_numbers)
        elif isinstance(block, BlockQuote):
            yield from _block_parts(block.blocks, has_numbers)
        else:
            yield from _item_parts(block)


def _paragraph_part(paragraph: Paragraph, has_numbers: bool) -> ComparedPart:
    text = paragraph.text
    if has_numbers and paragraph.anchor.kind == "p":
        text = f"{paragraph.label}. {text}"
    return ComparedPart(paragraph.id, ComparedText.of(text))


def _item_parts(items: ItemList) -> Iterator[ComparedPart]:
    for item in items.items:
        if not item.withdrawn:
            yield ComparedPart(item.id, ComparedText.of(item.text), is_item=True)
        if item.nested:
            yield from _item_parts(item.nested)
