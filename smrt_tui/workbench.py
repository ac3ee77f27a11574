"""The workbench: what both front ends need done outside themselves, wired from `client`, `store` and the companion.

Implements `ui.ports.Workbench`. It reads files, starts the local endpoint and fires calls; it never draws, prints or
decides. Heavy imports (signer, transport, YAML) happen in threads, so that a front end can paint first.
"""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smrt_tui.companion import Companion
from smrt_tui.environment import Environment
from smrt_tui.ledger import Ledger
from smrt_tui.library import Library
from smrt_tui.logbook import Logbook
from smrt_tui.store.jobs import JobStore

if TYPE_CHECKING:
    from smrt_tui.client.invoke import RuntimeClient
    from smrt_tui.companion import LocalAddress
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry
    from smrt_tui.core.draft import Draft, ResolvedDraft
    from smrt_tui.core.events import Call
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.job import JobRecord
    from smrt_tui.core.place import Place
    from smrt_tui.core.target import Target
    from smrt_tui.core.template import Sources
    from smrt_tui.store.profiles import CatalogueReader


class Workbench:
    """One sitting's connections, local endpoint and folders."""

    def __init__(self, environment: Environment, profiles_folder: Path | None = None) -> None:
        self._environment = environment
        self._profiles_folder = profiles_folder
        self._companion = Companion(environment.environ)
        self._client: RuntimeClient | None = None
        self._reader: CatalogueReader | None = None
        self._ledger = Ledger(JobStore(environment.state_folder), environment.now)
        self.library = Library(environment, profiles_folder)
        """The profile files."""
        self.logbook = Logbook(environment.state_folder, environment.now)
        """The history."""

    async def load_catalogue(self) -> Catalogue:
        """Every profile there is; of the files, those that changed since are read."""
        return await asyncio.to_thread(self._load_catalogue)

    def _load_catalogue(self) -> Catalogue:
        from smrt_tui.store.locations import profile_folders
        from smrt_tui.store.profiles import CatalogueReader

        self._reader = self._reader or CatalogueReader()
        return self._reader.load(profile_folders(self._environment, self._profiles_folder))

    async def warm_up(self) -> None:
        """Import the signer and the transport in a thread, so that the first send does not wait for them."""
        await asyncio.to_thread(self._runtime_client)

    async def warm_up_local(self) -> None:
        """Start the local endpoint before it is asked for. Its failure is told at the first send, not here."""
        from smrt_tui.core.errors import SmrtError

        try:
            await self._companion.address()
        except SmrtError:
            return

    def _runtime_client(self) -> RuntimeClient:
        from smrt_tui.client.invoke import RuntimeClient

        if self._client is None:
            self._client = RuntimeClient(self._environment.environ)
        return self._client

    async def _ready_client(self) -> RuntimeClient:
        return await asyncio.to_thread(self._runtime_client) if self._client is None else self._client

    async def resolve(self, entry: ProfileEntry, draft: Draft) -> ResolvedDraft | tuple[Finding, ...]:
        """The draft with templates filled and files read, or what is missing."""
        from smrt_tui.core.template import resolve

        return await asyncio.to_thread(resolve, draft, self._sources(Path(entry.folder)))

    def _sources(self, folder: Path) -> Sources:
        from smrt_tui.core.template import Sources

        def read(path: str) -> bytes:
            return (folder / Path(path).expanduser()).read_bytes()

        return Sources(
            environ=self._environment.environ,
            read_file=read,
            read_base64=lambda path: base64.b64encode(read(path)).decode("ascii"),
            new_uuid=lambda: str(uuid.uuid4()),
            now=lambda: self._environment.now().isoformat(timespec="seconds"),
        )

    async def fire(self, entry: ProfileEntry, draft: ResolvedDraft) -> Call:
        """Start one invocation; a local profile's endpoint is started first when it is not there yet.

        Raises `SmrtError` when the local endpoint does not come up. Every other failure is an event of the call.
        """
        target = await self._target(entry)
        client = await self._ready_client()
        call = client.invoke(draft, target)
        if draft.mode != "async":
            return call
        record = self._job_record(entry, draft, target)
        await self._ledger.open(record)
        return self._ledger.watched(call, record)

    def _job_record(self, entry: ProfileEntry, draft: ResolvedDraft, target: Target) -> JobRecord:
        from smrt_tui.core.job import JobRecord
        from smrt_tui.core.profile import CredentialsSpec
        from smrt_tui.core.redact import masked_url

        spec = target.credentials
        named = spec.model_dump(exclude_none=True) if isinstance(spec, CredentialsSpec) else {}
        return JobRecord(
            key=uuid.uuid4().hex,
            profile_id=entry.id,
            endpoint=draft.endpoint,
            placed_at=self._environment.now(),
            region=target.region,
            credentials=tuple(named.items()),
            s3_endpoint_url=None if target.s3_endpoint_url is None else masked_url(target.s3_endpoint_url),
            local_run=self._local_run() if entry.is_local else "",
        )

    def _local_run(self) -> str:
        """What tells the running local endpoint from every other one; empty when none runs."""
        local = self._companion.running
        return "" if local is None else local.credentials.access_key

    async def jobs(self) -> tuple[JobRecord, ...]:
        """Every async job of this and earlier sittings, the latest first."""
        run = self._local_run()
        records = await self._ledger.all()
        return tuple(replace(r, is_out_of_reach=r.local_run not in ("", run)) for r in records)

    def now(self) -> datetime:
        """The time of day."""
        return self._environment.now()

    @property
    def job_trouble(self) -> str:
        """Why the last step of a job could not be written down; empty when it was."""
        return self._ledger.trouble

    async def look_again(self, record: JobRecord, entry: ProfileEntry, *, waits: bool = True) -> Call:
        """Follow a job that was accepted earlier, or with `waits` off look once, with the entry's settings.

        Raises `SmrtError` when it was with a local endpoint that has ended, or has no location. Every other failure
        is an event of the call.
        """
        target = self._job_target(record, entry)
        client = await self._ready_client()
        from smrt_tui.client.jobs import Job  # loaded in a thread by now

        job = Job(record.inference_id, record.output_location, record.failure_location, record.accepted_at)
        call = client.look_again(job, target, waits=waits)
        return self._ledger.watched(call, record) if record.key else call

    def _job_target(self, record: JobRecord, entry: ProfileEntry) -> Target:
        from smrt_tui.core.errors import SmrtError
        from smrt_tui.core.target import target_of

        if not record.output_location:
            raise SmrtError(f"nobody has seen the job {record.name} accepted, so there is no place to look at")
        assert entry.profile is not None  # `core.job.entry_for` gives a sound one
        target = target_of(entry.profile)
        if not record.local_run:
            return replace(target, region=target.region or record.region)
        local = self._companion.running
        if local is None or record.local_run != local.credentials.access_key:
            raise SmrtError(
                f"the job {record.name} was with the local endpoint of another sitting, whose objects end with it",
                "fire it again; `smrt-tui serve` keeps a local endpoint running for as long as you like",
            )
        return _at(local, target)

    async def forget_job(self, key: str) -> None:
        """Take a job off the list; the job itself goes on. Raises `OSError`."""
        await self._ledger.forget(key)

    async def preview(self, entry: ProfileEntry, draft: ResolvedDraft) -> str:
        """The signed request as it would go out and what the signature is made of, secrets masked, as plain text."""
        from smrt_tui.core.preview import preview_text

        target = await self._target(entry)
        client = await self._ready_client()
        signed = await client.prepare(draft, target)
        return preview_text(signed.request, signed.facts.as_event(0.0))

    async def _target(self, entry: ProfileEntry) -> Target:
        from smrt_tui.core.errors import SmrtError
        from smrt_tui.core.target import target_of

        if entry.profile is None:
            raise SmrtError(f"the profile {entry.id} has problems and cannot be sent", "see `smrt-tui check`")
        target = target_of(entry.profile)
        if not entry.is_local:
            return target
        return _at(await self._companion.address(), target)

    async def lint(self, entry: ProfileEntry, draft: Draft) -> Sequence[Finding]:
        """What is wrong or suspicious about a draft, worst first."""
        from smrt_tui.core.lint import lint
        from smrt_tui.core.service import packaged_service

        if entry.profile is None:
            return ()
        return await asyncio.to_thread(lint, draft, entry.profile, packaged_service())

    async def keep_draft(self, entry: ProfileEntry, payload: str, draft: Draft) -> None:
        """Remember what is written over a payload, so that it survives a kill; the saved text itself is forgotten."""
        from smrt_tui.core.draft import draft_of
        from smrt_tui.store.drafts import forget_draft, write_draft

        folder, key = self._environment.state_folder, _draft_key(entry.id, payload)
        profile = entry.profile
        if profile is not None and draft == draft_of(profile, profile.payload(payload)):
            await asyncio.to_thread(forget_draft, folder, key)
        else:
            await asyncio.to_thread(write_draft, folder, key, draft)

    async def kept_drafts(self, entry: ProfileEntry) -> Mapping[str, Draft]:
        """What was written over the payloads of a profile in earlier sittings, by the payload's name."""
        names = [payload.name for payload in entry.profile.payloads] if entry.profile else []
        return await asyncio.to_thread(self._kept_drafts, entry.id, names or [""])

    def _kept_drafts(self, profile_id: str, names: Sequence[str]) -> dict[str, Draft]:
        from smrt_tui.store.drafts import read_draft

        folder = self._environment.state_folder
        drafts = {name: read_draft(folder, _draft_key(profile_id, name)) for name in names}
        return {name: draft for name, draft in drafts.items() if draft is not None}

    async def keep_place(self, place: Place) -> None:
        """Remember where the person is."""
        from smrt_tui.store.place import write_place

        await asyncio.to_thread(write_place, self._environment.state_folder, place)

    async def place(self) -> Place:
        """Where the person was when the app was last open."""
        from smrt_tui.store.place import read_place

        return await asyncio.to_thread(read_place, self._environment.state_folder)

    async def keep_theme(self, theme: str) -> None:
        """Remember the colours."""
        from smrt_tui.store.settings import write_theme

        await asyncio.to_thread(write_theme, self._environment.state_folder, theme)

    async def save_bytes(self, name: str, content: bytes) -> str:
        """Write a file into the working folder under that name (a number is added rather than overwrite); its path."""
        return await asyncio.to_thread(_save_beside, self._environment.working_folder, name, content)

    async def close(self) -> None:
        """Let go of connections and of the local endpoint."""
        if self._client is not None:
            await self._client.close()
        await self._companion.close()


def _draft_key(profile_id: str, payload: str) -> str:
    """What a draft is kept under: one for each payload of each profile."""
    return f"{profile_id}#{payload}"


def _at(local: LocalAddress, target: Target) -> Target:
    """The same target at the local endpoint."""
    return replace(
        target,
        region=local.region,
        endpoint_url=local.endpoint_url,
        s3_endpoint_url=local.s3_endpoint_url,
        credentials=local.credentials if target.credentials is None else target.credentials,
    )


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
