"""Compression of responses with gzip."""

import gzip

from werkzeug.datastructures import Accept

ENCODINGS = ["gzip", "identity"]  # in the order of preference of the server

OS_BYTE = 9  # the place of the operating system in a gzip header (RFC 1952, 2.3)
UNKNOWN_OS = b"\xff"


def compress(body: bytes) -> bytes | None:
    """Return `body` compressed with gzip, or None if that is no shorter.

    The result is the same on every machine: the header has no time and no
    operating system, which Python versions fill in differently.
    """
    compressed = gzip.compress(body, mtime=0)
    compressed = compressed[:OS_BYTE] + UNKNOWN_OS + compressed[OS_BYTE + 1 :]
    if len(compressed) >= len(body):
        return None
    return compressed


def best_encoding(accept_encodings: Accept) -> str:
    """Return the encoding of a response, "gzip" or "identity" (RFC 9110, 12.5.3)."""
    return accept_encodings.best_match(ENCODINGS, default="identity")
