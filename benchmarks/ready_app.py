"""The app as `main` opens it, with a stop-watch: writes when it was ready to sign and send, and how late its loop ran.

    python -m benchmarks.ready_app REPORT.json

Run by `benchmarks.startup` in a pseudo-terminal; nothing here is used by the app.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from pathlib import Path

gc.disable()  # this and the next, as main does

from smrt_tui.ui.raster import set_raster  # noqa: E402  # the collector must be off first

set_raster(os.environ)

from smrt_tui.environment import real_environment  # noqa: E402  # the collector must be off first
from smrt_tui.ui.app import SmrtApp  # noqa: E402
from smrt_tui.workbench import Workbench  # noqa: E402

PROBE_S = 0.002
"""The probe sleeps this long and takes what it oversleeps as the loop's lag."""


class Probe:
    """How late the event loop ran at worst, from the first paint on."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._due = 0.0
        self._worked_until = 0.0
        self._worst_s = 0.0
        self._most_work_s = 0.0

    def begin(self) -> None:
        """Start to watch."""
        self._task = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            self._due = time.perf_counter() + PROBE_S
            self._worked_until = time.thread_time()
            await asyncio.sleep(PROBE_S)
            self._note()

    def _note(self) -> None:
        self._worst_s = max(self._worst_s, time.perf_counter() - self._due)
        self._most_work_s = max(self._most_work_s, time.thread_time() - self._worked_until)

    def end(self) -> dict[str, float]:
        """The worst lateness and the most CPU time between two wakes, in seconds, what is overdue now included."""
        assert self._task is not None  # begun with the first paint
        self._task.cancel()
        self._note()
        return {"worst_lag_s": self._worst_s, "most_work_s": self._most_work_s}


class TimedWorkbench(Workbench):
    """A workbench that notes when its warm-up was over."""

    def __init__(self, report: Path, probe: Probe) -> None:
        super().__init__(real_environment(()))
        self._report = report
        self._probe = probe

    async def warm_up(self) -> None:
        """As the real one, watched."""
        await super().warm_up()
        ready_at = time.clock_gettime(time.CLOCK_MONOTONIC)
        partial = self._report.with_suffix(".partial")
        partial.write_text(json.dumps({"ready_at": ready_at, **self._probe.end()}))
        partial.rename(self._report)


def main() -> None:
    probe = Probe()

    def settle() -> None:
        gc.freeze()
        gc.enable()
        probe.begin()

    SmrtApp(TimedWorkbench(Path(sys.argv[1]), probe), after_first_paint=settle).run()


if __name__ == "__main__":
    main()
