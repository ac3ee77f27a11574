"""The verbs about requests as wholes: save under a name, take from the history, import, fill. Each by one dialog."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from smrt_tui.core.errors import SmrtError

if TYPE_CHECKING:
    from smrt_tui.ui.history_screen import Chosen
    from smrt_tui.ui.screen import MainScreen


class RequestCommands:
    """A part of `ui.commands.Commands`."""

    _screen: MainScreen

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it beside the screen, one after the other."""
        self._screen.run_worker(work, group="shelf")

    def save_request(self) -> None:
        """Ask for a name, and save the draft under it."""
        self._do(self._save_request())

    async def _save_request(self) -> None:
        from smrt_tui.ui.naming import Naming

        session = self._screen.session
        if session.entry is None or session.draft is None:
            self._screen.notify("There is no request to save", severity="warning")
            return
        home = await session.shelf.home()

        def named(name: str | None) -> None:
            if name:
                self._do(session.shelf.save_request(name))

        suggested = f"{session.entry.id}-{session.payload}".rstrip("-")
        text = f"The request becomes a profile of its own in {home}"
        self._screen.app.push_screen(Naming(title="Save the request", text=text, name=suggested, agree="Save"), named)

    def bring_back(self) -> None:
        """The request that was replaced."""
        self._screen.session.desk.bring_back()

    def history(self) -> None:
        """List the finished calls."""
        self._do(self._history())

    async def _history(self) -> None:
        from smrt_tui.ui.history_screen import SHOWN, HistoryScreen

        session = self._screen.session
        logbook = session.workbench.logbook

        def chosen(choice: Chosen | None) -> None:
            if choice is not None:
                self._do(session.shelf.replay(choice.invocation, is_sent=choice.is_sent))

        try:
            rows = await logbook.rows(SHOWN)
        except SmrtError as error:
            self._screen.notify(error.message, severity="error", markup=False)
        else:
            self._screen.app.push_screen(HistoryScreen(rows, logbook.get, session.workbench.now()), chosen)
