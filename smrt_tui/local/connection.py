"""One client connection: requests read with limits on size and time, each given to the application, in turn.

A client that vanishes cancels the work done for it. Malformed, slow and oversize requests get an answer and never a
traceback. Nothing here knows SageMaker.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import h11
from msgspec import Struct

from smrt_tui.local.wire import Answer, RawRequest, Wire

Application: TypeAlias = Callable[[RawRequest, Wire], Awaitable[None]]

READ_BYTES = 65536


class ConnectionLimits(Struct, frozen=True):
    """How long and how much a client may take."""

    idle_s: float = 75.0
    """Between two requests."""
    head_s: float = 10.0
    """From the first byte of a head to its end."""
    body_s: float = 120.0
    """For the whole body."""
    linger_s: float = 2.0
    """After the answer to a request that was not read to its end."""
    head_bytes: int = 32768
    drained_bytes: int = 1 << 30
    """Of a body that is over its limit, this much is read and thrown away; more ends the connection."""


class _Malformed(Exception):
    """The bytes are no HTTP request, or did not come in time."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = Answer(status, (("Content-Type", "text/plain"),), message.encode("ascii", "replace"))


class Connection:
    """The loop over the requests of one connection."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        body_limit: Callable[[bytes], int],
        limits: ConnectionLimits,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._body_limit = body_limit
        self._limits = limits
        self._pending = bytearray()
        """Bytes that came and belong to the next request."""

    async def serve(self, application: Application) -> None:
        """Answer requests until the client leaves, asks to close, or breaks the protocol."""
        try:
            while await self._exchange(application):
                pass
        except OSError:
            return  # the client is gone, or silent for too long between two requests (`TimeoutError`): nobody to answer
        finally:
            with contextlib.suppress(OSError):
                self._writer.close()

    async def _exchange(self, application: Application) -> bool:
        """Serve one request; whether another may follow."""
        parser = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head_bytes)
        if not self._pending:
            async with asyncio.timeout(self._limits.idle_s):
                self._pending += await self._read()
        if not self._pending:
            return False
        try:
            request = await self._receive(parser)
        except _Malformed as malformed:
            await self._turn_away(malformed.answer)
            return False
        if request is None:
            return False
        wire = Wire(
            self._writer,
            request,
            is_http_10=parser.their_http_version == b"1.0",
            keeps_alive=not _asks_to_close(request),
        )
        return await self._run(application, request, wire) and wire.keeps_alive

    async def _read(self) -> bytes:
        return await self._reader.read(READ_BYTES)

    async def _turn_away(self, answer: Answer) -> None:
        """Answer a request that cannot be read on, and let the client read the answer before the connection ends.

        Closing with unread bytes would reset the connection, and a reset destroys an answer on its way (RFC 9112, 9.6).
        """
        nobody = RawRequest("", b"", b"", (), b"", 0)
        await Wire(self._writer, nobody, is_http_10=False, keeps_alive=False).answer(answer)
        self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._limits.linger_s):
                while await self._read():
                    pass

    async def _receive(self, parser: h11.Connection) -> RawRequest | None:
        """The next request, whole; None when the client left in its middle."""
        parser.receive_data(bytes(self._pending))
        self._pending.clear()
        try:
            async with asyncio.timeout(self._limits.head_s):
                head = await self._next(parser)
            if not isinstance(head, h11.Request):
                return None
            if head.http_version not in (b"1.0", b"1.1"):
                raise _Malformed(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
            if _waits_for_continue(head):
                self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            async with asyncio.timeout(self._limits.body_s):
                return await self._receive_body(parser, head)
        except h11.RemoteProtocolError as error:
            raise _Malformed(error.error_status_hint, f"Bad HTTP request: {error}") from error
        except TimeoutError as error:
            raise _Malformed(408, "The request did not arrive in time.") from error

    async def _receive_body(self, parser: h11.Connection, head: h11.Request) -> RawRequest | None:
        path, _, query = head.target.partition(b"?")
        limit = self._body_limit(path)
        body = bytearray()
        total = 0
        while isinstance(event := await self._next(parser), h11.Data):
            total += len(event.data)
            if total > self._limits.drained_bytes:
                raise _Malformed(413, "The body is too large to be read to its end.")
            if total <= limit:
                body += event.data
            else:
                body.clear()
        if not isinstance(event, h11.EndOfMessage):
            return None
        self._pending += parser.trailing_data[0]
        return RawRequest(
            method=head.method.decode("ascii"),
            path=path,
            query=query,
            headers=tuple((bytes(name), bytes(value)) for name, value in head.headers.raw_items()),
            body=bytes(body),
            body_bytes=total,
            is_oversize=total > limit,
        )

    async def _next(self, parser: h11.Connection) -> h11.Event | None:
        """The next event of the request; None when h11 waits for something that never comes here (an upgrade)."""
        while (event := parser.next_event()) is h11.NEED_DATA:
            parser.receive_data(await self._read())
        return event if isinstance(event, h11.Event) else None

    async def _run(self, application: Application, request: RawRequest, wire: Wire) -> bool:
        """Run the application while watching the client; False when the client vanished first."""
        work = asyncio.ensure_future(application(request, wire))
        watch = asyncio.ensure_future(self._watch())
        try:
            await asyncio.wait((work, watch), return_when=asyncio.FIRST_COMPLETED)
            is_served = work.done()
        finally:
            await _stop(watch)
            await _stop(work)
        if is_served:
            work.result()
        return is_served

    async def _watch(self) -> None:
        """Return when the client is gone. Bytes of a next request are kept aside, up to one head's worth."""
        with contextlib.suppress(ConnectionError):
            while len(self._pending) < self._limits.head_bytes:
                data = await self._read()
                if not data:
                    return
                self._pending += data
            await asyncio.Event().wait()


async def _stop(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.wait((task,))


def _asks_to_close(request: RawRequest) -> bool:
    return "close" in (request.header("Connection") or "").lower()


def _waits_for_continue(head: h11.Request) -> bool:
    return any(name == b"expect" and value.lower() == b"100-continue" for name, value in head.headers)
