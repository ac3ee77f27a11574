"""What crosses the transport seam beside httpx's own request, response and exceptions.

Typed extensions, all optional. An `Observer` goes in with the request and hears what the socket does, and so may a
function that hears how a large body gets on; `Readings` come out with the response and give the body as timed reads. A
transport that knows none (such as `httpx.MockTransport`) still serves: its chunks are stamped as they come. Nothing is
opened or parsed here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple, Protocol, TypeAlias

import httpx

from smrt_tui.client.http1 import RawHeaders
from smrt_tui.core.events import Phase

OBSERVER = "smrt_tui.observer"
"""Key of the `Observer` in `request.extensions`."""
ON_SENT = "smrt_tui.on_sent"
"""Key of a function in `request.extensions` that hears, while a body goes out, how many bytes of it have left."""
READINGS = "smrt_tui.readings"
"""Key of the `Readings` in `response.extensions`."""

Clock: TypeAlias = Callable[[], float]
"""Seconds on a monotonic clock, such as `time.perf_counter`."""


class Peer(NamedTuple):
    """The other end of a connection."""

    address: str
    """`address:port`, a proxy's where there is one."""
    is_reused: bool
    tls_version: str | None
    tls_cipher: str | None


class Observer(Protocol):
    """Hears what happens to one request below the seam; every `at` is on the transport's clock."""

    def phase_began(self, at: float, phase: Phase) -> None:
        """A phase from resolve to receive begins."""
        ...

    def connected(self, at: float, peer: Peer) -> None:
        """There is a connection to send on."""
        ...

    def request_sent(self, at: float, head: bytes, body_bytes: int) -> None:
        """The head as written, with its final blank line, and how many body bytes followed it."""
        ...


class Reading(NamedTuple):
    """The body bytes of one socket read."""

    at: float
    data: bytes


class Readings(Protocol):
    """A body as it was read."""

    @property
    def head_at(self) -> float:
        """When the last byte of the head was read."""
        ...

    @property
    def trailers(self) -> RawHeaders:
        """Fields after a chunked body; empty until the body has ended."""
        ...

    async def next(self) -> Reading | None:
        """The next read that has body bytes; None at the end. Raises httpx's transport errors."""
        ...


class ForeignReadings:
    """The body of a transport that stamps nothing: every chunk of its stream is one reading."""

    def __init__(self, response: httpx.Response, clock: Clock) -> None:
        assert isinstance(response.stream, httpx.AsyncByteStream)  # an async transport gives no other
        self._chunks: AsyncIterator[bytes] = response.stream.__aiter__()
        self._clock = clock
        self.head_at = clock()
        self.trailers: RawHeaders = ()

    async def next(self) -> Reading | None:
        """The next chunk that is not empty, stamped as it comes."""
        async for chunk in self._chunks:
            if chunk:
                return Reading(self._clock(), chunk)
        return None


def readings_of(response: httpx.Response, clock: Clock) -> Readings:
    """The response's own readings, or its stream stamped from outside."""
    own: Readings | None = response.extensions.get(READINGS)
    return own if own is not None else ForeignReadings(response, clock)
