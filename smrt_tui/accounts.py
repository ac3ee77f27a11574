"""Accounts: what can be read of the AWS account behind an endpoint. Implements `ui.ports.Accounts`.

Everything is asked only when a person asks, with one target's region and credentials; None is the local endpoint,
which is started where it does not run yet. Every failure is a `SmrtError` with what to do about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.connections import Connections

if TYPE_CHECKING:
    from smrt_tui.core.account import EndpointDescription, EndpointListing
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.container_log import ContainerLog, LogQuery
    from smrt_tui.core.target import Target


class Accounts:
    """The readers of one sitting."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def list_endpoints(self, target: Target | None, name_contains: str = "") -> EndpointListing:
        """The endpoints of a region, the one changed last first."""
        client = await self._connections.client()
        return await client.account(await self._target(target)).list_endpoints(name_contains)

    async def describe(self, target: Target | None, name: str) -> EndpointDescription:
        """All that is readable about one endpoint."""
        client = await self._connections.client()
        return await client.account(await self._target(target)).describe_endpoint(name)

    async def log(self, entry: ProfileEntry, query: LogQuery) -> ContainerLog:
        """The container's log lines that are meant, with the profile's credentials."""
        client = await self._connections.client()
        return await client.container_logs(await self._connections.target(entry)).lines(query)

    async def _target(self, target: Target | None) -> Target:
        return await self._connections.local_target() if target is None else target
