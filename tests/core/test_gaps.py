"""Gaps between arrivals, all at once and while they come."""

from __future__ import annotations

import statistics
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.gaps import GapStatistics, LiveGaps, Stall, gap_statistics, percentile

GAPS = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 2.0), st.floats(0.2, 0.3)), min_size=1, max_size=60)


def live(times: list[float], cuts: list[int]) -> GapStatistics | None:
    gaps = LiveGaps()
    ends = sorted({cut % (len(times) + 1) for cut in cuts})
    for start, end in zip([0, *ends], [*ends, len(times)], strict=True):
        gaps.add_many(times[start:end])
    assert len(gaps) == len(times)
    return gaps.statistics()


def test_one_arrival_has_no_gap() -> None:
    assert gap_statistics([1.0]) is None
    assert live([1.0], []) is None
    assert live([], []) is None


def test_gaps_are_told_exactly() -> None:
    times = [1.0, 1.1, 1.1, 1.5, 1.6]
    found = gap_statistics(times)
    assert found is not None
    assert (found.count, found.together, found.is_exact) == (4, 1, True)
    assert found.mean == pytest.approx(0.15)
    assert found.p50 == pytest.approx(0.1)
    assert found.p95 == pytest.approx(0.355)
    assert found.longest == Stall(2, 1.1, 1.5 - 1.1)
    assert found.stalls == ()
    assert found.stdev == pytest.approx(statistics.pstdev([0.1, 0.4, 0.1]))
    assert found.rfc3550 == pytest.approx(0.3 / 16 + (0.3 - 0.3 / 16) / 16)


def test_a_stall_is_long_beside_the_median_and_long_at_all() -> None:
    def after(*gaps: float) -> list[int]:
        found = gap_statistics([*accumulate(gaps, initial=0.0)])
        assert found is not None
        return [stall.after for stall in found.stalls]

    assert after(0.01, 0.01, 0.2, 0.01) == []
    assert after(0.01, 0.01, 0.26, 0.01, 1.0) == [2, 4]
    assert after(0.1, 0.1, 0.39, 0.1, 0.41) == [4]


@pytest.mark.parametrize(("share", "value"), [(0, 1.0), (0.5, 2.5), (0.95, 3.85), (1, 4.0)])
def test_percentiles_lie_between_neighbours(share: float, value: float) -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], share) == pytest.approx(value)


@given(GAPS, st.lists(st.integers(0, 60), max_size=5))
def test_live_gaps_are_those_of_all_the_times(gaps: list[float], cuts: list[int]) -> None:
    times = [*accumulate(gaps, initial=5.0)]
    found, exact = live(times, cuts), gap_statistics(times)
    assert found is not None
    assert exact is not None
    assert (found.count, found.together, found.is_exact, found.rfc3550) == (exact.count, exact.together, False, None)
    assert found.mean == pytest.approx(exact.mean)
    assert found.stdev == pytest.approx(exact.stdev, rel=1e-3, abs=1e-6)
    assert found.longest == exact.longest


@given(GAPS, st.sampled_from([0.5, 0.95]))
def test_live_percentiles_are_right_to_one_per_cent(gaps: list[float], share: float) -> None:
    """Right as a rank is: the value of the bin that holds the gap at that place, without interpolation."""
    times = [*accumulate(gaps, initial=0.0)]
    ordered = sorted(after - before for before, after in pairwise(times))
    found = live(times, [])
    assert found is not None
    rank = ordered[int((len(ordered) - 1) * share)]
    assert (found.p50 if share == 0.5 else found.p95) == pytest.approx(rank, rel=0.01)


def test_live_stalls_are_found_wherever_batches_end() -> None:
    times = [0.0, 0.01, 0.02, 0.72, 0.73, 1.73, 1.74]
    for cut in range(len(times) + 1):
        found = live(times, [cut])
        assert found is not None
        assert [(stall.after, stall.at) for stall in found.stalls] == [(2, 0.02), (4, 0.73)]


def test_only_the_longest_of_very_many_stalls_are_kept() -> None:
    gaps = [0.001] * 2000 + [0.3 + n / 1000 for n in range(500)]
    found = live([*accumulate(gaps, initial=0.0)], [100, 2100, 2200])
    assert found is not None
    assert [stall.after for stall in found.stalls] == list(range(2000 + 500 - 256, 2500))
