from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from smrt_tui.client.credentials import CredentialResolver
from smrt_tui.client.faults import ClientTrouble
from smrt_tui.client.jobs import FAILED_CODE, Job, Watch, failure_fault, follow, look_again, poll_delay
from smrt_tui.client.placing import place
from smrt_tui.client.s3 import ObjectStore
from smrt_tui.client.transport import WireTransport
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import (
    Ended,
    Event,
    HeadArrived,
    JobMoved,
    JobState,
    PartArrived,
    ServiceFault,
    Started,
    TransportFault,
)
from smrt_tui.core.profile import AsyncOptions, CredentialsSpec
from smrt_tui.core.target import StaticCredentials, Target
from tests.client.tiny_s3 import DENIED, Stored, TinyS3, tiny_s3

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
OUTPUT, FAILURE = "/bucket/out/1.out", "/bucket/failures/1.out"
JOB = Job("id-1", f"s3:/{OUTPUT}", f"s3:/{FAILURE}")
OPTIONS = AsyncOptions(poll=2, give_up=60)


class FakeTime:
    """A clock that only sleeping moves, and things that happen during the sleeps."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.slept: list[float] = []
        self.happenings: dict[int, Callable[[], object]] = {}
        """By the number of the sleep, from 0."""

    @property
    def watch(self) -> Watch:
        return Watch(lambda: self.seconds, self._at, self._sleep)

    def _at(self, stamp: float | None) -> float:
        return (self.seconds if stamp is None else stamp) - 100.0

    async def _sleep(self, seconds: float) -> None:
        self.happenings.get(len(self.slept), lambda: None)()
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)  # a turn for a cancel


@asynccontextmanager
async def a_store(url: str, time: FakeTime | None = None) -> AsyncIterator[ObjectStore]:
    transport = WireTransport(clock=(time or FakeTime()).watch.clock)
    target = Target(region="us-east-1", s3_endpoint_url=url, credentials=StaticCredentials("AKIA", "secret"))
    try:
        yield ObjectStore(target, {}, CredentialResolver({}), lambda _: transport, now=lambda: NOW)
    finally:
        await transport.aclose()


class Bench:
    """A tiny S3, a store that reaches it and a fake time."""

    def __init__(self, s3: TinyS3, store: ObjectStore, time: FakeTime | None = None) -> None:
        self.s3 = s3
        self.store = store
        self.time = time or FakeTime()

    async def followed(self, job: Job = JOB, options: AsyncOptions = OPTIONS) -> list[Event]:
        async with aclosing(follow(job, self.store, options, self.time.watch)) as events:
            return [event async for event in events]

    def put(self, path: str, stored: Stored) -> None:
        self.s3.objects[path] = stored

    def later(self, sleep: int, path: str, stored: Stored) -> None:
        self.time.happenings[sleep] = lambda: self.put(path, stored)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    time = FakeTime()
    async with tiny_s3() as s3, a_store(s3.url, time) as store:
        yield Bench(s3, store, time)


def states(events: Sequence[Event]) -> list[str]:
    """Job states and, for the rest, class names; equal neighbours once."""
    names = [event.state.value if isinstance(event, JobMoved) else type(event).__name__ for event in events]
    return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]


def body(events: Sequence[Event]) -> bytes:
    return b"".join(event.payload for event in events if isinstance(event, PartArrived))


def details(events: Sequence[Event]) -> list[str]:
    return [event.detail for event in events if isinstance(event, JobMoved)]


def only(events: Sequence[Event], kind: type) -> Event:
    found = [event for event in events if isinstance(event, kind)]
    assert len(found) == 1
    return found[0]


async def test_an_output_that_comes_later_is_read(bench: Bench) -> None:
    bench.later(1, OUTPUT, Stored(b'{"ok": 1}', {"Content-Type": "application/json"}))
    events = await bench.followed()
    assert states(events) == ["waiting", "completed", "HeadArrived", "PartArrived"]
    assert body(events) == b'{"ok": 1}'
    assert details(events) == [
        "not there yet; 0.0 s so far, next look in 2.0 s",
        "not there yet; 2.0 s so far, next look in 2.5 s",
        "its output is there, after 4.5 s: 9 bytes of application/json",
    ]
    assert [asked.path for asked in bench.s3.asked] == [OUTPUT, FAILURE, OUTPUT, FAILURE, OUTPUT]


async def test_every_step_names_the_job(bench: Bench) -> None:
    bench.later(0, OUTPUT, Stored(b"x"))
    moves = [event for event in await bench.followed() if isinstance(event, JobMoved)]
    assert {(move.inference_id, move.output_location, move.failure_location) for move in moves} == {
        ("id-1", "s3://bucket/out/1.out", "s3://bucket/failures/1.out")
    }
    assert [move.at for move in moves] == [0.0, 2.0]


async def test_the_head_of_the_object_arrives_as_it_is(bench: Bench) -> None:
    bench.put(OUTPUT, Stored(b"x", {"Content-Type": "text/csv; charset=utf-8", "x-amz-meta-A": "1"}))
    head = only(await bench.followed(), HeadArrived)
    assert isinstance(head, HeadArrived)
    assert (head.at, head.http_version, head.status, head.reason) == (0.0, "1.1", 200, "Whatever")
    assert head.headers == (
        ("Content-Length", "1"),
        ("Content-Type", "text/csv; charset=utf-8"),
        ("x-amz-meta-A", "1"),
    )


async def test_a_large_output_comes_in_parts_that_make_the_whole(bench: Bench) -> None:
    whole = bytes(range(256)) * 8192
    bench.put(OUTPUT, Stored(whole))
    events = await bench.followed()
    parts = [event for event in events if isinstance(event, PartArrived)]
    assert body(events) == whole
    assert len(parts) > 1
    assert [part.number for part in parts] == list(range(len(parts)))
    assert parts[-1].offset + len(parts[-1].payload) == len(whole)


async def test_an_empty_output_is_complete(bench: Bench) -> None:
    bench.put(OUTPUT, Stored(b""))
    assert states(await bench.followed()) == ["completed", "HeadArrived"]


async def test_a_failure_object_is_shown_and_is_a_fault(bench: Bench) -> None:
    told = b'Received server error (500) from primary with message "boom "quoted"". See https://x in account 1.'
    bench.later(0, FAILURE, Stored(told))
    events = await bench.followed()
    assert states(events) == ["waiting", "failed", "HeadArrived", "PartArrived", "ServiceFault"]
    assert body(events) == told
    fault = only(events, ServiceFault)
    assert fault == ServiceFault(2.0, FAILED_CODE, "", told.decode(), 200, 500, 'boom "quoted"', "")


@pytest.mark.parametrize(
    ("told", "original_status", "original_message"),
    [
        (b"ClientError: Received server error (500) from model. See the logs.", 500, ""),
        (b"The request expired in the queue.", None, ""),
        (b"", None, ""),
        (b'{"OriginalStatusCode": 415, "OriginalMessage": "no", "Message": "m"}', 415, "no"),
        (b"\xff\x00", None, ""),
    ],
)
def test_what_can_be_read_from_a_failure_object_is_read(
    told: bytes, original_status: int | None, original_message: str
) -> None:
    fault = failure_fault(0.0, 200, (), told)
    assert (fault.code, fault.original_status, fault.original_message) == (
        FAILED_CODE,
        original_status,
        original_message,
    )


async def test_a_job_without_a_failure_location_is_followed_by_its_output(bench: Bench) -> None:
    bench.later(0, OUTPUT, Stored(b"x"))
    events = await bench.followed(Job("id-1", JOB.output_location))
    assert states(events) == ["waiting", "completed", "HeadArrived", "PartArrived"]
    assert [asked.path for asked in bench.s3.asked] == [OUTPUT, OUTPUT]


async def test_no_right_to_list_is_told_and_survived(bench: Bench) -> None:
    bench.s3.refusal = DENIED
    bench.later(0, OUTPUT, Stored(b"x"))
    events = await bench.followed()
    assert states(events) == ["waiting", "completed", "HeadArrived", "PartArrived"]
    assert "without s3:ListBucket, S3 answers 403 for both" in details(events)[0]


async def test_giving_up_says_that_the_job_goes_on(bench: Bench) -> None:
    events = await bench.followed(options=AsyncOptions(poll=2, give_up=5))
    assert states(events) == ["waiting", "gave-up", "TransportFault"]
    assert bench.time.slept == [2.0, 2.5, 0.5]
    assert details(events)[-1] == "gave up looking after 5.0 s: not there yet; the job itself goes on"
    fault = only(events, TransportFault)
    assert isinstance(fault, TransportFault)
    assert (fault.code, fault.message) == ("gave-up", "there was no answer after 5 s: not there yet")
    assert "aws s3 cp s3://bucket/out/1.out -" in fault.hint


async def test_s3_out_of_reach_is_survived() -> None:
    async with tiny_s3() as gone, tiny_s3() as s3:
        url = s3.url
        async with a_store(gone.url) as store:
            bench = Bench(gone, store)
            gone.refusal = (503, "SlowDown", "slow down")
            bench.later(1, OUTPUT, Stored(b"x"))
            events = await bench.followed()
    assert states(events) == ["waiting", "completed", "HeadArrived", "PartArrived"]
    assert details(events)[0] == "S3 said 503 SlowDown: slow down; 0.0 s so far, next look in 2.0 s"
    async with a_store(url) as store:
        bench = Bench(s3, store)
        events = await bench.followed(options=AsyncOptions(poll=2, give_up=3))
    assert states(events) == ["waiting", "gave-up", "TransportFault"]
    assert "S3 could not be asked" in details(events)[0]
    assert "refused the connection" in details(events)[0]


async def test_credentials_that_expire_while_waiting_are_asked_for_again(tmp_path: Path) -> None:
    """A credential process gives other keys the second time; nothing but asking it again can show that."""
    keys = tmp_path / "keys.json"

    def give(token: str) -> None:
        keys.write_text(
            json.dumps({"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "s", "SessionToken": token})
        )

    config = tmp_path / "config"
    config.write_text(f"[profile temporary]\ncredential_process = cat {keys}\n")
    environ = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    time = FakeTime()
    async with tiny_s3() as s3:
        target = Target(region="us-east-1", s3_endpoint_url=s3.url, credentials=CredentialsSpec(profile="temporary"))
        transport = WireTransport(clock=time.watch.clock)
        store = ObjectStore(target, environ, CredentialResolver(environ), lambda _: transport, now=lambda: NOW)
        bench = Bench(s3, store, time)
        give("old")
        s3.refusal = (400, "ExpiredToken", "The provided token has expired.")

        def renew() -> None:
            give("new")
            bench.put(OUTPUT, Stored(b"x"))

        time.happenings[0] = renew
        events = await bench.followed()
        await transport.aclose()
    assert states(events) == ["waiting", "completed", "HeadArrived", "PartArrived"]
    assert details(events)[0].startswith("the credentials have expired, and each look asks for new ones")
    assert [asked.headers["x-amz-security-token"] for asked in s3.asked] == ["old", "old", "new"]


@pytest.mark.parametrize(
    ("refusal", "headers", "code"),
    [
        ((404, "NoSuchBucket", "no"), {}, "s3-failed"),
        ((403, "InvalidAccessKeyId", "no"), {}, "s3-denied"),
        ((403, "SignatureDoesNotMatch", "no"), {}, "s3-denied"),
        ((301, "PermanentRedirect", "no"), {"x-amz-bucket-region": "eu-west-1"}, "s3-region"),
    ],
)
async def test_what_looking_again_cannot_change_ends_it(
    bench: Bench, refusal: tuple[int, str, str], headers: dict[str, str], code: str
) -> None:
    bench.s3.refusal, bench.s3.refusal_headers = refusal, headers
    events = await bench.followed()
    assert states(events) == ["gave-up", "TransportFault"]
    fault = only(events, TransportFault)
    assert isinstance(fault, TransportFault)
    assert fault.code == code


@pytest.mark.parametrize("location", ["", "https://bucket/key", "s3://bucket"])
async def test_a_location_that_is_none_ends_it(bench: Bench, location: str) -> None:
    events = await bench.followed(Job("id-1", location))
    assert states(events) == ["gave-up", "TransportFault"]
    assert bench.s3.asked == []


async def test_an_output_that_is_cut_keeps_its_parts_and_is_a_fault(bench: Bench) -> None:
    bench.put(OUTPUT, Stored(b"0123456789", sent_bytes=4))
    events = await bench.followed()
    assert states(events) == ["completed", "HeadArrived", "PartArrived", "TransportFault"]
    assert body(events) == b"0123"
    fault = only(events, TransportFault)
    assert isinstance(fault, TransportFault)
    assert fault.code == "length-short"


async def test_the_object_of_an_earlier_job_is_not_its_answer(bench: Bench) -> None:
    job = Job("id-1", JOB.output_location, JOB.failure_location, placed_at=NOW)
    bench.put(OUTPUT, Stored(b"old", {"Last-Modified": "Wed, 04 Mar 2026 05:00:00 GMT"}))
    bench.later(0, OUTPUT, Stored(b"new", {"Last-Modified": "Wed, 04 Mar 2026 05:06:06 GMT"}))
    events = await bench.followed(job)
    assert body(events) == b"new"
    assert details(events)[0].startswith("an object of an earlier job is there, from 2026-03-04 05:00:00 UTC")


@pytest.mark.parametrize("written", ["Wed, 04 Mar 2026 05:06:07 GMT", "no date", None])
async def test_an_object_of_the_same_second_or_without_a_date_is_its_answer(bench: Bench, written: str | None) -> None:
    bench.put(OUTPUT, Stored(b"x", {} if written is None else {"Last-Modified": written}))
    events = await bench.followed(Job("id-1", JOB.output_location, placed_at=NOW + timedelta(seconds=0.9)))
    assert states(events) == ["completed", "HeadArrived", "PartArrived"]


async def test_a_cancel_ends_the_looking_and_says_that_the_job_goes_on(bench: Bench) -> None:
    seen: list[Event] = []

    async def read() -> None:
        async with aclosing(follow(JOB, bench.store, OPTIONS, bench.time.watch)) as events:
            async for event in events:
                seen.append(event)

    task = asyncio.create_task(read())
    bench.time.happenings[1] = task.cancel
    await asyncio.wait([task])
    assert task.cancelled()
    assert states(seen) == ["waiting", "gave-up"]
    assert details(seen)[-1] == "looking stopped after 4.5 s; the job itself goes on"


def test_looks_become_rarer_but_not_rare() -> None:
    assert [round(poll_delay(OPTIONS, looks), 2) for looks in (0, 1, 2, 7, 8, 10_000)] == [2, 2.5, 3.12, 9.54, 10, 10]
    assert poll_delay(AsyncOptions(poll=20), 9) == 30
    assert poll_delay(AsyncOptions(poll=120), 9) == 120


async def test_a_job_can_be_looked_at_again_by_its_locations_alone(bench: Bench) -> None:
    bench.put(OUTPUT, Stored(b"x"))
    events = [event async for event in look_again(JOB, bench.store, OPTIONS, lambda: 7.0)]
    assert states(events) == ["Started", "completed", "HeadArrived", "PartArrived", "Ended"]
    started, ended = events[0], events[-1]
    assert isinstance(started, Started) and isinstance(ended, Ended)
    assert (started.operation, started.request.url, ended.outcome) == ("GetObject", "s3://bucket/out/1.out", "complete")


async def test_one_look_that_sees_nothing_says_so_and_does_not_wait(bench: Bench) -> None:
    events = [event async for event in look_again(JOB, bench.store, OPTIONS, lambda: 7.0, waits=False)]
    assert states(events) == ["Started", "waiting", "TransportFault", "Ended"]
    assert details(events) == ["not there yet"]
    fault = only(events, TransportFault)
    assert isinstance(fault, TransportFault)
    assert (fault.code, fault.message) == ("not-yet", "the job has no answer yet: not there yet")
    assert [asked.path for asked in bench.s3.asked] == [OUTPUT, FAILURE]


async def test_one_look_reads_what_is_there(bench: Bench) -> None:
    bench.put(OUTPUT, Stored(b"x"))
    events = [event async for event in look_again(JOB, bench.store, OPTIONS, lambda: 7.0, waits=False)]
    assert states(events) == ["Started", "completed", "HeadArrived", "PartArrived", "Ended"]


async def test_a_failed_job_ends_a_call_with_a_fault(bench: Bench) -> None:
    bench.put(FAILURE, Stored(b"no"))
    events = [event async for event in look_again(JOB, bench.store, OPTIONS, lambda: 7.0)]
    assert events[-1] == Ended(0.0, "fault")


async def test_a_cancelled_call_says_so_and_ends(bench: Bench) -> None:
    call = look_again(JOB, bench.store, AsyncOptions(poll=3600), lambda: 7.0)
    events: list[Event] = []
    async for event in call:
        events.append(event)
        if isinstance(event, JobMoved):
            call.cancel()
    assert states(events) == ["Started", "waiting", "gave-up", "Ended"]
    assert events[-1] == Ended(0.0, "cancelled")


def a_draft(*members: tuple[str, str], content: bytes = b"1,2") -> ResolvedDraft:
    return ResolvedDraft("async", "e", members, (), content)


async def test_an_inline_payload_stays_in_the_request(bench: Bench) -> None:
    draft = a_draft(("ContentType", "text/csv"))
    assert await place(draft, AsyncOptions(), bench.store, bench.time.watch) == (draft, None)
    assert bench.s3.asked == []


@pytest.mark.parametrize("folder", ["s3://bucket/in/", "s3://bucket/in"])
async def test_a_payload_is_uploaded_where_the_profile_says(bench: Bench, folder: str) -> None:
    draft = a_draft(("ContentType", "text/csv"), ("InferenceId", "i"))
    placed, moved = await place(
        draft, AsyncOptions(input=folder), bench.store, bench.time.watch, new_name=lambda: "name-1"
    )
    location = ("InputLocation", "s3://bucket/in/name-1")
    assert placed == a_draft(("ContentType", "text/csv"), ("InferenceId", "i"), location, content=b"")
    assert moved == JobMoved(0.0, JobState.UPLOADED, "", "", "", "3 bytes to s3://bucket/in/name-1")
    assert bench.s3.objects["/bucket/in/name-1"] == Stored(b"1,2", {"Content-Type": "text/csv"})


async def test_every_upload_has_a_name_of_its_own(bench: Bench) -> None:
    for _ in range(2):
        await place(a_draft(), AsyncOptions(input="s3://bucket"), bench.store, bench.time.watch)
    assert len(bench.s3.objects) == 2


async def test_an_input_location_of_the_drafts_own_wins_over_everything(bench: Bench) -> None:
    draft = a_draft(("InputLocation", "s3://mine/x"))
    options = AsyncOptions(input="s3://bucket/in/")
    expected = a_draft(("InputLocation", "s3://mine/x"), content=b"")
    assert await place(draft, options, bench.store, bench.time.watch) == (expected, None)
    assert bench.s3.asked == []


async def test_a_refused_upload_stops_the_call(bench: Bench) -> None:
    bench.s3.refusal = DENIED
    with pytest.raises(ClientTrouble) as raised:
        await place(a_draft(), AsyncOptions(input="s3://bucket/in/"), bench.store, bench.time.watch)
    assert raised.value.code == "s3-denied"


async def test_a_long_upload_tells_how_far_it_is_once_a_second(bench: Bench) -> None:
    content, ticks = bytes(1 << 20), count(0)
    watch = Watch(lambda: 0.0, lambda _: next(ticks) * 0.5)
    told: list[JobMoved] = []
    await place(
        a_draft(content=content),
        AsyncOptions(input="s3://bucket/in/"),
        bench.store,
        watch,
        tell=told.append,
        new_name=lambda: "n",
    )
    assert [(moved.at, moved.state, moved.detail) for moved in told] == [
        (1.0, JobState.UPLOADING, "524,288 of 1,048,576 bytes to s3://bucket/in/n"),
    ]
    assert bench.s3.objects["/bucket/in/n"].body == content


async def test_an_upload_that_s3_cannot_take_in_one_piece_is_refused_before_it_begins(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smrt_tui.client.s3.MOST_UPLOADED_BYTES", 2)
    with pytest.raises(ClientTrouble) as raised:
        await place(a_draft(), AsyncOptions(input="s3://bucket/in/"), bench.store, bench.time.watch)
    assert (raised.value.code, bench.s3.asked) == ("upload-too-large", [])
    assert raised.value.message == "3 bytes are more than S3 takes in one request (2)"
