"""What a pane says before there is anything to say."""

from __future__ import annotations

from smrt_tui.ui.actions import ACTION, shown_key
from smrt_tui.ui.panes.line_pane import LinePane


class EmptyView(LinePane):
    """Nothing yet, and what to press for something."""

    def placeholder(self) -> str:
        """The next step."""
        keys = " or ".join(shown_key(key) for key in ACTION["send"].keys[:2])
        return f"Nothing has been sent yet. Press {keys} to send the request; the answer appears here as it arrives."
