"""What a container answers: whole bodies by media type, and pieces at a pace. Reads no request."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

from smrt_tui.local.container import Burst, ContainerResponse

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers


def answer(body: bytes, content_type: str, *, status: int = 200, headers: Headers = ()) -> ContainerResponse:
    """A whole answer."""
    return ContainerResponse(status, (("Content-Type", content_type), *headers), body)


def json_answer(value: object, *, status: int = 200, headers: Headers = ()) -> ContainerResponse:
    """A whole answer as JSON with Python's usual spaces, text unescaped."""
    return answer(
        json.dumps(value, ensure_ascii=False).encode(errors="replace"),
        "application/json",
        status=status,
        headers=headers,
    )


def refusal(status: int, message: str) -> ContainerResponse:
    """A refusal in plain text, which the front door shows as OriginalMessage."""
    return answer(message.encode(), "text/plain; charset=utf-8", status=status)


def streamed(pieces: AsyncIterator[bytes | Burst], content_type: str, headers: Headers = ()) -> ContainerResponse:
    """A chunked answer, one piece a flush."""
    return ContainerResponse(200, (("Content-Type", content_type), *headers), pieces)


async def paced(pieces: Iterable[bytes], pace_s: float) -> AsyncIterator[bytes]:
    """The pieces, the first at once and each next one due `pace_s` after the one before was due.

    A late piece does not delay the later ones, so that the rate holds. Pieces are drawn one by one, when they are due.
    """
    due = time.monotonic()
    for piece in pieces:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield piece
        due += pace_s


def slices(body: bytes, size: int) -> Iterable[bytes]:
    """The body cut into slices of `size` bytes, the last one shorter."""
    return (body[at : at + size] for at in range(0, len(body), size))
