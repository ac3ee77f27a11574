"""The silences between things that arrive: their mean, percentiles, jitter, and the ones that are stalls.

Once over arrival times that are all there, exactly; and once over times that keep coming, at a cost that does not grow
with their number. All times are seconds on one clock; times do not go down. Nothing here names a figure for people.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, count, islice, pairwise
from math import exp, floor, log, sqrt
from operator import mul, sub
from typing import Final, NamedTuple

from msgspec import Struct

STALL_FACTOR: Final = 4
STALL_LEAST_S: Final = 0.25
"""A stall is a gap longer than four times the median gap, and than a quarter of a second."""

BIN_WIDTH: Final = log(1.02)
"""Live percentiles are read off bins two per cent wide, so they are right to one per cent."""

_KEPT_LONG: Final = 256
"""Long gaps kept while live, to tell where the stalls were."""


class Stall(NamedTuple):
    """One gap that was too long."""

    after: int
    """The number of the part (or event) before it."""
    at: float
    """When it began."""
    gap_s: float


class GapStatistics(Struct, frozen=True):
    """What is known about the gaps between arrivals. All but the counts in seconds."""

    count: int
    """Gaps, one fewer than arrivals."""
    mean: float
    p50: float
    p95: float
    longest: Stall
    stalls: tuple[Stall, ...]
    """In the order they happened; while live, of the longest ones."""
    stdev: float
    """Of the population, gaps of zero left out: what came in one read has no gap of its own."""
    rfc3550: float | None
    """The smoothed difference between one gap and the next, J += (|D| - J) / 16 (RFC 3550, 6.4.1, with an even pace
    in place of sender's stamps, which there are none of); gaps of zero left out. None while live."""
    together: int
    """Arrivals that came in one read with the one before."""
    is_exact: bool
    """False where percentiles are read off bins."""


def gap_statistics(times: Sequence[float]) -> GapStatistics | None:
    """Exact statistics of the gaps; None for fewer than two arrivals. Sorts a copy: about a second for a million."""
    if len(times) < 2:
        return None
    gaps = array("d", map(sub, islice(times, 1, None), times))
    ordered = sorted(gaps)
    longest = gaps.index(ordered[-1])
    apart = [gap for gap in gaps if gap > 0]
    mean_apart = sum(apart) / len(apart) if apart else 0.0
    return GapStatistics(
        count=len(gaps),
        mean=(times[-1] - times[0]) / len(gaps),
        p50=percentile(ordered, 0.5),
        p95=percentile(ordered, 0.95),
        longest=Stall(longest, times[longest], gaps[longest]),
        stalls=_stalls(gaps, times, stall_threshold(percentile(ordered, 0.5))),
        stdev=sqrt(sum((gap - mean_apart) ** 2 for gap in apart) / len(apart)) if apart else 0.0,
        rfc3550=_rfc3550(apart),
        together=len(gaps) - len(apart),
        is_exact=True,
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of sorted values lies, with linear interpolation (as numpy does by default)."""
    rank = (len(ordered) - 1) * share
    below = floor(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (rank - below)


def stall_threshold(median_s: float) -> float:
    """Seconds from which on a gap is a stall."""
    return max(STALL_FACTOR * median_s, STALL_LEAST_S)


def _stalls(gaps: Sequence[float], times: Sequence[float], threshold: float) -> tuple[Stall, ...]:
    return tuple(Stall(number, times[number], gap) for number, gap in enumerate(gaps) if gap > threshold)


def _rfc3550(apart: Sequence[float]) -> float:
    jitter = 0.0
    for before, after in pairwise(apart):
        jitter += (abs(after - before) - jitter) / 16
    return jitter


class LiveGaps:
    """Statistics of gaps while more arrive: under a microsecond for each, and the same price to ask at any length.

    Mean, longest and deviation are exact; percentiles are right to one per cent.
    """

    def __init__(self) -> None:
        self._bins: Counter[int] = Counter()
        """Gaps above zero by their bin."""
        self._arrivals = 0
        self._apart = 0
        self._first = self._last = 0.0
        self._squares = 0.0
        self._longest = Stall(0, 0.0, 0.0)
        self._long: list[Stall] = []

    def __len__(self) -> int:
        return self._arrivals

    def add_many(self, times: Sequence[float]) -> None:
        """Take the next arrivals, in order."""
        if not times:
            return
        is_first = self._arrivals == 0
        starts = [*times[:-1]] if is_first else [self._last, *times[:-1]]
        gaps = list(map(sub, times[1:] if is_first else times, starts))
        if is_first:
            self._first = times[0]
            self._longest = Stall(0, times[0], 0.0)
        self._last = times[-1]
        self._count(gaps)
        if gaps and max(gaps) > min(self._longest.gap_s, STALL_LEAST_S):
            self._note_long(map(Stall, count(max(0, self._arrivals - 1)), starts, gaps))
        self._arrivals += len(times)

    def statistics(self) -> GapStatistics | None:
        """What is known so far; None for fewer than two arrivals."""
        gaps = self._arrivals - 1
        if gaps < 1:
            return None
        median, p95 = self._percentiles(0.5, 0.95)
        span = self._last - self._first
        variance = self._squares / self._apart - (span / self._apart) ** 2 if self._apart else 0.0
        return GapStatistics(
            count=gaps,
            mean=span / gaps,
            p50=median,
            p95=p95,
            longest=self._longest,
            stalls=tuple(sorted(stall for stall in self._long if stall.gap_s > stall_threshold(median))),
            stdev=sqrt(max(0.0, variance)),
            rfc3550=None,
            together=gaps - self._apart,
            is_exact=False,
        )

    def _count(self, gaps: Sequence[float]) -> None:
        apart = [gap for gap in gaps if gap > 0]
        self._apart += len(apart)
        self._squares += sum(map(mul, apart, apart))
        self._bins.update([floor(log(gap) / BIN_WIDTH) for gap in apart])

    def _note_long(self, gaps: Iterable[Stall]) -> None:
        for gap in gaps:
            if gap.gap_s > self._longest.gap_s:
                self._longest = gap
            if gap.gap_s > STALL_LEAST_S:
                self._long.append(gap)
        if len(self._long) > _KEPT_LONG:
            self._long = sorted(self._long, key=_length)[-_KEPT_LONG:]

    def _percentiles(self, *shares: float) -> list[float]:
        zeros = self._arrivals - 1 - self._apart
        bins = sorted(self._bins)
        totals = list(accumulate((self._bins[one] for one in bins), initial=zeros))
        values = [0.0, *(exp((one + 0.5) * BIN_WIDTH) for one in bins)]
        ranks = [(self._arrivals - 2) * share for share in shares]
        return [min(values[bisect_right(totals, rank)], self._longest.gap_s) for rank in ranks]


def _length(stall: Stall) -> float:
    return stall.gap_s
