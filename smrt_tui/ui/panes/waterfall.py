"""The phases of one attempt as bars below each other, and small numbers as a sparkline. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smrt_tui.core.events import Phase
from smrt_tui.core.recorder import Recorder

_LEVELS = "▁▂▃▄▅▆▇█"
_LEFT_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Span:
    """One phase: where it begins and ends, in seconds since the call started."""

    phase: Phase
    start: float
    end: float
    is_running: bool = False


def phases(recorder: Recorder, now: float | None = None) -> list[Span]:
    """The phases of the latest attempt; the last one lasts until the end, or until `now` while it is running."""
    marks = recorder.attempt.marks
    if not marks:
        return []
    ended = recorder.ended
    last_seen = max(now or 0.0, recorder.parts.times[-1] if len(recorder.parts) else 0.0, marks[-1].at)
    end = ended.at if ended is not None else last_seen
    ends = [*(mark.at for mark in marks[1:]), end]
    return [
        Span(mark.phase, mark.at, max(mark.at, stop), is_running=ended is None and index == len(marks) - 1)
        for index, (mark, stop) in enumerate(zip(marks, ends, strict=True))
    ]


def scale_of(spans: Sequence[Span]) -> tuple[float, bool]:
    """The seconds that the whole width stands for, and whether receiving fits into them.

    A long answer would leave nothing to see of what came before it; then the scale ends where receiving begins.
    """
    last = spans[-1]
    if last.phase is Phase.RECEIVE and last.end > 3 * last.start > 0:
        return last.start, False
    return last.end, True


def bar(start: float, end: float, total: float, width: int) -> tuple[str, str]:
    """Blank cells and the bar that follows them, to an eighth of a cell; at least a sliver for anything at all."""
    if width < 1 or total <= 0:
        return "", ""
    first = min(int(start / total * width), width - 1)
    eighths = max(1, round((end - start) / total * width * 8))
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
