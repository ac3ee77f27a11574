"""A streamed answer: flushes of a container -> part policies -> frames -> faults -> chunks, each flushed at once.

One HTTP chunk holds one frame. What goes wrong with the container after the head is told inside the stream, as the
service tells it.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing

from smrt_tui.local import framing
from smrt_tui.local.container import Burst, ContainerResponse
from smrt_tui.local.directives import Directives
from smrt_tui.local.effects import Compresses, OnFrames
from smrt_tui.local.patience import Patience, StreamLimits
from smrt_tui.local.relay import CONTAINER, flushes
from smrt_tui.local.wire import Cut, Wire

BREATH = 64
"""Frames after which other connections get their turn, for containers that never wait."""


async def send_stream(
    wire: Wire,
    response: ContainerResponse,
    directives: Directives,
    limits: StreamLimits,
    on_break: Callable[[Exception], None],
) -> None:
    """Write the whole stream to a wire that has its head.

    `on_break` is told what a container raised in the middle of its answer.
    """
    since_breath = 0
    async with aclosing(_on_the_wire(response, directives, limits, on_break)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Cut):
                await wire.cut(piece)
                return
            await wire.chunks(piece)
            since_breath += len(piece)
            if since_breath >= BREATH:
                since_breath = 0
                await asyncio.sleep(0)
    await wire.finish()


async def _on_the_wire(
    response: ContainerResponse, directives: Directives, limits: StreamLimits, on_break: Callable[[Exception], None]
) -> AsyncGenerator[Sequence[bytes] | Cut, None]:
    """Groups of frames that leave in one write, or the cut that ends it all."""
    harms = [
        (chosen.effect.apply, chosen.amount) for chosen in directives.faults if isinstance(chosen.effect, OnFrames)
    ]
    compresses = any(isinstance(chosen.effect, Compresses) for chosen in directives.faults)
    groups = _groups(_cut_into_parts(response, directives), limits, on_break)
    if not harms and not compresses:
        async for group in groups:
            yield group
        return
    pieces: AsyncIterator[bytes | Cut] = _one_by_one(groups)
    for apply, amount in harms:
        pieces = apply(_frames_only(pieces), amount)
    async for piece in _compressed(pieces) if compresses else pieces:
        yield piece if isinstance(piece, Cut) else (piece,)


async def _cut_into_parts(response: ContainerResponse, directives: Directives) -> AsyncIterator[bytes | Burst]:
    source = flushes(response)
    if not directives.policies:
        async for flush in source:
            yield flush
        return
    parts = _payloads(source)
    for policy, amount in directives.policies:
        parts = policy.apply(parts, amount)
    async for part in parts:
        yield part


async def _payloads(source: AsyncIterator[bytes | Burst]) -> AsyncIterator[bytes]:
    async for flush in source:
        for payload in flush.payloads if isinstance(flush, Burst) else (flush,):
            yield payload


async def _groups(
    parts: AsyncIterator[bytes | Burst], limits: StreamLimits, on_break: Callable[[Exception], None]
) -> AsyncIterator[Sequence[bytes]]:
    """Frames by flush, and at the end what became of the container, if it did not end well."""
    try:
        async with Patience(parts, limits) as patience:
            while (part := await patience.next()) is not None:
                payloads = part.payloads if isinstance(part, Burst) else (part,)
                if group := [framing.payload_part(payload) for payload in payloads if payload]:
                    yield group
    except TimeoutError:
        yield [
            framing.model_stream_error(
                "ModelInvocationTimeExceeded",
                f"Your model {CONTAINER} did not complete sending the inference response in the allotted time.",
            )
        ]
    except Exception as error:  # a container is somebody's own program: whatever it raises, its stream broke
        on_break(error)
        yield [framing.model_stream_error("StreamBroken", f"The connection to the container {CONTAINER} was closed.")]


async def _one_by_one(groups: AsyncIterator[Sequence[bytes]]) -> AsyncIterator[bytes]:
    async for group in groups:
        for frame in group:
            yield frame


async def _frames_only(pieces: AsyncIterator[bytes | Cut]) -> AsyncIterator[bytes]:
    """For a second fault after a first one: a cut ends what the second one sees."""
    async for piece in pieces:
        if isinstance(piece, Cut):
            return
        yield piece


async def _compressed(pieces: AsyncIterator[bytes | Cut]) -> AsyncIterator[bytes | Cut]:
    packer = zlib.compressobj(wbits=31)  # 31: a gzip wrapper
    async for piece in pieces:
        if isinstance(piece, Cut):
            yield piece
            return
        yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
