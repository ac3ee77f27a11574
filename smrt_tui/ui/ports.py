"""What the screen needs from outside, as protocols. `main` supplies the real ones, tests supply small ones.

The ui knows no HTTP, no YAML, no files and no clock; it asks through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.events import Call
from smrt_tui.core.finding import Finding
from smrt_tui.core.job import JobRecord


class Workbench(Protocol):
    """Everything that touches the world on behalf of a front end. All of it leaves the event loop free."""

    async def load_catalogue(self) -> Catalogue:
        """Every profile there is, read afresh."""
        ...

    async def warm_up(self) -> None:
        """Load what sending needs (signer, transport), so that the first send is fast. Call after the first paint."""
        ...

    async def warm_up_local(self) -> None:
        """Start the local endpoint before it is asked for. Its failure is told at the first send, not here."""
        ...

    async def resolve(self, entry: ProfileEntry, draft: Draft) -> ResolvedDraft | tuple[Finding, ...]:
        """The draft with templates filled and files read, or what is missing."""
        ...

    async def fire(self, entry: ProfileEntry, draft: ResolvedDraft) -> Call:
        """Start one invocation; for a local profile the local endpoint is started first when it is not there yet.

        Raises `SmrtError` when there is nothing to send to. Every other failure is an event of the call.
        """
        ...

    async def jobs(self) -> Sequence[JobRecord]:
        """Every async job of this and earlier sittings, the latest first."""
        ...

    async def look_again(self, record: JobRecord, entry: ProfileEntry) -> Call:
        """Follow a job that was accepted earlier, with the entry's settings.

        Raises `SmrtError` when it was with a local endpoint that has ended, or nobody knows where to look.
        """
        ...

    async def forget_job(self, key: str) -> None:
        """Take a job off the list; the job itself goes on. Raises `OSError`."""
        ...

    def now(self) -> datetime:
        """The time of day, for telling how old something is."""
        ...

    @property
    def job_trouble(self) -> str:
        """Why a step of the latest job could not be written down; empty when all were."""
        ...

    async def preview(self, entry: ProfileEntry, draft: ResolvedDraft) -> str:
        """The signed request as it would go out and what the signature is made of, secrets masked, as plain text."""
        ...

    async def lint(self, entry: ProfileEntry, draft: Draft) -> Sequence[Finding]:
        """What is wrong or suspicious about a draft, worst first, worked out off the loop."""
        ...

    async def keep_draft(self, entry: ProfileEntry, draft: Draft) -> None:
        """Remember an unsent draft, so that it survives a kill."""
        ...

    async def kept_draft(self, entry: ProfileEntry) -> Draft | None:
        """The draft that was being written when the app last had this profile open."""
        ...

    async def save_bytes(self, name: str, content: bytes) -> str:
        """Write a file into the working folder under that name (a number is added rather than overwrite); its path."""
        ...

    async def close(self) -> None:
        """Let go of connections and of the local endpoint."""
        ...
