"""The commands about what is seen: which view of the answer, how large, and whether the profiles are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.ui.widgets.answer import Answer
from smrt_tui.ui.widgets.payload_page import PayloadPage

if TYPE_CHECKING:
    from textual.widget import Widget

    from smrt_tui.ui.screen import MainScreen


def next_view(screen: MainScreen) -> None:
    """On to the next of Response, Timing, Wire."""
    screen.query_one(Answer).next_view()


def find(screen: MainScreen) -> None:
    """Open the search row, of the payload when the focus is there."""
    page = screen.query_one(PayloadPage)
    where = page if page.has_focus_within and not page.has_class("-preview") else screen.query_one(Answer)
    screen.run_worker(where.find(), group="find")


def bookmark(screen: MainScreen) -> None:
    """Mark what the response shows, or drop the mark there."""
    screen.query_one(Answer).bookmark()


def bookmarks(screen: MainScreen) -> None:
    """List the marks of the answer; go to the chosen one."""
    screen.query_one(Answer).list_bookmarks()


def maximise(screen: MainScreen) -> None:
    """The focused pane on the whole screen, and back."""
    if screen.maximized is not None:
        screen.minimize()
    else:
        screen.maximize(_focused_pane(screen), container=False)


def _focused_pane(screen: MainScreen) -> Widget:
    """The bordered pane that the focus is in; the response when it is in none."""
    around = screen.focused.ancestors_with_self if screen.focused is not None else []
    panes = screen.query("Composer, Frame").results()
    return next((pane for pane in panes if pane in around), screen.query_one("#response-frame"))


def toggle_sidebar(screen: MainScreen) -> None:
    """Show or hide the profiles; shown, they have the focus."""
    is_shown = bool(screen.query_one("#sidebar").region)
    screen.set_class(is_shown, "-sidebar-closed")
    screen.set_class(not is_shown, "-sidebar-open")
    if is_shown:
        screen.focus_request()
    else:
        screen.query("ProfileTree").focus()


async def reload_profiles(screen: MainScreen) -> None:
    """Read the files again."""
    await screen.session.profiles.reload()


def open_profile(screen: MainScreen, profile_id: str) -> None:
    """Open a profile; an overlaid sidebar makes room again."""
    screen.run_worker(screen.session.profiles.select(profile_id), exclusive=True, group="open profile")
    if screen.has_class("-narrow"):
        leave_profiles(screen)


def leave_profiles(screen: MainScreen) -> None:
    """Back to the request, and an overlaid sidebar goes away; a running call is what there is to leave first."""
    if screen.session.calls.is_live and not screen.has_class("-sidebar-open"):
        screen.session.calls.cancel()
        return
    screen.remove_class("-sidebar-open")
    screen.focus_request()
