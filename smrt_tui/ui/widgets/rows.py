"""The rows of the request's forms: a name, a value in an input, what it becomes. They judge nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from smrt_tui.core.plain import plain
from smrt_tui.ui.widgets.plain_input import PlainInput


class Remover(Static, can_focus=True):
    """A small ✕ that takes its row away."""

    BINDINGS = [("enter,space", "press", "Remove")]  # noqa: RUF012  as Textual declares it

    DEFAULT_CSS = """
    Remover {
        width: 3;
        height: 1;
        text-align: center;
        color: $text-muted;
        &:hover { color: $text-error; }
        &:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """

    @dataclass
    class Pressed(Message):
        """Posted when the row is to go."""

    def __init__(self) -> None:
        super().__init__("✕", markup=False)

    def on_click(self) -> None:
        """The same as a key press."""
        self.action_press()

    def action_press(self) -> None:
        """Tell the row."""
        self.post_message(self.Pressed())


class RowList(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Rows one below the other. Up and down go from row to row instead of scrolling them away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "row(1)", "Next row", show=False),
        Binding("up", "row(-1)", "Row before", show=False),
    ]
    """
    | Key | What it does |
    |---|---|
    | down | The row below, in the same column. |
    | up | The row above, in the same column. |
    """

    DEFAULT_CSS = """
    RowList { scrollbar-size-vertical: 1; }
    """

    def action_row(self, by: int) -> None:
        """To the row below or above, in the same column."""
        rows = [row for row in self.displayed_children if row.can_focus or row.query(Input)]
        now = next((at for at, row in enumerate(rows) if row.has_focus or row.has_focus_within), None)
        if now is None or not 0 <= now + by < len(rows):
            return
        inputs = list(rows[now + by].query(Input))
        column = next((at for at, field in enumerate(rows[now].query(Input)) if field.has_focus), 0)
        (inputs[min(column, len(inputs) - 1)] if inputs else rows[now + by]).focus()


class FieldRow(Horizontal):
    """A fixed name, an input, and a note at the right."""

    DEFAULT_CSS = """
    FieldRow {
        height: 1;
        & > .field-name { width: 25; height: 1; color: $text-muted; }
        & > Input { width: 1fr; min-width: 12; }
        & > .field-note { width: 45; height: 1; padding: 0 1 0 2; color: $text-muted; }
        &:focus-within > .field-name { color: $text-accent; text-style: bold; }
        &.-set > .field-name { color: $foreground; }
        &.-wrong > .field-note { color: $text-warning; }
    }
    """

    @dataclass
    class Edited(Message):
        """Posted when the value was changed by hand."""

        row: FieldRow
        value: str

    def __init__(self, name: str, value: str, note: str, *, placeholder: str = "", is_wrong: bool = False) -> None:
        super().__init__()
        self.field = name
        """What the value belongs to."""
        self.value = value
        self._note = note
        self._placeholder = placeholder
        self.set_class(is_wrong, "-wrong")
        self.set_class(bool(value), "-set")

    def compose(self) -> ComposeResult:
        """Name, value, note."""
        yield Static(plain(self.field), classes="field-name", markup=False)
        yield PlainInput(self.value, compact=True, placeholder=self._placeholder, select_on_focus=False)
        yield Static(self._note, classes="field-note", markup=False)

    def show_note(self, note: str) -> None:
        """Say something else at the right."""
        if note != self._note:
            self._note = note
            self.query_one(".field-note", Static).update(note)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what was typed."""
        event.stop()
        if event.value != self.value:
            self.value = event.value
            self.set_class(bool(event.value), "-set")
            self.post_message(self.Edited(self, event.value))


class PairRow(Horizontal):
    """A name and a value, both written by hand, that can be taken away."""

    DEFAULT_CSS = """
    PairRow {
        height: 1;
        & > .pair-name { width: 25; }
        & > .pair-value { width: 1fr; min-width: 12; margin: 0 0 0 1; }
    }
    """

    @dataclass
    class Edited(Message):
        """Posted when the name or the value was changed by hand."""

        row: PairRow

    @dataclass
    class Removed(Message):
        """Posted when the row is to go."""

        row: PairRow

    def __init__(self, name: str, value: str, *, name_placeholder: str, value_placeholder: str) -> None:
        super().__init__()
        self.pair = (name, value)
        """The name and the value as they are written now."""
        self._placeholders = (name_placeholder, value_placeholder)

    def compose(self) -> ComposeResult:
        """Name, value, ✕."""
        name, value = self.pair
        yield PlainInput(
            name, compact=True, placeholder=self._placeholders[0], classes="pair-name", select_on_focus=False
        )
        yield PlainInput(
            value, compact=True, placeholder=self._placeholders[1], classes="pair-value", select_on_focus=False
        )
        yield Remover()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what was typed."""
        event.stop()
        name, value = self.pair
        pair = (event.value, value) if event.input.has_class("pair-name") else (name, event.value)
        if pair != self.pair:
            self.pair = pair
            self.post_message(self.Edited(self))

    def on_remover_pressed(self, event: Remover.Pressed) -> None:
        """Ask the form to take this row away."""
        event.stop()
        self.post_message(self.Removed(self))


class Adder(Static, can_focus=True):
    """A line that adds a row."""

    BINDINGS = [("enter,space", "press", "Add")]  # noqa: RUF012  as Textual declares it

    DEFAULT_CSS = """
    Adder {
        width: auto;
        height: 1;
        color: $text-accent;
        &:hover { text-style: underline; }
        &:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """

    @dataclass
    class Pressed(Message):
        """Posted when a row is wanted."""

    def on_click(self) -> None:
        """The same as a key press."""
        self.action_press()

    def action_press(self) -> None:
        """Tell the form."""
        self.post_message(self.Pressed())
