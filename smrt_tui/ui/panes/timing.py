"""The timing pane: phases, figures with their definitions, gaps. Fixed size, no layout on update, no clock."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Self

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from smrt_tui.core.badges import badges
from smrt_tui.core.gaps import GapStatistics
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.timeline import Marks, figures, marks_of, phase_spans
from smrt_tui.ui.panes import timing_lines as draw
from smrt_tui.ui.panes.line_pane import LinePane
from smrt_tui.ui.panes.pace import Pace
from smrt_tui.ui.panes.rows import FixedRows, Line

if TYPE_CHECKING:
    from smrt_tui.core.decode.decoder import Decoder


_DEFINITION_ROWS = 3
_ROWS_FOR_DEFINITION = 24
_LEAST_ROWS = 8
_EXACT_UP_TO = 20_000
"""So many gaps are sorted for exact percentiles once all is over; of more, the live count's are shown."""


class TimingPane(LinePane):
    """What took how long."""

    FRAMES_PER_SECOND = 10
    HAS_CURSOR = True
    CURSOR_MARGIN = _DEFINITION_ROWS

    DEFAULT_CSS = """
    TimingPane { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._recorder: Recorder | None = None
        self._decoder: Decoder | None = None
        self._pace: Pace | None = None
        self._now = 0.0
        self._definitions: dict[int, str] = {}
        self._hovered: int | None = None

    def show(self, recorder: Recorder, decoder: Decoder | None) -> Self:
        """Turn to another call."""
        self._recorder, self._decoder, self._now = recorder, decoder, 0.0
        self.turn_to(FixedRows([]))
        self.changed()
        return self

    def refresh_from(self, elapsed_s: float | None = None, decoder: Decoder | None = None) -> None:
        """Something new, or time has passed: `elapsed_s` since the call started, for the phase that is running.

        `decoder` where it is another one than before.
        """
        self._now = self._now if elapsed_s is None else elapsed_s
        self._decoder = decoder or self._decoder
        self.changed()

    def finish(self) -> None:
        """The call is over: draw the final figures."""
        self.draw_all_new()

    def clear(self) -> None:
        """Show the empty state."""
        self._recorder = self._decoder = None
        self.turn_to(FixedRows([]))

    def placeholder(self) -> str:
        """What will be here."""
        return "Once a request is sent: its phases, the time to the first part, and the gaps between parts."

    @property
    def foot_rows(self) -> int:
        """Room for a definition. In a low pane it lies over the last rows, and only while there is one to show."""
        return _DEFINITION_ROWS if self.size.height >= _ROWS_FOR_DEFINITION else 0

    def fit(self, width: int) -> None:
        """Other bars, or the definitions elsewhere."""
        if self._recorder is not None:
            self._write(self._recorder)

    def take_in(self) -> bool:
        """Count the new parts, and write every line again."""
        recorder = self._recorder
        if recorder is None:
            return False
        if self._pace is None or self._pace.parts is not recorder.parts:
            self._pace = Pace(recorder.parts)
        has_more = self._pace.count_on()
        self._write(recorder)
        return has_more

    def _write(self, recorder: Recorder) -> None:
        last_seen = recorder.parts.times[-1] if len(recorder.parts) else 0.0
        marks = marks_of(recorder, self._decoder, max(self._now, last_seen))
        lines = self._lines(marks, self.text_width)
        self.rows = FixedRows(lines)
        self.cursor = min(self.cursor, len(lines) - 1)
        self.redraw()

    def _lines(self, marks: Marks, width: int) -> list[Line]:
        """Badges, phases, figures, failed attempts; which definition belongs to which row is noted on the way."""
        spans, found = phase_spans(marks), figures(marks, self._gaps(marks))
        has_columns = draw.TWO_COLUMNS <= width < draw.WIDE
        column = (width - 2) // 2 if has_columns else width
        lines = draw.badge_lines(badges(marks), width)
        attempts = self._recorder.attempts if self._recorder is not None else []
        if len(attempts) > 1:
            lines.append(draw.attempt_heading(len(attempts)))
        self._definitions = {}
        phases = draw.phase_lines(spans, column)
        right = found[: len(phases)] if has_columns else ()
        for number, line in enumerate(phases):
            if number < len(right):
                self._definitions[len(lines)] = draw.definition_text(right[number])
                line = draw.beside(line, draw.figure_line(right[number], column), column + 2)
            lines.append(line)
        lines += draw.pace_lines(self._pace, width) if self._pace is not None else []
        lines.append(Line(""))
        for figure in found[len(right) :]:
            self._definitions[len(lines)] = draw.definition_text(figure)
            lines.append(draw.figure_line(figure, width))
        for number, attempt in enumerate(attempts[:-1], 1):
            lines += [Line(""), *draw.attempt_lines(number, attempt, width)]
        return lines

    def _gaps(self, marks: Marks) -> GapStatistics | None:
        """The live count's; None where the exact ones are to be worked out."""
        is_exact = marks.is_over and len(marks.part_times) <= _EXACT_UP_TO
        return None if is_exact or self._pace is None else self._pace.statistics

    def row_overlays(self, row: int) -> tuple[str, ...]:
        """A cursor only where keys move it."""
        return super().row_overlays(row) if self.has_focus else ()

    # The definition of the figure under the mouse or the cursor

    @property
    def definition(self) -> str:
        """What that figure measures; empty on other rows."""
        if self._hovered is not None:
            return self._definitions.get(self._hovered, "")
        return self._definitions.get(self.cursor, "") if self.has_focus else ""

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Explain the figure under the mouse."""
        super().on_mouse_move(event)
        self._hover(self.view.top + event.get_content_offset_capture(self).y)

    def on_leave(self, event: events.Leave) -> None:
        """Explain the one under the cursor again."""
        self._hover(None)

    def _hover(self, row: int | None) -> None:
        if row != self._hovered:
            self._hovered = row
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The last lines hold a definition."""
        row = y - (self.size.height - _DEFINITION_ROWS)
        definition = self.definition
        if row < 0 or not (self.foot_rows or (definition and self.size.height >= _LEAST_ROWS)):
            return super().render_line(y)
        lines = textwrap.wrap(definition, max(8, self.text_width - 1))
        text = lines[row] if row < len(lines) else ""
        style = self.style_of("column" if definition else "")
        return Strip([Segment(f" {text}", style)]).adjust_cell_length(self.size.width, style)
