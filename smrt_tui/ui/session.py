"""The session: owns the open profile, the draft and the running call. Knows no widget.

Everything a person can do is a method here; everything that follows is told through `tell`, one value of `ui.news` at a
time. It reaches the world only through the workbench.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from smrt_tui.core.draft import Draft, apply_fix, draft_of
from smrt_tui.core.service import MODES, Mode
from smrt_tui.ui.consent import foreign_host
from smrt_tui.ui.news import (
    CatalogueLoaded,
    ConsentNeeded,
    DraftChanged,
    EntryOpened,
    Linted,
    News,
    Said,
)
from smrt_tui.ui.pace import Debounce
from smrt_tui.ui.runner import Runner

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.profile import Payload
    from smrt_tui.ui.ports import Workbench
    from smrt_tui.ui.run import Run

LINT_AFTER_S = 0.25
KEEP_AFTER_S = 1.0
FIRST_CHOICE = "local/chat"


class Session:
    """One sitting: what is open, what is written, what is running."""

    def __init__(self, workbench: Workbench, tell: Callable[[News], None], clock: Callable[[], float]) -> None:
        self.catalogue: Catalogue | None = None
        self.entry: ProfileEntry | None = None
        self.payload = ""
        """The chosen payload's name."""
        self.draft: Draft | None = None
        self.findings: tuple[Finding, ...] = ()
        """The lint's, about the draft as it is."""
        self._workbench = workbench
        self._tell = tell
        self._runner = Runner(workbench, tell, clock)
        self._drafts: dict[tuple[str, str], Draft] = {}
        self._consented: set[str] = set()
        self._is_send_wanted = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._lint_soon = Debounce(lambda: self._spawn(self._lint()), LINT_AFTER_S)
        self._keep_soon = Debounce(lambda: self._spawn(self._keep()), KEEP_AFTER_S)

    @property
    def is_live(self) -> bool:
        """Whether a call is running."""
        return self._runner.is_live

    @property
    def run(self) -> Run | None:
        """The latest run, live or over."""
        return self._runner.run

    # -- profiles and payloads

    async def load(self, first: str | None = None) -> None:
        """Read the profiles and open one: `first`, the open one, `local/chat`, or the first that can be sent."""
        self.catalogue = catalogue = await self._workbench.load_catalogue()
        self._tell(CatalogueLoaded(catalogue))
        wanted = first or (self.entry.id if self.entry else FIRST_CHOICE)
        entry = catalogue.find(wanted)
        if entry is None and first:
            near = catalogue.nearest(first)
            self._tell(Said(f"There is no profile {first}" + (f"; did you mean {near}?" if near else ""), "error"))
        if entry is None:
            entry = next((e for e in catalogue.entries if e.profile is not None), None)
        if entry is not None:
            await self._open(entry)

    async def select(self, profile_id: str) -> None:
        """Open a profile by its id. Its last draft comes back; a running call goes on."""
        entry = self.catalogue.find(profile_id) if self.catalogue else None
        if entry is None:
            self._tell(Said(f"There is no profile {profile_id}", "error"))
        elif self.entry is not entry:
            await self._open(entry)

    async def _open(self, entry: ProfileEntry) -> None:
        self._remember()
        self.entry, self.draft, self.findings = entry, None, ()
        profile = entry.profile
        if profile is None:
            self.payload = ""
            self._tell(EntryOpened(entry, None, ""))
            self._tell(Linted(()))
            return
        payload = profile.payloads[0] if profile.payloads else None
        kept = self._drafts.get((entry.id, payload.name if payload else "")) or await self._workbench.kept_draft(entry)
        if self.entry is not entry:
            return  # another one was opened meanwhile
        self._put(entry, payload, kept)
        if kept is not None and kept != draft_of(profile, payload):
            self._tell(Said("Your draft is back; alt+r returns to the saved text"))
        if self._is_send_wanted:
            self.send()

    def choose_payload(self, name: str) -> None:
        """Put a saved payload into the composer; what was written over the one before it is kept for this sitting."""
        if self.entry is None or self.entry.profile is None or name == self.payload:
            return
        payload = self.entry.profile.payload(name)
        if payload is None:
            self._tell(Said(f"There is no payload {name}", "error"))
            return
        self._remember()
        self._put(self.entry, payload, self._drafts.get((self.entry.id, name)))

    def next_payload(self) -> None:
        """The payload after the chosen one, round and round."""
        names = self._payload_names()
        if len(names) < 2:
            self._tell(Said("This profile has no other payload"))
            return
        self.choose_payload(names[(names.index(self.payload) + 1) % len(names)])

    def reset(self) -> None:
        """Go back to the payload as the profile has it."""
        if self.entry is None or self.entry.profile is None:
            return
        self._drafts.pop((self.entry.id, self.payload), None)
        self._put(self.entry, self.entry.profile.payload(self.payload), None)
        self._keep_soon.poke()
        self._tell(Said("Back to the saved text"))

    def _payload_names(self) -> list[str]:
        profile = self.entry.profile if self.entry else None
        return [payload.name for payload in profile.payloads] if profile else []

    def _put(self, entry: ProfileEntry, payload: Payload | None, draft: Draft | None) -> None:
        assert entry.profile is not None  # only sound profiles have payloads and drafts
        self.payload = payload.name if payload else ""
        self.draft = draft or draft_of(entry.profile, payload)
        self._tell(EntryOpened(entry, self.draft, self.payload))
        self._spawn(self._lint())

    def _remember(self) -> None:
        if self.entry is not None and self.draft is not None:
            self._drafts[self.entry.id, self.payload] = self.draft
            if self._keep_soon.is_waiting:
                self._keep_soon.drop()
                self._spawn(self._workbench.keep_draft(self.entry, self.draft))

    # -- the draft

    def edit(self, draft: Draft) -> None:
        """Take over what was typed."""
        if draft != self.draft:
            self.draft = draft
            self._lint_soon.poke()
            self._keep_soon.poke()

    def switch_mode(self, mode: Mode | None = None) -> None:
        """Fire another operation from now on; without a mode, the next of sync, async, stream."""
        if self.draft is None:
            return
        self._change(replace(self.draft, mode=mode or MODES[(MODES.index(self.draft.mode) + 1) % len(MODES)]))

    def fix(self, finding: Finding | None = None) -> None:
        """Apply a finding's repair; without one, that of the worst finding that has any."""
        chosen = finding or next((f for f in self.findings if f.fix is not None), None)
        if self.draft is None or chosen is None or chosen.fix is None:
            self._tell(Said("Nothing here can be fixed by itself" if self.findings else "Nothing to fix"))
            return
        self._change(apply_fix(self.draft, chosen.fix))
        self._tell(Said(f"Fixed: {chosen.where}"))

    def _change(self, draft: Draft) -> None:
        if draft != self.draft:
            self.edit(draft)
            self._tell(DraftChanged(draft))
            self._lint_soon.drop()
            self._spawn(self._lint())

    async def _lint(self) -> None:
        entry, draft = self.entry, self.draft
        if entry is None or draft is None:
            return
        findings = tuple(await self._workbench.lint(entry, draft))
        if self.entry is entry and self.draft == draft:
            self.findings = findings
            self._tell(Linted(findings))

    async def _keep(self) -> None:
        if self.entry is not None and self.draft is not None:
            await self._workbench.keep_draft(self.entry, self.draft)

    # -- the call

    def send(self, *, consented: bool = False) -> None:
        """Fire the draft. While a call runs, nothing is fired; before the profiles are there, it waits for them."""
        self._is_send_wanted = False
        if self.is_live:
            self._tell(Said("A call is running; esc or ctrl+c cancels it", "warning"))
            return
        if self.entry is None:
            self._is_send_wanted = True
            return
        if self.draft is None:
            self._tell(Said("This profile has problems; nothing can be sent from it", "error"))
            return
        host = foreign_host(self.entry)
        if host is not None and host not in self._consented and not consented:
            self._tell(ConsentNeeded(host))
            return
        if host is not None:
            self._consented.add(host)
        self._runner.start(self.entry, self.draft)

    def cancel(self) -> None:
        """Stop the running call; what arrived stays."""
        self._runner.cancel()

    # -- the end

    async def close(self) -> None:
        """Keep the draft, stop the call, and let go of everything."""
        self._lint_soon.drop()
        self._keep_soon.drop()
        await self._keep()
        await self._runner.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._workbench.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
