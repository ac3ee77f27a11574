"""What the local endpoint can do to the next answer, as a list to filter by typing. It returns the changed text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from smrt_tui.core.directive import BadDirective, Directive, chosen_amount, with_directive, without_directive
from smrt_tui.core.plain import plain

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft

MEMBER = "CustomAttributes"
"""The member that directives travel in."""

_NAME_CELLS = 30


class Chosen(Struct, frozen=True):
    """What is to stand in the member, and whether the request is sent at once."""

    attributes: str
    is_sent: bool


class FaultMenu(ModalScreen["Chosen | None"]):
    """One row a fault or part policy, with what it will do."""

    HELP = """What the local endpoint does to the answer. Type to filter; enter switches the marked row on, or off
again. tab goes to its amount: how many parts, seconds or attempts, or which status. What is switched on stands in
CustomAttributes, beside whatever else is there. f5 sends at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(False)", "Close", show=False, priority=True),
        Binding("f5,ctrl+j", "leave(True)", "Send", show=False, priority=True),
        Binding("down", "move(1)", "Next", show=False),
        Binding("up", "move(-1)", "Previous", show=False),
    ]

    AUTO_FOCUS = "#fault-filter"

    DEFAULT_CSS = """
    FaultMenu {
        Input { background: $panel; }
        OptionList, OptionList:focus { height: 1fr; border: none; padding: 0; background: transparent; }
        #fault-about { height: auto; border-top: solid $foreground 20%; padding: 0 1; }
        #fault-does { height: 2; }
        #fault-sends { height: auto; max-height: 2; color: $text-muted; }
        #fault-amount-row { height: 1; }
        #fault-amount { width: 12; }
        #fault-counts { width: 1fr; padding: 0 1; color: $text-muted; }
    }
    """

    def __init__(self, rows: Sequence[Directive], draft: Draft) -> None:
        super().__init__()
        self._rows = tuple(rows)
        self._mode = draft.mode
        self._attributes = draft.member(MEMBER) or ""
        self._marked: Directive | None = None

    def compose(self) -> ComposeResult:
        """Filter, list, what the marked row will do, buttons."""
        with Vertical(classes="dialog -wide") as box:
            box.border_title = "Faults on demand"
            box.border_subtitle = "enter on/off · tab amount · f5 sends · esc closes"
            yield Input(placeholder="type to filter", compact=True, id="fault-filter")
            yield OptionList()
            with Vertical(id="fault-about"):
                yield Static(id="fault-does", markup=False)
                with Horizontal(id="fault-amount-row"):
                    yield Input(compact=True, id="fault-amount")
                    yield Static(id="fault-counts", markup=False)
                yield Static(id="fault-sends", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("On / off", id="switch", compact=True)
                yield Button("Send", id="send", compact=True)
                yield Button("Done", id="done", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Show them all."""
        self._list("")

    def on_resize(self) -> None:
        """Cut the sentences anew."""
        self._relist()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits, or what the amount would do."""
        if event.input.id == "fault-filter":
            self._list(event.value)
        else:
            self._tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Switch the marked row; from the amount always on, with that amount."""
        self._switch(is_amount_meant=event.input.id == "fault-amount")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what it will do, with its amount."""
        marked = next((row for row in self._rows if row.label == event.option_id), None)
        if marked is None or marked is self._marked:
            return
        self._marked = marked
        self._show_amount(marked)
        self._tell()

    def on_option_list_option_selected(self) -> None:
        """Switch it."""
        self._switch(is_amount_meant=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Switch, or end."""
        if event.button.id == "switch":
            self._switch(is_amount_meant=False)
        else:
            self.action_leave(event.button.id == "send")

    def action_move(self, by: int) -> None:
        """Move the mark while a field has the focus."""
        if by > 0:
            self.query_one(OptionList).action_cursor_down()
        else:
            self.query_one(OptionList).action_cursor_up()

    def action_leave(self, is_sent: bool) -> None:
        """Hand back what stands there now."""
        self.dismiss(Chosen(self._attributes, is_sent))

    def _switch(self, *, is_amount_meant: bool) -> None:
        """Put the marked row in or take it out."""
        row = self._marked
        if row is None:
            return
        is_on = chosen_amount(self._attributes, row) is not None
        if is_on and not is_amount_meant:
            self._attributes = without_directive(self._attributes, row)
        elif self._mode not in row.modes:
            self._warn(f"{row.label} is for {' or '.join(row.modes)} invocations; this request is {self._mode} (f2)")
            return
        else:
            try:
                self._attributes = with_directive(self._attributes, row, self._amount())
            except BadDirective as bad:
                self._warn(str(bad))
                return
        self._relist()
        self._tell()

    def _amount(self) -> str:
        """What is typed; empty where it is the row's own."""
        typed = self.query_one("#fault-amount", Input).value.strip()
        return "" if self._marked is None or typed == self._marked.default_amount else typed

    def _show_amount(self, row: Directive) -> None:
        self.query_one("#fault-amount-row").display = bool(row.counts)
        amount = chosen_amount(self._attributes, row) or row.default_amount
        with self.prevent(Input.Changed):
            self.query_one("#fault-amount", Input).value = amount

    def _relist(self) -> None:
        self._list(self.query_one("#fault-filter", Input).value)

    def _list(self, typed: str) -> None:
        """List what fits; the mark stays where it is still listed."""
        words = typed.lower().split()
        rows = [row for row in self._rows if all(word in f"{row.label} {row.does}".lower() for word in words)]
        offered = self.query_one(OptionList)
        with self.prevent(OptionList.OptionHighlighted):
            offered.clear_options()
            offered.add_options(Option(self._line(row), id=row.label) for row in rows)
        if not rows:
            self._marked = None
            self._tell()
            return
        offered.highlighted = rows.index(self._marked) if self._marked in rows else 0

    def _line(self, row: Directive) -> Content:
        amount = chosen_amount(self._attributes, row)
        written = plain(row.label if not amount else f"{row.label}@{amount}").ljust(_NAME_CELLS)
        room = max(10, min(self.app.size.width * 95 // 100, 116) - len(written) - 9)
        does = row.told(amount or "")
        line = Content(f"{written} {does if len(does) <= room else does[: room - 1] + '…'}")
        line = line if self._mode in row.modes else line.stylize("dim")
        return Content.assemble("  " if amount is None else ("● ", "$text-accent"), line)

    def _tell(self) -> None:
        """Say what the marked row will do, and what is sent as it stands."""
        row, text = self._marked, "Nothing fits."
        if row is not None:
            modes = "" if self._mode in row.modes else f" Only for {' or '.join(row.modes)} invocations."
            text = row.told(self._amount()) + modes
            self.query_one("#fault-counts", Static).update(_counts(row))
        self.query_one("#fault-amount-row").display = row is not None and bool(row.counts)
        self.query_one("#fault-does", Static).update(Content(text))
        self.query_one("#fault-sends", Static).update(Content(f"{MEMBER}: {plain(self._attributes) or '(not sent)'}"))

    def _warn(self, text: str) -> None:
        self.notify(text, severity="warning", markup=False, timeout=4)


def _counts(row: Directive) -> str:
    """What the number beside it stands for."""
    if row.default:
        return f"{row.counts}; {row.default_amount} unless you say otherwise"
    return f"{row.counts}; none: every one"
