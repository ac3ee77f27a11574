"""By which way a call travels: through which proxy, with which trust. Reads the profile and the environment only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from smrt_tui.client.dial import Proxy, TlsOptions, parse_proxy
from smrt_tui.client.seam import Clock
from smrt_tui.client.transport import WireTransport
from smrt_tui.core.hosts import is_loopback
from smrt_tui.core.profile import ClientOptions


class Route(Struct, frozen=True):
    """What a transport is made for. Calls of equal routes share one, and its kept connections."""

    proxy: Proxy | None
    tls: TlsOptions


TransportFactory: TypeAlias = Callable[[Route, Clock], httpx.AsyncBaseTransport]


def wire_transport(route: Route, clock: Clock) -> httpx.AsyncBaseTransport:
    """The real transport."""
    return WireTransport(proxy=route.proxy, tls=route.tls, clock=clock)


def route_to(url: str, options: ClientOptions, environ: Mapping[str, str]) -> Route:
    """The route to an address: the profile's proxy and CA bundle, else the environment's.

    The environment's proxies follow curl's rules (`HTTPS_PROXY`, `http_proxy`, `ALL_PROXY`, `NO_PROXY`), but never
    for this machine itself. Raises `ClientTrouble` for a proxy that can't be used.
    """
    proxy_url = options.proxy or _proxy_of_environment(url, environ)
    return Route(
        proxy=parse_proxy(proxy_url) if proxy_url else None,
        tls=TlsOptions(options.verify, options.ca_bundle or environ.get("AWS_CA_BUNDLE") or None),
    )


def _proxy_of_environment(url: str, environ: Mapping[str, str]) -> str | None:
    if is_loopback(url):
        return None
    parts = urlsplit(url)
    # curl reads http_proxy in lower case only: a CGI server sets HTTP_PROXY from a request's Proxy header.
    names = ("https_proxy", "HTTPS_PROXY") if parts.scheme == "https" else ("http_proxy",)
    found = next((environ[name] for name in (*names, "all_proxy", "ALL_PROXY") if environ.get(name)), None)
    bypass = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return None if _is_bypassed(parts.hostname or "", parts.port, bypass) else found


def _is_bypassed(host: str, port: int | None, bypass: str) -> bool:
    """Whether a `NO_PROXY` list names the host: itself, a domain above it, or with its port; `*` names all."""
    for entry in (part.strip().lower().lstrip("*.") or part.strip() for part in bypass.split(",")):
        if entry == "*":
            return True
        name, _, entry_port = entry.partition(":") if entry.count(":") == 1 else (entry.strip("[]"), "", "")
        if entry_port and entry_port != str(port or ""):
            continue
        if name and (host == name or host.endswith(f".{name}")):
            return True
    return False
