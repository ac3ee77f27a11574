"""An input whose value may hold anything and whose drawing holds nothing that a terminal obeys."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import Input

from smrt_tui.ui.one_cell import one_cell


class PlainInput(Input):
    """Shows control and invisible characters as symbols, one for one; the value keeps them."""

    def render_line(self, y: int) -> Strip:
        """One line, as `Input` draws it, made harmless."""
        strip = super().render_line(y)
        if all(segment.text.isprintable() for segment in strip):
            return strip
        shown = Strip([Segment(one_cell(segment.text), segment.style) for segment in strip])
        return shown.crop(0, self.size.width)
