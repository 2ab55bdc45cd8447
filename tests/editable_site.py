"""A site whose statement a test can replace."""

from pathlib import Path

from complete_front_matter import complete_front_matter
from flask.testing import FlaskClient
from served_page import Element, read_page
from werkzeug.test import TestResponse

from app import create_app
from app.reading.reader import read_statement

# A word that no page holds by itself. The comma makes the RIS file repeat the name.
INNOCENT = "xyzzy, plugh"


class EditableSite:
    """A site whose statement can be replaced.

    The text is between a paragraph "Start." and a section that ends in "End.".
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.client: FlaskClient | None = None

    def get(self, address: str) -> TestResponse:
        """Return the response at an address."""
        assert self.client
        response = self.client.get(address)
        assert response.status_code == 200
        return response

    def write(
        self,
        title: str = "Title",
        text: str = "Text.",
        heading: str = "Heading",
        front_matter: str = "",
        value: str = INNOCENT,
        address: str = "https://example.org/",
        language: str = "en",
    ) -> None:
        """Replace the statement; raise ContentError if it is rejected."""
        front_matter = front_matter or complete_front_matter(value, address, language)
        body = f"# {title}\n\nStart.\n\n{text}\n\n## {heading} {{#part}}\n\nEnd.\n"
        self.path.write_bytes(f"+++\n{front_matter}\n+++\n{body}".encode())
        read_statement(self.path)
        if self.client is None:
            # With DEBUG the app reads the file at each request.
            app = create_app({"STATEMENT": str(self.path), "DEBUG": True})
            self.client = app.test_client()

    def page(self, **parts: str) -> Element:
        """Replace the statement and return its page."""
        self.write(**parts)
        return read_page(self.get("/").text)
