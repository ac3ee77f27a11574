"""Frames as botocore's parser reads them: it is the judge, and shares no code with the framer."""

from __future__ import annotations

from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local import framing

TEXT = st.text(max_size=200)


def parse(data: bytes) -> list[tuple[dict[str, object], bytes]]:
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return [(dict(message.headers), bytes(message.payload)) for message in buffer]


def test_a_frame_has_the_published_bytes() -> None:
    headers = framing.string_headers(
        (":event-type", "PayloadPart"), (":content-type", "application/octet-stream"), (":message-type", "event")
    )
    frame = framing.frame(headers, b"hello")
    assert (len(frame), frame[:12].hex(), frame[-4:].hex()) == (110, "0000006e000000595197ff15", "29738ab4")


@given(st.binary(max_size=2000))
def test_a_payload_part_carries_its_bytes(payload: bytes) -> None:
    headers = {
        ":message-type": "event",
        ":event-type": "PayloadPart",
        ":content-type": "application/octet-stream",
    }
    assert parse(framing.payload_part(payload)) == [(headers, payload)]


@given(st.lists(st.binary(max_size=50), max_size=8))
def test_frames_follow_each_other_without_anything_between(payloads: list[bytes]) -> None:
    stream = b"".join(framing.payload_part(payload) for payload in payloads)
    assert [payload for _, payload in parse(stream)] == payloads


def test_a_model_stream_error_is_an_exception_with_both_members() -> None:
    [(headers, payload)] = parse(framing.model_stream_error("StreamBroken", "gone"))
    assert headers == {
        ":message-type": "exception",
        ":exception-type": "ModelStreamError",
        ":content-type": "application/json",
    }
    assert payload == b'{"ErrorCode": "StreamBroken", "Message": "gone"}'


@given(TEXT, TEXT)
def test_an_error_message_is_all_in_its_headers(code: str, message: str) -> None:
    expected = {":message-type": "error", ":error-code": code, ":error-message": message}
    assert parse(framing.error(code, message)) == [(expected, b"")]


def test_an_event_of_another_type_is_named_as_asked() -> None:
    [(headers, payload)] = parse(framing.event("Ping", b"x"))
    assert (headers[":event-type"], payload) == ("Ping", b"x")
    [(headers, _)] = parse(framing.initial_response())
    assert headers[":event-type"] == "initial-response"
