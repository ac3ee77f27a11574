"""The front door: the three operations of SageMaker Runtime, from a raw request to what goes back on the wire.

In this order: size, signature, limits of the model, directives, endpoint, container. Everything that is told to a
client is made in `refusals`; everything a fault does is an effect of `effects`.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from msgspec import Struct, field
from msgspec.structs import replace

from smrt_tui.core.directive import BadDirective
from smrt_tui.core.forwarding import SAW_HEADER
from smrt_tui.core.service import SIGNING_NAME, Operation
from smrt_tui.local import refusals
from smrt_tui.local.admission import Invocation, admit
from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.container_log import ContainerLogs, LoggedContainer
from smrt_tui.local.directives import Directives, check_mode, read_directives
from smrt_tui.local.effects import (
    AnswersInstead,
    Compresses,
    HangsUp,
    JobPlan,
    OnAnswer,
    OnJob,
    ShiftsClock,
    Subject,
    WaitsBeforeHead,
)
from smrt_tui.local.endpoints import Endpoint, Route, choose
from smrt_tui.local.patience import StreamLimits
from smrt_tui.local.queue import Job, JobQueue, locations
from smrt_tui.local.refusals import ModelTrouble
from smrt_tui.local.relay import CONTAINER, ask, broke, stripped, to_client, to_container, whole_answer
from smrt_tui.local.sigv4 import Credentials, verify
from smrt_tui.local.streaming import send_stream
from smrt_tui.local.wire import Answer, RawRequest, Refused, Wire

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

MAX_BODY = 6_291_456
"""The model's limit of a real-time body; more is answered 413."""

MODEL_ERROR = 424
"""The status of a ModelError (service model)."""

_Effect = TypeVar("_Effect")


class DoorLimits(Struct, frozen=True):
    """How long a container may take."""

    container_s: float = 60.0
    """For the whole of a sync answer, for the head of a stream (developer guide)."""
    stream: StreamLimits = field(default_factory=StreamLimits)


class _Call(Struct, frozen=True):
    """One admitted invocation with everything that it needs."""

    invocation: Invocation
    directives: Directives
    route: Route
    wire: Wire
    is_to_tell: bool
    """Whether the request asks what the container saw."""

    def effects(self, kind: type[_Effect]) -> list[tuple[_Effect, float]]:
        """The chosen faults of one kind, with their amounts."""
        return [(c.effect, c.amount) for c in self.directives.faults if isinstance(c.effect, kind)]


