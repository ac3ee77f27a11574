"""What the screen needs from outside, as protocols. `main` supplies the real ones, tests supply small ones.

The ui knows no HTTP, no YAML, no files and no clock; it asks through here.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from smrt_tui.core.catalogue import Catalogue, ProfileEntry
from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.events import Call
from smrt_tui.core.finding import Finding
from smrt_tui.core.job import JobRecord

if TYPE_CHECKING:
    from smrt_tui.core.account import EndpointDescription, EndpointListing
    from smrt_tui.core.attached import Attached
    from smrt_tui.core.container_log import ContainerLog, LogQuery
    from smrt_tui.core.directive import Directive
    from smrt_tui.core.fills import Fill
    from smrt_tui.core.invocation import HistoryRow, Invocation
    from smrt_tui.core.kept_text import KeptText
    from smrt_tui.core.place import Place
    from smrt_tui.core.problem import Problem
    from smrt_tui.core.profile import Profile
    from smrt_tui.core.recorder import Recorder
    from smrt_tui.core.target import Target


class Library(Protocol):
    """The profile files. Everything raises `SmrtError` for what a person has to know."""

    async def fingerprint(self) -> Hashable:
        """What the profile files look like from outside; another value once one was changed."""
        ...

    async def home(self) -> str:
        """The folder that new profiles go to."""
        ...

    async def is_own(self, entry: ProfileEntry) -> bool:
        """Whether the file is the person's to change; a starter is not."""
        ...

    async def read(self, entry: ProfileEntry) -> str:
        """The text of a profile's file."""
        ...

    async def check(self, text: str) -> tuple[Problem, ...]:
        """Everything that is wrong with a text as a profile, in the order of its lines."""
        ...

    async def write(self, entry: ProfileEntry, text: str) -> None:
        """Replace a profile's file by edited text."""
        ...

    async def create(self, name: str, text: str) -> str:
        """A new file of that name in the folder for new profiles; its path."""
        ...

    async def save_request(self, name: str, profile: Profile, draft: Draft, source_folder: str) -> str:
        """Write a draft as a profile of its own, its name numbered where one is taken; its path."""
        ...

    async def rename(self, entry: ProfileEntry, name: str) -> str:
        """Give a profile's file another name; its new path."""
        ...

    async def delete(self, entry: ProfileEntry) -> None:
        """Remove a profile's file."""
        ...


class Inputs(Protocol):
    """What a request is filled from beside its text: files, the environment, the clock. It looks, and sends nothing."""

    async def fills(self, entry: ProfileEntry, draft: Draft) -> tuple[Fill, ...]:
        """What the placeholders that fill themselves stand for now."""
        ...

    async def look(self, entry: ProfileEntry, path: str) -> Attached:
        """What a file is, by its beginning. Raises `SmrtError` for what cannot be sent."""
        ...

    async def complete(self, entry: ProfileEntry, path: str) -> str | None:
        """The path of a file or folder that what is typed begins; None when there is none."""
        ...


class Payloads(Protocol):
    """The payloads that are too large to be edited on the screen: texts in files, each named by its content."""

    async def keep(self, text: str) -> KeptText:
        """Write a text to a file; what names it. Raises `OSError` when the disk does not take it."""
        ...

    async def text(self, kept: KeptText) -> str:
        """The text of the file as it is now, be it changed. Raises `SmrtError` when it cannot be read."""
        ...

    async def look(self, kept: KeptText) -> Attached:
        """What the text is and where its file stands. Raises `SmrtError` when the file is gone or was changed."""
        ...

    async def tidy(self) -> None:
        """Remove the files that nothing refers to any more."""
        ...


class Logbook(Protocol):
    """The history of finished calls. Everything raises `SmrtError` for a history that cannot be used."""

    async def add(self, recorder: Recorder, sent: ResolvedDraft, written: Draft, profile_id: str) -> None:
        """Keep a finished call, secrets masked."""
        ...

    async def rows(self, limit: int) -> Sequence[HistoryRow]:
        """The newest calls first."""
        ...

    async def get(self, row_id: int) -> Invocation | None:
        """A whole call; None when it is not there any more."""
        ...


