"""The verbs about profile files: new, edit, copy, rename, delete. Each by one dialog, on the open profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.ui.verbs import Verbs

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry


class ProfileCommands(Verbs):
    """A part of `ui.commands.Commands`."""

    def edit_profile(self) -> None:
        """Open the profile's file in the app."""
        entry = self._open_entry()
        if entry is not None:
            self._do(self._edit(entry))

    def edit_profile_outside(self) -> None:
        """Open the profile's file in the person's own editor."""
        entry = self._open_entry()
        if entry is not None:
            self._do(self._edit_outside(entry))

    def duplicate_profile(self) -> None:
        """Ask for a name, and write a copy under it."""
        entry = self._open_entry()
        if entry is not None:
            self._do(self._duplicate(entry))

    def rename_profile(self) -> None:
        """Ask for another name."""
        entry = self._open_entry()
        if entry is not None:
            self._do(self._rename(entry))

    def delete_profile(self) -> None:
        """Remove the file, once that is wanted."""
        entry = self._open_entry()
        if entry is not None:
            self._do(self._delete(entry))

    async def _edit(self, entry: ProfileEntry) -> None:
        text = await self._shelf.text_of(entry)
        if text is not None:
            await self._open_editor(entry, text, text)

    async def _open_editor(self, entry: ProfileEntry, text: str, saved: str) -> None:
        from smrt_tui.ui.profile_editor import ProfileEditor

        async def save(changed: str) -> str:
            return await self._shelf.save_text(entry, changed)

        editor = ProfileEditor(
            title=entry.path,
            text=text,
            saved=saved,
            note=await self._note(entry),
            check=self._screen.session.workbench.library.check,
            save=save,
        )
        await self._screen.app.push_screen(editor)

    async def _note(self, entry: ProfileEntry) -> str:
        if await self._shelf.is_own(entry):
            return ""
        home = await self._shelf.home()
        return f"This file is not yours to change (a starter, or read-only): saving writes a copy in {home}"

    async def _edit_outside(self, entry: ProfileEntry) -> None:
        from smrt_tui.ui.external import edit_outside

        text = await self._shelf.text_of(entry)
        if text is None:
            return
        changed = edit_outside(self._screen, self._environ, text, ".yaml")
        if changed is None:
            return
        if changed == text:
            self._screen.notify("Nothing was changed")
            return
        problems = await self._screen.session.workbench.library.check(changed)
        complaint = "" if problems else await self._shelf.save_text(entry, changed)
        if problems or complaint:
            await self._open_editor(entry, changed, text)
        if complaint:
            self._screen.notify(complaint, severity="error", markup=False)

    async def _duplicate(self, entry: ProfileEntry) -> None:
        text = f"A copy of {entry.path} goes to {await self._shelf.home()}"
        name = await self._name("Copy the profile", text, f"{entry.id}-copy", "Copy")
        if name:
            await self._shelf.duplicate(entry, name)

    async def _rename(self, entry: ProfileEntry) -> None:
        if not await self._shelf.is_own(entry):
            self._screen.notify("This file is not yours to rename; copy it instead", severity="warning")
            return
        name = await self._name("Rename the profile", f"{entry.path} gets another name", entry.id, "Rename")
        if name and name != entry.id:
            await self._shelf.rename(entry, name)

    async def _name(self, title: str, text: str, name: str, agree: str) -> str | None:
        from smrt_tui.ui.naming import Naming

        return await self._screen.app.push_screen_wait(Naming(title=title, text=text, name=name, agree=agree))

    async def _delete(self, entry: ProfileEntry) -> None:
        from smrt_tui.ui.dialogs import Question

        if not await self._shelf.is_own(entry):
            self._screen.notify("This file is not yours to delete", severity="warning")
            return
        text = f"{entry.path} is removed from the disk. There is no way back."
        if await self._screen.app.push_screen_wait(Question(title="Delete the profile?", text=text, agree="Delete")):
            await self._shelf.delete(entry)

    def _open_entry(self) -> ProfileEntry | None:
        entry = self._screen.session.entry
        if entry is None:
            self._screen.notify("No profile is open", severity="warning")
        return entry
