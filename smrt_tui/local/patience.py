"""How long a container may keep a stream waiting, watched without a timer for every flush."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Generic, TypeVar

from msgspec import Struct

_Item = TypeVar("_Item")

_LOOKS = 20
"""How often it looks within one span of silence: the precision is a twentieth."""


class StreamLimits(Struct, frozen=True):
    """How long a container may take once the head is out."""

    silence_s: float = 60.0
    """Between two flushes."""
    total_s: float = 480.0
    """Eight minutes for a whole stream (developer guide)."""


class Patience(Generic[_Item]):
    """`async with` it, then `await next()`: raises `TimeoutError` when the source takes too long.

    Only the time spent waiting for the source counts, not the time that the client takes to read.
    """

    def __init__(self, source: AsyncIterator[_Item], limits: StreamLimits) -> None:
        self._source = source
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + limits.total_s
        self._interval_s = min(limits.silence_s, limits.total_s) / _LOOKS
        self._waiting_since: float | None = None
        self._is_over = False
        self._task: asyncio.Task[object] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Patience[_Item]:
        self._timer = self._loop.call_later(self._interval_s, self._look)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()

    async def next(self) -> _Item | None:
        """The next item; None at the end of the source."""
        self._task = asyncio.current_task()
        self._waiting_since = self._loop.time()
        try:
            return await anext(self._source, None)
        except asyncio.CancelledError:
            if self._is_over and self._task is not None and self._task.uncancel() == 0:
                raise TimeoutError from None
            raise
        finally:
            self._waiting_since = None

    def _look(self) -> None:
        now = self._loop.time()
        since = self._waiting_since
        if since is not None and (now - since >= self._limits.silence_s or now >= self._deadline):
            self._is_over = True
            assert self._task is not None  # `next` sets it before it waits
            self._task.cancel()
        else:
            self._timer = self._loop.call_later(self._interval_s, self._look)
