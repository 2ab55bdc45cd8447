import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from conftest import MakeApp
from servers import assert_one_line, contents

from app.errors import ContentError

PUBLISHED = """\
+++
published = 2024-05-02
speaker = { given = "Ada", family = "Sample", role = "Minister" }
publisher = "Ministry of Examples"
source = "https://example.org/1"
language = "en-GB"
+++

# A statement with a life

We met today:

- in the morning
- in the evening
  - late

## Return of refugees {#return-of-refugees}

Second paragraph, on those who return.

Third paragraph, with a tpyo in it.

## Money {#money}

Fourth paragraph, on money.

## Thanks {#thanks}

Fifth paragraph, with thanks.
"""
WAY_OUT = "was published; where nobody can have linked to it yet, and only there, run flask export --unpublished FOLDER"

Run = Callable[..., Result]


def correction(
    paragraph: str, line: str, by: str = "publisher", date: str = "2024-06-01"
) -> str:
    """Return the edit that adds a correction to the front matter."""
    keys = f'[[corrections]]\nparagraph = "{paragraph}"\ndate = {date}\n{line}\nby = "{by}"\n'
    return f'language = "en-GB"\n → language = "en-GB"\n\n{keys}'


def advice(paragraph: str, line: str) -> str:
    return (
        f'add [[corrections]] with paragraph = "{paragraph}", date = the day of the change, {line}'
        ' and by = "publisher" or "edition"'
    )


def reworded(paragraph: str, was: str, now: str) -> str:
    excuse = advice(paragraph, f'was = "{was}"')
    return f"{paragraph}: “{was}” is now “{now}”; put the words back, or {excuse}"


def inserted(text: str, id_: str) -> str:
    return (
        f"“{text}” was put in and moves what stands behind it; end it with {{#{id_}}}"
    )


def moved(id_: str, place: str) -> str:
    return f"what {id_} said now stands at {place}; put it back where it stood: ids only rise"


def gone(id_: str, text: str, follower: str = "") -> str:
    return f"{id_}, “{text}”, is gone; put it back, or {advice(id_, 'withdrawn = true')}{follower}"


def edited(text: str, *edits: str) -> str:
    """Return the text after `edits`, each "what stands there → what is written in its place"."""
    for edit in edits:
        old, new = edit.split(" → ")
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def told(folder: Path, *problems: str) -> str:
    return "".join(f"{folder / 'statement.json'}: {problem}\n" for problem in problems)


@pytest.fixture
def run(make_app: MakeApp, tmp_path: Path) -> Run:
    def run_(text: str, *arguments: str, piped: bytes | None = None) -> Result:
        path = tmp_path / "statement.md"
        path.write_text(text, encoding="utf-8")
        return (
            make_app(STATEMENT=str(path))
            .test_cli_runner()
            .invoke(args=arguments, input=piped)
        )

    return run_


@pytest.fixture
def site(run: Run, folder: Path) -> Path:
    assert run(PUBLISHED, "export", str(folder)).exit_code == 0
    return folder


