"""The workbench: what both front ends need done outside themselves, wired from `client`, `store` and the companion.

Implements `ui.ports.Workbench`. It reads files, starts the local endpoint and fires calls; it never draws, prints or
decides. Heavy imports (signer, transport, YAML) happen in threads, so that a front end can paint first.
"""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smrt_tui.companion import Companion
from smrt_tui.environment import Environment

if TYPE_CHECKING:
    from smrt_tui.client.invoke import RuntimeClient
    from smrt_tui.core.catalogue import Catalogue, ProfileEntry
    from smrt_tui.core.draft import Draft, ResolvedDraft
    from smrt_tui.core.events import Call
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.target import Target
    from smrt_tui.core.template import Sources


class Workbench:
    """One sitting's connections, local endpoint and folders."""

    def __init__(self, environment: Environment, profiles_folder: Path | None = None) -> None:
        self._environment = environment
        self._profiles_folder = profiles_folder
        self._companion = Companion(environment.environ)
        self._client: RuntimeClient | None = None

    async def load_catalogue(self) -> Catalogue:
        """Every profile there is, read afresh."""
        return await asyncio.to_thread(self._load_catalogue)

    def _load_catalogue(self) -> Catalogue:
        from smrt_tui.store.locations import profile_folders
        from smrt_tui.store.profiles import load_catalogue

        return load_catalogue(profile_folders(self._environment, self._profiles_folder))

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
        client = self._client or await asyncio.to_thread(self._runtime_client)
        return client.invoke(draft, target)

    async def preview(self, entry: ProfileEntry, draft: ResolvedDraft) -> str:
        """The signed request as it would go out and what the signature is made of, secrets masked, as plain text."""
        from smrt_tui.core.preview import preview_text

        target = await self._target(entry)
        client = self._client or await asyncio.to_thread(self._runtime_client)
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
        local = await self._companion.address()
        return replace(
            target,
            region=local.region,
            endpoint_url=local.endpoint_url,
            s3_endpoint_url=local.s3_endpoint_url,
            credentials=local.credentials if target.credentials is None else target.credentials,
        )

    async def lint(self, entry: ProfileEntry, draft: Draft) -> Sequence[Finding]:
        """What is wrong or suspicious about a draft, worst first."""
        from smrt_tui.core.lint import lint
        from smrt_tui.core.service import packaged_service

        if entry.profile is None:
            return ()
        return await asyncio.to_thread(lint, draft, entry.profile, packaged_service())

    async def keep_draft(self, entry: ProfileEntry, draft: Draft) -> None:
        """Remember an unsent draft, so that it survives a kill."""
        from smrt_tui.store.drafts import write_draft

        await asyncio.to_thread(write_draft, self._environment.state_folder, entry.id, draft)

    async def kept_draft(self, entry: ProfileEntry) -> Draft | None:
        """The draft that was being written when the app last had this profile open."""
        from smrt_tui.store.drafts import read_draft

        return await asyncio.to_thread(read_draft, self._environment.state_folder, entry.id)

    async def save_bytes(self, name: str, content: bytes) -> str:
        """Write a file into the working folder under that name (a number is added rather than overwrite); its path."""
        return await asyncio.to_thread(_save_beside, self._environment.working_folder, name, content)

    async def close(self) -> None:
        """Let go of connections and of the local endpoint."""
        if self._client is not None:
            await self._client.close()
        await self._companion.close()


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
