"""Async invocations after their 202: looks at the output and the failure location until one of them is there.

It works through an `ObjectStore`; time comes in as a `Watch`. The job itself is SageMaker's: giving up or being
cancelled only ends the looking, and the events say so.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.client.answers import http_fault
from smrt_tui.client.call import Journal, RunningCall
from smrt_tui.client.credentials import REFUSED_CODES
from smrt_tui.client.faults import ClientTrouble, trouble
from smrt_tui.client.s3 import ObjectName, ObjectStore, Refusal, parse_location, read_refusal
from smrt_tui.client.seam import Clock, readings_of
from smrt_tui.core.container_words import wrapped
from smrt_tui.core.events import (
    Event,
    HeadArrived,
    JobMoved,
    JobState,
    Outcome,
    PartArrived,
    ServiceFault,
    Started,
    TransportFault,
)
from smrt_tui.core.profile import AsyncOptions
from smrt_tui.core.request import Headers, WireRequest, header
from smrt_tui.core.server_date import server_time

FAILED_CODE = "AsyncInferenceFailed"
"""Our name for a job that left a failure object: the format of those objects is not published."""

_BACK_OFF = 1.25
_MOST_BACK_OFF = 5.0
_SLOWEST_POLL_S = 30.0
_CLOCK_TOLERANCE = timedelta(seconds=5)
"""How much older than the job an object may seem and still be its answer: both times are AWS's, in whole seconds."""
_MOST_KEPT_BYTES = 64 * 1024
_HOPELESS = frozenset(
    {"NoSuchBucket", "InvalidBucketName", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed"}
)
"""S3's codes that looking again does not change."""
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken", "TokenRefreshRequired"})
"""S3's codes for temporary credentials whose time is over (S3 API reference, Error responses). A wait outlives them."""


class Job(Struct, frozen=True):
    """An accepted async invocation: all that it takes to look for its answer, now or another day."""

    inference_id: str
    output_location: str
    failure_location: str = ""
    placed_at: datetime | None = None
    """When the service accepted it, by its own clock (the `Date` of the 202); an older object is not its answer."""

    def moved(self, at: float, state: JobState, detail: str) -> JobMoved:
        """The event of a step of this job."""
        return JobMoved(at, state, self.inference_id, self.output_location, self.failure_location, detail)


def accepted_job(headers: Headers, receipt: bytes) -> Job:
    """The job that a 202 tells of: locations in its headers, the inference id in its body."""
    return Job(
        inference_id=_inference_id(receipt),
        output_location=header(headers, "X-Amzn-SageMaker-OutputLocation") or "",
        failure_location=header(headers, "X-Amzn-SageMaker-FailureLocation") or "",
        placed_at=server_time(headers),
    )


def _inference_id(receipt: bytes) -> str:
    try:
        parsed = json.loads(receipt)
    except (ValueError, RecursionError):
        return ""
    found = parsed.get("InferenceId") if isinstance(parsed, dict) else None
    return found if isinstance(found, str) else ""


class Watch(Struct, frozen=True):
    """The time of one call."""

    clock: Clock
    at: Callable[[float | None], float]
    """Seconds since the call began: of a stamp of `clock`, or (None) now."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


async def follow(
    job: Job, store: ObjectStore, options: AsyncOptions, watch: Watch, *, waits: bool = True
) -> AsyncGenerator[Event, None]:
    """What becomes of an accepted job, to its end or until `give_up` seconds are over.

    `JobMoved(waiting)` after every look, saying what was seen and when the next one is. Then the output object as
    `JobMoved(completed)`, `HeadArrived` and `PartArrived`; or the failure object in the same way and a `ServiceFault`;
    or `JobMoved(gave-up)` and a `TransportFault`. S3 may be out of reach meanwhile. A cancel is told by
    `JobMoved(gave-up)` before it goes on its way. With `waits` off there is one look only; `JobMoved(waiting)` and the
    fault `not-yet` say that it saw nothing.
    """
    began, looks, is_waiting = watch.at(None), 0, True
    try:
        async with AsyncExitStack() as held:
            while True:
                sight = await _look(job, store, held)
                elapsed = watch.at(None) - began
                if sight.is_final or (waits and elapsed >= options.give_up):
                    break
                if not waits:
                    for event in _not_yet(job, sight, watch):
                        yield event
                    return
                delay = min(poll_delay(options, looks), options.give_up - elapsed)
                detail = f"{sight.told}; {_seconds(elapsed)} so far, next look in {_seconds(delay)}"
                yield job.moved(watch.at(None), JobState.WAITING, detail)
                await watch.sleep(delay)
                looks += 1
            is_waiting = False
            async with aclosing(_end_of(job, sight, elapsed, watch)) as events:
                async for event in events:
                    yield event
    except ClientTrouble as cut:
        yield TransportFault(watch.at(None), cut.code, cut.message, cut.hint)
    except asyncio.CancelledError:
        if is_waiting:
            told = f"looking stopped after {_seconds(watch.at(None) - began)}; the job itself goes on"
            yield job.moved(watch.at(None), JobState.GAVE_UP, told)
        raise


async def report(
    job: Job,
    store: ObjectStore,
    options: AsyncOptions,
    journal: Journal,
    *,
    waits: bool = True,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Outcome:
    """Follow a job, its events written into the journal of a call. Only a cancel is raised."""
    outcome: Outcome = "complete"
    watch = Watch(journal.clock, journal.at, sleep)
    async with aclosing(follow(job, store, options, watch, waits=waits)) as events:
        async for event in events:
            journal.write(event)
            if isinstance(event, ServiceFault | TransportFault):
                outcome = "fault"
            await journal.room()
    return outcome


def look_again(job: Job, store: ObjectStore, options: AsyncOptions, clock: Clock, *, waits: bool = True) -> RunningCall:
    """A call that only follows a job that was accepted earlier, or with `waits` off looks once.

    Its `Started` names GetObject and the location.
    """
    opening = Started(0.0, "GetObject", WireRequest("GET", job.output_location, (), b""))

    async def story(journal: Journal) -> Outcome:
        journal.write(opening)
        return await report(job, store, options, journal, waits=waits)

    return RunningCall(story, clock, lambda: opening)


def poll_delay(options: AsyncOptions, looks: int) -> float:
    """Seconds between look number `looks` (from 0) and the next: `poll`, growing by a quarter up to five times of it,
    but never by growth beyond 30."""
    growth = min(_BACK_OFF ** min(looks, 32), _MOST_BACK_OFF)
    return min(options.poll * growth, max(options.poll, _SLOWEST_POLL_S))


class _Sight(Struct, frozen=True):
    """What one look saw."""

    told: str
    state: JobState | None = None
    """Completed or failed; None when neither object is there."""
    response: httpx.Response | None = None
    """The object, its body still to be read."""
    trouble: ClientTrouble | None = None
    """Why looking again is no use."""

    @property
    def is_final(self) -> bool:
        return self.response is not None or self.trouble is not None


async def _look(job: Job, store: ObjectStore, held: AsyncExitStack) -> _Sight:
    """One look at both locations, the output's first; an object found is kept open in `held`."""
    try:
        output = await _look_at(job.output_location, JobState.COMPLETED, job, store, held)
        if output.is_final or not job.failure_location:
            return output
        failure = await _look_at(job.failure_location, JobState.FAILED, job, store, held)
        return failure if failure.is_final else output
    except ClientTrouble as out_of_reach:
        told = f"S3 could not be asked: {out_of_reach.message}"
        return _Sight(told, trouble=out_of_reach if out_of_reach.code == "location-malformed" else None)


async def _look_at(location: str, state: JobState, job: Job, store: ObjectStore, held: AsyncExitStack) -> _Sight:
    name = parse_location(location)
    async with AsyncExitStack() as opened:
        response = await opened.enter_async_context(store.open("GET", name))
        if not response.is_success:
            refusal = await read_refusal(response)
            if refusal.code in _EXPIRED | REFUSED_CODES:
                store.forget_credentials()
            return _not_there(refusal, name)
        if (older := _older_than(job.placed_at, response)) is not None:
            return _Sight(f"an object of an earlier job is there, from {older:%Y-%m-%d %H:%M:%S} UTC")
        await held.enter_async_context(opened.pop_all())
        return _Sight("the object is there", state, response)


def _not_there(refusal: Refusal, name: ObjectName) -> _Sight:
    if refusal.status == 404 and refusal.code != "NoSuchBucket":
        return _Sight("not there yet")
    if refusal.status == 403 and refusal.code in ("", "AccessDenied"):
        return _Sight("not there yet, or no right to see it: without s3:ListBucket, S3 answers 403 for both")
    if refusal.code in _EXPIRED:
        return _Sight(f"the credentials have expired, and each look asks for new ones (S3 said {refusal.told})")
    is_hopeless = refusal.code in _HOPELESS or (refusal.status == 301 and bool(refusal.region))
    return _Sight(f"S3 said {refusal.told}", trouble=refusal.as_trouble("reading", name) if is_hopeless else None)


def _older_than(placed_at: datetime | None, response: httpx.Response) -> datetime | None:
    """When the object was written, if that was before the job."""
    try:
        written = parsedate_to_datetime(response.headers["Last-Modified"])
    except (KeyError, ValueError):
        return None
    return written if placed_at is not None and written < placed_at - _CLOCK_TOLERANCE else None


async def _end_of(job: Job, sight: _Sight, elapsed: float, watch: Watch) -> AsyncGenerator[Event, None]:
    if sight.response is None or sight.state is None:
        for event in _given_up(job, sight, elapsed, watch):
            yield event
        return
    response, readings = sight.response, readings_of(sight.response, watch.clock)
    headers: Headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    what = "its output is there" if sight.state is JobState.COMPLETED else "it left a failure object"
    head_at = watch.at(readings.head_at)
    yield job.moved(head_at, sight.state, f"{what}, after {_seconds(elapsed)}{_measured(headers)}")
    version = response.http_version.removeprefix("HTTP/")
    yield HeadArrived(head_at, version, response.status_code, response.reason_phrase, headers)
    number, offset, kept = 0, 0, b""
    while (reading := await readings.next()) is not None:
        yield PartArrived(watch.at(reading.at), number, reading.data, offset, (), 0, 0)
        number, offset = number + 1, offset + len(reading.data)
        kept += reading.data[: _MOST_KEPT_BYTES - len(kept)]
    if sight.state is JobState.FAILED:
        yield failure_fault(watch.at(None), response.status_code, headers, kept)


def failure_fault(at: float, status: int, headers: Headers, body: bytes) -> ServiceFault:
    """The fault that a failure object tells. `status` is that of the answer which brought the object.

    The model's own status and words are taken from the service's sentence "Received server error (500) from …", which
    is the same for real-time invocations and in failure notifications.
    """
    fault = http_fault(at, status, "", headers, body)
    told = wrapped(fault.message)
    return replace(
        fault,
        code=FAILED_CODE if fault.code == str(status) else fault.code,
        original_status=told.status if told and fault.original_status is None else fault.original_status,
        original_message=fault.original_message or (told.words if told else ""),
    )


def _not_yet(job: Job, sight: _Sight, watch: Watch) -> tuple[Event, ...]:
    at = watch.at(None)
    named = trouble("not-yet", detail=sight.told)
    return job.moved(at, JobState.WAITING, sight.told), TransportFault(at, named.code, named.message, named.hint)


def _given_up(job: Job, sight: _Sight, elapsed: float, watch: Watch) -> tuple[Event, ...]:
    at = watch.at(None)
    told = f"gave up looking after {_seconds(elapsed)}: {sight.told}; the job itself goes on"
    named = sight.trouble or trouble(
        "gave-up",
        seconds=f"{elapsed:.0f}",
        detail=sight.told,
        again=f"the job itself goes on: look again later (`aws s3 cp {job.output_location} -`), or raise `give_up:`",
    )
    return job.moved(at, JobState.GAVE_UP, told), TransportFault(at, named.code, named.message, named.hint)


def _seconds(duration: float) -> str:
    return f"{duration:.1f} s" if duration < 10 else f"{duration:.0f} s"


def _measured(headers: Headers) -> str:
    length, kind = header(headers, "Content-Length") or "", header(headers, "Content-Type")
    size = f": {int(length):,} bytes" if length.isdecimal() else ""
    return f"{size}{' of ' if size else ': '}{kind}" if kind else size
