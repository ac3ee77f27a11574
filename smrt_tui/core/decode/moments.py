"""When something happened again and again: how often, first and last."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Moments(Struct):
    """Moments in order, of which no list is kept: all times are seconds since the call started."""

    count: int = 0
    first: float = 0.0
    """Means nothing while `count` is 0, as `last`."""
    last: float = 0.0

    def add(self, at: float) -> None:
        """It happened once more."""
        if not self.count:
            self.first = at
        self.count += 1
        self.last = at

    def extend(self, times: Sequence[float]) -> None:
        """It happened at each of these times."""
        if times:
            self.add(times[0])
            self.count += len(times) - 1
            self.last = times[-1]


def moments(*times: float) -> Moments:
    """The moments that these are."""
    made = Moments()
    made.extend(times)
    return made
