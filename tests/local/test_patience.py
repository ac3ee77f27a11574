"""Patience with a source: silence ends it, slowness of the reader does not, and a cancel stays a cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from smrt_tui.local.patience import Patience, StreamLimits


async def counting(count: int, *, then_silent: bool = False, pause_s: float = 0.0) -> AsyncIterator[int]:
    for number in range(count):
        await asyncio.sleep(pause_s)
        yield number
    if then_silent:
        await asyncio.Event().wait()


async def read(source: AsyncIterator[int], limits: StreamLimits, *, reader_s: float = 0.0) -> list[int]:
    seen = []
    async with Patience(source, limits) as patience:
        while (number := await patience.next()) is not None:
            seen.append(number)
            await asyncio.sleep(reader_s)
    return seen


async def test_a_source_that_goes_on_is_read_to_its_end() -> None:
    assert await read(counting(3), StreamLimits()) == [0, 1, 2]


@pytest.mark.parametrize("limits", [StreamLimits(silence_s=0.02), StreamLimits(total_s=0.02)])
async def test_silence_raises(limits: StreamLimits) -> None:
    with pytest.raises(TimeoutError):
        await read(counting(1, then_silent=True), limits)
    assert (task := asyncio.current_task()) is not None and task.cancelling() == 0


async def test_the_total_ends_a_source_that_never_stops() -> None:
    with pytest.raises(TimeoutError):
        await read(counting(1_000_000, pause_s=0.001), StreamLimits(total_s=0.05))


async def test_the_reader_may_take_its_time() -> None:
    assert await read(counting(3), StreamLimits(silence_s=0.02), reader_s=0.05) == [0, 1, 2]


async def test_a_cancel_stays_a_cancel() -> None:
    task = asyncio.ensure_future(read(counting(1, then_silent=True), StreamLimits()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
