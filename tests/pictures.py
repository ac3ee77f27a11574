"""The scenarios behind `screenshots/`: each drives the app as a person would, on a staged world, and ends in a picture.

`python -m tests.pictures` (or `make pictures`) writes them; `test_pictures` compares. One script for both.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from textual.pilot import Pilot
from textual.widgets import TextArea

from smrt_tui.ui.app import SmrtApp
from smrt_tui.ui.panes.line_pane import LinePane
from tests.staging import Stage, StagedWorkbench, staged_environment
from tests.ui.until import eventually

SAME_IN_A_ROW = 4
"""Of drawings a twentieth of a second apart: what is done in a thread takes its time on a busy machine."""

SCREENSHOTS = Path(__file__).parent.parent / "screenshots"
Script: TypeAlias = Callable[[Pilot[None], SmrtApp], Awaitable[None]]


async def _is_loaded(pilot: Pilot[None], app: SmrtApp) -> None:
    await eventually(lambda: app.main.session.draft is not None, "a profile is open")


def _has_answer(app: SmrtApp) -> bool:
    panes = app.main.query(LinePane)
    return bool(panes) and all(pane.size and pane.text_width == pane.size.width - 1 for pane in panes)


async def _is_over(pilot: Pilot[None], app: SmrtApp) -> None:
    await eventually(
        lambda: app.main.session.run is not None and not app.main.session.calls.is_live, "the call is over"
    )


async def opened(pilot: Pilot[None], app: SmrtApp) -> None:
    """Just opened: nothing sent yet."""


async def sent(pilot: Pilot[None], app: SmrtApp) -> None:
    """Sent, and answered to the end."""
    await pilot.press("f5")
    await _is_over(pilot, app)


async def streaming(pilot: Pilot[None], app: SmrtApp) -> None:
    """In the middle of a stream."""
    await pilot.press("f5")
    await eventually(lambda: app.main.session.run is not None and len(app.main.session.run.recorder.parts) > 0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One picture."""

    name: str
    script: Script
    size: tuple[int, int]
    profile: str = "local/chat"
    payload: str = ""
    theme: str | None = None
    stage: Stage = field(default_factory=Stage)


SCENARIOS = (
    Scenario("stream", streaming, (200, 50), stage=Stage(stops_after=120)),
    Scenario("stream-120", sent, (120, 40)),
    Scenario("opened-80", opened, (80, 24)),
    Scenario("stream-80", sent, (80, 24)),
    Scenario("echo", sent, (200, 50), profile="local/echo"),
    Scenario("tabular-light", sent, (120, 40), profile="local/tabular", theme="textual-light"),
    Scenario("too-small", opened, (20, 5)),
)


async def picture(scenario: Scenario) -> str:
    """The SVG of one scenario, the same on every machine."""
    with tempfile.TemporaryDirectory() as folder:
        workbench = StagedWorkbench(staged_environment(Path(folder)), scenario.stage)
        app = SmrtApp(workbench, first_profile=scenario.profile, theme=scenario.theme, clock=lambda: 0.0)
        app.animation_level = "none"
        async with app.run_test(size=scenario.size) as pilot:
            await _is_loaded(pilot, app)
            for editor in app.screen.query(TextArea):
                editor.cursor_blink = False  # a picture has no moments
            await eventually(lambda: app.main.has_class("-flat") or _has_answer(app), "the answer's view is there")
            await scenario.script(pilot, app)
            await settled(pilot, app)
            return steady(app.export_screenshot(title=f"smrt-tui: {scenario.profile}"))


async def settled(pilot: Pilot[None], app: SmrtApp) -> None:
    """Wait until some drawings in a row are the same: layout, batches and lint have come to rest."""
    drawings: list[str] = []
    for _ in range(200):
        await pilot.pause(0.05)
        drawings = [*drawings[1 - SAME_IN_A_ROW :], steady(app.export_screenshot())]
        if len(drawings) == SAME_IN_A_ROW and len(set(drawings)) == 1:
            return
    raise AssertionError("the screen never came to rest")


def steady(svg: str) -> str:
    """The SVG without the generated ids."""
    return re.sub(r"terminal-\d+", "terminal", svg)


def main() -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    for scenario in SCENARIOS:
        (SCREENSHOTS / f"{scenario.name}.svg").write_text(asyncio.run(picture(scenario)), encoding="utf-8")


if __name__ == "__main__":
    main()
