"""Firing a probe: every pair once, a few at once, and a cancel that leaves nothing running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Call, Ended, Event, HeadArrived, PartArrived
from smrt_tui.core.probe import Outcome, Pair, pairs_of
from smrt_tui.probing import AT_ONCE, probe

DRAFT = ResolvedDraft("sync", "e", (), (), b"{}")
PAIRS = pairs_of(("a/a", "b/b"), ("c/c", "d/d", ""))


class OneCall:
    """A call that ends when it is let go, or at once."""

    def __init__(self, gate: asyncio.Event | None = None) -> None:
        self._gate = gate
        self.is_cancelled = False

    async def __aiter__(self) -> AsyncIterator[Event]:
        async for batch in self.batches():
            for event in batch:
                yield event

    async def batches(self) -> AsyncIterator[Sequence[Event]]:
        if self._gate is not None:
            await self._gate.wait()
        yield (HeadArrived(0.1, "1.1", 200, "OK", ()), PartArrived(0.1, 0, b"x", 0, (), 0, 0), Ended(0.2, "complete"))

    def cancel(self) -> None:
        self.is_cancelled = True


class Held:
    """Fires calls that wait to be let go, and says when there are as many as may be."""

    def __init__(self) -> None:
        self.gate, self.enough = asyncio.Event(), asyncio.Event()
        self.calls: list[OneCall] = []

    async def fire(self, _: ResolvedDraft) -> Call:
        self.calls.append(OneCall(self.gate))
        if len(self.calls) == AT_ONCE:
            self.enough.set()
        return self.calls[-1]


async def test_every_pair_is_fired_once_and_told_at_its_place() -> None:
    fired: list[ResolvedDraft] = []
    told: dict[int, Outcome] = {}

    async def fire(draft: ResolvedDraft) -> Call:
        fired.append(draft)
        return OneCall()

    await probe(fire, DRAFT, PAIRS, told.__setitem__)
    assert [told[place].pair for place in range(len(PAIRS))] == list(PAIRS)
    assert len(fired) == len(PAIRS)
    assert {dict(draft.members).get("ContentType") for draft in fired} == {"a/a", "b/b"}
    assert all(outcome.is_good and outcome.size == 1 for outcome in told.values())


async def test_no_more_than_a_few_are_in_flight() -> None:
    held = Held()
    task = asyncio.create_task(probe(held.fire, DRAFT, PAIRS, lambda place, outcome: None))
    await held.enough.wait()
    assert len(held.calls) == AT_ONCE
    held.gate.set()
    await task
    assert len(held.calls) == len(PAIRS)


async def test_a_cancelled_probe_cancels_what_runs_and_fires_nothing_more() -> None:
    held = Held()
    task = asyncio.create_task(probe(held.fire, DRAFT, PAIRS, lambda place, outcome: None))
    await held.enough.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [call.is_cancelled for call in held.calls] == [True] * AT_ONCE


async def test_what_cannot_be_fired_is_an_outcome_too() -> None:
    told: dict[int, Outcome] = {}

    async def fire(_: ResolvedDraft) -> Call:
        raise SmrtError("no endpoint")

    await probe(fire, DRAFT, (Pair("a/a", ""),), told.__setitem__)
    assert (told[0].is_good, told[0].told) == (False, "no endpoint")
