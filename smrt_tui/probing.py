"""Fires a content-type probe: the calls of a grid, a few at once, each followed to its end.

Knows only how to fire and to cancel; what to fire and what it means is `core.probe`'s. Cancelling the task cancels the
calls that are running and fires no further one; what was found stays found.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Call, Ended, TransportFault
from smrt_tui.core.probe import Outcome, Pair, outcome_of, under
from smrt_tui.core.recorder import Recorder

AT_ONCE = 2
"""Calls in flight: faster than one after the other, and far from any endpoint's limit."""

MOST_KEPT = 65_536
"""Bytes of an answer that are kept; all are counted."""


async def probe(
    fire: Callable[[ResolvedDraft], Awaitable[Call]],
    draft: ResolvedDraft,
    pairs: Sequence[Pair],
    tell: Callable[[int, Outcome], None],
) -> None:
    """Fire the draft under every pair, and tell each outcome with the pair's place in the grid, as it comes."""
    waiting = iter(enumerate(pairs))

    async def work() -> None:
        for place, pair in waiting:  # shared: each place is taken once
            sent = under(draft, pair)
            tell(place, outcome_of(pair, await _recorded(fire, sent), sent))

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())


async def _recorded(fire: Callable[[ResolvedDraft], Awaitable[Call]], draft: ResolvedDraft) -> Recorder:
    recorder = Recorder(MOST_KEPT)
    try:
        call = await fire(draft)
    except SmrtError as error:
        recorder.add((TransportFault(0.0, "cannot-send", error.message, error.hint), Ended(0.0, "fault")))
        return recorder
    try:
        async for batch in call.batches():
            recorder.add(batch)
    except asyncio.CancelledError:
        call.cancel()
        raise
    return recorder
