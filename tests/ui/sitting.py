"""A whole app on a workbench in memory, driven by a pilot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

from textual.pilot import Pilot
from textual.widget import Widget

from smrt_tui.ui.app import SmrtApp
from smrt_tui.ui.session import Session
from smrt_tui.ui.widgets.action_bar import ActionBar
from tests.ui.fakes import FakeWorkbench, a_held_call, sse
from tests.ui.quiet import until_quiet
from tests.ui.until import eventually

W = TypeVar("W", bound=Widget)


class AppSitting:
    """One person at one terminal."""

    def __init__(self, app: SmrtApp, pilot: Pilot[None], workbench: FakeWorkbench) -> None:
        self.app = app
        self.pilot = pilot
        self.workbench = workbench

    @property
    def session(self) -> Session:
        return self.app.main.session

    def one(self, kind: type[W], selector: str = "") -> W:
        return self.app.screen.query_one(selector or kind.__name__, kind)

    def sees(self, selector: str) -> bool:
        """Whether anything of that kind has a place on the screen."""
        return any(widget.region and widget.display for widget in self.app.screen.query(selector))

    async def until(self, predicate: Callable[[], object], what: str = "") -> None:
        await eventually(predicate, what)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def settle(self) -> None:
        """Until the profile is open, its panes are mounted and nothing is left to do."""
        await self.until(
            lambda: self.session.draft is not None and self.sees("ResponsePane"), "the first profile opens"
        )
        await self.until(
            lambda: self.workbench.is_warm and self.app.main._early is None,
            "everything is warm and what was told is shown",
        )

    async def send(self) -> None:
        """Send, and wait until the end is on the screen."""
        before = self.session.run.number if self.session.run else 0
        await self.press("f5")
        await self.until(lambda: self.session.run and self.session.run.number > before, "a run starts")
        await self.until(lambda: self.session.run and self.session.run.is_told_over, "the run ends")
        await until_quiet()

    def toasts(self) -> list[str]:
        return [notification.message for notification in self.app._notifications]


@asynccontextmanager
async def at_the_terminal(
    workbench: FakeWorkbench | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    first_profile: str | None = None,
    theme: str | None = None,
    keymap: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    is_sound: bool = True,
) -> AsyncIterator[AppSitting]:
    """An app of that size, with its first profile open."""
    bench = workbench or FakeWorkbench()
    app = SmrtApp(bench, first_profile=first_profile, theme=theme, keymap=keymap, environ=environ)
    async with app.run_test(size=size) as pilot:
        sitting = AppSitting(app, pilot, bench)
        if is_sound:
            await sitting.settle()
        yield sitting


def a_hanging_workbench() -> FakeWorkbench:
    return FakeWorkbench(make_call=lambda: a_held_call(*sse("Hello")))


async def send_and_hang(sitting: AppSitting) -> None:
    await sitting.press("f5")
    await sitting.until(lambda: sitting.session.run and len(sitting.session.run.recorder.parts) == 2)
    await sitting.until(lambda: sitting.one(ActionBar).is_live)
