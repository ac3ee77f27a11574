"""Things to tick, whose ticks are told by their shape and not by a colour alone."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Checkbox, SelectionList

_BUTTON_SEGMENTS = 3
"""What Textual draws before the blank and the words: the left side, the inside and the right side of a button."""


class TickList(SelectionList[str]):
    """`[x]` is ticked, `[ ]` is not: the same in every theme, and without colours."""

    def render_line(self, y: int) -> Strip:
        """A row, with brackets for Textual's coloured button; a click on them still ticks."""
        drawn = list(super().render_line(y))
        row = self.scroll_offset.y + y
        if not 0 <= row < self.option_count:
            return Strip(drawn)
        is_ticked = self.get_option_at_index(row).value in self.selected
        style = (drawn[_BUTTON_SEGMENTS].style or Style()) + Style(bold=is_ticked, meta={"option": row})
        return Strip([Segment("[x]" if is_ticked else "[ ]", style), *drawn[_BUTTON_SEGMENTS:]])


class TickBox(Checkbox):
    """One thing to tick: an empty box when it is not."""

    def render(self) -> Content:
        """The box and its label."""
        self.BUTTON_INNER = "x" if self.value else " "
        return super().render()
