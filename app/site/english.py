"""Sentence ends, and the article before the name of an office."""

# Signs that end a sentence in the scripts of these languages.
SENTENCE_ENDS = ".!?…。！？؟۔।"
# Quotation marks that may follow such a sign. German closes with “, Danish with «.
CLOSING_MARKS = "’”“»«'\"」』"

# English nouns in the names of offices, which have "the" before them in a sentence.
OFFICE_NOUNS = {
    "Commission",
    "Committee",
    "Council",
    "Delegation",
    "Department",
    "Embassy",
    "Government",
    "Ministry",
    "Mission",
    "Office",
    "Secretariat",
    "Union",
}


def ends_as_sentence(text: str) -> bool:
    """Return whether `text` ends with a sentence end and any closing marks."""
    return text.rstrip(CLOSING_MARKS).endswith(tuple(SENTENCE_ENDS))


def with_article(name: str) -> str:
    """Return the name of an office as a sentence has it: "the Office of Examples"."""
    words = name.split()
    has_noun = not OFFICE_NOUNS.isdisjoint(words)
    if words[0].lower() != "the" and (has_noun or "of" in words):
        return f"the {name}"
    return name
