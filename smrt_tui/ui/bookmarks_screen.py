"""The bookmarks of an answer: a list to go to one, or to drop it. It decodes nothing and goes nowhere itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smrt_tui.core.decode.answer import Answer
from smrt_tui.core.recorder import PartColumns
from smrt_tui.ui.panes.glimpse import glimpse, one_row

_GLIMPSE_CELLS = 60


def bookmark_line(parts: PartColumns, answer: Answer | None, offset: int) -> str:
    """Which part, when it came, and how the text from there on begins; its bytes where no text was read out of it."""
    number = parts.at_byte(offset)
    words = one_row(_text_from(answer, offset), _GLIMPSE_CELLS)
    words = words or glimpse(bytes(parts.body[offset : offset + 4 * _GLIMPSE_CELLS]), _GLIMPSE_CELLS)
    return f"◆ part {number:,} · {parts.times[number]:.3f} s · byte {offset:,}\n  {words}"


def _text_from(answer: Answer | None, offset: int) -> str:
    event = None if answer is None else answer.places.at_byte(offset)
    if answer is None or event is None:
        return ""
    for choice in answer.choices.values():
        for channel in choice.channels():
            span = channel.span_of(event)
            if span is not None:
                return channel.cut(span[0], span[0] + _GLIMPSE_CELLS)
    return ""


class BookmarkList(ModalScreen["int | None"]):
    """Gives back the byte that the chosen one marks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", show=False),
        Binding("delete,d", "drop", "Drop", show=False),
    ]
    """
    | Key(s) | What it does |
    |---|---|
    | delete, d | Drop the bookmark under the cursor. |
    | escape, q | Close. |
    """

    def __init__(
        self, parts: PartColumns, answer: Answer | None, offsets: Sequence[int], drop: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._answer = answer
        self._parts = parts
        self._offsets = list(offsets)
        self._drop = drop

    def compose(self) -> ComposeResult:
        """A list, or how to get one."""
        with Vertical(classes="dialog -large") as box:
            box.border_title = "Bookmarks"
            box.border_subtitle = "enter goes there · d drops · esc closes"
            if self._offsets:
                yield OptionList(
                    *(Option(Content(bookmark_line(self._parts, self._answer, offset))) for offset in self._offsets)
                )
            else:
                yield Static(
                    "There is no bookmark in this answer. In Text, Parts, Frames, Events, Raw or Hex, m marks the"
                    " place that you look at; so does the right mouse button.",
                    markup=False,
                    classes="dialog-text",
                )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hand the place back."""
        self.dismiss(self._offsets[event.option_index])

    def action_drop(self) -> None:
        """Drop the bookmark under the cursor."""
        for options in self.query(OptionList):
            if options.highlighted is not None:
                row = options.highlighted
                self._drop(self._offsets.pop(row))
                options.remove_option_at_index(row)
