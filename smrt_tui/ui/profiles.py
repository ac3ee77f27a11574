"""The profiles: which there are, which is opened first, and what happens when their files change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.ui.news import CatalogueLoaded, News, Said
from smrt_tui.ui.watch import Watch

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry
    from smrt_tui.ui.desk import Desk
    from smrt_tui.ui.opened import Opened
    from smrt_tui.ui.ports import Workbench
    from smrt_tui.ui.recall import Recall

FIRST_CHOICE = "local/chat"


class Profiles:
    """Every profile of the folders."""

    def __init__(
        self, workbench: Workbench, opened: Opened, desk: Desk, recall: Recall, tell: Callable[[News], None]
    ) -> None:
        self.catalogue: Catalogue | None = None
        """None until they were read."""
        self._workbench = workbench
        self._opened = opened
        self._desk = desk
        self._recall = recall
        self._tell = tell
        self.is_ready = False
        """Whether the first profile is open, or known not to be there."""
        self._waiting: list[Callable[[], object]] = []
        """What was asked for before the first profile was open."""

    async def load(self, first: str | None = None) -> None:
        """Read the profiles and open one."""
        await self.read()
        await self.open_first(first)

    async def read(self) -> Catalogue:
        """Read the profiles; what is open stays open, and what was read before stays where reading fails."""
        self.catalogue = catalogue = await self._loaded()
        entry = self._opened.entry
        self._tell(CatalogueLoaded(catalogue, entry.id if entry else ""))
        return catalogue

    async def _loaded(self) -> Catalogue:
        try:
            return await self._workbench.load_catalogue()
        except Exception as error:  # a bug in reading files must not leave every key waiting for ever
            self._tell(Said(f"The profiles could not be read: {type(error).__name__}: {error}", "error"))
            from smrt_tui.core.catalogue import Catalogue

            return self.catalogue or Catalogue()

    async def open_first(self, first: str | None = None) -> None:
        """Open `first` of the profiles that were read, the last one, `local/chat`, or the first that can be sent."""
        assert self.catalogue is not None  # just read
        catalogue = self.catalogue
        entry = catalogue.find(first or self._recall.place.profile_id or FIRST_CHOICE)
        if entry is None and first:
            near = catalogue.nearest(first)
            self._tell(Said(f"There is no profile {first}" + (f"; did you mean {near}?" if near else ""), "error"))
        if entry is None:
            sound = (e for e in catalogue.entries if e.profile is not None)
            entry = catalogue.find(FIRST_CHOICE) or next(sound, None)
        try:
            if entry is not None:
                await self._opened.open(entry)
        finally:
            self.is_ready = True
            while self._waiting:
                self._waiting.pop(0)()

    def when_ready(self, act: Callable[[], object]) -> None:
        """Do something now, or once the first profile is open or known not to be there."""
        if self.is_ready:
            act()
        else:
            self._waiting.append(act)

    async def watch(self) -> None:
        """Follow changes on disk until cancelled."""
        await Watch(self._workbench.library.fingerprint, self._follow_files).run()

    async def reload(self) -> None:
        """Read the profile files again; what was written stays on the desk."""
        await self._follow_files()
        self._tell(Said("Profiles read again"))

    async def select(self, profile_id: str) -> None:
        """Open a profile by its id. Its last draft comes back; a running call goes on."""
        entry = self.catalogue.find(profile_id) if self.catalogue else None
        if entry is None:
            self._tell(Said(f"There is no profile {profile_id}", "error"))
        elif not self._opened.is_wanted(entry):
            await self._opened.open(entry)

    async def open_file(self, path: str) -> None:
        """Read the profile files again and open the profile of one of them."""
        catalogue = await self.read()
        entry = next((entry for entry in catalogue.entries if entry.path == path), None)
        if entry is None:
            self._tell(Said(f"{path} is not opened: another folder has a profile of the same name", "warning"))
        elif not self._opened.is_wanted(entry):
            await self._opened.open(entry)

    async def open_renamed(self, path: str) -> None:
        """Open the open profile under its new name. What is written in it goes along."""
        draft = self._desk.draft if self._opened.is_edited else None
        await self.open_file(path)
        if draft is not None:
            self._desk.change(draft)

    async def _follow_files(self) -> None:
        """Take over what changed on disk; an unsaved draft is never overwritten."""
        before = self._opened.entry
        catalogue = await self.read()
        entry = catalogue.find(before.id) if before else None
        if before is None:
            await self.open_first()
        elif not self._opened.is_wanted(before):
            return  # another one was asked for meanwhile
        elif entry is None:
            self._tell(Said(f"The file of {before.id} is gone; what is open stays until you leave it", "warning"))
        elif entry != before:
            await self._follow_file(entry)
        else:
            self._opened.stay(entry)

    async def _follow_file(self, entry: ProfileEntry) -> None:
        """The open profile's file changed."""
        draft = self._desk.draft if self._opened.is_edited else None
        if draft is None or entry.profile is None:
            await self._opened.open(entry)
            self._tell(Said(f"{entry.id} changed on disk and was read again"))
        else:
            self._opened.change_under(entry, draft)
            self._tell(Said(f"{entry.id} changed on disk; your draft stands, alt+r takes the saved text", "warning"))
