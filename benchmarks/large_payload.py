"""A payload of megabytes in the composer: how long a paste holds the event loop, and how long keys wait beside it.

    .venv/bin/python -m benchmarks.large_payload [--megabytes 6] [--keys 60]

The app runs without a terminal, on folders of its own. A paste is measured twice: as the event that the app gets, and
with Textual's parser before it, which takes a paste apart letter by letter in a thread. `held` is how late a sleep of
2 ms ended at worst; a key's time is from its event until the field shows it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.widgets import Input

from benchmarks.render import Probe
from smrt_tui.environment import real_environment
from smrt_tui.ui.app import SmrtApp
from smrt_tui.ui.widgets.composer import Composer
from smrt_tui.ui.widgets.member_rows import MemberRow
from smrt_tui.workbench import Workbench

PROFILE = """
endpoint: echo
request: {ContentType: application/json}
variables: {prompt: the sea}
payloads: [{name: nothing, body: ""}]
"""


def a_payload(megabytes: float) -> str:
    """JSON with a placeholder, so many megabytes long."""
    item = "\u00e9" + "x" * 78
    return json.dumps({"ask": "{{prompt}}", "rows": [item] * int(megabytes * 1e6 / 86)}, ensure_ascii=False, indent=1)


class Bench:
    """One app, and what is done to it."""

    def __init__(self, app: SmrtApp, probe: Probe) -> None:
        self._app = app
        self._probe = probe

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something to become true."""
        while not true():  # noqa: ASYNC110  nothing tells of it
            await asyncio.sleep(0.005)

    async def held(self, what: str, act: Callable[[], object], done: Callable[[], object]) -> None:
        """Print how long the loop was held at worst from an act until it is done, and how long all of it took."""
        await asyncio.sleep(1)
        self._probe.lags.clear()
        began = time.perf_counter()
        act()
        await self.until(done)
        took = time.perf_counter() - began
        await asyncio.sleep(1)  # the lint and the autosave come after a pause
        print(f"{what}: held {self._probe.told()['lag_max']} ms at worst, done after {took * 1000:.0f} ms")

    def paste(self, text: str) -> None:
        """Hand a paste to whatever has the focus."""
        assert self._app.focused is not None
        self._app.focused.post_message(Paste(text))

    def paste_through_the_parser(self, text: str) -> None:
        """The same from what a terminal writes, parsed in a thread as Textual's driver does."""
        target, loop = self._app.focused, asyncio.get_running_loop()
        assert target is not None
        written = f"\x1b[200~{text}\x1b[201~"

        def parse() -> None:
            for event in XTermParser().feed(written):
                loop.call_soon_threadsafe(target.post_message, event)

        threading.Thread(target=parse).start()

    @property
    def kept_size(self) -> int:
        """Bytes of the payload that is in a file; 0 while it is in none."""
        draft = self._app.main.session.draft
        return draft.body_kept.size if draft is not None and draft.body_kept is not None else 0

    async def type_keys(self, what: str, field: Input, keys: int) -> None:
        """Print how long keys wait in a field."""
        field.focus()
        await asyncio.sleep(1)
        self._probe.lags.clear()
        times = []
        for _ in range(keys):
            before, began = field.value, time.perf_counter()
            self._app.post_message(Key("a", "a"))
            while field.value == before:  # noqa: ASYNC110  every turn of the loop counts
                await asyncio.sleep(0)
            times.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.5)
        ordered = sorted(times)
        print(
            f"{what}: a key {ordered[len(times) // 2]:.1f} ms p50, {ordered[-1]:.1f} ms at worst; "
            f"the loop held {self._probe.told()['lag_max']} ms at worst"
        )


async def measure(profiles: Path, megabytes: float, keys: int) -> None:
    """Print the figures."""
    (profiles / "local").mkdir()
    (profiles / "local" / "bench.yaml").write_text(PROFILE)
    app = SmrtApp(Workbench(real_environment(()), profiles), first_profile="local/bench")
    async with app.run_test(size=(120, 40)):
        probe = Probe()
        watching = asyncio.create_task(probe.run())
        bench = Bench(app, probe)
        await bench.until(lambda: "session" in app.main.__dict__ and app.main.session.draft)
        await asyncio.sleep(3)  # what follows a start is over
        await _type_beside(app, bench, "beside an empty payload", keys)
        text = a_payload(megabytes)
        size = len(text.encode())
        pasted = text.replace("\n", "\r")  # as a terminal writes line ends
        app.main.focus_request()
        await bench.held(f"{size / 1e6:.1f} MB pasted", lambda: bench.paste(pasted), lambda: bench.kept_size == size)
        await _type_beside(app, bench, f"beside {size / 1e6:.1f} MB", keys)
        app.main.focus_request()
        other = f"{pasted} "
        await bench.held(
            "the same through Textual's parser",
            lambda: bench.paste_through_the_parser(other),
            lambda: bench.kept_size == size + 1,
        )
        watching.cancel()


async def _type_beside(app: SmrtApp, bench: Bench, what: str, keys: int) -> None:
    await app.main.query_one(Composer).open_page("members")
    await bench.until(lambda: app.main.query(MemberRow))
    row = next(row for row in app.main.query(MemberRow) if row.field == "CustomAttributes")
    await bench.type_keys(f"a header's value {what}", row.query_one(Input), keys)
    await app.main.query_one(Composer).open_page("payload")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=6)
    parser.add_argument("--keys", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["SMRT_TUI_STATE"] = str(Path(name) / "state")
        profiles = Path(name) / "profiles"
        profiles.mkdir()
        asyncio.run(measure(profiles, options.megabytes, options.keys))


if __name__ == "__main__":
    main()