THIRD = "Third paragraph, with a tpyo in it."
FOURTH = "Fourth paragraph, on money."
FIFTH = "Fifth paragraph, with thanks."
SWAPPED = [f"{FOURTH} → …", f"{FIFTH} → {FOURTH}", f"… → {FIFTH}"]
# What an editor does; the lines of the refusal, but for the name of the file and the way out; what they say to do.
UPKEEP: dict[str, tuple[list[str], list[str], list[str]]] = {
    "a section's id is another": (
        ["{#money} → {#funds}"],
        ["#money is gone; write ## Money {#funds #money}"],
        ["{#funds} → {#funds #money}"],
    ),
    "sections are merged": (
        ["## Money {#money}\n\n → ", "## Thanks {#thanks}\n\n → "],
        [
            "#money and #thanks are gone; write ## Return of refugees {#return-of-refugees #money #thanks}"
        ],
        ["{#return-of-refugees} → {#return-of-refugees #money #thanks}"],
    ),
    "a paragraph is put in, another is mended": (
        [f"{THIRD} → An inserted paragraph.\n\n{THIRD}", "tpyo → typo"],
        [inserted("An inserted paragraph.", "p2a"), reworded("p3", "tpyo", "typo")],
        [
            "An inserted paragraph. → An inserted paragraph. {#p2a}",
            correction("p3", 'was = "tpyo"'),
        ],
    ),
    "two paragraphs are put in before all others": (
        ["We met → Ladies.\n\nGentlemen.\n\nWe met"],
        [inserted("Ladies.", "p0a"), inserted("Gentlemen.", "p0b")],
        ["Ladies. → Ladies. {#p0a}", "Gentlemen. → Gentlemen. {#p0b}"],
    ),
    "a paragraph is put between another and its list": (
        ["- in the m → Put between.\n\n- in the m"],
        [inserted("Put between.", "p1a"), moved("p1-1", "p2-1")],
        ["Put between.\n\n → ", "  - late\n →   - late\n\nPut between. {#p1a}\n"],
    ),
    "an item is put into a list": (
        ["- in the evening → - at noon\n- in the evening"],
        [inserted("at noon", "p1-1a")],
        ["at noon → at noon {#p1-1a}"],
    ),
    "an item is put into a nested list": (
        ["  - late →   - early\n  - late"],
        [inserted("early", "p1-2-0a")],
        ["early → early {#p1-2-0a}"],
    ),
    "a paragraph is deleted": (
        [f"{THIRD}\n\n → "],
        [gone("p3", THIRD, ", and end the next paragraph with {#p4}")],
        [correction("p3", "withdrawn = true"), f"{FOURTH} → {FOURTH} {{#p4}}"],
    ),
    "the last paragraph of all is deleted with its section": (
        [f"{FIFTH}\n → ", "## Thanks {#thanks} → "],
        ["#thanks is gone; write ## Thanks {#thanks}", gone("p5", FIFTH)],
        [
            f"{FOURTH}\n → {FOURTH}\n\n## Thanks {{#thanks}}\n",
            correction("p5", "withdrawn = true"),
        ],
    ),
    "an item is deleted": (
        ["- in the morning\n → "],
        [gone("p1-1", "in the morning", ", and end the next item with {#p1-2}")],
        [
            correction("p1-1", "withdrawn = true"),
            "in the evening → in the evening {#p1-2}",
        ],
    ),
    "words are changed": (
        ["on those who return → on all who returned"],
        [reworded("p2", "those who return.", "all who returned.")],
        [correction("p2", 'was = "those who return."')],
    ),
    "words are added": (
        ["on money. → on money and more."],
        [reworded("p4", "money.", "money and more.")],
        [correction("p4", 'was = "money."', by="edition")],
    ),
    "other words are corrected than were changed": (
        ["tpyo → typo", correction("p3", 'was = "Third"')],
        [
            'p3: “tpyo” is now “typo”, which its correction does not cover; write was = "tpyo"'
        ],
        ['was = "Third" → was = "tpyo"'],
    ),
    "another paragraph is corrected than was changed": (
        ["tpyo → typo", correction("p4", 'was = "money"')],
        [reworded("p3", "tpyo", "typo")],
        ['"p4" → "p3"', 'was = "money" → was = "tpyo"'],
    ),
    "two paragraphs are written anew and one is added": (
        [f"{FOURTH} → All is new.", f"{FIFTH} → All here, too.\n\nMore."],
        [
            reworded("p4", FOURTH, "All is new."),
            reworded("p5", FIFTH, "All here, too."),
        ],
        [correction("p4", f'was = "{FOURTH}"'), correction("p5", f'was = "{FIFTH}"')],
    ),
    "paragraphs change places": (SWAPPED, [moved("p5", "p4")], SWAPPED),
    "the numbers are said to be the publication's": (
        ['"en-GB" → "en-GB"\nnumbers = "publication"'],
        [moved("p1", "u1")],
        ['\nnumbers = "publication" → '],
    ),
}


