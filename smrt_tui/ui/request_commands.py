"""The verbs about requests as wholes: save under a name, take from the history, import, fill. Each by one dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.core.errors import SmrtError
from smrt_tui.ui.verbs import Verbs

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.importing import Imported
    from smrt_tui.core.profile import Profile
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

    def templates(self) -> None:
        """Take a request from the gallery."""
        self._do(self._pick(is_for_profile=False))

    def new_profile(self) -> None:
        """Begin a profile with a request from the gallery."""
        self._do(self._pick(is_for_profile=True))

    async def _pick(self, *, is_for_profile: bool) -> None:
        from smrt_tui.core.gallery import draft_from, profile_from
        from smrt_tui.ui.gallery_screen import GalleryScreen

        session = self._screen.session
        picked = await self._screen.app.push_screen_wait(GalleryScreen(is_for_profile=is_for_profile))
        if picked is None:
            return
        if picked.is_for_profile:
            await self._new_profile(*profile_from(picked.template, "my-endpoint"), picked.template.name)
        elif session.draft is None:
            self._screen.notify("There is no request to put it into; begin a profile with it", severity="warning")
        else:
            session.desk.replace(draft_from(picked.template, session.draft))

    async def _new_profile(self, profile: Profile, draft: Draft, name: str) -> None:
        """Ask for a name, write it, and open its file: the endpoint and the region are still to be filled in."""
        from smrt_tui.ui.naming import Naming

        text = f"A new profile in {await self._shelf.home()}. Its file opens next, for the endpoint and the region."
        naming = Naming(title="New profile", text=text, name=f"mine/{name}", agree="Create")
        wanted = await self._screen.app.push_screen_wait(naming)
        if wanted and await self._shelf.write_new(wanted, profile, draft, ""):
            self._screen.commands.run("edit-profile")

    def import_command(self) -> None:
        """Read a pasted command line."""
        self._do(self._import_command())

    async def _import_command(self) -> None:
        from smrt_tui.ui.import_screen import ImportScreen

        session = self._screen.session
        pasted = await self._screen.app.push_screen_wait(ImportScreen())
        if pasted is None:
            return
        if pasted.is_for_profile or session.draft is None:
            await self._new_profile(*_profile_of(pasted.imported), pasted.imported.draft.endpoint or "imported")
        else:
            session.desk.replace(pasted.imported.draft)
            self._screen.notify("Imported; alt+y brings the request from before back")

    def fill_variables(self) -> None:
        """The values of the variables."""
        self._do(self._fill_variables())

    async def _fill_variables(self) -> None:
        from smrt_tui.ui.filling import Filling

        draft = self._screen.session.draft
        filled = None if draft is None else await self._screen.app.push_screen_wait(Filling(draft, agree="Take"))
        if filled is not None:
            self._screen.session.desk.change(filled)

    def ask_variables(self, draft: Draft) -> None:
        """Ask for what is missing, and then send."""
        self._do(self._ask_variables(draft))

    async def _ask_variables(self, draft: Draft) -> None:
        from smrt_tui.ui.filling import Filling

        filled = await self._screen.app.push_screen_wait(Filling(draft, agree="Send"))
        if filled is not None:
            self._screen.session.desk.change(filled)
            self._screen.session.send()

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


def _profile_of(imported: Imported) -> tuple[Profile, Draft]:
    """A profile that sends where the command line did, as far as a profile can, and its draft."""
    from smrt_tui.core.profile import Profile, parse_profile

    endpoint = imported.draft.endpoint or "my-endpoint"
    where = {"region": imported.region, "endpoint_url": imported.endpoint_url}
    profile, _ = parse_profile({"endpoint": endpoint, **{key: value for key, value in where.items() if value}})
    return profile or Profile(endpoint=endpoint), imported.draft
