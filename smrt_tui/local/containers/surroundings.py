"""What containers take from outside: the clock, sleep, luck. Handed over, so that a test can fix them."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable

from msgspec import Struct, field


def _random_seed() -> int:
    return random.SystemRandom().getrandbits(31)


def _random_id() -> str:
    return uuid.uuid4().hex


class Surroundings(Struct, frozen=True):
    """The real ones by default."""

    now: Callable[[], float] = time.time
    """Seconds since the epoch."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds that only go forward."""
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)
    new_id: Callable[[], str] = _random_id
    """32 hexadecimal digits."""
    new_seed: Callable[[], int] = _random_seed
