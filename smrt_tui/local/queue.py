"""Async invocations: jobs that wait, are asked of a container, and leave an output or a failure object.

Nothing of HTTP here. What a real failure object holds, and whether an expired job leaves one, is not published: here
it holds the sentence that the error of a real-time invocation would begin with, so that a client has something to show.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from smrt_tui.local.admission import Invocation
from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.effects import JobPlan
from smrt_tui.local.endpoints import Route
from smrt_tui.local.object_store import ObjectName, ObjectStore, StoredObject, StoreFull, parse_s3_uri
from smrt_tui.local.refusals import ModelTrouble, timed_out
from smrt_tui.local.relay import CONTAINER, to_container, whole_answer

BUCKET = "smrt-local"
DEFAULT_TTL_S = 21_600
DEFAULT_TIMEOUT_S = 900
CONCURRENCY = 4
"""Jobs in the containers at once, as one instance's MaxConcurrentInvocationsPerInstance."""


class Job(Struct, frozen=True):
    """One accepted async invocation."""

    inference_id: str
    invocation: Invocation
    route: Route
    output: ObjectName
    failure: ObjectName
    plan: JobPlan

    @property
    def ttl_s(self) -> float:
        """How long it may wait for a container."""
        return float(self.invocation.members.get("RequestTTLSeconds", DEFAULT_TTL_S))

    @property
    def timeout_s(self) -> float:
        """How long the container may take."""
        return float(self.invocation.members.get("InvocationTimeoutSeconds", DEFAULT_TIMEOUT_S))


def locations(invocation: Invocation, inference_id: str) -> tuple[ObjectName, ObjectName]:
    """Where the output and the failure will be.

    The name is `Filename`, or made of the inference id; `S3OutputPathExtension` is appended to the path (model). How
    the real service names a failure object is not known.
    """
    extension = invocation.members.get("S3OutputPathExtension", "").strip("/")
    name = invocation.members.get("Filename") or f"{inference_id}.out"
    folder = f"{extension}/" if extension else ""
    prefix = invocation.endpoint
    return (
        ObjectName(BUCKET, f"{prefix}/output/{folder}{name}"),
        ObjectName(BUCKET, f"{prefix}/failure/{folder}{inference_id}-error.out"),
    )


class JobQueue:
    """Runs jobs, a few at a time. `close` cancels what has not finished."""

    def __init__(self, store: ObjectStore, now: Callable[[], datetime], log: Callable[[str], None]) -> None:
        self._store = store
        self._now = now
        self._log = log
        self._slots = asyncio.Semaphore(CONCURRENCY)
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, job: Job) -> None:
        """Take a job in."""
        limits = f"{job.ttl_s:g} s to wait at most, {job.timeout_s:g} s in the container"
        self._tell(job, f"queued, {limits}, output to {job.output}")
        task = asyncio.get_running_loop().create_task(self._run(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Drop every job that has not finished."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: Job) -> None:
        if job.plan.is_lost:
            self._tell(job, "will never finish, as asked")
            return
        if not await self._take_slot(job):
            self._fail(job, "The request expired in the queue before an instance took it.")
            return
        try:
            await self._work(job)
        finally:
            self._slots.release()

    async def _take_slot(self, job: Job) -> bool:
        """Wait for a turn; False when the job's time to live was over first."""
        if job.plan.expires:
            await asyncio.sleep(min(job.plan.extra_s, job.ttl_s))
            return False
        try:
            async with asyncio.timeout(job.ttl_s):
                await self._slots.acquire()
        except TimeoutError:
            return False
        return True

    async def _work(self, job: Job) -> None:
        request = self._container_request(job)
        if isinstance(request, str):
            self._fail(job, request)
            return
        result = await _answer(job, request, self._log)
        if isinstance(result, ModelTrouble):
            self._fail(job, result.sentence(CONTAINER))
            return
        response, body = result
        content_type = next((v for k, v in response.headers if k.lower() == "content-type"), "binary/octet-stream")
        self._keep(job, job.output, StoredObject(body, content_type, self._now()))
        self._tell(job, f"completed, {len(body)} bytes")

    def _container_request(self, job: Job) -> ContainerRequest | str:
        """What to ask, with the input fetched; a string says why it cannot be fetched."""
        location = job.invocation.members.get("InputLocation")
        if location is None:
            return ContainerRequest(job.route.path, to_container(job.invocation), job.invocation.body)
        name = parse_s3_uri(location)
        if name is None:
            return f"The input {location} cannot be read: this store has s3://bucket/key only."
        stored = self._store.get(name)
        if stored is None:
            return f"The input {location} cannot be downloaded: there is no such object."
        headers = to_container(job.invocation, fallback_content_type=stored.content_type)
        return ContainerRequest(job.route.path, headers, stored.body)

    def _fail(self, job: Job, reason: str) -> None:
        self._keep(job, job.failure, StoredObject(reason.encode(), "text/plain", self._now()))
        self._tell(job, "failed")

    def _keep(self, job: Job, name: ObjectName, stored: StoredObject) -> None:
        try:
            self._store.put(name, stored)
        except StoreFull:
            self._tell(job, "lost its result: the object store is full")

    def _tell(self, job: Job, what: str) -> None:
        self._log(f"async job {job.inference_id} on {job.invocation.endpoint}: {what}")


async def _answer(
    job: Job, request: ContainerRequest, log: Callable[[str], None]
) -> tuple[ContainerResponse, bytes] | ModelTrouble:
    """What the container says in its time. A slowness that was asked for counts as the container's own."""
    plan = job.plan
    await asyncio.sleep(min(plan.extra_s, job.timeout_s))
    if plan.extra_s >= job.timeout_s:
        return timed_out(CONTAINER)
    if plan.failure_status is not None:
        return ModelTrouble(plan.failure_status, '{"error":"the model was asked to fail"}')
    left_s = job.timeout_s - plan.extra_s
    return await whole_answer(job.route.container, request, job.invocation.endpoint, left_s, log)
