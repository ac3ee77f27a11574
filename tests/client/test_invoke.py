"""Transcripts: what a transport gives, and every event that comes of it. No socket is opened here."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from msgspec.structs import replace

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.client.route import Route
from smrt_tui.client.seam import Clock
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import (
    AttemptEnded,
    Ended,
    Event,
    FrameArrived,
    FrameRejected,
    HeadArrived,
    JobMoved,
    JobState,
    PartArrived,
    Phase,
    PhaseMarked,
    ServiceFault,
    Signed,
    Started,
    TransportFault,
)
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.request import WireRequest
from smrt_tui.core.target import Target
from tests.client.calls import KEYS, NOW, a_draft, a_target, body_of, fault_codes, only, story
from tests.client.frames_by_hand import exception, frame, text_header

Answer: TypeAlias = Callable[[httpx.Request], httpx.Response]

EVENT_STREAM = ("content-type", "application/vnd.amazon.eventstream")
ANONYMOUSLY = Signed(0.0, "anonymous", "", "", (), "", "", "", False, None)


class Chunks(httpx.AsyncByteStream):
    """A body in pieces, which may break after the last."""

    def __init__(self, *pieces: bytes, error: Exception | None = None) -> None:
        self._pieces = pieces
        self._error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._error is not None:
            raise self._error


def replies(*answers: httpx.Response | Exception) -> Answer:
    """A transport's answers in turn."""
    rest = iter(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        reply = next(rest)
        if isinstance(reply, Exception):
            raise reply
        return reply

    return answer


async def transcript(
    answer: Answer,
    draft: ResolvedDraft | None = None,
    target: Target | None = None,
    sleeps: list[float] | None = None,
) -> list[Event]:
    """The events of one call over a transport made of a function, on a clock that stands still."""

    def transport(route: Route, clock: Clock) -> httpx.AsyncBaseTransport:
        return httpx.MockTransport(answer)

    async def sleep(seconds: float) -> None:
        (sleeps if sleeps is not None else []).append(seconds)

    client = RuntimeClient(
        {}, clock=lambda: 0.0, now=lambda: NOW, transport_factory=transport, sleep=sleep, random=lambda: 0.5
    )
    try:
        return await story(client.invoke(draft or a_draft(), target or a_target(9)))
    finally:
        await client.close()


def opening(path: str, operation: str, body: bytes = b"{}") -> list[Event]:
    return [
        Started(0.0, operation, WireRequest("POST", f"http://127.0.0.1:9/endpoints/ep/{path}", (), body)),
        PhaseMarked(0.0, Phase.CREDENTIALS),
        PhaseMarked(0.0, Phase.SIGN),
        ANONYMOUSLY,
    ]


def streamed(raw: bytes) -> httpx.Response:
    return httpx.Response(200, headers=[EVENT_STREAM], stream=Chunks(raw))


def part(number: int, payload: bytes, offset: int) -> PartArrived:
    return PartArrived(0.0, number, payload, offset, (), 0, 0)


async def test_a_sync_answer_arrives_piece_by_piece() -> None:
    reply = httpx.Response(200, headers=[("X-One", "1"), ("x-one", "2")], stream=Chunks(b"hel", b"", b"lo"))
    assert await transcript(replies(reply)) == [
        *opening("invocations", "InvokeEndpoint"),
        HeadArrived(0.0, "1.1", 200, "OK", (("X-One", "1"), ("x-one", "2"))),
        part(0, b"hel", 0),
        part(1, b"lo", 3),
        Ended(0.0, "complete"),
    ]


async def test_an_error_answer_keeps_its_body_and_says_what_botocore_drops() -> None:
    body = json.dumps(
        {
            "ErrorCode": "CLIENT_ERROR_FROM_MODEL",
            "LogStreamArn": "arn:aws:logs:us-east-1:1:log-group:/aws/sagemaker/Endpoints/ep",
            "Message": "Received client error (404) from primary",
            "OriginalMessage": "{}",
            "OriginalStatusCode": 404,
        }
    ).encode()
    headers = {"x-amzn-ErrorType": "ModelError:http://internal.amazon.com/coral/"}
    reply = httpx.Response(424, headers=headers, stream=Chunks(body))
    assert await transcript(replies(reply)) == [
        *opening("invocations", "InvokeEndpoint"),
        HeadArrived(0.0, "1.1", 424, "Failed Dependency", tuple(headers.items())),
        part(0, body, 0),
        ServiceFault(
            0.0,
            "ModelError",
            "CLIENT_ERROR_FROM_MODEL",
            "Received client error (404) from primary",
            424,
            404,
            "{}",
            "arn:aws:logs:us-east-1:1:log-group:/aws/sagemaker/Endpoints/ep",
        ),
        Ended(0.0, "fault"),
    ]


async def test_an_exception_in_a_stream_is_a_fault_and_what_follows_it_is_still_read() -> None:
    body = b'{"Message":"too slow","ErrorCode":"ModelInvocationTimeExceeded"}'
    raw = frame(b"one") + frame(body, exception("ModelStreamError")) + frame(b"two")
    events = await transcript(replies(streamed(raw)), a_draft("stream"))
    assert [type(event) for event in events[5:]] == [PartArrived, FrameArrived, ServiceFault, PartArrived, Ended]
    assert only(ServiceFault, events) == [
        ServiceFault(0.0, "ModelStreamError", "ModelInvocationTimeExceeded", "too slow", None, None, "", "")
    ]
    assert (body_of(events), events[-1]) == (b"onetwo", Ended(0.0, "fault"))


async def test_unknown_frames_are_shown_and_skipped() -> None:
    odd = (text_header(":message-type", "event"), text_header(":event-type", "Metrics"))
    raw = frame(b"?", odd) + frame(b"one")
    events = await transcript(
        replies(httpx.Response(200, headers=[EVENT_STREAM], stream=Chunks(raw))), a_draft("stream")
    )
    assert [type(event) for event in events[5:]] == [FrameArrived, PartArrived, Ended]
    assert events[-1] == Ended(0.0, "complete")


async def test_an_error_frame_is_a_fault() -> None:
    headers = (
        text_header(":message-type", "error"),
        text_header(":error-code", "InternalError"),
        text_header(":error-message", "it broke"),
    )
    reply = httpx.Response(200, headers=[EVENT_STREAM], stream=Chunks(frame(b"", headers)))
    events = await transcript(replies(reply), a_draft("stream"))
    assert only(ServiceFault, events) == [ServiceFault(0.0, "InternalError", "", "it broke", None, None, "", "")]


async def test_a_stream_that_ends_inside_a_frame_is_no_complete_one() -> None:
    raw = frame(b"one") + frame(b"two")[:-3]
    events = await transcript(replies(streamed(raw)), a_draft("stream"))
    assert body_of(events) == b"one"
    assert [(event.reason, event.offset) for event in only(FrameRejected, events)] == [
        ("truncated", len(frame(b"one")))
    ]
    assert (fault_codes(events), events[-1]) == (["stream-truncated"], Ended(0.0, "fault"))


async def test_a_damaged_frame_ends_the_stream() -> None:
    raw = frame(b"one") + frame(b"two")[:-1] + b"\x00" + frame(b"three")
    events = await transcript(
        replies(httpx.Response(200, headers=[EVENT_STREAM], stream=Chunks(raw))), a_draft("stream")
    )
    assert (body_of(events), fault_codes(events)) == (b"one", ["stream-corrupt"])


@pytest.mark.parametrize(
    "pieces", [(b"<html>a proxy's page</html>",), (b"{", b"}"), ()], ids=["html", "short", "empty"]
)
async def test_a_success_that_is_no_event_stream_is_shown_whole_and_named(pieces: Sequence[bytes]) -> None:
    reply = httpx.Response(200, headers={"content-type": "text/html"}, stream=Chunks(*pieces))
    events = await transcript(replies(reply), a_draft("stream"))
    assert body_of(events) == b"".join(pieces)
    assert [event.message for event in only(FrameRejected, events)] == [
        "the body is not an event stream: its content type is text/html"
    ]
    assert (fault_codes(events), events[-1]) == (["not-an-event-stream"], Ended(0.0, "fault"))


async def test_frames_under_a_wrong_content_type_are_read_all_the_same() -> None:
    raw = frame(b"one")
    reply = httpx.Response(200, headers={"content-type": "application/json"}, stream=Chunks(raw[:5], raw[5:]))
    events = await transcript(replies(reply), a_draft("stream"))
    assert (body_of(events), events[-1]) == (b"one", Ended(0.0, "complete"))


@pytest.mark.parametrize("content_type", [EVENT_STREAM[1], "text/plain"])
async def test_what_came_before_a_cut_is_kept(content_type: str) -> None:
    stream = Chunks(frame(b"one")[:9] if content_type == "text/plain" else frame(b"one"), error=httpx.ReadError("gone"))
    reply = httpx.Response(200, headers={"content-type": content_type}, stream=stream)
    events = await transcript(replies(reply), a_draft("stream"))
    assert body_of(events) == (frame(b"one")[:9] if content_type == "text/plain" else b"one")
    assert (fault_codes(events), events[-1]) == (["connection-reset"], Ended(0.0, "fault"))


async def test_an_error_body_that_breaks_off_tells_both_faults() -> None:
    reply = httpx.Response(500, stream=Chunks(b'{"Message":', error=httpx.ReadError("gone")))
    events = await transcript(replies(reply))
    assert (body_of(events), fault_codes(events)) == (b'{"Message":', ["500", "connection-reset"])


async def test_the_parts_of_a_job_are_its_output_and_not_its_receipt() -> None:
    headers = [
        ("X-Amzn-SageMaker-OutputLocation", "s3://b/out"),
        ("X-Amzn-SageMaker-FailureLocation", "s3://b/fail"),
    ]
    receipt = httpx.Response(202, headers=headers, stream=Chunks(b'{"InferenceId":"i-1"}'))
    output = httpx.Response(200, stream=Chunks(b"the output"))
    events = await transcript(replies(receipt, output), a_draft("async"))
    accepted, completed = only(JobMoved, events)
    assert accepted == JobMoved(0.0, JobState.ACCEPTED, "i-1", "s3://b/out", "s3://b/fail", '{"InferenceId":"i-1"}')
    assert completed.state == JobState.COMPLETED
    assert (body_of(events), events[-1]) == (b"the output", Ended(0.0, "complete"))


async def test_an_accepted_job_that_names_no_output_ends_there() -> None:
    events = await transcript(replies(httpx.Response(202, stream=Chunks(b"?"))), a_draft("async"))
    assert events[-2:] == [JobMoved(0.0, JobState.ACCEPTED, "", "", "", "?"), Ended(0.0, "complete")]


async def test_a_redirect_is_reported_and_not_followed() -> None:
    reply = httpx.Response(307, headers={"Location": "https://elsewhere/"}, stream=Chunks())
    events = await transcript(replies(reply))
    assert [(fault.code, fault.status, fault.message) for fault in only(ServiceFault, events)] == [
        ("307", 307, "redirected to https://elsewhere/, which is not followed")
    ]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectError("no"), "connect-failed"),
        (httpx.ConnectTimeout("no"), "connect-timeout"),
        (httpx.ReadTimeout("no"), "read-timeout"),
        (httpx.WriteTimeout("no"), "write-timeout"),
        (httpx.PoolTimeout("no"), "connect-timeout"),
        (httpx.ReadError("no"), "connection-reset"),
        (httpx.WriteError("no"), "upload-cut"),
        (httpx.RemoteProtocolError("no"), "protocol-error"),
        (httpx.LocalProtocolError("no"), "protocol-error"),
        (httpx.ProxyError("no"), "proxy-failed"),
        (httpx.UnsupportedProtocol("no"), "url-unsupported"),
        (httpx.StreamConsumed(), "transport-failed"),
        (ConnectionRefusedError(), "connect-refused"),
        (OSError("odd"), "transport-failed"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
async def test_what_any_transport_raises_has_a_name(error: Exception, code: str) -> None:
    events = await transcript(replies(error))
    assert events[:4] == opening("invocations", "InvokeEndpoint")
    (fault,) = only(TransportFault, events)
    assert (fault.code, fault.hint != "", events[-1]) == (code, True, Ended(0.0, "fault"))


async def test_retries_are_visible_and_signed_anew() -> None:
    sleeps: list[float] = []
    busy = httpx.Response(503, stream=Chunks(b"busy"))
    answer = replies(busy, httpx.ConnectError("no"), httpx.Response(200, stream=Chunks(b"{}")))
    events = await transcript(answer, target=a_target(9, max_attempts=3), sleeps=sleeps)
    assert only(AttemptEnded, events) == [
        AttemptEnded(0.0, 1, "503 (503)", 0.5),
        AttemptEnded(0.0, 2, "connect-failed", 1.0),
    ]
    assert sleeps == [0.5, 1.0]
    assert len(only(Signed, events)) == 3
    assert [(part.number, part.payload) for part in only(PartArrived, events)] == [(0, b"busy"), (0, b"{}")]
    assert events[-1] == Ended(0.0, "complete")


async def test_nothing_is_retried_unless_asked() -> None:
    events = await transcript(replies(httpx.Response(503, stream=Chunks())))
    assert (only(AttemptEnded, events), events[-1]) == ([], Ended(0.0, "fault"))


async def test_a_stream_that_breaks_after_a_part_is_not_retried() -> None:
    stream = Chunks(frame(b"one"), error=httpx.ReadError("gone"))
    reply = httpx.Response(200, headers=[EVENT_STREAM], stream=stream)
    events = await transcript(replies(reply), a_draft("stream"), a_target(9, max_attempts=3))
    assert (only(AttemptEnded, events), body_of(events)) == ([], b"one")


async def test_a_refused_clock_is_corrected_once_when_asked() -> None:
    def refused() -> httpx.Response:
        headers = {"x-amzn-ErrorType": "InvalidSignatureException", "Date": "Sun, 01 Mar 2026 12:20:00 GMT"}
        return httpx.Response(403, headers=headers, stream=Chunks(b'{"message":"Signature expired"}'))

    target = a_target(9, credentials=KEYS, correct_clock_skew=True)
    events = await transcript(replies(refused(), refused()), target=target)
    assert only(AttemptEnded, events) == [AttemptEnded(0.0, 1, "clock-corrected", 0.0)]
    assert [signed.string_to_sign.split("\n")[1] for signed in only(Signed, events)] == [
        "20260301T120000Z",
        "20260301T122000Z",
    ]
    assert events[-1] == Ended(0.0, "fault")


async def test_what_http_cannot_carry_is_refused_before_anything_is_sent() -> None:
    draft = a_draft(headers=(("X-Note", "two\nlines"),))
    events = await transcript(replies(), draft)
    assert [type(event) for event in events] == [Started, PhaseMarked, TransportFault, Ended]
    assert fault_codes(events) == ["header-illegal"]


async def test_a_call_without_region_starts_all_the_same() -> None:
    events = await transcript(replies(), target=Target())
    assert [type(event) for event in events] == [Started, PhaseMarked, TransportFault, Ended]
    assert only(Started, events)[0].request.url == "/endpoints/ep/invocations"
    assert fault_codes(events) == ["region-missing"]


async def test_the_request_carries_what_was_written_and_nothing_else() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, stream=Chunks())

    draft = a_draft(members=(("ContentType", "text/csv"),), headers=(("X-A", "1"), ("x-a", "2")), body=b"1,2")
    await transcript(answer, draft, a_target(9, user_agent_extra="me/1"))
    assert seen[0].headers.raw == [
        (b"Host", b"127.0.0.1:9"),
        (b"Content-Type", b"text/csv"),
        (b"X-A", b"1"),
        (b"x-a", b"2"),
        (b"User-Agent", b"me/1"),
        (b"Content-Length", b"3"),
    ]
    assert seen[0].content == b"1,2"


