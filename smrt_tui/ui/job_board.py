"""The job board: every async job that is known, which of them are being looked for, and what can be done to one.

What is on disk is the workbench's to tell, and which runs are in the air the runner's. Knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from smrt_tui.core.job import OVER, JobRecord, jobs_named, stray_job
from smrt_tui.ui.news import News, Said

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.ui.flight import Flight
    from smrt_tui.ui.opened import Opened
    from smrt_tui.ui.ports import Workbench
    from smrt_tui.ui.runner import Runner


class JobLine(Struct, frozen=True):
    """One job of the list."""

    record: JobRecord
    is_followed: bool
    """Whether its answer is being looked for now."""


class JobBoard:
    """The jobs of this and earlier sittings."""

    def __init__(self, workbench: Workbench, runner: Runner, opened: Opened, tell: Callable[[News], None]) -> None:
        self._workbench = workbench
        self._opened = opened
        self._runner = runner
        self._tell = tell

    @property
    def trouble(self) -> str:
        """Why a step of the latest job could not be written down; empty when all were."""
        return self._workbench.jobs.trouble

    @property
    def in_flight(self) -> int:
        """How many jobs are being looked for."""
        return self._runner.jobs_in_flight

    async def lines(self) -> tuple[JobLine, ...]:
        """Every job, the latest first."""
        return tuple(JobLine(record, self._is_followed(record)) for record in await self._workbench.jobs.all())

    async def named(self, wanted: str) -> tuple[JobRecord, ...]:
        """The jobs that a location or the beginning of an id means; a location that is nobody's is a job of its own."""
        found = jobs_named(await self._workbench.jobs.all(), wanted)
        if found or not wanted.startswith("s3://"):
            return found
        entry = self._opened.entry
        return (stray_job(wanted, entry.id if entry else "", self._workbench.now()),)

    def has_run(self, record: JobRecord) -> bool:
        """Whether this sitting has its answer, or is looking for it: then nothing has to be sent to show it."""
        return self._run_of(record) is not None

    def show(self, record: JobRecord) -> None:
        """Bring the run that this sitting has of it to the front."""
        flight = self._run_of(record)
        if flight is not None and not self._runner.is_shown(flight):
            self.set_aside()
            self._runner.show(flight)

    def look_again(self, record: JobRecord, entry: ProfileEntry) -> None:
        """Look for its answer, as a run of its own."""
        self.set_aside()
        self._runner.look_again(record, entry)

    def set_aside(self) -> None:
        """Let the job that is waited for go on in the background."""
        if self._runner.is_waiting_job:
            self._runner.set_aside()
            self._tell(Said("The job goes on in the background; f8 lists it"))

    def stop_looking(self, record: JobRecord) -> None:
        """Look for this answer no longer."""
        flight = self._runner.flight_of(record)
        if flight is not None and flight.is_waiting_job:
            flight.cancel()
            self._tell(Said("Stopped looking; the job itself goes on"))

    async def forget(self, record: JobRecord) -> None:
        """Take it off the list, and look for it no longer."""
        self.stop_looking(record)
        try:
            await self._workbench.jobs.forget(record.key)
        except OSError as error:
            self._tell(Said(f"The job could not be forgotten: {error.strerror or error}", "error"))

    def _is_followed(self, record: JobRecord) -> bool:
        flight = self._runner.flight_of(record)
        return flight is not None and flight.is_waiting_job

    def _run_of(self, record: JobRecord) -> Flight | None:
        flight = self._runner.flight_of(record)
        if flight is None or not (flight.run.is_live or flight.run.recorder.jobs[-1].state in OVER):
            return None
        return flight
