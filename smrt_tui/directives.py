"""What the local endpoint can be asked for, read off its table when first needed. `main` says where the table is.

Implements `ui.ports.Directives`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smrt_tui.core.directive import Directive


class Directives:
    """The rows of one table."""

    def __init__(self, load: Callable[[], Sequence[Directive]]) -> None:
        self._load = load

    async def all(self) -> Sequence[Directive]:
        """Every fault, then every way to cut parts; the table's imports are done in a thread."""
        return await asyncio.to_thread(self._load)
