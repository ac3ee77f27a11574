"""The watch: notices that profile files changed, once a second, and waits until whoever writes them is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable

LOOK_EVERY_S = 1.0
SETTLE_S = 0.1
"""Between two looks at files that are being written: an editor may empty a file before it fills it."""


class Watch:
    """Looks until it is cancelled. A look that takes long delays the next one and nothing else."""

    def __init__(
        self,
        look: Callable[[], Awaitable[Hashable]],
        changed: Callable[[], Awaitable[None]],
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._look = look
        self._changed = changed
        self._every_s = every_s

    async def run(self) -> None:
        """Tell of every change from now on."""
        known = await self._look()
        while True:
            await asyncio.sleep(self._every_s)
            seen = await self._look()
            if seen != known:
                known = await self._settled(seen)
                await self._changed()

    async def _settled(self, seen: Hashable) -> Hashable:
        while True:
            await asyncio.sleep(SETTLE_S)
            again = await self._look()
            if again == seen:
                return again
            seen = again
