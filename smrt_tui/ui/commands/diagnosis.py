"""The commands that look behind a call: header table, content-type probe, three ways at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smrt_tui.core.draft import ResolvedDraft
    from smrt_tui.core.service import Mode
    from smrt_tui.ui.screen import MainScreen


def header_table(screen: MainScreen) -> None:
    """One row a header, from what was typed to what was answered."""
    from smrt_tui.core.header_table import header_table
    from smrt_tui.core.service import packaged_service
    from smrt_tui.ui.header_screen import HeaderScreen

    run = screen.session.run
    if run is None or run.resolved is None:
        screen.notify("Nothing was sent yet; f5 sends, f3 shows what would be", severity="warning")
        return
    table = header_table(run.recorder, run.resolved, packaged_service())
    screen.app.push_screen(HeaderScreen(table, run.recorder.started))


async def probe_types(screen: MainScreen) -> None:
    """The payload under a grid of content types and Accepts."""
    from smrt_tui.ui.probe_screen import ProbeScreen

    session = screen.session
    draft, entry = session.draft, session.entry
    resolved = await _ready(screen, draft.mode if draft else "sync")
    if resolved is None or draft is None or entry is None:
        return
    patient = session.repairs.patient(entry)
    await screen.app.push_screen(ProbeScreen(draft, resolved, lambda one: session.workbench.fire(patient, one)))


async def three_ways(screen: MainScreen) -> None:
    """The payload sync, as a stream and async, side by side."""
    from smrt_tui.ui.three_ways_screen import ThreeWaysScreen

    session = screen.session
    resolved = await _ready(screen, "async")
    if resolved is None or session.entry is None or session.draft is None:
        return
    entry = session.repairs.patient(session.entry)
    await screen.app.push_screen(ThreeWaysScreen(entry, session.draft, resolved, session.workbench, session.clock))


async def _ready(screen: MainScreen, mode: Mode) -> ResolvedDraft | None:
    """The draft with its templates filled; None, and a word about it, where nothing may or can be fired."""
    from smrt_tui.core.draft import ResolvedDraft

    session = screen.session
    if not session.calls.may_fire(mode) or session.entry is None or session.draft is None:
        return None
    resolved = await session.workbench.resolve(session.entry, session.draft)
    if isinstance(resolved, ResolvedDraft):
        return resolved
    screen.notify(" · ".join(finding.message for finding in resolved), severity="error", markup=False)
    return None
