"""Where a person was: the open profile, and the payload chosen in each. A value; no file is read here."""

from __future__ import annotations

from msgspec import Struct

MOST = 200
"""Profiles whose payload is remembered; the ones opened longest ago go first."""


class Place(Struct, frozen=True):
    """What to open the next sitting with."""

    profile_id: str = ""
    """The profile that was open last; empty before the first sitting."""
    payloads: tuple[tuple[str, str], ...] = ()
    """Profile ids and the payload chosen in each, the one opened last at the end."""

    def payload(self, profile_id: str) -> str:
        """The payload that was chosen in a profile; empty when none is known."""
        return dict(self.payloads).get(profile_id, "")

    def at(self, profile_id: str, payload: str) -> Place:
        """The place after another profile or payload was opened."""
        others = tuple(pair for pair in self.payloads if pair[0] != profile_id)
        return Place(profile_id, (*others, (profile_id, payload))[-MOST:])
