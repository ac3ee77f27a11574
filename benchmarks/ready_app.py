"""The app as `main` opens it, with a stop-watch: writes when it was ready to sign and send, and how late its loop ran.

    python -m benchmarks.ready_app REPORT.json

Run by `benchmarks.startup` in a pseudo-terminal; nothing here is used by the app.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from pathlib import Path

gc.disable()  # as main does

from smrt_tui.environment import real_environment  # noqa: E402  # the collector must be off first
from smrt_tui.ui.app import SmrtApp  # noqa: E402
from smrt_tui.workbench import Workbench  # noqa: E402

PROBE_S = 0.002
"""The probe sleeps this long and takes what it oversleeps as the loop's lag."""


class TimedWorkbench(Workbench):
    """A workbench that notes when its warm-up was over."""

    def __init__(self, report: Path) -> None:
        super().__init__(real_environment(()))
        self._report = report
        self.worst_lag_s = 0.0

    async def warm_up(self) -> None:
        """As the real one, watched."""
        probe = asyncio.create_task(self._watch())
        await super().warm_up()
        ready_at = time.clock_gettime(time.CLOCK_MONOTONIC)
        probe.cancel()
        partial = self._report.with_suffix(".partial")
        partial.write_text(json.dumps({"ready_at": ready_at, "worst_lag_s": self.worst_lag_s}))
        partial.rename(self._report)

    async def _watch(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(PROBE_S)
            self.worst_lag_s = max(self.worst_lag_s, time.perf_counter() - begun - PROBE_S)


def main() -> None:
    def settle() -> None:
        gc.freeze()
        gc.enable()

    SmrtApp(TimedWorkbench(Path(sys.argv[1])), after_first_paint=settle).run()


if __name__ == "__main__":
    main()
