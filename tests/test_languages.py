"""Languages have their English names, and pages run in their direction."""

import pytest
from case_files import read_lines
from editable_site import EditableSite


def languages() -> list[list[str]]:
    """Return tag, direction and name of each language in the table."""
    return [line.split(maxsplit=2) for line in read_lines("languages.txt")]


@pytest.mark.parametrize(("tag", "direction", "name"), languages())
def test_a_page_shows_the_name_of_its_language_and_runs_in_its_direction(
    site: EditableSite, tag: str, direction: str, name: str
) -> None:
    page = site.page(language=tag)
    attributes = page.one("html").attributes
    assert attributes["lang"] == tag
    assert attributes.get("dir", "ltr") == direction
    assert f"Published in {name} " in page.part("top").words
