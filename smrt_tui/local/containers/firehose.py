"""The firehose container: many numbered parts as fast as the connection takes them, or at an exact interval. For load.

`{"parts": N, "bytes": B, "interval_us": T, "batch": K, "stamp": true}`. Each part is one line of B bytes: its number,
with `stamp` the CLOCK_MONOTONIC nanoseconds at which it was handed over, filler, a newline. `batch` parts leave in one
write. It never waits for anything but the interval.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from msgspec import Struct

from smrt_tui.local.container import Burst, ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer, refusal, streamed
from smrt_tui.local.containers.reading import is_streaming, json_object, whole_number

_CONTENT_TYPE = "text/plain; charset=utf-8"
_NUMBER_DIGITS = 10
_LEAST_BYTES_STAMPED = 32  # ten digits, a blank, nineteen digits, a blank, a newline
_LARGEST_ANSWER = 6_291_456  # InvokeEndpoint's limit for a body, in the service model
_FREE_BLOCK = 64  # parts made at once when each is neither timed nor stamped
_YIELD_EVERY_S = 0.002  # how long it may keep the event loop when nothing makes it wait


class Spray(Struct, frozen=True):
    """What was asked for."""

    parts: int
    part_bytes: int
    interval_us: int
    """Microseconds between two writes; 0: no wait."""
    batch: int
    """Parts in one write."""
    is_stamped: bool


class FirehoseContainer:
    """Streams numbered lines; asked for a plain answer, the same lines in one body."""

    name = "firehose"

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """The parts; 400 for a wrong number."""
        try:
            spray = read_spray(json_object(request.body or b"{}"))
        except ValueError as problem:
            return refusal(400, str(problem))
        if is_streaming(request.headers):
            return streamed(_pieces(spray), _CONTENT_TYPE)
        if spray.parts * spray.part_bytes > _LARGEST_ANSWER:
            return refusal(400, f"{spray.parts} parts of {spray.part_bytes} bytes exceed {_LARGEST_ANSWER} bytes")
        return answer(b"".join(_payloads(spray, 0, spray.parts)), _CONTENT_TYPE)

    async def ping(self) -> bool:
        """Always ready."""
        return True


def read_spray(payload: Mapping[str, Any]) -> Spray:
    """What a payload asks for: 1000 parts of 32 bytes, unpaced and unbatched, where it is silent.

    Raises `ValueError` with a message for the caller.
    """
    is_stamped = payload.get("stamp", False)
    if not isinstance(is_stamped, bool):
        raise ValueError("stamp must be true or false")
    return Spray(
        parts=whole_number(payload, "parts", 1000, 0, 100_000_000),
        part_bytes=whole_number(payload, "bytes", 32, _LEAST_BYTES_STAMPED if is_stamped else 1, 1 << 20),
        interval_us=whole_number(payload, "interval_us", 0, 0, 60_000_000),
        batch=whole_number(payload, "batch", 1, 1, 10_000),
        is_stamped=is_stamped,
    )


async def _pieces(spray: Spray) -> AsyncIterator[bytes | Burst]:
    is_free = spray.batch == 1 and not spray.interval_us and not spray.is_stamped
    block = _FREE_BLOCK if is_free else spray.batch
    due = yielded = time.monotonic()
    for first in range(0, spray.parts, block):
        now = time.monotonic()
        if spray.interval_us:
            await asyncio.sleep(max(0.0, due - now))
            due += spray.interval_us / 1e6
        elif now - yielded > _YIELD_EVERY_S:
            await asyncio.sleep(0)
            yielded = now
        payloads = _payloads(spray, first, min(first + block, spray.parts))
        if spray.batch > 1:
            yield Burst(payloads)
        else:
            for payload in payloads:
                yield payload


def _payloads(spray: Spray, first: int, end: int) -> tuple[bytes, ...]:
    """The lines of parts `first` to `end`; a line too short for all ten digits keeps the last ones."""
    room = spray.part_bytes - _NUMBER_DIGITS - 1
    if room < 0:
        return tuple([(b"%010d\n" % number)[-spray.part_bytes :] for number in range(first, end)])
    stamp = b" %019d " % time.monotonic_ns() if spray.is_stamped else b" "
    tail = stamp.ljust(room, b".")[:room] + b"\n"
    return tuple([b"%010d%b" % (number, tail) for number in range(first, end)])
