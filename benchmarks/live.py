"""A stream from a server in another process to the screen, as the app does it, beside what is usually done.

Ours: signature, connection, frames, recorder, decoder and the response on the screen. The peer: botocore in a thread
that writes each part into a RichLog. Both read the same server; `benchmarks.render` runs and measures them.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.widget import Widget
from textual.widgets import RichLog

from benchmarks.wire import Boto3, Ours
from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.decode.decoder import decode_whole
from smrt_tui.core.draft import Draft
from smrt_tui.core.events import Call
from smrt_tui.ui.flight import Flight
from smrt_tui.ui.run import Run
from smrt_tui.ui.widgets.answer import Answer

if TYPE_CHECKING:
    from benchmarks.render import Bench

Scenario: TypeAlias = "tuple[Widget, Callable[[Bench], Awaitable[dict[str, Any]]]]"


class Audience:
    """Hears of a flight as the screen does: told at most so often, it brings the response up to date."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.landed = asyncio.Event()

    def flight_moved(self, run: Run) -> None:
        """More arrived."""
        self._answer.refresh_from()

    def flight_landed(self, run: Run) -> None:
        """It is over."""
        self._answer.refresh_from()
        self._answer.finish(run)
        self.landed.set()

    def flight_diagnosed(self, run: Run) -> None:
        """Not looked at."""


def ours(port: int, name: str) -> Scenario:
    """The app's own way, from the signature to the screen."""
    answer = Answer({})

    async def scene(bench: Bench) -> dict[str, Any]:
        client = Ours(port)
        await answer.open()
        decode_whole(b"data: {}")
        await client.echo()  # what the first call loads is the start's affair
        gc.freeze()  # as the app does once it is warm
        run = Run(1, ProfileEntry("bench", "", ".", None), Draft("stream", name), time.perf_counter)

        async def launch(run: Run) -> Call:
            return client.invoke(name)

        audience = Audience(answer)
        answer.show(run)
        bench.begin()
        began, worked = time.perf_counter(), time.process_time()
        flight = Flight(run, launch, audience)
        await audience.landed.wait()
        took, worked = time.perf_counter() - began, time.process_time() - worked
        count = len(run.recorder.parts)
        told = {"parts": count, "per_s": round(count / took), "cpu": round(worked / took, 2), **bench.end()}
        told |= lateness(client.began, run.recorder.parts.payloads(), list(run.recorder.parts.times))
        lines = run.recorder.parts.body.decode().rstrip("\n").splitlines()
        told["last_on_screen"] = int(await _is_drawn(bench, lines[-1].strip()))
        await flight.close()
        await client.client.close()
        return told

    return answer, scene


async def _is_drawn(bench: Bench, words: str) -> bool:
    """Whether the last line comes to stand on the screen within half a second."""
    for _ in range(50):
        screen = bench.screen._compositor.render_strips()
        if any(words in strip.text for strip in screen):
            return True
        await asyncio.sleep(0.01)
    return False


def peer(port: int, name: str, seconds: float) -> Scenario:
    """botocore in a thread, one write of a RichLog a part; given up after three times the time that it should take."""
    log = RichLog(wrap=True)

    async def scene(bench: Bench) -> dict[str, Any]:
        client = await asyncio.to_thread(Boto3, port)
        stamps: list[float] = []
        payloads: list[bytes] = []
        bench.begin()
        began = time.perf_counter()

        def write(payload: bytes) -> None:
            log.write(payload.decode())
            stamps.append(time.perf_counter())
            payloads.append(payload)

        def read() -> None:
            for payload in client.payloads(name):
                bench.call_from_thread(write, payload)
                if time.perf_counter() - began > 3 * seconds:
                    return

        await asyncio.to_thread(read)
        took = time.perf_counter() - began
        told = {"parts": len(stamps), "per_s": round(len(stamps) / took), **bench.end()}
        return told | lateness(0.0, payloads, stamps)

    return log, scene


def lateness(zero: float, payloads: Any, times: Sequence[float]) -> dict[str, float]:
    """Milliseconds from the sending of parts that tell it to their stamps; nothing where they do not."""
    pairs = zip(payloads, times, strict=True)
    late = sorted(zero + at - float(payload.split(b" ")[0]) for payload, at in pairs if b"." in payload)
    if not late:
        return {}
    return {"late_p50": round(late[len(late) // 2] * 1e3, 2), "late_p99": round(late[int(len(late) * 0.99)] * 1e3, 2)}
