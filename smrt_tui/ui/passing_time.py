"""Passing time: the screen's clock while a call runs. The seconds are seen to pass, whether or not anything arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.ui.widgets.answer import Answer
from smrt_tui.ui.widgets.send_control import SendControl

if TYPE_CHECKING:
    from smrt_tui.ui.run import Run
    from smrt_tui.ui.screen import MainScreen

TICK_S = 0.1
WAITING_TICK_S = 1.0
"""While a job is only waited for, seconds are fine enough."""


class PassingTime:
    """Ticks on one screen while its run is live, and not otherwise."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._ticker = screen.set_interval(TICK_S, self._tick, pause=True)
        self._slow_ticker = screen.set_interval(WAITING_TICK_S, self._tick, pause=True)

    def follow(self, run: Run) -> None:
        """Tick as this run needs it now."""
        for ticker, is_wanted in (
            (self._ticker, run.is_live and not run.is_waiting_job),
            (self._slow_ticker, run.is_waiting_job),
        ):
            if is_wanted:
                ticker.resume()
            else:
                ticker.pause()

    def _tick(self) -> None:
        session = self._screen.session
        run = session.run
        if run is not None and run.is_live:
            self._screen.query_one(SendControl).elapsed_s = run.elapsed_s if session.calls.is_live else None
            self._screen.query_one(Answer).tick(run.elapsed_s)
