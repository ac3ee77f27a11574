"""The desk: owns the draft being written and what the lint says about it, and sees that it survives a kill.

It changes drafts and tells so. It opens no profile and fires nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smrt_tui.core.draft import Draft, apply_fix
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.fills import has_fills
from smrt_tui.core.service import MODES, Mode, packaged_service
from smrt_tui.core.switching import switched
from smrt_tui.ui.news import DraftChanged, FileTold, FillsTold, Linted, News, Said
from smrt_tui.ui.pace import Debounce
from smrt_tui.ui.tasks import Tasks

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.fills import Fill
    from smrt_tui.core.finding import Finding
    from smrt_tui.ui.ports import Workbench

LINT_AFTER_S = 0.25
KEEP_AFTER_S = 1.0


class Desk:
    """One draft at a time."""

    def __init__(self, workbench: Workbench, tell: Callable[[News], None]) -> None:
        self.entry: ProfileEntry | None = None
        """The profile that the draft belongs to."""
        self.draft: Draft | None = None
        """None while no sound profile is open."""
        self.payload = ""
        """The name of the payload that the draft is written over."""
        self.replaced: Draft | None = None
        """What stood here before it was replaced as a whole, to be brought back."""
        self.findings: tuple[Finding, ...] = ()
        """The lint's, about the draft as it is."""
        self._fills: tuple[Fill, ...] = ()
        self._is_open = False
        self._workbench = workbench
        self._tell = tell
        self._tasks = Tasks()
        self._lint_soon = Debounce(lambda: self._tasks.spawn(self._lint()), LINT_AFTER_S)
        self._keep_soon = Debounce(lambda: self._tasks.spawn(self._keep()), KEEP_AFTER_S)

    def begin(self) -> None:
        """Look at what is on the desk from now on. Not before the first send is possible: that comes first."""
        self._is_open = True
        if self.draft is not None:
            self._tasks.spawn(self._lint())

    def put(self, entry: ProfileEntry, draft: Draft | None, payload: str = "") -> None:
        """Clear the desk for another draft. An unkept one is kept first."""
        if self._keep_soon.is_waiting:
            self._keep_soon.drop()
            self._tasks.spawn(self._keep())
        self.entry, self.draft, self.payload, self.findings = entry, draft, payload, ()
        self.replaced = None
        self._lint_soon.drop()
        if self._is_open:
            self._tasks.spawn(self._lint())

    def edit(self, draft: Draft) -> None:
        """Take over what was typed."""
        if draft != self.draft:
            self.draft = draft
            self._lint_soon.poke()
            self._keep_soon.poke()

    def change(self, draft: Draft) -> None:
        """Take over what was changed by something else than typing in the composer."""
        if draft != self.draft:
            self.edit(draft)
            self._tell(DraftChanged(draft))
            self._lint_soon.drop()
            self._tasks.spawn(self._lint())

    def replace(self, draft: Draft) -> None:
        """Put another request in place of this one, which can be brought back."""
        before = self.draft
        self.change(draft)
        if before is not None and before != draft:
            self.replaced = before

    def bring_back(self) -> None:
        """Change places with what was replaced."""
        if self.replaced is None:
            self._tell(Said("Nothing was replaced here"))
        else:
            self.replace(self.replaced)
            self._tell(Said("The request from before is back"))

    def keep_soon(self) -> None:
        """Keep the draft as it is now in place of what was kept."""
        self._keep_soon.poke()

    def switch_mode(self, mode: Mode | None = None) -> None:
        """Fire another operation from now on; without a mode, the next of sync, async, stream."""
        if self.draft is None:
            return
        before = self.draft
        self.change(replace(before, mode=mode or MODES[(MODES.index(before.mode) + 1) % len(MODES)]))
        if self.draft.mode != before.mode:
            self._tasks.spawn(self._tell_switch(before, self.draft.mode))

    async def _tell_switch(self, before: Draft, mode: Mode) -> None:
        """Say which members change their header's name, or are not sent any more: it is not seen from the payload."""
        service = await asyncio.to_thread(packaged_service)  # read by now, but for the very first moments
        words = switched(before, before.mode, mode, service).words
        if words:
            self._tell(Said(f"{mode}: {words}"))

    async def lay_out_payload(self, lay_out: Callable[[str], str | None]) -> None:
        """Indent a JSON payload, or take its blanks out. In a thread: five megabytes take seconds."""
        before = self.draft
        if before is None:
            return
        if before.body_file is not None:
            self._tell(Said("The payload is a file; it is sent as it is", "warning"))
            return
        text = await asyncio.to_thread(lay_out, before.body)
        if text is None:
            self._tell(Said("The payload is no JSON as it stands", "warning"))
        elif self.draft is not None and self.draft.body is before.body:
            self.change(replace(self.draft, body=text))

    def fix(self, finding: Finding) -> None:
        """Change the draft as the finding's repair says."""
        if self.draft is not None and finding.fix is not None:
            self.change(apply_fix(self.draft, finding.fix))
            self._tell(Said(f"Fixed: {finding.where}"))

    async def close(self) -> None:
        """Keep the draft, and stop."""
        self._lint_soon.drop()
        if self._keep_soon.is_waiting:
            self._keep_soon.drop()
            await self._keep()
        await self._tasks.close()

    async def _lint(self) -> None:
        entry, draft = self.entry, self.draft
        findings = tuple(await self._workbench.lint(entry, draft)) if entry and draft else ()
        if self.entry is entry and self.draft == draft:
            self.findings = findings
            self._tell(Linted(findings))
            await self._tell_fills()
            await self._tell_file()

    async def _tell_file(self) -> None:
        """What the file is that is sent as the payload."""
        entry, draft = self.entry, self.draft
        if entry is None or draft is None or draft.body_file is None:
            return
        try:
            told = FileTold(await self._workbench.inputs.look(entry, draft.body_file))
        except SmrtError as error:
            told = FileTold(None, error.message)
        if self.draft is draft:
            self._tell(told)

    async def _tell_fills(self) -> None:
        """What fills itself, when that is another than before."""
        entry, draft = self.entry, self.draft
        fills = await self._workbench.inputs.fills(entry, draft) if entry and draft and has_fills(draft) else ()
        if fills != self._fills and self.draft is draft:
            self._fills = fills
            self._tell(FillsTold(fills))

    async def _keep(self) -> None:
        if self.entry is None or self.draft is None:
            return
        try:
            await self._workbench.memory.keep_draft(self.entry, self.payload, self.draft)
        except OSError as error:
            self._tell(Said(f"The draft could not be kept on disk: {error.strerror or error}", "warning"))
