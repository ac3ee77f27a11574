"""The credentials that a sitting found, as far as a person has a say in them."""

from __future__ import annotations

from smrt_tui.connections import Connections


class Keyring:
    """Implements `ui.ports.Keyring`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def forget(self) -> None:
        """Look for every source of credentials again at the next call, such as after a log-in elsewhere."""
        (await self._connections.client()).forget_credentials()
