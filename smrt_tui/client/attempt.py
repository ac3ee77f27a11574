"""One attempt: a signed request out, its answer in, all of it written into the journal.

Turns what comes over the transport seam into events and every failure into a fault. Whether another attempt follows is
decided elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from smrt_tui.client.answers import frame_fault, http_fault
from smrt_tui.client.call import Journal
from smrt_tui.client.causes import CallFacts, fault_of
from smrt_tui.client.faults import ClientTrouble, trouble
from smrt_tui.client.frames import (
    MOST_RAW_BYTES,
    PRELUDE_BYTES,
    REJECTIONS,
    FrameDecoder,
    FrameEvent,
    has_sound_prelude,
)
from smrt_tui.client.http1 import RawHeaders
from smrt_tui.client.seam import OBSERVER, Peer, Reading, Readings, readings_of
from smrt_tui.core.events import (
    Connected,
    FrameArrived,
    FrameRejected,
    HeadArrived,
    PartArrived,
    Phase,
    PhaseMarked,
    RequestSent,
    ServiceFault,
    TrailersArrived,
    TransportFault,
)
from smrt_tui.core.redact import masked_body, masked_head
from smrt_tui.core.request import Headers, WireRequest, header, media_type

EVENT_STREAM = "application/vnd.amazon.eventstream"
_BUDGET_S = 0.004
"""Reading goes on this long without a pause; then the event loop gets a turn, for a screen or another call."""
_FEED_BYTES = 32 * 1024
"""Decoded without a turn for the others: hundreds of small frames, half a millisecond."""
_MOST_KEPT_BYTES = 1024 * 1024
"""How much of an error body is looked at."""

BodyKind = Literal["plain", "stream", "receipt"]
"""How a success is read: as pieces, as frames, or as the short text of an accepted job."""


class Way(Struct, frozen=True):
    """Everything one attempt needs beside the request."""

    transport: httpx.AsyncBaseTransport
    facts: CallFacts
    kind: BodyKind


class Reply(Struct, frozen=True):
    """What an attempt came to. No fault means: complete."""

    fault: ServiceFault | TransportFault | None
    status: int | None = None
    headers: Headers = ()
    receipt: bytes = b""
    """The body of an accepted job."""
    has_answer: bool = False
    """Whether part of a success has been shown."""


async def attempt(request: WireRequest, way: Way, journal: Journal) -> Reply:
    """Send, and read the answer to its end. Every failure is written and returned; only a cancel is raised."""
    reading = _Answer(way, journal)
    try:
        response = await way.transport.handle_async_request(_httpx_request(request, way.facts, journal))
        try:
            return await reading.read(response)
        finally:
            await response.aclose()
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ClientTrouble) as error:
        fault = transport_fault(journal, fault_of(error, way.facts))
        journal.write(fault)
        return Reply(reading.fault or fault, reading.status, reading.headers, has_answer=reading.has_answer)


def transport_fault(journal: Journal, named: ClientTrouble) -> TransportFault:
    """The event of a trouble, now."""
    return TransportFault(journal.at(), named.code, named.message, named.hint)


def _httpx_request(request: WireRequest, facts: CallFacts, journal: Journal) -> httpx.Request:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return httpx.Request(
        request.method,
        _parsed_url(request.url),
        headers=[(name.encode("ascii"), value.encode("ascii")) for name, value in request.headers],
        content=request.body,
        extensions={
            "timeout": {"connect": facts.connect_s, "read": facts.read_s, "write": facts.read_s, "pool": None},
            "target": target.encode("ascii"),
            OBSERVER: _Watch(journal),
        },
    )


@lru_cache(maxsize=64)
def _parsed_url(url: str) -> httpx.URL:
    return httpx.URL(url)  # takes as long as everything else about a request together


class _Watch:
    """Writes what the transport tells into the journal, secrets masked."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def phase_began(self, at: float, phase: Phase) -> None:
        self._journal.write(PhaseMarked(self._journal.at(at), phase))

    def connected(self, at: float, peer: Peer) -> None:
        event = Connected(self._journal.at(at), peer.address, peer.is_reused, peer.tls_version, peer.tls_cipher)
        self._journal.write(event)

    def request_sent(self, at: float, head: bytes, body_bytes: int) -> None:
        masked = masked_head(head)
        lines = [line.partition(b":") for line in masked.split(b"\r\n")[1:]]
        pairs = tuple((name.decode("latin-1"), value.decode("latin-1").strip(" ")) for name, _, value in lines)
        self._journal.write(RequestSent(self._journal.at(at), masked, pairs, body_bytes))


