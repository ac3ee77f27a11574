"""How finely the screen's time is cut. Imports nothing: Textual reads it once, when it is imported itself."""

from __future__ import annotations

from collections.abc import MutableMapping

PAINTS_PER_S = 120
"""Textual paints what changed at the next of so many beats a second. At its own 60 a key waits up to 17 ms for one,
which in the middle of a stream is half of the time until it shows. Streams are drawn thirty times a second anyway."""


def set_raster(environ: MutableMapping[str, str]) -> None:
    """Ask Textual for it in the environment of this process, unless the person has asked for something else there."""
    environ.setdefault("TEXTUAL_FPS", str(PAINTS_PER_S))
