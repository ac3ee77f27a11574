"""The variables of a draft as a form: what `{{name}}` stands for. A value keeps its kind while it is edited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from smrt_tui.core.template import missing_names, wanted_names
from smrt_tui.ui.widgets.rows import Adder, FieldRow, PairRow, RowList

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.profile import JsonValue


class VariablesForm(RowList):
    """One row a variable, also for those that the request uses and that have no value yet."""

    HELP = """What {{name}} stands for in the payload and in member values. A number, true, null, [list] or {object} is
JSON; a variable that is text stays text. {{env:NAME}}, {{file_b64:path}}, {{uuid}} and {{now}} fill themselves."""

    DEFAULT_CSS = """
    VariablesForm {
        FieldRow > .field-note { width: 17; }
    }
    """

    @dataclass
    class Changed(Message):
        """Posted when a person changed a variable."""

        variables: tuple[tuple[str, JsonValue], ...]

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._values: dict[str, JsonValue] = dict(draft.variables)
        self._kinds: dict[str, JsonValue] = dict(draft.variables)
        self._wanted = wanted_names(draft)
        self._missing = missing_names(draft)

    def compose(self) -> ComposeResult:
        """Rows of variables, then a row to add one."""
        if not self._values and not self._wanted:
            yield Static("No variables. Write {{name}} in the payload, or add one here.", markup=False)
        for name, value in self._values.items():
            yield FieldRow(name, as_text(value), kind_of(value))
        for name in self._missing:
            yield FieldRow(name, "", "needs a value", is_wrong=True)
        yield Adder("+ add a variable", markup=False)

    def on_field_row_edited(self, event: FieldRow.Edited) -> None:
        """Take a value."""
        event.stop()
        value = as_value(event.value, self._kinds.get(event.row.field))
        self._values[event.row.field] = value
        event.row.show_note(kind_of(value))
        event.row.set_class(False, "-wrong")
        self._tell()

    def on_pair_row_edited(self, event: PairRow.Edited) -> None:
        """Take the variables that were added by hand."""
        event.stop()
        self._tell()

    async def on_pair_row_removed(self, event: PairRow.Removed) -> None:
        """Forget a variable that was added by hand."""
        event.stop()
        await event.row.remove()
        self.query_one(Adder).focus()
        self._tell()

    async def on_adder_pressed(self, event: Adder.Pressed) -> None:
        """Put an empty row in and go there."""
        event.stop()
        row = PairRow("", "", name_placeholder="name", value_placeholder="value: text, or JSON such as 0.7")
        await self.mount(row, before=self.query_one(Adder))
        row.query_one(".pair-name").focus()

    def _tell(self) -> None:
        added = {row.pair[0].strip(): as_value(row.pair[1], None) for row in self.query(PairRow) if row.pair[0].strip()}
        self.post_message(self.Changed(tuple({**self._values, **added}.items())))


def as_text(value: JsonValue) -> str:
    """A variable as it is edited: text bare, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def as_value(text: str, before: JsonValue) -> JsonValue:
    """What was typed, as a value: text where it was text before, otherwise JSON when it reads as JSON, or text."""
    if isinstance(before, str):
        return text
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(value, str) else value


def kind_of(value: JsonValue) -> str:
    """What a variable is, in a word."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case dict():
            return "object"
