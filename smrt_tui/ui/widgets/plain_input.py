"""An input whose value may hold anything and whose drawing holds nothing that a terminal obeys."""

from __future__ import annotations

from rich.segment import Segment
from textual.events import Paste
from textual.strip import Strip
from textual.widgets import Input

from smrt_tui.core.kept_text import is_large
from smrt_tui.ui.one_cell import one_cell
from smrt_tui.ui.widgets.guarded_area import with_line_feeds


class PlainInput(Input):
    """Shows control and invisible characters as symbols, one for one; the value keeps them."""

    def on_paste(self, event: Paste) -> None:
        """Say what of a paste is not taken: a field holds one line, and would stall on a very long one."""
        lines = with_line_feeds(event.text).removesuffix("\n").count("\n") + 1
        if is_large(event.text):
            event.prevent_default()
            event.stop()
            words = f"{len(event.text):,} characters are too many to paste into a field; the payload takes them"
            self.notify(words, severity="warning")
        elif lines > 1:
            self.notify(f"Only the first of {lines:,} lines was pasted: a field holds one", severity="warning")

    def render_line(self, y: int) -> Strip:
        """One line, as `Input` draws it, made harmless."""
        strip = super().render_line(y)
        if all(segment.text.isprintable() for segment in strip):
            return strip
        shown = Strip([Segment(one_cell(segment.text), segment.style) for segment in strip])
        return shown.crop(0, self.size.width)
