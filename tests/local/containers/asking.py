"""Builders for container tests: requests, fixed surroundings, and whole bodies."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from smrt_tui.local.container import Burst, Container, ContainerRequest, ContainerResponse
from smrt_tui.local.containers.surroundings import Surroundings

STREAM = ("X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpointWithResponseStream")
PACE_0 = ("X-Amzn-SageMaker-Custom-Attributes", "pace=0")
JSON = ("Content-Type", "application/json")


def a_request(body: object = b"", *headers: tuple[str, str], path: str = "/invocations") -> ContainerRequest:
    """A request; anything but bytes is sent as JSON."""
    if isinstance(body, bytes):
        return ContainerRequest(path, headers, body)
    return ContainerRequest(path, (JSON, *headers), json.dumps(body).encode())


async def ask(container: Container, body: object = b"", *headers: tuple[str, str]) -> ContainerResponse:
    """The container's answer."""
    return await container.invoke(a_request(body, *headers))


async def flushes(response: ContainerResponse) -> list[bytes | Burst]:
    """The flushes of a streamed answer."""
    assert not isinstance(response.body, bytes), response.body
    return [flush async for flush in response.body]


async def stream_of(container: Container, body: object, *headers: tuple[str, str]) -> bytes:
    """The concatenation of a streamed answer."""
    response = await ask(container, body, STREAM, *headers)
    return b"".join(
        b"".join(flush.payloads) if isinstance(flush, Burst) else flush for flush in await flushes(response)
    )


async def json_of(container: Container, body: object, *headers: tuple[str, str]) -> Any:
    """The parsed body of a whole answer."""
    response = await ask(container, body, *headers)
    assert isinstance(response.body, bytes)
    return json.loads(response.body)


def fixed_surroundings(now: Callable[[], float] = lambda: 1_700_000_000.0) -> Surroundings:
    """A clock that stands still, no waiting, and always the same id and seed."""

    async def sleep(_: float) -> None:
        return None

    waiting: Callable[[float], Awaitable[None]] = sleep
    return Surroundings(
        now=now,
        monotonic=lambda: 0.0,
        sleep=waiting,
        new_id=lambda: "0123456789abcdef0123456789abcdef",
        new_seed=lambda: 7,
    )


async def collected(pieces: AsyncIterator[bytes]) -> list[bytes]:
    """All pieces of an async iterator."""
    return [piece async for piece in pieces]