class FrontDoor:
    """Answers invocations."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        credentials: Credentials,
        queue: JobQueue,
        now: Callable[[], datetime],
        log: Callable[[str], None],
        limits: DoorLimits,
        container_logs: ContainerLogs,
    ) -> None:
        self._endpoints = endpoints
        self._credentials = credentials
        self._queue = queue
        self._now = now
        self._log = log
        self._limits = limits
        self._container_logs = container_logs
        self._dice = random.Random()

    async def answer(self, operation: Operation, endpoint: str, request: RawRequest, wire: Wire) -> None:
        """Answer one request to the path of an operation."""
        request_id = str(uuid4())
        try:
            call = await self._admit(operation, endpoint, request, wire, request_id)
            if call is None:
                return
            match operation.mode:
                case "sync":
                    answer = await self._invoke(call)
                case "async":
                    answer = self._enqueue(call)
                case "stream":
                    await self._stream(call)
                    return
        except Refused as refused:
            answer = refused.answer
        await wire.answer(_with_request_id(answer, request_id))

    async def _admit(
        self, operation: Operation, endpoint: str, request: RawRequest, wire: Wire, request_id: str
    ) -> _Call | None:
        """The call to carry out; None when a fault ended it without an answer. Raises `Refused`."""
        if request.is_oversize:
            raise Refused(refusals.too_large(MAX_BODY))
        attributes = request.header("X-Amzn-SageMaker-Custom-Attributes") or ""
        try:
            directives, trouble = read_directives(attributes), None
        except BadDirective as bad:
            directives, trouble = Directives(), bad
        self._check_signature(request, wire, directives)
        invocation = admit(operation, endpoint, request, request_id)
        _check_directives(directives, trouble, operation)
        if names := stripped(request, operation):
            self._log(f"headers of the request that SageMaker strips: {', '.join(names)}")
        known = self._endpoints.get(invocation.endpoint)
        try:
            if await _ends_before_head(invocation, directives, wire):
                return None
        except Refused as refused:
            if refused.answer.status == MODEL_ERROR and known is not None:
                self._note_stand_in(known.name, known.variants[0].name, attributes)
            raise
        if known is None:
            raise Refused(refusals.endpoint_not_found(invocation.endpoint))
        route = choose(known, operation.mode, invocation.members, request_id, self._dice)
        is_to_tell = request.header(SAW_HEADER) is not None
        return _Call(invocation, directives, self._logged(route, known.name), wire, is_to_tell)

    def _note_stand_in(self, endpoint: str, variant: str, attributes: str) -> None:
        text = f"not asked: {attributes} stands in for the container's answer"
        self._container_logs.write(endpoint, variant, text)

    def _logged(self, route: Route, endpoint: str) -> Route:
        """The same route, what its container does written down."""

        def write(text: str) -> None:
            self._container_logs.write(endpoint, route.variant, text)

        return replace(route, container=LoggedContainer(route.container, write))

    def _check_signature(self, request: RawRequest, wire: Wire, directives: Directives) -> None:
        offset = sum(c.amount for c in directives.faults if isinstance(c.effect, ShiftsClock))
        wire.clock_offset_s = offset
        now = self._now() + timedelta(seconds=offset)
        fault = verify(request, self._credentials, refusals.REGION, SIGNING_NAME, now)
        if fault is not None:
            raise Refused(refusals.signature_refused(fault))

    async def _invoke(self, call: _Call) -> Answer:
        request = _container_request(call)
        endpoint = call.invocation.endpoint
        result = await whole_answer(call.route.container, request, endpoint, self._limits.container_s, self._log)
        if isinstance(result, ModelTrouble):
            return refusals.model_error(result, endpoint, CONTAINER)
        response, body = result
        answer = Answer(200, (*_variant(call), *self._relayed(call, response), *_told(call)), body)
        if call.effects(Compresses):
            answer = Answer(200, (*answer.headers, ("Content-Encoding", "gzip")), gzip.compress(body))
        for effect, _ in call.effects(OnAnswer):
            answer = effect.apply(answer)
        return answer

    async def _stream(self, call: _Call) -> None:
        request = _container_request(call)
        endpoint = call.invocation.endpoint
        response = await ask(call.route.container, request, endpoint, self._limits.container_s, self._log)
        if isinstance(response, ModelTrouble):
            raise Refused(refusals.model_error(response, endpoint, CONTAINER))
        headers = (
            ("x-amzn-RequestId", call.invocation.request_id),
            *_variant(call),
            *self._relayed(call, response),
            *_told(call),
            ("Content-Type", "application/vnd.amazon.eventstream"),
            *((("Content-Encoding", "gzip"),) if call.effects(Compresses) else ()),
        )
        await call.wire.start(200, headers)

        def tell(error: Exception) -> None:
            text = broke(call.route.container, error)
            self._log(text)
            self._container_logs.write(endpoint, call.route.variant, f"the stream broke: {text}")

        await send_stream(call.wire, response, call.directives, self._limits.stream, tell)

    def _enqueue(self, call: _Call) -> Answer:
        invocation = call.invocation
        inference_id = invocation.members.get("InferenceId") or str(uuid4())
        output, failure = locations(invocation, inference_id)
        plans = [effect.plan(amount) for effect, amount in call.effects(OnJob)] or [JobPlan()]
        if plans[-1].failure_status is not None:
            attributes = invocation.members.get("CustomAttributes", "")
            self._note_stand_in(invocation.endpoint, call.route.variant, attributes)
        self._queue.submit(Job(inference_id, invocation, call.route, output, failure, plans[-1]))
        headers = (
            ("X-Amzn-SageMaker-OutputLocation", str(output)),
            ("X-Amzn-SageMaker-FailureLocation", str(failure)),
            *_told(call),
            ("Content-Type", "application/json"),
        )
        body = json.dumps({"InferenceId": inference_id}, separators=(",", ":")).encode()
        return Answer(invocation.operation.success_status, headers, body)

    def _relayed(self, call: _Call, response: ContainerResponse) -> Headers:
        kept, dropped = to_client(response, call.invocation)
        if dropped:
            names = ", ".join(name for name, _ in dropped)
            self._log(f"headers of the container that SageMaker drops: {names}")
        return kept


def _check_directives(directives: Directives, trouble: BadDirective | None, operation: Operation) -> None:
    try:
        if trouble is not None:
            raise trouble
        check_mode(directives, operation.mode)
    except BadDirective as bad:
        raise Refused(refusals.validation_error(str(bad))) from bad


async def _ends_before_head(invocation: Invocation, directives: Directives, wire: Wire) -> bool:
    """Carry out the faults that come before any byte of an answer; True when the connection is gone."""
    for chosen in directives.faults:
        match chosen.effect:
            case WaitsBeforeHead():
                await asyncio.sleep(chosen.amount)
            case HangsUp():
                await wire.hang_up()
                return True
            case AnswersInstead(answer) if not (chosen.counts_attempts and 0 < chosen.amount < invocation.attempt):
                raise Refused(answer(Subject(invocation.endpoint, CONTAINER, chosen.amount)))
            case _:
                pass
    return False


def _container_request(call: _Call) -> ContainerRequest:
    return ContainerRequest(call.route.path, to_container(call.invocation), call.invocation.body)


def _told(call: _Call) -> Headers:
    """What the container saw, for whoever asks; no answer of SageMaker's has it."""
    return ((SAW_HEADER, json.dumps(to_container(call.invocation))),) if call.is_to_tell else ()


def _variant(call: _Call) -> Headers:
    member = next(m for m in call.invocation.operation.outputs if m.name == "InvokedProductionVariant")
    return ((member.header or member.name, call.route.variant),)


def _with_request_id(answer: Answer, request_id: str) -> Answer:
    headers = (("x-amzn-RequestId", request_id), *answer.headers)
    return Answer(answer.status, headers, answer.body, answer.claimed_length)
