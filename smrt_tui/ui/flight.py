"""A flight: one run on its way, from the workbench's call to its last event, whatever goes wrong between.

Several may be in the air at once. A flight folds events into its own run and says that it moved; who shows it, and
whether, is the runner's affair.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.job import is_same_job
from smrt_tui.ui.pace import Pace

if TYPE_CHECKING:
    from smrt_tui.core.events import Call
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.job import JobRecord
    from smrt_tui.ui.run import Run

FRAME_S = 1 / 30
"""Least seconds between two tellings of what arrived."""

OUR_FAULT = "this is a fault of smrt-tui itself; please report it"

Launch: TypeAlias = "Callable[[Run], Awaitable[Call | None]]"
"""Makes the call of a run; None when there is nothing to follow, and then the run says why."""


class Watcher(Protocol):
    """Who hears of a flight."""

    def flight_moved(self, run: Run) -> None:
        """More arrived: at most thirty times a second, and always for the last."""
        ...

    def flight_landed(self, run: Run) -> None:
        """The run is over. May be said twice."""
        ...

    def flight_diagnosed(self, run: Run) -> None:
        """What the answer showed is worked out; it is in `run.findings`."""
        ...


class Flight:
    """Fires, follows and cancels one run."""

    def __init__(self, run: Run, launch: Launch, watcher: Watcher) -> None:
        self.run = run
        self._launch = launch
        self._watcher = watcher
        self._call: Call | None = None
        self._task = asyncio.get_running_loop().create_task(self._perform())

    @property
    def is_in_air(self) -> bool:
        """Whether anything of it is still to be waited for."""
        return not self._task.done()

    @property
    def is_waiting_job(self) -> bool:
        """Whether it is an accepted job that is being looked for."""
        return self.run.is_waiting_job

    def is_about(self, record: JobRecord) -> bool:
        """Whether it is, or was, a look for this job."""
        jobs = self.run.recorder.jobs
        return bool(jobs) and is_same_job(record, jobs[-1])

    def cancel(self) -> None:
        """Stop; what arrived stays. Of an async job only the looking stops."""
        if not self.run.is_live:
            return
        if self._call is not None:
            self._call.cancel()  # it says so itself, by `Ended`
        else:
            self.run.end_cancelled()
            self._watcher.flight_landed(self.run)

    async def close(self) -> None:
        """Stop, and wait until nothing of the call is left."""
        self.cancel()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _perform(self) -> None:
        run = self.run
        try:
            await self._fire_and_follow()
        except SmrtError as error:
            run.end_unsent("cannot-send", error.message, error.hint)
        except Exception as error:  # the worker's edge: a bug must not take what arrived with it
            run.end_unsent("internal", f"{type(error).__name__}: {error}", OUR_FAULT)
        self._watcher.flight_landed(run)
        # beside the loop: the rules are many and an answer can be large
        run.findings = await asyncio.to_thread(diagnosis, run)
        self._watcher.flight_diagnosed(run)

    async def _fire_and_follow(self) -> None:
        call = await self._launch(self.run)
        if call is None:
            return
        if self.run.is_live:
            self._call = call
            await self._follow(call)
        else:
            await _let_go(call)

    async def _follow(self, call: Call) -> None:
        run = self.run
        pace = Pace(lambda: self._watcher.flight_moved(run), FRAME_S)
        try:
            async for batch in call.batches():
                run.take_in(batch)
                pace.poke()
                await asyncio.sleep(0)  # batches that wait already come without a turn for the screen
        finally:
            pace.finish()
        if run.is_live:
            run.end_unsent("internal", "the call stopped without saying how it ended", OUR_FAULT)


def diagnosis(run: Run) -> tuple[Finding, ...]:
    """What went wrong or looks suspicious about a finished run; nothing about one that was never sent."""
    from smrt_tui.core.diagnose import StreamFacts, diagnose
    from smrt_tui.core.diagnose.evidence import of_call
    from smrt_tui.core.diagnose.facts import stream_facts
    from smrt_tui.core.lint import lint_resolved
    from smrt_tui.core.service import packaged_service

    if run.resolved is None:
        return ()
    decoder = run.decoder if run.recorder.parts.is_whole else None  # else it would tell of a cut that is ours
    facts = StreamFacts() if decoder is None else stream_facts(decoder, run.recorder)
    profile = run.entry.profile
    is_linted = profile is not None and run.was_fired and profile.client.param_validation != "off"
    known = lint_resolved(run.resolved, profile, packaged_service()) if profile is not None and is_linted else ()
    return diagnose(of_call(run.recorder, run.resolved, facts), known)


async def _let_go(call: Call) -> None:
    """Stop a call that nobody waits for any more, and let it close its connection."""
    call.cancel()
    async for _ in call.batches():
        pass
