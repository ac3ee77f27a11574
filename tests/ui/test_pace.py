"""Coalescing: the first at once, the rest in steps, the last always."""

from __future__ import annotations

from smrt_tui.ui.pace import Debounce, Pace
from tests.ui.until import eventually


async def test_the_first_call_is_at_once_and_a_burst_becomes_one_more() -> None:
    calls: list[int] = []
    pace = Pace(lambda: calls.append(1), 0.005)
    for _ in range(100):
        pace.poke()
    assert len(calls) == 1
    await eventually(lambda: len(calls) == 2)
    pace.finish()
    assert len(calls) == 2


async def test_finishing_makes_the_call_that_was_due() -> None:
    calls: list[int] = []
    pace = Pace(lambda: calls.append(1), 3600)
    pace.poke()
    pace.poke()
    pace.finish()
    assert len(calls) == 2


async def test_a_debounced_call_comes_once_after_the_last_poke() -> None:
    calls: list[int] = []
    debounce = Debounce(lambda: calls.append(1), 0.005)
    for _ in range(10):
        debounce.poke()
    assert debounce.is_waiting
    await eventually(lambda: not debounce.is_waiting)
    assert calls == [1]


async def test_a_dropped_call_never_comes() -> None:
    calls: list[int] = []
    first, second = Debounce(lambda: calls.append(1), 0.001), Debounce(lambda: calls.append(2), 0.005)
    first.poke()
    second.poke()
    first.drop()
    await eventually(lambda: calls)
    assert calls == [2]
