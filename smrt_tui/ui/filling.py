"""A dialog for the values of variables: those without one first. It returns the values and sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from smrt_tui.core.template import missing_names
from smrt_tui.ui.widgets.rows import FieldRow, RowList
from smrt_tui.ui.widgets.variables_form import as_text, as_value, kind_of

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.profile import JsonValue


class Filling(ModalScreen["Draft | None"]):
    """One row a variable."""

    HELP = """What {{name}} stands for. A number, true, null, [list] or {object} is JSON; a variable that is text stays
text. What you fill in here is part of the draft, and alt+v opens it at any time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Leave", show=False),
        Binding("ctrl+s,f5,ctrl+j", "take", "Take", show=False, priority=True),
    ]

    AUTO_FOCUS = "Input"

    DEFAULT_CSS = """
    Filling {
        #filling-rows { height: auto; max-height: 20; margin: 1 0 0 0; }
        FieldRow > .field-note { width: 17; }
        Input { background: $panel; }
    }
    """

    def __init__(self, draft: Draft, *, agree: str) -> None:
        super().__init__()
        self._draft = draft
        self._agree = agree
        self._missing = missing_names(draft)
        self._values: dict[str, JsonValue] = dict(draft.variables)

    def compose(self) -> ComposeResult:
        """Why it is asked, the rows, two buttons."""
        with Vertical(classes="dialog -large") as box:
            box.border_title = "Variables"
            box.border_subtitle = f"f5 {self._agree.lower()}s · esc leaves"
            yield Static(self._reason(), markup=False, classes="dialog-text")
            with RowList(id="filling-rows"):
                for name in self._missing:
                    yield FieldRow(name, "", "needs a value", is_wrong=True)
                for name, value in self._values.items():
                    yield FieldRow(name, as_text(value), kind_of(value))
            with Horizontal(classes="dialog-buttons"):
                yield Button("Cancel", id="no", compact=True)
                yield Button(self._agree, id="yes", variant="primary", compact=True)

    def on_field_row_edited(self, event: FieldRow.Edited) -> None:
        """Take a value."""
        name = event.row.field
        self._values[name] = value = as_value(event.value, dict(self._draft.variables).get(name))
        event.row.show_note(kind_of(value))
        event.row.set_class(False, "-wrong")

    def on_input_submitted(self) -> None:
        """On to the next row; after the last one, take them."""
        rows = list(self.query(FieldRow))
        if rows and rows[-1].has_focus_within:
            self.action_take()
        else:
            self.focus_next("Input")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take them, or leave."""
        if event.button.id == "yes":
            self.action_take()
        else:
            self.dismiss(None)

    def action_take(self) -> None:
        """Hand the draft back with its values; none may be left without one."""
        left = [name for name in self._missing if name not in self._values]
        if left:
            self.notify(f"Still without a value: {', '.join(left)}", severity="warning", markup=False, timeout=3)
            return
        draft = self._draft
        for name, value in self._values.items():
            draft = draft.with_variable(name, value)
        self.dismiss(draft)

    def _reason(self) -> str:
        if self._missing:
            return f"The request uses {', '.join(f'{{{{{name}}}}}' for name in self._missing)}, which has no value yet."
        return "What {{name}} stands for in this request." if self._values else "This request uses no variables."
