"""One request and its answer on one connection, and the body of the answer as timed reads.

Marks send, wait and receive as they happen. An answer that comes before the body is sent stops the sending, so that a
413 is read and not lost in the reset that follows it. Opens no connection and knows no pool.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping

import httpx

from smrt_tui.client.connection import Connection
from smrt_tui.client.http1 import BadResponse, RawHeaders, ResponseHead, ResponseReader
from smrt_tui.client.seam import READINGS, Clock, Observer, Reading
from smrt_tui.core.events import Phase

_WRITE_BYTES = 256 * 1024
"""Body bytes written at once, so that an early answer is seen in between."""


class StaleConnection(Exception):
    """A kept connection was dead before it answered: the request may go out again on another one."""


class Exchange(httpx.AsyncByteStream):
    """Sends one request, reads one answer, and gives the connection back or closes it."""

    def __init__(
        self,
        connection: Connection,
        method: str,
        head: bytes,
        body: bytes,
        timeouts: Mapping[str, float | None],
        observer: Observer,
        clock: Clock,
        on_sent: Callable[[int], None] | None = None,
    ) -> None:
        connection.uses += 1
        self._connection = connection
        self._head = head
        self._body = body
        self._unsent = memoryview(body)
        self._timeouts = timeouts
        self._observer = observer
        self._clock = clock
        self._on_sent = on_sent
        self._reader = ResponseReader(method)
        self._readings: deque[Reading] = deque()
        self._read_at = 0.0
        self._is_over = False
        self.head_at = 0.0

    @property
    def trailers(self) -> RawHeaders:
        """Fields after a chunked body."""
        return self._reader.trailers

    async def begin(self, on_done: Callable[[Connection], bool]) -> httpx.Response:
        """Send the request and read the head of the answer.

        `on_done` is offered the connection when the answer is whole and may take it. Raises `StaleConnection` and
        httpx's transport errors; the connection is the caller's to close then.
        """
        self._on_done = on_done
        sent_at = await self._send()
        head = await self._receive_head(sent_at)
        if self._unsent and head.status < 400:  # it answers while it listens: let it have the rest
            self._connection.write(self._unsent)
            self._unsent = self._unsent[:0]
        return httpx.Response(
            head.status,
            headers=list(head.headers),
            stream=self,
            extensions={
                READINGS: self,
                "http_version": f"HTTP/{head.version}".encode(),
                "reason_phrase": head.reason,
            },
        )

    async def next(self) -> Reading | None:
        """The next read with body bytes in it; None when the body has ended as it should."""
        while not self._readings:
            if self._is_over:
                return None
            if self._reader.trouble is not None:
                raise _protocol_error(self._reader.trouble)
            if self._reader.is_complete:
                await self.aclose()
            elif not self._take():
                await self._wait("read")
        return self._readings.popleft()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body for whoever has no use for stamps."""
        while (reading := await self.next()) is not None:
            yield reading.data

    async def aclose(self) -> None:
        """Give the connection back when the whole answer was read, else close it."""
        if self._is_over:
            return
        self._is_over = True
        is_fit = self._reader.can_be_reused and not self._unsent
        if not (is_fit and self._on_done(self._connection)):
            await self._connection.close()

    async def _send(self) -> float:
        """Write head and body, the body only until an answer begins. Returns when the last of it was written."""
        connection, observer, clock = self._connection, self._observer, self._clock
        observer.connected(clock(), connection.peer())
        observer.phase_began(clock(), Phase.SEND_HEAD)
        connection.write(self._head)
        await self._drain()
        observer.phase_began(clock(), Phase.SEND_BODY)
        while self._unsent and not self._is_answered:
            connection.write(self._unsent[:_WRITE_BYTES])
            self._unsent = self._unsent[_WRITE_BYTES:]
            if self._unsent:
                await asyncio.sleep(0)  # lets the socket tell of an answer before more goes out
            await self._drain()
            if self._on_sent is not None:
                self._on_sent(len(self._body) - len(self._unsent))
        sent_at = clock()
        observer.request_sent(sent_at, self._head, len(self._body) - len(self._unsent))
        observer.phase_began(sent_at, Phase.WAIT)
        return sent_at

    async def _drain(self) -> None:
        """Until what was written is with the kernel or an answer has begun."""
        while self._connection.is_clogged or self._connection.has_ended:
            while not self._is_answered and self._take():
                pass
            if self._is_answered:
                return
            await self._wait("write")

    @property
    def _is_answered(self) -> bool:
        """Whether more of the request would come too late."""
        return self._reader.head is not None or self._reader.trouble is not None

    async def _receive_head(self, sent_at: float) -> ResponseHead:
        is_marked = False
        while True:
            if self._reader.has_begun and not is_marked:
                is_marked = True
                self._observer.phase_began(max(self._read_at, sent_at), Phase.RECEIVE)
            if self._reader.head is not None:
                self.head_at = max(self._read_at, sent_at)
                return self._reader.head
            if self._reader.trouble is not None:
                raise _protocol_error(self._reader.trouble)
            if not self._take():
                await self._wait("read")

    def _take(self) -> bool:
        """Read on in what the socket gave; False when there is nothing more at the moment."""
        reading = self._connection.take_read()
        if reading is None:
            return False
        self._read_at = reading.at
        body = self._reader.feed(reading.data)
        if body:
            self._readings.append(Reading(reading.at, body))
        return True

    async def _wait(self, direction: str) -> None:
        """Until the socket has news. An ended connection ends the answer, or raises what broke it."""
        connection = self._connection
        if not connection.has_ended:
            try:
                await connection.change(self._timeouts.get(direction))
            except TimeoutError as error:
                kind = httpx.WriteTimeout if direction == "write" else httpx.ReadTimeout
                raise kind(str(error)) from error
            return
        if not self._reader.has_begun and connection.uses > 1:
            raise StaleConnection
        if connection.error is None:
            self._reader.close()
            return
        failure = httpx.WriteError if direction == "write" else httpx.ReadError
        raise failure(str(connection.error)) from connection.error


def _protocol_error(bad: BadResponse) -> httpx.RemoteProtocolError:
    error = httpx.RemoteProtocolError(str(bad))
    error.__cause__ = bad
    return error
