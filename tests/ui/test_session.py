"""The session against a workbench in memory: what is told, what is kept, what is never fired twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from msgspec import convert
from msgspec.structs import replace

from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.draft import Draft, draft_of
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Ended, Event, ServiceFault, Started, TransportFault
from smrt_tui.core.finding import Finding, SetMember, Severity
from smrt_tui.core.place import Place
from smrt_tui.core.profile import ClientOptions, Payload
from smrt_tui.core.recorder import Verdict
from smrt_tui.ui.news import (
    ConsentNeeded,
    Diagnosed,
    DraftChanged,
    EntryOpened,
    Linted,
    News,
    RunEnded,
    RunMoved,
    RunStarted,
    Said,
    VariablesNeeded,
)
from smrt_tui.ui.session import Session
from tests.ui.fakes import (
    REQUEST,
    FakeCall,
    FakeMemory,
    FakeWorkbench,
    a_broken_entry,
    a_call,
    a_catalogue,
    a_finding,
    a_held_call,
    a_part,
    a_profile,
    an_entry,
    sse,
)
from tests.ui.until import eventually

N = TypeVar("N")


class Sitting:
    """A session, its workbench and everything it told."""

    def __init__(self, workbench: FakeWorkbench) -> None:
        self.workbench = workbench
        self.news: list[News] = []
        self.session = Session(workbench, self.hear, clock=lambda: 0.0)
        self.session.desk.begin()

    def hear(self, news: News) -> None:
        self.news.append(news)

    def told(self, kind: type[N]) -> list[N]:
        return [news for news in self.news if isinstance(news, kind)]

    def said(self) -> list[str]:
        return [news.message for news in self.told(Said)]

    async def is_over(self, runs: int = 1) -> None:
        await eventually(lambda: len(self.told(RunEnded)) == runs, "the run ends")


@pytest.fixture
async def sitting() -> AsyncIterator[Sitting]:
    one = Sitting(FakeWorkbench())
    yield one
    await one.session.close()


async def test_loading_opens_the_local_chat_at_once(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    assert sitting.session.entry == sitting.workbench.catalogue.find("local/chat")
    assert sitting.session.draft == draft_of(a_profile())


async def test_loading_opens_the_profile_asked_for(sitting: Sitting) -> None:
    await sitting.session.profiles.load("aws/llama")
    assert sitting.session.entry == sitting.workbench.catalogue.find("aws/llama")


async def test_an_unknown_first_profile_is_named_with_its_nearest_and_another_opens(sitting: Sitting) -> None:
    await sitting.session.profiles.load("local/chatt")
    assert sitting.said() == ["There is no profile local/chatt; did you mean local/chat?"]
    assert sitting.session.entry is not None


async def test_a_broken_profile_opens_without_a_draft(sitting: Sitting) -> None:
    await sitting.session.profiles.load("aws/broken")
    assert sitting.told(EntryOpened) == [EntryOpened(a_broken_entry(), None, "")]
    sitting.session.calls.send()
    assert sitting.said() == ["This profile has problems; nothing can be sent from it"]


async def test_what_arrived_is_in_the_recorder_when_the_end_is_told(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    run = sitting.session.run
    assert run is not None
    assert run.recorder.verdict is Verdict.COMPLETE
    assert bytes(run.recorder.parts.body) == b"".join(sse("Hello", " sea"))
    about_the_run = [type(news) for news in sitting.news if isinstance(news, RunMoved | RunEnded)]
    assert about_the_run[-2:] == [RunMoved, RunEnded]


async def test_what_the_answer_showed_is_told_after_the_end(sitting: Sitting) -> None:
    refusal = ServiceFault(0.1, "ThrottlingException", "", "Rate exceeded", 429, None, "", "")
    sitting.workbench.make_call = lambda: FakeCall([(refusal, Ended(0.2, "fault"))])
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await eventually(lambda: sitting.told(Diagnosed))
    assert sitting.session.run is not None
    assert sitting.session.findings[: len(sitting.session.run.findings)] == sitting.session.run.findings != ()


async def test_five_thousand_parts_are_told_in_a_handful_of_messages() -> None:
    parts: list[Sequence[Event]] = [(a_part(i, b"x", 0.0),) for i in range(5000)]
    many = FakeCall([(Started(0.0, "InvokeEndpoint", REQUEST),), *parts, (Ended(1.0, "complete"),)])
    sitting = Sitting(FakeWorkbench(make_call=lambda: many))
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    assert sitting.session.run is not None
    assert len(sitting.session.run.recorder.parts) == 5000
    assert len(sitting.told(RunMoved)) < 100
    await sitting.session.close()


async def test_pressing_send_twice_fires_once() -> None:
    sitting = Sitting(FakeWorkbench(make_call=lambda: a_held_call(*sse("Hello"))))
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    sitting.session.calls.send()
    await eventually(lambda: sitting.workbench.fired)
    sitting.session.calls.send()
    assert len(sitting.workbench.fired) == 1
    assert len(sitting.told(RunStarted)) == 1
    assert sitting.said() == ["A call is running; esc or ctrl+c cancels it"] * 2
    await sitting.session.close()


async def test_cancelling_keeps_what_arrived() -> None:
    sitting = Sitting(FakeWorkbench(make_call=lambda: a_held_call(*sse("Hello"))))
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    run = sitting.session.run
    assert run is not None
    await eventually(lambda: len(run.recorder.parts) == 2)
    sitting.session.calls.cancel()
    sitting.session.calls.cancel()
    await sitting.is_over()
    assert run.recorder.verdict is Verdict.CANCELLED
    assert bytes(run.recorder.parts.body) == b"".join(sse("Hello"))
    await sitting.session.close()


async def test_cancelling_before_the_call_is_there_ends_the_run_and_lets_the_late_call_go() -> None:
    workbench = FakeWorkbench(make_call=lambda: a_held_call(*sse("late")))
    workbench.gate.clear()
    sitting = Sitting(workbench)
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await eventually(lambda: workbench.fire_asked)
    sitting.session.calls.cancel()
    assert not sitting.session.calls.is_live
    assert len(sitting.told(RunEnded)) == 1
    workbench.gate.set()
    await eventually(lambda: workbench.calls and workbench.calls[0].was_read)
    assert workbench.calls[0].is_cancelled
    assert sitting.session.run is not None
    assert len(sitting.session.run.recorder.parts) == 0
    await sitting.session.close()


async def test_a_second_run_has_a_buffer_of_its_own(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    first = sitting.session.run
    sitting.workbench.make_call = lambda: a_call(b"other")
    sitting.session.calls.send()
    await sitting.is_over(runs=2)
    second = sitting.session.run
    assert first is not None
    assert second is not None
    assert bytes(first.recorder.parts.body) == b"".join(sse("Hello", " sea"))
    assert bytes(second.recorder.parts.body) == b"other"
    assert second.number == 2


async def test_a_refusal_of_the_workbench_ends_the_run_with_its_words() -> None:
    refusal = SmrtError("the local endpoint did not start", "try `smrt-tui serve`")
    sitting = Sitting(FakeWorkbench(refusal=refusal))
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    assert sitting.session.run is not None
    assert sitting.session.run.recorder.transport_fault == TransportFault(
        0.0, "cannot-send", "the local endpoint did not start", "try `smrt-tui serve`"
    )
    assert sitting.session.run.recorder.verdict is Verdict.CANNOT_SEND
    await sitting.session.close()


async def test_an_unfilled_placeholder_is_told_and_nothing_is_fired() -> None:
    missing = a_finding(id="unresolved-variable", severity=Severity.ERROR, where="body", message="{{x}} has no value")
    sitting = Sitting(FakeWorkbench(unresolved=(missing,)))
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    assert sitting.workbench.fired == []
    assert sitting.session.run is not None
    assert sitting.session.run.recorder.verdict is Verdict.CANNOT_SEND
    await sitting.session.close()


@pytest.mark.parametrize(("policy", "fired"), [("block", 0), ("warn", 1), ("off", 1)])
async def test_only_block_keeps_a_wrong_draft_from_going_out(policy: str, fired: int) -> None:
    profile = a_profile(client=convert({"param_validation": policy}, ClientOptions))
    wrong = a_finding(severity=Severity.ERROR)
    sitting = Sitting(FakeWorkbench(a_catalogue(an_entry(profile=profile)), findings=lambda draft: (wrong,)))
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    assert len(sitting.workbench.fired) == fired
    await sitting.session.close()


async def test_a_call_that_breaks_its_promise_still_ends() -> None:
    silent = FakeCall([(Started(0.0, "InvokeEndpoint", REQUEST), a_part(0, b"kept", 0.1))])
    sitting = Sitting(FakeWorkbench(make_call=lambda: silent))
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    run = sitting.session.run
    assert run is not None
    assert bytes(run.recorder.parts.body) == b"kept"
    assert run.recorder.transport_fault is not None
    await sitting.session.close()


async def test_what_waits_for_the_first_profile_is_done_in_its_order_once_that_is_open(sitting: Sitting) -> None:
    profiles = sitting.session.profiles
    done: list[tuple[str, bool]] = []
    profiles.when_ready(lambda: done.append(("one", sitting.session.draft is not None)))
    profiles.when_ready(lambda: done.append(("two", sitting.session.draft is not None)))
    assert done == []
    await profiles.load()
    profiles.when_ready(lambda: done.append(("three", sitting.session.draft is not None)))
    assert done == [("one", True), ("two", True), ("three", True)]


@dataclass
class SlowMemory(FakeMemory):
    """The disk takes its time."""

    is_awake: asyncio.Event = field(default_factory=asyncio.Event)

    async def drafts(self, entry: ProfileEntry) -> Mapping[str, Draft]:
        await self.is_awake.wait()
        return await super().drafts(entry)


async def test_a_profile_that_is_still_opening_is_not_sent_from() -> None:
    memory = SlowMemory()
    memory.is_awake.set()
    sitting = Sitting(FakeWorkbench(memory=memory))
    await sitting.session.profiles.load()
    memory.is_awake.clear()
    opening = asyncio.ensure_future(sitting.session.profiles.select("local/tabular"))
    await eventually(lambda: sitting.session.opened.is_wanted(sitting.workbench.catalogue.find("local/tabular")))
    sitting.session.calls.send()
    assert sitting.session.run is not None
    assert sitting.session.run.entry.id == "local/chat"
    memory.is_awake.set()
    await opening
    assert sitting.session.entry == sitting.workbench.catalogue.find("local/tabular")
    await sitting.session.close()


async def test_a_foreign_host_is_asked_about_once(sitting: Sitting) -> None:
    profile = a_profile(endpoint_url="https://models.example.com")
    sitting.workbench.catalogue = a_catalogue(an_entry("other/host", profile))
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    assert sitting.told(ConsentNeeded) == [ConsentNeeded("models.example.com")]
    sitting.session.calls.send(consented=True)
    await sitting.is_over()
    sitting.session.calls.send()
    await sitting.is_over(runs=2)
    assert len(sitting.told(ConsentNeeded)) == 1


async def test_an_async_call_asks_for_the_address_of_its_objects_too() -> None:
    addresses = {"endpoint_url": "https://models.example.com", "s3_endpoint_url": "https://objects.example.com"}
    sitting = Sitting(FakeWorkbench(a_catalogue(an_entry("aws/far", a_profile(mode="async", **addresses)))))
    await sitting.session.profiles.load()
    calls = sitting.session.calls
    calls.send()
    calls.send(consented=True)
    assert [news.host for news in sitting.told(ConsentNeeded)] == ["models.example.com", "objects.example.com"]
    assert not sitting.told(RunStarted)
    calls.send(consented=True)
    await sitting.is_over()
    await sitting.session.close()


async def test_editing_is_linted_after_a_pause_and_kept(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    await eventually(lambda: sitting.workbench.lints == 1)
    sitting.workbench.findings = lambda draft: (a_finding(message=draft.body),)
    for text in ("a", "ab", "abc"):
        assert sitting.session.draft is not None
        sitting.session.desk.edit(replace(sitting.session.draft, body=text))
    await eventually(lambda: [f.message for f in sitting.session.desk.findings] == ["abc"])
    assert sitting.workbench.lints == 2
    await eventually(lambda: ("local/chat", "ask") in sitting.workbench.memory.kept)
    assert sitting.workbench.memory.kept["local/chat", "ask"].body == "abc"


async def test_closing_keeps_the_draft_that_was_being_written(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    assert sitting.session.draft is not None
    sitting.session.desk.edit(replace(sitting.session.draft, body="half a thou"))
    await sitting.session.close()
    assert sitting.workbench.memory.kept["local/chat", "ask"].body == "half a thou"
    assert sitting.workbench.is_closed


async def test_a_kept_draft_comes_back_and_reset_returns_to_the_profile(sitting: Sitting) -> None:
    kept = replace(draft_of(a_profile()), body="my own")
    sitting.workbench.memory.kept["local/chat", "ask"] = kept
    await sitting.session.profiles.load()
    assert sitting.session.draft == kept
    sitting.session.opened.reset()
    assert sitting.session.draft == draft_of(a_profile())


async def test_switching_profile_or_payload_loses_nothing(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    assert sitting.session.draft is not None
    mine = replace(sitting.session.draft, body="mine")
    sitting.session.desk.edit(mine)
    sitting.session.opened.choose_payload("whole")
    assert sitting.session.draft.mode == "sync"
    await sitting.session.profiles.select("local/tabular")
    await sitting.session.profiles.select("local/chat")
    assert sitting.session.opened.payload == "whole"
    sitting.session.opened.choose_payload("ask")
    assert sitting.session.draft == mine


async def test_modes_go_round(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    modes = []
    for _ in range(3):
        sitting.session.desk.switch_mode()
        assert sitting.session.draft is not None
        modes.append(sitting.session.draft.mode)
    assert modes == ["sync", "async", "stream"]
    assert [news.draft.mode for news in sitting.told(DraftChanged)] == modes


async def test_the_worst_fixable_finding_is_fixed(sitting: Sitting) -> None:
    fix = SetMember("Accept", "application/json")

    def findings(draft: object) -> tuple[Finding, ...]:
        return (a_finding(severity=Severity.ERROR), a_finding(fix=fix))

    sitting.workbench.findings = findings
    await sitting.session.profiles.load()
    await eventually(lambda: sitting.told(Linted))
    sitting.session.fix_worst()
    assert sitting.session.draft is not None
    assert sitting.session.draft.member("Accept") == "application/json"


async def test_fixing_nothing_says_so(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    sitting.session.fix_worst()
    assert sitting.said() == ["Nothing to fix"]


async def test_the_next_sitting_opens_where_this_one_was(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    await sitting.session.profiles.select("aws/llama")
    sitting.session.opened.choose_payload("whole")
    sitting.session.desk.switch_mode("async")
    await sitting.session.close()
    later = Sitting(sitting.workbench)
    later.session.begin(None)
    await eventually(lambda: later.session.draft, "a profile opens")
    assert later.session.entry == sitting.workbench.catalogue.find("aws/llama")
    assert (later.session.opened.payload, later.session.draft and later.session.draft.mode) == ("whole", "async")
    await later.session.close()


async def test_a_profile_that_was_asked_for_goes_before_the_last_one(sitting: Sitting) -> None:
    sitting.workbench.memory.kept_place = Place().at("aws/llama", "ask")
    sitting.session.begin("local/tabular")
    await eventually(lambda: sitting.session.draft, "a profile opens")
    assert sitting.session.entry == sitting.workbench.catalogue.find("local/tabular")


async def test_a_place_that_is_gone_is_no_reason_to_open_nothing(sitting: Sitting) -> None:
    sitting.workbench.memory.kept_place = Place().at("aws/gone", "ask")
    sitting.session.begin(None)
    await eventually(lambda: sitting.session.draft, "a profile opens")
    assert sitting.session.entry == sitting.workbench.catalogue.find("local/chat")


def on_disk(sitting: Sitting, **changes: object) -> None:
    """The open profile's file changes."""
    sitting.workbench.catalogue = a_catalogue(an_entry(profile=a_profile(**changes)))
    sitting.workbench.library.mark += 1


