"""A run: one invocation as the screen sees it, with a recorder of its own, so that two runs never mix.

It folds events. It fires nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from smrt_tui.core.events import Ended, Event, TransportFault
from smrt_tui.core.recorder import Recorder

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft


class Run:
    """One press of send, from the first moment to the last event."""

    def __init__(self, number: int, entry: ProfileEntry, draft: Draft, clock: Callable[[], float]) -> None:
        self.number = number
        """Counts from 1 within one sitting."""
        self.entry = entry
        self.draft = draft
        """As it was when send was pressed."""
        self.recorder = Recorder()
        self.is_told_over = False
        """Set when the screen was told of the end."""
        self._clock = clock
        self._pressed_at = clock()

    @property
    def is_live(self) -> bool:
        """Whether more can arrive."""
        return self.recorder.ended is None

    @property
    def elapsed_s(self) -> float:
        """Seconds since send was pressed; once it is over, the call's own length."""
        ended = self.recorder.ended
        return self._clock() - self._pressed_at if ended is None else ended.at

    def take_in(self, events: Sequence[Event]) -> None:
        """Fold what arrived. Nothing is taken after `Ended`: a second one would not be true."""
        if self.is_live:
            self.recorder.add(events)

    def end_cancelled(self) -> None:
        """It was stopped before there was a call that could say so."""
        self.take_in((Ended(self.elapsed_s, "cancelled"),))

    def end_unsent(self, code: str, message: str, hint: str) -> None:
        """It stopped on our side, and why. Said by events, so that every view tells it in the same way."""
        at = self.elapsed_s
        self.take_in((TransportFault(at, code, message, hint), Ended(at, "fault")))
