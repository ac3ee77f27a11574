"""Sending and cancelling on the whole screen: keys, mouse, double presses, failures."""

from __future__ import annotations

import pytest
from textual.content import Content
from textual.widget import Widget

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Ended, ServiceFault, TransportFault
from smrt_tui.core.recorder import Verdict
from smrt_tui.ui.dialogs import Question
from smrt_tui.ui.panes.response import ResponsePane
from smrt_tui.ui.widgets.action_bar import ActionBar
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.profile_tree import ProfileTree
from smrt_tui.ui.widgets.send_control import SendControl
from tests.ui.fakes import (
    FakeCall,
    FakeWorkbench,
    a_call,
    a_catalogue,
    a_profile,
    an_entry,
    sse,
)
from tests.ui.sitting import a_hanging_workbench, at_the_terminal, send_and_hang


def plain_title(frame: Widget) -> str:
    """What stands in the border, without its colours."""
    return Content.from_markup(str(frame.border_title)).plain


@pytest.mark.parametrize("key", ["f5", "ctrl+j", "ctrl+enter", "alt+enter"])
async def test_every_send_key_sends_from_within_the_editor(key: str) -> None:
    async with at_the_terminal() as sitting:
        assert isinstance(sitting.app.focused, PayloadEditor)
        await sitting.press(key)
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert len(sitting.workbench.fired) == 1
        assert sitting.one(PayloadEditor).text == sitting.workbench.fired[0].body.decode()


async def test_send_works_before_anything_was_loaded() -> None:
    async with at_the_terminal(is_sound=False) as sitting:
        await sitting.press("f5")
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert len(sitting.workbench.fired) == 1


async def test_the_answer_shows_how_it_ended_and_how_much_came() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        frame = sitting.app.screen.query_one("#response-frame")
        await sitting.until(lambda: plain_title(frame) == "Response · 200 OK")
        assert str(frame.border_subtitle).startswith("3 parts")


async def test_send_pressed_again_and_again_fires_once_and_says_so() -> None:
    async with at_the_terminal(a_hanging_workbench()) as sitting:
        await sitting.press("f5", "f5", "ctrl+j")
        await sitting.until(lambda: sitting.toasts() != [])
        assert len(sitting.workbench.fired) == 1
        assert "A call is running" in sitting.toasts()[0]


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_a_running_call_is_cancelled_and_what_arrived_stays(key: str) -> None:
    async with at_the_terminal(a_hanging_workbench()) as sitting:
        await send_and_hang(sitting)
        await sitting.press(key)
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert sitting.session.run is not None
        assert sitting.session.run.recorder.verdict is Verdict.CANCELLED
        assert bytes(sitting.session.run.recorder.parts.body) == b"".join(sse("Hello"))
        assert sitting.app.is_running


async def test_ctrl_c_with_nothing_running_says_how_to_quit() -> None:
    async with at_the_terminal() as sitting:
        sitting.one(ProfileTree).focus()
        await sitting.press("ctrl+c")
        await sitting.until(lambda: sitting.toasts() == ["ctrl+q quits"])
        assert sitting.app.is_running


async def test_the_send_control_is_the_cancel_control_while_a_call_runs() -> None:
    async with at_the_terminal(a_hanging_workbench()) as sitting:
        await sitting.pilot.click(SendControl)
        await sitting.until(lambda: "Cancel" in str(sitting.one(SendControl).render()))
        assert sitting.one(ActionBar).entries()[0].id == "cancel"
        await sitting.pilot.click(SendControl)
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        await sitting.until(lambda: "Send" in str(sitting.one(SendControl).render()))
        assert sitting.one(ActionBar).entries()[0].id == "send"


async def test_a_failure_takes_the_place_of_the_answer_before() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        refused = FakeCall(
            [(TransportFault(0.1, "connect-refused", "nobody listens", "start it"), Ended(0.1, "fault"))]
        )
        sitting.workbench.make_call = lambda: refused
        await sitting.send()
        frame = sitting.app.screen.query_one("#response-frame")
        assert plain_title(frame) == "Response · could not be sent · connect-refused"
        assert str(frame.border_subtitle).startswith("0 parts")


async def test_what_keeps_a_call_from_starting_is_an_ending_and_no_crash() -> None:
    workbench = FakeWorkbench(refusal=SmrtError("the local endpoint did not start", "try serve"))
    async with at_the_terminal(workbench) as sitting:
        await sitting.send()
        assert "could not be sent" in str(sitting.app.screen.query_one("#response-frame").border_title)


async def test_a_foreign_host_is_asked_about_and_no_is_the_easy_answer() -> None:
    entry = an_entry("other/host", a_profile(endpoint_url="https://models.example.com"))
    async with at_the_terminal(FakeWorkbench(a_catalogue(entry))) as sitting:
        await sitting.press("f5")
        await sitting.until(lambda: isinstance(sitting.app.screen, Question))
        await sitting.press("enter")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)
        assert sitting.workbench.fired == []
        await sitting.press("f5")
        await sitting.until(lambda: isinstance(sitting.app.screen, Question))
        await sitting.pilot.click("#yes")
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert len(sitting.workbench.fired) == 1


async def test_a_refusal_is_explained_under_the_answer() -> None:
    refusal = ServiceFault(0.1, "ThrottlingException", "", "Rate exceeded", 429, None, "", "")
    workbench = FakeWorkbench(make_call=lambda: FakeCall([(refusal, Ended(0.2, "fault"))]))
    async with at_the_terminal(workbench) as sitting:
        await sitting.send()
        await sitting.until(lambda: sitting.app.screen.query("Answer LintStrip"))
        workbench.make_call = lambda: a_call(*sse("fine"))
        await sitting.send()
        await sitting.until(lambda: not sitting.app.screen.query("Answer LintStrip"))


async def test_esc_in_the_response_cancels_the_running_call() -> None:
    async with at_the_terminal(a_hanging_workbench()) as sitting:
        await send_and_hang(sitting)
        pane = next(widget for widget in sitting.one(ResponsePane).query("*") if widget.focusable)
        pane.focus()
        await sitting.press("escape")
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert sitting.session.run is not None
        assert sitting.session.run.recorder.verdict is Verdict.CANCELLED
