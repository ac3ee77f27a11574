"""A container of the user's own, reached over HTTP, behind the same door as the built-in ones.

`http://127.0.0.1:8080` is asked at `/invocations` and `/ping`, as SageMaker does; an address with a path, such as
`http://127.0.0.1:8000/v1/chat/completions`, is asked at that path instead. What it raises on a broken connection is
for the door to tell. httpx is loaded by this module only, and only when there is such a container.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from smrt_tui.local.container import ContainerRequest, ContainerResponse

CONNECT_S = 5.0
"""Generous: SageMaker itself allows 250 ms, which the contract check measures."""


def upstream_container(name: str, url: str, *, allow_remote: bool) -> UpstreamContainer:
    """A container at an address; raises `ValueError` with what to change when the address cannot be used."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"container {name}: {url!r} is no http:// address, such as http://127.0.0.1:8080")
    if parts.username is not None:
        raise ValueError(f"container {name}: an address with a user name and password is not used")
    if not allow_remote and not is_loopback(parts.hostname):
        raise ValueError(
            f"container {name}: {parts.hostname} is another machine; payloads go there only when that is allowed"
        )
    return UpstreamContainer(name, f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/") or None)


def is_loopback(host: str) -> bool:
    """Whether a host name stays on this machine; names other than localhost are not looked up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class UpstreamContainer:
    """One container over HTTP."""

    def __init__(self, name: str, base_url: str, own_path: str | None) -> None:
        self.name = name
        self._base_url = base_url
        self._own_path = own_path
        timeout = httpx.Timeout(None, connect=CONNECT_S)  # how long it may be silent is the door's business
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False)

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """Its answer, chunk by chunk as it flushes them, or in one piece when it sent a Content-Length."""
        path = self._own_path or request.path
        sent = httpx.Request(
            "POST",
            self._base_url + path,
            headers=[("Content-Length", str(len(request.body))), *request.headers],
            content=request.body,
        )
        response = await self._client.send(sent, stream=True)
        headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in response.headers.raw)
        if response.status_code >= 400 or "content-length" in response.headers:
            body = b"".join([chunk async for chunk in response.aiter_raw()])
            return ContainerResponse(response.status_code, headers, body)
        return ContainerResponse(response.status_code, headers, _chunks(response))

    async def ping(self) -> bool:
        """Whether `GET /ping` answers 200 within SageMaker's two seconds."""
        try:
            response = await self._client.get(self._base_url + "/ping", timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.status_code == 200


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.aiter_raw():
            yield chunk
    finally:
        await response.aclose()
