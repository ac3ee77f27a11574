"""What the containers did, a few lines an invocation: the log that a ModelError points to.

A real container's log is whatever its program prints. Here the front door's side of it is written down: the request
line, the status with the first words of a refusal, and what broke. Bounded per endpoint; in memory only.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from smrt_tui.local.container import Container, ContainerRequest, ContainerResponse

GROUP = "/aws/sagemaker/Endpoints/"
"""What a log group's name begins with; the endpoint's name follows."""
INSTANCE = "i-local"
MOST_LINES = 1_000
"""Lines that are kept for each endpoint."""
_MOST_CHARACTERS = 2_048
_INFERENCE_ID = "x-amzn-sagemaker-inference-id"


class LogEvent(Struct, frozen=True):
    """One line."""

    number: int
    """Counts from 0 over the whole run."""
    at: datetime
    stream: str
    """Variant and instance, as SageMaker names log streams."""
    message: str


class ContainerLogs:
    """The lines of every endpoint's containers."""

    def __init__(self, endpoints: Iterable[str], now: Callable[[], datetime]) -> None:
        self._lines: dict[str, deque[LogEvent]] = {name: deque(maxlen=MOST_LINES) for name in endpoints}
        self._now = now
        self._count = 0

    def write(self, endpoint: str, variant: str, text: str) -> None:
        """Add a line. Nothing happens for an endpoint that is not there."""
        lines = self._lines.get(endpoint)
        if lines is not None:
            message = " ".join(text.split())[:_MOST_CHARACTERS]
            lines.append(LogEvent(self._count, self._now(), f"{variant}/{INSTANCE}", message))
            self._count += 1

    def group(self, name: str) -> Sequence[LogEvent] | None:
        """The lines of a log group, the oldest first; None when there is no such group."""
        lines = self._lines.get(name.removeprefix(GROUP)) if name.startswith(GROUP) else None
        return None if lines is None else tuple(lines)


class LoggedContainer:
    """A container whose every invocation is written down."""

    def __init__(self, container: Container, write: Callable[[str], None]) -> None:
        self.name = container.name
        self._container = container
        self._write = write

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """The container's own answer."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        tag = _tag(request)
        self._write(f"{tag}POST {request.path} {_content_type(request.headers)} {len(request.body)} bytes")
        try:
            response = await self._container.invoke(request)
        except asyncio.CancelledError:
            self._write(f"{tag}no answer after {loop.time() - begun:.3f} s, and nobody waits any more")
            raise
        except Exception as error:
            self._write(f"{tag}{type(error).__name__}: {error}")
            raise
        self._write(f"{tag}{_outcome(response)} in {(loop.time() - begun) * 1000:.0f} ms{_words(response)}")
        return response

    async def ping(self) -> bool:
        """The container's own answer."""
        return await self._container.ping()


def _tag(request: ContainerRequest) -> str:
    """The inference id before every line about it, so that a search for it finds them."""
    found = next((value for name, value in request.headers if name.lower() == _INFERENCE_ID), None)
    return "" if found is None else f"[{found}] "


def _content_type(headers: Sequence[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "no content type")


def _outcome(response: ContainerResponse) -> str:
    size = f"{len(response.body)} bytes" if isinstance(response.body, bytes) else "as a stream"
    return f"{response.status} {_content_type(response.headers)} {size}"


def _words(response: ContainerResponse) -> str:
    """The body of a refusal."""
    if response.status < 400 or not isinstance(response.body, bytes) or not response.body:
        return ""
    return f": {response.body[:_MOST_CHARACTERS].decode('utf-8', 'replace')}"
