"""The wire pane: the request as sent, the response as received, the connection, and what the signature is made of."""

from __future__ import annotations

from typing import Self

from textual.widget import Widget

from smrt_tui.core.recorder import Recorder


class WirePane(Widget):
    """What really went over the wire."""

    DEFAULT_CSS = """
    WirePane { height: 1fr; }
    """

    def show(self, recorder: Recorder) -> Self:
        """Turn to another call."""
        return self

    def refresh_from(self) -> None:
        """Something new is in the recorder."""

    def finish(self) -> None:
        """The call is over."""

    def clear(self) -> None:
        """Show the empty state."""

    def search(self, text: str) -> int:
        """Mark every match and go to the nearest; how many there are."""
        return 0

    def search_next(self) -> None:
        """Go to the next match, around the end."""

    def search_previous(self) -> None:
        """Go to the match before, around the start."""
