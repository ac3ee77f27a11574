"""PNG files out of rows of RGB bytes (W3C PNG, sections 5 and 11). Draws nothing."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_RGB = 2
_UNFILTERED = b"\x00"


def png(width: int, height: int, rows: Iterable[bytes]) -> bytes:
    """The file; each row has three bytes a pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_RGB, 0, 0, 0)
    pixels = zlib.compress(b"".join(_UNFILTERED + row for row in rows), 6)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
