"""Made-up PNGs, filtered in any of the five ways."""

from __future__ import annotations

import struct
import zlib

CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}


def pixel(x: int, y: int) -> tuple[int, int, int, int]:
    """The colour at a place."""
    return (x * 37 + y) % 256, (y * 53) % 256, (x * y * 11) % 256, 255 - (x * 3 + y * 5) % 256


def raw_row(width: int, y: int, colour: int) -> bytes:
    """One row without its filter."""
    picked = {0: (0,), 2: (0, 1, 2), 4: (0, 3), 6: (0, 1, 2, 3)}[colour]
    return bytes(pixel(x, y)[channel] for x in range(width) for channel in picked)


def filtered(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """One row with its filter, by the formulas of ISO/IEC 15948, 9.2."""
    out = bytearray((kind,))
    for index, here in enumerate(row):
        left = row[index - step] if index >= step else 0
        up = above[index]
        corner = above[index - step] if index >= step else 0
        guess = left + up - corner
        nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
        out.append((here - (0, left, up, (left + up) // 2, nearest)[kind]) % 256)
    return bytes(out)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Length, type, data, CRC."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, colour: int = 2, kind: int = 0, depth: int = 8, interlace: int = 0) -> bytes:
    """A whole picture."""
    step = CHANNELS.get(colour, 1)
    above = bytes(width * step)
    data = b""
    for y in range(height):
        row = raw_row(width, y, colour) if colour in CHANNELS else bytes(width)
        data += filtered(kind, row, above, step)
        above = row
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    packed = zlib.compress(data)
    pieces = [chunk(b"IDAT", packed[: len(packed) // 2]), chunk(b"IDAT", packed[len(packed) // 2 :])]
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(pieces) + chunk(b"IEND", b"")
