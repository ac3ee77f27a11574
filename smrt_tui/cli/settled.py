"""Of all attempts only the last one's answer is written: what an attempt that is tried again was answered is held back.

`--events` tells of every attempt and is not filtered here.
"""

from __future__ import annotations

from collections.abc import Sequence

from smrt_tui.core.events import AttemptEnded, Ended, Event, HeadArrived, PartArrived


class Settled:
    """Passes events on once no other attempt can contradict them."""

    def __init__(self) -> None:
        self._held: list[Event] = []
        """A head and what followed it, as long as another attempt may."""
        self._is_good = False
        """Whether that head is a success's, which is not tried again once a part of it came."""

    def take(self, batch: Sequence[Event]) -> Sequence[Event]:
        """What may be written now, in order."""
        if not self._held and all(type(event) is PartArrived for event in batch):
            return batch
        settled: list[Event] = []
        for event in batch:
            self._place(event, settled)
        return settled

    def _place(self, event: Event, settled: list[Event]) -> None:
        if isinstance(event, AttemptEnded):
            self._held.clear()
        elif isinstance(event, HeadArrived):
            self._is_good = 200 <= event.status < 300
            self._held.append(event)
            return
        elif isinstance(event, Ended) or (self._is_good and isinstance(event, PartArrived)):
            settled += self._held
            self._held.clear()
        (self._held if self._held else settled).append(event)
