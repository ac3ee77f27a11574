"""The logbook: every finished call goes into the history, and comes back from it. Implements `ui.ports.Logbook`.

Every call runs in a thread and raises `SmrtError` for a file that is damaged, locked or not ours.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.kept_text import is_large

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft, ResolvedDraft
    from smrt_tui.core.invocation import HistoryRow, Invocation
    from smrt_tui.core.recorder import Recorder
    from smrt_tui.store.history import History

T = TypeVar("T")

PRUNE_EVERY = 50
"""Calls between two looks whether the history has grown too long."""


class Logbook:
    """One state folder's history."""

    def __init__(self, state_folder: Path, now: Callable[[], datetime]) -> None:
        self._state_folder = state_folder
        self._now = now

    async def add(self, recorder: Recorder, sent: ResolvedDraft, written: Draft, profile_id: str) -> None:
        """Keep a finished call."""
        from smrt_tui.core.invocation import invocation_of

        lasted = timedelta(seconds=recorder.ended.at if recorder.ended else 0.0)
        started_at = (self._now() - lasted).isoformat(timespec="milliseconds")

        def add(history: History) -> None:
            number = history.add(invocation_of(recorder, sent, profile_id, started_at, self._put_away(written)))
            if number % PRUNE_EVERY == 0:
                history.prune()

        await self._with_history(add)

    def _put_away(self, draft: Draft) -> Draft:
        """The draft as it can be kept: a large text that was sent before it was in a file gets one."""
        if not is_large(draft.body):
            return draft
        from smrt_tui.store.payloads import PayloadStore

        return replace(draft, body="", body_kept=PayloadStore(self._state_folder).keep(draft.body))

    async def rows(self, limit: int) -> tuple[HistoryRow, ...]:
        """The newest calls first."""
        return await self._with_history(lambda history: history.latest(limit))

    async def get(self, row_id: int) -> Invocation | None:
        """A whole call; None when it is not there any more."""
        return await self._with_history(lambda history: history.get(row_id))

    async def _with_history(self, work: Callable[[History], T]) -> T:
        def run() -> T:
            from smrt_tui.store.history import History

            return work(History(self._state_folder))

        try:
            return await asyncio.to_thread(run)
        except (OSError, sqlite3.Error) as error:
            raise SmrtError(f"the history cannot be used: {error}") from error