class _Paced:
    """Readings with a turn for the event loop each few milliseconds, and a wait for a reader that is behind."""

    def __init__(self, readings: Readings, journal: Journal) -> None:
        self._readings = readings
        self._journal = journal
        self._since = journal.clock()
        self._broken: httpx.TransportError | None = None

    async def next(self) -> Reading | None:
        if self._broken is not None:
            raise self._broken
        await self.turn()
        return await self._readings.next()

    async def turn(self) -> None:
        """Let the others have theirs, once it is time."""
        await self._journal.room()
        if self._journal.clock() - self._since > _BUDGET_S:
            await asyncio.sleep(0)
            self._since = self._journal.clock()

    async def at_least(self, size: int) -> Reading | None:
        """As many readings as it takes for that many bytes, as one; less at the end of the body, None for no byte.

        What breaks meanwhile is raised by the next `next`, so that no byte is lost.
        """
        pieces: list[Reading] = []
        try:
            while sum(len(piece.data) for piece in pieces) < size and (piece := await self.next()) is not None:
                pieces.append(piece)
        except httpx.TransportError as error:
            self._broken = error
        return Reading(pieces[-1].at, b"".join(piece.data for piece in pieces)) if pieces else None


class _Answer:
    """Reads one response and remembers what a failure in the middle must still tell."""

    def __init__(self, way: Way, journal: Journal) -> None:
        self._way = way
        self._journal = journal
        self._number = 0
        self._offset = 0
        self._has_parts = False
        self.status: int | None = None
        self.headers: Headers = ()
        self.fault: ServiceFault | TransportFault | None = None
        """The first one, which decides."""

    @property
    def has_answer(self) -> bool:
        """Whether part of a success has been written."""
        return self._has_parts and self.status is not None and 200 <= self.status < 300

    async def read(self, response: httpx.Response) -> Reply:
        journal = self._journal
        readings = readings_of(response, journal.clock)
        self.status, self.headers = response.status_code, _text_headers(tuple(response.headers.raw))
        version = response.http_version.removeprefix("HTTP/")
        at = journal.at(readings.head_at)
        journal.write(HeadArrived(at, version, self.status, response.reason_phrase, self.headers))
        receipt = await self._read_body(_Paced(readings, journal), response)
        if readings.trailers:
            journal.write(TrailersArrived(journal.at(), _text_headers(readings.trailers)))
        return Reply(self.fault, self.status, self.headers, receipt, self.has_answer)

    async def _read_body(self, readings: _Paced, response: httpx.Response) -> bytes:
        if not response.is_success:
            await self._read_error(readings, response)
        elif self._way.kind == "stream":
            await self._read_stream(readings)
        elif self._way.kind == "receipt":
            return await _joined(readings)
        else:
            await self._read_pieces(readings)
        return b""

    async def _read_pieces(self, readings: _Paced, first: Reading | None = None) -> None:
        reading = first or await readings.next()
        while reading is not None:
            self._write_piece(reading)
            reading = await readings.next()

    def _write_piece(self, reading: Reading) -> None:
        at = self._journal.at(reading.at)
        self._journal.write(PartArrived(at, self._number, reading.data, self._offset, (), 0, 0))
        self._has_parts = True
        self._number += 1
        self._offset += len(reading.data)

    async def _read_error(self, readings: _Paced, response: httpx.Response) -> None:
        held: list[Reading] = []
        broken: httpx.TransportError | None = None
        try:
            try:
                await _hold(readings, held)
            finally:  # whatever broke or was cancelled, what arrived is kept
                body = self._write_masked(held)
            await self._read_pieces(readings)
        except httpx.TransportError as error:
            broken = error
        status, reason = response.status_code, response.reason_phrase
        if status == 407:
            self._tell(transport_fault(self._journal, trouble("proxy-auth", proxy=self._way.facts.proxy)))
        else:
            self._tell(http_fault(self._journal.at(), status, reason, self.headers, body))
        if broken is not None:
            raise broken

    def _write_masked(self, held: Sequence[Reading]) -> bytes:
        """The pieces of an error's body, without the session token that it may quote; all of it, joined."""
        body = masked_body(b"".join(reading.data for reading in held))
        for reading in held:
            self._write_piece(Reading(reading.at, body[self._offset : self._offset + len(reading.data)]))
        return body

    async def _read_stream(self, readings: _Paced) -> None:
        """Frames, if that is what it is: by its content type, or by a sound prelude whatever the type says."""
        content_type = header(self.headers, "Content-Type")
        first = await readings.at_least(1 if media_type(content_type) == EVENT_STREAM else PRELUDE_BYTES)
        if media_type(content_type) == EVENT_STREAM or (first is not None and has_sound_prelude(first.data)):
            await self._read_frames(readings, first)
            return
        await self._read_pieces(readings, first)
        told = "it has no content type" if content_type is None else f"its content type is {content_type}"
        raw = b"" if first is None else first.data[:MOST_RAW_BYTES]
        message = f"{REJECTIONS['not-an-event-stream']}: {told}"
        self._reject(FrameRejected(self._journal.at(), "not-an-event-stream", message, 0, raw))

    async def _read_frames(self, readings: _Paced, first: Reading | None) -> None:
        decoder = FrameDecoder()
        reading = first or await readings.next()
        while reading is not None:
            at = self._journal.at(reading.at)
            for start in range(0, len(reading.data), _FEED_BYTES):
                self._write_frames(decoder.push(at, reading.data[start : start + _FEED_BYTES]))
                if decoder.is_rejected:
                    return
                await readings.turn()
            reading = await readings.next()
        self._write_frames(decoder.finish(self._journal.at()))

    def _write_frames(self, frames: list[FrameEvent]) -> None:
        """One batch of frames, each fault right behind the frame that told it."""
        self._has_parts = self._has_parts or bool(frames)
        if any(type(frame) is not PartArrived for frame in frames):
            for frame in frames:
                if isinstance(frame, FrameRejected):
                    self._reject(frame)
                    continue
                self._journal.write(frame)
                if isinstance(frame, FrameArrived) and (fault := frame_fault(frame)) is not None:
                    self._tell(fault)
        elif frames:
            self._journal.write_batch(frames)

    def _reject(self, rejected: FrameRejected) -> None:
        self._journal.write(rejected)
        code = _CODES_BY_REJECTION.get(rejected.reason, "stream-corrupt")
        self._tell(transport_fault(self._journal, trouble(code, detail=rejected.message)))

    def _tell(self, fault: ServiceFault | TransportFault) -> None:
        self._journal.write(fault)
        self.fault = self.fault or fault


_CODES_BY_REJECTION = {"truncated": "stream-truncated", "not-an-event-stream": "not-an-event-stream"}


async def _hold(readings: _Paced, held: list[Reading]) -> None:
    """Read so much as is looked at of an error's body."""
    size = 0
    while size < _MOST_KEPT_BYTES and (reading := await readings.next()) is not None:
        held.append(reading)
        size += len(reading.data)


async def _joined(readings: _Paced) -> bytes:
    pieces: list[bytes] = []
    while (reading := await readings.next()) is not None:
        pieces.append(reading.data)
    return b"".join(pieces)


def _text_headers(raw: RawHeaders) -> Headers:
    """Latin-1 keeps every byte (RFC 9110 section 5.5)."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
