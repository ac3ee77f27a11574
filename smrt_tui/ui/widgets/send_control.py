"""The control that sends, and while a call runs, cancels it. Shows the seconds it is told; it has no clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class SendControl(Widget, can_focus=True):
    """One button, two meanings."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", "Press", show=False)]
    """
    | Key | What it does |
    |---|---|
    | enter, space | Send, or cancel. |
    """

    DEFAULT_CSS = """
    SendControl {
        width: 20;
        height: 1;
        text-align: center;
        color: $button-color-foreground;
        background: $primary;
        text-style: bold;
        &:hover { background: $primary-lighten-1; }
        &:focus { text-style: bold reverse; }
        &.-live { background: $error; }
        &.-live:hover { background: $error-lighten-1; }
    }
    """

    HELP = """Sends the request in the mode that is on. While a call runs it cancels it, and what arrived stays;
    of an async job only the looking stops."""

    elapsed_s: reactive[float | None] = reactive(None, layout=False)
    """Seconds since send was pressed; None when nothing runs."""

    is_waiting_job: reactive[bool] = reactive(False, layout=False)
    """Whether what runs is an async job that is only waited for."""

    @dataclass
    class Pressed(Message):
        """Posted when it was clicked or pressed."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def render(self) -> Content:
        """What pressing it would do."""
        if self.elapsed_s is None:
            return Content(f"▶ Send  {self._key}")
        if self.is_waiting_job:
            return Content(f"■ Stop looking {self.elapsed_s:.0f} s")
        return Content(f"■ Cancel  {self.elapsed_s:.1f} s")

    def watch_elapsed_s(self, elapsed_s: float | None) -> None:
        """Look dangerous while a press would cancel."""
        self.set_class(elapsed_s is not None, "-live")

    def on_click(self, event: Click) -> None:
        """The same as a key press."""
        event.stop()
        self.action_press()

    def action_press(self) -> None:
        """Tell the screen."""
        self.post_message(self.Pressed())
