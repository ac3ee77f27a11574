"""The endpoints of an account in the app: asked for on request only, filtered, made into a profile, or told why not."""

from __future__ import annotations

import asyncio

import pytest
from textual.widgets import Checkbox, Input, OptionList, Static

from smrt_tui.core.account import EndpointListing
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.target import Target
from smrt_tui.ui.endpoints_screen import EndpointsScreen
from tests.ui.fakes import FakeAccounts, FakeWorkbench, a_catalogue, a_profile, an_entry
from tests.ui.sitting import AppSitting, at_the_terminal


async def opened(sitting: AppSitting) -> None:
    await sitting.press("alt+shift+e")
    await sitting.until(lambda: isinstance(sitting.app.screen, EndpointsScreen), "the dialog opens")


def names(sitting: AppSitting) -> list[str | None]:
    return [option.id for option in sitting.one(OptionList).options]


def told(sitting: AppSitting) -> str:
    return str(sitting.one(Static, "#told").content)


async def listed(sitting: AppSitting) -> None:
    await opened(sitting)
    await sitting.until(lambda: names(sitting), "endpoints are listed")


async def test_nothing_is_asked_before_a_person_asks() -> None:
    async with at_the_terminal() as sitting:
        assert sitting.workbench.accounts.targets == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_typing_narrows_the_list_and_details_stand_beside(size: tuple[int, int]) -> None:
    async with at_the_terminal(size=size) as sitting:
        await listed(sitting)
        assert names(sitting) == ["llama-chat", "fraud-rows"]
        await sitting.press(*"failed")
        assert names(sitting) == ["fraud-rows"]
        await sitting.until(lambda: "xgboost" in str(sitting.one(Static, "#details-text").content), "the details")
        assert sitting.workbench.accounts.targets == [None]


async def test_enter_makes_a_profile_under_a_name_and_opens_it() -> None:
    made = "/profiles/local/mine/llama-chat.yaml"
    bench = FakeWorkbench()
    async with at_the_terminal(bench) as sitting:
        await listed(sitting)
        await sitting.press("enter")
        await sitting.until(lambda: sitting.app.screen.query("Naming Input"), "a name is asked for")
        assert sitting.one(Input).value == "local/mine/llama-chat"
        await sitting.press("enter")
        await sitting.until(lambda: made in bench.library.texts, "the profile is written")
        assert "endpoint: llama-chat\n" in bench.library.texts[made]
        await sitting.until(lambda: f"Saved as {made}" in sitting.toasts(), "it is told")


async def test_the_open_profile_says_where_to_ask_and_the_fields_say_otherwise() -> None:
    profile = a_profile(region="eu-west-1", credentials={"profile": "dev"})
    bench = FakeWorkbench(a_catalogue(an_entry("aws/chat", profile)))
    async with at_the_terminal(bench) as sitting:
        await listed(sitting)
        assert bench.accounts.targets == [Target("eu-west-1", credentials=CredentialsSpec(profile="dev"))]
        sitting.one(Input, "#region").value = "us-west-2"
        sitting.one(Input, "#aws-profile").value = ""
        sitting.one(Input, "#region").focus()
        await sitting.press("enter")
        await sitting.until(lambda: len(bench.accounts.targets) == 2, "it is asked again")
        assert bench.accounts.targets[1] == Target("us-west-2")
        sitting.one(Checkbox).toggle()
        await sitting.until(lambda: len(bench.accounts.targets) == 3, "the local endpoint is asked")
        assert bench.accounts.targets[2] is None


async def test_a_refusal_is_told_inside_and_asked_again_by_a_key() -> None:
    accounts = FakeAccounts(refusal=SmrtError("the log-in is over", "run `aws sso login`"))
    async with at_the_terminal(FakeWorkbench(accounts=accounts)) as sitting:
        await opened(sitting)
        await sitting.until(lambda: told(sitting).startswith("the log-in is over"), "the refusal is told")
        assert told(sitting) == "the log-in is over\n→ run `aws sso login`\nf5 asks again."
        accounts.refusal = None
        await sitting.press("f5")
        await sitting.until(lambda: names(sitting), "endpoints are listed")


async def test_waiting_is_told_and_can_be_left() -> None:
    accounts = FakeAccounts(go=asyncio.Event())
    async with at_the_terminal(FakeWorkbench(accounts=accounts)) as sitting:
        await opened(sitting)
        await sitting.until(lambda: told(sitting) == "Asking the local endpoint for its endpoints …", "it says so")
        await sitting.press("escape")
        await sitting.until(lambda: not isinstance(sitting.app.screen, EndpointsScreen), "it closes")


async def test_a_region_without_endpoints_says_so() -> None:
    accounts = FakeAccounts(listing=EndpointListing("us-east-1", ()))
    async with at_the_terminal(FakeWorkbench(accounts=accounts)) as sitting:
        await opened(sitting)
        await sitting.until(lambda: told(sitting).startswith("There is no endpoint in us-east-1."), "it says so")
        await sitting.press("enter")
        assert isinstance(sitting.app.screen, EndpointsScreen)
