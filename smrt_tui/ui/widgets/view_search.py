"""The search row of an answer. It drives the view in front; where the matches are, that view knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from smrt_tui.ui.widgets.find_bar import FindBar


class Searchable(Protocol):
    """What can be looked through for a text."""

    def search(self, text: str) -> int:
        """Mark every match and go to the nearest; how many are known so far."""

    def search_next(self) -> None:
        """Go to the next match, around the end."""

    def search_previous(self) -> None:
        """Go to the match before, around the start."""


class ViewSearch(FindBar):
    """The row, and which view it is about at the moment; None while there is none."""

    def __init__(self, in_front: Callable[[], Searchable | None]) -> None:
        super().__init__()
        self._in_front = in_front

    def on_find_bar_asked(self, event: FindBar.Asked) -> None:
        """Look for it."""
        event.stop()
        view = self._in_front()
        if view is not None:
            view.search(event.text)

    def on_find_bar_stepped(self, event: FindBar.Stepped) -> None:
        """Go on to another match."""
        event.stop()
        view = self._in_front()
        if view is not None and event.by > 0:
            view.search_next()
        elif view is not None:
            view.search_previous()
