"""Requests as wholes on the screen: saved under a name, taken from the history, brought back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.widgets import Input, OptionList, Static, TextArea

from smrt_tui.core.draft import draft_of
from smrt_tui.core.errors import SmrtError
from smrt_tui.ui.filling import Filling
from smrt_tui.ui.gallery_screen import GalleryScreen
from smrt_tui.ui.history_screen import HistoryScreen
from smrt_tui.ui.import_screen import ImportScreen
from smrt_tui.ui.naming import Naming
from smrt_tui.ui.profile_editor import ProfileEditor
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from tests.ui.fakes import FakeWorkbench, a_catalogue, a_profile, an_entry
from tests.ui.sitting import AppSitting, at_the_terminal


async def opened(sitting: AppSitting, key: str, screen: type) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.app.screen, screen), f"{key} opens {screen.__name__}")


async def test_a_request_is_saved_under_a_name_and_opened() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("x")
        await opened(sitting, "ctrl+s", Naming)
        assert sitting.one(Input).value == "local/chat-ask"
        sitting.one(Input).value = "local/mine"
        sitting.workbench.catalogue = a_catalogue(an_entry(), an_entry("local/mine"))
        await sitting.press("enter")
        await sitting.until(lambda: sitting.session.entry and sitting.session.entry.id == "local/mine")
        [(name, profile, draft, folder)] = sitting.workbench.library.saved
        assert (name, profile, folder) == ("local/mine", a_profile(), "/profiles/local")
        assert draft.body.startswith("x{")


async def test_a_request_for_the_local_endpoint_stays_one_under_any_name() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting, "ctrl+s", Naming)
        sitting.one(Input).value = "mine"
        await sitting.pilot.click("#yes")
        await sitting.until(lambda: sitting.workbench.library.saved)
        assert sitting.workbench.library.saved[0][0] == "local/mine"


async def test_a_request_that_cannot_be_saved_says_why_and_stays() -> None:
    async with at_the_terminal() as sitting:
        sitting.workbench.library.refusal = SmrtError("the request cannot be saved: no space left", "make room")
        await sitting.press("x")
        await opened(sitting, "alt+w", Naming)
        await sitting.press("enter")
        await sitting.until(lambda: sitting.toasts())
        assert sitting.toasts() == ["the request cannot be saved: no space left; make room"]
        assert sitting.one(PayloadEditor).text.startswith("x{")


async def test_an_empty_name_is_no_name_and_esc_saves_nothing() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting, "ctrl+s", Naming)
        sitting.one(Input).value = "  "
        await sitting.press("enter")
        await sitting.until(lambda: "Needed: name, or folder/name" in sitting.toasts())
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)
        assert sitting.workbench.library.saved == []


async def test_a_call_of_the_history_is_previewed_and_put_back() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        await sitting.press("x")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body.startswith("x"))
        await opened(sitting, "alt+h", HistoryScreen)
        await sitting.until(lambda: "messages" in str(sitting.one(Static, "#history-request").render()))
        await sitting.press("enter")
        await sitting.until(lambda: sitting.session.draft == draft_of(a_profile()))
        await sitting.until(lambda: sitting.one(PayloadEditor).text.startswith("{"))
        await sitting.press("alt+y")
        await sitting.until(lambda: sitting.one(PayloadEditor).text.startswith("x{"))


async def test_a_call_of_the_history_is_sent_again_in_its_own_profile() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        await sitting.session.profiles.select("local/tabular")
        await opened(sitting, "alt+8", HistoryScreen)
        await sitting.press("f5")
        await sitting.until(lambda: len(sitting.workbench.fired) == 2)
        assert sitting.workbench.fired[0] == sitting.workbench.fired[1]
        assert sitting.session.entry == sitting.workbench.catalogue.find("local/chat")


async def test_the_history_is_filtered_by_typing() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        await sitting.session.profiles.select("local/tabular")
        await sitting.send()
        await opened(sitting, "alt+h", HistoryScreen)
        await sitting.until(lambda: sitting.one(OptionList).option_count == 2)
        await sitting.press(*"tab sync")
        await sitting.until(lambda: sitting.one(OptionList).option_count == 1)
        await sitting.press(*"zzz")
        await sitting.until(lambda: sitting.one(OptionList).option_count == 0)
        assert str(sitting.one(Static, "#history-request").render()) == "Nothing in the history fits."
        await sitting.press("enter", "escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)


async def test_a_request_whose_profile_is_gone_is_put_back_and_not_sent() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        kept = sitting.workbench.logbook.kept
        kept[0] = replace(kept[0], profile_id="aws/gone", typed_headers=(("X", "[bold]"),))
        await opened(sitting, "alt+h", HistoryScreen)
        await sitting.until(lambda: "X: [bold]" in str(sitting.one(Static, "#history-request").render()))
        await sitting.press("ctrl+j")
        await sitting.until(lambda: any("aws/gone is gone" in toast for toast in sitting.toasts()))
        assert len(sitting.workbench.fired) == 1


async def test_a_history_that_cannot_be_read_says_so() -> None:
    bench = FakeWorkbench()
    bench.logbook.refusal = SmrtError("the history cannot be used: [damaged]")
    async with at_the_terminal(bench) as sitting:
        await sitting.press("alt+h")
        await sitting.until(lambda: sitting.toasts() == ["the history cannot be used: [damaged]"])


async def test_a_template_takes_the_requests_place_and_can_be_undone() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting, "alt+p", GalleryScreen)
        await sitting.press(*["down"] * 5)
        await sitting.until(lambda: "max_new_tokens" in str(sitting.one(Static, "#gallery-text").render()))
        await sitting.press("enter")
        await sitting.until(lambda: "max_new_tokens" in sitting.one(PayloadEditor).text)
        draft = sitting.session.draft
        assert draft is not None
        assert (draft.endpoint, draft.member("Accept")) == ("chat", "application/jsonlines")
        assert dict(draft.variables)["prompt"] == "Tell me about the sea."
        await sitting.press("shift+f4")
        await sitting.until(lambda: sitting.session.draft == draft_of(a_profile()))


@pytest.mark.parametrize("keys", [("alt+n", "enter"), ("alt+1", "enter"), ("alt+7", "ctrl+n")])
async def test_a_new_profile_begins_with_a_template_and_its_file_is_opened(keys: tuple[str, str]) -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting, keys[0], GalleryScreen)
        await opened(sitting, keys[1], Naming)
        assert sitting.one(Input).value == "mine/openai-chat"
        sitting.workbench.catalogue = a_catalogue(an_entry("mine/openai-chat"))
        await opened(sitting, "enter", ProfileEditor)
        [(name, profile, draft, _)] = sitting.workbench.library.saved
        assert (name, profile.endpoint, profile.stream.preset) == ("mine/openai-chat", "my-endpoint", "openai-chat")
        assert '"stream": true' in draft.body


CURL = """curl -X POST https://runtime.sagemaker.eu-west-1.amazonaws.com/endpoints/llama/invocations \\
  -H 'Content-Type: application/json' -H 'Authorization: Bearer secret' --cookie a=b -d '{"inputs": "hi"}'"""


async def test_a_pasted_command_is_shown_with_what_it_lacks_and_taken() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting, "alt+m", ImportScreen)
        sitting.one(TextArea).text = CURL
        await sitting.until(lambda: "sync llama · eu-west-1" in str(sitting.one(Static, "#import-text").render()))
        shown = str(sitting.one(Static, "#import-text").render())
        assert "--cookie: not taken over" in shown
        assert "secret" not in shown
        await sitting.press("ctrl+s")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body == '{"inputs": "hi"}')


async def test_a_pasted_command_can_be_a_profile() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting, "alt+6", ImportScreen)
        sitting.one(TextArea).text = CURL
        await opened(sitting, "ctrl+n", Naming)
        await sitting.press("enter")
        await sitting.until(lambda: sitting.workbench.library.saved)
        [(name, profile, draft, _)] = sitting.workbench.library.saved
        assert (name, profile.endpoint, profile.region, draft.mode) == ("mine/llama", "llama", "eu-west-1", "sync")


async def test_a_text_that_is_no_command_is_told_and_not_taken() -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting, "alt+m", ImportScreen)
        sitting.one(TextArea).text = "wget [/b] 'x"
        await sitting.until(lambda: "✗" in str(sitting.one(Static, "#import-text").render()))
        await sitting.press("ctrl+s")
        await sitting.until(lambda: "This cannot be imported as it stands" in sitting.toasts())
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)
        assert sitting.session.draft == draft_of(a_profile())


async def test_a_variable_without_a_value_is_asked_for_and_then_it_is_sent() -> None:
    bench = FakeWorkbench(catalogue=a_catalogue(an_entry(profile=a_profile(variables={"max_tokens": 5}))))
    async with at_the_terminal(bench) as sitting:
        await opened(sitting, "f5", Filling)
        assert bench.fired == []
        await sitting.press("f5")
        await sitting.until(lambda: "Still without a value: prompt" in sitting.toasts())
        await sitting.press(*"Why")
        await sitting.press("f5")
        await sitting.until(lambda: len(bench.fired) == 1)
        assert sitting.session.draft is not None
        assert dict(sitting.session.draft.variables) == {"max_tokens": 5, "prompt": "Why"}


async def test_leaving_the_question_sends_nothing() -> None:
    bench = FakeWorkbench(catalogue=a_catalogue(an_entry(profile=a_profile(variables={}))))
    async with at_the_terminal(bench) as sitting:
        await opened(sitting, "f5", Filling)
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)
        assert bench.fired == []


@pytest.mark.parametrize("key", ["alt+v", "alt+9"])
async def test_variables_are_changed_at_any_time_and_keep_their_kind(key: str) -> None:
    async with at_the_terminal() as sitting:
        await opened(sitting, key, Filling)
        await sitting.press("end", "!", "enter", "end", "0", "enter")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)
        assert sitting.session.draft is not None
        assert dict(sitting.session.draft.variables) == {"prompt": "Tell me about the sea.!", "max_tokens": 1600}
