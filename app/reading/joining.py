"""Which lines go on with the one above them: behind a backslash, or in a file whose lines are wrapped."""

import re

from app.reading.line import Line, Problems
from app.reading.refused import refuse_line
from app.reading.voices import HAN_AND_KANA

MARKER = re.compile(r" *(>|#|[-*+] |[0-9]{1,9}\. )")
RULE = re.compile(r"[-*_=:| ]+")  # or a row of a table
UNSPACED = re.compile(rf"{HAN_AND_KANA}|[、。，．：；！？「」『』（）《》〈〉【】“”]")
LONGEST = 20_000  # characters of a paragraph


def joined(group: list[Line], wrapped: bool, problems: Problems) -> list[Line]:
    """Return the lines with each that goes on with the one above put behind it, a line feed between where it breaks.

    What Markdown would make of such a line alone is a problem.
    """
    lines = group[:1]
    for line in group[1:]:
        above, words = lines[-1].text, line.text.lstrip(" ")
        if len(above) > LONGEST:  # which is refused: nothing that goes on with it needs reading
            continue
        if above[0] == ">" or not (breaks(above) or (wrapped and not MARKER.match(line.text))):
            lines.append(line)
            continue
        with problems.collected():
            if not breaks(above) and RULE.fullmatch(above):
                refuse_line(lines[-1])
            refuse_line(line._replace(text=words))
        # Nothing stands between signs of scripts without spaces, whatever marks pair around them.
        marks = "*_[" if above.count("*") % 2 == above.count("_") % 2 == 0 else ""
        unspaced = UNSPACED.match(above.rstrip(marks)[-1:]) and UNSPACED.match(words.lstrip(marks))
        text = f"{above[:-1].rstrip(' ')}\n{words}" if breaks(above) else f"{above}{'' if unspaced else ' '}{words}"
        lines[-1] = lines[-1]._replace(text=text)
    return lines


def breaks(text: str) -> bool:
    """Return whether `text` ends in a backslash that is not itself escaped."""
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1