async def test_a_change_on_disk_is_read_by_itself(sitting: Sitting) -> None:
    sitting.session.begin(None)
    await eventually(lambda: sitting.workbench.is_warm)
    on_disk(sitting, endpoint="other")
    await eventually(lambda: sitting.session.draft and sitting.session.draft.endpoint == "other", "it is read again")
    assert sitting.said() == ["local/chat changed on disk and was read again"]


async def test_a_change_on_disk_never_overwrites_a_draft_and_its_text_can_be_taken(sitting: Sitting) -> None:
    sitting.session.begin(None)
    await eventually(lambda: sitting.workbench.is_warm)
    assert sitting.session.draft is not None
    mine = replace(sitting.session.draft, body="mine")
    sitting.session.desk.edit(mine)
    on_disk(sitting, region="eu-west-1", payloads=(Payload(name="ask", body="theirs"),))
    await eventually(sitting.said, "the change is told")
    assert sitting.said() == ["local/chat changed on disk; your draft stands, alt+r takes the saved text"]
    assert sitting.session.draft == mine
    assert sitting.session.entry == sitting.workbench.catalogue.find("local/chat")
    sitting.session.opened.reset()
    assert sitting.session.draft.body == "theirs"
    sitting.session.desk.bring_back()
    assert sitting.session.draft == mine


