"""The body in hexadecimal."""

from __future__ import annotations

from typing import ClassVar

from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.hex_rows import HexRows, bytes_per_row
from smrt_tui.ui.panes.messages import Located


class HexView(CallView):
    """The parts' bytes, joined, as a hex dump."""

    HAS_CURSOR: ClassVar[bool] = True

    def begin(self) -> None:
        """The body from its first byte."""
        self.turn_to(HexRows(self.parts.body, bytes_per_row(self.text_width)))

    def fit(self, width: int) -> None:
        """As many bytes a row as there is room for; the byte under the cursor stays there."""
        if isinstance(self.rows, HexRows):
            byte = self.cursor * self.rows.per_row
            above = self.cursor - self.view.top
            self.rows.per_row = bytes_per_row(width)
            self.cursor = byte // self.rows.per_row
            self.view.top = max(0, self.cursor - above)
            self.marks.anchor = self.marks.located = None
            self._points.clear()
            self.marks.begin_search("")

    def placeholder(self) -> str:
        """Why there is nothing."""
        return self.why_empty()

    def offset_at(self, row: int) -> int | None:
        """The byte that the row begins with."""
        return row * self.rows.per_row if isinstance(self.rows, HexRows) else None

    def cursor_moved(self) -> None:
        """Tell which byte the row begins with."""
        if isinstance(self.rows, HexRows) and len(self.rows):
            self.post_message(Located(self.cursor * self.rows.per_row))

    def clicked(self, point: int) -> None:
        """Tell which byte was clicked on."""
        if isinstance(self.rows, HexRows) and len(self.rows):
            self.place_cursor(self.rows.place(point)[0])
            self.post_message(Located(self.rows.byte_at(point)))

    def point_of(self, byte_offset: int) -> int | None:
        """The row that it is in."""
        if not isinstance(self.rows, HexRows) or byte_offset >= len(self.rows.data):
            return None
        return self.rows.point(byte_offset // self.rows.per_row, 0)

    def locate(self, byte_offset: int) -> None:
        """Mark a byte and go there."""
        if isinstance(self.rows, HexRows) and byte_offset < len(self.rows.data):
            self.marks.located = self.rows.span_of(byte_offset, byte_offset + 1)
            self.place_cursor(byte_offset // self.rows.per_row)
            self.redraw()
