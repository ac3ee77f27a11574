"""A local endpoint on a thread of its own, for clients that block, and containers whose every flush is written down."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from smrt_tui.core.request import Headers
from smrt_tui.local.connection import ConnectionLimits
from smrt_tui.local.container import Burst, ContainerRequest, ContainerResponse
from smrt_tui.local.endpoints import Endpoint, single
from smrt_tui.local.frontdoor import DoorLimits
from smrt_tui.local.server import local_endpoint, serve
from smrt_tui.local.sigv4 import Credentials

CREDENTIALS = Credentials("LOCALTESTKEY", "not-a-secret-of-anyone")


@dataclass
class Scripted:
    """A container that answers what it was told to, and remembers what it was asked."""

    flushes: Sequence[bytes | Burst | Exception] = ()
    """A plain answer is `body`; these make a stream. An exception breaks it off."""
    body: bytes = b"{}"
    status: int = 200
    headers: Headers = (("Content-Type", "application/json"),)
    is_silent: bool = False
    """Never answers, or never goes on after its flushes."""
    name: str = "scripted"
    asked: list[ContainerRequest] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    """Set when the door let go of it."""

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        self.asked.append(request)
        if self.is_silent and not self.flushes:
            try:
                await asyncio.Event().wait()
            finally:
                self.left.set()
        return ContainerResponse(self.status, self.headers, self._stream() if self.flushes else self.body)

    async def ping(self) -> bool:
        return True

    async def _stream(self) -> AsyncIterator[bytes | Burst]:
        try:
            for flush in self.flushes:
                if isinstance(flush, Exception):
                    raise flush
                yield flush
                await asyncio.sleep(0)
            if self.is_silent:
                await asyncio.Event().wait()
        finally:
            self.left.set()


@dataclass(frozen=True)
class Running:
    """Where it listens, and what it has logged so far."""

    port: int
    log: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def endpoints_of(**containers: Scripted) -> dict[str, Endpoint]:
    """One endpoint a container; underscores of the names become hyphens."""
    names = {name.replace("_", "-"): container for name, container in containers.items()}
    return {name: single(name, container) for name, container in names.items()}


@contextmanager
def running(
    endpoints: Mapping[str, Endpoint],
    *,
    limits: DoorLimits | None = None,
    connection_limits: ConnectionLimits | None = None,
    forbid_missing_keys: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Running]:
    """A server that accepts, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    log: list[str] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        application, queue = local_endpoint(
            endpoints, CREDENTIALS, log.append, forbid_missing_keys=forbid_missing_keys, limits=limits, now=now
        )
        try:
            await serve(listener, application, stop, connection_limits)
        finally:
            await queue.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        yield Running(listener.getsockname()[1], log)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
