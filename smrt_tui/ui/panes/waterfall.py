"""Durations as bars below each other, and numbers as a sparkline. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from smrt_tui.core.events import Phase
from smrt_tui.core.timeline import PhaseSpan

_LEVELS = "▁▂▃▄▅▆▇█"
_LEFT_EIGHTHS = " ▏▎▍▌▋▊▉█"


def scale_of(spans: Sequence[PhaseSpan]) -> tuple[float, bool]:
    """The seconds that the whole width stands for, and whether receiving fits into them.

    A long answer would leave nothing to see of what came before it; then the scale ends where receiving begins.
    """
    last = spans[-1]
    if last.phase is Phase.RECEIVE and last.end > 3 * last.begin > 0:
        return last.begin, False
    return last.end, True


def bar(begin: float, end: float, total: float, width: int) -> tuple[str, str]:
    """Blank cells and the bar that follows them, to an eighth of a cell; at least a sliver for anything at all."""
    if width < 1 or total <= 0:
        return "", ""
    first = min(int(begin / total * width), width - 1)
    eighths = max(1, round((end - begin) / total * width * 8))
    full, rest = divmod(eighths, 8)
    drawn = "█" * full + (_LEFT_EIGHTHS[rest] if rest else "")
    return " " * first, drawn[: max(1, width - first)]


def sparkline(values: Sequence[float], width: int) -> str:
    """Values as a row of blocks, the greatest of them full; of neighbours the greatest where they are many."""
    if not values or width < 1:
        return ""
    step = -(-len(values) // width)
    peaks = [max(values[at : at + step]) for at in range(0, len(values), step)]
    top = max(peaks)
    if top <= 0:
        return _LEVELS[0] * len(peaks)
    return "".join(_LEVELS[min(7, int(value / top * 7.999))] for value in peaks)
