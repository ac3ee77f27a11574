"""The memory: drafts, the place and the colours, remembered from one sitting to the next. Implements `ui.ports.Memory`.

Every file is read and written in a thread; a disk that takes nothing is an `OSError`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.place import Place


class Memory:
    """What one state folder remembers."""

    def __init__(self, state_folder: Path) -> None:
        self._state_folder = state_folder

    async def keep_draft(self, entry: ProfileEntry, payload: str, draft: Draft) -> None:
        """Remember what is written over a payload, so that it survives a kill; the saved text itself is forgotten."""
        from smrt_tui.core.draft import draft_of, same_request
        from smrt_tui.store.drafts import forget_draft, write_draft

        key = _draft_key(entry.id, payload)
        profile = entry.profile
        if profile is not None and same_request(draft, draft_of(profile, profile.payload(payload))):
            await asyncio.to_thread(forget_draft, self._state_folder, key)
        else:
            await asyncio.to_thread(write_draft, self._state_folder, key, draft)

    async def drafts(self, entry: ProfileEntry) -> Mapping[str, Draft]:
        """What was written over the payloads of a profile in earlier sittings, by the payload's name."""
        names = [payload.name for payload in entry.profile.payloads] if entry.profile else []
        return await asyncio.to_thread(self._drafts, entry.id, names or [""])

    def _drafts(self, profile_id: str, names: Sequence[str]) -> dict[str, Draft]:
        from smrt_tui.store.drafts import read_draft

        drafts = {name: read_draft(self._state_folder, _draft_key(profile_id, name)) for name in names}
        return {name: draft for name, draft in drafts.items() if draft is not None}

    async def keep_place(self, place: Place) -> None:
        """Remember where the person is."""
        from smrt_tui.store.place import write_place

        await asyncio.to_thread(write_place, self._state_folder, place)

    async def place(self) -> Place:
        """Where the person was when the app was last open."""
        from smrt_tui.store.place import read_place

        return await asyncio.to_thread(read_place, self._state_folder)

    async def keep_theme(self, theme: str) -> None:
        """Remember the colours."""
        from smrt_tui.store.settings import write_theme

        await asyncio.to_thread(write_theme, self._state_folder, theme)


def _draft_key(profile_id: str, payload: str) -> str:
    """What a draft is kept under: one for each payload of each profile."""
    return f"{profile_id}#{payload}"
