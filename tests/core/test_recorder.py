"""The recorder: what it folds comes back exactly, and how a call ended is told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.events import (
    AttemptEnded,
    Connected,
    Ended,
    Event,
    FrameArrived,
    FrameHeader,
    FrameHeaders,
    FrameRejected,
    HeadArrived,
    JobMoved,
    JobState,
    PartArrived,
    Phase,
    PhaseMarked,
    RequestSent,
    ServiceFault,
    Signed,
    Started,
    TrailersArrived,
    TransportFault,
)
from smrt_tui.core.recorder import PartColumns, Recorder, Verdict
from smrt_tui.core.request import WireRequest

STARTED = Started(0.0, "InvokeEndpoint", WireRequest("POST", "http://x/", (), b""))
SIGNING = (PhaseMarked(0.0, Phase.CREDENTIALS), PhaseMarked(0.1, Phase.SIGN))
CONNECTING = (*SIGNING, PhaseMarked(0.2, Phase.RESOLVE))
SIGNED = Signed(0.1, "env", "AK", "scope", (), "", "", "", False, None)
CONNECTED = Connected(0.2, "x:1", False, None, None)
SENT = RequestSent(0.3, b"", (), 0)
HEAD = HeadArrived(0.4, "1.1", 200, "OK", ())
BAD_HEAD = HeadArrived(0.4, "1.1", 503, "Busy", ())
HTTP_FAULT = ServiceFault(0.5, "ModelError", "", "m", 424, 500, "", "")
STREAM_FAULT = ServiceFault(0.5, "ModelStreamError", "", "m", None, None, "", "")
CUT = TransportFault(0.6, "cut", "m", "h")
REJECTED = FrameRejected(0.5, "prelude-crc", "m", 0, b"")
ACCEPTED = JobMoved(0.5, JobState.ACCEPTED, "i", "o", "f", "d")
GAVE_UP = JobMoved(0.6, JobState.GAVE_UP, "i", "o", "f", "d")


def part(number: int, payload: bytes = b"x", headers: FrameHeaders = ()) -> PartArrived:
    return PartArrived(number / 10, number, payload, number * 7, headers, 1, 2)


def recorded(*events: Event) -> Recorder:
    recorder = Recorder()
    recorder.add(events)
    return recorder


def test_everything_that_happened_is_there() -> None:
    frame = FrameArrived(0.5, 0, (), b"", 0, 0)
    trailers = TrailersArrived(0.7, (("T", "1"),))
    ended = Ended(1.0, "complete")
    recorder = recorded(STARTED, *SIGNING, SIGNED, CONNECTED, SENT, HEAD, part(0), frame, trailers, ACCEPTED, ended)
    attempt = recorder.attempt
    assert (attempt.marks, attempt.signed, attempt.connected) == (list(SIGNING), SIGNED, CONNECTED)
    assert (attempt.sent, attempt.head, attempt.ended) == (SENT, HEAD, None)
    assert (recorder.started, recorder.frames, recorder.trailers) == (STARTED, [frame], trailers)
    assert (recorder.jobs, recorder.ended, recorder.head) == ([ACCEPTED], ended, HEAD)
    assert bytes(recorder.parts.body) == b"x"


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        ((), Verdict.RUNNING),
        ((STARTED, HEAD, part(0)), Verdict.RUNNING),
        ((STARTED, HEAD, Ended(1, "complete")), Verdict.COMPLETE),
        ((STARTED, Ended(1, "cancelled")), Verdict.CANCELLED),
        ((STARTED, HEAD, CUT, Ended(1, "cancelled")), Verdict.CANCELLED),
        ((STARTED, HEAD, HTTP_FAULT, Ended(1, "fault")), Verdict.ANSWERED_WITH_ERROR),
        ((STARTED, HEAD, part(0), STREAM_FAULT, Ended(1, "fault")), Verdict.BROKE),
        ((STARTED, HEAD, part(0), CUT, Ended(1, "fault")), Verdict.BROKE),
        ((STARTED, HEAD, REJECTED, CUT, Ended(1, "fault")), Verdict.BROKE),
        ((STARTED, *SIGNING, CUT, Ended(1, "fault")), Verdict.CANNOT_SEND),
        ((STARTED, CUT, Ended(1, "fault")), Verdict.CANNOT_SEND),
        ((STARTED, *CONNECTING, CUT, Ended(1, "fault")), Verdict.NO_ANSWER),
        ((STARTED, HEAD, ACCEPTED, GAVE_UP, CUT, Ended(1, "fault")), Verdict.NO_ANSWER),
        ((STARTED, HEAD, ACCEPTED, HTTP_FAULT, Ended(1, "fault")), Verdict.ANSWERED_WITH_ERROR),
    ],
)
def test_how_it_ended_is_told_apart(events: tuple[Event, ...], verdict: Verdict) -> None:
    assert recorded(*events).verdict == verdict


def test_the_first_fault_decides() -> None:
    later = ServiceFault(0.9, "Other", "", "m", 500, None, "", "")
    recorder = recorded(HTTP_FAULT, later, REJECTED, FrameRejected(0.9, "truncated", "m", 0, b""))
    assert (recorder.service_fault, recorder.rejected) == (HTTP_FAULT, REJECTED)


def test_a_retry_starts_a_new_answer_and_keeps_the_attempt_before() -> None:
    failed = AttemptEnded(0.5, 1, "503", 0.2)
    recorder = recorded(
        STARTED, *CONNECTING, BAD_HEAD, part(0, b"busy"), TrailersArrived(0.5, ()), HTTP_FAULT, CUT, REJECTED, failed
    )
    assert (recorder.service_fault, recorder.transport_fault, recorder.rejected, recorder.head) == (None,) * 4
    assert (bytes(recorder.parts.body), recorder.trailers) == (b"", None)
    recorder.add([HEAD, part(0, b"fine"), Ended(1.0, "complete")])
    assert [attempt.head for attempt in recorder.attempts] == [BAD_HEAD, HEAD]
    assert [attempt.ended for attempt in recorder.attempts] == [failed, None]
    assert (bytes(recorder.parts.body), recorder.verdict) == (b"fine", Verdict.COMPLETE)


def columns(sizes: list[int], headers: list[FrameHeaders] | None = None) -> PartColumns:
    made = PartColumns()
    for number, size in enumerate(sizes):
        made.append(part(number, bytes([number % 251]) * size, headers[number] if headers else ()))
    return made


@given(st.lists(st.integers(0, 5), max_size=700))
def test_every_part_comes_back(sizes: list[int]) -> None:
    made = columns(sizes)
    payloads = [bytes([number % 251]) * size for number, size in enumerate(sizes)]
    assert len(made) == len(sizes)
    assert bytes(made.body) == b"".join(payloads)
    assert list(made.payloads()) == payloads
    assert [made.payload(number) for number in range(len(sizes))] == payloads
    assert list(made.times) == [number / 10 for number in range(len(sizes))]
    assert list(made.offsets) == [number * 7 for number in range(len(sizes))]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=600), st.data())
def test_a_byte_finds_its_part_and_parts_are_read_from_anywhere(sizes: list[int], data: st.DataObject) -> None:
    made = columns(sizes)
    first = data.draw(st.integers(0, len(sizes) + 2))
    assert list(made.payloads(first)) == list(made.payloads())[first:]
    if made.body:
        offset = data.draw(st.integers(0, len(made.body) - 1))
        number = made.at_byte(offset)
        assert made.start(number) <= offset < made.start(number) + made.sizes[number]


@given(st.lists(st.sampled_from([(), (FrameHeader("a", 7, "1"),), (FrameHeader("a", 7, "2"),)]), max_size=40))
def test_the_headers_of_every_frame_come_back(headers: list[FrameHeaders]) -> None:
    made = columns([1] * len(headers), headers)
    assert [made.headers(number) for number in range(len(headers))] == headers


def test_no_more_of_a_body_is_kept_than_was_asked_for_and_the_counts_stay_true() -> None:
    parts = PartColumns(most_bytes=5)
    for number, payload in enumerate((b"abc", b"def", b"ghi")):
        parts.append(part(number, payload))
    assert (bytes(parts.body), parts.total, list(parts.sizes), parts.is_whole) == (b"abcde", 9, [3, 3, 3], False)
    assert list(parts.payloads()) == [b"abc", b"de", b""]
    assert (parts.payload(1), parts.payload(2), parts.start(2)) == (b"de", b"", 6)
    assert parts.kept == 1


def test_a_body_up_to_the_limit_is_whole() -> None:
    parts = PartColumns(most_bytes=3)
    parts.append(part(0, b"abc"))
    assert (bytes(parts.body), parts.is_whole, parts.kept) == (b"abc", True, 1)
    parts.append(part(1, b"d"))
    assert (bytes(parts.body), parts.is_whole, parts.kept) == (b"abc", False, 1)


def test_a_retried_answer_has_the_same_limit() -> None:
    recorder = Recorder(most_bytes=1)
    recorder.add((part(0, b"ab"), AttemptEnded(0.5, 1, "ModelError", 0.0), part(0, b"cd")))
    assert (bytes(recorder.parts.body), recorder.parts.total) == (b"c", 2)


def test_a_job_that_was_looked_at_once_and_is_not_done_is_no_answer() -> None:
    waiting = JobMoved(0.1, JobState.WAITING, "i", "o", "f", "not there yet")
    looked = Started(0.0, "GetObject", WireRequest("GET", "s3://b/k", (), b""))
    assert recorded(looked, waiting, CUT, Ended(0.2, "fault")).verdict is Verdict.NO_ANSWER
