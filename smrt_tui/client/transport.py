"""The transport: HTTP/1.1 over connections of its own, idle ones kept for the next request.

Speaks httpx's transport interface, so that anything else that does can stand in its place. Adds `Host` (first),
`Accept-Encoding: identity` where none was given (a body that a proxy compressed could not be told from the model's
own), `Content-Length` (last) and nothing else: no Accept, no User-Agent. Redirects are never followed, no cookie is
kept, and nothing is sent again but on a kept connection that turned out to be dead.
"""

from __future__ import annotations

import asyncio
import ssl
import time

import httpx

from smrt_tui.client.connection import Connection
from smrt_tui.client.dial import Origin, Proxy, TlsOptions, dial, tls_context
from smrt_tui.client.exchange import Exchange, StaleConnection
from smrt_tui.client.seam import OBSERVER, ON_SENT, Clock, Observer, Peer
from smrt_tui.core.events import Phase

MOST_IDLE = 8
"""Connections kept per origin."""


_PLACED_HERE = frozenset({b"host", b"content-length", b"transfer-encoding"})


class WireTransport(httpx.AsyncBaseTransport):
    """Sends each request on a connection of its own, kept or new."""

    def __init__(
        self, *, proxy: Proxy | None = None, tls: TlsOptions | None = None, clock: Clock = time.perf_counter
    ) -> None:
        self._proxy = proxy
        self._tls_options = tls or TlsOptions()
        self._clock = clock
        self._tls: ssl.SSLContext | None = None
        self._idle: dict[Origin, list[Connection]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The head of the answer, its body still to be read. Raises httpx's transport errors.

        A kept connection that was closed meanwhile is replaced by another, but only when no byte of an answer came
        on it.
        """
        origin = _origin(request.url)
        observer: Observer = request.extensions.get(OBSERVER) or _Silent()
        body = await request.aread()
        head = request_head(request, body, origin, self._proxy)
        timeouts = request.extensions.get("timeout", {})
        on_sent = request.extensions.get(ON_SENT)
        while True:
            connection = await self._kept(origin) or await self._dial(origin, timeouts.get("connect"), observer)
            exchange = Exchange(connection, request.method, head, body, timeouts, observer, self._clock, on_sent)
            try:
                return await exchange.begin(on_done=lambda done: self._keep(origin, done))
            except StaleConnection:
                await connection.close()
            except BaseException:
                await connection.close()
                raise

    async def aclose(self) -> None:
        """Close every idle connection."""
        kept = [connection for connections in self._idle.values() for connection in connections]
        self._idle.clear()
        for connection in kept:
            await connection.close()

    def _keep(self, origin: Origin, connection: Connection) -> bool:
        """Put a connection away for the next request; False when there are enough or it is not fit."""
        idle = self._idle.setdefault(origin, [])
        if len(idle) >= MOST_IDLE or not connection.is_sound:
            return False
        idle.append(connection)
        return True

    async def _kept(self, origin: Origin) -> Connection | None:
        idle = self._idle.get(origin, [])
        while idle:
            connection = idle.pop()
            if connection.is_sound:
                return connection
            await connection.close()
        return None

    async def _dial(self, origin: Origin, timeout_s: float | None, observer: Observer) -> Connection:
        if origin.is_tls and self._tls is None:
            self._tls = await asyncio.to_thread(tls_context, self._tls_options)
        return await dial(
            origin,
            proxy=self._proxy,
            tls=self._tls if origin.is_tls else None,
            timeout_s=timeout_s,
            observer=observer,
            clock=self._clock,
        )


class _Silent:
    """The observer of a request that brought none."""

    def phase_began(self, at: float, phase: Phase) -> None: ...

    def connected(self, at: float, peer: Peer) -> None: ...

    def request_sent(self, at: float, head: bytes, body_bytes: int) -> None: ...


def _origin(url: httpx.URL) -> Origin:
    if url.scheme not in ("http", "https") or not url.host:
        raise httpx.UnsupportedProtocol(f"{url.scheme}://{url.host}")
    host = url.raw_host.decode("ascii").strip("[]")
    return Origin(url.scheme, host, url.port or (443 if url.scheme == "https" else 80))


def request_head(request: httpx.Request, body: bytes, origin: Origin, proxy: Proxy | None) -> bytes:
    """The request line and header lines as they go out, with the final blank line.

    The target is the request's `target` extension where there is one, so that what was signed is what is sent; with a
    proxy and no TLS it is in absolute form (RFC 9112 section 3.2.2). Raises `httpx.LocalProtocolError`.
    """
    target: bytes = request.extensions.get("target", request.url.raw_path)
    fields = [(name, value) for name, value in request.headers.raw if name.lower() not in _PLACED_HERE]
    if proxy is not None and not origin.is_tls:
        target = b"http://" + request.url.netloc + target
        if proxy.authorization is not None:
            fields.append((b"Proxy-Authorization", proxy.authorization.encode("ascii")))
    host = request.headers.get("host", request.url.netloc.decode("ascii")).encode("ascii")
    if body or "content-length" in request.headers:
        fields.append((b"Content-Length", b"%d" % len(body)))
    encoding = () if "accept-encoding" in request.headers else ((b"Accept-Encoding", b"identity"),)
    lines = [b"%s: %s" % field for field in ((b"Host", host), *encoding, *fields)]
    if any(b"\r" in line or b"\n" in line or b"\0" in line for line in (target, *lines)):
        raise httpx.LocalProtocolError("a line break or NUL in the request head")
    return b"\r\n".join([b"%s %s HTTP/1.1" % (request.method.encode("ascii"), target), *lines, b"", b""])
