"""The ledger: every step of a job is on disk before anyone hears of it, and a full disk stops no call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smrt_tui.client.call import Journal, RunningCall
from smrt_tui.core.events import (
    Ended,
    Event,
    HeadArrived,
    JobMoved,
    JobState,
    Outcome,
    PartArrived,
    RequestSent,
    ServiceFault,
    Started,
    TransportFault,
)
from smrt_tui.core.job import JobRecord
from smrt_tui.core.request import WireRequest
from smrt_tui.ledger import Ledger
from smrt_tui.store.jobs import JobStore

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RECORD = JobRecord("k", "p", "e", NOW)
STARTED = Started(0.0, "InvokeEndpointAsync", WireRequest("POST", "http://x/", (), b""))
SENT = RequestSent(0.1, b"", (), 2)
HEAD = HeadArrived(0.2, "1.1", 202, "Accepted", (("Date", "Sun, 22 Nov 2026 11:59:58 GMT"),))
ACCEPTED = JobMoved(0.2, JobState.ACCEPTED, "id", "s3://b/o", "s3://b/f", "receipt")
REFUSED = ServiceFault(0.2, "ValidationError", "", "no", 400, None, "", "")
TIMED_OUT = TransportFault(0.3, "read-timeout", "m", "h")


def moved(state: JobState) -> JobMoved:
    return JobMoved(0.3, state, "id", "s3://b/o", "s3://b/f", state.value)


def a_call(
    *events: Event, outcome: Outcome = "complete", then: Callable[[], Awaitable[None]] | None = None
) -> RunningCall:
    async def story(journal: Journal) -> Outcome:
        for event in events:
            journal.write(event)
            await asyncio.sleep(0)
        if then is not None:
            try:
                await then()
            except asyncio.CancelledError:
                journal.write(moved(JobState.GAVE_UP))
                raise
        return outcome

    return RunningCall(story, lambda: 0.0, lambda: STARTED)


async def forever() -> None:
    await asyncio.Event().wait()


class Desk:
    """A ledger, the store behind it, and what was on disk whenever an event was handed on."""

    def __init__(self, folder: Path) -> None:
        self.store = JobStore(folder)
        self.ledger = Ledger(self.store, lambda: NOW)
        self.on_disk: list[tuple[str, str]] = []
        """Class or state of each event, and the state that was on disk by then."""

    @property
    def kept(self) -> JobRecord | None:
        return next(iter(self.store.all()), None)

    async def follow(self, call: RunningCall, cancel_at: Event | None = None) -> list[Event]:
        await self.ledger.open(RECORD)
        events = []
        watched = self.ledger.watched(call, RECORD)
        async for event in watched:
            events.append(event)
            name = event.state.value if isinstance(event, JobMoved) else type(event).__name__
            self.on_disk.append((name, self.kept.state_text if self.kept else "nothing"))
            if event == cancel_at:
                watched.cancel()
        return events


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_of_looks_that_saw_nothing_one_a_minute_is_written_down(desk: Desk) -> None:
    """Fifty jobs look many times a second, and a disk has better things to do."""
    now, kept = NOW, []
    desk.ledger = Ledger(desk.store, lambda: now)
    desk.store.keep(RECORD)
    watched = desk.ledger.watched(a_call(STARTED, ACCEPTED, *[moved(JobState.WAITING)] * 5), RECORD)
    async for event in watched:
        if isinstance(event, JobMoved) and event.state is JobState.WAITING:
            assert desk.kept is not None
            kept.append(desk.kept.looked_at)
            now += timedelta(seconds=25)
    later = NOW + timedelta(seconds=75)
    assert kept == [NOW, NOW, NOW, later, later]


async def test_every_step_is_on_disk_when_it_is_told(desk: Desk) -> None:
    steps = [JobState.UPLOADED, JobState.ACCEPTED, JobState.WAITING, JobState.COMPLETED]
    part = PartArrived(0.4, 0, b"x", 0, (), 0, 0)
    events = await desk.follow(a_call(STARTED, moved(steps[0]), SENT, HEAD, *map(moved, steps[1:]), part))
    assert [type(event) for event in events[-2:]] == [PartArrived, Ended]
    assert desk.on_disk == [
        ("Started", "begun"),
        ("uploaded", "uploaded"),
        ("RequestSent", "sent"),
        ("HeadArrived", "sent"),
        ("accepted", "accepted"),
        ("waiting", "waiting"),
        ("completed", "completed"),
        ("PartArrived", "completed"),
        ("Ended", "completed"),
    ]


async def test_batches_are_those_of_the_call(desk: Desk) -> None:
    await desk.ledger.open(RECORD)
    batches = [batch async for batch in desk.ledger.watched(a_call(STARTED, ACCEPTED), RECORD).batches()]
    assert [list(batch) for batch in batches] == [[STARTED], [ACCEPTED], [Ended(0.0, "complete")]]


async def test_the_services_own_time_of_acceptance_is_kept(desk: Desk) -> None:
    later = HeadArrived(0.5, "1.1", 200, "OK", (("Date", "Sun, 22 Nov 2026 12:30:00 GMT"),))
    await desk.follow(a_call(STARTED, SENT, HEAD, ACCEPTED, moved(JobState.COMPLETED), later))
    assert desk.kept is not None
    assert desk.kept.accepted_at == datetime(2026, 11, 22, 11, 59, 58, tzinfo=UTC)


async def test_what_the_service_refused_is_no_job(desk: Desk) -> None:
    await desk.follow(a_call(STARTED, SENT, HEAD, REFUSED, outcome="fault"))
    assert desk.kept is None


async def test_what_never_left_is_no_job(desk: Desk) -> None:
    await desk.follow(a_call(STARTED, TIMED_OUT, outcome="fault"))
    assert desk.kept is None


async def test_what_was_sent_and_never_answered_may_be_a_job_and_stays(desk: Desk) -> None:
    await desk.follow(a_call(STARTED, SENT, TIMED_OUT, outcome="fault"))
    assert desk.kept is not None
    assert (desk.kept.state, desk.kept.detail) == (None, "it was sent and no answer came: it may have been accepted")


async def test_who_stops_looking_has_not_given_up_on_the_job(desk: Desk) -> None:
    waiting = moved(JobState.WAITING)
    events = await desk.follow(a_call(STARTED, SENT, HEAD, ACCEPTED, waiting, then=forever), cancel_at=waiting)
    assert events[-1] == Ended(0.0, "cancelled")
    assert desk.on_disk[-2:] == [("gave-up", "gave-up"), ("Ended", "waiting")]


async def test_a_look_that_gave_up_is_kept_as_such(desk: Desk) -> None:
    await desk.follow(a_call(STARTED, ACCEPTED, moved(JobState.GAVE_UP), TIMED_OUT, outcome="fault"))
    assert desk.kept is not None
    assert desk.kept.state is JobState.GAVE_UP


async def test_leaving_the_loop_early_stops_the_call(desk: Desk) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def then() -> None:
        begun.set()
        try:
            await forever()
        finally:
            stopped.set()

    watched = desk.ledger.watched(a_call(STARTED, then=then), RECORD)
    batches = watched.batches()
    await anext(batches)
    await begun.wait()
    await batches.aclose()
    assert stopped.is_set()


async def test_a_disk_that_takes_nothing_stops_no_call(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    desk = Desk(tmp_path / "state")
    events = await desk.follow(a_call(STARTED, ACCEPTED))
    assert events == [STARTED, ACCEPTED, Ended(0.0, "complete")]
    assert desk.ledger.trouble == "Not a directory"


async def test_a_job_that_was_forgotten_while_it_was_followed_stays_forgotten(desk: Desk) -> None:
    await desk.ledger.open(RECORD)
    async for event in desk.ledger.watched(a_call(STARTED, ACCEPTED, moved(JobState.COMPLETED)), RECORD):
        if event is ACCEPTED:
            await desk.ledger.forget(RECORD.key)
    assert desk.kept is None
