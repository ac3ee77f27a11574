"""The timing pane's lines for a width: phases, badges, figures, sparklines. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.cells import cell_len

from smrt_tui.core.badges import Badge
from smrt_tui.core.events import Phase
from smrt_tui.core.figure import Figure
from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Attempt
from smrt_tui.core.timeline import PhaseSpan, failed_spans
from smrt_tui.ui.panes.pace import BUCKETS_PER_S, Pace
from smrt_tui.ui.panes.rows import Line, Piece, Run, line_of
from smrt_tui.ui.panes.units import duration, milliseconds, size
from smrt_tui.ui.panes.waterfall import bar, scale_of, sparkline

TWO_COLUMNS = 66
"""From so many cells on, the first figures stand beside the phases."""

WIDE = 100
"""From so many cells on, a figure's definition stands beside it."""

_MOST = 64
"""Cells that phases and figures take at most, lest a number stand far from its name."""
_NAME_CELLS = 12
_MS_CELLS = 11
_PEAK_CELLS = 13
_GAPS_A_CELL = 4
_WITH_SOURCE = 44

_UNITS = {"bytes/s": "/s", "tokens/s": " tok/s", "events/s": " ev/s", "characters/s": " chars/s"}


def phase_lines(spans: Sequence[PhaseSpan], width: int) -> list[Line]:
    """A bar for each phase, and its exact milliseconds."""
    if not spans:
        return [line_of(("nothing measured yet", "dim"))]
    scale_s, is_to_scale = scale_of(spans)
    return [_phase_line(span, scale_s, min(width, _MOST), is_to_scale=is_to_scale) for span in spans]


def _phase_line(span: PhaseSpan, scale_s: float, width: int, *, is_to_scale: bool) -> Line:
    room = max(0, width - _NAME_CELLS - _MS_CELLS)
    bars = room - 1 if room > 6 else 0
    blank, drawn = bar(span.begin, span.end, scale_s, bars)
    if not is_to_scale and span.end > scale_s:
        blank, drawn = "", "╌" * (bars - 1) + "▸" * min(bars, 1)
    style = "bar-wait" if span.phase is Phase.WAIT or span.is_running else "bar"
    return line_of(
        (f"{span.phase.value:<{_NAME_CELLS}}", "label" if span.is_running else "dim"),
        blank,
        (drawn, style),
        " " * max(0, room - len(blank) - len(drawn)),
        f"{milliseconds(span.end - span.begin):>{_MS_CELLS - 3}} ms",
    )


def attempt_heading(number: int, how: str = "") -> Line:
    """What the phases below it are of, where there was more than one attempt."""
    return line_of((f"attempt {number}", "label"), (f" · {plain(how)}" if how else "", "warning"))


def attempt_lines(number: int, attempt: Attempt, width: int) -> list[Line]:
    """An attempt that another one followed: why, and its own phases."""
    if attempt.ended is None:
        return []
    how = f"{attempt.ended.reason} · tried again after {duration(attempt.ended.delay_s)}"
    return [attempt_heading(number, how), *phase_lines(failed_spans(attempt), width)]


def badge_lines(badges: Sequence[Badge], width: int) -> list[Line]:
    """What is to be known before the figures are believed."""
    lines: list[Line] = []
    for badge in badges:
        text = f"⚑ {badge.key}: {plain(badge.detail)}"
        wrapped = textwrap.wrap(text, max(12, width), subsequent_indent="  ")
        lines += [line_of((row, "warning")) for row in wrapped[:3]]
    return lines


def figure_line(figure: Figure, width: int) -> Line:
    """Name, value, where it comes from, and in a wide pane what it measures."""
    column = min(width, _MOST)
    aside = plain(" · ".join(filter(None, (figure.source, figure.note))))
    aside_cells = column - _WITH_SOURCE if column > _WITH_SOURCE + 8 else 0
    room = column - aside_cells
    value = value_text(figure)
    name = figure.name[: max(4, room - len(value) - 1)]
    is_bad = figure.key == "stalls" and figure.value > 0
    pieces: list[str | Piece] = [
        (name, "dim"),
        " " * max(1, room - len(name) - len(value)),
        (value, "error" if is_bad else "strong"),
    ]
    if aside_cells:
        pieces.append((f"  {aside[: aside_cells - 2]:<{aside_cells - 2}}", "label"))
    if width >= WIDE:
        pieces.append((f"  {figure.definition[: width - column - 2]}", "faint"))
    return line_of(*pieces)


def beside(left: Line, right: Line, width: int) -> Line:
    """Two lines as one, the right one from cell `width` on."""
    gap = max(1, width - cell_len(left.text))
    start = len(left.text) + gap
    runs = (*left.runs, Run(start, ""), *(Run(start + run.end, run.style) for run in right.runs))
    return Line(left.text + " " * gap + right.text, runs)


def value_text(figure: Figure) -> str:
    """The number with its unit; `≈` before what is not exact."""
    about = "≈ " if figure.source.startswith("≈") else ""
    if figure.unit == "s":
        return about + duration(figure.value)
    if figure.unit in ("bytes", "bytes/s"):
        return about + size(round(figure.value)) + _UNITS.get(figure.unit, "")
    number = f"{figure.value:,.0f}" if figure.value == int(figure.value) else f"{figure.value:,.1f}"
    return about + number + _UNITS.get(figure.unit, "")


def definition_text(figure: Figure) -> str:
    """What a figure measures, in full."""
    aside = ", ".join(filter(None, (figure.source, figure.note)))
    return plain(f"{figure.name}: {figure.definition}" + (f" ({aside})" if aside else ""))


def pace_lines(pace: Pace, width: int) -> list[Line]:
    """Sparklines of the last gaps and of the bytes a second, each with what its highest block stands for."""
    cells = min(width, _MOST) - _NAME_CELLS - _PEAK_CELLS
    gaps = pace.recent_gaps(max(1, cells) * _GAPS_A_CELL)
    if len(gaps) < 2 or cells < 4:
        return []
    recent = pace.buckets[-cells * BUCKETS_PER_S :]
    return [
        _spark_line("last gaps", gaps, cells, duration(max(gaps))),
        _spark_line("bytes/s", recent, cells, f"{size(max(recent) * BUCKETS_PER_S)}/s"),
    ]


def _spark_line(name: str, values: Sequence[float], cells: int, peak: str) -> Line:
    return line_of(
        (f"{name:<{_NAME_CELLS}}", "dim"),
        (f"{sparkline(values, cells):<{cells}}", "bar"),
        f"{'≤ ' + peak:>{_PEAK_CELLS}}",
    )
