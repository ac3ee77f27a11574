"""The jobs: async invocations that were accepted, listed and looked at again. Implements `ui.ports.Jobs`.

Their records are the ledger's, the looking is the client's; here is what puts the two together.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smrt_tui.connections import Connections
from smrt_tui.ledger import Ledger

if TYPE_CHECKING:
    from smrt_tui.client.call import RunningCall
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import ResolvedDraft
    from smrt_tui.core.events import Call
    from smrt_tui.core.job import JobRecord
    from smrt_tui.core.target import Target


class Jobs:
    """The async jobs of this and earlier sittings."""

    def __init__(self, ledger: Ledger, connections: Connections, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._connections = connections
        self._now = now

    @property
    def trouble(self) -> str:
        """Why a step of the latest job could not be written down; empty when all were."""
        return self._ledger.trouble

    async def all(self) -> tuple[JobRecord, ...]:
        """Every job, the latest first."""
        records = await self._ledger.all()
        run = self._connections.local_run
        return tuple(replace(record, is_out_of_reach=record.local_run not in ("", run)) for record in records)

    async def forget(self, key: str) -> None:
        """Take a job off the list; the job itself goes on. Raises `OSError`."""
        await self._ledger.forget(key)

    async def written_down(self, call: RunningCall, entry: ProfileEntry, draft: ResolvedDraft, target: Target) -> Call:
        """The same call, which places a job: begun in the ledger now, each further step on the way."""
        record = self._record(entry, draft, target)
        await self._ledger.open(record)
        return self._ledger.watched(call, record)

    async def look_again(self, record: JobRecord, entry: ProfileEntry, *, waits: bool = True) -> Call:
        """Follow a job that was accepted earlier, or with `waits` off look once, with the entry's settings.

        Raises `SmrtError` when it was with a local endpoint that has ended, or has no location. Every other failure
        is an event of the call.
        """
        target = self._target(record, entry)
        client = await self._connections.client()
        from smrt_tui.client.jobs import Job  # loaded in a thread by now

        job = Job(record.inference_id, record.output_location, record.failure_location, record.accepted_at)
        call = client.look_again(job, target, waits=waits)
        return self._ledger.watched(call, record) if record.key else call

    def _record(self, entry: ProfileEntry, draft: ResolvedDraft, target: Target) -> JobRecord:
        from smrt_tui.core.job import JobRecord
        from smrt_tui.core.profile import CredentialsSpec
        from smrt_tui.core.redact import masked_url

        spec = target.credentials
        named = spec.given if isinstance(spec, CredentialsSpec) else {}
        return JobRecord(
            key=uuid.uuid4().hex,
            profile_id=entry.id,
            endpoint=draft.endpoint,
            placed_at=self._now(),
            region=target.region,
            credentials=tuple(named.items()),
            s3_endpoint_url=None if target.s3_endpoint_url is None else masked_url(target.s3_endpoint_url),
            local_run=self._connections.local_run if entry.is_local else "",
        )

    def _target(self, record: JobRecord, entry: ProfileEntry) -> Target:
        from smrt_tui.core.errors import SmrtError
        from smrt_tui.core.target import target_of

        if not record.output_location:
            raise SmrtError(f"nobody has seen the job {record.name} accepted, so there is no place to look at")
        assert entry.profile is not None  # `core.job.entry_for` gives a sound one
        target = target_of(entry.profile)
        run = record.local_run or (self._connections.local_run if entry.is_local else "")
        if not run:
            return replace(target, region=target.region or record.region)
        local = self._connections.at_local_run(run, target)
        if local is None:
            raise SmrtError(
                f"the job {record.name} was with the local endpoint of another sitting, whose objects end with it",
                "fire it again; `smrt-tui serve` keeps a local endpoint running for as long as you like",
            )
        return local
