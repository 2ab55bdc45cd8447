"""The front matter accepts whole http and https addresses (RFC 3986), and no others."""

import pytest
from case_files import read_lines
from editable_site import EditableSite

from app.errors import ContentError


def addresses() -> list[list[str]]:
    """Return the expected result and the address of each line in the table."""
    return [line.split(" ", 1) for line in read_lines("web_addresses.txt")]


@pytest.mark.parametrize(("result", "address"), addresses())
def test_an_address_of_the_front_matter_is_checked(
    site: EditableSite, result: str, address: str
) -> None:
    if result == "rejected":
        with pytest.raises(ContentError, match="is not an http or https address"):
            site.write(address=address)
    else:
        page = site.page(address=address)
        assert page.find("a", href=address)
