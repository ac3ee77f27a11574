"""The cells of a pane's scrollbar, worked out once for each place of the thumb. Scrolls nothing."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from smrt_tui.ui.panes.viewport import Viewport, thumb_of

_SWAPPED = Style(reverse=True)


class Track:
    """One cell a line of the window."""

    def __init__(self) -> None:
        self._told: object = None
        self._cells: list[Segment] = []

    def cells(self, view: Viewport, thumb_style: Style, empty_style: Style) -> list[Segment]:
        """The cells for what shows, from the top; empty ones when everything shows."""
        told = (view.top, view.height, view.count, thumb_style, empty_style)
        if told != self._told:
            self._told, self._cells = told, _drawn(view, thumb_style, empty_style)
        return self._cells


def _drawn(view: Viewport, thumb_style: Style, empty_style: Style) -> list[Segment]:
    thumb = thumb_of(view)
    if thumb is None:
        return [Segment(" ", empty_style)] * view.height
    glyphs = (thumb.glyph(y) for y in range(view.height))
    return [Segment(glyph, thumb_style + _SWAPPED if is_swapped else thumb_style) for glyph, is_swapped in glyphs]
