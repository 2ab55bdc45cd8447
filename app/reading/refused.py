"""What Markdown would make something else of, by name, and which lines go on with the one above them."""

import re

from app.reading.line import Line, Problems, is_han_or_kana

DEFINITION = (
    r"write [words](address) where the link stands, or \[ for the character itself"
)
ITEM = r"leave an empty line above the list, or write \- or \* for the character itself"
NUMBER = r"write \. for the full stop itself; a list has an empty line above it, and counts 1., 2., 3."
IMAGE = (
    r"describe it in words, or write [words](address), or !\[ for the signs themselves"
)
# Of a line that should be text, from its beginning.
LINES = (
    (
        r"(\[\^[^\]]*\]:.*)",
        "a footnote",
        r"write the note as a paragraph, its sign as \* or a number",
    ),
    (r"\[[^\]]*\]:.*", "a link definition", DEFINITION),
    (
        r"\|?( *:?-+:? *\|)+( *:?-+:? *)?",
        "a table",
        "write each row as a paragraph or an item of a list",
    ),
    (
        r"([-*_=])( *\1)*",
        "a rule or the underline of a heading",
        r"remove it, or write \ before its first character",
    ),
    (r"(```|~~~).*", "a code block", "remove the fence"),
    (
        r" .*",
        "indented, which makes code",
        "begin it at the margin; an item of a list is one paragraph",
    ),
    (
        r"#{4,6} .*",
        "a heading below a subsection",
        "write ### for a subsection, or a paragraph of **strong words**",
    ),
    (
        r"#.*",
        "a heading out of place",
        r"write ## or ### and a space at the margin, or \# for the character itself",
    ),
    (
        r">.*",
        "a block quote out of place",
        r"leave an empty line above it, or write \> for the character itself",
    ),
    (
        r"\+( .*|)",
        "a list item",
        r"write - for an item, or \+ for the character itself",
    ),
    (r"[-*] .*", "a list item out of place", ITEM),
    (r"\d+\.( .*|)", "a list item out of place", NUMBER),
)
# Anywhere in a text, in which escaped characters are hidden.
TEXTS = (
    (
        "code",
        r"(`+)[^`]+\1|`[^`]*\U000e0060",
        r"write \` for the character itself",
    ),  # a hidden ` closes it too
    (
        "a footnote",
        r"\[\^[^\]\n]+\]",
        r"write the note as a paragraph, its sign as \* or a number",
    ),
    ("an image", r"!\[[^\]\n]*[\](\[]", IMAGE),
    (
        "a link without words of its own",
        r"<(?:https?:|mailto:)[^<>]*>|<[^<>\s@]+@[^<>\s]+>",
        "write [words](address)",
    ),
    ("raw HTML", r"<[A-Za-z/!?][^<>]*>?", r"write \< for the character itself"),
    (
        "a character reference",
        r"&(?:#\w+|[A-Za-z0-9]+);",
        r"write the character itself, or \& for an ampersand",
    ),
    ("an attribute list", r"\{[:#.][^{}]*\}?", r"write \{ for the character itself"),
)
BEGINNINGS = ("`", "<", "&", "{", "![", "[^")  # one of these is in whatever they find
BARE_ADDRESS = re.compile(r"https?://[^\s()<>\[\]]+")
MARKER = re.compile(r" *(>|#|[-*+] |[0-9]{1,9}\. )")
RULE = re.compile(r"[-*_=:| ]+")  # or a row of a table
UNSPACED_MARKS = "、。，．：；！？「」『』（）《》〈〉【】“”"
LONGEST = 20_000  # characters of a paragraph


def refuse_line(line: Line) -> None:
    """Raise LineError where Markdown would begin something else with a line that should be text."""
    first = line.text.partition("\n")[0]
    for pattern, kind, remedy in (
        () if first[:1].isalpha() else LINES
    ):  # they all begin with a sign
        if re.fullmatch(pattern, first):
            raise line.error(f"is {kind}", remedy)


def refused_text(hidden: str) -> tuple[int, int, str, str] | None:
    """Return where in a text Markdown would make something else, to where, what it is, and the remedy."""
    for kind, pattern, remedy in (
        TEXTS if any(beginning in hidden for beginning in BEGINNINGS) else ()
    ):
        if found := re.search(pattern, hidden, re.MULTILINE):
            return *found.span(), kind, remedy
    for found in BARE_ADDRESS.finditer(hidden):
        if not hidden.endswith("](", 0, found.start()) and re.search(
            r"\*|(?<!\w)_", found[0]
        ):
            kind = "a bare address whose marks Markdown would take away"
            return *found.span(), kind, r"write \* and \_ in it, or [words](address)"
    return None


def joined(lines: list[Line], wrapped: bool, problems: Problems) -> list[Line]:
    """Return the lines, each that goes on put behind the one above; one that alone would be refused is a problem."""
    whole: list[Line] = []
    for line in lines:
        above, words = whole[-1].text if whole else "", line.text.lstrip(" ")
        if (
            above[:1] in ("", ">")
            or not words
            or not (breaks(above) or (wrapped and not MARKER.match(line.text)))
        ):
            whole.append(line)
        elif (
            len(above) <= LONGEST
        ):  # else it is refused: nothing that goes on with it needs reading
            with problems:
                if not breaks(above) and RULE.fullmatch(above):
                    refuse_line(whole[-1])
                refuse_line(line._replace(text=words))
            whole[-1] = whole[-1]._replace(text=_put_behind(above, words))
    return whole


def _put_behind(above: str, words: str) -> str:
    if breaks(above):
        return f"{above[:-1].rstrip(' ')}\n{words}"
    # Nothing stands between signs of scripts without spaces, whatever marks pair around them.
    marks = "*_[" if above.count("*") % 2 == above.count("_") % 2 == 0 else ""
    ends = above.rstrip(marks)[-1:], words.lstrip(marks)[:1]
    unspaced = all(
        is_han_or_kana(sign) or (sign and sign in UNSPACED_MARKS) for sign in ends
    )
    return f"{above}{'' if unspaced else ' '}{words}"


def breaks(text: str) -> bool:
    """Return whether `text` ends in a backslash that is not itself escaped."""
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1
