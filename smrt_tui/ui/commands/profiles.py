"""The commands about profile files: new, edit, copy, rename, delete. Each by one dialog, on the open profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.ui.payload_check import EDITABLE_CHARACTERS

if TYPE_CHECKING:
    from smrt_tui.core.catalogue import ProfileEntry
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.profile import Profile
    from smrt_tui.ui.screen import MainScreen


async def new_profile(screen: MainScreen) -> None:
    """Begin a profile with a request from the gallery."""
    await pick_template(screen, is_for_profile=True)


async def pick_template(screen: MainScreen, *, is_for_profile: bool) -> None:
    """Choose from the gallery, for a profile or for the request that is written; the dialog can change which."""
    from smrt_tui.core.gallery import draft_from, profile_from
    from smrt_tui.ui.gallery_screen import GalleryScreen

    session = screen.session
    picked = await screen.app.push_screen_wait(GalleryScreen(is_for_profile=is_for_profile))
    if picked is None:
        return
    if picked.is_for_profile:
        await begin_profile(screen, *profile_from(picked.template, "my-endpoint"), picked.template.name)
    elif session.draft is None:
        screen.notify("There is no request to put it into; begin a profile with it", severity="warning")
    else:
        session.desk.replace(draft_from(picked.template, session.draft))


async def begin_profile(screen: MainScreen, profile: Profile, draft: Draft, name: str) -> None:
    """Ask for a name, write it, and open its file: the endpoint and the region are still to be filled in."""
    shelf = screen.session.shelf
    text = f"A new profile in {await shelf.home()}. Its file opens next, for the endpoint and the region."
    wanted = await ask_name(screen, "New profile", text, f"mine/{name}", "Create")
    if wanted and await shelf.write_new(wanted, profile, draft, ""):
        await edit_profile(screen)


async def endpoints(screen: MainScreen) -> None:
    """List the endpoints where the open profile's is, and make a profile of the chosen one."""
    from smrt_tui.core.from_endpoint import access_of, profile_id_for, profile_of
    from smrt_tui.core.target import Target, target_of
    from smrt_tui.ui.endpoints_screen import EndpointsScreen

    session, entry = screen.session, screen.session.entry
    target: Target | None = Target() if entry is None or entry.profile is None else target_of(entry.profile)
    if entry is not None and entry.is_local:
        target = None
    found = await screen.app.push_screen_wait(
        EndpointsScreen(session.workbench.accounts, target, session.workbench.now())
    )
    if found is None:
        return
    text = f"A new profile in {await session.shelf.home()}, with what could be guessed as comments in its file."
    suggested = profile_id_for(found.target, found.described.name)
    name = await ask_name(screen, "New profile", text, suggested, "Create")
    if name:
        await session.shelf.create(name, profile_of(found.described, access_of(found.target)))


async def edit_profile(screen: MainScreen) -> None:
    """Open the profile's file in the app."""
    entry = _open_entry(screen)
    text = None if entry is None else await screen.session.shelf.text_of(entry)
    if entry is None or text is None:
        return
    if len(text) > EDITABLE_CHARACTERS:
        message = f"{entry.path} has {len(text):,} characters, too many to edit here; alt+x opens it in your editor"
        screen.notify(message, severity="warning", markup=False)
    else:
        await _open_editor(screen, entry, text, text)


async def edit_profile_outside(screen: MainScreen) -> None:
    """Open the profile's file in the person's own editor."""
    from smrt_tui.ui.external import edit_outside

    shelf = screen.session.shelf
    entry = _open_entry(screen)
    text = None if entry is None else await shelf.text_of(entry)
    if entry is None or text is None:
        return
    changed = edit_outside(screen, text, ".yaml")
    if changed is None:
        return
    if changed == text:
        screen.notify("Nothing was changed")
        return
    problems = await screen.session.workbench.library.check(changed)
    is_asked_first = bool(problems) or await shelf.text_of(entry) != text  # another program may have changed it too
    complaint = "" if is_asked_first else await shelf.save_text(entry, changed)
    if len(changed) > EDITABLE_CHARACTERS:  # what has problems is written all the same, so that nothing is lost
        complaint = complaint or await shelf.save_text(entry, changed)
    elif is_asked_first or complaint:
        await _open_editor(screen, entry, changed, text)
    if complaint:
        screen.notify(complaint, severity="error", markup=False)


async def _open_editor(screen: MainScreen, entry: ProfileEntry, text: str, saved: str) -> None:
    from smrt_tui.ui.profile_editor import ProfileEditor

    async def save(changed: str) -> str:
        return await screen.session.shelf.save_text(entry, changed)

    editor = ProfileEditor(
        title=entry.path,
        text=text,
        saved=saved,
        note=await _note(screen, entry),
        check=screen.session.workbench.library.check,
        on_disk=lambda: screen.session.shelf.text_of(entry),
        save=save,
    )
    await screen.app.push_screen(editor)


async def _note(screen: MainScreen, entry: ProfileEntry) -> str:
    shelf = screen.session.shelf
    if await shelf.is_own(entry):
        return ""
    home = await shelf.home()
    return f"This file is not yours to change (a starter, or read-only): saving writes a copy in {home}"


async def duplicate_profile(screen: MainScreen) -> None:
    """Ask for a name, and write a copy under it."""
    shelf = screen.session.shelf
    entry = _open_entry(screen)
    if entry is None:
        return
    text = f"A copy of {entry.path} goes to {await shelf.home()}"
    name = await ask_name(screen, "Copy the profile", text, f"{entry.id}-copy", "Copy")
    if name:
        await shelf.duplicate(entry, name)


async def rename_profile(screen: MainScreen) -> None:
    """Ask for another name."""
    shelf = screen.session.shelf
    entry = _open_entry(screen)
    if entry is None:
        return
    if not await shelf.is_own(entry):
        screen.notify("This file is not yours to rename; copy it instead", severity="warning")
        return
    name = await ask_name(screen, "Rename the profile", f"{entry.path} gets another name", entry.id, "Rename")
    if name and name != entry.id:
        await shelf.rename(entry, name)


async def delete_profile(screen: MainScreen) -> None:
    """Remove the file, once that is wanted."""
    from smrt_tui.ui.dialogs import Question

    shelf = screen.session.shelf
    entry = _open_entry(screen)
    if entry is None:
        return
    if not await shelf.is_own(entry):
        screen.notify("This file is not yours to delete", severity="warning")
        return
    text = f"{entry.path} is removed from the disk. There is no way back."
    if await screen.app.push_screen_wait(Question(title="Delete the profile?", text=text, agree="Delete")):
        await shelf.delete(entry)


async def ask_name(screen: MainScreen, title: str, text: str, name: str, agree: str) -> str | None:
    """The name for a file, `name` being suggested; None when it was called off."""
    from smrt_tui.ui.naming import Naming

    return await screen.app.push_screen_wait(Naming(title=title, text=text, name=name, agree=agree))


def _open_entry(screen: MainScreen) -> ProfileEntry | None:
    entry = screen.session.entry
    if entry is None:
        screen.notify("No profile is open", severity="warning")
    return entry
