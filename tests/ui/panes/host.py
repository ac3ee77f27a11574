"""The smallest app that shows one pane."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from smrt_tui.ui.panes.canvas import Canvas


class Host(App[None]):
    """One widget, and the messages that reached the app."""

    def __init__(self, pane: Widget) -> None:
        super().__init__()
        self.pane = pane
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        """Only the pane."""
        yield self.pane

    def on_event_heard(self, message: Message) -> None:
        """Remember it."""
        self.heard.append(message)

    on_copy_requested = on_located = on_searched = on_follow_changed = on_remarked = on_event_heard


def shown(pane: Canvas) -> list[str]:
    """The lines of a pane as they are on the screen, without what is blank at their ends."""
    return [strip.text[:-1].rstrip() for strip in pane.render_lines(pane.size.region)]
