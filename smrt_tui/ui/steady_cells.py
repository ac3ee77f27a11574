"""The width of emoji on every terminal: a cluster that terminals count differently is drawn as what all agree on.

A variation selector and a skin tone choose how the character before them looks. Textual and new terminals count such
a cluster as two cells; others (tmux 3.3, xterm, most of what has no mode 2027) count the selector's base as one cell
and a skin tone as two of its own, so that the rest of the row moves. Drawn is the base alone, with a blank where that
is narrower. Only what is drawn: copies, files and searches have the text as it came.
"""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_LOOKS = "\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
_KEYCAP = "\u20e3"
_CLUSTER = re.compile(f"([^{_LOOKS}{_KEYCAP}]?)([{_LOOKS}{_KEYCAP}]+)")
"""One character, and what chooses its look; a keycap around it stays."""


class SteadyCells(LineFilter):
    """Goes over everything that is drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, of the same widths by any terminal's count."""
        if all(segment.text.isascii() for segment in segments):
            return segments
        return [_steadied(segment) for segment in segments]


def steady(text: str) -> str:
    """The text as every terminal gives it the same cells; of the same `cell_len`."""
    return text if text.isascii() else _CLUSTER.sub(_base, text)


def _steadied(segment: Segment) -> Segment:
    text = steady(segment.text)
    return segment if text is segment.text else Segment(text, segment.style, segment.control)


def _base(cluster: re.Match[str]) -> str:
    base = cluster[1] + (_KEYCAP if _KEYCAP in cluster[2] else "")
    return base + " " * (cell_len(cluster[0]) - cell_len(base))
