"""One row to search what a pane shows. It asks by messages and shows the count that it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from smrt_tui.ui.widgets.plain_input import PlainInput


class FindBar(Horizontal):
    """A text to look for, and where among the matches the cursor is."""

    HELP = """Looks for a text in the view in front. Enter goes to the next match, up to the one before; esc closes. A
text in lower case matches any case. Afterwards n and N step through the matches in the view itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "step(1)", "Next match", show=False),
        Binding("up", "step(-1)", "Match before", show=False),
        Binding("escape", "leave", "Close", show=False),
    ]
    """
    | Key | What it does |
    |---|---|
    | enter, down | The next match. |
    | up | The match before. |
    | escape | Close. |
    """

    DEFAULT_CSS = """
    FindBar {
        height: 1;
        padding: 0 1;
        background: $boost;
        & > .find-label { width: auto; color: $text-accent; }
        & > Input { width: 1fr; margin: 0 1; }
        & > #find-count { width: auto; color: $text-muted; }
    }
    """

    @dataclass
    class Asked(Message):
        """Posted when another text is to be looked for."""

        text: str

    @dataclass
    class Stepped(Message):
        """Posted when a person goes on to another match."""

        by: int

    @dataclass
    class Left(Message):
        """Posted when the search is over."""

    def __init__(self, place: str = "in the view in front") -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        """Label, text, count."""
        yield Static("Find", classes="find-label", markup=False)
        yield PlainInput(compact=True, placeholder=self._place)
        yield Static("", id="find-count", markup=False)

    def show_count(self, position: int, total: int, *, is_complete: bool) -> None:
        """Say which match of how many is current."""
        more = "" if is_complete else "+"
        words = f"{position}/{total}{more}" if total else ("no match" if is_complete else "searching…")
        self.query_one("#find-count", Static).update(words if self.query_one(Input).value else "")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed while it is typed."""
        event.stop()
        self.post_message(self.Asked(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter is the next match."""
        event.stop()
        self.action_step(1)

    def action_step(self, by: int) -> None:
        """Ask for another match."""
        self.post_message(self.Stepped(by))

    def action_leave(self) -> None:
        """Ask to be closed."""
        self.post_message(self.Left())