@pytest.mark.parametrize(("edits", "problems", "cure"), UPKEEP.values(), ids=UPKEEP)
def test_what_is_lost_is_refused_with_a_cure_that_the_next_export_accepts(
    run: Run, site: Path, edits: list[str], problems: list[str], cure: list[str]
) -> None:
    changed = edited(PUBLISHED, *edits)
    before = contents(site)
    refused = run(changed, "export", str(site))
    assert (refused.exit_code, refused.output) == (
        1,
        f"Error: {told(site, *problems, WAY_OUT)}",
    )
    assert contents(site) == before
    for _ in range(2):
        accepted = run(edited(changed, *cure), "export", str(site))
        assert (accepted.exit_code, accepted.stderr) == (0, "")


KEPT: dict[str, list[str]] = {
    "nothing changes": [],
    "a heading is reworded": ["## Money → ## On money"],
    "a paragraph goes over to another section": [
        "## Money {#money}\n\n → ",
        "## Thanks → ## Money {#money}\n\n### Thanks",
    ],
    "text is added at the end": [
        f"{FIFTH} → {FIFTH}\n\n- An item\n\nMore.\n\n## New {{#new}}\n\nMore."
    ],
    "words are said twice": [f"{FOURTH} → {FOURTH} {{#p3a}}\n\n{FOURTH}"],
    "a line is broken": ["paragraph, on money → paragraph,\\\non money"],
    "two words of a paragraph are corrected": [
        "Second paragraph, on those → The second paragraph, on all",
        correction("p2", 'was = "those"'),
        correction("p2", 'was = "Second"'),
    ],
    "a correction is noted later": [correction("p4", 'was = "cash"')],
    "a name becomes an office's": [
        'given = "Ada", family = "Sample" → name = "Ada Sample"'
    ],
}


@pytest.mark.parametrize("edits", KEPT.values(), ids=KEPT)
def test_what_takes_nothing_from_readers_is_exported_without_a_word(
    run: Run, site: Path, edits: list[str]
) -> None:
    result = run(edited(PUBLISHED, *edits), "export", str(site))
    assert (result.exit_code, result.stderr) == (0, "")


CORRECTED = edited(
    PUBLISHED, "tpyo → typo", correction("p3", 'was = "tpyo"', by="edition")
)


@pytest.mark.parametrize(
    "edit",
    ['was = "tpyo" → was = "typo"', "2024-06-01 → 2024-06-02", "edition → publisher"],
)
def test_a_correction_stays_as_it_was_published(
    run: Run, folder: Path, edit: str
) -> None:
    assert run(CORRECTED, "export", str(folder)).exit_code == 0
    result = run(edited(CORRECTED, edit), "export", str(folder))
    line = '[[corrections]] with paragraph = "p3", date = 2024-06-01, by = "edition", was = "tpyo"'
    assert (
        result.stderr
        == f"Error: {told(folder, f'the correction of p3 is gone; put back {line}', WAY_OUT)}"
    )


def test_a_withdrawal_is_not_taken_back(run: Run, folder: Path) -> None:
    _, _, cure = UPKEEP["a paragraph is deleted"]
    withdrawn = edited(PUBLISHED, f"{THIRD}\n\n → ", *cure)
    assert run(withdrawn, "export", str(folder)).exit_code == 0
    line = '[[corrections]] with paragraph = "p3", date = 2024-06-01, by = "publisher", withdrawn = true'
    problems = (
        f"the correction of p3 is gone; put back {line} and take its words out again",
        WAY_OUT,
    )
    assert (
        run(PUBLISHED, "export", str(folder)).stderr
        == f"Error: {told(folder, *problems)}"
    )


