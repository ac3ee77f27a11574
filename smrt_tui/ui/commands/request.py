"""The commands about the request that is written: repair it, fill it, put another in its place, save it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from smrt_tui.core.errors import SmrtError
from smrt_tui.ui.commands.profiles import ask_name, begin_profile, pick_template
from smrt_tui.ui.payload_check import formatted, minified

if TYPE_CHECKING:
    from smrt_tui.core.draft import Draft
    from smrt_tui.core.finding import Finding
    from smrt_tui.core.importing import Imported
    from smrt_tui.core.profile import Profile
    from smrt_tui.ui.screen import MainScreen


async def edit_outside(screen: MainScreen) -> None:
    """Hand the payload to the person's own editor."""
    from smrt_tui.ui.external import edit_payload

    await edit_payload(screen)


async def format_payload(screen: MainScreen) -> None:
    """Indent the JSON."""
    await screen.session.desk.lay_out_payload(formatted)


async def minify_payload(screen: MainScreen) -> None:
    """Take the blanks out of the JSON."""
    await screen.session.desk.lay_out_payload(minified)


async def attach_file(screen: MainScreen) -> None:
    """Send a file, or the text again."""
    from smrt_tui.ui.attach_screen import AttachScreen

    session = screen.session
    entry, draft, inputs = session.entry, session.draft, session.workbench.inputs
    if entry is None or draft is None:
        screen.notify("There is no request to send a file with", severity="warning")
        return
    dialog = AttachScreen(
        folder=entry.folder,
        path=draft.body_file or "",
        complete=lambda path: inputs.complete(entry, path),
        look=lambda path: inputs.look(entry, path),
    )
    chosen = await screen.app.push_screen_wait(dialog)
    if chosen is None or session.draft is not draft:
        return
    if chosen.file is None:
        session.desk.change(replace(draft, body_file=None))
    else:
        sent = replace(draft, body_file=chosen.file.path)
        kind = chosen.file.media_type
        session.desk.change(sent.with_member("ContentType", kind) if kind else sent)


def next_payload(screen: MainScreen) -> None:
    """On to the profile's next payload."""
    screen.session.opened.next_payload()


def reset_draft(screen: MainScreen) -> None:
    """Back to the saved text."""
    screen.session.opened.reset()


def bring_back(screen: MainScreen) -> None:
    """The request that was replaced."""
    screen.session.desk.bring_back()


def apply_fix(screen: MainScreen) -> None:
    """Repair the worst that can be repaired."""
    screen.session.fix_worst()


def show_findings(screen: MainScreen) -> None:
    """List what was found; enter applies a repair."""
    from smrt_tui.ui.dialogs import FindingList

    def chosen(finding: Finding | None) -> None:
        if finding is not None:
            screen.session.repairs.apply(finding)

    screen.app.push_screen(FindingList(screen.session.findings), chosen)


async def faults(screen: MainScreen) -> None:
    """Choose what the local endpoint does to the next answer."""
    from smrt_tui.ui.fault_menu import MEMBER, FaultMenu

    session = screen.session
    entry, draft = session.entry, session.draft
    if entry is None or draft is None or not entry.is_local:
        text = "Faults on demand are the local endpoint's: open a profile under local/"
        screen.notify(text, severity="warning")
        return
    rows = await session.workbench.directives.all()
    chosen = await screen.app.push_screen_wait(FaultMenu(rows, draft))
    if chosen is None:
        return
    session.desk.change(draft.with_member(MEMBER, chosen.attributes or None))
    if chosen.is_sent:
        session.calls.send()


async def fill_variables(screen: MainScreen) -> None:
    """The values of the variables."""
    from smrt_tui.ui.filling import Filling

    draft = screen.session.draft
    filled = None if draft is None else await screen.app.push_screen_wait(Filling(draft, agree="Take"))
    if filled is not None:
        screen.session.desk.change(filled)


async def ask_variables(screen: MainScreen, draft: Draft) -> None:
    """Ask for what is missing, and then send."""
    from smrt_tui.ui.filling import Filling

    filled = await screen.app.push_screen_wait(Filling(draft, agree="Send"))
    if filled is not None:
        screen.session.desk.change(filled)
        screen.session.calls.send()


async def save_request(screen: MainScreen) -> None:
    """Ask for a name, and save the draft under it."""
    session = screen.session
    if session.entry is None or session.draft is None:
        screen.notify("There is no request to save", severity="warning")
        return
    suggested = f"{session.entry.id}-{session.opened.payload}".rstrip("-")
    text = f"The request becomes a profile of its own in {await session.shelf.home()}"
    name = await ask_name(screen, "Save the request", text, suggested, "Save")
    if name:
        await session.shelf.save_request(name)


async def templates(screen: MainScreen) -> None:
    """Take a request from the gallery."""
    await pick_template(screen, is_for_profile=False)


async def import_command(screen: MainScreen) -> None:
    """Read a pasted command line."""
    from smrt_tui.ui.import_screen import ImportScreen

    session = screen.session
    pasted = await screen.app.push_screen_wait(ImportScreen())
    if pasted is None:
        return
    if pasted.is_for_profile or session.draft is None:
        await begin_profile(screen, *_profile_of(pasted.imported), pasted.imported.draft.endpoint or "imported")
    else:
        session.desk.replace(pasted.imported.draft)
        screen.notify("Imported; alt+y brings the request from before back")


def _profile_of(imported: Imported) -> tuple[Profile, Draft]:
    """A profile that sends where the command line did, as far as a profile can, and its draft."""
    from smrt_tui.core.profile import Profile
    from smrt_tui.core.profile_check import parse_profile

    endpoint = imported.draft.endpoint or "my-endpoint"
    where = {"region": imported.region, "endpoint_url": imported.endpoint_url}
    profile, _ = parse_profile({"endpoint": endpoint, **{key: value for key, value in where.items() if value}})
    return profile or Profile(endpoint=endpoint), imported.draft


async def history(screen: MainScreen) -> None:
    """List the finished calls; the chosen one comes back, and is sent when that was asked."""
    from smrt_tui.ui.history_screen import SHOWN, HistoryScreen

    session = screen.session
    logbook = session.workbench.logbook
    try:
        rows = await logbook.rows(SHOWN)
    except SmrtError as error:
        screen.notify(error.message, severity="error", markup=False)
        return
    choice = await screen.app.push_screen_wait(HistoryScreen(rows, logbook.get, session.workbench.now()))
    if choice is not None:
        await session.shelf.replay(choice.invocation, is_sent=choice.is_sent)
