"""The commands about the app as such. Those that work on every screen are Textual's own, by way of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget

    from smrt_tui.ui.screen import MainScreen


def jump(screen: MainScreen) -> None:
    """Letters on everything that can have the focus."""
    from smrt_tui.ui.jump import JumpOverlay, places

    def chosen(widget: Widget | None) -> None:
        if widget is not None:
            screen.set_focus(widget)

    screen.app.push_screen(JumpOverlay(places(screen)), chosen)


def help(screen: MainScreen) -> None:  # noqa: A001  the action's name
    """Explain the focused widget and list the keys."""
    from smrt_tui.ui.help import HelpScreen, explain

    screen.app.push_screen(HelpScreen(explain(screen.focused), screen.keymap))
