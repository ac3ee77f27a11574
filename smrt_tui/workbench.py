"""The workbench: what both front ends need done outside themselves, wired from `client`, `store` and the companion.

Implements `ui.ports.Workbench`: it makes requests ready and fires them, and everything else is an attribute by its
subject. It never draws, prints or decides. Heavy imports (signer, transport, YAML) happen in threads, and nothing but
the bare subjects is loaded before it is asked for, so that a front end can paint first.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from smrt_tui.connections import Connections
from smrt_tui.core.errors import SmrtError
from smrt_tui.directives import Directives
from smrt_tui.environment import Environment
from smrt_tui.inputs import Inputs, path_in
from smrt_tui.library import Library
from smrt_tui.memory import Memory
from smrt_tui.payloads import Payloads

if TYPE_CHECKING:
    from smrt_tui.accounts import Accounts
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry
    from smrt_tui.core.directive import Directive
    from smrt_tui.core.draft import Draft, ResolvedDraft
    from smrt_tui.core.events import Call
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.profile import Profile
    from smrt_tui.core.target import Target
    from smrt_tui.core.template import Sources
    from smrt_tui.jobs import Jobs
    from smrt_tui.keyring import Keyring
    from smrt_tui.logbook import Logbook
    from smrt_tui.store.profiles import CatalogueReader


class Workbench:
    """One sitting's connections, local endpoint and folders."""

    def __init__(
        self,
        environment: Environment,
        profiles_folder: Path | None = None,
        *,
        load_directives: Callable[[], Sequence[Directive]] = tuple,
    ) -> None:
        self._environment = environment
        self._profiles_folder = profiles_folder
        self._reader: CatalogueReader | None = None
        self._connections = Connections(environment.environ)
        self.payloads = Payloads(environment.state_folder)
        """Payloads in files."""
        self.library = Library(environment, profiles_folder)
        """The profile files."""
        self.inputs = Inputs(environment)
        """Files and whatever else a request is filled from."""
        self.memory = Memory(environment.state_folder)
        """Drafts, place and colours."""
        self.directives = Directives(load_directives)
        """What the local endpoint can be asked for."""

    @cached_property
    def logbook(self) -> Logbook:
        """The history."""
        from smrt_tui.logbook import Logbook

        return Logbook(self._environment.state_folder, self._environment.now)

    @cached_property
    def jobs(self) -> Jobs:
        """The async jobs."""
        from smrt_tui.jobs import Jobs
        from smrt_tui.ledger import Ledger
        from smrt_tui.store.jobs import JobStore

        ledger = Ledger(JobStore(self._environment.state_folder), self._environment.now)
        return Jobs(ledger, self._connections, self._environment.now)

    @cached_property
    def keyring(self) -> Keyring:
        """The credentials."""
        from smrt_tui.keyring import Keyring

        return Keyring(self._connections)

    @cached_property
    def accounts(self) -> Accounts:
        """What can be read of AWS accounts."""
        from smrt_tui.accounts import Accounts

        return Accounts(self._connections)

    def now(self) -> datetime:
        """The time of day."""
        return self._environment.now()

    async def load_catalogue(self) -> Catalogue:
        """Every profile there is; of the files, those that changed since are read."""
        return await asyncio.to_thread(self._load_catalogue)

    def _load_catalogue(self) -> Catalogue:
        from smrt_tui.store.locations import profile_folders
        from smrt_tui.store.profiles import CatalogueReader

        self._reader = self._reader or CatalogueReader()
        return self._reader.load(profile_folders(self._environment, self._profiles_folder))

    async def warm_up(self) -> None:
        """Import the signer, the transport and the decoders in a thread, so that the first send waits for none of them.

        What they are made of lives as long as the process: the collector is told so, lest it look through all of it in
        the middle of a stream.
        """
        await self._connections.client()
        for module in ("smrt_tui.core.decode.decoder", "jmespath"):
            await asyncio.to_thread(import_module, module)
        gc.freeze()

    async def warm_up_local(self) -> None:
        """Start the local endpoint before it is asked for. Its failure is told at the first send, not here."""
        await self._connections.start_local()

    async def lint(self, entry: ProfileEntry, draft: Draft) -> Sequence[Finding]:
        """What is wrong or suspicious about a draft, worst first."""
        return () if entry.profile is None else await asyncio.to_thread(_lint, draft, entry.profile, self.payloads)

    async def resolve(self, entry: ProfileEntry, draft: Draft) -> ResolvedDraft | tuple[Finding, ...]:
        """The draft with templates filled and files read, or what is missing."""
        from smrt_tui.core.template import resolve

        return await asyncio.to_thread(resolve, draft, self._sources(Path(entry.folder)))

    def _sources(self, folder: Path) -> Sources:
        from smrt_tui.core.template import Sources

        def read(path: str) -> bytes:
            return path_in(folder, path).read_bytes()

        return Sources(
            environ=self._environment.environ,
            read_file=read,
            read_kept=lambda kept: self.payloads.store().read(kept),
            read_base64=lambda path: base64.b64encode(read(path)).decode("ascii"),
            new_uuid=lambda: str(uuid.uuid4()),
            now=lambda: self._environment.now().isoformat(timespec="seconds"),
        )

    async def fire(self, entry: ProfileEntry, draft: ResolvedDraft) -> Call:
        """Start one invocation; a local profile's endpoint is started first when it is not there yet.

        Raises `SmrtError` when there is nothing to send to. Every other failure is an event of the call.
        """
        target = await self._connections.target(entry)
        call = (await self._connections.client()).invoke(draft, target)
        if draft.mode != "async":
            return call
        return await self.jobs.written_down(call, entry, draft, target)

    async def preview(self, entry: ProfileEntry, draft: ResolvedDraft) -> str:
        """The signed request as it would go out and what the signature is made of, secrets masked, as plain text."""
        from smrt_tui.core.preview import preview_text

        target = await self._connections.target(entry)
        signed = await (await self._connections.client()).prepare(draft, target)
        return preview_text(signed.request, signed.facts.as_event(0.0), _placement_told(draft, target))

    async def save_bytes(self, name: str, content: bytes) -> str:
        """Write a file into the working folder under that name (a number is added rather than overwrite); its path."""
        return await asyncio.to_thread(_save_beside, self._environment.working_folder, name, content)

    async def close(self) -> None:
        """Let go of connections and of the local endpoint."""
        await self._connections.close()


def _save_beside(folder: Path, name: str, content: bytes) -> str:
    stem, dot, suffix = name.partition(".")
    for number in range(1, 10_000):
        path = folder / (name if number == 1 else f"{stem}-{number}{dot}{suffix}")
        try:
            with path.open("xb") as file:  # never over a file that is there
                file.write(content)
        except FileExistsError:
            continue
        return str(path)
    raise FileExistsError(f"{folder / name} and 9,999 numbered ones exist already")


def _lint(draft: Draft, profile: Profile, payloads: Payloads) -> Sequence[Finding]:
    from smrt_tui.core.lint import lint
    from smrt_tui.core.service import packaged_service
    from smrt_tui.core.template import kept_trouble

    try:
        seen, unseen = payloads.beginning(draft)
    except SmrtError as error:
        return (kept_trouble(error), *lint(draft, profile, packaged_service()))
    return lint(seen, profile, packaged_service(), unseen)


def _placement_told(draft: ResolvedDraft, target: Target) -> str:
    from smrt_tui.core.placement import INPUT_LOCATION, placement_of, placement_told

    if draft.mode != "async":
        return ""
    placement = placement_of(dict(draft.members).get(INPUT_LOCATION), target.async_options.input)
    return placement_told(placement, len(draft.body))
