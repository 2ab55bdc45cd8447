import pytest
from conftest import FRONT_MATTER, Read, Refusal, parts_of

from app.site.attribution import attribution
from app.statement import Block

TWO = 'voices = ["Question", "Sergey Lavrov"]'
OPENS = (
    "opens like a turn, and the front matter does not say who speaks; write voices = ["
)
DECLARE = (
    '] in the front matter, and voice = "…" in the speaker\'s table where none holds the name,'
    " or voices = [] where nobody's turns begin so"
)
SPEAKER = FRONT_MATTER.splitlines()[1]


def by(speaker: str) -> str:
    return FRONT_MATTER.replace(SPEAKER, f"speaker = {speaker}")


def spoken(*blocks: Block) -> list[tuple[str, str | None]]:
    return [(part.id, part.voice) for part in parts_of(blocks)]


def test_from_its_turn_on_a_voice_speaks_until_the_next_turn(read: Read) -> None:
    text = (
        "- Present\n\nOpening.\n\n**Question:** Why?\n\nAnd when?\n\n**Sergey Lavrov**: So.\n\n"
        "- First\n    - Second\n\n## Later {#later}\n\nThen.\n\n> Question: as quoted\n\nLast.\n\nQuestion: Where?"
    )
    statement = read(text, TWO)
    lavrov, question = "Sergey Lavrov", "Question"
    assert spoken(*statement.blocks) == [
        *(("p0-1", None), ("p1", None), ("p2", question), ("p3", question)),
        *(("p4", lavrov), ("p4-1", lavrov), ("p4-1-1", lavrov)),
    ]
    assert spoken(*statement.sections[0].blocks) == [
        *(("p5", lavrov), ("p6", question), ("p7", lavrov), ("p8", question))
    ]


@pytest.mark.parametrize(
    "words",
    [
        *(
            "Question: Why?",
            "**Question:** Why?",
            "**Question**: Why?",
            "__Question:__ Why?",
            "**Question: Why?**",
        ),
        *(
            "Question： Why?",
            "Question\xa0: Why?",
            "**Question** : Why?",
            "Question\\: Why?",
            "Question:",
        ),
        "**Question:**\\\nWhy?",
    ],
)
def test_a_turn_begins_with_the_voice_and_a_colon_and_its_words_stay(
    read: Read, words: str
) -> None:
    first, second = read(f"{words}\n\nSergey Lavrov: So.", TWO).paragraphs
    assert first.text == words.replace("\\\n", "\n").replace("\\", "").replace(
        "**", ""
    ).replace("__", "")
    assert (first.voice, first.opens_turn) == ("Question", True)
    assert (second.voice, second.opens_turn) == ("Sergey Lavrov", True)


@pytest.mark.parametrize(
    "words",
    [
        "Questions: many",
        "question: Why?",
        "“Question: Why?”",
        "Question (to you): Why?",
    ],
)
def test_no_other_words_begin_a_turn(read: Read, words: str) -> None:
    first, *_ = read(f"{words}\n\nQuestion: Why?\n\nSergey Lavrov: So.", TWO).paragraphs
    assert (first.voice, first.opens_turn) == (None, False)


@pytest.mark.parametrize(
    ("speaker", "voices", "expected"),
    [
        ('{ family = "Lavrov" }', ["Q", "S. LAVROV"], "S. LAVROV"),
        (
            '{ given = "Jan", family = "van der Berg" }',
            ["Q", "Mr Van der Berg"],
            "Mr Van der Berg",
        ),
        ('{ family = "外務" }', ["問", "外務"], "外務"),
        ('{ name = "Ministry" }', ["Q", "The ministry"], "The ministry"),
        ('{ family = "Lavrov", voice = "A" }', ["Q", "A"], "A"),
        ('{ family = "Lavrov", voice = "A" }', ["Lavrov", "A"], "A"),
    ],
)
def test_the_speaker_is_the_voice_that_is_said_or_the_only_one_with_the_name(
    read: Read, speaker: str, voices: list[str], expected: str
) -> None:
    text = "\n\n".join(f"{voice}: a" for voice in voices)
    (found,) = read(text, f"voices = {voices}", by(speaker)).publication.speakers
    assert found.voice == expected


def test_each_of_several_speakers_has_a_voice(read: Read) -> None:
    speakers = by('[{ family = "Berg" }, { family = "Foss" }]')
    statement = read(
        "Berg: a\n\nFoss: b\n\nQ: c", 'voices = ["Q", "Foss", "Berg"]', speakers
    )
    assert [speaker.voice for speaker in statement.publication.speakers] == [
        "Berg",
        "Foss",
    ]
    credited = [
        attribution(statement, paragraph.voice) for paragraph in statement.paragraphs
    ]
    assert credited == ["Berg", "Foss", "Q, in “Title”"]


