"""What is open: one profile and one payload of it, whose draft is on the desk. Drafts come back, and none gets lost.

It is handed entries; which ones there are is the business of `ui.profiles`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smrt_tui.core.draft import Draft, draft_of, same_request
from smrt_tui.ui.news import EntryOpened, News, Said
from smrt_tui.ui.recall import Recall

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.profile import Payload
    from smrt_tui.ui.desk import Desk


class Opened:
    """The open profile. Its entry, its payload and the desk change together."""

    def __init__(self, desk: Desk, recall: Recall, tell: Callable[[News], None]) -> None:
        self.entry: ProfileEntry | None = None
        """The open profile; None before the first, and when there is none."""
        self.payload = ""
        """The chosen payload's name."""
        self._desk = desk
        self._recall = recall
        self._tell = tell
        self._opening: ProfileEntry | None = None
        """The profile that was asked for last."""

    @property
    def is_edited(self) -> bool:
        """Whether the desk holds something else than the saved text."""
        profile = self.entry.profile if self.entry else None
        draft = self._desk.draft
        if profile is None or draft is None:
            return False
        return not same_request(draft, draft_of(profile, profile.payload(self.payload)))

    def is_wanted(self, entry: ProfileEntry | None) -> bool:
        """Whether it is open or being opened."""
        return self._opening is entry

    async def open(self, entry: ProfileEntry) -> None:
        """Open a profile at the payload where it was left; its last draft comes back."""
        self._opening = entry
        profile = entry.profile
        if profile is None:
            self._remember()
            self._put_broken(entry)
            return
        await self._recall.bring_back(entry)
        if self._opening is not entry:
            return  # another one was asked for meanwhile
        self._remember()
        payload = profile.payload(self._recall.place.payload(entry.id)) or _first_payload(entry)
        kept = self._recall.draft(entry, payload.name if payload else "")
        self._put(entry, payload, kept)
        if kept is not None and not same_request(kept, draft_of(profile, payload)):
            self._tell(Said("Your draft is back; alt+r returns to the saved text"))

    def change_under(self, entry: ProfileEntry, draft: Draft) -> None:
        """Take over another text of the open profile, and leave the draft on the desk."""
        assert entry.profile is not None  # what has problems is opened anew
        self._put(entry, entry.profile.payload(self.payload) or _first_payload(entry), draft)

    def stay(self, entry: ProfileEntry) -> None:
        """Take over the same profile, read again."""
        self.entry = self._opening = self._desk.entry = entry

    def choose_payload(self, name: str) -> None:
        """Put a saved payload on the desk; what was written over the one before it is kept for this sitting."""
        if self.entry is None or self.entry.profile is None or name == self.payload:
            return
        payload = self.entry.profile.payload(name)
        if payload is None:
            self._tell(Said(f"There is no payload {name}", "error"))
            return
        self._remember()
        self._put(self.entry, payload, self._recall.draft(self.entry, name))

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
        self._recall.forget(self.entry, self.payload)
        before = self._desk.draft
        self._put(self.entry, self.entry.profile.payload(self.payload), None)
        self._desk.replaced = before
        self._desk.keep_soon()
        self._tell(Said("Back to the saved text"))

    def _put(self, entry: ProfileEntry, payload: Payload | None, draft: Draft | None) -> None:
        assert entry.profile is not None  # only sound profiles have payloads and drafts
        draft = draft or draft_of(entry.profile, payload)
        self.entry = self._opening = entry
        self.payload = payload.name if payload else ""
        self._desk.put(entry, draft, self.payload)
        self._recall.move_to(entry, self.payload)
        self._tell(EntryOpened(entry, draft, self.payload))

    def _put_broken(self, entry: ProfileEntry) -> None:
        self.entry = entry
        self.payload = ""
        self._desk.put(entry, None)
        self._tell(EntryOpened(entry, None, ""))

    def _remember(self) -> None:
        """Keep what is on the desk for when this payload is chosen again."""
        if self.entry is None or self._desk.draft is None:
            return
        if self.is_edited:
            self._recall.remember(self.entry, self.payload, self._desk.draft)
        else:
            self._recall.forget(self.entry, self.payload)


def _first_payload(entry: ProfileEntry) -> Payload | None:
    return entry.profile.payloads[0] if entry.profile and entry.profile.payloads else None
