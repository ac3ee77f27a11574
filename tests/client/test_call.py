from __future__ import annotations

import asyncio

import pytest

from smrt_tui.client.call import Journal, RunningCall
from smrt_tui.core.events import Ended, Event, Outcome, Phase, PhaseMarked, Started
from smrt_tui.core.request import WireRequest

STARTED = Started(0.0, "InvokeEndpoint", WireRequest("POST", "", (), b""))


def mark(at: float = 0.0) -> PhaseMarked:
    return PhaseMarked(at, Phase.WAIT)


def a_call(story: object) -> RunningCall:
    return RunningCall(story, lambda: 0.0, lambda: STARTED)  # type: ignore[arg-type]  # the stories here are plain


async def everything(call: RunningCall) -> list[Event]:
    return [event async for event in call]


async def test_a_batch_stays_a_batch() -> None:
    async def story(journal: Journal) -> Outcome:
        journal.write(STARTED, mark())
        journal.write_batch([mark(), mark(), mark()])
        return "complete"

    assert [len(batch) async for batch in a_call(story).batches()] == [2, 3, 1]


async def test_stamps_count_from_the_start() -> None:
    times = iter([100.0, 101.5])
    journal = Journal(lambda: next(times))
    assert (journal.at(), journal.at(103.0)) == (1.5, 3.0)


async def test_a_writer_waits_for_a_reader_that_is_behind() -> None:
    written = 0

    async def story(journal: Journal) -> Outcome:
        nonlocal written
        for _ in range(100):
            await journal.room()
            journal.write(mark())
            written += 1
        return "complete"

    batches = aiter(a_call(story).batches())
    await anext(batches)
    for _ in range(20):
        await asyncio.sleep(0)
    assert written < 30
    assert len([batch async for batch in batches]) == 100
    assert written == 100


async def test_a_cancel_ends_the_story_once_and_is_the_last_thing_told() -> None:
    async def story(journal: Journal) -> Outcome:
        journal.write(STARTED)
        try:
            await asyncio.Event().wait()
        finally:
            journal.write(mark(7.0))
        return "complete"

    call = a_call(story)
    events: list[Event] = []
    async for event in call:
        events.append(event)
        call.cancel()
        call.cancel()
    assert events == [STARTED, mark(7.0), Ended(0.0, "cancelled")]


async def test_a_call_cancelled_before_its_first_step_has_a_beginning_and_an_end() -> None:
    async def story(journal: Journal) -> Outcome:
        raise AssertionError("it was cancelled before")

    call = a_call(story)
    call.cancel()
    assert await everything(call) == [STARTED, Ended(0.0, "cancelled")]


async def test_a_call_cancelled_between_its_first_read_and_its_first_step_ends_too() -> None:
    async def story(journal: Journal) -> Outcome:
        raise AssertionError("it was cancelled before")

    call = a_call(story)
    reading = asyncio.ensure_future(everything(call))
    asyncio.get_running_loop().call_soon(call.cancel)
    assert await reading == [STARTED, Ended(0.0, "cancelled")]


async def test_a_bug_in_the_story_ends_it_and_is_not_swallowed() -> None:
    async def story(journal: Journal) -> Outcome:
        journal.write(STARTED)
        raise ZeroDivisionError

    events: list[Event] = []
    with pytest.raises(ZeroDivisionError):
        async for event in a_call(story):
            events.append(event)
    assert events == [STARTED, Ended(0.0, "fault")]


async def test_a_cancel_after_the_end_changes_nothing() -> None:
    async def story(journal: Journal) -> Outcome:
        journal.write(STARTED)
        return "complete"

    call = a_call(story)
    events = await everything(call)
    call.cancel()
    assert events == [STARTED, Ended(0.0, "complete")]
