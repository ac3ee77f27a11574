"""The runner: fires one draft at a time and follows the call to its end, whatever goes wrong on the way.

It tells what arrived in batches, at most thirty a second and the last one always. It decides nothing about drafts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.ui.news import Diagnosed, News, RunEnded, RunMoved, RunStarted
from smrt_tui.ui.pace import Pace
from smrt_tui.ui.run import Run

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft, ResolvedDraft
    from smrt_tui.core.events import Call
    from smrt_tui.ui.ports import Workbench

FRAME_S = 1 / 30
"""Least seconds between two tellings of what arrived."""

OUR_FAULT = "this is a fault of smrt-tui itself; please report it"


class Runner:
    """Fires, follows and cancels. One run at a time."""

    def __init__(self, workbench: Workbench, tell: Callable[[News], None], clock: Callable[[], float]) -> None:
        self.run: Run | None = None
        """The latest one, live or over."""
        self._workbench = workbench
        self._tell = tell
        self._clock = clock
        self._call: Call | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_live(self) -> bool:
        """Whether a call is running."""
        return self.run is not None and self.run.is_live

    def start(self, entry: ProfileEntry, draft: Draft) -> None:
        """Fire this draft. Not to be asked while a run is live."""
        self.run = run = Run(self.run.number + 1 if self.run else 1, entry, draft, self._clock)
        self._call = None
        self._tell(RunStarted(run))
        self._task = asyncio.get_running_loop().create_task(self._perform(run))

    def cancel(self) -> None:
        """Stop the running call; what arrived stays."""
        run = self.run
        if run is None or not run.is_live:
            return
        if self._call is not None:
            self._call.cancel()  # it says so itself, by `Ended`
        else:
            run.end_cancelled()
            self._tell_end(run)

    async def close(self) -> None:
        """Stop, and wait until nothing of the call is left."""
        self.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _perform(self, run: Run) -> None:
        try:
            await self._fire_and_follow(run)
        except SmrtError as error:
            run.end_unsent("cannot-send", error.message, error.hint)
        except Exception as error:  # the worker's edge: a bug must not take what arrived with it
            run.end_unsent("internal", f"{type(error).__name__}: {error}", OUR_FAULT)
        if self.run is run:  # a cancelled run may still be letting go while the next one is on its way
            self._tell_end(run)
            await self._diagnose(run)

    async def _fire_and_follow(self, run: Run) -> None:
        resolved = await self._ready(run)
        if resolved is None:
            return
        call = await self._workbench.fire(run.entry, resolved)
        if run.is_live:
            self._call = call
            await self._follow(run, call)
        else:
            await _let_go(call)

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

    async def _follow(self, run: Run, call: Call) -> None:
        pace = Pace(lambda: self._tell(RunMoved(run)), FRAME_S)
        try:
            async for batch in call.batches():
                run.take_in(batch)
                pace.poke()
        finally:
            pace.finish()
        if run.is_live:
            run.end_unsent("internal", "the call stopped without saying how it ended", OUR_FAULT)

    async def _diagnose(self, run: Run) -> None:
        """Work out what the answer showed, beside the loop: the rules are many and an answer can be large."""
        run.findings = await asyncio.to_thread(diagnosis, run)
        self._tell(Diagnosed(run))

    def _tell_end(self, run: Run) -> None:
        """Tell the end, once, with whatever was not told before."""
        if not run.is_live and not run.is_told_over:
            run.is_told_over = True
            self._tell(RunMoved(run))
            self._tell(RunEnded(run))


def diagnosis(run: Run) -> tuple[Finding, ...]:
    """What went wrong or looks suspicious about a finished run; nothing about one that was never sent."""
    from smrt_tui.core.diagnose import StreamFacts, diagnose
    from smrt_tui.core.diagnose.evidence import of_call
    from smrt_tui.core.diagnose.facts import stream_facts

    if run.resolved is None:
        return ()
    facts = StreamFacts() if run.decoder is None else stream_facts(run.decoder, run.recorder)
    return diagnose(of_call(run.recorder, run.resolved, facts))


async def _let_go(call: Call) -> None:
    """Stop a call that nobody waits for any more, and let it close its connection."""
    call.cancel()
    async for _ in call.batches():
        pass
