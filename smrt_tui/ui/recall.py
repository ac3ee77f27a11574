"""Recall: what was written over which payload of which profile, and where the person is. From one sitting to the next.

It remembers what it is told. What stands on the desk now is the desk's to keep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.draft import Draft
from smrt_tui.core.place import Place
from smrt_tui.ui.desk import KEEP_AFTER_S
from smrt_tui.ui.news import News, Said
from smrt_tui.ui.pace import Debounce
from smrt_tui.ui.tasks import Tasks

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.ui.ports import Memory


class Recall:
    """Of one sitting and, by way of the memory, of those before it."""

    def __init__(self, memory: Memory, tell: Callable[[News], None]) -> None:
        self.place = Place()
        """Where the person is: the profile, and the payload of each."""
        self._memory = memory
        self._tell = tell
        self._drafts: dict[tuple[str, str], Draft] = {}
        """By profile and payload."""
        self._recalled: set[str] = set()
        """The profiles whose drafts of earlier sittings were brought back."""
        self._tasks = Tasks()
        self._keep_soon = Debounce(lambda: self._tasks.spawn(self._keep()), KEEP_AFTER_S)

    async def begin(self) -> None:
        """Go to where the last sitting ended."""
        self.place = await self._memory.place()

    async def bring_back(self, entry: ProfileEntry) -> None:
        """Read what earlier sittings left unsent, once; what was written in this one wins."""
        if entry.id not in self._recalled:
            for name, draft in (await self._memory.drafts(entry)).items():
                self._drafts.setdefault((entry.id, name), draft)
            self._recalled.add(entry.id)

    def draft(self, entry: ProfileEntry, payload: str) -> Draft | None:
        """What was written over a payload; None when that is as it was saved."""
        return self._drafts.get((entry.id, payload))

    def remember(self, entry: ProfileEntry, payload: str, draft: Draft) -> None:
        """Keep what is written over a payload."""
        self._drafts[entry.id, payload] = draft

    def forget(self, entry: ProfileEntry, payload: str) -> None:
        """The payload is as it was saved."""
        self._drafts.pop((entry.id, payload), None)

    def move_to(self, entry: ProfileEntry, payload: str) -> None:
        """The person is here now; soon that is on disk."""
        place = self.place.at(entry.id, payload)
        if place != self.place:
            self.place = place
            self._keep_soon.poke()

    async def close(self) -> None:
        """Keep the place, and stop."""
        if self._keep_soon.is_waiting:
            self._keep_soon.drop()
            await self._keep()
        await self._tasks.close()

    async def _keep(self) -> None:
        try:
            await self._memory.keep_place(self.place)
        except OSError as error:
            self._tell(Said(f"Where you are could not be kept on disk: {error.strerror or error}", "warning"))
