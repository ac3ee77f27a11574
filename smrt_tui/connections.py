"""The connections of a sitting: the one client, and the local endpoint, each made when first needed.

It says where a profile's calls go. What is done there is the business of who asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smrt_tui.companion import Companion

if TYPE_CHECKING:
    from smrt_tui.client.invoke import RuntimeClient
    from smrt_tui.companion import LocalAddress
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.target import Target


class Connections:
    """One client and one local endpoint, shared by everything that reaches out."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._companion = Companion(environ)
        self._client: RuntimeClient | None = None

    async def client(self) -> RuntimeClient:
        """The client; its imports (signer, transport) are done in a thread."""
        return await asyncio.to_thread(self._made_client) if self._client is None else self._client

    def _made_client(self) -> RuntimeClient:
        from smrt_tui.client.invoke import RuntimeClient

        if self._client is None:
            self._client = RuntimeClient(self._environ)
        return self._client

    async def start_local(self) -> None:
        """Start the local endpoint before it is asked for. Its failure is told when it is."""
        from smrt_tui.core.errors import SmrtError

        try:
            await self._companion.address()
        except SmrtError:
            return

    @property
    def local_run(self) -> str:
        """What tells the running local endpoint from every other one; empty when none runs."""
        local = self._companion.running
        return "" if local is None else local.credentials.access_key

    async def target(self, entry: ProfileEntry) -> Target:
        """Where a profile's calls go; the local endpoint is started for one that is meant for it.

        Raises `SmrtError` for a profile with problems, and when the local endpoint does not come up.
        """
        from smrt_tui.core.errors import SmrtError
        from smrt_tui.core.target import target_of

        if entry.profile is None:
            raise SmrtError(f"the profile {entry.id} has problems and cannot be sent", "see `smrt-tui check`")
        target = target_of(entry.profile)
        return _at(await self._companion.address(), target) if entry.is_local else target

    async def local_target(self) -> Target:
        """The local endpoint, for what no profile is about. Raises `SmrtError` when it does not come up."""
        from smrt_tui.core.target import Target

        return _at(await self._companion.address(), Target())

    def at_local_run(self, run: str, target: Target) -> Target | None:
        """The target at the local endpoint of that run; None when that is over."""
        local = self._companion.running
        return None if local is None or run != self.local_run else _at(local, target)

    async def close(self) -> None:
        """Let go of both."""
        if self._client is not None:
            await self._client.close()
        await self._companion.close()


def _at(local: LocalAddress, target: Target) -> Target:
    """The same target at the local endpoint."""
    return replace(
        target,
        region=local.region,
        endpoint_url=local.endpoint_url,
        s3_endpoint_url=local.s3_endpoint_url,
        credentials=local.credentials if target.credentials is None else target.credentials,
    )