async def test_a_draft_outlives_its_payload(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    sitting.session.opened.choose_payload("whole")
    assert sitting.session.draft is not None
    mine = replace(sitting.session.draft, body="mine")
    sitting.session.desk.edit(mine)
    on_disk(sitting, payloads=(Payload(name="renamed", body="x"),))
    await sitting.session.profiles.reload()
    assert (sitting.session.draft, sitting.session.opened.payload) == (mine, "renamed")


async def test_a_file_that_is_gone_leaves_what_is_open(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    sitting.workbench.catalogue = a_catalogue(an_entry("local/other"))
    await sitting.session.profiles.reload()
    assert sitting.session.draft == draft_of(a_profile())
    assert sitting.said()[0] == "The file of local/chat is gone; what is open stays until you leave it"


async def test_a_request_without_its_variables_is_not_sent_and_they_are_asked_for(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    assert sitting.session.draft is not None
    asking = replace(sitting.session.draft, variables=())
    sitting.session.desk.edit(asking)
    sitting.session.calls.send()
    assert sitting.told(VariablesNeeded) == [VariablesNeeded(asking)]
    assert sitting.session.run is None


async def test_every_call_that_went_out_is_in_the_history(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    await sitting.session.close()
    [kept] = sitting.workbench.logbook.kept
    assert (kept.profile_id, kept.mode, kept.verdict, kept.draft) == (
        "local/chat",
        "stream",
        "complete",
        sitting.session.draft,
    )


async def test_a_history_that_cannot_be_written_stops_no_call(sitting: Sitting) -> None:
    sitting.workbench.logbook.refusal = SmrtError("the history cannot be used: disk full")
    await sitting.session.profiles.load()
    sitting.session.calls.send()
    await sitting.is_over()
    await eventually(sitting.said)
    assert sitting.said() == ["the history cannot be used: disk full"]
    run = sitting.session.run
    assert run is not None and run.recorder.verdict is Verdict.COMPLETE


async def test_what_was_refused_before_it_left_is_not_in_the_history() -> None:
    one = Sitting(FakeWorkbench(unresolved=(a_finding(),)))
    await one.session.profiles.load()
    one.session.calls.send()
    await one.is_over()
    await one.session.close()
    assert one.workbench.logbook.kept == []


async def test_another_mode_says_what_it_changes_before_anything_is_sent(sitting: Sitting) -> None:
    await sitting.session.profiles.load()
    sitting.session.desk.switch_mode("sync")
    await eventually(lambda: sitting.said())
    assert sitting.said() == ["sync: Accept is sent as Accept (was X-Amzn-SageMaker-Accept)"]
