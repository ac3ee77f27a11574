"""The response pane: one call's answer in several views behind a tab strip. It decodes nothing."""

from __future__ import annotations

from typing import Self

from textual.reactive import reactive
from textual.widget import Widget

from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.contracts import Decoder


class ResponsePane(Widget):
    """One answer: Text, Markdown, Parts, Frames, Events, JSON, Raw and Hex, and the fault when there is one."""

    DEFAULT_CSS = """
    ResponsePane { height: 1fr; }
    """

    tab: reactive[str] = reactive("text")
    """The view in front: text, markdown, parts, frames, events, json, raw, hex or media."""

    def show(self, recorder: Recorder, decoder: Decoder | None) -> Self:
        """Turn to another call. What was shown before is dropped; nothing of it is mixed in."""
        return self

    def refresh_from(self) -> None:
        """Something new is in the recorder and the decoder; at most 60 times a second is enough."""

    def finish(self) -> None:
        """The call is over: draw the rest at once and say how it ended."""

    def clear(self) -> None:
        """Show the empty state: nothing has been sent yet."""

    def search(self, text: str) -> int:
        """Mark every match in the view in front and go to the nearest; how many are known so far."""
        return 0

    def search_next(self) -> None:
        """Go to the next match, around the end."""

    def search_previous(self) -> None:
        """Go to the match before, around the start."""

    def locate(self, byte_offset: int) -> None:
        """Bring that byte of the body into view, in whichever view is in front."""
