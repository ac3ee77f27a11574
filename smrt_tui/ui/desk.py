"""The desk: owns the draft being written and what the lint says about it, and sees that it survives a kill.

It changes drafts and tells so. A payload too large to be edited does not stay in a draft, however it came in: it is put
into a file. The desk opens no profile and fires nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smrt_tui.core.draft import Draft, apply_fix, same_request
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.fills import has_fills
from smrt_tui.core.kept_text import is_large
from smrt_tui.core.service import MODES, Mode, packaged_service
from smrt_tui.core.switching import switched
from smrt_tui.ui.news import DraftChanged, FileTold, FillsTold, Linted, News, Said, TextKept
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
        self._putting_away = ""
        """The large text that is being written to a file."""
        self._is_open = False
        self._workbench = workbench
        self._tell = tell
        self._tasks = Tasks()
        self._lint_soon = Debounce(lambda: self._tasks.spawn(self._lint()), LINT_AFTER_S)
        self._keep_soon = Debounce(lambda: self._tasks.spawn(self._keep_now()), KEEP_AFTER_S)

    def begin(self) -> None:
        """Look at what is on the desk from now on. Not before the first send is possible: that comes first."""
        self._is_open = True
        if self.draft is not None:
            self._tasks.spawn(self._lint())

    def put(self, entry: ProfileEntry, draft: Draft | None, payload: str = "") -> None:
        """Clear the desk for another draft. An unkept one is kept first."""
        if self._keep_soon.is_waiting:
            self._keep_soon.drop()
            if self.entry is not None and self.draft is not None:
                self._tasks.spawn(self._keep(self.entry, self.payload, self.draft))
        self.entry, self.draft, self.payload, self.findings = entry, draft, payload, ()
        self.replaced = None
        self._put_away_large()
        self._lint_soon.drop()
        if self._is_open:
            self._tasks.spawn(self._lint())

    def edit(self, draft: Draft) -> None:
        """Take over what was typed."""
        before = self.draft
        if draft == before:
            return
        self.draft = draft
        self._lint_soon.poke()
        self._keep_soon.poke()
        if self._put_away_large() and before is not None and draft.body is not before.body:
            self.replaced = before  # the editor's own way back ends where its text does

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
        written = await self.text(before)
        text = None if written is None else await asyncio.to_thread(lay_out, written)
        if written is None:
            return
        if text is None:
            self._tell(Said("The payload is no JSON as it stands", "warning"))
        else:
            await self.take_text(before, text)

    async def text(self, draft: Draft) -> str | None:
        """The text of a draft's payload, from its file when it is in one; None when that cannot be, and is told."""
        if draft.body_kept is None:
            return draft.body
        try:
            return await self._workbench.payloads.text(draft.body_kept)
        except SmrtError as error:
            self._tell(Said(error.message, "error"))
            return None

    async def take_text(self, before: Draft, text: str) -> None:
        """Take over what became of the payload of `before`, unless that was changed meanwhile."""
        is_as_before = await asyncio.to_thread(same_request, before, before.with_body(text))
        draft = self.draft
        if draft is None or draft.body is not before.body or draft.body_kept != before.body_kept:
            self._tell(Said("The payload was changed meanwhile; it stays as it is now", "warning"))
        elif draft.body_kept is None:
            self.change(draft.with_body(text))
        elif not is_as_before:
            self.replace(draft.with_body(text))  # no editor here remembers it

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
            await self._keep_now()
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
        """What the file is that the payload is in."""
        entry, draft = self.entry, self.draft
        if entry is None or draft is None:
            return
        try:
            if draft.body_file is not None:
                found = await self._workbench.inputs.look(entry, draft.body_file)
            elif draft.body_kept is not None:
                found = await self._workbench.payloads.look(draft.body_kept)
            else:
                return
            told = FileTold(found, can_go_back=self.replaced is not None)
        except SmrtError as error:
            told = FileTold(None, f"{error.message}\n{error.hint}")
        if self.draft is draft:
            self._tell(told)

    def _put_away_large(self) -> bool:
        """Have a payload that is too large to be edited written to a file; whether it is one."""
        text = self.draft.body if self.draft is not None else ""
        if not is_large(text):
            return False
        if text is not self._putting_away:
            self._putting_away = text
            self._tasks.spawn(self._put_away(text))
        return True

    async def _put_away(self, text: str) -> None:
        try:
            kept = await self._workbench.payloads.keep(text)
        except OSError as error:
            why = error.strerror or error
            self._tell(Said(f"The payload could not be put into a file, and stays in memory: {why}", "warning"))
            return
        finally:
            self._putting_away = ""
        if self.draft is not None and self.draft.body is text:
            self.draft = replace(self.draft, body="", body_kept=kept)
            self._tell(TextKept(text, kept))
            self._keep_soon.poke()
            self._lint_soon.drop()
            if self._is_open:
                await self._lint()

    async def _tell_fills(self) -> None:
        """What fills itself, when that is another than before."""
        entry, draft = self.entry, self.draft
        fills = await self._workbench.inputs.fills(entry, draft) if entry and draft and has_fills(draft) else ()
        if fills != self._fills and self.draft is draft:
            self._fills = fills
            self._tell(FillsTold(fills))

    async def _keep_now(self) -> None:
        if self.entry is not None and self.draft is not None:
            await self._keep(self.entry, self.payload, self.draft)

    async def _keep(self, entry: ProfileEntry, payload: str, draft: Draft) -> None:
        try:
            await self._workbench.memory.keep_draft(entry, payload, draft)
        except OSError as error:
            self._tell(Said(f"The draft could not be kept on disk: {error.strerror or error}", "warning"))
