"""The mean colour of each block of a JPEG, eight pixels by eight, without drawing it (ITU-T T.81).

Only the first coefficient of each block is used, which is the block's mean; the others are read past. That does for
baseline pictures and for the first scan of progressive ones, grey or YCbCr, 8 bits. Every `ValueError` says what
stands in the way. Reads no request.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]
Codes: TypeAlias = Sequence[tuple[int, int]]
"""For every 16 bits that may come: the length of the code that they begin with, and its symbol."""

_FRAMES = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive, with Huffman codes."""
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_TABLES, _QUANTISERS, _RESTARTS, _SCAN = 0xC4, 0xDB, 0xDD, 0xDA
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
MOST_BLOCKS = 65_536
"""Four million pixels."""


class Unreadable(ValueError):
    """A picture of a kind that cannot be read here, though it may be sound."""


@dataclass(slots=True)
class _Component:
    across: int
    down: int
    """Blocks in one unit of the scan."""
    quantiser: int
    dc: int = 0
    ac: int = 0
    """Which Huffman tables the scan uses."""
    last: int = 0
    """The coefficient before, from which the next one differs."""
    rows: list[list[int]] = field(default_factory=list)
    """The means found, from 0 to 255, a row of blocks a list."""


@dataclass(slots=True)
class _Picture:
    width: int = 0
    height: int = 0
    components: dict[int, _Component] = field(default_factory=dict)
    quantisers: dict[int, int] = field(default_factory=dict)
    """The step of the first coefficient, by table."""
    codes: dict[int, Codes] = field(default_factory=dict)
    """Huffman tables; those of the other coefficients count from 16."""
    restart_every: int = 0


class _Bits:
    """The bits of one stretch of a scan, stuffing taken out; after its end zeros come."""

    def __init__(self, stretch: bytes) -> None:
        self._bytes = stretch.replace(b"\xff\x00", b"\xff")
        self._at = self._held = self._count = 0

    @property
    def is_over(self) -> bool:
        """Whether more was taken than there is."""
        return self._at - self._count // 8 > len(self._bytes) + 1

    def symbol(self, codes: Codes) -> int:
        self._fill()
        length, symbol = codes[self._held >> (self._count - 16) & 0xFFFF]
        if not length:
            raise ValueError("the picture's data is damaged: a code that no table has")
        self._count -= length
        return symbol

    def number(self, size: int) -> int:
        """A signed number of so many bits (T.81, F.2.2.1)."""
        self._fill()
        self._count -= size
        value = self._held >> self._count & ((1 << size) - 1)
        return value if not size or value >> (size - 1) else value - (1 << size) + 1

    def _fill(self) -> None:
        if self._count < 16:
            piece = self._bytes[self._at : self._at + 6]
            self._held = (self._held & 0xFFFF) << 48 | int.from_bytes(piece.ljust(6, b"\0"), "big")
            self._at += 6
            self._count += 48


