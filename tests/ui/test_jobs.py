"""Async jobs on the screen: several at once, the list of them, and picking one up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual.widgets import Button, Input, OptionList

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Ended, Event, HeadArrived, JobMoved, JobState, ServiceFault, Started
from smrt_tui.core.job import JobRecord
from smrt_tui.core.recorder import Verdict
from smrt_tui.ui.dialogs import Question
from smrt_tui.ui.job_board import JobLine
from smrt_tui.ui.jobs import JobsScreen, line_of
from smrt_tui.ui.naming import Naming
from smrt_tui.ui.news import JobEnded, JobsChanged, RunStarted
from smrt_tui.ui.widgets.action_bar import ActionBar
from smrt_tui.ui.widgets.jobs_chip import JobsChip
from smrt_tui.ui.widgets.send_control import SendControl
from tests.ui.fakes import (
    NOW,
    REQUEST,
    FakeCall,
    FakeJobs,
    FakeWorkbench,
    a_catalogue,
    a_held_call,
    a_part,
    a_profile,
    an_entry,
)
from tests.ui.sitting import AppSitting, at_the_terminal
from tests.ui.test_session import Sitting
from tests.ui.until import eventually

RECORD = JobRecord(
    key="k1",
    profile_id="local/chat",
    endpoint="chat",
    placed_at=NOW - timedelta(minutes=3),
    state=JobState.WAITING,
    detail="not there yet",
    inference_id="id-1",
    output_location="s3://b/1.out",
    failure_location="s3://b/1-error.out",
)


def moved(state: JobState, number: int = 1) -> JobMoved:
    return JobMoved(0.1, state, f"id-{number}", f"s3://b/{number}.out", f"s3://b/{number}-error.out", state.value)


def accepted(number: int = 1) -> list[Event]:
    head = HeadArrived(0.05, "1.1", 202, "Accepted", ())
    return [Started(0.0, "InvokeEndpointAsync", REQUEST), head, moved(JobState.ACCEPTED, number)]


def its_output(number: int = 1) -> list[Event]:
    head = HeadArrived(0.2, "1.1", 200, "OK", (("Content-Type", "text/plain"),))
    return [
        moved(JobState.COMPLETED, number),
        head,
        a_part(0, f"output {number}".encode(), 0.2),
        Ended(0.3, "complete"),
    ]


def a_failure(number: int = 1) -> list[Event]:
    fault = ServiceFault(0.2, "AsyncInferenceFailed", "", "boom", 200, 500, "", "")
    return [moved(JobState.FAILED, number), a_part(0, b"boom", 0.2), fault, Ended(0.3, "fault")]


def a_job(number: int = 1, ending: Sequence[Event] | None = None) -> FakeCall:
    """A call that is accepted, and hangs until it is let go on."""
    return FakeCall([accepted(number), ending or its_output(number)], hold_at=1)


def a_bench(**changes: object) -> FakeWorkbench:
    """A workbench whose calls are jobs, numbered from 1."""
    bench = FakeWorkbench(**changes)  # type: ignore[arg-type]  # a builder takes any field
    bench.make_call = lambda: a_job(len(bench.calls) + 1)
    return bench


async def accepted_job(sitting: Sitting, number: int = 1) -> None:
    sitting.session.calls.send()
    await eventually(lambda: len(sitting.workbench.fired) == number and sitting.session.calls.is_waiting_job)


async def a_sitting(bench: FakeWorkbench | None = None) -> Sitting:
    sitting = Sitting(bench or a_bench())
    await sitting.session.profiles.load()
    return sitting


# -- the session


async def test_a_waiting_job_does_not_hold_the_next_send() -> None:
    sitting = await a_sitting()
    await accepted_job(sitting)
    first = sitting.session.run
    await accepted_job(sitting, 2)
    assert sitting.session.run is not first
    assert [news.in_flight for news in sitting.told(JobsChanged)] == [1, 2]
    assert sitting.said() == ["The job goes on in the background; f8 lists it"]
    await sitting.session.close()


async def test_a_job_that_is_not_accepted_yet_holds_the_send() -> None:
    sitting = await a_sitting(FakeWorkbench(make_call=lambda: FakeCall([accepted()[:1], its_output()], hold_at=1)))
    sitting.session.calls.send()
    await eventually(lambda: sitting.session.run and sitting.session.run.recorder.started)
    sitting.session.calls.send()
    assert sitting.said() == ["A call is running; esc or ctrl+c cancels it"]
    await sitting.session.close()


async def test_a_job_in_the_background_goes_on_and_its_end_is_told() -> None:
    sitting = await a_sitting()
    await accepted_job(sitting)
    first = sitting.session.run
    await accepted_job(sitting, 2)
    sitting.workbench.calls[0].go_on()
    await eventually(lambda: sitting.told(JobEnded))
    assert first is not None
    assert sitting.told(JobEnded) == [JobEnded(first)]
    assert bytes(first.recorder.parts.body) == b"output 1"
    assert sitting.session.calls.is_waiting_job
    await sitting.session.close()


async def test_what_arrives_in_the_background_never_touches_what_is_shown() -> None:
    sitting = await a_sitting()
    await accepted_job(sitting)
    sitting.session.jobs.set_aside()
    sitting.workbench.make_call = lambda: a_held_call(b"shown")
    sitting.session.calls.send()
    await eventually(lambda: sitting.session.run and len(sitting.session.run.recorder.parts) == 1)
    shown = sitting.session.run
    sitting.news.clear()
    sitting.workbench.calls[0].go_on()
    await eventually(lambda: sitting.told(JobEnded))
    assert [type(news) for news in sitting.news] == [JobsChanged, JobEnded]
    assert sitting.session.run is shown
    await sitting.session.close()


async def test_set_aside_a_job_stays_on_the_screen_and_is_not_cancelled_by_a_press() -> None:
    sitting = await a_sitting()
    await accepted_job(sitting)
    sitting.session.jobs.set_aside()
    assert not sitting.session.calls.is_live
    sitting.session.calls.cancel()
    run = sitting.session.run
    assert run is not None and run.is_live
    sitting.workbench.calls[0].go_on()
    await sitting.is_over()
    assert bytes(run.recorder.parts.body) == b"output 1"
    await sitting.session.close()


async def test_cancelling_a_job_stops_the_looking_and_says_that_the_job_goes_on() -> None:
    sitting = await a_sitting()
    await accepted_job(sitting)
    sitting.session.calls.cancel()
    await sitting.is_over()
    assert sitting.said() == ["Stopped looking; the job itself goes on, and f8 lists it"]
    assert sitting.workbench.calls[0].is_cancelled
    await sitting.session.close()


async def test_a_job_of_this_sitting_is_shown_without_asking_again() -> None:
    sitting = await a_sitting(a_bench(jobs=FakeJobs([RECORD])))
    await accepted_job(sitting)
    first = sitting.session.run
    await accepted_job(sitting, 2)
    sitting.workbench.calls[0].go_on()
    await eventually(lambda: sitting.told(JobEnded))
    sitting.session.calls.open_job(RECORD)
    assert sitting.session.run is first
    assert sitting.workbench.jobs.looked == []
    await sitting.session.close()


async def test_a_job_of_an_earlier_sitting_is_looked_for_as_a_run_of_its_own() -> None:
    sitting = await a_sitting(FakeWorkbench(make_call=lambda: FakeCall([its_output()]), jobs=FakeJobs([RECORD])))
    sitting.session.calls.open_job(RECORD)
    await sitting.is_over()
    run = sitting.session.run
    assert run is not None
    assert (run.recorder.verdict, bytes(run.recorder.parts.body)) == (Verdict.COMPLETE, b"output 1")
    [(record, entry)] = sitting.workbench.jobs.looked
    assert (record, entry.id) == (RECORD, "local/chat")
    await sitting.session.close()


async def test_a_job_that_cannot_be_looked_at_ends_with_the_reason() -> None:
    refusal = SmrtError("the job was with another local endpoint", "fire it again")
    sitting = await a_sitting(FakeWorkbench(refusal=refusal))
    sitting.session.calls.open_job(RECORD)
    await sitting.is_over()
    run = sitting.session.run
    assert run is not None and run.recorder.transport_fault is not None
    assert run.recorder.transport_fault.message == "the job was with another local endpoint"
    await sitting.session.close()


async def test_while_a_stream_runs_no_job_is_opened() -> None:
    sitting = await a_sitting(FakeWorkbench(make_call=lambda: a_held_call(b"x")))
    sitting.session.calls.send()
    await eventually(lambda: sitting.workbench.calls)
    sitting.session.calls.open_job(RECORD)
    assert sitting.said() == ["A call is running; esc or ctrl+c cancels it"]
    await sitting.session.close()


async def test_forgetting_a_job_stops_the_looking_and_takes_it_off_the_list() -> None:
    sitting = await a_sitting(a_bench(jobs=FakeJobs([RECORD])))
    await accepted_job(sitting)
    assert [line.is_followed for line in await sitting.session.jobs.lines()] == [True]
    await sitting.session.jobs.forget(RECORD)
    await sitting.is_over()
    assert await sitting.session.jobs.lines() == ()
    assert sitting.workbench.calls[0].is_cancelled
    await sitting.session.close()


async def test_fifty_jobs_are_in_the_air_at_once_and_all_land() -> None:
    sitting = await a_sitting()
    for number in range(1, 51):
        await accepted_job(sitting, number)
    assert sitting.session.jobs.in_flight == 50
    for call in sitting.workbench.calls:
        call.go_on()
    await eventually(lambda: sitting.session.jobs.in_flight == 0 and len(sitting.told(JobEnded)) == 49)
    assert len(sitting.told(RunStarted)) == 50
    await sitting.session.close()


async def test_closing_stops_every_look() -> None:
    sitting = await a_sitting()
    await accepted_job(sitting)
    await accepted_job(sitting, 2)
    await sitting.session.close()
    assert all(call.is_cancelled for call in sitting.workbench.calls)


# -- the panel


async def job_accepted(sitting: AppSitting, number: int = 1) -> None:
    await sitting.press("f5")
    await sitting.until(lambda: len(sitting.workbench.calls) == number and sitting.session.calls.is_waiting_job)


async def panel(sitting: AppSitting, count: int) -> OptionList:
    await sitting.until(lambda: isinstance(sitting.app.screen, JobsScreen), "the panel opens")
    await sitting.until(lambda: sitting.one(OptionList).option_count == count, "the list is there")
    if count:
        await sitting.until(lambda: sitting.one(OptionList).highlighted is not None, "a job is chosen")
    return sitting.one(OptionList)


@pytest.mark.parametrize("key", ["f8", "alt+k"])
async def test_the_list_shows_every_job_and_enter_opens_one(key: str) -> None:
    bench = FakeWorkbench(make_call=lambda: FakeCall([its_output()]), jobs=FakeJobs([RECORD]))
    async with at_the_terminal(bench) as sitting:
        await sitting.press(key)
        jobs = await panel(sitting, 1)
        assert str(jobs.options[0].prompt).splitlines() == [
            "○ waiting       3 min  local/chat  id-1",
            "  s3://b/1.out",
        ]
        await sitting.press("enter")
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert [record for record, _ in bench.jobs.looked] == [RECORD]


async def pick_up(sitting: AppSitting, wanted: str) -> None:
    await sitting.until(lambda: isinstance(sitting.app.screen, JobsScreen))
    await sitting.press("p")
    await sitting.until(lambda: isinstance(sitting.app.screen, Naming) and sitting.app.screen.focused)
    sitting.one(Input).value = wanted
    await sitting.press("enter")


@pytest.mark.parametrize("wanted", ["id-", "s3://b/1-error.out"])
async def test_a_job_of_the_list_is_picked_up_by_its_id_or_its_location(wanted: str) -> None:
    bench = FakeWorkbench(make_call=lambda: FakeCall([its_output()]), jobs=FakeJobs([RECORD]))
    async with at_the_terminal(bench) as sitting:
        await sitting.press("f8")
        await pick_up(sitting, wanted)
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        assert [record for record, _ in bench.jobs.looked] == [RECORD]


async def test_a_job_that_something_else_placed_is_picked_up_with_the_open_profile() -> None:
    bench = FakeWorkbench(make_call=lambda: FakeCall([its_output()]))
    async with at_the_terminal(bench) as sitting:
        await sitting.press("f8")
        await pick_up(sitting, "no such job")
        await sitting.until(lambda: sitting.toasts(), "it is told")
        assert "There is no job no such job, and it is no s3:// location" in sitting.toasts()
        await pick_up(sitting, "s3://theirs/1.out")
        await sitting.until(lambda: sitting.session.run and sitting.session.run.is_told_over)
        [(record, entry)] = bench.jobs.looked
        assert (record.output_location, record.profile_id) == ("s3://theirs/1.out", "local/chat")
        assert entry is sitting.session.entry


async def test_an_empty_list_says_what_to_do() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("f8")
        await panel(sitting, 0)
        assert "No async job has been placed yet" in str(sitting.app.screen.query_one("Static").render())
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)


async def test_the_location_is_copied_by_key_and_by_click() -> None:
    async with at_the_terminal(FakeWorkbench(jobs=FakeJobs([RECORD]))) as sitting:
        await sitting.press("f8")
        await panel(sitting, 1)
        await sitting.press("c")
        await sitting.until(lambda: sitting.app.clipboard == "s3://b/1.out")
        sitting.app.copy_to_clipboard("")
        await sitting.pilot.click("#copy")
        await sitting.until(lambda: sitting.app.clipboard == "s3://b/1.out")


async def test_a_job_is_forgotten_and_the_list_goes_on() -> None:
    other = replace(RECORD, key="k2", inference_id="id-2", output_location="s3://b/2.out")
    async with at_the_terminal(FakeWorkbench(jobs=FakeJobs([RECORD, other]))) as sitting:
        await sitting.press("f8")
        await panel(sitting, 2)
        await sitting.press("d")
        jobs = await panel(sitting, 1)
        assert "id-2" in str(jobs.options[0].prompt)
        assert sitting.workbench.jobs.known == [other]


async def test_looking_is_stopped_from_the_list() -> None:
    async with at_the_terminal(a_bench(jobs=FakeJobs([RECORD]))) as sitting:
        await job_accepted(sitting)
        await sitting.press("f8")
        jobs = await panel(sitting, 1)
        await sitting.until(lambda: "●" in str(jobs.options[0].prompt))
        await sitting.press("s")
        await sitting.until(lambda: "○" in str(jobs.options[0].prompt))
        assert sitting.one(Button, "#stop").disabled
        assert sitting.workbench.calls[0].is_cancelled


async def test_jobs_in_flight_are_counted_at_the_top_and_a_click_lists_them() -> None:
    async with at_the_terminal(a_bench()) as sitting:
        assert not sitting.sees("JobsChip")
        await job_accepted(sitting)
        await job_accepted(sitting, 2)
        await sitting.until(lambda: str(sitting.one(JobsChip).render()) == "2 jobs" and sitting.sees("JobsChip"))
        await sitting.pilot.click(JobsChip)
        await panel(sitting, 0)


async def test_while_a_job_is_waited_for_it_can_be_sent_stopped_and_set_aside() -> None:
    async with at_the_terminal(a_bench()) as sitting:
        await job_accepted(sitting)
        await sitting.until(lambda: "Stop looking" in str(sitting.one(SendControl).render()))
        assert [action.id for action in sitting.one(ActionBar).entries()][:3] == ["send", "cancel", "set-aside"]
        await sitting.press("alt+g")
        await sitting.until(lambda: "Send" in str(sitting.one(SendControl).render()))
        assert [action.id for action in sitting.one(ActionBar).entries()][:2] == ["send", "switch-mode"]


@pytest.mark.parametrize(("ending", "words"), [(its_output, "completed"), (a_failure, "failed")])
async def test_a_toast_and_the_bell_tell_the_end_of_a_job_in_the_background(
    ending: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = a_bench()
    bench.make_call = lambda: a_job(1, ending())  # type: ignore[operator]  # one of the two above
    async with at_the_terminal(bench) as sitting:
        await job_accepted(sitting)
        bench.make_call = lambda: a_job(2)
        await job_accepted(sitting, 2)
        rung: list[str] = []
        monkeypatch.setattr(sitting.app, "bell", lambda: rung.append(words))
        bench.calls[0].go_on()
        await sitting.until(lambda: any(f"local/chat: job id-1 {words}" in toast for toast in sitting.toasts()))
        await sitting.until(lambda: rung == [words])


async def test_a_foreign_store_is_asked_about_before_a_job_is_looked_at() -> None:
    entry = an_entry("other/jobs", a_profile(s3_endpoint_url="https://objects.example.com"))
    record = replace(RECORD, profile_id="other/jobs")
    bench = FakeWorkbench(a_catalogue(entry), make_call=lambda: FakeCall([its_output()]), jobs=FakeJobs([record]))
    async with at_the_terminal(bench) as sitting:
        await sitting.press("f8")
        await panel(sitting, 1)
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.app.screen, Question))
        assert bench.jobs.looked == []
        await sitting.pilot.click("#yes")
        await sitting.until(lambda: len(bench.jobs.looked) == 1)


def test_what_a_server_said_is_never_markup_and_never_raw() -> None:
    record = replace(RECORD, inference_id="[bold]x\x1b[31m", output_location="s3://b/\n[/]\x07")
    text = str(line_of(JobLine(record, False), NOW))
    assert "[bold]x" in text and "\x1b" not in text and "\x07" not in text
    assert len(text.splitlines()) == 2


async def test_a_full_disk_is_told_where_the_list_is() -> None:
    async with at_the_terminal(FakeWorkbench(jobs=FakeJobs([RECORD], trouble="No space left"))) as sitting:
        await sitting.press("f8")
        await panel(sitting, 1)
        assert "No space left" in str(sitting.app.screen.query_one(".dialog").border_subtitle)
