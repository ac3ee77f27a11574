"""Part policies: how the flushes of a container become payload parts, as real endpoints cut them and worse.

Each is a pure transformer from one async iterator of bytes to another; a row of `POLICIES` names it. The concatenation
of the parts never changes, but for `crlf`, `keep-alive`, `bom` and `no-final-newline`, which say so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

from msgspec import Struct

Parts: TypeAlias = AsyncIterator[bytes]


class PartPolicy(Struct, frozen=True):
    """One way to cut."""

    name: str
    argument: str
    """What the number after `@` means; empty when the policy takes none."""
    default: int
    does: str
    """In a sentence."""
    apply: Callable[[Parts, int], Parts]


async def _per_flush(parts: Parts, _: int) -> Parts:
    async for part in parts:
        yield part


async def _group(parts: Parts, count: int) -> Parts:
    held: list[bytes] = []
    async for part in parts:
        held.append(part)
        if len(held) >= count:
            yield b"".join(held)
            held.clear()
    if held:
        yield b"".join(held)


async def _fixed(parts: Parts, size: int) -> Parts:
    rest = b""
    async for part in parts:
        rest += part
        whole = len(rest) - len(rest) % size
        for start in range(0, whole, size):
            yield rest[start : start + size]
        rest = rest[whole:]
    if rest:
        yield rest


async def _split_utf8(parts: Parts, _: int) -> Parts:
    async for part in parts:
        start = 0
        for at in range(1, len(part)):
            if (
                part[at] & 0xC0 == 0x80 and part[at - 1] & 0xC0 == 0xC0
            ):  # between a lead byte and its first continuation
                yield part[start:at]
                start = at
        yield part[start:]


async def _split_data(parts: Parts, _: int) -> Parts:
    async for part in parts:
        before, mark, after = part.partition(b"data:")
        if mark:
            yield before + b"da"
            yield b"ta:" + after
        else:
            middle = len(part) // 2
            for piece in (part[:middle], part[middle:]):
                if piece:
                    yield piece


async def _coalesce(parts: Parts, window_ms: int) -> Parts:
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def pump() -> None:
        try:
            async for part in parts:
                queue.put_nowait(part)
        finally:
            queue.put_nowait(None)

    pumping = asyncio.ensure_future(pump())
    try:
        part = await queue.get()
        while part is not None:
            await asyncio.sleep(window_ms / 1000)
            held = []
            while part is not None:
                held.append(part)
                if queue.empty():
                    break
                part = queue.get_nowait()
            yield b"".join(held)
            part = await queue.get() if part is not None else None
        await pumping
    finally:
        pumping.cancel()


async def _burst(parts: Parts, _: int) -> Parts:
    held: list[bytes] = []
    trouble: Exception | None = None
    try:
        async for part in parts:
            held.append(part)
    except Exception as error:  # told after what had come before it
        trouble = error
    for part in held:
        yield part
    if trouble is not None:
        raise trouble


async def _crlf(parts: Parts, _: int) -> Parts:
    ends_in_cr = False
    async for part in parts:
        joined = (b"\r" if ends_in_cr else b"") + part
        changed = joined.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        yield changed.removeprefix(b"\r") if ends_in_cr else changed
        ends_in_cr = part.endswith(b"\r") if part else ends_in_cr


async def _keep_alive(parts: Parts, every: int) -> Parts:
    count = 0
    async for part in parts:
        if count % every == 0:
            yield b":\n\n"
        count += 1
        yield part


async def _bom(parts: Parts, _: int) -> Parts:
    mark = b"\xef\xbb\xbf"
    async for part in parts:
        yield mark + part
        mark = b""


async def _no_final_newline(parts: Parts, _: int) -> Parts:
    held = b""
    async for part in parts:
        whole = held + part
        text = whole.rstrip(b"\r\n")
        held = whole[len(text) :]
        if text:
            yield text


POLICIES: tuple[PartPolicy, ...] = (
    PartPolicy("per-flush", "", 0, "One part for each flush of the container, as SageMaker does.", _per_flush),
    PartPolicy("group", "flushes", 4, "N flushes travel in one part, so one part holds several events.", _group),
    PartPolicy("bytes", "bytes", 16, "Parts of exactly N bytes, wherever events and characters end.", _fixed),
    PartPolicy("split-utf8", "", 0, "Cuts every character of several bytes across two parts.", _split_utf8),
    PartPolicy("split-data", "", 0, "Cuts inside `data:`, or in the middle of a flush without one.", _split_data),
    PartPolicy("coalesce", "ms", 100, "What comes within N ms travels in one part.", _coalesce),
    PartPolicy("burst", "", 0, "Holds everything back, then sends all parts at the end.", _burst),
    PartPolicy("crlf", "", 0, "Turns every line end into CR LF.", _crlf),
    PartPolicy("keep-alive", "parts", 1, "Puts an SSE comment before every Nth part.", _keep_alive),
    PartPolicy("bom", "", 0, "Puts a UTF-8 byte order mark before the first part.", _bom),
    PartPolicy("no-final-newline", "", 0, "Leaves out the line ends after the last line.", _no_final_newline),
)