class Memory(Protocol):
    """What is remembered from one sitting to the next. What cannot be written raises `OSError`."""

    async def keep_draft(self, entry: ProfileEntry, payload: str, draft: Draft) -> None:
        """Remember what is written over a payload, so that it survives a kill; the saved text itself is forgotten."""
        ...

    async def drafts(self, entry: ProfileEntry) -> Mapping[str, Draft]:
        """What was written over the payloads of a profile in earlier sittings, by the payload's name."""
        ...

    async def keep_place(self, place: Place) -> None:
        """Remember where the person is."""
        ...

    async def place(self) -> Place:
        """Where the person was when the app was last open."""
        ...

    async def keep_theme(self, theme: str) -> None:
        """Remember the colours."""
        ...


class Jobs(Protocol):
    """The async jobs of this and earlier sittings."""

    @property
    def trouble(self) -> str:
        """Why a step of the latest job could not be written down; empty when all were."""
        ...

    async def all(self) -> Sequence[JobRecord]:
        """Every job, the latest first."""
        ...

    async def look_again(self, record: JobRecord, entry: ProfileEntry) -> Call:
        """Follow a job that was accepted earlier, with the entry's settings.

        Raises `SmrtError` when it was with a local endpoint that has ended, or nobody knows where to look.
        """
        ...

    async def forget(self, key: str) -> None:
        """Take a job off the list; the job itself goes on. Raises `OSError`."""
        ...


class Directives(Protocol):
    """What the local endpoint can be asked for in CustomAttributes."""

    async def all(self) -> Sequence[Directive]:
        """Every fault, then every way to cut parts."""
        ...


class Keyring(Protocol):
    """The credentials that were found."""

    async def forget(self) -> None:
        """Look for them again at the next call."""
        ...


class Accounts(Protocol):
    """What can be read of an AWS account, when a person asks. Everything raises `SmrtError` with what to do."""

    async def list_endpoints(self, target: Target | None, name_contains: str = "") -> EndpointListing:
        """The endpoints of a region, the one changed last first; None is the local endpoint."""
        ...

    async def describe(self, target: Target | None, name: str) -> EndpointDescription:
        """All that is readable about one endpoint."""
        ...

    async def log(self, entry: ProfileEntry, query: LogQuery) -> ContainerLog:
        """The container's log lines that are meant, with the profile's credentials."""
        ...


class Workbench(Protocol):
    """Everything that touches the world on behalf of a front end. All of it leaves the event loop free."""

    @property
    def library(self) -> Library:
        """The profile files."""
        ...

    @property
    def inputs(self) -> Inputs:
        """Files and whatever else a request is filled from."""
        ...

    @property
    def payloads(self) -> Payloads:
        """Payloads in files."""
        ...

    @property
    def logbook(self) -> Logbook:
        """The history."""
        ...

    @property
    def memory(self) -> Memory:
        """Drafts, place and colours."""
        ...

    @property
    def jobs(self) -> Jobs:
        """The async jobs."""
        ...

    @property
    def directives(self) -> Directives:
        """What the local endpoint can be asked for."""
        ...

    @property
    def keyring(self) -> Keyring:
        """The credentials."""
        ...

    @property
    def accounts(self) -> Accounts:
        """What can be read of AWS accounts."""
        ...

    def now(self) -> datetime:
        """The time of day, for telling how old something is."""
        ...

    async def load_catalogue(self) -> Catalogue:
        """Every profile there is; an entry whose file did not change is the same value as before."""
        ...

    async def warm_up(self) -> None:
        """Load what sending needs (signer, transport), so that the first send is fast. Call after the first paint."""
        ...

    async def warm_up_local(self) -> None:
        """Start the local endpoint before it is asked for. Its failure is told at the first send, not here."""
        ...

    async def lint(self, entry: ProfileEntry, draft: Draft) -> Sequence[Finding]:
        """What is wrong or suspicious about a draft, worst first, worked out off the loop."""
        ...

    async def resolve(self, entry: ProfileEntry, draft: Draft) -> ResolvedDraft | tuple[Finding, ...]:
        """The draft with templates filled and files read, or what is missing."""
        ...

    async def fire(self, entry: ProfileEntry, draft: ResolvedDraft) -> Call:
        """Start one invocation; for a local profile the local endpoint is started first when it is not there yet.

        Raises `SmrtError` when there is nothing to send to. Every other failure is an event of the call.
        """
        ...

    async def preview(self, entry: ProfileEntry, draft: ResolvedDraft) -> str:
        """The signed request as it would go out and what the signature is made of, secrets masked, as plain text."""
        ...

    async def save_bytes(self, name: str, content: bytes) -> str:
        """Write a file into the working folder under that name (a number is added rather than overwrite); its path."""
        ...

    async def close(self) -> None:
        """Let go of connections and of the local endpoint."""
        ...
