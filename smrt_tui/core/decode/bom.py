"""The byte order mark that may open a body: skipped once, even when it comes in pieces."""

from __future__ import annotations

BOM = b"\xef\xbb\xbf"


class BomSkipper:
    """Counts how much of the mark has been seen."""

    def __init__(self) -> None:
        self._seen = 0
        self.is_looking = True
        """Whether the next byte may still be part of the mark."""

    def skip(self, payload: bytes) -> int:
        """How many bytes at the front of `payload` belong to the mark."""
        wanted = BOM[self._seen :]
        count = 0
        while count < len(wanted) and count < len(payload) and payload[count] == wanted[count]:
            count += 1
        self._seen += count
        self.is_looking = self._seen < len(BOM) and count == len(payload)
        return count