async def test_no_secret_is_in_any_event() -> None:
    draft = a_draft(headers=(("x-api-key", "hidden-1"), ("Cookie", "hidden-2"), ("X-Other", "Bearer hidden-3")))
    events = await transcript(replies(httpx.Response(200, stream=Chunks())), draft, a_target(9, credentials=KEYS))
    told = repr(events)
    assert [secret for secret in ("hidden-", "the-secret-key", "the-session-token") if secret in told] == []
    assert "AKIDEXAMPLE" in told


async def test_a_dry_run_signs_what_would_be_sent_and_sends_nothing() -> None:
    def transport(route: Route, clock: Clock) -> httpx.AsyncBaseTransport:
        raise AssertionError("a dry run needs no transport")

    client = RuntimeClient({}, now=lambda: NOW, transport_factory=transport)
    signed = await client.prepare(a_draft(), a_target(9, credentials=KEYS))
    assert signed.facts.scope == "20260301/us-east-1/sagemaker/aws4_request"
    assert [name for name, _ in signed.request.headers] == ["X-Amz-Date", "X-Amz-Security-Token", "Authorization"]


async def test_a_region_that_nobody_knows_is_said_when_its_host_cannot_be_found() -> None:
    unknown = httpx.ConnectError("no")
    unknown.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    events = await transcript(replies(unknown), target=Target(region="eu-cental-1", credentials=KEYS))
    (fault,) = only(TransportFault, events)
    assert fault.code == "dns-failed"
    assert fault.hint.startswith(
        "botocore knows no region eu-cental-1; did you mean eu-central-1? Else check the region"
    )


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException"])
async def test_refused_credentials_are_looked_for_again_at_the_next_send(code: str, tmp_path: Path) -> None:
    program, config = tmp_path / "keys.py", tmp_path / "config"
    program.write_text(
        "import json, pathlib\n"
        "runs = pathlib.Path(__file__).with_name('runs')\n"
        "count = len(runs.read_text()) if runs.exists() else 0\n"
        "runs.write_text('x' * (count + 1))\n"
        "print(json.dumps({'Version': 1, 'AccessKeyId': f'AKIA{count}', 'SecretAccessKey': 's', 'SessionToken': 't',"
        " 'Expiration': '2099-01-01T00:00:00Z'}))\n"
    )
    config.write_text(f"[profile proc]\ncredential_process = {sys.executable} {program}\n")
    refused = httpx.Response(403, headers={"x-amzn-ErrorType": code}, stream=Chunks(b'{"message":"no"}'))
    answer = replies(httpx.Response(200, stream=Chunks()), refused, httpx.Response(200, stream=Chunks()))
    target = replace(a_target(9), credentials=CredentialsSpec(profile="proc"))
    client = RuntimeClient(
        {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(config)},
        now=lambda: NOW,
        transport_factory=lambda route, clock: httpx.MockTransport(answer),
    )
    try:
        keys = [only(Signed, await story(client.invoke(a_draft(), target)))[0].access_key_id for _ in range(3)]
    finally:
        await client.close()
    assert keys == ["AKIA0", "AKIA0", "AKIA1"]


async def test_an_attempt_tells_its_number_where_there_may_be_several() -> None:
    told: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        told.append(request.headers.get("amz-sdk-request"))
        return httpx.Response(503 if len(told) == 1 else 200, stream=Chunks())

    await transcript(answer, target=a_target(9, max_attempts=3))
    await transcript(answer)
    assert told == ["attempt=1; max=3", "attempt=2; max=3", None]
