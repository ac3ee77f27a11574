"""Plain text out of bytes: UTF-8 over part borders, U+FFFD for what is none, one frame for each part that adds text."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from smrt_tui.core.decode.decoded import PROSE, Frame


class TextFramer:
    """Feed it parts in order; any cutting gives the same text."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._is_plain = False
        """Whether the decoder holds nothing, so that it may be passed by."""
        self._offset = 0
        self._start = 0

    @property
    def is_inside(self) -> bool:
        """Whether a character has begun and is not whole."""
        return self._start < self._offset

    def feed(self, payload: bytes) -> list[Frame]:
        """The text that these bytes complete, as one frame; none when they only begin a character."""
        start = self._start
        self._offset += len(payload)
        if self._is_plain:
            try:
                text = payload.decode()
                self._start = self._offset
                return [("plain", start, self._start, (text, PROSE))] if text else []
            except UnicodeDecodeError:
                self._is_plain = False
        text = self._decoder.decode(payload)
        held = self._decoder.getstate()[0]
        self._start = self._offset - len(held)
        self._is_plain = not held and self._offset >= len(codecs.BOM_UTF8)
        return [("plain", start, self._start, (text, PROSE))] if text else []

    def feed_whole(self, payloads: Sequence[bytes]) -> list[str] | None:
        """The texts of many parts at once; None, and nothing fed, when any of them cuts a character or is no UTF-8."""
        if not self._is_plain:
            return None
        try:
            texts = [payload.decode() for payload in payloads]
        except UnicodeDecodeError:
            return None
        self._offset += sum(map(len, payloads))
        self._start = self._offset
        return texts

    def close(self) -> list[Frame]:
        """What is left of a character that was never finished, as U+FFFD."""
        text = self._decoder.decode(b"", final=True)
        if self.is_inside and not text:
            text = "\ufffd"  # the codec forgets the beginning of a byte order mark
        start, self._start = self._start, self._offset
        return [("plain", start, self._offset, (text, PROSE))] if text else []


def ends_inside_character(tail: bytes) -> bool:
    """Whether the last bytes (three are enough) begin a UTF-8 character without finishing it (RFC 3629, section 3)."""
    for size, byte in enumerate(reversed(tail[-3:]), 1):
        if byte >= 0xC0:
            return size < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4)
        if byte < 0x80:
            return False
    return False
