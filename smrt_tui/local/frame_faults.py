"""What faults do to the frames of a stream: pure transformers, each from frames to what goes on the wire.

The number counts frames that pass unharmed first. A `Cut` ends the connection; a transformer that simply stops ends
the response properly.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

from smrt_tui.local import framing
from smrt_tui.local.wire import Cut

Frames: TypeAlias = AsyncIterator[bytes]
Pieces: TypeAlias = AsyncIterator[bytes | Cut]

STALL_S = 3600.0
"""A stalled stream ends by itself after this; every client gives up before."""


async def _first(frames: Frames, count: float) -> Frames:
    if count <= 0:
        return
    async for frame in frames:
        yield frame
        count -= 1
        if count <= 0:
            return


def _then(make_end: Callable[[], bytes]) -> Callable[[Frames, float], Pieces]:
    """So many frames, then one last frame."""

    async def apply(frames: Frames, count: float) -> Pieces:
        async for frame in _first(frames, count):
            yield frame
        yield make_end()

    return apply


time_exceeded = _then(
    lambda: framing.model_stream_error(
        "ModelInvocationTimeExceeded",
        "Your model primary did not complete sending the inference response in the allotted time.",
    )
)
stream_broken = _then(
    lambda: framing.model_stream_error("StreamBroken", "The connection to the container primary was closed.")
)  # the real text of StreamBroken is not known
internal_failure = _then(
    lambda: framing.exception("InternalStreamFailure", {"Message": "The stream ended for an unknown reason."})
)
unmodelled = _then(lambda: framing.exception("ThrottlingException", {"Message": "Rate exceeded"}))
error_frame = _then(lambda: framing.error("InternalError", "An internal server error occurred"))


async def wait_first(frames: Frames, seconds: float) -> Pieces:
    """Hold the first frame back so many seconds."""
    await asyncio.sleep(seconds)
    async for frame in frames:
        yield frame


async def stall(frames: Frames, count: float) -> Pieces:
    """So many frames, then silence with the connection open."""
    async for frame in _first(frames, count):
        yield frame
    await asyncio.sleep(STALL_S)
    yield Cut("close")


async def unknown_event(frames: Frames, count: float) -> Pieces:
    """An event of another type in the middle."""
    number = 0
    async for frame in frames:
        if number == count:
            yield framing.event("ModelHeartbeat", b'{"note":"no client knows this event"}')
        number += 1
        yield frame


async def initial_response(frames: Frames, _: float) -> Pieces:
    """A frame before the first part that carries no part."""
    yield framing.initial_response()
    async for frame in frames:
        yield frame


async def truncated(frames: Frames, count: float) -> Pieces:
    """Half of a frame, and a proper end of the response after it."""
    async for frame, is_hit in _until_hit(frames, count):
        yield frame[: len(frame) // 2] if is_hit else frame
        if is_hit:
            return


async def bad_message_crc(frames: Frames, count: float) -> Pieces:
    """One frame with its last byte flipped."""
    async for frame, is_hit in _until_hit(frames, count):
        yield frame[:-1] + bytes([frame[-1] ^ 0xFF]) if is_hit else frame


async def bad_prelude_crc(frames: Frames, count: float) -> Pieces:
    """One frame with a byte of the prelude's checksum flipped."""
    async for frame, is_hit in _until_hit(frames, count):
        yield frame[:8] + bytes([frame[8] ^ 0xFF]) + frame[9:] if is_hit else frame


async def cut(frames: Frames, count: float) -> Pieces:
    """The connection closes in the middle of a frame, inside a chunk."""
    async for frame, is_hit in _until_hit(frames, count):
        yield Cut("close", frame[: len(frame) // 2]) if is_hit else frame
        if is_hit:
            return


async def reset(frames: Frames, count: float) -> Pieces:
    """The connection is reset."""
    async for frame in _first(frames, count):
        yield frame
    yield Cut("reset")


async def _until_hit(frames: Frames, count: float) -> AsyncIterator[tuple[bytes, bool]]:
    """Each frame, and whether it is the one to harm; after a stream that is too short, an empty part is harmed."""
    number = 0
    async for frame in frames:
        yield frame, number == int(count)
        number += 1
    if number <= count:
        yield framing.payload_part(b""), True
