"""Draws the rows that show, and nothing else: the bottom layer of every output pane.

Drawing costs what shows, never what there is. When something is drawn is not decided here.
"""

from __future__ import annotations

import textwrap

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from smrt_tui.ui.panes.brushes import Brushes
from smrt_tui.ui.panes.drawn_rows import DrawnRow, DrawnRows
from smrt_tui.ui.panes.marks import pieces
from smrt_tui.ui.panes.rows import TAB_CELLS, FixedRows, Line, Rows, Span
from smrt_tui.ui.panes.track import Track
from smrt_tui.ui.panes.viewport import Viewport
from smrt_tui.ui.steady_cells import steady


class Painting(Widget, can_focus=True):
    """Rows, with a scrollbar at the right edge."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002  a widget's id is called so
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.rows: Rows = FixedRows([])
        self.view = Viewport()
        self._drawn = DrawnRows()
        self._track = Track()
        self._brushes = Brushes(self)
        self._text_width = 80

    def notify_style_update(self) -> None:
        """Another theme or state: work the styles out again."""
        super().notify_style_update()
        self._brushes.drop()
        self._drawn.forget()

    @property
    def text_width(self) -> int:
        """Cells for text: all but the scrollbar's."""
        return self._text_width

    def forget_from(self, first: int) -> None:
        """Drop what was drawn of the rows from there on."""
        self._drawn.forget_from(first)

    def redraw(self, *rows: int) -> None:
        """Draw some rows afresh; all of them when none is named."""
        self._drawn.forget(*rows)
        self.refresh()

    # What is drawn beside the rows' own text

    def style_of(self, *names: str) -> Style:
        """The style of a run with others laid over it, by the names of `palette.STYLES`; empty is the pane's own."""
        return self._brushes.style(*names)

    def marked(self, row: int, line: Line) -> list[tuple[Span, str]]:
        """What is laid over a row: character ranges and styles."""
        return []

    def row_overlays(self, row: int) -> tuple[str, ...]:
        """What is laid over a whole row, its empty end included."""
        return ()

    def heading(self) -> Line | None:
        """A line that stays above the rows."""
        return None

    @property
    def heading_rows(self) -> int:
        """How many lines the heading takes."""
        return 0 if self.heading() is None else 1

    @property
    def foot_rows(self) -> int:
        """How many lines below the rows are for something else."""
        return 0

    def footnote(self) -> str:
        """What is shown over the end of the last row; empty for nothing."""
        return ""

    @property
    def is_known(self) -> bool:
        """Whether all that there is has been looked at, so that no row means nothing."""
        return True

    def placeholder(self) -> str:
        """What is said where there is no row."""
        return ""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the window. Without border and effects they need none of what Textual does for those."""
        if any(self.gutter) or self.opacity < 1 or self.styles.tint.a:
            return super().render_lines(crop)
        width = self.size.width
        lines = (self.render_line(y) for y in crop.line_range)
        strips = [line if line.cell_length == width else line.adjust_cell_length(width) for line in lines]
        start, end = crop.column_span
        return strips if (start, end) == (0, width) else [strip.crop(start, end) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """One line of the window: text, then a cell of scrollbar, for which a single cell is no room."""
        heading = self.heading()
        if heading is not None:
            if y == 0:
                return self._heading_strip(heading)
            y -= 1
        row = self.view.top + y
        # A document that begins anew is shorter than what was counted, until it is counted again.
        drawn = self._row(row) if row < min(self.view.count, len(self.rows)) else None
        cell = self._edge_cell(row, y)
        if y == self.view.height - 1 and (note := self.footnote()):
            text = self._with_footnote(self._blank(row) if drawn is None else drawn.text, note)
        elif drawn is not None:
            return drawn.with_cell(cell)
        else:
            text = self._blank(row)
        return Strip([*text, cell], text.cell_length + 1)

    def _heading_strip(self, heading: Line) -> Strip:
        strip = Strip([Segment(text, self.style_of(style or "column")) for text, style, _ in pieces(heading)])
        return strip.adjust_cell_length(self._text_width + 1, self.style_of("column"))

    def _blank(self, row: int) -> Strip:
        if self.view.count or not self.is_known or not (words := self.placeholder()):
            return Strip.blank(self.text_width, self.style_of(""))
        lines = textwrap.wrap(words, max(1, self.text_width - 2))
        text = lines[row] if row < len(lines) else ""
        return Strip([Segment(f" {text}", self.style_of("dim"))]).adjust_cell_length(self.text_width, self.style_of(""))

    def _row(self, row: int) -> DrawnRow:
        drawn = self._drawn.get(row)
        if drawn is None:
            strip = self.drawn_row(row)
            drawn = self._draw_row(row) if strip is None else DrawnRow(self._brushes.filtered(strip), strip.cell_length)
            self._drawn.keep(row, drawn, self.view.height)
        return drawn

    def drawn_row(self, row: int) -> Strip | None:
        """A row that is more than text; None for one of text."""
        return None

    def _draw_row(self, row: int) -> DrawnRow:
        line = self.rows.line(row)
        overlays = self.row_overlays(row)
        segments = [
            Segment(steady(text).replace("\t", " " * TAB_CELLS), self.style_of(style, *overlays, *over))
            for text, style, over in pieces(line, self.marked(row, line))
        ]
        room = self.text_width - sum(segment.cell_length for segment in segments)
        if room < 0:
            segments = list(Strip(segments).crop(0, self.text_width))
        elif room:
            segments.append(Segment(" " * room, self.style_of("", *overlays)))
        return DrawnRow(segments, self.text_width)

    def _with_footnote(self, strip: Strip, note: str) -> Strip:
        label = Strip([Segment(f" {note} ", self.style_of("indicator"))])
        width = strip.cell_length
        if label.cell_length >= width:
            return label.crop(0, width)
        return Strip.join([strip.crop(0, width - label.cell_length), label])

    def margin(self, row: int) -> str:
        """A sign that stands at the edge of a row in place of the scrollbar's cell; empty for none."""
        return ""

    def _edge_cell(self, row: int, y: int) -> Segment:
        sign = self.margin(row) if row < self.view.count else ""
        if sign:
            return Segment(sign, self.style_of("track", "bookmark"))
        cells = self._track.cells(self.view, self.style_of(self.thumb_style()), self.style_of(""))
        return cells[y] if y < len(cells) else Segment(" ", self.style_of(""))

    def thumb_style(self) -> str:
        """How the scrollbar looks now."""
        return "thumb"