def test_what_was_never_published_cannot_be_withdrawn(run: Run, folder: Path) -> None:
    assert run(PUBLISHED, "export", str(folder)).exit_code == 0
    phantom = edited(PUBLISHED, correction("p9", "withdrawn = true"))
    result = run(phantom, "export", str(folder))
    problems = (
        "p9 was withdrawn and had never been published; remove its correction",
        WAY_OUT,
    )
    assert result.stderr == f"Error: {told(folder, *problems)}"


def test_where_no_id_is_free_another_way_is_shown(run: Run, folder: Path) -> None:
    published = edited(PUBLISHED, f"{THIRD} → Put in. {{#p2a}}\n\n{THIRD}")
    assert run(published, "export", str(folder)).exit_code == 0
    result = run(
        edited(published, "Put in. {#p2a} → Before it.\n\nPut in."),
        "export",
        str(folder),
    )
    problem = "“Before it.” was put in and moves what stands behind it; put it elsewhere, for no id is free there"
    assert result.stderr == f"Error: {told(folder, problem, WAY_OUT)}"


def test_a_publication_that_counts_anew_is_not_the_same(run: Run, folder: Path) -> None:
    numbered = edited(
        PUBLISHED,
        '"en-GB" → "en-GB"\nnumbers = "publication"',
        "Second → 2. Second",
        "Third → 3. Third",
    )
    assert run(numbered, "export", str(folder)).exit_code == 0
    result = run(
        edited(numbered, "3. Third → 3. New.\n\n4. Third"), "export", str(folder)
    )
    assert result.stderr == f"Error: {told(folder, moved('p3', 'p4'), WAY_OUT)}"


@pytest.mark.parametrize(
    ("edit", "refused"),
    [
        (
            "{#money} → {#funds #thanks}",
            "27: “## Thanks {#thanks}” has the id 'thanks'; choose another, line 23 has it already",
        ),
        (
            f"{THIRD} → {THIRD}\n\nOne. {{#p3a}}\n\nTwo. {{#p3a}}",
            "25: “Two. {#p3a}” has the id p3a, which does not rise above the one before; write {#p3b}",
        ),
    ],
)
def test_an_id_that_is_taken_is_refused_by_the_file_itself(
    run: Run, tmp_path: Path, edit: str, refused: str
) -> None:
    with pytest.raises(ContentError) as error:
        run(edited(PUBLISHED, edit), "check")
    assert error.value.message == f"{tmp_path / 'statement.md'}:{refused}"


def test_a_change_of_title_speaker_or_date_is_told_and_exported(
    run: Run, site: Path
) -> None:
    edits = [
        "with a life → with a past",
        'Minister" → President"',
        "2024-05-02 → 2024-05-02T10:00:00-05:00",
    ]
    result = run(edited(PUBLISHED, *edits), "export", str(site))
    changes = (
        "the title was “A statement with a life” and is now “A statement with a past”",
        "the speaker was “Ada Sample Minister” and is now “Ada Sample President”",
        "the date was “2024-05-02” and is now “2024-05-02T10:00:00”",
    )
    assert (result.exit_code, result.stderr) == (0, told(site, *changes))


def test_sections_that_exchange_their_ids_are_told(run: Run, site: Path) -> None:
    result = run(
        edited(
            PUBLISHED, "{#money} → {#m}", "{#thanks} → {#money}", "{#m} → {#thanks}"
        ),
        "export",
        str(site),
    )
    changes = [
        f"#{id_} leads to other words than before" for id_ in ("money", "thanks")
    ]
    assert (result.exit_code, result.stderr) == (0, told(site, *changes))


def test_another_statement_is_not_put_over_this_one(run: Run, site: Path) -> None:
    before = contents(site)
    edits = [
        "A statement with a life → Another",
        "2024-05-02 → 2024-05-03",
        "org/1 → org/2",
    ]
    result = run(edited(PUBLISHED, *edits), "export", str(site))
    problem = "is of another statement, “A statement with a life”; give each statement a folder of its own"
    assert_one_line(result, f"{site / 'statement.json'}: {problem}")
    assert contents(site) == before
    for edit in edits:
        assert (
            run(
                edited(PUBLISHED, *(each for each in edits if each != edit)),
                "export",
                str(site),
            ).exit_code
            == 0
        )


