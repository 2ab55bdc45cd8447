"""Sentence ends, and the article before the name of an office."""

# Marks that end a sentence, in Latin and other scripts.
SENTENCE_ENDS = ".!?…。！？؟۔।"
# Marks that may follow them. A German quotation closes with “, a Danish one with «.
CLOSING_MARKS = "’”“»«'\"」』"

# Nouns whose presence in the name of an office requires the article "the".
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
    """Return whether `text` ends a sentence, perhaps with closing marks."""
    return text.rstrip(CLOSING_MARKS).endswith(tuple(SENTENCE_ENDS))


def with_article(name: str) -> str:
    """Return the name of an office, with "the" if needed: "the Office of Examples"."""
    words = name.split()
    has_noun = not OFFICE_NOUNS.isdisjoint(words)
    if words[0].lower() != "the" and (has_noun or "of" in words):
        return f"the {name}"
    return name
