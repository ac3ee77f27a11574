"""The timing pane: phases, figures with their definitions, gaps. Fixed size, no layout on update, no clock."""

from __future__ import annotations

from typing import Self

from textual.widget import Widget

from smrt_tui.core.decode import Decoder
from smrt_tui.core.recorder import Recorder


class TimingPane(Widget):
    """What took how long."""

    DEFAULT_CSS = """
    TimingPane { height: 1fr; }
    """

    def show(self, recorder: Recorder, decoder: Decoder | None) -> Self:
        """Turn to another call."""
        return self

    def refresh_from(self, elapsed_s: float | None = None) -> None:
        """Something new, or time has passed: `elapsed_s` since the call started, for the phase that is running."""

    def finish(self) -> None:
        """The call is over: draw the final figures."""

    def clear(self) -> None:
        """Show the empty state."""
