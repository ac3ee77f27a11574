"""How much of a picture has which colour, by name, from the pixels of a PNG or the blocks of a JPEG. No request."""

from __future__ import annotations

import colorsys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from smrt_tui.core.png import read_header, read_rows
from smrt_tui.local.containers.jpeg import Unreadable, block_colours

Colour: TypeAlias = tuple[int, int, int]

COLOURS = (
    "black",
    "grey",
    "white",
    "red",
    "orange",
    "brown",
    "yellow",
    "green",
    "cyan",
    "blue",
    "purple",
    "pink",
)
MOST_PIXELS = 4_000_000
_GRID = 256
"""A PNG larger than this is looked at in a grid of so many points each way."""
_HUES = ((15, "red"), (45, "orange"), (70, "yellow"), (160, "green"), (200, "cyan"), (260, "blue"), (320, "purple"))
"""Up to how many degrees of the colour wheel a name goes; red again after the last one."""


def shares(picture: bytes) -> dict[str, float]:
    """The share of each colour of `COLOURS`, 1 in all. Raises `Unreadable`, or `ValueError` for a damaged picture."""
    counted = Counter(map(_name, _points(picture)))
    total = counted.total()
    if not total:
        raise ValueError("the picture's data is cut off")
    return {name: counted[name] / total for name in COLOURS}


def _points(picture: bytes) -> Iterator[Colour]:
    if picture.startswith(b"\xff\xd8"):
        return block_colours(picture)
    header = read_header(picture)
    if header is None:
        raise Unreadable("the bytes are neither a PNG nor a JPEG")
    why_not = header.why_not
    if not why_not and header.width * header.height > MOST_PIXELS:
        why_not = f"{header.width:,}×{header.height:,} pixels; up to {MOST_PIXELS:,} are looked at"
    if why_not:
        raise Unreadable(f"a PNG that cannot be read here: {why_not}")
    step = max(1, max(header.width, header.height) // _GRID)
    rows = islice(read_rows(picture, header), 0, header.height, step)
    return (pixel for row in rows for pixel in zip(*(row[c :: 4 * step] for c in range(3)), strict=True))


def _name(colour: Colour) -> str:
    hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))
    if value < 0.2:
        return "black"
    if saturation < 0.15:
        return "white" if value > 0.85 else "grey"
    name = next((name for limit, name in _HUES if hue * 360 < limit), "red")
    if name == "orange" and value < 0.6:
        return "brown"
    return "pink" if name in ("red", "purple") and saturation < 0.6 and value > 0.7 else name
