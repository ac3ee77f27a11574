"""A container of the user's own, reached over HTTP, behind the same door as the built-in ones.

`http://127.0.0.1:8080` is asked at `/invocations` and `/ping`, as SageMaker does; an address with a path, such as
`http://127.0.0.1:8000/v1/chat/completions`, is asked at that path instead. What it raises on a broken connection is
for the door to tell. httpx is loaded by this module only, and only when there is such a container.
"""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import httpx

from smrt_tui.core.hosts import is_loopback_host
from smrt_tui.local.container import ContainerRequest, ContainerResponse

CONNECT_S = 5.0
"""Generous: SageMaker itself allows 250 ms, which the contract check measures."""
PING_S = 2.0


def upstream_container(name: str, url: str, *, allow_remote: bool) -> UpstreamContainer:
    """A container at an address; raises `ValueError` with what to change when the address cannot be used."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"container {name}: {url!r} is no http:// address, such as http://127.0.0.1:8080")
    if parts.username is not None:
        raise ValueError(f"container {name}: an address with a user name and password is not used")
    if not allow_remote and not is_loopback_host(parts.hostname):
        raise ValueError(
            f"container {name}: {parts.hostname} is another machine; payloads go there only when that is allowed"
        )
    return UpstreamContainer(name, f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/") or None)


class UpstreamContainer:
    """One container over HTTP, each invocation on a connection of its own."""

    def __init__(self, name: str, base_url: str, own_path: str | None) -> None:
        self.name = name
        self._base_url = base_url
        self._own_path = own_path
        self._tls = ssl.create_default_context() if base_url.startswith("https:") else False

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """Its answer, chunk by chunk as it flushes them, or in one piece when it sent a Content-Length."""
        client = self._client()
        try:
            response = await client.send(self._to_send(request), stream=True)
            headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in response.headers.raw)
            if response.status_code < 400 and "content-length" not in response.headers:
                return ContainerResponse(response.status_code, headers, _Chunks(client, response))
            body = b"".join([chunk async for chunk in response.aiter_raw()])
        except BaseException:
            await client.aclose()
            raise
        await client.aclose()
        return ContainerResponse(response.status_code, headers, body)

    async def ping(self) -> bool:
        """Whether `GET /ping` answers 200 within SageMaker's two seconds."""
        async with self._client() as client:
            try:
                response = await client.get(self._base_url + "/ping", timeout=PING_S)
            except httpx.HTTPError:
                return False
            return response.status_code == 200

    def _client(self) -> httpx.AsyncClient:
        timeout = httpx.Timeout(None, connect=CONNECT_S)  # how long it may be silent is the door's business
        return httpx.AsyncClient(timeout=timeout, verify=self._tls, trust_env=False, follow_redirects=False)

    def _to_send(self, request: ContainerRequest) -> httpx.Request:
        return httpx.Request(
            "POST",
            self._base_url + (self._own_path or request.path),
            headers=[("Content-Length", str(len(request.body))), *request.headers],
            content=request.body,
        )


class _Chunks:
    """The chunks of a streamed answer; closes its connection at the end, or when it is dropped."""

    def __init__(self, client: httpx.AsyncClient, response: httpx.Response) -> None:
        self._client = client
        self._chunks = response.aiter_raw()

    def __aiter__(self) -> _Chunks:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._chunks)
        except BaseException:  # the end of the stream is one too
            await self.aclose()
            raise

    async def aclose(self) -> None:
        await self._client.aclose()
