"""The verbs about requests as wholes: save under a name, take from the history, import, fill. Each by one dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.core.errors import SmrtError
from smrt_tui.ui.verbs import Verbs

if TYPE_CHECKING:
    from smrt_tui.ui.history_screen import Chosen


class RequestCommands(Verbs):
    """A part of `ui.commands.Commands`."""

    def save_request(self) -> None:
        """Ask for a name, and save the draft under it."""
        self._do(self._save_request())

    async def _save_request(self) -> None:
        from smrt_tui.ui.naming import Naming

        session = self._screen.session
        if session.entry is None or session.draft is None:
            self._screen.notify("There is no request to save", severity="warning")
            return
        suggested = f"{session.entry.id}-{session.payload}".rstrip("-")
        text = f"The request becomes a profile of its own in {await self._shelf.home()}"
        naming = Naming(title="Save the request", text=text, name=suggested, agree="Save")
        name = await self._screen.app.push_screen_wait(naming)
        if name:
            await self._shelf.save_request(name)

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
