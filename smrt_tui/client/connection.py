"""One socket as an asyncio protocol: reads stamped the moment they come, held until asked for, bounded.

Knows no HTTP. The stamp is taken in `data_received` and nowhere else, so that nothing that waits behind it (a busy
screen, a slow reader) shows up in a timing.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import deque

from smrt_tui.client.seam import Clock, Peer, Reading

MOST_HELD_BYTES = 1024 * 1024
"""Reading pauses above this, so that a server faster than its reader waits."""
_RESUME_BELOW_BYTES = MOST_HELD_BYTES // 4


class Connection(asyncio.Protocol):
    """A connected socket, plain or TLS, for one exchange at a time."""

    def __init__(self, raw: socket.socket, clock: Clock) -> None:
        self._raw = raw
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._reads: deque[Reading] = deque()
        self._held_bytes = 0
        self._is_paused = False
        self._is_clogged = False
        self._changed: asyncio.Future[None] | None = None
        self._lost = self._loop.create_future()
        self._error: Exception | None = None
        self._has_ended = False
        self.uses = 0
        """How many exchanges began on it."""

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks to be told as soon as anything stays unsent, so that `drained` means: given to the kernel."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        # A socket transport pauses above `high`, asyncio's TLS at `high`: with 0 it would pause over nothing, for ever.
        transport.set_write_buffer_limits(high=0 if self._tls() is None else 1, low=0)

    def data_received(self, data: bytes) -> None:
        """Stamps and keeps one read."""
        self._reads.append(Reading(self._clock(), data))
        self._held_bytes += len(data)
        if self._held_bytes > MOST_HELD_BYTES and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Nothing more will come; asyncio closes the rest."""
        self._has_ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is going: take along what the kernel still holds, such as a 413 sent before a reset."""
        if exc is not None and self._tls() is None:
            self._keep_unread()
        self._error = exc
        self._has_ended = True
        self._lost.set_result(None)
        self._wake()

    def pause_writing(self) -> None:
        """Something written waits for the kernel."""
        self._is_clogged = True

    def resume_writing(self) -> None:
        """Everything written is with the kernel."""
        self._is_clogged = False
        self._wake()

    # What an exchange calls.

    @property
    def is_sound(self) -> bool:
        """Whether another request may go out: open, and nothing came that nobody asked for."""
        return not (self._has_ended or self._reads or self._is_clogged or self._transport.is_closing())

    @property
    def is_clogged(self) -> bool:
        """Whether something written has not been given to the kernel yet."""
        return self._is_clogged

    @property
    def has_ended(self) -> bool:
        """Whether the other side has closed or the connection broke."""
        return self._has_ended

    @property
    def error(self) -> Exception | None:
        """What broke the connection; None for a proper end."""
        return self._error

    def peer(self) -> Peer:
        """Who is at the other end."""
        name = self._transport.get_extra_info("peername") or ("?", 0)
        address = f"[{name[0]}]" if ":" in str(name[0]) else str(name[0])
        tls = self._tls()
        cipher = tls.cipher() if tls is not None else None
        return Peer(
            f"{address}:{name[1]}", self.uses > 1, tls.version() if tls is not None else None, cipher and cipher[0]
        )

    def write(self, data: bytes | memoryview) -> None:
        """Give bytes to the socket; `is_clogged` tells whether some of them wait."""
        self._transport.write(data)

    def take_read(self) -> Reading | None:
        """The oldest read that nobody took; None when there is none at the moment."""
        if not self._reads:
            return None
        reading = self._reads.popleft()
        self._held_bytes -= len(reading.data)
        if self._is_paused and self._held_bytes < _RESUME_BELOW_BYTES:
            self._is_paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()
        return reading

    async def change(self, timeout_s: float | None) -> None:
        """Wait until something was read or drained, or the connection ended. Raises `TimeoutError`."""
        self._changed = self._loop.create_future()
        timer = None if timeout_s is None else self._loop.call_later(timeout_s, _expire, self._changed)
        try:
            await self._changed
        finally:
            self._changed = None
            if timer is not None:
                timer.cancel()

    async def close(self) -> None:
        """Close at once and wait until the socket is gone."""
        self._transport.abort()
        await self._lost

    def _wake(self) -> None:
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)

    def _tls(self) -> ssl.SSLObject | None:
        found: ssl.SSLObject | None = self._transport.get_extra_info("ssl_object")
        return found

    def _keep_unread(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._raw.recv(65536):
                self._reads.append(Reading(self._clock(), data))


def _expire(changed: asyncio.Future[None]) -> None:
    if not changed.done():
        changed.set_exception(TimeoutError())
