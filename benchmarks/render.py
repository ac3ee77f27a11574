"""Drawing a live stream and large bodies in a real pseudo-terminal, ours beside Textual's RichLog.

    .venv/bin/python -m benchmarks.render [--seconds 10] [--rate 10000] [--megabytes 100] [--json-megabytes 25]

A child process draws into a 120x40 terminal. Inside it a probe sleeps 2 ms again and again and notes how late it wakes
(the loop's lag); from outside a key is typed every 150 ms and timed until what it changes is on the screen.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import RichLog

from benchmarks import live
from benchmarks.resident import resident_bytes
from benchmarks.terminal import Terminal
from benchmarks.wire import server
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.events import Ended, PartArrived
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.json_view import JsonView
from smrt_tui.ui.panes.text_pane import TextPane
from smrt_tui.ui.panes.text_view import TextView
from smrt_tui.ui.raster import set_raster

BATCH_S = 0.002
"""How often parts come: as often as a busy socket is read."""

WORDS = ("the ", "answer ", "arrives ", "part ", "by ", "part, ", "line\n", "after ", "line, ", "and 日本 ")


class Probe:
    """How late the loop wakes a 2 ms sleeper, and how much it computed meanwhile.

    What the loop computed is in its thread's CPU time, which knows nothing of a machine that stands still for others:
    where lag is more than work, the loop was not let run.
    """

    def __init__(self) -> None:
        self.lags: list[float] = []
        self.work: list[float] = []

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            begun, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.002)
            self.lags.append(time.perf_counter() - begun - 0.002)
            self.work.append(time.thread_time() - worked)

    def clear(self) -> None:
        """Begin anew."""
        self.lags.clear()
        self.work.clear()

    def told(self) -> dict[str, float]:
        """Milliseconds."""
        lags, work = sorted(self.lags) or [0.0], sorted(self.work) or [0.0]
        return {
            "lag_p50": _ms(lags[len(lags) // 2]),
            "lag_p99": _ms(lags[int(len(lags) * 0.99)]),
            "lag_max": _ms(lags[-1]),
            "work_p99": _ms(work[int(len(work) * 0.99)]),
            "work_max": _ms(work[-1]),
        }


class KeyCount(Widget, can_focus=True):
    """Shows how many keys it got, so that the outside can see one arrive on the screen."""

    DEFAULT_CSS = "KeyCount { height: 1; dock: top; }"
    count = 0

    def key_x(self) -> None:
        """One more."""
        self.count += 1
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The count."""
        return Strip([Segment(f"<keys {self.count:05d}>")]).adjust_cell_length(self.size.width)


class Bench(App[None]):
    """A pane, a counter of keys, a probe, and a scenario."""

    def __init__(self, pane: Widget, scenario: Callable[[Bench], Awaitable[dict[str, Any]]], report: Path) -> None:
        super().__init__()
        self.pane = pane
        self.probe = Probe()
        self._scenario = scenario
        self._report = report

    def compose(self) -> ComposeResult:
        """Counter and pane."""
        yield KeyCount()
        yield self.pane

    def on_mount(self) -> None:
        """Run the scenario once everything is painted."""
        self.query_one(KeyCount).focus()
        self.set_timer(0.5, self._begin)

    def _begin(self) -> None:
        self.run_worker(self._run())

    async def _run(self) -> None:
        gc.collect()
        gc.freeze()
        probe = asyncio.create_task(self.probe.run())
        told = await self._scenario(self)
        probe.cancel()
        self._report.with_suffix(".over").touch()
        self._report.write_text(json.dumps({**self.probe.told(), **told}))

    def begin(self) -> None:
        """What is measured begins now: what comes before is no affair of the figures, nor of the keys."""
        self.probe.clear()
        self._report.with_suffix(".begun").touch()

    def end(self) -> dict[str, float]:
        """What is measured is over; the loop's lag in it."""
        self._report.with_suffix(".over").touch()
        return self.probe.told()


async def batches(rate: int, seconds: float) -> AsyncIterator[list[PartArrived]]:
    """Parts at a rate, each a few characters, stamped when they come."""
    begun = time.perf_counter()
    number = offset = 0
    while (elapsed := time.perf_counter() - begun) < seconds:
        batch = []
        while number < elapsed * rate:
            payload = WORDS[number % len(WORDS)].encode()
            batch.append(PartArrived(elapsed, number, payload, offset, (), 0, 0))
            number, offset = number + 1, offset + len(payload)
        yield batch
        await asyncio.sleep(BATCH_S)


