"""The shelf: what is done to profile files and to requests as wholes. It tells what came of it, and knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.invocation import draft_again
from smrt_tui.ui.news import News, Said

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.invocation import Invocation
    from smrt_tui.core.profile import Profile
    from smrt_tui.ui.session import Session


class Shelf:
    """Works on the session's open profile and draft by way of the library and the logbook."""

    def __init__(self, session: Session, tell: Callable[[News], None]) -> None:
        self._session = session
        self._tell = tell
        self._library = session.workbench.library

    async def home(self) -> str:
        """The folder that new profiles go to."""
        return await self._library.home()

    async def save_request(self, name: str) -> None:
        """Write the draft as a profile of its own, and open that."""
        entry, draft = self._session.entry, self._session.draft
        if entry is not None and entry.profile is not None and draft is not None:
            await self.write_new(_kept_local(entry, name), entry.profile, draft, entry.folder)

    async def write_new(self, name: str, profile: Profile, draft: Draft, source_folder: str) -> bool:
        """Write a profile and a draft as one new profile, and open that; whether that could be done."""
        try:
            path = await self._library.save_request(name, profile, draft, source_folder)
        except SmrtError as error:
            self._complain(error)
            return False
        await self._session.profiles.open_file(path)
        self._tell(Said(f"Saved as {path}"))
        return True

    async def create(self, name: str, text: str) -> None:
        """Write a text as a new profile, and open that."""
        try:
            path = await self._library.create(name, text)
        except SmrtError as error:
            self._complain(error)
            return
        await self._session.profiles.open_file(path)
        self._tell(Said(f"Saved as {path}"))

    async def text_of(self, entry: ProfileEntry) -> str | None:
        """The text of a profile's file; None when it cannot be read, and then why was told."""
        try:
            return await self._library.read(entry)
        except SmrtError as error:
            self._complain(error)
            return None

    async def is_own(self, entry: ProfileEntry) -> bool:
        """Whether the file is the person's to change."""
        return await self._library.is_own(entry)

    async def save_text(self, entry: ProfileEntry, text: str) -> str:
        """Write an edited file, a starter's as a copy among the person's own; why that failed, or nothing."""
        try:
            if await self._library.is_own(entry):
                await self._library.write(entry, text)
                path = entry.path
            else:
                path = await self._library.create(entry.id, text)
        except SmrtError as error:
            return _sentence(error)
        await self._session.profiles.open_file(path)
        self._tell(Said(f"Saved {path}"))
        return ""

    async def duplicate(self, entry: ProfileEntry, name: str) -> None:
        """The same file under another name, and open that."""
        text = await self.text_of(entry)
        if text is None:
            return
        try:
            path = await self._library.create(_kept_local(entry, name), text)
        except SmrtError as error:
            self._complain(error)
        else:
            await self._session.profiles.open_file(path)
            self._tell(Said(f"Copied to {path}"))

    async def rename(self, entry: ProfileEntry, name: str) -> None:
        """Give the file another name. A draft goes along."""
        try:
            path = await self._library.rename(entry, _kept_local(entry, name))
        except SmrtError as error:
            self._complain(error)
        else:
            await self._session.profiles.open_renamed(path)
            self._tell(Said(f"Renamed to {path}"))

    async def delete(self, entry: ProfileEntry) -> None:
        """Remove the file, and open another profile."""
        try:
            await self._library.delete(entry)
        except SmrtError as error:
            self._complain(error)
        else:
            await self._session.profiles.load()
            self._tell(Said(f"Deleted {entry.path}"))

    async def replay(self, invocation: Invocation, *, is_sent: bool) -> None:
        """Put a call of the history into the composer of its profile, and when asked send it again."""
        draft, left_out = draft_again(invocation)
        if draft is None:
            self._tell(Said("This request was too large to be kept whole, so it cannot be sent again", "warning"))
            return
        is_there = await self._open_for(invocation.profile_id)
        if self._session.draft is None:
            self._tell(Said("No profile is open that could send this", "error"))
            return
        self._session.desk.replace(draft)
        if left_out:
            self._tell(Said(f"Left out, since only a mask of it was kept: {', '.join(left_out)}", "warning"))
        if not is_there:
            self._tell(Said(f"The profile {invocation.profile_id} is gone; its request is in this one", "warning"))
        elif is_sent:
            self._session.calls.send()
        else:
            self._tell(Said("The request is back; alt+y returns to the one before"))

    async def _open_for(self, profile_id: str) -> bool:
        entry = self._session.profiles.catalogue.find(profile_id) if self._session.profiles.catalogue else None
        if entry is None or entry.profile is None:
            return False
        await self._session.profiles.select(profile_id)
        return True

    def _complain(self, error: SmrtError) -> None:
        self._tell(Said(_sentence(error), "error"))


def _kept_local(entry: ProfileEntry, name: str) -> str:
    """The name below `local/` where the profile is for the local endpoint: elsewhere it would go to AWS."""
    return f"local/{name}" if entry.is_local and not name.strip().startswith("local/") else name


def _sentence(error: SmrtError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
