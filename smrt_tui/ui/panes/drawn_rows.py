"""Rows that were drawn, kept as long as they are true, so that a frame draws only what is new."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip


class DrawnRow:
    """The text of one row as drawn, and with each scrollbar cell that it was shown beside.

    A `Strip` costs as much to make as the rest of a row, so there is one for what is shown and none for its pieces.
    """

    __slots__ = ("_cells", "_segments", "_whole")

    def __init__(self, segments: Sequence[Segment], cells: int) -> None:
        self._segments = segments
        self._cells = cells
        self._whole: dict[Segment, Strip] = {}

    @property
    def text(self) -> Strip:
        """The row without a scrollbar."""
        return Strip(self._segments, self._cells)

    def with_cell(self, cell: Segment) -> Strip:
        """The row and a cell of scrollbar. The same strip for the same cell, since Textual keeps its output with it."""
        whole = self._whole.get(cell)
        if whole is None:
            whole = self._whole[cell] = Strip([*self._segments, cell], self._cells + 1)
        return whole


class DrawnRows:
    """A few screens full of them, by their numbers."""

    def __init__(self) -> None:
        self._rows: dict[int, DrawnRow] = {}

    def get(self, row: int) -> DrawnRow | None:
        """The row as drawn; None when it has to be drawn."""
        return self._rows.get(row)

    def keep(self, row: int, drawn: DrawnRow, height: int) -> DrawnRow:
        """Note a row; `height` is how many show at once. What is kept is bounded."""
        if len(self._rows) > 4 * height + 64:
            self._rows.clear()
        self._rows[row] = drawn
        return drawn

    def forget(self, *rows: int) -> None:
        """These are others now; all of them when none is named."""
        if not rows:
            self._rows.clear()
        for row in rows:
            self._rows.pop(row, None)

    def forget_from(self, first: int) -> None:
        """Those from there on are others now."""
        for row in [row for row in self._rows if row >= first]:
            del self._rows[row]
