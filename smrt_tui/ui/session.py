"""The session: what is open and what is running, above the desk and the runner. Knows no widget.

Everything a person can do to profiles, payloads and calls is a method here or of the desk; everything that follows is
told through `tell`, one value of `ui.news` at a time. It reaches the world only through the workbench.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.catalogue import Catalogue
from smrt_tui.core.draft import Draft, draft_of
from smrt_tui.core.job import JobRecord, entry_for
from smrt_tui.core.place import Place
from smrt_tui.core.service import packaged_service
from smrt_tui.core.template import missing_names
from smrt_tui.ui.consent import foreign_host, foreign_store
from smrt_tui.ui.desk import KEEP_AFTER_S, Desk
from smrt_tui.ui.job_board import JobBoard
from smrt_tui.ui.news import CatalogueLoaded, ConsentNeeded, EntryOpened, News, Said, ServiceRead, VariablesNeeded
from smrt_tui.ui.pace import Debounce
from smrt_tui.ui.runner import Runner
from smrt_tui.ui.shelf import Shelf
from smrt_tui.ui.tasks import Tasks
from smrt_tui.ui.watch import Watch

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.profile import Payload
    from smrt_tui.ui.ports import Workbench
    from smrt_tui.ui.run import Run

FIRST_CHOICE = "local/chat"
_BUSY = "A call is running; esc or ctrl+c cancels it"


class Session:
    """One sitting."""

    def __init__(self, workbench: Workbench, tell: Callable[[News], None], clock: Callable[[], float]) -> None:
        self.workbench = workbench
        self.catalogue: Catalogue | None = None
        self.entry: ProfileEntry | None = None
        """The open profile."""
        self.payload = ""
        """The chosen payload's name."""
        self.desk = Desk(workbench, tell)
        """The draft and what is done to it."""
        self._tell = tell
        self._runner = Runner(workbench, tell, clock)
        self.jobs = JobBoard(workbench, self._runner, tell)
        """The async jobs of this and earlier sittings."""
        self.shelf = Shelf(self, tell)
        """What is done to profile files and to requests as wholes."""
        self._drafts: dict[tuple[str, str], Draft] = {}
        """What was written over which payload of which profile."""
        self._recalled: set[str] = set()
        """The profiles whose drafts of earlier sittings were brought back."""
        self._place = Place()
        self._keep_place_soon = Debounce(lambda: self._tasks.spawn(self._keep_place()), KEEP_AFTER_S)
        self._consented: set[str] = set()
        self._is_send_wanted = False
        self._tasks = Tasks()

    @property
    def is_live(self) -> bool:
        """Whether a call is running that was not set aside."""
        return self._runner.is_live

    @property
    def is_waiting_job(self) -> bool:
        """Whether that call is an accepted job, whose answer is only waited for."""
        return self._runner.is_waiting_job

    @property
    def run(self) -> Run | None:
        """The run that is shown, live or over."""
        return self._runner.run

    @property
    def draft(self) -> Draft | None:
        """The draft as it is; None while no sound profile is open."""
        return self.desk.draft

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found about the latest answer, then about the draft."""
        return (*(self.run.findings if self.run else ()), *self.desk.findings)

    # -- profiles and payloads

    def begin(self, first: str | None) -> None:
        """Start the sitting: profiles, then whatever makes the first send fast, then the operations for the forms."""
        self._tasks.spawn(self._begin(first))

    async def _begin(self, first: str | None) -> None:
        self._place, catalogue = await asyncio.gather(self.workbench.memory.place(), self.workbench.load_catalogue())
        await self._take(catalogue, first)
        watch = Watch(self.workbench.library.fingerprint, self._follow_files)
        self._tasks.spawn(watch.run())
        await self.workbench.warm_up()
        if self.entry is not None and self.entry.is_local:
            self._tasks.spawn(self.workbench.warm_up_local())
        self._tell(ServiceRead(await asyncio.to_thread(packaged_service)))

    async def load(self, first: str | None = None) -> None:
        """Read the profiles and open one: `first`, the last one, `local/chat`, or the first that can be sent."""
        await self._take(await self.workbench.load_catalogue(), first)

    async def _take(self, catalogue: Catalogue, first: str | None) -> None:
        self.catalogue = catalogue
        self._tell(CatalogueLoaded(catalogue))
        entry = catalogue.find(first or self._place.profile_id or FIRST_CHOICE)
        if entry is None and first:
            near = catalogue.nearest(first)
            self._tell(Said(f"There is no profile {first}" + (f"; did you mean {near}?" if near else ""), "error"))
        if entry is None:
            sound = (e for e in catalogue.entries if e.profile is not None)
            entry = catalogue.find(FIRST_CHOICE) or next(sound, None)
        if entry is not None:
            await self._open(entry)

    async def reload(self) -> None:
        """Read the profile files again; what was written stays on the desk."""
        await self._follow_files()
        self._tell(Said("Profiles read again"))

    async def open_file(self, path: str) -> None:
        """Read the profile files again and open the profile of one of them."""
        await self._read_again()
        assert self.catalogue is not None  # just read
        entry = next((entry for entry in self.catalogue.entries if entry.path == path), None)
        if entry is None:
            self._tell(Said(f"{path} is not opened: another folder has a profile of the same name", "warning"))
        elif entry is not self.entry:
            await self._open(entry)

    async def open_renamed(self, path: str) -> None:
        """Open the open profile under its new name. What is written in it goes along."""
        draft = self.desk.draft if self._is_edited() else None
        await self.open_file(path)
        if draft is not None:
            self.desk.change(draft)

    async def _follow_files(self) -> None:
        """Take over what changed on disk; an unsaved draft is never overwritten."""
        before = self.entry
        await self._read_again()
        assert self.catalogue is not None  # just read
        entry = self.catalogue.find(before.id) if before else None
        if before is None:
            await self.load()
        elif self.entry is not before:
            return  # another one was opened meanwhile
        elif entry is None:
            self._tell(Said(f"The file of {before.id} is gone; what is open stays until you leave it", "warning"))
        elif entry != before:
            await self._follow_file(entry)
        else:
            self.entry = self.desk.entry = entry

    async def _read_again(self) -> None:
        self.catalogue = await self.workbench.load_catalogue()
        self._tell(CatalogueLoaded(self.catalogue, self.entry.id if self.entry else ""))

    async def _follow_file(self, entry: ProfileEntry) -> None:
        """The open profile's file changed."""
        draft = self.desk.draft if self._is_edited() else None
        if draft is None or entry.profile is None:
            await self._open(entry)
            self._tell(Said(f"{entry.id} changed on disk and was read again"))
        else:
            payloads = entry.profile.payloads
            payload = entry.profile.payload(self.payload) or (payloads[0] if payloads else None)
            self.entry = entry
            self._put(entry, payload, draft)
            self._tell(Said(f"{entry.id} changed on disk; your draft stands, alt+r takes the saved text", "warning"))

    async def select(self, profile_id: str) -> None:
        """Open a profile by its id. Its last draft comes back; a running call goes on."""
        entry = self.catalogue.find(profile_id) if self.catalogue else None
        if entry is None:
            self._tell(Said(f"There is no profile {profile_id}", "error"))
        elif self.entry is not entry:
            await self._open(entry)

    async def _open(self, entry: ProfileEntry) -> None:
        self._remember()
        self.entry = entry
        profile = entry.profile
        if profile is None:
            self.payload = ""
            self.desk.put(entry, None)
            self._tell(EntryOpened(entry, None, ""))
            return
        await self._recall(entry)
        if self.entry is not entry:
            return  # another one was opened meanwhile
        payload = profile.payload(self._place.payload(entry.id)) or (profile.payloads[0] if profile.payloads else None)
        kept = self._drafts.get((entry.id, payload.name if payload else ""))
        self._put(entry, payload, kept)
        if kept is not None and kept != draft_of(profile, payload):
            self._tell(Said("Your draft is back; alt+r returns to the saved text"))
        if self._is_send_wanted:
            self.send()

    async def _recall(self, entry: ProfileEntry) -> None:
        """Bring back what earlier sittings left unsent, once; what was written in this one wins."""
        if entry.id not in self._recalled:
            for name, draft in (await self.workbench.memory.drafts(entry)).items():
                self._drafts.setdefault((entry.id, name), draft)
            self._recalled.add(entry.id)

    def choose_payload(self, name: str) -> None:
        """Put a saved payload on the desk; what was written over the one before it is kept for this sitting."""
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
        profile = self.entry.profile if self.entry else None
        names = [payload.name for payload in profile.payloads] if profile else []
        if len(names) < 2:
            self._tell(Said("This profile has no other payload"))
        else:
            self.choose_payload(names[(names.index(self.payload) + 1) % len(names)])

    def reset(self) -> None:
        """Go back to the payload as the profile has it."""
        if self.entry is None or self.entry.profile is None:
            return
        self._drafts.pop((self.entry.id, self.payload), None)
        before = self.desk.draft
        self._put(self.entry, self.entry.profile.payload(self.payload), None)
        self.desk.replaced = before
        self.desk.keep_soon()
        self._tell(Said("Back to the saved text"))

    def _put(self, entry: ProfileEntry, payload: Payload | None, draft: Draft | None) -> None:
        assert entry.profile is not None  # only sound profiles have payloads and drafts
        draft = draft or draft_of(entry.profile, payload)
        self.payload = payload.name if payload else ""
        self.desk.put(entry, draft, self.payload)
        place = self._place.at(entry.id, self.payload)
        if place != self._place:
            self._place = place
            self._keep_place_soon.poke()
        self._tell(EntryOpened(entry, draft, self.payload))

    def _remember(self) -> None:
        if self.entry is None or self.desk.draft is None:
            return
        if self._is_edited():
            self._drafts[self.entry.id, self.payload] = self.desk.draft
        else:
            self._drafts.pop((self.entry.id, self.payload), None)

    def _is_edited(self) -> bool:
        """Whether the desk holds something else than the saved text."""
        profile = self.entry.profile if self.entry else None
        draft = self.desk.draft
        return profile is not None and draft is not None and draft != draft_of(profile, profile.payload(self.payload))

    async def _keep_place(self) -> None:
        try:
            await self.workbench.memory.keep_place(self._place)
        except OSError as error:
            self._tell(Said(f"Where you are could not be kept on disk: {error.strerror or error}", "warning"))

    # -- the call

    def send(self, *, consented: bool = False) -> None:
        """Fire the draft. While a call runs, nothing is fired, but a job that is only waited for is set aside.

        Before the profiles are there, it waits for them.
        """
        self._is_send_wanted = False
        if self.is_live and not self.is_waiting_job:
            self._tell(Said(_BUSY, "warning"))
        elif self.entry is None:
            self._is_send_wanted = True
        elif self.desk.draft is None:
            self._tell(Said("This profile has problems; nothing can be sent from it", "error"))
        elif missing_names(self.desk.draft):
            self._tell(VariablesNeeded(self.desk.draft))
        elif self._may_send_to(foreign_host(self.entry, is_async=self.desk.draft.mode == "async"), consented=consented):
            self.jobs.set_aside()
            self._runner.start(self.entry, self.desk.draft)

    def _may_send_to(self, host: str | None, *, consented: bool, job: JobRecord | None = None) -> bool:
        """Whether signed headers may go there; when the person has to be asked, that is told."""
        if host is None or host in self._consented:
            return True
        if not consented:
            self._tell(ConsentNeeded(host, job))
            return False
        self._consented.add(host)
        return True

    def fix_worst(self) -> None:
        """Apply the repair of the first finding that has one: the answer's before the draft's."""
        self.desk.fix(next((finding for finding in self.findings if finding.fix is not None), None))

    def cancel(self) -> None:
        """Stop the running call; what arrived stays. A job that is waited for goes on, and only the looking stops."""
        if self.is_waiting_job:
            self._tell(Said("Stopped looking; the job itself goes on, and f8 lists it"))
        self._runner.cancel()

    def open_job(self, record: JobRecord, *, consented: bool = False) -> None:
        """Show the run of a job; where this sitting has none, look for its answer again."""
        if self.is_live and not self.is_waiting_job:
            self._tell(Said(_BUSY, "warning"))
        elif self.jobs.has_run(record):
            self.jobs.show(record)
        else:
            entry = entry_for(record, self.catalogue or Catalogue())
            if self._may_send_to(foreign_store(entry), consented=consented, job=record):
                self.jobs.look_again(record, entry)

    async def close(self) -> None:
        """Keep the draft and the place, stop the call, and let go of everything."""
        if self._keep_place_soon.is_waiting:
            self._keep_place_soon.drop()
            await self._keep_place()
        await self.desk.close()
        await self._runner.close()
        await self._tasks.close()
        await self.workbench.close()
