"""Any picture that Pillow reads, made small: JPEG, GIF, WebP, and the PNGs that `png` leaves out.

Pillow is there when it was asked for (`pip install smrt-tui[pictures]`). Decoding takes its time and lets the
interpreter go meanwhile: it belongs in a thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import NamedTuple

from smrt_tui.core.png import MOST_PIXELS


class Shrunk(NamedTuple):
    """A picture that is no larger than it is shown."""

    width: int
    height: int
    rgba: bytes

    def rows(self) -> Iterator[bytes]:
        """Each row as RGBA, from the top."""
        stride = 4 * self.width
        return (self.rgba[start : start + stride] for start in range(0, len(self.rgba), stride))


def is_there() -> bool:
    """Whether pictures other than simple PNGs can be read here."""
    return find_spec("PIL") is not None


def shrunk(data: bytes, width: int, height: int) -> Shrunk:
    """The picture, at most so many pixels wide and high. Raises `ValueError` for what cannot be read, saying why."""
    pillow = import_module("PIL.Image")
    try:
        with pillow.open(BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(f"{picture.width:,}×{picture.height:,} pixels")
            picture.draft("RGB", (width, height))  # a JPEG is decoded no larger than it has to be
            picture.thumbnail((width, height))
            small = picture.convert("RGBA")
    except ValueError:
        raise
    except Exception as error:  # Pillow's readers raise whatever damaged bytes make them raise
        raise ValueError(f"it cannot be read ({type(error).__name__})") from error
    return Shrunk(small.width, small.height, small.tobytes())
