"""The timing pane: phases, figures with their definitions, gaps. Fixed size, no layout on update, no clock."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import Self

from rich.segment import Segment
from textual.strip import Strip

from smrt_tui.core.decode import Decoder
from smrt_tui.core.events import Phase
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.figures import Figure, figures_of
from smrt_tui.ui.panes.line_pane import LinePane
from smrt_tui.ui.panes.rows import FixedRows, Line, Run, line_of
from smrt_tui.ui.panes.units import milliseconds
from smrt_tui.ui.panes.waterfall import Span, bar, phases, scale_of, sparkline

_WIDE = 84
"""From so many cells on, a figure's definition stands beside it."""

_NAME_CELLS = 11
_MS_CELLS = 11
_DEFINITION_ROWS = 3


class TimingPane(LinePane):
    """What took how long."""

    FRAMES_PER_SECOND = 10
    HAS_CURSOR = True

    DEFAULT_CSS = """
    TimingPane { height: 1fr; }
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002  a widget's id is called so
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._recorder: Recorder | None = None
        self._decoder: Decoder | None = None
        self._now: float | None = None
        self._definitions: dict[int, str] = {}

    def show(self, recorder: Recorder, decoder: Decoder | None) -> Self:
        """Turn to another call."""
        self._recorder, self._decoder, self._now = recorder, decoder, None
        self.changed()
        return self

    def refresh_from(self, elapsed_s: float | None = None, decoder: Decoder | None = None) -> None:
        """Something new, or time has passed: `elapsed_s` since the call started, for the phase that is running.

        `decoder` where it is another one than before.
        """
        self._now = elapsed_s if elapsed_s is not None else self._now
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

    def fit(self, width: int) -> None:
        """Other bars, or the definitions elsewhere."""
        self._write()

    def take_in(self) -> bool:
        """Work the rows out again."""
        self._write()
        return False

    def _write(self) -> None:
        recorder = self._recorder
        if recorder is None:
            return
        spans = phases(recorder, self._now)
        figures = figures_of(recorder, self._decoder)
        lines = [*self._phase_lines(spans), Line("")]
        self._definitions = {}
        for figure in figures:
            self._definitions[len(lines)] = f"{figure.name}: {figure.definition}"
            lines.append(self._figure_line(figure))
        lines += self._gap_lines(recorder)
        self.rows = FixedRows(lines)
        self.cursor = min(self.cursor, len(lines) - 1)
        self.redraw()

    def _phase_lines(self, spans: Sequence[Span]) -> list[Line]:
        if not spans:
            return [Line("nothing measured yet", (Run(20, "dim"),))]
        return [self._phase_line(span, *scale_of(spans)) for span in spans]

    def _phase_line(self, span: Span, scale_s: float, is_to_scale: bool) -> Line:
        room = self.text_width - _NAME_CELLS - _MS_CELLS - 2
        room = room if room >= 6 else 0
        blank, drawn = bar(span.start, span.end, scale_s, room)
        if not is_to_scale and span.end > scale_s:
            blank, drawn = "", "╌" * (room - 1) + "▸" * min(room, 1)
        style = "bar-wait" if span.phase is Phase.WAIT or span.is_running else "bar"
        return line_of(
            (f"{span.phase.value:<{_NAME_CELLS}} ", "label" if span.is_running else "dim"),
            blank,
            (drawn, style),
            " " * max(0, room - len(blank) - len(drawn)),
            f"{milliseconds(span.end - span.start):>{_MS_CELLS - 3}} ms",
        )

    def _figure_line(self, figure: Figure) -> Line:
        width = min(self.text_width, 46)
        name = figure.name[: max(4, width - len(figure.value) - 1)]
        gap = " " * max(1, width - len(name) - len(figure.value))
        pieces: list[str | tuple[str, str]] = [(name, "dim"), gap, (figure.value, figure.style or "strong")]
        if self.text_width >= _WIDE:
            room = self.text_width - width - 2
            pieces.append((f"  {figure.definition[:room]}", "faint"))
        return line_of(*pieces)

    def _gap_lines(self, recorder: Recorder) -> list[Line]:
        times = recorder.parts.times
        if len(times) < 3:
            return []
        recent = times[-max(2, 4 * self.text_width) :]
        gaps = [later - earlier for earlier, later in pairwise(recent)]
        width = max(8, min(self.text_width, 64))
        return [
            Line(""),
            line_of((f"gaps, up to {milliseconds(max(gaps))} ms", "dim")),
            line_of((sparkline(gaps, width), "bar")),
        ]

    # The definition under the cursor

    @property
    def definition(self) -> str:
        """What the figure under the cursor means; empty on other rows."""
        return self._definitions.get(self.cursor, "")

    def render_line(self, y: int) -> Strip:
        """The definition takes the last rows where there is no room for it beside the figures."""
        height = self.size.height
        if self.text_width >= _WIDE or not self.definition or not self.has_focus or y < height - _DEFINITION_ROWS:
            return super().render_line(y)
        lines = textwrap.wrap(self.definition, self.text_width - 1)
        row = y - (height - _DEFINITION_ROWS)
        text = lines[row] if row < len(lines) else ""
        style = self.style_of("column")
        return Strip([Segment(f" {text}", style)]).adjust_cell_length(self.size.width, style)
