"""The catalogue: every profile that was found, good or broken, merged by id. Looks nothing up on disk."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from smrt_tui.core.problem import Problem
    from smrt_tui.core.profile import Profile


class ProfileEntry(Struct, frozen=True):
    """One profile file."""

    id: str
    """The file's path below its folder, without suffix: `local/chat`."""
    path: str
    """The file on disk."""
    folder: str
    """The folder that `body_file` and `{{file_b64:…}}` are relative to."""
    profile: Profile | None
    """None when the file has problems."""
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """What to call it: its title, or its id."""
        return (self.profile.title if self.profile else "") or self.id

    @property
    def is_local(self) -> bool:
        """Whether it is for the local endpoint: a profile under `local/` that names no other address."""
        return self.profile is not None and self.id.startswith("local/") and self.profile.endpoint_url is None


class Catalogue(Struct, frozen=True):
    """All entries, sorted by id, local ones first."""

    entries: tuple[ProfileEntry, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Trouble that belongs to no single profile: a folder that cannot be read."""

    def find(self, profile_id: str) -> ProfileEntry | None:
        """The entry of that id."""
        return next((entry for entry in self.entries if entry.id == profile_id), None)

    def nearest(self, profile_id: str) -> str | None:
        """The id most like this one, for a message."""
        ids = [entry.id for entry in self.entries]
        near = difflib.get_close_matches(profile_id, ids, n=1, cutoff=0.4)
        if near:
            return near[0]
        return next((i for i in ids if i.rpartition("/")[2] == profile_id.rpartition("/")[2]), None)
