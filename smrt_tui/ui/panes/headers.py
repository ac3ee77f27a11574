"""The wire pane: the request as sent, the response as received, the connection, and what the signature is made of."""

from __future__ import annotations

from typing import Self

from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.rows import Piece
from smrt_tui.ui.panes.text_pane import TextPane
from smrt_tui.ui.panes.wire_text import wire_text
from smrt_tui.ui.panes.wrapped import WrappedText


class WirePane(TextPane):
    """What really went over the wire. Secrets are masked before they get here."""

    FOLLOWS = False

    DEFAULT_CSS = """
    WirePane { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._recorder: Recorder | None = None
        self._shown: list[Piece] = []

    def show(self, recorder: Recorder) -> Self:
        """Turn to another call, from its first line."""
        self._recorder = recorder
        self._shown = []
        self.clear_text()
        self.changed()
        return self

    def refresh_from(self) -> None:
        """Something new is in the recorder."""
        self.changed()

    def finish(self) -> None:
        """The call is over."""
        self.draw_all_new()

    def clear(self) -> None:
        """Show the empty state."""
        self._recorder = None
        self._shown = []
        self.clear_text()

    def placeholder(self) -> str:
        """What will be here."""
        return "Once a request is sent: its bytes as they left, the answer's head as it came, and the signature."

    def take_in(self) -> bool:
        """Write it all again when anything is new; the lines that show stay where they are."""
        if self._recorder is None:
            return False
        told = list(wire_text(self._recorder))
        if told != self._shown:
            self._shown = told
            self.text = self.rows = WrappedText(self.text_width)
            for text, style in told:
                self.text.append(text, style)
            self.redraw()
        return False