def stream_into_text_view(rate: int, seconds: float) -> tuple[Widget, Callable[[Bench], Awaitable[dict[str, Any]]]]:
    """Recorder, decoder and TextView, as in the app."""
    view = TextView()

    async def run(bench: Bench) -> dict[str, Any]:
        recorder, decoder = Recorder(), Decoder(None, "text/plain")
        view.show(recorder, decoder)
        sent = 0
        bench.begin()
        async for batch in batches(rate, seconds):
            recorder.add(batch)
            decoder.push_many(batch)
            view.refresh_from(decoder)
            sent += len(batch)
        decoder.close()
        recorder.add([Ended(seconds, "complete")])
        view.finish()
        return {
            "sent": sent,
            "shown_bytes": len(view.text.raw),
            "due": int(rate * seconds),
            "body": len(recorder.parts.body),
        }

    return view, run


def stream_into_rich_log(rate: int, seconds: float) -> tuple[Widget, Callable[[Bench], Awaitable[dict[str, Any]]]]:
    """The usual way: one write a part."""
    log = RichLog(wrap=True)

    async def run(bench: Bench) -> dict[str, Any]:
        sent = 0
        bench.begin()
        async for batch in batches(rate, seconds):
            for part in batch:
                log.write(part.payload.decode())
            sent += len(batch)
        return {"sent": sent, "due": int(rate * seconds)}

    return log, run


def large_text(megabytes: int) -> tuple[Widget, Callable[[Bench], Awaitable[dict[str, Any]]]]:
    """A text of many megabytes, then another width, the end, the start."""
    pane = TextPane()

    async def run(bench: Bench) -> dict[str, Any]:
        block = "".join(
            f"{number:06d} a line of some length with words in it, as logs have\n" for number in range(1000)
        )
        total = megabytes * 1_000_000
        bench.begin()
        before, begun = resident_bytes(), time.perf_counter()
        size = 0
        while size < total:
            pane.append(block)
            size += len(block)
            await asyncio.sleep(0)
        await until(lambda: len(pane.text.raw) >= size and pane.text.is_settled)
        told: dict[str, Any] = {
            "feed_s": time.perf_counter() - begun,
            "bytes_per_byte": (resident_bytes() - before) / size,
        }
        told["feed_lag_max"] = bench.probe.told()["lag_max"]
        bench.probe.clear()
        pane.styles.width, begun = 80, time.perf_counter()
        await until(lambda: pane.text_width <= 80, poll_s=0)
        told["resize_first_ms"] = _ms(time.perf_counter() - begun)
        await until(lambda: pane.text.is_settled)
        told["resize_all_ms"] = _ms(time.perf_counter() - begun)
        return {**told, "rows": len(pane.text)}

    return pane, run


class NotedJsonView(JsonView):
    """Notes when a line of it is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[float] = []

    def render_lines(self, crop: Region) -> list[Strip]:
        """As ever."""
        strips = super().render_lines(crop)
        if len(self.rows):
            self.painted.append(time.perf_counter())
        return strips


async def until(condition: Callable[[], bool], *, poll_s: float = 0.01) -> None:
    """Wait for something that nothing announces."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(poll_s)


