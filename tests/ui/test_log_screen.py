"""The container's log in the app: on request only, the cause first, wider on a key, or told why not."""

from __future__ import annotations

from datetime import timedelta

from textual.widgets import OptionList, Static

from smrt_tui.core.container_log import LogLine
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import HeadArrived, PhaseMarked, RequestSent
from smrt_tui.ui.log_screen import LogScreen
from tests.ui.fakes import NOW, FakeAccounts, FakeCall, FakeWorkbench, an_answer, sse
from tests.ui.sitting import AppSitting, at_the_terminal

BEGIN = NOW
LINES = tuple(
    LogLine(BEGIN + timedelta(seconds=at), "AllTraffic/i-0", text)
    for at, text in (
        (0.1, "GET /ping 200"),
        (0.5, "Traceback (most recent call last):\x1b[31m"),
        (0.6, "KeyError: 'x'"),
    )
)


def a_dated_call() -> FakeCall:
    """An answer with the server's Date, by which a log is looked up."""
    head = HeadArrived(0.0, "1.1", 200, "OK", (("Date", "Sun, 22 Nov 2026 12:00:00 GMT"),))
    sent = RequestSent(0.0, b"", (("X-Amzn-SageMaker-Inference-Id", "id-1"),), 2)
    events = [event for event in an_answer(*sse("Hello")) if not isinstance(event, HeadArrived | PhaseMarked)]
    return FakeCall([(events[0], sent, head, *events[1:])])


async def opened(sitting: AppSitting) -> None:
    await sitting.send()
    await sitting.press("shift+f12")
    await sitting.until(lambda: isinstance(sitting.app.screen, LogScreen), "the log opens")


def told(sitting: AppSitting) -> str:
    return str(sitting.one(Static, "#log-told").content)


async def test_before_anything_was_sent_there_is_no_log() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("shift+f12")
        await sitting.until(lambda: "Nothing was sent yet whose log could be read" in sitting.toasts(), "it says so")


async def test_the_likely_cause_is_highlighted_and_nothing_was_asked_before() -> None:
    bench = FakeWorkbench(make_call=a_dated_call, accounts=FakeAccounts(lines=LINES))
    async with at_the_terminal(bench) as sitting:
        await sitting.send()
        assert bench.accounts.queries == []
        await opened(sitting)
        await sitting.until(lambda: sitting.one(OptionList).highlighted == 1, "the traceback is highlighted")
        shown = str(sitting.one(OptionList).get_option_at_index(1).prompt)
        assert shown.split("✗")[0].split() == ["+0.50", "s", "AllTraffic/i-0"]
        assert shown.endswith("✗ Traceback (most recent call last):␛[31m")
        (query,) = bench.accounts.queries
        assert (query.group, query.begin) == ("/aws/sagemaker/Endpoints/chat", BEGIN - timedelta(seconds=5))


async def test_the_window_widens_and_narrows_to_the_inference_id() -> None:
    bench = FakeWorkbench(make_call=a_dated_call)
    async with at_the_terminal(bench) as sitting:
        await opened(sitting)
        await sitting.until(lambda: "No line." in told(sitting), "an empty log says so")
        await sitting.press("w")
        await sitting.until(lambda: len(bench.accounts.queries) == 2, "it asks again")
        await sitting.press("i")
        await sitting.until(lambda: len(bench.accounts.queries) == 3, "it asks again")
        wide, narrow = bench.accounts.queries[1:]
        assert (wide.begin, wide.pattern) == (BEGIN - timedelta(seconds=30), "")
        assert narrow.pattern == '"id-1"'


async def test_a_refusal_is_told_inside_and_asked_again_by_a_key() -> None:
    accounts = FakeAccounts(refusal=SmrtError("logs:FilterLogEvents is not allowed", "ask for it"), lines=LINES)
    async with at_the_terminal(FakeWorkbench(make_call=a_dated_call, accounts=accounts)) as sitting:
        await opened(sitting)
        await sitting.until(lambda: told(sitting).startswith("logs:FilterLogEvents"), "the refusal is told")
        accounts.refusal = None
        await sitting.press("f5")
        await sitting.until(lambda: sitting.one(OptionList).option_count == 3, "the lines are there")
        await sitting.press("y")
        await sitting.until(lambda: "Copied 3 lines" in sitting.toasts(), "they are copied")
        assert "\x1b" not in sitting.app.clipboard
