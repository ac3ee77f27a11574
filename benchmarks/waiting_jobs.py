"""What fifty async jobs cost while they are waited for: the app's own CPU time, with none and with fifty in the air.

    .venv/bin/python -m benchmarks.waiting_jobs [--jobs 50] [--seconds 20]

The app runs without a terminal against a local endpoint in another process, whose jobs never end.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.environment import real_environment
from smrt_tui.ui.app import SmrtApp
from smrt_tui.ui.session import Session
from smrt_tui.workbench import Workbench

PROFILE = """
endpoint: async-only
mode: async
request: {ContentType: text/csv, CustomAttributes: fault=async-never}
payloads:
  - {name: never, body: "5.1,3.5,1.4,0.2"}
"""


async def share(seconds: float) -> float:
    """The part of one core that this process takes, in percent."""
    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.sleep(seconds)
    return (time.process_time() - cpu) / (time.perf_counter() - began) * 100


async def until(true: Callable[[], object]) -> None:
    """Wait for something to become true."""
    while not true():  # noqa: ASYNC110  nothing tells of it
        await asyncio.sleep(0.02)


async def measure(folder: Path, jobs: int, seconds: float) -> None:
    """Print the figures."""
    (folder / "local").mkdir()
    (folder / "local" / "never.yaml").write_text(PROFILE)
    app = SmrtApp(Workbench(real_environment(()), folder), first_profile="local/never")
    async with app.run_test(size=(120, 40)):
        session = app.main.session
        await until(lambda: isinstance(session.entry, ProfileEntry) and session.draft)
        await asyncio.sleep(3)  # the local endpoint starts, and what follows a start is over
        print(f"no job in the air: {await share(seconds):.1f} % of a core")
        for number in range(1, jobs + 1):
            session.calls.send()
            await until(functools.partial(_are_in_the_air, session, number))
        session.jobs.set_aside()
        print(f"{jobs} jobs, the first {seconds:.0f} s: {await share(seconds):.1f} % of a core")
        await asyncio.sleep(2 * seconds)  # looks become rarer
        print(f"{jobs} jobs, after a minute: {await share(seconds):.1f} % of a core")


def _are_in_the_air(session: Session, count: int) -> bool:
    return session.jobs.in_flight == count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["SMRT_TUI_STATE"] = str(Path(name) / "state")
        profiles = Path(name) / "profiles"
        profiles.mkdir()
        asyncio.run(measure(profiles, options.jobs, options.seconds))


if __name__ == "__main__":
    main()