def large_json(megabytes: int) -> tuple[Widget, Callable[[Bench], Awaitable[dict[str, Any]]]]:
    """One JSON document in one line: first screen, a page, the end."""
    view = NotedJsonView()

    async def run(bench: Bench) -> dict[str, Any]:
        row = {"id": 1, "name": "a name", "scores": [0.1, 0.25, 1e-9], "text": "words " * 12, "ok": True, "none": None}
        one = json.dumps(row)
        body = ("[" + ",".join([one] * (megabytes * 1_000_000 // (len(one) + 1))) + "]").encode()
        recorder, decoder = Recorder(), Decoder(None, "application/json")
        recorder.add([PartArrived(0.1, 0, body, 0, (), 0, 0), Ended(0.2, "complete")])
        decoder.push(body, 0, 0.1)
        decoder.close()
        painted = view.painted
        await asyncio.sleep(0.1)
        painted.clear()
        bench.begin()
        before, begun = resident_bytes(), time.perf_counter()
        view.show(recorder, decoder)
        view.finish()
        await until(lambda: bool(len(view.rows) and painted), poll_s=0)
        await asyncio.sleep(0.05)
        first = painted[0] - begun
        bench.probe.clear()
        painted.clear()
        begun = time.perf_counter()
        view.action_next_page()
        await until(lambda: bool(painted), poll_s=0)
        page = painted[0] - begun
        await until(lambda: not view.is_busy)
        memory = (resident_bytes() - before) / len(body)
        return {"first_screen_ms": _ms(first), "page_ms": _ms(page), "bytes_per_byte": memory, "rows": len(view.text)}

    return view, run


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


SCENARIOS: dict[str, Callable[[argparse.Namespace], tuple[Widget, Callable[[Bench], Awaitable[dict[str, Any]]]]]] = {
    "live": lambda options: live.ours(options.port, f"words-{options.rate}-{int(options.seconds)}"),
    "live-peer": lambda options: live.peer(
        options.port, f"words-{options.rate}-{int(options.seconds)}", options.seconds
    ),
    "firehose": lambda options: live.ours(options.port, f"prose-{options.parts}"),
    "firehose-peer": lambda options: live.peer(options.port, f"prose-{options.parts}", options.seconds / 3),
    "text-view": lambda options: stream_into_text_view(options.rate, options.seconds),
    "rich-log": lambda options: stream_into_rich_log(options.rate, options.seconds),
    "large-text": lambda options: large_text(options.megabytes),
    "large-json": lambda options: large_json(options.json_megabytes),
}


PEERS = ("live-peer", "firehose-peer", "rich-log")
"""What is usually done, with Textual as it comes."""

GOALS: tuple[tuple[str, str, str, float], ...] = (
    ("live", "lag_p99", "<", 8),
    ("live", "lag_max", "<", 25),
    ("live", "key_painted_max", "<", 35),
    ("live", "late_p99", "<", 8),
    ("live", "last_on_screen", ">=", 1),
    ("firehose", "per_s", ">=", 60_000),
    ("firehose", "lag_p99", "<", 16),
    ("large-text", "bytes_per_byte", "<", 2),
    ("large-text", "feed_lag_max", "<", 16),
    ("large-text", "lag_max", "<", 16),
    ("large-json", "first_screen_ms", "<", 150),
    ("large-json", "page_ms", "<", 17),
    ("large-json", "lag_max", "<", 16),
)
"""Scenario, figure, and what it has to be."""


def goal_lines(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Every goal with its figure, whether it was met, and the peer's figure of the same run."""
    yield f"{'scenario':<12} {'figure':<16} {'goal':>10} {'measured':>10} {'met':>5} {'peer':>10}"
    for scenario, figure, sign, limit in GOALS:
        if scenario not in found:
            continue
        value = found[scenario][figure]
        is_met = value < limit if sign == "<" else value >= limit
        peer = found.get(f"{scenario}-peer", {}).get(figure, "")
        met = "yes" if is_met else "NO"
        yield f"{scenario:<12} {figure:<16} {f'{sign} {limit:g}':>10} {value:>10} {met:>5} {peer:>10}"


def measure(name: str, argv: list[str], folder: Path) -> dict[str, Any]:
    """Run one scenario in a terminal, typing all the while."""
    report = folder / f"{name}.json"
    keys: list[float] = []
    command = (sys.executable, "-m", "benchmarks.render", "--child", name, "--report", str(report), *argv)
    environ = {"HOME": str(folder)}
    if name not in PEERS:
        set_raster(environ)
    with Terminal(command, environ=environ) as terminal:
        terminal.seconds_until("<keys 00000>")
        begun, over = report.with_suffix(".begun"), report.with_suffix(".over")
        while not begun.exists():
            _drain(terminal, 0.05)
        typed = 0
        while not over.exists():
            typed += 1
            terminal.output.clear()
            keys.append(_seconds_to_see(terminal, f"<keys {typed:05d}>", over))
            _drain(terminal, 0.15)
        while not report.exists():
            _drain(terminal, 0.05)
    told: dict[str, Any] = json.loads(report.read_text())
    seen = [key for key in keys if key >= 0] or [0.0]
    return {
        **told,
        "key_painted_p50": _ms(statistics.median(seen)),
        "key_painted_max": _ms(max(seen)),
        "keys": len(seen),
    }


def _seconds_to_see(terminal: Terminal, marker: str, over: Path) -> float:
    begun = time.perf_counter()
    terminal.send(b"x")
    while time.perf_counter() - begun < 30 and not over.exists():
        terminal.read(0.005)
        if marker.encode() in terminal.output:
            return time.perf_counter() - begun
    return -1.0


def _drain(terminal: Terminal, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        terminal.read(left)


def main() -> None:
    """Measure every scenario, or run one as the child."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=int, default=10_000)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--json-megabytes", type=int, default=25)
    parser.add_argument("--parts", type=int, default=300_000, help="of the firehose")
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=SCENARIOS, action="append")
    parser.add_argument("--child", choices=SCENARIOS, help=argparse.SUPPRESS)
    parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        gc.disable()
        pane, scenario = SCENARIOS[options.child](options)
        gc.enable()
        Bench(pane, scenario, options.report).run()
        os._exit(0)
    shared = ["--seconds", "--rate", "--megabytes", "--json-megabytes", "--parts"]
    argv = [word for flag in shared for word in (flag, str(getattr(options, flag[2:].replace("-", "_"))))]
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name, server() as port:
        for scenario_name in options.only or SCENARIOS:
            found[scenario_name] = measure(scenario_name, [*argv, "--port", str(port)], Path(name))
            print(scenario_name, json.dumps(found[scenario_name]), flush=True)
    for line in goal_lines(found):
        print(line)


if __name__ == "__main__":
    main()
