"""The session: everything a sitting holds above the workbench, put together by subject. Knows no widget.

    profiles  which profiles there are, and what happens when their files change
    opened    the one that is open, and its payload
    desk      the draft being written, and what the lint says about it
    calls     what is sent, cancelled and shown
    repairs   what findings offer to mend
    jobs      the async jobs
    shelf     what is done to profile files and to requests as wholes

Everything that follows from what a person does is told through `tell`, one value of `ui.news` at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.service import packaged_service
from smrt_tui.ui.calls import Calls
from smrt_tui.ui.desk import Desk
from smrt_tui.ui.job_board import JobBoard
from smrt_tui.ui.news import News, ServiceRead
from smrt_tui.ui.opened import Opened
from smrt_tui.ui.profiles import Profiles
from smrt_tui.ui.recall import Recall
from smrt_tui.ui.repairs import Repairs
from smrt_tui.ui.runner import Runner
from smrt_tui.ui.shelf import Shelf
from smrt_tui.ui.tasks import Tasks

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.finding import Finding
    from smrt_tui.ui.ports import Workbench
    from smrt_tui.ui.run import Run


class Session:
    """One sitting."""

    def __init__(self, workbench: Workbench, tell: Callable[[News], None], clock: Callable[[], float]) -> None:
        self.workbench = workbench
        self.clock = clock
        self._tell = tell
        self._recall = Recall(workbench.memory, tell)
        self._runner = Runner(workbench, tell, clock)
        self._tasks = Tasks()
        self.desk = Desk(workbench, tell)
        self.opened = Opened(self.desk, self._recall, tell)
        self.profiles = Profiles(workbench, self.opened, self.desk, self._recall, tell)
        self.jobs = JobBoard(workbench, self._runner, self.opened, tell)
        self.repairs = Repairs(workbench, self.desk, tell, self._tasks)
        self.calls = Calls(self.profiles, self.opened, self.desk, self._runner, self.jobs, self.repairs, tell)
        self.shelf = Shelf(self, tell)

    @property
    def entry(self) -> ProfileEntry | None:
        """The open profile."""
        return self.opened.entry

    @property
    def draft(self) -> Draft | None:
        """The draft as it is; None while no sound profile is open."""
        return self.desk.draft

    @property
    def run(self) -> Run | None:
        """The run that is shown, live or over."""
        return self._runner.run

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found about the latest answer, then about the draft."""
        told = self.run.findings if self.run else ()
        return (*told, *(finding for finding in self.desk.findings if finding not in told))

    def fix_worst(self) -> None:
        """Carry out the next repair that is due: the answer's before the draft's."""
        self.repairs.apply_next(self.findings)

    def begin(self, first: str | None) -> None:
        """Start the sitting: profiles, then whatever makes the first send fast, then the operations for the forms."""
        self._tasks.spawn(self._begin(first))

    async def _begin(self, first: str | None) -> None:
        await asyncio.gather(self._recall.begin(), self.profiles.read())
        await self.profiles.open_first(first)
        self._tasks.spawn(self.profiles.watch())
        await self.workbench.warm_up()
        if self.entry is not None and self.entry.is_local:
            self._tasks.spawn(self.workbench.warm_up_local())
        self._tell(ServiceRead(await asyncio.to_thread(packaged_service)))
        self.desk.begin()
        self._tasks.spawn(self.workbench.payloads.tidy())

    async def close(self) -> None:
        """Keep the draft and the place, stop the call, and let go of everything."""
        await self._recall.close()
        await self.desk.close()
        await self._runner.close()
        await self._tasks.close()
        await self.workbench.close()
