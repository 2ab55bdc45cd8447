"""How a statement becomes every file the site can answer, once: same statement, same bytes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.site import citation, language, metadata
from app.site.headers import meta_policy, security_headers
from app.statement import Statement

PACKAGE = Path(__file__).parent.parent
# In a wheel the folders stand inside the package, in a checkout beside it.
ROOT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent
TEMPLATES, STATIC = ROOT / "templates", ROOT / "static"

HTML = "text/html; charset=utf-8"

# What an error page says, in plain words; an error that is not named here is told as 400 or 500.
ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("This request cannot be answered", "Something in it is not as a browser would send it."),
    404: ("There is no page here", "The address may have been cut or mistyped."),
    405: ("This page can only be read", "Nothing can be sent to it or changed on it."),
    406: ("No form of this page fits", "The request refuses every form in which it could be sent."),
    500: ("Something went wrong here", "It is the server's fault, not yours. Please try again in a minute."),
}


@dataclass(frozen=True, eq=False)
class Representation:
    """A file in one encoding, with the strong ETag that no other bytes have (RFC 9110, 3.2 and 8.8.3)."""

    body: bytes
    etag: str
    encoding: str | None = None

    @classmethod
    def of(cls, body: bytes, encoding: str | None = None) -> Representation:
        """Return the representation that holds `body`; the same bytes have the same ETag."""
        return cls(body, f'"{sha256(body).hexdigest()[:32]}"', encoding)


@dataclass(frozen=True, eq=False)
class File:
    """What one address answers, as it is and, where that is shorter, gzipped."""

    media_type: str
    plain: Representation
    gzipped: Representation | None
    download_name: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that say what the file is."""
        headers = {"Content-Type": self.media_type}
        if self.download_name:
            headers["Content-Disposition"] = f'attachment; filename="{self.download_name}"'
        return headers

    @classmethod
    def of(cls, body: bytes, media_type: str, download_name: str | None = None) -> File:
        """Return the file that holds `body`; the same body gives the same bytes and ETags."""
        packed = gzip.compress(body, mtime=0)
        gzipped = Representation.of(packed, "gzip") if len(packed) < len(body) else None
        return cls(media_type, Representation.of(body), gzipped, download_name)


@dataclass(frozen=True, eq=False)
class Site:
    """Every answer: files by address, error pages by status, and the headers that all of them carry."""

    files: Mapping[str, File]
    errors: Mapping[int, File]
    headers: Mapping[str, str]


def build_site(statement: Statement, site_url: str | None) -> Site:
    """Return the whole site; `site_url` is its own address, ending in `/`, where that is known."""
    style, script, icon = ((STATIC / name).read_text("utf-8") for name in ("style.css", "script.js", "icon.svg"))
    around = {
        "style": style,
        "script": script,
        "icon": icon,
        "policy": meta_policy(style, script),
        "site_url": site_url,
    }

    def page(template: str, **words: object) -> File:
        return File.of(_environment(TEMPLATES).get_template(template).render(around | words).encode(), HTML)

    errors = {status: page("error.html", title=title, advice=advice) for status, (title, advice) in ERRORS.items()}
    secure = urlsplit(site_url or "").scheme == "https"
    return Site(_files(statement, site_url, page), errors, security_headers(style, script, secure))


def _files(statement: Statement, site_url: str | None, page: Callable[..., File]) -> dict[str, File]:
    citations = _citations(statement, site_url)
    index = page(
        "statement.html",
        statement=statement,
        publication=statement.publication,
        description=metadata.description(statement),
        json_ld=metadata.json_ld(statement, site_url),
        citation=citation.chicago(statement),
        citations=citations,
    )
    return {
        "/": index,
        "/statement.md": File.of(statement.markdown, "text/markdown; charset=utf-8"),
        "/statement.json": File.of(_json(metadata.statement_json(statement)), "application/json"),
        **{f"/{name}": file for name, file in citations.items()},
        "/static/icon.svg": File.of((STATIC / "icon.svg").read_bytes(), "image/svg+xml"),
        "/favicon.ico": File.of((STATIC / "favicon.ico").read_bytes(), "image/vnd.microsoft.icon"),
        "/robots.txt": File.of(b"User-agent: *\nAllow: /\n", "text/plain; charset=utf-8"),
    }


def _citations(statement: Statement, site_url: str | None) -> dict[str, File]:
    """Return the files for reference managers by name."""
    key = citation.key(statement)
    return {
        row.name: File.of(_encoded(row.write(statement, site_url)), row.media_type, f"{key}.{row.ending}")
        for row in citation.FORMATS
    }


@cache  # templates are compiled once; one that is edited is compiled again
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(language.FILTERS)
    return environment


def _encoded(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else _json(value)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
