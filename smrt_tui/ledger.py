"""The ledger: sees that every step of every async job is on disk before anyone is told of it.

It stands between the client, which makes the events, and the store, which keeps records. Times of events are not
touched: they were stamped where the bytes were read. A disk that takes nothing is no reason to stop a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smrt_tui.core.events import Ended, Event, HeadArrived, JobMoved, JobState, RequestSent
from smrt_tui.core.job import JobRecord
from smrt_tui.core.server_date import server_time
from smrt_tui.store.jobs import JobStore

if TYPE_CHECKING:
    from smrt_tui.client.call import RunningCall

_LOOK_KEPT = timedelta(minutes=1)
"""How old the kept time of the latest look may be."""
_NO_ANSWER = "it was sent and no answer came: it may have been accepted"


class Ledger:
    """All jobs of one state folder."""

    def __init__(self, store: JobStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self.trouble = ""
        """Why a step of the latest job could not be kept; empty when all were."""

    async def all(self) -> tuple[JobRecord, ...]:
        """Every job that is kept, the latest first."""
        return await asyncio.to_thread(self._store.all)

    async def forget(self, key: str) -> None:
        """Take a job off the list. Raises `OSError`."""
        await asyncio.to_thread(self._store.forget, key)

    async def open(self, record: JobRecord) -> None:
        """Begin a record, before the call that it is about; old ones go."""

        def begin() -> None:
            self._store.prune(self._now())
            self._store.keep(record)

        self.trouble = ""
        await self._do(begin)

    async def update(self, record: JobRecord) -> None:
        """Keep another step, unless the job was forgotten."""
        await self._do(lambda: self._store.update(record))

    async def drop(self, record: JobRecord) -> None:
        """Take back what never became a job."""
        await self._do(lambda: self._store.forget(record.key))

    def watched(self, call: RunningCall, record: JobRecord) -> WatchedCall:
        """The same call, its steps kept on the way."""
        return WatchedCall(call, record, self, self._now)

    async def _do(self, work: Callable[[], object]) -> None:
        try:
            await asyncio.to_thread(work)
        except OSError as error:
            self.trouble = error.strerror or str(error)


class WatchedCall:
    """A call (`core.events.Call`) whose job is kept."""

    def __init__(self, call: RunningCall, record: JobRecord, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._call = call
        self._record = record
        self._before = record.state
        """The state that a stopped look goes back to."""
        self._ledger = ledger
        self._now = now
        self._is_unanswered = False
        self._kept = record
        """The record as it was last written down."""

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Every event, one by one."""
        async for batch in self.batches():
            for event in batch:
                yield event

    async def batches(self) -> AsyncGenerator[Sequence[Event], None]:
        """The call's own batches; one with a step in it is handed on once the step is kept."""
        async with aclosing(self._call.batches()) as batches:
            async for batch in batches:
                for event in batch:
                    self._follow(event)
                await self._keep(batch)
                yield batch

    def cancel(self) -> None:
        """Stop the call; the job itself goes on."""
        self._call.cancel()

    def _follow(self, event: Event) -> None:
        record = self._record
        match event:
            case RequestSent() if not record.is_placed:
                self._is_unanswered = True
                self._record = replace(record, state=None, detail=_NO_ANSWER)
            case HeadArrived() if not record.is_placed:  # later heads are those of objects
                self._is_unanswered = False
                self._record = replace(record, accepted_at=server_time(event.headers))
            case JobMoved():
                self._before = record.state if event.state is JobState.GAVE_UP else self._before
                self._record = record.after(event, self._now())
            case Ended(outcome="cancelled") if record.state is JobState.GAVE_UP:
                self._record = replace(record, state=self._before)  # the person stopped looking, nothing gave up
            case _:
                self._record = record.after(event, self._now())

    async def _keep(self, batch: Sequence[Event]) -> None:
        has_ended = any(isinstance(event, Ended) for event in batch)
        if has_ended and not self._record.is_placed:
            await self._conclude_unplaced()
        elif has_ended or (any(isinstance(event, JobMoved | RequestSent) for event in batch) and self._is_to_keep()):
            self._kept = self._record
            await self._ledger.update(self._record)

    def _is_to_keep(self) -> bool:
        """Whether the disk has to know: not of every look that saw nothing, of which many jobs have many a second."""
        kept, record = self._kept, self._record
        if record.state is not JobState.WAITING or kept.state is not JobState.WAITING:
            return True
        return kept.looked_at is None or record.looked_at is None or record.looked_at - kept.looked_at >= _LOOK_KEPT

    async def _conclude_unplaced(self) -> None:
        if self._is_unanswered:
            await self._ledger.update(self._record)
        else:
            await self._ledger.drop(self._record)
