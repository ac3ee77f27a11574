"""A running call: events written by the task that does the work, read in batches by whoever asked for it.

Knows nothing of HTTP. The promise kept here: exactly one `Ended`, always last, also after a cancel; no task outlives
its reader.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeAlias

from smrt_tui.client.seam import Clock
from smrt_tui.core.events import Ended, Event, Outcome

_MOST_BATCHES = 16
"""Unread batches after which the writer waits, and with it the socket and the server."""


class Journal:
    """What happened, in order, between one writer and one reader."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._started_at = clock()
        self._batches: deque[Sequence[Event]] = deque()
        self._written: asyncio.Future[None] | None = None
        self._taken: asyncio.Future[None] | None = None
        self._is_closed = False
        self.has_begun = False
        """Whether anything was written."""

    def at(self, stamp: float | None = None) -> float:
        """Seconds since the start: of a stamp of the same clock, or now."""
        return (self.clock() if stamp is None else stamp) - self._started_at

    def write(self, *events: Event) -> None:
        """Add one batch."""
        self.write_batch(events)

    def write_batch(self, events: Sequence[Event]) -> None:
        """Add one batch that exists already; the writer keeps its hands off it from now on."""
        self.has_begun = True
        self._batches.append(events)
        _wake(self._written)

    def close(self) -> None:
        """Nothing more will be written."""
        self._is_closed = True
        _wake(self._written)

    async def room(self) -> None:
        """Wait while the reader is far behind."""
        while len(self._batches) >= _MOST_BATCHES:
            self._taken = asyncio.get_running_loop().create_future()
            await self._taken

    async def read(self) -> Sequence[Event] | None:
        """The next batch; None after the last."""
        while not self._batches:
            if self._is_closed:
                return None
            self._written = asyncio.get_running_loop().create_future()
            await self._written
        batch = self._batches.popleft()
        _wake(self._taken)
        return batch


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


Story: TypeAlias = Callable[[Journal], Awaitable[Outcome]]
"""The work of one call: writes its events, returns how it ended, and cleans up when it is cancelled."""


class RunningCall:
    """The handle of one invocation (`core.events.Call`). The work begins with the first read."""

    def __init__(self, story: Story, clock: Clock, opening: Callable[[], Event]) -> None:
        self._story = story
        self._clock = clock
        self._opening = opening
        """The `Started` of a call that was cancelled before its work could write one."""
        self._task: asyncio.Task[Outcome] | None = None
        self._is_cancelled = False

    def __aiter__(self) -> AsyncIterator[Event]:
        """Every event, one by one."""
        return self._events()

    async def _events(self) -> AsyncIterator[Event]:
        async for batch in self.batches():
            for event in batch:
                yield event

    async def batches(self) -> AsyncGenerator[Sequence[Event], None]:
        """The events in the groups they came in. Leaving the loop early stops the call."""
        journal = Journal(self._clock)
        task = self._task = asyncio.get_running_loop().create_task(self._work(journal))
        task.add_done_callback(lambda _: self._end(task, journal))
        if self._is_cancelled:
            task.cancel()
        try:
            while (batch := await journal.read()) is not None:
                yield batch
        finally:
            await self.stop()
        if not task.cancelled():
            task.result()  # an exception here is a bug, and is not to pass for a fault of the wire

    def cancel(self) -> None:
        """Stop the work; `Ended(cancelled)` still comes. Nothing happens when it is over or being stopped."""
        if not self._is_cancelled:
            self._is_cancelled = True
            if self._task is not None:
                self._task.cancel()

    async def stop(self) -> None:
        """Cancel and wait until everything it held is let go."""
        self.cancel()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _work(self, journal: Journal) -> Outcome:
        return await self._story(journal)

    def _end(self, task: asyncio.Task[Outcome], journal: Journal) -> None:
        # In a callback and not in the task: a task that is cancelled before its first step runs no line of itself.
        if task.cancelled():
            outcome: Outcome = "cancelled"
        else:
            outcome = "fault" if task.exception() is not None else task.result()
        if not journal.has_begun:
            journal.write(self._opening())
        journal.write(Ended(journal.at(), outcome))
        journal.close()
