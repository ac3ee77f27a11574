"""The app: themes, keymap and the one screen. Everything it does to the world goes through the workbench it is given.

Nothing heavy is imported here: the first frame needs Textual and the plain values of `core` alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.theme import Theme

from smrt_tui.core.plain import plain
from smrt_tui.ui.actions import bindings, checked_keymap
from smrt_tui.ui.screen import MainScreen
from smrt_tui.ui.steady_cells import SteadyCells

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.filter import LineFilter
    from textual.notifications import SeverityLevel

    from smrt_tui.ui.ports import Workbench

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#00e5ff",
    secondary="#ffd600",
    warning="#ffd600",
    error="#ff5252",
    success="#69f0ae",
    accent="#ffd600",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    boost="#262626",
    dark=True,
    variables={
        "text-muted": "#d0d0d0",
        "border-blurred": "#bdbdbd",
        "footer-description-foreground": "#ffffff",
        "block-cursor-blurred-background": "#005f73",
        "block-cursor-blurred-foreground": "#ffffff",
    },
)
"""White on black, every meaning in a bright colour of its own."""

DEFAULT_THEME = "textual-dark"


def _commands() -> type[Provider]:
    from smrt_tui.ui.palette import TableCommands

    return TableCommands


class SmrtApp(App[None]):
    """The playground."""

    TITLE = "smrt-tui"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(of_app=True)]
    COMMANDS = {_commands}  # noqa: RUF012  as Textual declares it
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        workbench: Workbench,
        *,
        first_profile: str | None = None,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        keymap_places: Mapping[str, str] | None = None,
        complaints: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
        clock: Callable[[], float] | None = None,
        after_first_paint: Callable[[], None] | None = None,
    ) -> None:
        """`keymap` moves actions by id to other keys, and `keymap_places` says where each was written; `complaints` are
        about settings that could not be read, told once the app is there; `environ` names the editor; `clock` gives
        monotonic seconds, the event loop's when left out."""
        super().__init__()
        self.keymap, problems = checked_keymap(keymap or {}, keymap_places)
        self._complaints = (*complaints, *problems)
        self._workbench = workbench
        self.main = MainScreen(
            workbench, first_profile=first_profile, keymap=self.keymap, clock=clock or _loop_time, environ=environ or {}
        )
        self._after_first_paint = after_first_paint
        self._steady_cells = SteadyCells()
        self.register_theme(HIGH_CONTRAST)
        self.set_keymap(self.keymap)
        if theme is not None and theme not in self.available_themes:
            self._complaints += (f"There is no theme {theme}; {', '.join(sorted(self.available_themes))} are there",)
        self.theme = theme if theme in self.available_themes else DEFAULT_THEME

    def get_default_screen(self) -> MainScreen:
        """The one screen."""
        return self.main

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and that an emoji moves no border."""
        return [*super().get_line_filters(), self._steady_cells]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something for a moment. File names, profile ids and errors are in it: never markup, and harmless.

        A warning that still stands there is not said again: a key pressed ten times would hide the screen.
        """
        message = plain(message)
        if severity == "warning" and any(told.message == message for told in self._notifications):
            return
        super().notify(message, title=plain(title), severity=severity, timeout=timeout, markup=False)

    def on_mount(self) -> None:
        """Say what of the settings could not be followed, and remember the colours from now on."""
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        for complaint in self._complaints:
            self.notify(complaint, severity="warning", markup=False, timeout=8)
        if self._after_first_paint is not None:
            self.call_after_refresh(self._after_first_paint)

    def _remember_theme(self, theme: Theme) -> None:
        self.run_worker(self._keep_theme(theme.name), exclusive=True, group="theme")

    async def _keep_theme(self, name: str) -> None:
        try:
            await self._workbench.memory.keep_theme(name)
        except OSError as error:
            self.notify(f"The colours could not be remembered: {error.strerror or error}", severity="warning")

    def action_help_quit(self) -> None:
        """ctrl+c with nothing to cancel and nothing to copy."""
        self.notify("ctrl+q quits", timeout=2)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
