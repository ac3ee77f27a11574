"""Two ways to call something less often: `Pace` for what must look live, `Debounce` for what can wait for a pause.

Both run on the event loop's own timers. Neither ever drops the last call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Pace:
    """Calls `act` at once, then at most every `interval_s` while it is poked."""

    def __init__(self, act: Callable[[], None], interval_s: float) -> None:
        self._act = act
        self._interval_s = interval_s
        self._timer: asyncio.TimerHandle | None = None
        self._is_due = False

    def poke(self) -> None:
        """There is something new."""
        if self._timer is None:
            self._run()
        else:
            self._is_due = True

    def finish(self) -> None:
        """Stop the timer and, when something is still due, act now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._is_due:
            self._is_due = False
            self._act()

    def _run(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._interval_s, self._cooled)
        self._is_due = False
        self._act()

    def _cooled(self) -> None:
        self._timer = None
        if self._is_due:
            self._run()


class Debounce:
    """Calls `act` once nobody has poked for `delay_s`."""

    def __init__(self, act: Callable[[], None], delay_s: float) -> None:
        self._act = act
        self._delay_s = delay_s
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a call is to come."""
        return self._timer is not None

    def poke(self) -> None:
        """Something changed; wait for the next pause."""
        self.drop()
        self._timer = asyncio.get_running_loop().call_later(self._delay_s, self._fire)

    def drop(self) -> None:
        """Forget the call that was to come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        self._act()
