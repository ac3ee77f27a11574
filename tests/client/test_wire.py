"""Calls over real loopback sockets, against a server that does exactly what each test says."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from smrt_tui.core.events import (
    Connected,
    Ended,
    Event,
    HeadArrived,
    PartArrived,
    Phase,
    PhaseMarked,
    RequestSent,
    ServiceFault,
    TrailersArrived,
    TransportFault,
)
from tests.client.calls import KEYS, a_client, a_draft, a_target, body_of, fault_codes, only, story, story_of
from tests.client.frames_by_hand import exception, frame
from tests.client.raw_server import (
    LAST_CHUNK,
    STREAM_HEAD,
    Conversation,
    Script,
    answers,
    chunk,
    ok,
    serving,
)


def phases(events: list[Event]) -> list[Phase]:
    return [event.phase for event in only(PhaseMarked, events)]


async def forever(conversation: Conversation) -> None:
    """Read whatever comes until the other side goes."""
    while await conversation.reader.read(65536):
        pass


async def test_every_phase_is_told_in_order_and_time_never_goes_back() -> None:
    async with serving(answers(ok(b"{}"))) as server:
        events = await story_of(a_draft(), a_target(server.port))
    assert phases(events) == [
        Phase.CREDENTIALS,
        Phase.SIGN,
        Phase.RESOLVE,
        Phase.CONNECT,
        Phase.SEND_HEAD,
        Phase.SEND_BODY,
        Phase.WAIT,
        Phase.RECEIVE,
    ]
    stamps = [event.at for event in events]
    assert stamps == sorted(stamps)
    assert [type(event).__name__ for event in events if not isinstance(event, PhaseMarked)] == [
        "Started",
        "Signed",
        "Connected",
        "RequestSent",
        "HeadArrived",
        "PartArrived",
        "Ended",
    ]


async def test_the_head_leaves_as_it_was_written_and_is_told_masked() -> None:
    draft = a_draft(
        members=(("ContentType", "text/csv"),), headers=(("X-Trace", "1"), ("x-trace", "2"), ("x-api-key", "k3y"))
    )
    async with serving(answers(ok(b""))) as server:
        events = await story_of(draft, a_target(server.port, credentials=KEYS))
    sent = server.requests[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert sent[:2] == [b"POST /endpoints/ep/invocations HTTP/1.1", b"Host: 127.0.0.1:%d" % server.port]
    assert [line.partition(b":")[0] for line in sent[2:]] == [
        b"Accept-Encoding",
        b"Content-Type",
        b"X-Trace",
        b"x-trace",
        b"x-api-key",
        b"X-Amz-Date",
        b"X-Amz-Security-Token",
        b"Authorization",
        b"Content-Length",
    ]
    (told,) = only(RequestSent, events)
    shown = told.head.split(b"\r\n")
    secret = (b"x-api-key", b"X-Amz-Security-Token", b"Authorization")
    assert [a for a, b in zip(shown, sent, strict=True) if a != b and not b.startswith(secret)] == []
    assert b"k3y" not in told.head and b"the-session-token" not in told.head and b"Signature=****" in told.head
    assert (told.headers[0], told.body_bytes) == (("Host", f"127.0.0.1:{server.port}"), 2)


async def test_no_accept_and_no_user_agent_is_ever_added() -> None:
    async with serving(answers(ok(b""))) as server:
        await story_of(a_draft(), a_target(server.port))
    head = server.requests[0].partition(b"\r\n\r\n")[0]
    host = b"Host: 127.0.0.1:%d" % server.port
    assert head.split(b"\r\n")[1:] == [host, b"Accept-Encoding: identity", b"Content-Length: 2"]


async def test_an_accept_encoding_of_ones_own_is_the_one_that_is_sent() -> None:
    async with serving(answers(ok(b""))) as server:
        await story_of(a_draft(headers=(("accept-encoding", "gzip"),)), a_target(server.port))
    head = server.requests[0].partition(b"\r\n\r\n")[0]
    assert [line for line in head.split(b"\r\n") if b"ncoding" in line] == [b"accept-encoding: gzip"]


async def test_a_host_header_of_ones_own_is_the_one_that_is_sent() -> None:
    draft = a_draft(headers=(("X-A", "1"), ("Host", "runtime.sagemaker.us-east-1.amazonaws.com")))
    async with serving(answers(ok(b""))) as server:
        await story_of(draft, a_target(server.port))
    head = server.requests[0].partition(b"\r\n\r\n")[0]
    assert head.split(b"\r\n")[1] == b"Host: runtime.sagemaker.us-east-1.amazonaws.com"
    assert head.count(b"Host:") == 1


async def test_the_answers_head_keeps_wire_order_case_and_repeated_names() -> None:
    async with serving(answers(ok(b"", b"X-b: 1", b"x-A: 2", b"X-B: \xe9"))) as server:
        events = await story_of(a_draft(), a_target(server.port))
    (head,) = only(HeadArrived, events)
    assert (head.http_version, head.status, head.reason) == ("1.1", 200, "OK")
    assert head.headers == (("X-b", "1"), ("x-A", "2"), ("X-B", "é"), ("Content-Length", "0"))


async def test_a_connection_is_kept_for_the_next_call() -> None:
    async with serving(answers(ok(b"1"), ok(b"2"))) as server, a_client() as client:
        first = await story(client.invoke(a_draft(), a_target(server.port)))
        second = await story(client.invoke(a_draft(), a_target(server.port)))
    assert [event.is_reused for event in only(Connected, first + second)] == [False, True]
    assert (server.connections, Phase.CONNECT in phases(second)) == (1, False)


async def test_a_kept_connection_that_died_is_replaced() -> None:
    async with serving(answers(ok(b"1"))) as server, a_client() as client:
        await story(client.invoke(a_draft(), a_target(server.port)))
        events = await story(client.invoke(a_draft(), a_target(server.port)))
    assert (body_of(events), server.connections, events[-1].at > 0) == (b"1", 2, True)


async def test_a_kept_connection_that_dies_under_the_request_is_replaced() -> None:
    async def hang_up_on_the_second(conversation: Conversation) -> None:
        await conversation.request()
        await conversation.send(ok(b"1"))
        await conversation.head()

    async with serving(hang_up_on_the_second) as server, a_client() as client:
        await story(client.invoke(a_draft(), a_target(server.port)))
        events = await story(client.invoke(a_draft(), a_target(server.port)))
    assert [event.is_reused for event in only(Connected, events)] == [True, False]
    assert (body_of(events), server.connections) == (b"1", 2)


async def test_a_kept_connection_that_answered_half_is_not_tried_again() -> None:
    async with serving(answers(ok(b"1"), b"HTTP/1.1 2")) as server, a_client() as client:
        await story(client.invoke(a_draft(), a_target(server.port)))
        events = await story(client.invoke(a_draft(), a_target(server.port)))
    assert (fault_codes(events), server.connections) == (["head-cut"], 1)


async def test_an_answer_that_closes_is_followed_by_a_new_connection() -> None:
    async with serving(answers(ok(b"1", b"Connection: close"), ok(b"2"))) as server, a_client() as client:
        for _ in range(2):
            await story(client.invoke(a_draft(), a_target(server.port)))
    assert server.connections == 2


EXCEPTION = frame(b'{"Message":"m"}', exception("ModelStreamError"))
STREAM = b"".join([frame(b"one "), frame(b"two "), EXCEPTION, frame(b"3")])


async def test_two_hundred_cuts_of_one_stream_give_the_same_parts() -> None:
    chunks = chunk(STREAM[:50]) + chunk(STREAM[50:51]) + chunk(STREAM[51:200]) + chunk(STREAM[200:])
    raw = STREAM_HEAD + chunks + b"0\r\nX-Sum: 1\r\n\r\n"
    seen: set[tuple[object, ...]] = set()
    bodies: set[bytes] = set()
    cuts = iter([len(raw) * number // 200 for number in range(1, 200)])

    async def script(conversation: Conversation) -> None:
        while True:
            await conversation.request()
            cut = next(cuts)
            await conversation.send(raw[:cut])
            await asyncio.sleep(0)
            await conversation.send(raw[cut:])

    async with serving(script) as server, a_client() as client:
        for _ in range(199):
            events = await story(client.invoke(a_draft("stream"), a_target(server.port)))
            parts = tuple(part[1:] for part in only(PartArrived, events))
            faults = tuple(fault.code for fault in only(ServiceFault, events))
            trailers = tuple(event.headers for event in only(TrailersArrived, events))
            seen.add((parts, faults, trailers, only(Ended, events)[-1].outcome))
            bodies.add(body_of(events))
    assert bodies == {b"one two 3"}
    assert [rest for _, *rest in seen] == [[("ModelStreamError",), ((("X-Sum", "1"),),), "fault"]]


async def test_parts_of_a_body_that_ends_with_the_connection_arrive_while_it_is_open() -> None:
    """Clients that wait for 64 KiB show nothing until the end here."""
    go_on = asyncio.Event()

    async def script(conversation: Conversation) -> None:
        await conversation.request()
        await conversation.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n\r\n")
        await conversation.send(frame(b"one"))
        await go_on.wait()
        await conversation.send(frame(b"two"))

    async with serving(script) as server, a_client() as client:
        events: list[Event] = []
        async for event in client.invoke(a_draft("stream"), a_target(server.port)):
            events.append(event)
            if isinstance(event, PartArrived):
                go_on.set()
    assert (body_of(events), only(Ended, events)[-1].outcome) == (b"onetwo", "complete")


CUTS: dict[str, tuple[Sequence[bytes], str, bytes]] = {
    "before the head": ((), "no-answer", b""),
    "inside the head": ((STREAM_HEAD[:20],), "head-cut", b""),
    "inside a chunk": ((STREAM_HEAD, chunk(frame(b"one")), chunk(frame(b"two"))[:30]), "chunk-cut", b"one"),
    "behind the head": ((STREAM_HEAD,), "chunk-cut", b""),
    "between chunks": ((STREAM_HEAD, chunk(frame(b"one"))), "chunk-cut", b"one"),
    "inside a frame": (
        (STREAM_HEAD, chunk(frame(b"one")), chunk(frame(b"two")[:-1]), LAST_CHUNK),
        "stream-truncated",
        b"one",
    ),
    "a bad chunk size": ((STREAM_HEAD, chunk(frame(b"one")), b"zz\r\n"), "chunk-size", b"one"),
    "a chunk too long": ((STREAM_HEAD, chunk(frame(b"one"))[:-2], b"more\r\n"), "chunk-end", b"one"),
    "not HTTP": ((b"SSH-2.0-OpenSSH_9.2\r\n",), "not-http", b""),
    "two lengths": ((b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",), "lengths-conflict", b""),
    "an endless head": ((b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000,), "head-too-large", b""),
    "a bad header line": ((b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",), "header-malformed", b""),
    "a bad length": ((b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",), "length-malformed", b""),
    "an unknown coding": ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n\r\n",), "transfer-coding", b""),
}


@pytest.mark.parametrize(("pieces", "code", "body"), CUTS.values(), ids=CUTS.keys())
async def test_a_cut_or_broken_answer_keeps_its_parts_and_ends_with_its_fault(
    pieces: Sequence[bytes], code: str, body: bytes
) -> None:
    async with serving(answers(b"".join(pieces))) as server:
        events = await story_of(a_draft("stream"), a_target(server.port))
    assert (body_of(events), fault_codes(events), only(Ended, events)[-1].outcome) == (body, [code], "fault")


async def test_a_short_body_keeps_what_came() -> None:
    async with serving(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")) as server:
        events = await story_of(a_draft(), a_target(server.port))
    assert (body_of(events), fault_codes(events)) == (b"ab", ["length-short"])


@pytest.mark.parametrize("before", [b"", STREAM_HEAD + chunk(frame(b"one"))], ids=["before the head", "in the body"])
async def test_a_reset_is_named(before: bytes) -> None:
    arrived = asyncio.Event()

    async def script(conversation: Conversation) -> None:
        await conversation.request()
        await conversation.send(before)
        if before:
            await arrived.wait()
        conversation.reset()

    async with serving(script) as server, a_client() as client:
        events: list[Event] = []
        async for event in client.invoke(a_draft("stream"), a_target(server.port)):
            events.append(event)
            if isinstance(event, PartArrived):
                arrived.set()
    assert (body_of(events), fault_codes(events)) == (b"one" if before else b"", ["connection-reset"])


async def test_silence_is_a_read_timeout_with_its_seconds() -> None:
    async with serving(forever) as server:
        events = await story_of(a_draft(), a_target(server.port, read_timeout=0.05))
    (fault,) = only(TransportFault, events)
    assert (fault.code, fault.message) == (
        "read-timeout",
        f"nothing came from 127.0.0.1:{server.port} for 0.05 s (read_timeout)",
    )


async def test_silence_between_parts_is_a_read_timeout_and_keeps_the_parts() -> None:
    async def script(conversation: Conversation) -> None:
        await conversation.request()
        await conversation.send(STREAM_HEAD, chunk(frame(b"one")))
        await forever(conversation)

    async with serving(script) as server:
        events = await story_of(a_draft("stream"), a_target(server.port, read_timeout=0.05))
    assert (body_of(events), fault_codes(events)) == (b"one", ["read-timeout"])


@pytest.mark.parametrize("content_type", [b"application/vnd.amazon.eventstream", b"text/html"])
async def test_silence_behind_the_head_of_a_stream_is_a_read_timeout_too(content_type: bytes) -> None:
    async def script(conversation: Conversation) -> None:
        await conversation.request()
        await conversation.send(STREAM_HEAD.replace(b"application/vnd.amazon.eventstream", content_type))
        await forever(conversation)

    async with serving(script) as server:
        events = await story_of(a_draft("stream"), a_target(server.port, read_timeout=0.05))
    assert (fault_codes(events), only(Ended, events)[-1].outcome) == (["read-timeout"], "fault")


async def test_a_server_that_takes_no_body_is_a_write_timeout() -> None:
    release = asyncio.Event()

    async def script(conversation: Conversation) -> None:
        conversation.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await release.wait()

    async with serving(script) as server:
        events = await story_of(a_draft(body=bytes(20_000_000)), a_target(server.port, read_timeout=0.1))
        release.set()
    assert fault_codes(events) == ["write-timeout"]


async def test_the_whole_call_has_a_limit_of_its_own() -> None:
    async def script(conversation: Conversation) -> None:
        await conversation.request()
        await conversation.send(STREAM_HEAD)
        for number in itertools.count():
            await conversation.send(chunk(frame(b"%d" % number)))
            await asyncio.sleep(0.01)

    async with serving(script) as server:
        events = await story_of(a_draft("stream"), a_target(server.port, total_timeout=0.2, read_timeout=60))
    (fault,) = only(TransportFault, events)
    assert (fault.code, fault.message) == ("total-timeout", "the call was not over after 0.2 s (total_timeout)")
    assert body_of(events).startswith(b"0")


async def test_nobody_listening_is_a_refusal() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        events = await story_of(a_draft(), a_target(unused.getsockname()[1]))
    assert (fault_codes(events), phases(events)[-1]) == (["connect-refused"], Phase.CONNECT)


async def test_a_name_that_is_none_has_no_address() -> None:
    target = a_target(1, allow_plain_http=True)
    events = await story_of(a_draft(), replace(target, endpoint_url="http://nowhere.invalid"))
    assert (fault_codes(events), phases(events)[-1]) == (["dns-failed"], Phase.RESOLVE)


async def test_a_full_backlog_is_a_connect_timeout() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        events = await story_of(a_draft(), a_target(port, connect_timeout=0.1))
        for filler in fillers:
            filler.close()
    (fault,) = only(TransportFault, events)
    assert (fault.code, "within 0.1 s (connect_timeout)" in fault.message) == ("connect-timeout", True)


async def early_413(conversation: Conversation) -> None:
    """Answers after the head, without reading the body, and resets."""
    await conversation.head()
    await conversation.send(ok(b"HTTP content length exceeded 5246976 bytes.", status=b"413 Payload Too Large"))
    conversation.writer.close()


async def test_an_early_413_is_read_though_the_body_was_not_taken() -> None:
    async with serving(early_413) as server:
        events = await story_of(a_draft(body=bytes(8_000_000)), a_target(server.port))
    (fault,) = only(ServiceFault, events)
    assert (fault.code, fault.status, fault.message) == ("413", 413, "HTTP content length exceeded 5246976 bytes.")
    assert only(RequestSent, events)[0].body_bytes < 8_000_000


async def test_a_reset_while_the_body_is_sent_says_that_it_may_be_too_large() -> None:
    async def script(conversation: Conversation) -> None:
        await conversation.head()
        conversation.reset()

    async with serving(script) as server:
        events = await story_of(a_draft(body=bytes(8_000_000)), a_target(server.port))
    assert fault_codes(events) == ["upload-cut"]


async def test_an_answer_that_begins_while_it_listens_gets_the_whole_body() -> None:
    async def script(conversation: Conversation) -> None:
        head = await conversation.head()
        await conversation.send(STREAM_HEAD, chunk(frame(b"first")))
        await conversation.reader.readexactly(8_000_000)
        await conversation.send(chunk(frame(b"last")), LAST_CHUNK)
        assert head

    async with serving(script) as server:
        events = await story_of(a_draft("stream", body=bytes(8_000_000)), a_target(server.port))
    assert (body_of(events), only(Ended, events)[-1].outcome) == (b"firstlast", "complete")


async def test_a_large_body_goes_out_whole() -> None:
    body = bytes(range(256)) * 20_000
    async with serving(answers(ok(b"{}"))) as server:
        events = await story_of(a_draft(body=body), a_target(server.port, credentials=KEYS))
    assert server.requests[0].endswith(body)
    assert only(RequestSent, events)[0].body_bytes == len(body)


async def cancelled_at(script: Script, when: type[Event] | Phase) -> list[Event]:
    """The story of a call that is cancelled as soon as an event of that class, or that phase, is seen."""
    async with serving(script) as server, a_client() as client:
        call = client.invoke(a_draft("stream", body=bytes(20_000_000)), a_target(server.port))
        events: list[Event] = []
        async for event in call:
            events.append(event)
            if (isinstance(event, PhaseMarked) and event.phase == when) or (
                not isinstance(when, Phase) and isinstance(event, when)
            ):
                call.cancel()
                call.cancel()
        assert server.connections <= 1
    return events


async def one_part_then_silence(conversation: Conversation) -> None:
    await conversation.request()
    await conversation.send(STREAM_HEAD, chunk(frame(b"one")))
    await forever(conversation)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase != Phase.TLS])
async def test_a_call_can_be_cancelled_in_every_phase(phase: Phase) -> None:
    events = await cancelled_at(one_part_then_silence, phase)
    assert [event.outcome for event in only(Ended, events)] == ["cancelled"]
    assert isinstance(events[-1], Ended)
    assert fault_codes(events) == []


async def test_what_came_before_a_cancel_stays() -> None:
    events = await cancelled_at(one_part_then_silence, PartArrived)
    assert (body_of(events), only(Ended, events)[-1].outcome) == (b"one", "cancelled")


async def test_a_call_cancelled_before_it_is_read_still_starts_and_ends() -> None:
    async with a_client() as client:
        call = client.invoke(a_draft(), a_target(9))
        call.cancel()
        assert [type(event).__name__ for event in await story(call)] == ["Started", "Ended"]


async def test_leaving_the_loop_early_stops_the_call_and_frees_the_socket() -> None:
    gone = asyncio.Event()

    async def script(conversation: Conversation) -> None:
        await one_part_then_silence(conversation)
        gone.set()

    async with serving(script) as server, a_client() as client:
        batches = client.invoke(a_draft("stream"), a_target(server.port)).batches()
        async for batch in batches:
            if any(isinstance(event, PartArrived) for event in batch):
                break
        await batches.aclose()
        await asyncio.wait_for(gone.wait(), 5)


async def test_closing_the_client_stops_running_calls() -> None:
    async with serving(one_part_then_silence) as server, a_client() as client:
        call = client.invoke(a_draft("stream"), a_target(server.port))
        batches = aiter(call.batches())
        await anext(batches)
        await client.close()
        rest = [event async for batch in batches for event in batch]
    assert rest[-1] == only(Ended, rest)[0]
    assert only(Ended, rest)[0].outcome == "cancelled"


async def test_two_calls_at_once_have_a_connection_each() -> None:
    both = asyncio.Barrier(2)

    async def script(conversation: Conversation) -> None:
        await conversation.request()
        await both.wait()
        await conversation.send(ok(b"{}"))

    async with serving(script) as server, a_client() as client:
        stories = await asyncio.gather(*(story(client.invoke(a_draft(), a_target(server.port))) for _ in range(2)))
    assert [body_of(events) for events in stories] == [b"{}", b"{}"]
    assert server.connections == 2


async def test_a_session_token_that_an_answer_quotes_is_nowhere_though_it_came_in_two_reads() -> None:
    told = rb"""{"message":"should have been\n'x-amz-security-token:the-session-token\n\n4a5b'"}"""
    head = b"HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: InvalidSignatureException\r\nContent-Length: %d\r\n\r\n"

    async def script(conversation: Conversation) -> None:
        await conversation.request()
        await conversation.send(head % len(told) + told[:60])
        await asyncio.sleep(0.01)  # a read of its own; were it none, the test would still hold
        await conversation.send(told[60:])

    async with serving(script) as server:
        events = await story_of(a_draft(), a_target(server.port, credentials=KEYS))
    assert body_of(events) == told.replace(b"the-session-token", b"*" * 17)
    assert "the-session-token" not in repr(events)
    (fault,) = only(ServiceFault, events)
    assert fault.message == "should have been\n'x-amz-security-token:********\n\n4a5b'"


async def test_an_error_body_larger_than_is_looked_at_still_comes_whole() -> None:
    body = b"<" + b"x" * 3_000_000
    async with serving(answers(ok(body, status=b"502 Bad Gateway"))) as server:
        events = await story_of(a_draft(), a_target(server.port))
    assert body_of(events) == body
    assert fault_codes(events) == ["502"]


async def test_an_error_body_that_is_given_up_keeps_what_came() -> None:
    async def script(conversation: Conversation) -> None:
        await conversation.request()
        await conversation.send(b"HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nhalf")
        await asyncio.Event().wait()

    async with serving(script) as server:
        events = await story_of(a_draft(), a_target(server.port, total_timeout=0.3))
    assert body_of(events) == b"half"
    assert fault_codes(events) == ["total-timeout"]
