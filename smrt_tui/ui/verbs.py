"""What the groups of the screen's verbs have in common: the screen, the environment, and work beside the screen."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smrt_tui.ui.screen import MainScreen
    from smrt_tui.ui.shelf import Shelf


class Verbs:
    """A group of verbs of one screen."""

    def __init__(self, screen: MainScreen, environ: Mapping[str, str]) -> None:
        self._screen = screen
        self._environ = environ

    @property
    def _shelf(self) -> Shelf:
        return self._screen.session.shelf

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it beside the screen; a dialog may be waited for in it."""
        self._screen.run_worker(work, group="shelf")
