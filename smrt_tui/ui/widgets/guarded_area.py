"""A text area that never holds more than can be edited in it: what would be too much is handed on instead."""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Paste
from textual.message import Message
from textual.widgets import TextArea

from smrt_tui.core.kept_text import is_large


class GuardedArea(TextArea):
    """A text area that would stall on a large paste, and therefore does not take it."""

    @dataclass
    class PastedTooMuch(Message):
        """Posted when a paste would make the text longer than can be edited here; it is not put in."""

        text: str
        """The whole text as it would be."""

    def on_paste(self, event: Paste) -> None:
        """Keep out what the terminal pastes, when that is too much."""
        if self._keeps_out(event.text):
            event.prevent_default()
            event.stop()

    def action_paste(self) -> None:
        """Put in what was copied in the app, unless that is too much: an answer has megabytes."""
        if not self._keeps_out(self.app.clipboard):
            super().action_paste()

    def _keeps_out(self, pasted: str) -> bool:
        if self.read_only:
            return False
        start, end = sorted(self.selection)
        before, after = self.get_text_range((0, 0), start), self.get_text_range(end, self.document.end)
        text = before + with_line_feeds(pasted) + after
        if is_large(text):
            self.post_message(self.PastedTooMuch(text))
            return True
        return False


def with_line_feeds(pasted: str) -> str:
    """What a terminal pasted, with its line ends as they were copied: terminals send a carriage return for each."""
    return pasted.replace("\r\n", "\n").replace("\r", "\n") if "\r" in pasted else pasted
