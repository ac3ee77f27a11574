"""A body that is no text: counted, hashed and named, never shown."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from smrt_tui.core.decode.decoded import Frame
from smrt_tui.core.decode.magic import image_size, signature_of, wav_rate

_HEAD = 65_536
"""Bytes kept to read a header from: a JPEG's size may stand behind a colour profile."""


class BinaryFacts(Struct, frozen=True):
    """What is known about a binary body so far."""

    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal, of all bytes so far."""
    media_type: str
    """By its first bytes; empty when they are not known."""
    suffix: str
    """A file name suffix with its dot; `.bin` when the format is not known."""
    width: int | None = None
    """Pixels."""
    height: int | None = None
    seconds: float | None = None
    """Of sound so far, by a WAV header's byte rate."""


class BinaryFramer:
    """Feed it parts in order. It cuts nothing; ask `facts`."""

    is_inside = False

    def __init__(self) -> None:
        self._size = 0
        self._hash = hashlib.sha256()
        self._head = bytearray()

    def feed(self, payload: bytes) -> list[Frame]:
        """Always empty: a binary body has no events."""
        self._size += len(payload)
        self._hash.update(payload)
        if len(self._head) < _HEAD:
            self._head += payload[: _HEAD - len(self._head)]
        return []

    def close(self) -> list[Frame]:
        """Always empty."""
        return []

    def facts(self) -> BinaryFacts:
        """What is known so far."""
        head = bytes(self._head)
        signature = signature_of(head)
        width, height = image_size(head) or (None, None)
        rate = wav_rate(head)
        return BinaryFacts(
            size=self._size,
            sha256=self._hash.hexdigest(),
            media_type=signature.media_type if signature else "",
            suffix=signature.suffix if signature else ".bin",
            width=width,
            height=height,
            seconds=max(0, self._size - rate[1]) / rate[0] if rate else None,
        )