@pytest.mark.parametrize(
    "voices", [["Q", "A"], ["Lavrov", "S. Lavrov"], ["Q", "Lavrova"]]
)
def test_a_speaker_is_refused_whom_no_voice_or_several_name(
    read: Read, refusal: Refusal, voices: list[str]
) -> None:
    text, keys = "\n\n".join(f"{voice}: a" for voice in voices), f"voices = {voices}"
    remedy = f'write voice = "{voices[1]}" into its table, or whichever of voices is Lavrov\'s'
    said = f"3: “{SPEAKER}” is a speaker without one voice of that name; {remedy}"
    assert refusal(text, keys) == said
    assert read(text, keys, by(f'{{ family = "Lavrov", voice = "{voices[1]}" }}'))


@pytest.mark.parametrize(
    ("text", "keys", "message"),
    [
        (
            "Question: Why?",
            TWO,
            "“{}” declares a voice that never speaks: Sergey Lavrov; "
            "remove it, or begin a paragraph with Sergey Lavrov and a colon",
        ),
        (
            "Lavrov: So.",
            'voices = ["Lavrov:"]',
            "“{}” declares a voice that never speaks: Lavrov:; write it without its colon",
        ),
        (
            "Q: a",
            'voices = "Q"',
            '“{}” is not a list; write voices = ["Question", "Sergey Lavrov"]',
        ),
    ],
)
def test_a_voice_is_refused_that_does_not_fit(
    refusal: Refusal, text: str, keys: str, message: str
) -> None:
    assert refusal(text, keys) == f"6: {message.format(keys)}"


def test_a_speakers_voice_must_be_declared(refusal: Refusal) -> None:
    speaker = '{ family = "A", voice = "B" }'
    said = f'3: “speaker = {speaker}” has a voice that is not declared: B; write voices = ["B", …]'
    assert refusal("Text.", "", by(speaker)) == said


@pytest.mark.parametrize(
    ("text", "shown", "labels"),
    [
        (
            "**QUESTION:** a\n\n**MINISTER SAMPLE:** b",
            "**QUESTION:** a",
            '"QUESTION", "MINISTER SAMPLE"',
        ),
        ("**Q**: a\n\nText.\n\n**Q** : b", "**Q**: a", '"Q"'),
        ("**问：** a\n\n**答：** b", "**问：** a", '"问", "答"'),
        ("Q: a\n\nText.\n\nQ: b", "Q: a", '"Q"'),
        (
            "The deputy foreign minister: a\n\nThe deputy foreign minister: b",
            None,
            '"The deputy foreign minister"',
        ),
        ("Question\xa0: a\n\nQuestion\xa0: b", None, '"Question"'),
        ("외무 장관: a\n\n외무 장관: b", None, '"외무 장관"'),
        ("外務大臣：一\n\n外務大臣：二", "外務大臣：一", '"外務大臣"'),
        (
            "一二三四五六七八九十一二：a\n\n一二三四五六七八九十一二：b",
            None,
            '"一二三四五六七八九十一二"',
        ),
    ],
)
def test_a_text_that_opens_like_turns_is_refused_where_no_key_says_who_speaks(
    read: Read, refusal: Refusal, text: str, shown: str | None, labels: str
) -> None:
    said = f"9: “{shown or text.partition(chr(10))[0]}” {OPENS}{labels}{DECLARE}"
    assert refusal(text) == said
    assert read(text, "voices = []").publication.voices == ()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "**Q:** a\n\nA: b",
            "Q: a\n\nA: b",
            "- Q: a\n- Q: b\n\nText.",
            "**Strong**\n\n**words**",
        ),
        *(
            "At 5:30 we met.\n\nAt 5:30 we met.",
            "https://a.org is one.\n\nhttps://b.org is another.",
        ),
        "We have agreed with them: a\n\nWe have agreed with them: b",
        "一二三四五六七八九十一二三：a\n\n一二三四五六七八九十一二三：b",
    ],
)
def test_a_text_without_turns_needs_no_key(read: Read, text: str) -> None:
    assert read(text).publication.voices is None


def test_a_turn_inside_a_list_is_refused(refusal: Refusal) -> None:
    text = "Question: a\n\nSergey Lavrov: b\n\n- Question: c"
    said = "14: “- Question: c” opens a turn inside a list; write it as a paragraph, at the margin"
    assert refusal(text, TWO) == said
