"""Draws the rows that show, and nothing else: the bottom layer of every output pane.

Drawing costs what shows, never what there is. What arrives is drawn at most so many times a second; work on a large
document is done in slices by `chore`, with a turn for everybody else in between.
"""

from __future__ import annotations

import asyncio
import textwrap
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from smrt_tui.ui.panes.marks import pieces
from smrt_tui.ui.panes.rows import TAB_CELLS, FixedRows, Line, Rows, Span
from smrt_tui.ui.panes.viewport import Viewport, thumb_of


class Canvas(Widget, can_focus=True):
    """A window onto rows, with a scrollbar at its right edge."""

    FRAMES_PER_SECOND: ClassVar[int] = 60
    """How often something new is drawn at most."""

    FOLLOWS: ClassVar[bool] = False
    """Whether a fresh pane shows the end of what arrives rather than its beginning."""

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
        self.is_following = self.FOLLOWS
        self._drawn: dict[int, _DrawnRow] = {}
        self._styles_by_name: dict[tuple[str, ...], Style] = {}
        self._text_width = 80
        self._timer: Timer | None = None
        self._is_cooling = False
        self._is_dirty = False
        self._is_working = False

    def on_mount(self) -> None:
        """A timer for coalescing, asleep while nothing arrives."""
        self._timer = self.set_interval(1 / self.FRAMES_PER_SECOND, self._tick, pause=True)
        self.changed()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the rows to the new size."""
        self._text_width = max(1, self.size.width - 1)
        self.view.height = max(0, self.size.height - self.heading_rows - self.foot_rows)
        self.fit(self.text_width)
        self.redraw()
        self.rows_changed()

    def on_show(self) -> None:
        """Catch up with what came while nobody looked."""
        self.changed()

    def notify_style_update(self) -> None:
        """Another theme or state: work the styles out again."""
        super().notify_style_update()
        self._styles_by_name.clear()
        self._drawn.clear()

    @property
    def text_width(self) -> int:
        """Cells for text: all but the scrollbar's."""
        return self._text_width

    def fit(self, width: int) -> None:
        """Lay the rows out for so many cells."""

    # Something new

    def changed(self) -> None:
        """Something new is there: drawn now, or within a frame when something was drawn just now."""
        if self._is_cooling or self._timer is None or not self.size:
            self._is_dirty = True
            return
        self._is_cooling = True
        self._timer.reset()
        self._draw_new()

    def draw_all_new(self) -> None:
        """Draw what is new without waiting for the next frame."""
        if self._timer is not None and self.size:
            self._draw_new()

    def _tick(self) -> None:
        if self._is_dirty and self.size:
            self._draw_new()
        elif self._timer is not None:
            self._is_cooling = False
            self._timer.pause()

    def _draw_new(self) -> None:
        self._is_dirty = False
        before = len(self.rows)
        if self.take_in():
            self.work_on()
        self.rows_changed(since=before - 1)

    def take_in(self) -> bool:
        """Take in what is new, a bounded amount of it; whether there is more."""
        return False

    def rows_changed(self, since: int = 0) -> None:
        """The rows from `since` on are others now."""
        self.forget_from(since)
        self.view.count = len(self.rows)
        if self.is_following:
            self.view.go(self.view.last_top)
        self.show_from(self.view.top, from_below=self.is_following)
        self.refresh()

    def forget_from(self, first: int) -> None:
        """Drop what was drawn of the rows from there on."""
        for row in [row for row in self._drawn if row >= first]:
            del self._drawn[row]

    def show_from(self, top: int, *, from_below: bool = False) -> None:
        """Put a row at the top, once what shows from there on is wrapped for good."""
        self.view.go(top)
        for _ in range(2):  # wrapping may move the end, and what follows the end with it
            before = self.view.top
            exact = self.rows.reveal(before, self.view.height, from_below=from_below)
            if self.view.count != len(self.rows):
                self.view.count = len(self.rows)
                self._drawn.clear()
            self.view.go(self.view.last_top if self.is_following else exact)
            if self.view.top == before:
                return

    def redraw(self, *rows: int) -> None:
        """Draw some rows afresh; all of them when none is named."""
        if rows:
            for row in rows:
                self._drawn.pop(row, None)
        else:
            self._drawn.clear()
        self.refresh()

    # Work in slices

    @property
    def is_busy(self) -> bool:
        """Whether work is being done in slices."""
        return self._is_working

    def work_on(self) -> None:
        """Go on with what is left to do, a slice at a time."""
        if not self._is_working and self.is_attached:
            self._is_working = True
            self.run_worker(self._chores(), group="chores")

    async def _chores(self) -> None:
        try:
            while self.chore():  # noqa: ASYNC110  a turn for the others, not a wait
                await asyncio.sleep(0)
        finally:
            self._is_working = False
        self.changed()

    def chore(self) -> bool:
        """Do one bounded slice of work; whether there is more."""
        if not self.take_in():
            return False
        self.changed()
        return True

    # Drawing

    def style_of(self, *names: str) -> Style:
        """The style of a run with others laid over it, by the names of `palette.STYLES`; empty is the pane's own."""
        found = self._styles_by_name.get(names)
        if found is None:
            found = self.get_component_rich_style(f"pane--{names[0]}") if names[0] else self.rich_style
            for name in names[1:]:
                found += self._overlay(name)
            self._styles_by_name[names] = found
        return found

    def _overlay(self, name: str) -> Style:
        """Only what a component class says itself, a translucent background laid over the pane's."""
        styles = self.get_component_styles(f"pane--{name}")
        style = styles.text_style
        if styles.has_rule("color"):
            style += Style(color=styles.color.rich_color)
        if styles.has_rule("background"):
            style += Style(bgcolor=(self.background_colors[1] + styles.background).rich_color)
        return style

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

    def placeholder(self) -> str:
        """What is said where there is no row."""
        return ""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the window. Without border and effects they need none of what Textual does for those."""
        if any(self.gutter) or self.opacity < 1 or self.styles.tint.a:
            return super().render_lines(crop)
        strips = [self.render_line(y) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        start, end = crop.column_span
        return strips if (start, end) == (0, self.size.width) else [strip.crop(start, end) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """One line of the window: text, then a cell of scrollbar, for which a single cell is no room."""
        line = self._line(y)
        return line if line.cell_length == self.size.width else line.adjust_cell_length(self.size.width)

    def _line(self, y: int) -> Strip:
        heading = self.heading()
        if heading is not None:
            if y == 0:
                return self._heading_strip(heading)
            y -= 1
        row = self.view.top + y
        cell = self._scrollbar_cell(y)
        if y == self.view.height - 1 and (note := self.footnote()):
            text = self._row(row).text if row < self.view.count else self._blank(row)
            return _joined(self._with_footnote(text, note), cell)
        return self._row(row).with_cell(cell) if row < self.view.count else _joined(self._blank(row), cell)

    def _heading_strip(self, heading: Line) -> Strip:
        strip = Strip([Segment(text, self.style_of(style or "column")) for text, style, _ in pieces(heading)])
        return strip.adjust_cell_length(self._text_width + 1, self.style_of("column"))

    def _blank(self, row: int) -> Strip:
        if self.view.count or not (words := self.placeholder()):
            return Strip.blank(self.text_width, self.style_of(""))
        lines = textwrap.wrap(words, max(1, self.text_width - 2))
        text = lines[row] if row < len(lines) else ""
        return Strip([Segment(f" {text}", self.style_of("dim"))]).adjust_cell_length(self.text_width, self.style_of(""))

    def _row(self, row: int) -> _DrawnRow:
        drawn = self._drawn.get(row)
        if drawn is None:
            if len(self._drawn) > 4 * self.view.height + 64:
                self._drawn.clear()
            drawn = self._drawn[row] = _DrawnRow(self.drawn_row(row) or self._draw_row(row))
        return drawn

    def drawn_row(self, row: int) -> Strip | None:
        """A row that is more than text; None for one of text."""
        return None

    def _draw_row(self, row: int) -> Strip:
        line = self.rows.line(row)
        overlays = self.row_overlays(row)
        segments = [
            Segment(text.replace("\t", " " * TAB_CELLS), self.style_of(style, *overlays, *over))
            for text, style, over in pieces(line, self.marked(row, line))
        ]
        room = self.text_width - sum(segment.cell_length for segment in segments)
        if room < 0:
            return Strip(segments).crop(0, self.text_width)
        if room:
            segments.append(Segment(" " * room, self.style_of("", *overlays)))
        return Strip(segments, self.text_width)

    def _with_footnote(self, strip: Strip, note: str) -> Strip:
        label = Strip([Segment(f" {note} ", self.style_of("indicator"))])
        width = strip.cell_length
        if label.cell_length >= width:
            return label.crop(0, width)
        return Strip.join([strip.crop(0, width - label.cell_length), label])

    def _scrollbar_cell(self, y: int) -> Segment:
        thumb = thumb_of(self.view)
        if thumb is None:
            return Segment(" ", self.style_of(""))
        glyph, is_swapped = thumb.glyph(y)
        style = self.style_of(self.thumb_style())
        return Segment(glyph, style + _SWAPPED if is_swapped else style)

    def thumb_style(self) -> str:
        """How the scrollbar looks now."""
        return "thumb"


_SWAPPED = Style(reverse=True)


class _DrawnRow:
    """The text of one row as drawn, and with each scrollbar cell that it was shown beside."""

    __slots__ = ("_whole", "text")

    def __init__(self, text: Strip) -> None:
        self.text = text
        self._whole: dict[Segment, Strip] = {}

    def with_cell(self, cell: Segment) -> Strip:
        """The row and a cell of scrollbar. The same strip for the same cell, since Textual keeps its output with it."""
        whole = self._whole.get(cell)
        if whole is None:
            whole = self._whole[cell] = _joined(self.text, cell)
        return whole


def _joined(strip: Strip, cell: Segment) -> Strip:
    return Strip([*strip, cell], strip.cell_length + 1)
