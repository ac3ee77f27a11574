"""What the front door and a container owe each other: one request, one response.

A container never sees SageMaker: signatures, event-stream frames, faults and part policies are the door's. What it
gets is what a real one gets on `POST /invocations`. Only the contract belongs here, no behaviour.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers


class ContainerRequest(Struct, frozen=True):
    """What the container sees on `POST /invocations`, after the door stripped and translated the headers."""

    path: str
    """`/invocations`, or `/models/{name}/invoke` on a multi-model endpoint."""
    headers: Headers
    """Pairs, in wire order and case."""
    body: bytes


class Burst(Struct, frozen=True):
    """Several payload parts flushed at once: each becomes a frame of its own, all of them leave in one write.

    For load: one hop through the server for many frames. Unframed, it is the concatenation.
    """

    payloads: tuple[bytes, ...]


class ContainerResponse(Struct, frozen=True):
    """What the container answers."""

    status: int
    headers: Headers
    body: bytes | AsyncIterator[bytes | Burst]
    """Bytes are a plain answer; an iterator is a chunked, flushed stream: one item is one flush of the container."""


class Container(Protocol):
    """A model behind the door."""

    name: str

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """The answer to one invocation. A 4xx or 5xx is a response, not an exception."""
        ...

    async def ping(self) -> bool:
        """Whether the container is ready to be invoked."""
        ...
