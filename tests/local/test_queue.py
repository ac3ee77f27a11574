"""Jobs: what each leaves behind, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from smrt_tui.core.service import packaged_service
from smrt_tui.local.admission import Invocation
from smrt_tui.local.effects import JobPlan
from smrt_tui.local.endpoints import Route
from smrt_tui.local.object_store import ObjectName, ObjectStore, StoredObject
from smrt_tui.local.queue import CONCURRENCY, Job, JobQueue, locations
from tests.local.running import Scripted

OPERATION = packaged_service().operation("async")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
OUTPUT, FAILURE = ObjectName("smrt-local", "chat/output/i.out"), ObjectName("smrt-local", "chat/failure/i-error.out")


def an_invocation(members: dict[str, str], body: bytes = b"{}") -> Invocation:
    return Invocation(OPERATION, "chat", members, body, "request", 1)


def a_job(container: Scripted, plan: JobPlan | None = None, body: bytes = b"{}", **members: str) -> Job:
    invocation = an_invocation(members, body)
    return Job("i", invocation, Route(container, "AllTraffic"), OUTPUT, FAILURE, plan or JobPlan())


@asynccontextmanager
async def a_queue(store: ObjectStore, log: list[str] | None = None) -> AsyncIterator[JobQueue]:
    lines: list[str] = [] if log is None else log
    queue = JobQueue(store, lambda: NOW, lines.append)
    try:
        yield queue
    finally:
        await queue.close()


async def outcome(job: Job, store: ObjectStore | None = None) -> tuple[bytes, bytes]:
    """The bodies of the output and the failure object, one of which appears."""
    store = store or ObjectStore()
    async with a_queue(store) as queue, asyncio.timeout(20):
        queue.submit(job)
        while (output := store.get(OUTPUT)) is None and (failure := store.get(FAILURE)) is None:
            await asyncio.sleep(0.001)
    return (output.body if output else b"", b"" if output or not failure else failure.body)


async def test_a_job_leaves_the_answer_with_its_type() -> None:
    store = ObjectStore()
    container = Scripted([b"a", b"b"], headers=(("content-type", "text/csv"),))
    assert await outcome(a_job(container, ContentType="text/plain", Accept="text/csv"), store) == (b"ab", b"")
    assert store.get(OUTPUT) == StoredObject(b"ab", "text/csv", NOW)
    [request] = container.asked
    assert request.headers == (
        ("Content-Type", "text/plain"),
        ("Accept", "text/csv"),
        ("X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpointAsync"),
    )


async def test_the_input_of_the_object_store_brings_its_own_type() -> None:
    store = ObjectStore()
    store.put(ObjectName("b", "k/in"), StoredObject(b"1,2", "text/csv", NOW))
    container = Scripted()
    await outcome(a_job(container, body=b"", InputLocation="s3://b/k/in"), store)
    [request] = container.asked
    assert (request.body, request.headers[0]) == (b"1,2", ("Content-Type", "text/csv"))


@pytest.mark.parametrize(
    ("container", "plan", "members", "reason"),
    [
        (Scripted(status=400, body=b"no"), None, {}, 'Received client error (400) from primary with message "no"'),
        (Scripted([b"a", ValueError()]), None, {}, "Received server error (0) from primary with message "),
        (
            Scripted(),
            JobPlan(failure_status=503),
            {},
            "Received server error (503) from primary with message ",
        ),
        (Scripted(), JobPlan(expires=True), {}, "The request expired in the queue"),
        (Scripted(), None, {"InputLocation": "s3://b/missing"}, "The input s3://b/missing cannot be downloaded"),
        (
            Scripted(),
            None,
            {"InputLocation": "https://example.com/x"},
            "The input https://example.com/x cannot be read",
        ),
    ],
)
async def test_what_fails_leaves_a_failure_object(
    container: Scripted, plan: JobPlan | None, members: dict[str, str], reason: str
) -> None:
    output, failure = await outcome(a_job(container, plan, b"", **members))
    assert output == b""
    assert failure.decode().startswith(reason)


async def test_a_container_over_its_time_fails_the_job() -> None:
    _, failure = await outcome(a_job(Scripted(is_silent=True), InvocationTimeoutSeconds="0.02"))
    assert b"Your invocation timed out" in failure


async def test_a_job_that_waits_longer_than_its_time_to_live_expires() -> None:
    store = ObjectStore()
    async with a_queue(store) as queue, asyncio.timeout(20):
        for _ in range(CONCURRENCY):
            queue.submit(a_job(Scripted(is_silent=True)))
        queue.submit(a_job(Scripted(), RequestTTLSeconds="0.02"))
        while (failure := store.get(FAILURE)) is None:
            await asyncio.sleep(0.001)
    assert failure.body == b"The request expired in the queue before an instance took it."


async def test_closing_frees_the_containers() -> None:
    container = Scripted(is_silent=True)
    log: list[str] = []
    async with a_queue(ObjectStore(), log) as queue:
        queue.submit(a_job(container))
        async with asyncio.timeout(20):
            while not container.asked:
                await asyncio.sleep(0.001)
    assert container.left.is_set()
    assert log == [
        "async job i on chat: queued, 21600 s to wait at most, 900 s in the container, "
        "output to s3://smrt-local/chat/output/i.out"
    ]


async def test_the_limits_of_the_request_are_told() -> None:
    log: list[str] = []
    async with a_queue(ObjectStore(), log) as queue:
        queue.submit(a_job(Scripted(), RequestTTLSeconds="3600", InvocationTimeoutSeconds="7"))
    assert log[0].startswith("async job i on chat: queued, 3600 s to wait at most, 7 s in the container")


async def test_a_slowness_on_demand_counts_against_the_containers_time() -> None:
    _, failure = await outcome(a_job(Scripted(), JobPlan(extra_s=5), InvocationTimeoutSeconds="0.01"))
    assert b"Your invocation timed out" in failure


async def test_a_job_that_is_to_expire_does_so_by_its_time_to_live_at_the_latest() -> None:
    plan = JobPlan(extra_s=3600, expires=True)
    _, failure = await outcome(a_job(Scripted(), plan, RequestTTLSeconds="0.01"))
    assert failure == b"The request expired in the queue before an instance took it."


@pytest.mark.parametrize(
    ("members", "output", "failure"),
    [
        ({}, "chat/output/i.out", "chat/failure/i-error.out"),
        ({"Filename": "a.json"}, "chat/output/a.json", "chat/failure/i-error.out"),
        ({"S3OutputPathExtension": "/x/y/"}, "chat/output/x/y/i.out", "chat/failure/x/y/i-error.out"),
    ],
)
def test_locations_follow_the_members(members: dict[str, str], output: str, failure: str) -> None:
    names = locations(an_invocation(members), "i")
    assert names == (ObjectName("smrt-local", output), ObjectName("smrt-local", failure))