def block_colours(data: bytes) -> Iterator[Colour]:
    """The mean colour of each block that lies in the picture, row by row from the top."""
    picture = _read(data)
    first, *others = picture.components.values()
    for y in range(math.ceil(picture.height / 8)):
        for x in range(math.ceil(picture.width / 8)):
            light = first.rows[y][x]
            if others:
                blue, red = (c.rows[y * c.down // first.down][x * c.across // first.across] - 128 for c in others)
                yield _rgb(light, blue, red)
            else:
                yield light, light, light


def _rgb(light: int, blue: int, red: int) -> Colour:
    """JFIF 1.02, "Conversion to and from RGB"."""
    channels = (light + 1.402 * red, light - 0.344136 * blue - 0.714136 * red, light + 1.772 * blue)
    r, g, b = (min(255, max(0, round(channel))) for channel in channels)
    return r, g, b


def _read(data: bytes) -> _Picture:
    if not data.startswith(b"\xff\xd8"):
        raise ValueError("the bytes do not begin a JPEG")
    picture, at = _Picture(), 2
    while at + 4 <= len(data):
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        content, at = data[at + 4 : at + 2 + size], at + 2 + size
        if marker in _FRAMES:
            _read_frame(picture, content)
        elif marker in _OTHER_FRAMES:
            raise Unreadable(f"a JPEG of frame type {marker - 0xC0}, which is neither baseline nor progressive")
        elif marker == _QUANTISERS:
            _read_quantisers(picture, content)
        elif marker == _TABLES:
            _read_codes(picture, content)
        elif marker == _RESTARTS:
            picture.restart_every = int.from_bytes(content[:2], "big")
        elif marker == _SCAN:
            _read_scan(picture, content, data[at:])
            return picture
    raise ValueError("the picture's data is damaged: it has no scan")


def _read_frame(picture: _Picture, content: bytes) -> None:
    if len(content) < 6 or len(content) < 6 + 3 * content[5]:
        raise ValueError("the picture's data is damaged: its frame is cut off")
    if content[0] != 8 or content[5] not in (1, 3):
        raise Unreadable(f"a JPEG of {content[0]} bits and {content[5]} components, not of 8 bits, grey or YCbCr")
    picture.height, picture.width = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big")
    blocks = math.ceil(picture.width / 8) * math.ceil(picture.height / 8)
    if not 0 < blocks <= MOST_BLOCKS:
        raise Unreadable(f"{picture.width:,}×{picture.height:,} pixels; up to {MOST_BLOCKS * 64:,} are looked at")
    for at in range(6, 6 + 3 * content[5], 3):
        sampling = content[at + 1]
        component = _Component(sampling >> 4, sampling & 15, content[at + 2])
        if not (1 <= component.across <= 4 and 1 <= component.down <= 4):
            raise ValueError("the picture's data is damaged: its sampling is none")
        picture.components[content[at]] = component
    first, *others = picture.components.values()
    if any(first.across % other.across or first.down % other.down for other in others):
        raise Unreadable("a JPEG with colours sampled more finely than its light")


def _read_quantisers(picture: _Picture, content: bytes) -> None:
    at = 0
    while at < len(content):
        is_wide, table = content[at] >> 4, content[at] & 15
        picture.quantisers[table] = int.from_bytes(content[at + 1 : at + 2 + bool(is_wide)], "big")
        at += 129 if is_wide else 65


def _read_codes(picture: _Picture, content: bytes) -> None:
    at = 0
    while at + 17 <= len(content):
        counts = content[at + 1 : at + 17]
        symbols = content[at + 17 : at + 17 + sum(counts)]
        picture.codes[content[at]] = _codes(counts, symbols)
        at += 17 + sum(counts)


def _codes(counts: Sequence[int], symbols: Sequence[int]) -> Codes:
    """The table of T.81, C.2: codes of one length follow one another, and the next length goes on from there."""
    found: list[tuple[int, int]] = []
    left = iter(symbols)
    for length, count in enumerate(counts, start=1):
        for symbol in islice(left, count):
            found += [(length, symbol)] * (1 << (16 - length))
    if len(found) > 1 << 16:
        raise ValueError("the picture's data is damaged: a table has too many codes")
    return found + [(0, 0)] * ((1 << 16) - len(found))


def _read_scan(picture: _Picture, content: bytes, data: bytes) -> None:
    scanned = _scanned(picture, content)
    has_others, shift = content[-2] > 0, content[-1] & 15
    across, down = _units(picture, scanned)
    for component in scanned:
        component.rows = [[] for _ in range(down * component.down)]
    end = _SCAN_END.search(data)
    stretches = iter(_RESTART.split(data[: end.start()] if end else data))
    bits = _Bits(next(stretches))
    for unit in range(across * down):
        if picture.restart_every and unit and unit % picture.restart_every == 0:
            bits = _Bits(next(stretches, b""))
            for component in scanned:
                component.last = 0
        for component in scanned:
            _read_blocks(picture, component, bits, unit // across, has_others=has_others, shift=shift)
        if bits.is_over:
            raise ValueError("the picture's data is cut off")


def _scanned(picture: _Picture, content: bytes) -> list[_Component]:
    """The components of the frame with the tables that the scan gives them."""
    count = content[0] if content else 0
    named = {content[1 + 2 * i]: content[2 + 2 * i] for i in range(count)} if len(content) >= 4 + 2 * count else {}
    if not named or set(named) != set(picture.components):
        raise Unreadable("a JPEG whose first scan does not have all components")
    for identity, tables in named.items():
        component = picture.components[identity]
        component.dc, component.ac = tables >> 4, 16 + (tables & 15)
        if component.dc not in picture.codes or component.quantiser not in picture.quantisers:
            raise ValueError("the picture's data is damaged: a table is missing")
        if content[-2] and component.ac not in picture.codes:
            raise ValueError("the picture's data is damaged: a table is missing")
    return list(picture.components.values())


def _units(picture: _Picture, scanned: Sequence[_Component]) -> tuple[int, int]:
    """How many units lie side by side and below each other; a single component has units of one block (T.81, A.2)."""
    if len(scanned) == 1:
        scanned[0].across = scanned[0].down = 1
    first = scanned[0]
    return math.ceil(picture.width / (8 * first.across)), math.ceil(picture.height / (8 * first.down))


def _read_blocks(
    picture: _Picture, component: _Component, bits: _Bits, unit_row: int, *, has_others: bool, shift: int
) -> None:
    for down in range(component.down):
        row = component.rows[unit_row * component.down + down]
        for _ in range(component.across):
            size = bits.symbol(picture.codes[component.dc])
            component.last += bits.number(min(size, 16))
            mean = round((component.last << shift) * picture.quantisers[component.quantiser] / 8) + 128
            row.append(min(255, max(0, mean)))
            if has_others:
                _read_past(bits, picture.codes[component.ac])


def _read_past(bits: _Bits, codes: Codes) -> None:
    """The 63 coefficients after the first."""
    at = 1
    while at < 64:
        run, size = divmod(bits.symbol(codes), 16)
        if not size and run < 15:
            return
        bits.number(size)
        at += run + 1
