"""The header table over the screen: one row a header, five columns from typing to answer, the reason below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from smrt_tui.core.plain import plain
from smrt_tui.ui.table_view import TableView

if TYPE_CHECKING:
    from textual.widgets import DataTable

    from smrt_tui.core.events import Started
    from smrt_tui.core.header_table import HeaderRow, HeaderTable

COLUMNS = ("header", "typed", "signed", "sent", "container", "answered")
_STAGES = ("typed", "sent", "container", "answered")
DIFFERS = "≠"
_PREFIX = "X-Amzn-SageMaker"


class HeaderScreen(ModalScreen[None]):
    """The table; the row under the cursor is told in full."""

    DEFAULT_CSS = """
    HeaderScreen {
        #row-told { height: auto; max-height: 8; background: $panel; padding: 0 1; }
        .dialog-buttons Button { width: auto; min-width: 0; padding: 0 1; margin: 0 0 0 1; }
    }
    """

    HELP = """One row a header: as typed, whether it is signed, as sent, as the container saw it, as answered. ≠ marks
    a row with a difference between the stages; the reason is below the table for the row under the cursor. What the
    container saw is told by a container that echoes, such as local/echo, or by the local endpoint to a request with the
    header X-Smrt-Tui-Saw: 1; elsewhere the column says what the service documents."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", show=False),
        Binding("c", "copy", "Copy the table as Markdown", show=False),
    ]

    def __init__(self, table: HeaderTable, started: Started | None) -> None:
        super().__init__()
        self._table = table
        self._operation = started.operation if started else ""

    def compose(self) -> ComposeResult:
        """The table, the row told, the buttons."""
        with Vertical(classes="dialog -whole") as box:
            count = sum(row.differs for row in self._table.rows)
            rows = len(self._table.rows)
            box.border_title = plain(f"Headers of {self._operation}: {rows}, {count} with a difference (≠)")
            box.border_subtitle = "↑ ↓ ← → move · c copies as Markdown · esc closes"
            yield TableView(COLUMNS, widest=max(16, (self.app.size.width - 60) // 4), first=24, fixed=1)
            with VerticalScroll(id="row-told", can_focus=False):
                yield Static(markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Copy as Markdown", id="copy", compact=True)
                yield Button("Close", id="dismiss", compact=True)

    def on_mount(self) -> None:
        """Fill the table, and tell its first row."""
        view = self.query_one(TableView)
        for number, row in enumerate(self._table.rows):
            name, typed, signed, sent, container, answered, _ = row.cells
            mark = DIFFERS if row.differs else "·"
            cells = (f"{mark} {_shortened(name)}", typed, signed, sent, container, answered)
            view.put_row(str(number), cells, "" if row.differs else "dim")
        view.focus()
        self._tell(0)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell the row under the cursor."""
        event.stop()
        self._tell(event.cursor_row)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click is the same as its key."""
        self.call_later(self.run_action, str(event.button.id))

    def action_copy(self) -> None:
        """The whole table, for pasting into an issue."""
        self.app.copy_to_clipboard(self._table.as_markdown())
        self.notify("Copied as Markdown", timeout=2)

    def _tell(self, number: int) -> None:
        if number < len(self._table.rows):
            told = self.query_one("#row-told Static", Static)
            told.update(row_told(self._table.rows[number], self._table.container_source))
            self.query_one("#row-told").scroll_home(animate=False)


def _shortened(name: str) -> str:
    """A name without the beginning that most have in common."""
    return f"…{name[len(_PREFIX) :]}" if name.lower().startswith(_PREFIX.lower()) else name


def row_told(row: HeaderRow, source: str) -> Content:
    """A row in full: every stage with its value, then why they differ."""
    lines: list[Content] = [Content.styled(plain(row.name), "bold")]
    lines += [Content.styled(f"  {DIFFERS} {plain(why)}", "$text-warning") for why in row.why]
    for stage in _STAGES:
        value = getattr(row, stage)
        if value is not None:
            lines.append(Content(f"  {stage:<10}{plain(value)}"))
            if stage == "container":
                lines.append(Content.styled(f"            {plain(source)}", "dim"))
    if row.signed is not None:
        lines.append(Content(f"  signed    {'yes' if row.signed else 'no: the signature does not cover it'}"))
    return Content("\n").join(lines)
