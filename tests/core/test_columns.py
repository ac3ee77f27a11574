"""Columns give back what was put in, whatever it was, and find it from anywhere."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.columns import Offsets, Rising, Sizes, Stamps

STEPS = st.lists(
    st.one_of(st.integers(0, 300), st.sampled_from([-7, -1, 254, 255, 256, 65_535, 1 << 40])), max_size=900
)


def rising(numbers: list[int], *, at_once: int = 1) -> Rising:
    made = Rising("B")
    for start in range(0, len(numbers), at_once):
        if at_once == 1:
            made.append(numbers[start])
        else:
            made.extend(numbers[start : start + at_once])
    return made


@given(STEPS, st.integers(1, 400))
def test_numbers_come_back_however_they_were_put_in(steps: list[int], at_once: int) -> None:
    numbers = list(accumulate(steps))
    made = rising(numbers, at_once=at_once)
    assert [made[index] for index in range(len(made))] == numbers
    assert made.numbers(0, len(made)) == numbers
    assert [made.step(index) for index in range(len(made))] == steps
    assert made.last == (numbers[-1] if numbers else 0)


@given(STEPS, st.integers(0, 900), st.integers(0, 900))
def test_a_stretch_of_numbers_is_that_stretch(steps: list[int], start: int, stop: int) -> None:
    numbers = list(accumulate(steps))
    made = rising(numbers)
    assert made.numbers(start, stop) == numbers[start:stop]
    assert made.steps(start, stop) == steps[start:stop]


@given(st.lists(st.integers(0, 300), max_size=900), st.integers(-1, 100_000))
def test_the_first_number_above_a_limit_is_found(steps: list[int], limit: int) -> None:
    numbers = list(accumulate(steps))
    assert rising(numbers).first_above(limit) == bisect_right(numbers, limit)


@given(st.lists(st.decimals(0, 100_000, places=9, allow_nan=False), max_size=600).map(sorted), st.integers(0, 600))
def test_moments_are_kept_to_the_nanosecond(moments: list[object], start: int) -> None:
    times = [float(str(moment)) for moment in moments]
    one_by_one, at_once = Stamps(), Stamps()
    for time in times:
        one_by_one.extend([time])
    at_once.extend(times)
    assert list(one_by_one) == list(at_once) == times
    assert (one_by_one[start:], one_by_one[-3:]) == (times[start:], times[-3:])
    assert [at_once[index] for index in range(-len(times), 0)] == times


def test_what_is_not_there_is_an_index_error() -> None:
    for column in (Stamps(), Sizes(), Offsets(Sizes())):
        with pytest.raises(IndexError):
            column[0]


THINGS = st.lists(st.tuples(st.sampled_from([0, 3, 70_000]), st.sampled_from([0, 16, 16, 16, 99])), max_size=600)


@given(THINGS, st.integers(1, 40))
def test_offsets_follow_from_sizes_and_what_is_between(things: list[tuple[int, int]], at_once: int) -> None:
    sizes = Sizes()
    offsets = Offsets(sizes)
    wanted = [sum(map(sum, things[:number])) for number in range(len(things))]
    for first in range(0, len(things), at_once):
        sizes.extend([size for size, _ in things[first : first + at_once]])
        offsets.extend(wanted[first : first + at_once])
    assert list(offsets) == offsets[:] == wanted
    assert list(sizes) == sizes[:] == [size for size, _ in things]
    assert sizes.total == sum(size for size, _ in things)
