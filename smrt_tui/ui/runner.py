"""The runner: which run is shown, which call has to end before the next may begin, and which go on in the background.

A sync call, a stream, or a job that is not accepted yet holds the send; an accepted job can be set aside at any time.
It tells what arrived of the shown run in batches, and of the others only their end. It decides nothing about drafts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.ui.flight import Flight, Launch
from smrt_tui.ui.news import Diagnosed, JobEnded, JobsChanged, News, RunEnded, RunMoved, RunStarted, Said
from smrt_tui.ui.run import Run
from smrt_tui.ui.tasks import Tasks

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.events import Call
    from smrt_tui.core.job import JobRecord
    from smrt_tui.ui.ports import Workbench

MOST_LANDED = 20
"""Jobs whose runs are kept after their end, to be shown without fetching again."""


class Runner:
    """Fires, follows and cancels. One run is shown; any number of jobs may be in the air."""

    def __init__(self, workbench: Workbench, tell: Callable[[News], None], clock: Callable[[], float]) -> None:
        self.run: Run | None = None
        """The one that is shown, live or over."""
        self._workbench = workbench
        self._tell = tell
        self._clock = clock
        self._count = 0
        self._held: Flight | None = None
        """The call that a press of cancel means."""
        self._flights: list[Flight] = []
        """All that are in the air, and the last jobs that landed."""
        self._told_jobs = 0
        self._writing = Tasks()

    @property
    def is_live(self) -> bool:
        """Whether a call is running that was not set aside."""
        return self._held is not None and self._held.run.is_live

    @property
    def is_waiting_job(self) -> bool:
        """Whether that call is an accepted job: it can be set aside."""
        return self._held is not None and self._held.is_waiting_job

    @property
    def jobs_in_flight(self) -> int:
        """How many accepted jobs are being looked for, set aside or not."""
        return sum(flight.is_waiting_job for flight in self._flights)

    def start(self, entry: ProfileEntry, draft: Draft) -> None:
        """Fire this draft. Not to be asked while another call holds the send; a waiting job is set aside."""
        self._begin(Run(self._next_number(), entry, draft, self._clock), self._fire)

    def look_again(self, record: JobRecord, entry: ProfileEntry) -> None:
        """Look for the answer of an earlier job, as a run of its own. Otherwise as `start`."""

        async def launch(run: Run) -> Call:
            return await self._workbench.jobs.look_again(record, entry)

        run = Run(self._next_number(), entry, Draft("async", record.endpoint), self._clock)
        run.resolved = ResolvedDraft("async", record.endpoint, (), (), b"")
        self._begin(run, launch)

    def flight_of(self, record: JobRecord) -> Flight | None:
        """The latest run about this job, in the air or landed."""
        return next((flight for flight in reversed(self._flights) if flight.is_about(record)), None)

    def is_shown(self, flight: Flight) -> bool:
        """Whether it is in front and holds the send while it can."""
        return flight.run is self.run and (self._held is flight or not flight.run.is_live)

    def show(self, flight: Flight) -> None:
        """Bring a run to the front; a waiting job that was there is set aside."""
        run = self.run = flight.run
        self._held = flight if run.is_live else None
        self._tell(RunStarted(run))
        self._tell(RunMoved(run))
        if run.is_told_over:
            self._tell(RunEnded(run))
            self._tell(Diagnosed(run))

    def set_aside(self) -> None:
        """Let the waiting job go on in the background; it stays on the screen until something else is shown."""
        if self.is_waiting_job and self.run is not None:
            self._held = None
            self._tell(RunMoved(self.run))

    def cancel(self) -> None:
        """Stop the call that was not set aside; what arrived stays."""
        if self._held is not None:
            self._held.cancel()

    async def close(self) -> None:
        """Stop everything, and wait until nothing is left and all of it is written down."""
        await asyncio.gather(*(flight.close() for flight in self._flights))
        await self._writing.finish()

    def _next_number(self) -> int:
        self._count += 1
        return self._count

    def _begin(self, run: Run, launch: Launch) -> None:
        self.run = run
        self._tell(RunStarted(run))
        self._held = flight = Flight(run, launch, self)
        self._forget_landed()
        self._flights.append(flight)

    def _forget_landed(self) -> None:
        """Of what is over, the last jobs stay; calls that were no jobs go when the next one begins."""
        landed = [flight for flight in self._flights if not flight.is_in_air]
        kept = [flight for flight in landed if flight.run.recorder.jobs][-MOST_LANDED:]
        self._flights = [flight for flight in self._flights if flight.is_in_air or flight in kept]

    # -- what a flight tells (`ui.flight.Watcher`)

    def flight_moved(self, run: Run) -> None:
        """Pass it on for the run that is shown."""
        if run is self.run:
            self._tell(RunMoved(run))
        self._tell_jobs()

    def flight_landed(self, run: Run) -> None:
        """Tell the end, once, with whatever was not told before."""
        if run.is_told_over:
            return
        run.is_told_over = True
        if run.was_fired:
            self._writing.spawn(self._write_down(run))
        if run is self.run:
            self._tell(RunMoved(run))
            self._tell(RunEnded(run))
        elif run.recorder.jobs:
            self._tell(JobEnded(run))
        self._tell_jobs()

    def flight_diagnosed(self, run: Run) -> None:
        """Pass it on for the run that is shown."""
        if run is self.run:
            self._tell(Diagnosed(run))

    async def _write_down(self, run: Run) -> None:
        """Keep it in the history. Trouble with that is told and stops nothing."""
        assert run.resolved is not None  # it was fired
        try:
            await self._workbench.logbook.add(run.recorder, run.resolved, run.draft, run.entry.id)
        except SmrtError as error:
            self._tell(Said(error.message, "warning"))

    def _tell_jobs(self) -> None:
        count = self.jobs_in_flight
        if count != self._told_jobs:
            self._told_jobs = count
            self._tell(JobsChanged(count))

    async def _fire(self, run: Run) -> Call | None:
        resolved = await self._ready(run)
        if resolved is None:
            return None
        run.was_fired = True
        return await self._workbench.fire(run.entry, resolved)

    async def _ready(self, run: Run) -> ResolvedDraft | None:
        """The draft with its templates filled; None when the run is over: refused, or cancelled."""
        resolved = await self._workbench.resolve(run.entry, run.draft)
        if isinstance(resolved, tuple):
            message = " · ".join(finding.message for finding in resolved)
            run.end_unsent(resolved[0].id, message, resolved[0].hint)
            return None
        blocking = await self._blocking(run)
        if blocking is not None:
            run.end_unsent(blocking.id, f"{blocking.where}: {blocking.message}", blocking.hint)
            return None
        run.resolved = resolved
        return resolved if run.is_live else None

    async def _blocking(self, run: Run) -> Finding | None:
        """The error that keeps the draft from going out, where the profile says `param_validation: block`."""
        profile = run.entry.profile
        if profile is None or profile.client.param_validation != "block":
            return None
        findings = await self._workbench.lint(run.entry, run.draft)
        return next((finding for finding in findings if finding.severity is Severity.ERROR), None)
