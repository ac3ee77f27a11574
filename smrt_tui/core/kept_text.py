"""A payload text that is too large to be edited on the screen: it is kept in a file, and a draft has what names it.

Only the value and what follows from its bytes. Where the file stands is the store's to know; nothing is read here.
"""

from __future__ import annotations

from typing import NamedTuple

EDITABLE_BYTES = 64 * 1024
"""More than this is never edited on the screen: a key press in 100 KB takes a tenth of a second and more."""


class KeptText(NamedTuple):
    """One text, by its bytes. A tuple, which is written into a draft's file as it is."""

    digest: str
    """Of its bytes, as `digest_of` makes it; its file is named by it, so another text is another file."""
    size: int
    """Bytes."""
    placeholders: tuple[tuple[str, str | None], ...] = ()
    """Each placeholder in it once, in order, as (name, argument). They are filled when it is sent."""


def is_large(text: str) -> bool:
    """Whether a text is too much to be edited on the screen."""
    if len(text) > EDITABLE_BYTES or len(text) <= EDITABLE_BYTES // 4:  # a character has one to four bytes
        return len(text) > EDITABLE_BYTES
    return len(text_bytes(text)) > EDITABLE_BYTES


def text_bytes(text: str) -> bytes:
    """The bytes that a text is sent and kept as: UTF-8, and what a paste may hold beside it."""
    return text.encode("utf-8", "surrogatepass")


def digest_of(content: bytes) -> str:
    """The first half of the SHA-256 (FIPS 180-4), in 32 hexadecimal digits."""
    import hashlib

    return hashlib.sha256(content).hexdigest()[:32]
