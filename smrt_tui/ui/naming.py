"""A dialog that asks for one line: a name, or what a job is found by. It returns the line and does nothing."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from smrt_tui.core.plain import plain


class Naming(ModalScreen[str | None]):
    """One input and two buttons; an empty line is no answer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Cancel", show=False)]

    AUTO_FOCUS = "Input"

    DEFAULT_CSS = """
    Naming Input { margin: 1 0 0 0; background: $panel; }
    """

    def __init__(
        self, *, title: str, text: str, name: str, agree: str, placeholder: str = "name, or folder/name"
    ) -> None:
        super().__init__()
        self._placeholder = placeholder
        self._title = title
        self._text = text
        self._suggested = name
        self._agree = agree

    def compose(self) -> ComposeResult:
        """What is named and where it goes, the name, and two buttons."""
        with Vertical(classes="dialog") as box:
            box.border_title = self._title
            box.border_subtitle = f"enter {self._agree.lower()}s · esc leaves"
            yield Static(plain(self._text), markup=False, classes="dialog-text")
            yield Input(self._suggested, compact=True, placeholder=self._placeholder)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button(self._agree, id="yes", variant="primary", compact=True)

    def on_input_submitted(self) -> None:
        """Take it."""
        self._take()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take it, or leave."""
        if event.button.id == "yes":
            self._take()
        else:
            self.dismiss(None)

    def _take(self) -> None:
        name = self.query_one(Input).value.strip()
        if name:
            self.dismiss(name)
        else:
            self.notify(f"Needed: {self._placeholder}", severity="warning", timeout=3)
