"""When a pane draws: at once, then at most so many times a second; and long work in slices, with a turn for the others.

Nothing here knows what is drawn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget


class Frames:
    """Calls `draw` when something is new: now, or within a frame when it was called just now."""

    def __init__(self, widget: Widget, draw: Callable[[], None]) -> None:
        self._widget = widget
        self._draw = draw
        self._timer: Timer | None = None
        self._is_cooling = False
        self._is_dirty = False

    def begin(self, per_second: int) -> None:
        """Once the widget is there. The timer sleeps while nothing arrives."""
        self._timer = self._widget.set_interval(1 / per_second, self._tick, pause=True)

    def changed(self) -> None:
        """Something new is there. What is not seen is not drawn."""
        if self._is_cooling or self._timer is None or not self._widget.size:
            self._is_dirty = True
            return
        self._is_cooling = True
        self._timer.reset()
        self._draw_new()

    def finish(self) -> None:
        """Draw without waiting for the next frame."""
        if self._timer is not None and self._widget.size:
            self._draw_new()

    def _tick(self) -> None:
        if self._is_dirty and self._widget.size:
            self._draw_new()
        elif self._timer is not None:
            self._is_cooling = False
            self._timer.pause()

    def _draw_new(self) -> None:
        self._is_dirty = False
        self._draw()


class Slices:
    """Work that is too long for one go: `chore` does a bounded part of it and says whether there is more."""

    def __init__(self, widget: Widget, chore: Callable[[], bool], done: Callable[[], None]) -> None:
        self._widget = widget
        self._chore = chore
        self._done = done
        self.is_busy = False

    def begin(self) -> None:
        """Go on with what is left to do."""
        if not self.is_busy and self._widget.is_attached:
            self.is_busy = True
            self._widget.run_worker(self._work(), group="chores")

    async def _work(self) -> None:
        try:
            while self._chore():  # noqa: ASYNC110  a turn for the others, not a wait
                await asyncio.sleep(0)
        finally:
            self.is_busy = False
        self._done()