def test_what_nobody_can_have_linked_to_yet_may_change(run: Run, site: Path) -> None:
    changed = edited(PUBLISHED, f"{THIRD} → Other words.", "{#money} → {#funds}")
    result = run(changed, "export", "--unpublished", str(site))
    assert (result.exit_code, result.stderr) == (0, "")


BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "not json": lambda data: "<!doctype html>",
    "a list": lambda data: [data],
    "no speaker": lambda data: {
        key: value for key, value in data.items() if "speaker" not in key
    },
    "a number for a title": lambda data: data | {"title": 5},
    "an id that is none": lambda data: (
        data | {"paragraphs": [{"id": None, "text": "", "items": []}]}
    ),
    "words for paragraphs": lambda data: data | {"paragraphs": "words"},
    "a heading that is none": lambda data: (
        data | {"sections": [data["sections"][0] | {"heading": None}]}
    ),
    "half a correction": lambda data: data | {"corrections": [{"paragraph": "p1"}]},
}


@pytest.mark.parametrize("break_", BROKEN.values(), ids=BROKEN)
def test_what_is_no_edition_is_told_in_one_line(
    run: Run, site: Path, break_: Callable[[Any], object]
) -> None:
    broken = break_(json.loads((site / "statement.json").read_bytes()))
    data = (broken if isinstance(broken, str) else json.dumps(broken)).encode()
    result = run(PUBLISHED, "check", "-", piped=data)
    assert_one_line(
        result,
        "standard input: is no statement.json of an edition; put the one that was published there",
    )


def test_a_later_format_is_left_to_the_program_that_wrote_it(
    run: Run, site: Path
) -> None:
    data = json.loads((site / "statement.json").read_bytes()) | {"format": 3}
    result = run(PUBLISHED, "check", "-", piped=json.dumps(data).encode())
    assert_one_line(
        result,
        "standard input: is of format 3; use the version of this program that wrote it",
    )


def test_an_edition_of_the_form_before_the_first_format_is_compared(
    run: Run, folder: Path
) -> None:
    paragraphs = [
        {"number": 2, "id": "p2", "text": "Second paragraph, on all who return."}
    ]
    first = {
        "title": "A statement with a life",
        "speaker": {"given": "Ada", "family": "Sample", "role": "Minister"},
        "published": "2024-05-02",
        "source": "https://example.org/1",
        "paragraphs": [{"number": 1, "id": "p1", "text": "We met today:"}],
        "sections": [
            {
                "id": "thanks",
                "heading": "Thanks",
                "paragraphs": paragraphs,
                "subsections": [],
            }
        ],
    }
    result = run(PUBLISHED, "check", "-", piped=json.dumps(first).encode())
    line = reworded("p2", "all", "those")
    assert (
        result.stderr == f"Error: standard input: {line}\nstandard input: {WAY_OUT}\n"
    )


def test_check_says_that_all_is_in_order(run: Run, site: Path) -> None:
    published = site / "statement.json"
    for arguments, piped in ((["-"], published.read_bytes()), ([str(published)], None)):
        result = run(PUBLISHED, "check", *arguments, piped=piped)
        assert (result.exit_code, result.output) == (
            0,
            "The statement is in order and keeps what was published.\n",
        )
    assert run(PUBLISHED, "check").output == "The statement is in order.\n"


def test_check_names_a_file_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    result = run(PUBLISHED, "check", str(tmp_path / "none"))
    assert result.stderr.endswith(
        f"Error: Invalid value for '[FILE]': File '{tmp_path / 'none'}' does not exist.\n"
    )
    assert result.exit_code == 2
