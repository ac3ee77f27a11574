"""The menu of faults: chosen by typing, by keys and by mouse; what stands in CustomAttributes stays."""

from __future__ import annotations

import pytest
from textual.widgets import Input, OptionList, Static

from smrt_tui.core.profile import Payload
from smrt_tui.ui.fault_menu import FaultMenu
from tests.ui.fakes import FakeWorkbench, a_catalogue, a_profile, an_entry
from tests.ui.sitting import AppSitting, at_the_terminal

SIZES = [(80, 24), (120, 40), (200, 50)]


async def opened(sitting: AppSitting, key: str = "shift+f5") -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.app.screen, FaultMenu), "the menu opens")
    await sitting.until(lambda: "Sends 3 parts" in about(sitting), "the first row is marked")


def about(sitting: AppSitting) -> str:
    return str(sitting.one(Static, "#fault-does").render())


def sends(sitting: AppSitting) -> str:
    return str(sitting.one(Static, "#fault-sends").render()).removeprefix("CustomAttributes: ")


def attributes(sitting: AppSitting) -> str | None:
    return sitting.session.draft.member("CustomAttributes") if sitting.session.draft else None


async def left(sitting: AppSitting, key: str = "escape") -> None:
    await sitting.press(key)
    await sitting.until(lambda: sitting.app.screen is sitting.app.main, "the menu closes")


def with_attributes(text: str) -> FakeWorkbench:
    payloads = (Payload(name="ask", body="{}", request={"CustomAttributes": text}),)
    return FakeWorkbench(catalogue=a_catalogue(an_entry(profile=a_profile(payloads=payloads))))


async def test_a_second_choice_takes_the_fault_away() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting)
        await sitting.press(*"stall", "enter")
        assert sends(sitting) == "fault=stall"
        await sitting.press("enter")
        assert sends(sitting) == "(not sent)"
        await sitting.press("enter")
        await left(sitting)
        assert attributes(sitting) == "fault=stall"
        await opened(sitting, "alt+shift+d")
        await sitting.press("enter")
        await left(sitting)
        assert attributes(sitting) is None


async def test_faults_join_what_stands_there_and_can_be_several() -> None:
    async with at_the_terminal(with_attributes("dialect=tgi")) as sitting:
        await opened(sitting)
        await sitting.press("enter", "down", "down", "down", "down", "enter")
        await left(sitting)
        assert attributes(sitting) == "dialect=tgi; fault=stall; parts=split-utf8"


async def test_an_amount_is_given_and_what_it_does_is_said_before() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting)
        await sitting.press("tab", "tab")
        assert sitting.app.focused is sitting.one(Input, "#fault-amount")
        sitting.one(Input, "#fault-amount").value = "12"
        await sitting.until(lambda: about(sitting) == "Sends 12 parts, then nothing.")
        await sitting.press("enter")
        assert sends(sitting) == "fault=stall@12"
        sitting.one(Input, "#fault-amount").value = "4"
        await sitting.press("enter")
        assert sends(sitting) == "fault=stall@4"


@pytest.mark.parametrize("nonsense", ["twelve", "3s", "-1", "1; fault=reset", "\x1b[2J"])
async def test_an_amount_that_is_none_is_refused_and_nothing_changes(nonsense: str) -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting)
        sitting.one(Input, "#fault-amount").value = nonsense
        sitting.one(Input, "#fault-amount").focus()
        await sitting.press("enter")
        await sitting.until(sitting.toasts)
        assert sends(sitting) == "(not sent)"


async def test_a_fault_of_another_mode_is_refused_by_its_name() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting)
        await sitting.press(*"never", "enter")
        await sitting.until(sitting.toasts)
        assert sitting.toasts() == ["fault=async-never is for async invocations; this request is stream (f2)"]
        assert sends(sitting) == "(not sent)"


async def test_what_does_not_fit_any_fault_marks_none() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting)
        await sitting.press(*"[bold]zzz", "enter")
        assert about(sitting) == "Nothing fits."
        await left(sitting)
        assert attributes(sitting) is None


async def test_f5_sends_with_the_fault() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting)
        await sitting.press("enter", "f5")
        await sitting.until(lambda: sitting.workbench.fired)
        assert dict(sitting.workbench.fired[0].members)["CustomAttributes"] == "fault=stall"


@pytest.mark.parametrize("size", SIZES)
async def test_the_mouse_is_enough(size: tuple[int, int]) -> None:
    async with at_the_terminal(size=size) as sitting:
        await opened(sitting)
        await sitting.pilot.click(OptionList, offset=(8, 1))
        await sitting.until(lambda: sends(sitting) == "fault=slow")
        await sitting.pilot.click("#switch")
        await sitting.until(lambda: sends(sitting) == "(not sent)")
        await sitting.pilot.click(OptionList, offset=(8, 1))
        await sitting.until(lambda: sends(sitting) == "fault=slow")
        await sitting.pilot.click("#done")
        await sitting.until(lambda: attributes(sitting) == "fault=slow")


async def test_a_profile_elsewhere_has_no_faults_on_demand_and_is_told_so() -> None:
    catalogue = a_catalogue(an_entry("aws/chat"))
    async with at_the_terminal(FakeWorkbench(catalogue=catalogue)) as sitting:
        await sitting.press("shift+f5")
        await sitting.until(sitting.toasts)
        assert sitting.toasts() == ["Faults on demand are the local endpoint's: open a profile under local/"]


async def test_an_amount_typed_and_entered_in_one_burst_is_taken() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting)
        await sitting.press(*"slow", "tab", "tab", "backspace", "backspace", "7", "enter")
        assert sends(sitting) == "fault=slow@7"
