"""The repairs that findings offer: changes to the draft by way of the desk, and what lies beside it.

A repair that has nothing left to do is passed over, so that one key goes through all of them. No profile file is ever
changed here: a longer patience lasts for the sitting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smrt_tui.core.draft import apply_fix
from smrt_tui.core.finding import RaiseReadTimeout, RefreshCredentials
from smrt_tui.ui.news import News, Said
from smrt_tui.ui.tasks import Tasks

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.finding import Finding, Fix
    from smrt_tui.ui.desk import Desk
    from smrt_tui.ui.ports import Workbench


class Repairs:
    """Carries out the fix of a finding."""

    def __init__(self, workbench: Workbench, desk: Desk, tell: Callable[[News], None], tasks: Tasks) -> None:
        self._workbench = workbench
        self._desk = desk
        self._tell = tell
        self._tasks = tasks
        self._patience: dict[str, int] = {}
        """Seconds to wait for the next byte, by the profile's id."""
        self._refreshed_for: Finding | None = None

    def apply_next(self, findings: Sequence[Finding]) -> None:
        """Carry out the first repair that still changes something."""
        chosen = next((finding for finding in findings if finding.fix is not None and self._is_due(finding)), None)
        if chosen is not None:
            self.apply(chosen)
        elif any(finding.fix is not None for finding in findings):
            self._tell(Said("Everything that can be fixed by itself is; f5 sends"))
        else:
            self._tell(Said("Nothing here can be fixed by itself" if findings else "Nothing to fix"))

    def apply(self, finding: Finding) -> None:
        """Carry out the repair of this one."""
        match finding.fix:
            case RaiseReadTimeout(seconds):
                self._wait_longer(seconds)
            case RefreshCredentials():
                self._refreshed_for = finding
                self._tasks.spawn(self._refresh())
            case _:
                self._desk.fix(finding)

    def patient(self, entry: ProfileEntry) -> ProfileEntry:
        """The entry as it is to be fired: with the longer patience, where there is one."""
        seconds = self._patience.get(entry.id)
        if seconds is None or entry.profile is None:
            return entry
        client = replace(entry.profile.client, read_timeout=float(seconds))
        return replace(entry, profile=replace(entry.profile, client=client))

    def _is_due(self, finding: Finding) -> bool:
        fix: Fix | None = finding.fix
        entry, draft = self._desk.entry, self._desk.draft
        if isinstance(fix, RaiseReadTimeout):
            return entry is not None and self._patience.get(entry.id, 0) < fix.seconds
        if isinstance(fix, RefreshCredentials):
            return self._refreshed_for is not finding
        return fix is not None and draft is not None and apply_fix(draft, fix) != draft

    def _wait_longer(self, seconds: int) -> None:
        entry = self._desk.entry
        if entry is not None:
            self._patience[entry.id] = seconds
            self._tell(Said(f"{entry.id} now waits up to {seconds} s for the next byte, until you leave; f5 sends"))

    async def _refresh(self) -> None:
        await self._workbench.keyring.forget()
        self._tell(Said("Credentials are looked for again at the next send; f5 sends"))
