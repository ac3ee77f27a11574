"""The real thing with the clock taken out: real containers, real frames, real signatures, times that are the same on
every machine. Pictures and whole-screen tests are made of it, so that what they show is what the tool does.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from smrt_tui.client.credentials import Credentials
from smrt_tui.client.frames import FrameDecoder
from smrt_tui.client.signing import sign
from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import (
    Call,
    Connected,
    Ended,
    Event,
    HeadArrived,
    PartArrived,
    Phase,
    PhaseMarked,
    RequestSent,
    ServiceFault,
    Started,
)
from smrt_tui.core.redact import masked_headers
from smrt_tui.core.request import Headers, WireRequest, build_request, header
from smrt_tui.core.service import OPERATION_OF_MODE, packaged_service
from smrt_tui.environment import Environment
from smrt_tui.local.container import Burst, ContainerRequest
from smrt_tui.local.containers import starters
from smrt_tui.local.framing import payload_part
from smrt_tui.workbench import Workbench

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEYS = Credentials("LOCAL0123456789ABCD", "not-a-secret", source="local")
ADDRESS = "127.0.0.1:8890"
REQUEST_ID = "5f0c6e0e-7d0a-4c1e-9a60-2f6d3e2a1b9c"

SEED = 11

PACE_S = (0.031, 0.029, 0.034, 0.030, 0.028, 0.032, 0.041, 0.030)
"""Gaps between parts, over and over: a steady stream as a person would meet it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How a staged call goes on after it began well."""

    stops_after: int | None = None
    """Parts after which it stands still (the picture of a running stream); None: to the end."""


class StagedCall:
    """A call whose events are known beforehand."""

    def __init__(self, events: Sequence[Event], *, stands_still: bool) -> None:
        self._events = list(events)
        self._cancelled = asyncio.Event()
        self._stands_still = stands_still

    async def __aiter__(self) -> AsyncIterator[Event]:
        async for batch in self.batches():
            for event in batch:
                yield event

    async def batches(self) -> AsyncIterator[Sequence[Event]]:
        yield self._events
        if self._stands_still:
            await self._cancelled.wait()
            yield [Ended(self._events[-1].at + 0.5, "cancelled")]

    def cancel(self) -> None:
        self._cancelled.set()


class StagedWorkbench(Workbench):
    """The real workbench, but for what depends on the hour: calls are staged."""

    def __init__(self, environment: Environment, stage: Stage | None = None) -> None:
        super().__init__(environment, Path(__file__).parent.parent / "profiles")
        self._stage = stage or Stage()

    async def warm_up(self) -> None:
        """Nothing to load: nothing is sent."""

    async def fire(self, entry: ProfileEntry, draft: ResolvedDraft) -> Call:
        events = [event async for event in _events(draft)]
        if self._stage.stops_after is None:
            return StagedCall(events, stands_still=False)
        kept = [e for e in events if not isinstance(e, Ended) and not _is_later(e, self._stage.stops_after)]
        return StagedCall(kept, stands_still=True)


def staged_environment(folder: Path, environ: Mapping[str, str] | None = None) -> Environment:
    """An environment in an empty folder, with a clock that stands still."""
    return Environment(
        argv=(),
        stdin=io.BytesIO(),
        stdout=io.BytesIO(),
        stderr=io.BytesIO(),
        stdout_is_terminal=True,
        environ=environ or {},
        working_folder=folder,
        config_folder=folder / "config",
        state_folder=folder / "state",
        clock=lambda: 0.0,
        now=lambda: NOW,
    )


def _is_later(event: Event, parts: int) -> bool:
    return isinstance(event, PartArrived) and event.number >= parts


async def _events(draft: ResolvedDraft) -> AsyncIterator[Event]:
    """One call to a local container, from its first moment to its last."""
    operation = packaged_service().operation(draft.mode)
    request = build_request(operation, draft, f"http://{ADDRESS}")
    signed = sign(request, KEYS, "us-east-1", now=NOW)
    yield Started(0.0, operation.name, replace(request, headers=masked_headers(request.headers)))
    yield PhaseMarked(0.0, Phase.CREDENTIALS)
    yield PhaseMarked(0.0002, Phase.SIGN)
    yield signed.facts.as_event(0.0009)
    for at, phase in ((0.0011, Phase.RESOLVE), (0.0013, Phase.CONNECT)):
        yield PhaseMarked(at, phase)
    yield Connected(0.0021, ADDRESS, False, None, None)
    yield PhaseMarked(0.0021, Phase.SEND_HEAD)
    yield PhaseMarked(0.0022, Phase.SEND_BODY)
    yield _sent(signed.request)
    yield PhaseMarked(0.0023, Phase.WAIT)
    async for event in _answer(draft):
        yield event


def _sent(request: WireRequest) -> RequestSent:
    headers: Headers = (
        ("Host", ADDRESS),
        ("Accept-Encoding", "identity"),
        *masked_headers(request.headers),
        ("Content-Length", str(len(request.body))),
    )
    path = request.url.partition(ADDRESS)[2]
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return RequestSent(0.0023, "\r\n".join(lines).encode(), headers, len(request.body))


async def _answer(draft: ResolvedDraft) -> AsyncIterator[Event]:
    answer = await starters()[draft.endpoint].invoke(_as_the_container_sees_it(draft))
    content_type = header(answer.headers, "Content-Type") or "application/octet-stream"
    pieces = [answer.body] if isinstance(answer.body, bytes) else [piece async for piece in _flat(answer.body)]
    begun = 0.0023 + (0.182 if draft.mode == "stream" else 0.047)
    yield PhaseMarked(begun, Phase.RECEIVE)
    yield _head(draft, answer.status, content_type)
    at = begun
    for part in _parts(draft, pieces, begun):
        yield part
        at = part.at
    if answer.status >= 400:
        yield ServiceFault(at, "ModelError", "", "the container refused", 424, answer.status, "", "")
    yield Ended(at + 0.0004, "fault" if answer.status >= 400 else "complete")


def _as_the_container_sees_it(draft: ResolvedDraft) -> ContainerRequest:
    members = dict(draft.members)
    is_chat = draft.endpoint.startswith("chat")
    attributes = "; ".join(filter(None, (members.get("CustomAttributes"), "pace=0" if is_chat else "")))
    headers = (
        ("Content-Type", members.get("ContentType")),
        ("Accept", members.get("Accept")),
        ("X-Amzn-SageMaker-Custom-Attributes", attributes or None),
        ("X-Amzn-SageMaker-Forwarded-Api", OPERATION_OF_MODE[draft.mode]),
    )
    kept = tuple((name, value) for name, value in headers if value is not None)
    return ContainerRequest("/invocations", kept, _with_seed(draft.body) if is_chat else draft.body)


def _with_seed(body: bytes) -> bytes:
    """The same question with the dice taken out."""
    try:
        question = json.loads(body)
    except ValueError:
        return body
    return json.dumps({"seed": SEED, **question}).encode() if isinstance(question, dict) else body


async def _flat(body: AsyncIterator[bytes | Burst]) -> AsyncIterator[bytes]:
    async for piece in body:
        if isinstance(piece, Burst):
            for payload in piece.payloads:
                yield payload
        else:
            yield piece


def _head(draft: ResolvedDraft, status: int, content_type: str) -> HeadArrived:
    common: Headers = (
        ("x-amzn-RequestId", REQUEST_ID),
        ("x-Amzn-Invoked-Production-Variant", "AllTraffic"),
        ("Date", "Sun, 22 Nov 2026 09:30:00 GMT"),
    )
    typed: Headers = (("Content-Type", content_type),)
    if draft.mode == "stream":
        typed = (
            ("X-Amzn-SageMaker-Content-Type", content_type),
            ("Content-Type", "application/vnd.amazon.eventstream"),
            ("Transfer-Encoding", "chunked"),
        )
    return HeadArrived(0.0023 + (0.182 if draft.mode == "stream" else 0.047), "1.1", status, "OK", common + typed)


def _parts(draft: ResolvedDraft, pieces: Sequence[bytes], begun: float) -> Iterator[PartArrived]:
    decoder = FrameDecoder()
    at, number, offset = begun, 0, 0
    for turn, piece in enumerate(pieces):
        at = begun if turn == 0 else at + PACE_S[turn % len(PACE_S)]
        if draft.mode == "stream":
            for event in decoder.push(at, payload_part(piece)):
                assert isinstance(event, PartArrived)
                yield event
        else:
            yield PartArrived(at, number, piece, offset, (), 0, 0)
        number, offset = number + 1, offset + len(piece)
