"""How parts keep coming: gaps, and bytes in each tenth of a second. Counted as they come, at a cost that stays."""

from __future__ import annotations

from array import array
from itertools import pairwise

from smrt_tui.core.gaps import GapStatistics, LiveGaps
from smrt_tui.core.recorder import PartColumns

BUCKETS_PER_S = 10
_PARTS_AT_ONCE = 8192


class Pace:
    """Counts the parts of one answer."""

    def __init__(self, parts: PartColumns) -> None:
        self.parts = parts
        self.buckets = array("Q")
        """Payload bytes of each tenth of a second since the first part."""
        self._gaps = LiveGaps()

    def count_on(self) -> bool:
        """Count what came since, a bounded amount of it; whether there is more."""
        counted = len(self._gaps)
        times = self.parts.times[counted : counted + _PARTS_AT_ONCE]
        self._gaps.add_many(times)
        for at, size in zip(times, self.parts.sizes[counted : counted + _PARTS_AT_ONCE], strict=False):
            self._add(int((at - self.parts.times[0]) * BUCKETS_PER_S), size)
        return len(self._gaps) < len(self.parts)

    def _add(self, bucket: int, size: int) -> None:
        missing = bucket + 1 - len(self.buckets)
        if missing > 0:
            self.buckets.extend([0] * missing)
        self.buckets[bucket] += size

    @property
    def statistics(self) -> GapStatistics | None:
        """What is known of the gaps counted so far."""
        return self._gaps.statistics()

    def recent_gaps(self, count: int) -> list[float]:
        """The last gaps, in seconds."""
        return [later - earlier for earlier, later in pairwise(self.parts.times[-count - 1 :])]
