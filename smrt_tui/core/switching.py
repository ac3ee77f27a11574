"""What another mode does to the members of a draft: which change their header's name, and which are not sent at all.

The same member has different header names in the three operations, all from the service model. Judges nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from smrt_tui.core.draft import Draft
from smrt_tui.core.service import Mode, Service


class Renamed(NamedTuple):
    """A member that goes out under another header."""

    member: str
    before: str
    after: str


class Switched(NamedTuple):
    """The difference between two modes for one draft."""

    renamed: tuple[Renamed, ...] = ()
    dropped: tuple[str, ...] = ()
    """Members that the new operation does not have: they stay in the draft and are not sent."""
    regained: tuple[str, ...] = ()
    """Members that the old operation did not have, and that are sent now."""

    @property
    def words(self) -> str:
        """One clause for each kind of change; empty when nothing changes."""
        clauses = [f"{name} is sent as {after} (was {before})" for name, before, after in self.renamed]
        clauses += [f"not sent any more: {', '.join(self.dropped)}"] if self.dropped else []
        clauses += [f"sent again: {', '.join(self.regained)}"] if self.regained else []
        return "; ".join(clauses)


def switched(draft: Draft, before: Mode, after: Mode, service: Service) -> Switched:
    """What changes for the members that are set in a draft when its mode does."""
    renamed, dropped, regained = [], [], []
    for name, _ in draft.members:
        old, new = (service.operation(mode).input(name) for mode in (before, after))
        if old is not None and new is None:
            dropped.append(name)
        elif old is None and new is not None:
            regained.append(name)
        elif old is not None and new is not None and old.header and new.header and old.header != new.header:
            renamed.append(Renamed(name, old.header, new.header))
    return Switched(tuple(renamed), tuple(dropped), tuple(regained))
