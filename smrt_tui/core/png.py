"""Reads a PNG row by row with nothing but zlib: 8 bits a channel, not interlaced (ISO/IEC 15948). Pure.

A generator, so that a large picture can be read in slices.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import accumulate

from msgspec import Struct

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
"""Colour type to bytes a pixel; 3 is a palette."""

MOST_PIXELS = 16_000_000


class Header(Struct, frozen=True):
    """What a PNG says of itself."""

    width: int
    height: int
    depth: int
    colour: int
    is_interlaced: bool

    @property
    def why_not(self) -> str:
        """Why it cannot be drawn here; empty when it can."""
        if self.depth != 8:
            return f"{self.depth} bits a channel"
        if self.colour not in _CHANNELS:
            return "a palette" if self.colour == 3 else f"colour type {self.colour}"
        if self.is_interlaced:
            return "interlaced"
        if not 0 < self.width * self.height <= MOST_PIXELS:
            return f"{self.width:,}×{self.height:,} pixels"
        return ""


def read_header(data: bytes) -> Header | None:
    """The header; None when these bytes do not begin a PNG."""
    if not data.startswith(_SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 29:
        return None
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", data[16:29])
    return Header(width, height, depth, colour, interlace != 0)


def read_rows(data: bytes, header: Header) -> Iterator[bytes]:
    """Each row as RGBA, from the top, as far as the data goes. Raises `ValueError` for what is no PNG after all."""
    channels = _CHANNELS[header.colour]
    stride = header.width * channels
    above = bytes(stride)
    buffer = b""
    for piece in _inflated(data):
        buffer += piece
        while len(buffer) > stride:
            above = _unfiltered(buffer[0], buffer[1 : stride + 1], above, channels)
            buffer = buffer[stride + 1 :]
            yield _rgba(above, header.colour)


def _inflated(data: bytes) -> Iterator[bytes]:
    """The picture's bytes, a few kilobytes at a time."""
    inflate = zlib.decompressobj()
    position = len(_SIGNATURE)
    try:
        while position + 8 <= len(data):
            length, kind = struct.unpack(">I4s", data[position : position + 8])
            if kind == b"IDAT":
                piece = data[position + 8 : position + 8 + length]
                while piece:
                    yield inflate.decompress(piece, 1 << 16)
                    piece = inflate.unconsumed_tail
            elif kind == b"IEND":
                return
            position += 12 + length
    except zlib.error as error:
        raise ValueError(f"the picture's data is damaged: {error}") from error


def _unfiltered(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """One row with its filter undone (ISO/IEC 15948, 9.2)."""
    match kind:
        case 0:
            return row
        case 1:
            return _summed(row, step)
        case 2:
            return bytes((here + up) & 0xFF for here, up in zip(row, above, strict=True))
        case 3:
            return _averaged(row, above, step)
        case 4:
            return _paeth(row, above, step)
        case _:
            raise ValueError(f"there is no filter {kind}")


def _summed(row: bytes, step: int) -> bytes:
    out = bytearray(len(row))
    for channel in range(step):
        out[channel::step] = bytes(total & 0xFF for total in accumulate(row[channel::step]))
    return bytes(out)


def _averaged(row: bytes, above: bytes, step: int) -> bytes:
    out = bytearray(len(row))
    for index, here in enumerate(row):
        left = out[index - step] if index >= step else 0
        out[index] = (here + ((left + above[index]) >> 1)) & 0xFF
    return bytes(out)


def _paeth(row: bytes, above: bytes, step: int) -> bytes:
    out = bytearray(len(row))
    for channel in range(step):
        left = corner = 0
        for index in range(channel, len(row), step):
            up = above[index]
            to_left, to_up = abs(up - corner), abs(left - corner)
            to_corner = abs(left + up - corner - corner)
            nearest = up if to_up <= to_corner else corner
            if to_left <= to_up and to_left <= to_corner:
                nearest = left
            left = out[index] = (row[index] + nearest) & 0xFF
            corner = up
    return bytes(out)


def _rgba(row: bytes, colour: int) -> bytes:
    if colour == 6:
        return row
    out = bytearray(b"\xff" * (len(row) // _CHANNELS[colour] * 4))
    match colour:
        case 2:
            out[0::4], out[1::4], out[2::4] = row[0::3], row[1::3], row[2::3]
        case 0:
            out[0::4] = out[1::4] = out[2::4] = row
        case _:
            out[0::4] = out[1::4] = out[2::4] = row[0::2]
            out[3::4] = row[1::2]
    return bytes(out)
