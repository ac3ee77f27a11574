"""Waiting for a condition, never for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LIMIT_S = 30.0
"""Far beyond what any condition needs; only a failing test reaches it."""


async def eventually(predicate: Callable[[], object], what: str = "") -> None:
    """Let the loop run until the predicate holds. Raises `AssertionError` when it never does."""
    try:
        async with asyncio.timeout(LIMIT_S):
            while not predicate():
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError(f"never came true: {what or predicate}") from None
