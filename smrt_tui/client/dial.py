"""Opens one connection: resolve, connect, the proxy's tunnel, TLS. Each step is marked as it begins.

Every failure leaves as one of httpx's connection errors with its cause kept. No request is sent here but `CONNECT`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import httpx
from msgspec import Struct

from smrt_tui.client.connection import Connection
from smrt_tui.client.faults import trouble
from smrt_tui.client.http1 import ResponseReader
from smrt_tui.client.seam import Clock, Observer
from smrt_tui.core.events import Phase

_Address: TypeAlias = tuple[int, tuple[Any, ...]]
"""Address family and socket address, as `getaddrinfo` gives them."""


class Origin(Struct, frozen=True):
    """Where a request goes: what a kept connection is good for."""

    scheme: str
    host: str
    port: int

    @property
    def is_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme == "https"

    def __str__(self) -> str:
        """`host:port`, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Proxy(Struct, frozen=True):
    """An `http://` proxy."""

    host: str
    port: int
    authorization: str | None
    """The value of `Proxy-Authorization`, from the URL's user and password."""


def parse_proxy(url: str) -> Proxy:
    """The proxy that a URL names; a bare `host:port` is one too. Raises `ClientTrouble`."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        host, port = None, 0
    if parts.scheme != "http" or not host:
        shown = f"{parts.scheme}://{host or '…'}"  # never the user and password
        raise trouble("proxy-unsupported", detail=shown)
    if parts.username is None:
        return Proxy(host, port, None)
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(host, port, f"Basic {b64encode(pair.encode()).decode()}")


class TlsOptions(Struct, frozen=True):
    """How the other end's certificate is checked."""

    verify: bool = True
    ca_bundle: str | None = None
    """A PEM file; None: the system's authorities."""


def tls_context(options: TlsOptions) -> ssl.SSLContext:
    """A client context that speaks HTTP/1.1 only. Takes about 30 ms: call it in a thread. Raises `ClientTrouble`."""
    try:
        context = ssl.create_default_context(cafile=options.ca_bundle)
    except (OSError, ssl.SSLError) as error:
        raise trouble("ca-bundle", path=options.ca_bundle, detail=_reason(error)) from error
    if options.ca_bundle is None and not _system_has_authorities():
        import certifi  # httpx's own dependency; some Python builds come without the system's store

        context.load_verify_locations(certifi.where())
    if not options.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context


def _system_has_authorities() -> bool:
    paths = ssl.get_default_verify_paths()
    return any(path and Path(path).exists() for path in (paths.cafile, paths.capath))


async def dial(
    origin: Origin,
    *,
    proxy: Proxy | None,
    tls: ssl.SSLContext | None,
    timeout_s: float | None,
    observer: Observer,
    clock: Clock,
) -> Connection:
    """A new connection to the origin, through the proxy where there is one.

    Raises `httpx.ConnectTimeout` when all of it takes longer than `timeout_s`, `httpx.ProxyError` for the proxy's
    part, else `httpx.ConnectError`; the cause says which.
    """
    try:
        async with asyncio.timeout(timeout_s):
            raw = await _reach(origin, proxy, timeout_s, observer, clock)
            if tls is not None:
                observer.phase_began(clock(), Phase.TLS)
            return await _wrap(raw, origin, tls, clock)
    except TimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except OSError as error:  # ssl.SSLError, socket.gaierror and every refusal are one
        raise httpx.ConnectError(str(error)) from error


async def _wrap(raw: socket.socket, origin: Origin, tls: ssl.SSLContext | None, clock: Clock) -> Connection:
    """The connected socket under asyncio's care, TLS shaken hands."""
    connection = Connection(raw, clock)
    loop = asyncio.get_running_loop()
    try:
        await loop.create_connection(
            lambda: connection, sock=raw, ssl=tls, server_hostname=origin.host if tls is not None else None
        )
    except BaseException:
        raw.close()
        raise
    return connection


async def _reach(
    origin: Origin, proxy: Proxy | None, timeout_s: float | None, observer: Observer, clock: Clock
) -> socket.socket:
    """A connected socket, the proxy's tunnel already open for an https origin."""
    if proxy is None:
        return await _connect(origin.host, origin.port, timeout_s, observer, clock)
    try:
        raw = await _connect(proxy.host, proxy.port, timeout_s, observer, clock)
    except TimeoutError:
        raise
    except OSError as error:
        row = trouble("proxy-unreachable", proxy=f"{proxy.host}:{proxy.port}", detail=_reason(error))
        raise httpx.ProxyError(row.message) from row
    if origin.is_tls:
        try:
            await _tunnel(raw, origin, proxy)
        except BaseException:
            raw.close()
            raise
    return raw


async def _connect(host: str, port: int, timeout_s: float | None, observer: Observer, clock: Clock) -> socket.socket:
    """A socket connected to the first address that answers; each address gets an equal share of the time."""
    observer.phase_began(clock(), Phase.RESOLVE)
    addresses = await _resolve(host, port)
    observer.phase_began(clock(), Phase.CONNECT)
    for address in addresses[:-1]:
        try:
            async with asyncio.timeout(timeout_s and timeout_s / len(addresses)):
                return await _connect_address(address)
        except OSError:  # a time-out is one too; the last address tells its own story
            continue
    return await _connect_address(addresses[-1])


async def _resolve(host: str, port: int) -> list[_Address]:
    try:
        infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} is no host name") from error
    return [(family, address) for family, _, _, _, address in infos]


async def _connect_address(address: _Address) -> socket.socket:
    family, sockaddr = address
    raw = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    raw.setblocking(False)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a small body waits 40 ms for the head's ACK
    try:
        await asyncio.get_running_loop().sock_connect(raw, sockaddr)
    except BaseException:
        raw.close()
        raise
    return raw


async def _tunnel(raw: socket.socket, origin: Origin, proxy: Proxy) -> None:
    """Have the proxy connect to the origin (RFC 9110 section 9.3.6)."""
    loop = asyncio.get_running_loop()
    lines = [f"CONNECT {origin} HTTP/1.1", f"Host: {origin}"]
    if proxy.authorization is not None:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    reader = ResponseReader("CONNECT")
    name = f"{proxy.host}:{proxy.port}"
    try:
        await loop.sock_sendall(raw, "\r\n".join([*lines, "", ""]).encode())
        while reader.head is None and reader.trouble is None:
            data = await loop.sock_recv(raw, 65536)
            reader.feed(data) if data else reader.close()
    except OSError as error:
        row = trouble("proxy-failed", proxy=name, detail=_reason(error))
        raise httpx.ProxyError(row.message) from row
    if reader.head is None:
        row = trouble("proxy-failed", proxy=name, detail=str(reader.trouble))
    elif reader.head.status in (401, 407):  # tinyproxy says 401 to a wrong password
        row = trouble("proxy-auth", proxy=name)
    elif not 200 <= reader.head.status < 300:
        reason = reader.head.reason.decode("latin-1")
        row = trouble("proxy-refused", proxy=name, where=origin, detail=f"{reader.head.status} {reason}".strip())
    else:
        return
    raise httpx.ProxyError(row.message) from row


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
