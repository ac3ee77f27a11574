"""A table of anybody's text: nothing in it is markup, long cells are cut, and the row under the cursor is told."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import DataTable

from smrt_tui.core.plain import plain


class TableView(DataTable[Text]):
    """Rows to be looked at and scrolled, by key and by mouse."""

    DEFAULT_CSS = """
    TableView {
        height: 1fr;
        background: transparent;
        scrollbar-size-horizontal: 1;
        & > .datatable--header { background: $panel; color: $text-muted; text-style: bold; }
        & > .datatable--fixed { background: $surface; }
    }
    """

    def __init__(self, columns: Sequence[str], *, widest: int, first: int, fixed: int) -> None:
        """Cells are cut at `widest` columns, those of the first at `first`; so many columns stay while it scrolls."""
        super().__init__(cursor_type="row", zebra_stripes=False, fixed_columns=fixed)
        self._columns = tuple(columns)
        self._widest = widest
        self._first = first

    def on_mount(self) -> None:
        """Columns are there before rows."""
        for column in self._columns:
            self.add_column(Text(column), key=column)

    def put_row(self, key: str, cells: Sequence[str], style: str = "") -> None:
        """Add a row, or give the row of that key other cells."""
        limits = [self._first, *[self._widest] * len(cells)]
        texts = [_text(cell, style, limit) for cell, limit in zip(cells, limits, strict=False)]
        if key in self.rows:
            for column, text in zip(self._columns, texts, strict=True):
                self.update_cell(key, column, text, update_width=True)
        else:
            self.add_row(*texts, key=key)


def _text(cell: str, style: str, limit: int) -> Text:
    text = Text(plain(" ".join(cell.split())), style=style, no_wrap=True, overflow="ellipsis")
    text.truncate(limit, overflow="ellipsis")
    return text
