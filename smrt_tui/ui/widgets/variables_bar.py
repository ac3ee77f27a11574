"""The variables of the request in one row below the payload, each to be filled on the spot. It judges nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, HorizontalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from smrt_tui.core.plain import plain
from smrt_tui.core.template import missing_names, wanted_names
from smrt_tui.ui.widgets.plain_input import PlainInput
from smrt_tui.ui.widgets.variables_form import as_text, as_value

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.fills import Fill
    from smrt_tui.core.profile import JsonValue

_NARROWEST, _WIDEST = 6, 30


class VariableCell(Horizontal):
    """A variable's name and its value. What was text stays text, whatever is typed."""

    DEFAULT_CSS = """
    VariableCell {
        width: auto;
        height: 1;
        margin: 0 2 0 0;
        & > Static { width: auto; color: $text-accent; margin: 0 1 0 0; }
        &.-missing > Static { color: $text-warning; text-style: bold; }
        & > Input, & > Input:focus { background: $panel; }
        & > Input > .input--placeholder { color: $text-warning; }
    }
    """

    @dataclass
    class Edited(Message):
        """Posted when the value was changed by hand."""

        name: str
        value: JsonValue

    def __init__(self, name: str, value: JsonValue, *, is_missing: bool) -> None:
        super().__init__()
        self.variable = name
        """The variable's name."""
        self._kind = None if is_missing else value
        self._value = as_text(value)
        self.set_class(is_missing, "-missing")

    def compose(self) -> ComposeResult:
        """Name, value."""
        yield Static(self._label(), markup=False)
        field = PlainInput(self._value, compact=True, placeholder="needs a value", select_on_focus=False)
        field.styles.width = self._width()
        yield field

    def show(self, value: JsonValue, *, is_missing: bool) -> None:
        """Another value. One that was typed here keeps its spelling: 1e3 does not become 1000.0."""
        if is_missing is not self.has_class("-missing"):
            self.set_class(is_missing, "-missing")
            self.query_one(Static).update(self._label())
        typed = as_value(self._value, self._kind)
        if (type(typed), typed) != (type(value), value):
            field = self.query_one(Input)
            self._kind = value
            self._value = field.value = as_text(value)
            field.styles.width = self._width()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what was typed."""
        event.stop()
        if event.value != self._value:
            self._value = event.value
            event.input.styles.width = self._width()
            self.post_message(self.Edited(self.variable, as_value(event.value, self._kind)))

    def _label(self) -> str:
        return f"{'▲ ' if self.has_class('-missing') else ''}{plain(self.variable)}"

    def _width(self) -> int:
        needed = Content(self._value).cell_length + 2 if self._value else len("needs a value") + 1
        return max(_NARROWEST, min(_WIDEST, needed))


class VariablesBar(HorizontalScroll, can_focus=False):
    """One cell a variable that the request uses; not there when it uses none."""

    HELP = """What {{name}} stands for, one field a variable; enter goes on to the next, and back to the payload after
the last. A variable without a value is asked for when you send. Behind them: what fills itself, and as what. alt+v
opens all variables, and the Variables page has those too that this request does not use."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "leave", "To the payload", show=False),
    ]
    """
    | Key | What it does |
    |---|---|
    | up | Back to the payload. |
    """

    DEFAULT_CSS = """
    VariablesBar {
        height: 1;
        scrollbar-size-horizontal: 0;
        &.-none { display: none; }
        & > .variable-fill { width: auto; color: $text-muted; margin: 0 2 0 0; }
        & > .variable-fill.-missing { color: $text-warning; }
    }
    """

    @dataclass
    class Changed(Message):
        """Posted when a person changed a variable."""

        name: str
        value: JsonValue

    class Left(Message):
        """Posted when a person goes back to the payload."""

    def __init__(self) -> None:
        super().__init__(classes="-none")
        self._values: dict[str, JsonValue] = {}
        self._names: tuple[str, ...] = ()
        self._fills: tuple[Fill, ...] = ()
        self._one_at_a_time = asyncio.Lock()

    async def show(self, draft: Draft) -> None:
        """The variables of a draft; what has the focus keeps it while the names stay the same."""
        async with self._one_at_a_time:
            await self._show(wanted_names(draft), missing_names(draft), dict(draft.variables))

    async def _show(self, names: tuple[str, ...], missing: tuple[str, ...], values: dict[str, JsonValue]) -> None:
        self._values = values
        if names != self._names:
            self._names = names
            await self.remove_children(VariableCell)
            cells = [self._cell(name, is_missing=name in missing) for name in names]
            await self.mount_all(cells, before=0 if self.children else None)
        for cell in self.query(VariableCell):
            cell.show(self._values.get(cell.variable, ""), is_missing=cell.variable in missing)
        self._hide_if_empty()

    async def show_fills(self, fills: tuple[Fill, ...]) -> None:
        """What fills itself, behind the variables."""
        if fills != self._fills:
            self._fills = fills
            await self.remove_children(".variable-fill")
            await self.mount_all(_fill_label(fill) for fill in sorted(fills, key=lambda fill: not fill.is_missing))
        self._hide_if_empty()

    def on_variable_cell_edited(self, event: VariableCell.Edited) -> None:
        """Take a value."""
        event.stop()
        self.post_message(self.Changed(event.name, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """On to the next one, or back to the payload."""
        event.stop()
        cells = list(self.query(VariableCell))
        now = next((at for at, cell in enumerate(cells) if cell.has_focus_within), len(cells))
        if now + 1 < len(cells):
            cells[now + 1].query_one(Input).focus()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Back to the payload."""
        self.post_message(self.Left())

    def _cell(self, name: str, *, is_missing: bool) -> VariableCell:
        return VariableCell(name, self._values.get(name, ""), is_missing=is_missing)

    def _hide_if_empty(self) -> None:
        self.set_class(not self._names and not self._fills, "-none")


def _fill_label(fill: Fill) -> Static:
    classes = "variable-fill -missing" if fill.is_missing else "variable-fill"
    return Static(plain(f"{fill.placeholder} {fill.shown}"), markup=False, classes=classes)
