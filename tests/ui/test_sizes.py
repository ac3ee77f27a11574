"""The screen at every size and in every theme, resized in the middle of things, and typed at blindly."""

from __future__ import annotations

from pathlib import Path

import pytest

from smrt_tui.ui.widgets.action_bar import ActionBar
from smrt_tui.ui.widgets.answer import Answer
from smrt_tui.ui.widgets.composer import Composer
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.profile_tree import ProfileTree
from tests.ui.fakes import (
    FakeWorkbench,
    a_call,
    sse,
)
from tests.ui.sitting import a_hanging_workbench, at_the_terminal, send_and_hang


@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 30), (120, 40), (200, 50)])
async def test_the_footer_is_never_cut(width: int, height: int) -> None:
    async with at_the_terminal(a_hanging_workbench(), size=(width, height)) as sitting:
        bar = sitting.one(ActionBar)
        for _ in range(2):
            assert len(bar.entries()) == 8
            assert len(str(bar.render()).rstrip()) <= bar.content_size.width
            await send_and_hang(sitting)


async def test_at_80_by_24_the_sidebar_is_an_overlay_and_goes_away_once_a_profile_is_chosen() -> None:
    async with at_the_terminal(size=(80, 24)) as sitting:
        assert not sitting.sees("#sidebar")
        await sitting.press("f9")
        await sitting.until(lambda: sitting.sees("#sidebar") and sitting.app.focused is sitting.one(ProfileTree))
        assert sitting.one(Composer).size.width > 70
        await sitting.press("down", "enter")
        await sitting.until(lambda: not sitting.sees("#sidebar"))
        await sitting.until(lambda: sitting.session.entry and sitting.session.entry.id == "local/tabular")


async def test_at_80_by_24_the_answer_gets_the_room_until_the_request_is_written_again() -> None:
    async with at_the_terminal(size=(80, 24)) as sitting:
        before = sitting.one(Answer).size.height
        await sitting.send()
        await sitting.until(lambda: sitting.one(Answer).size.height > before)
        assert sitting.one(Answer).size.height > sitting.one(Composer).size.height
        await sitting.press("x")
        await sitting.until(lambda: sitting.one(Answer).size.height == before)


async def test_a_wide_screen_shows_all_three_views_at_once() -> None:
    async with at_the_terminal(size=(200, 50)) as sitting:
        await sitting.until(lambda: all(sitting.sees(pane) for pane in ("ResponsePane", "TimingPane", "WirePane")))
        assert not sitting.sees("#answer-tabs")


async def test_a_tiny_terminal_says_so_and_everything_comes_back() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("a")
        await sitting.pilot.resize_terminal(20, 5)
        await sitting.until(lambda: sitting.sees("#too-small") and not sitting.sees("Composer"))
        await sitting.pilot.resize_terminal(120, 40)
        await sitting.until(lambda: sitting.sees("Composer") and not sitting.sees("#too-small"))
        assert sitting.one(PayloadEditor).text.startswith("a{")


async def test_resizing_while_a_call_runs_loses_nothing() -> None:
    async with at_the_terminal(a_hanging_workbench()) as sitting:
        await send_and_hang(sitting)
        for size in ((80, 24), (20, 5), (200, 50), (120, 40)):
            await sitting.pilot.resize_terminal(*size)
        await sitting.until(lambda: sitting.app.size == (120, 40))
        sitting.workbench.calls[0].go_on()
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert sitting.session.run is not None
        assert len(sitting.session.run.recorder.parts) == 2


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "high-contrast", "nonsense"])
async def test_every_theme_draws_and_an_unknown_one_is_told(theme: str) -> None:
    async with at_the_terminal(theme=theme) as sitting:
        await sitting.send()
        assert any("no theme" in toast for toast in sitting.toasts()) == (theme == "nonsense")


async def test_nonsense_typing_breaks_nothing() -> None:
    keys = ["f5", "tab", "f2", "x", "escape", "ctrl+o", "z", "enter", "f6", "f6", "tab", "tab", "enter", "f10", "down"]
    keys += [
        "pageup",
        "f10",
        "?",
        "escape",
        "f9",
        "f9",
        "ctrl+p",
        "escape",
        "shift+tab",
        "left",
        "space",
        "f7",
        "escape",
    ]
    async with at_the_terminal(FakeWorkbench(make_call=lambda: a_call(*sse("a", "b")))) as sitting:
        for key in keys * 2:
            await sitting.press(key)
        await sitting.until(lambda: sitting.app.is_running)


async def test_quitting_keeps_the_draft_and_closes_the_workbench() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("a", "ctrl+q")
        await sitting.until(lambda: not sitting.app.is_running)
    assert sitting.workbench.memory.kept["local/chat", "ask"].body.startswith("a{")
    assert sitting.workbench.is_closed


def test_the_style_sheet_has_no_colour_of_its_own() -> None:
    sheet = (Path(__file__).parents[2] / "smrt_tui" / "ui" / "app.tcss").read_text(encoding="utf-8")
    literals = [line for line in sheet.splitlines() if "color: #" in line or "background: #" in line]
    assert literals == []
