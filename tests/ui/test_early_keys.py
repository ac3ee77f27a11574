"""What is pressed before the first profile is open: it waits for that, or does nothing, and is never half done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from smrt_tui.core.catalogue import Catalogue
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.segments import Segments
from tests.ui.fakes import BODY, FakeWorkbench
from tests.ui.sitting import AppSitting, at_the_terminal


@dataclass
class SlowWorkbench(FakeWorkbench):
    """The profiles take their time."""

    read: asyncio.Event = field(default_factory=asyncio.Event)

    async def load_catalogue(self) -> Catalogue:
        await self.read.wait()
        return self.catalogue


@asynccontextmanager
async def too_early(bench: SlowWorkbench) -> AsyncIterator[AppSitting]:
    """An app that shows its first frame, and no profile yet."""
    async with at_the_terminal(bench, is_sound=False) as sitting:
        await sitting.until(lambda: sitting.sees("PayloadEditor"))
        yield sitting


@pytest.mark.parametrize("key", ["f2", "ctrl+t"])
async def test_a_mode_switch_waits_for_the_profile(key: str) -> None:
    bench = SlowWorkbench()
    async with too_early(bench) as sitting:
        await sitting.press(key, key)
        bench.read.set()
        await sitting.until(lambda: sitting.one(Segments, "#modes").value == "async")
        assert sitting.session.draft is not None
        assert sitting.session.draft.mode == "async"


async def test_a_click_on_a_mode_waits_for_the_profile() -> None:
    bench = SlowWorkbench()
    async with too_early(bench) as sitting:
        await sitting.pilot.click("#modes", offset=(1, 0))
        bench.read.set()
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.mode == "sync")
        assert sitting.one(Segments, "#modes").value == "sync"


async def test_keys_are_done_in_the_order_they_were_pressed() -> None:
    bench = SlowWorkbench()
    async with too_early(bench) as sitting:
        await sitting.press("f2", "f5")
        assert bench.fired == []
        bench.read.set()
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert [draft.mode for draft in bench.fired] == ["sync"]


async def test_a_dialog_about_the_profile_opens_once_that_is_there() -> None:
    bench = SlowWorkbench()
    async with too_early(bench) as sitting:
        await sitting.press("f3")
        assert sitting.app.screen is sitting.app.main
        bench.read.set()
        await sitting.until(lambda: sitting.sees("Reading .dialog"))


async def test_help_waits_for_nothing() -> None:
    async with too_early(SlowWorkbench()) as sitting:
        await sitting.press("f1")
        await sitting.until(lambda: sitting.sees("HelpScreen .dialog"))


async def test_text_is_not_taken_before_there_is_a_request_to_write() -> None:
    bench = SlowWorkbench()
    async with too_early(bench) as sitting:
        await sitting.press("a", "b")
        assert sitting.one(PayloadEditor).text == ""
        bench.read.set()
        await sitting.until(lambda: sitting.one(PayloadEditor).text == BODY)
        await sitting.press("a")
        await sitting.until(lambda: sitting.one(PayloadEditor).text == "a" + BODY)


async def test_without_any_profile_send_says_so() -> None:
    async with too_early(SlowWorkbench(Catalogue())) as sitting:
        await sitting.press("f5")
        assert isinstance(sitting.workbench, SlowWorkbench)
        sitting.workbench.read.set()
        await sitting.until(lambda: sitting.toasts() == ["There is no profile to send from"])


@dataclass
class FailingWorkbench(SlowWorkbench):
    """The profiles cannot be read, for a reason that nobody thought of."""

    async def load_catalogue(self) -> Catalogue:
        await self.read.wait()
        raise RuntimeError("[red]odd\x1b[2J")


async def test_a_load_that_fails_unexpectedly_says_so_and_lets_the_keys_through() -> None:
    bench = FailingWorkbench()
    async with too_early(bench) as sitting:
        await sitting.press("f5")
        bench.read.set()
        await sitting.until(lambda: len(sitting.toasts()) == 2)
        assert sitting.toasts() == [
            "The profiles could not be read: RuntimeError: [red]odd␛[2J",
            "There is no profile to send from",
        ]


async def test_a_warning_is_not_stacked_on_itself() -> None:
    async with at_the_terminal() as sitting:
        for _ in range(3):
            sitting.app.notify("[red]wait\x1b", severity="warning")
            await sitting.until(lambda: sitting.toasts() != [])
        sitting.app.notify("after it", severity="warning")
        await sitting.until(lambda: "after it" in sitting.toasts())
        assert sitting.toasts() == ["[red]wait␛", "after it"]


@pytest.mark.parametrize("turns", [0, 5, 20, 80])
async def test_leaving_while_the_first_profile_is_shown_is_no_fault(turns: int) -> None:
    bench = SlowWorkbench()
    async with too_early(bench):
        bench.read.set()
        for _ in range(turns):
            await asyncio.sleep(0)
