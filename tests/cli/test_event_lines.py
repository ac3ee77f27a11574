"""The format of `--events`: every event class has a line, and every field of it is there."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from smrt_tui.cli.event_lines import ended_line, event_line, finding_line
from smrt_tui.core.events import (
    AttemptEnded,
    Connected,
    Ended,
    Event,
    FrameArrived,
    FrameHeader,
    FrameRejected,
    FrameTimestamp,
    FrameUuid,
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
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.request import WireRequest

HEADERS = (FrameHeader(":event-type", 7, "PayloadPart"),)

LINES: list[tuple[Event, dict[str, Any]]] = [
    (
        Started(0.0, "InvokeEndpoint", WireRequest("POST", "http://x/", (("A", "1"), ("a", "2")), b"body")),
        {
            "event": "started",
            "operation": "InvokeEndpoint",
            "method": "POST",
            "url": "http://x/",
            "headers": [["A", "1"], ["a", "2"]],
            "body_bytes": 4,
        },
    ),
    (PhaseMarked(0.0, Phase.SEND_BODY), {"event": "phase", "phase": "send-body"}),
    (
        Signed(0.0, "env", "AK", "d/r/s/aws4_request", ("host",), "canon", "sts", "sha", True, "2026"),
        {
            "event": "signed",
            "credential_source": "env",
            "access_key_id": "AK",
            "scope": "d/r/s/aws4_request",
            "signed_headers": ["host"],
            "canonical_request": "canon",
            "string_to_sign": "sts",
            "payload_sha256": "sha",
            "has_session_token": True,
            "expires_at": "2026",
        },
    ),
    (
        Connected(0.0, "1.2.3.4:443", False, "TLSv1.3", "X"),
        {
            "event": "connected",
            "peer": "1.2.3.4:443",
            "is_reused": False,
            "tls_version": "TLSv1.3",
            "tls_cipher": "X",
        },
    ),
    (
        RequestSent(0.0, b"POST / HTTP/1.1\r\nA: \xe9", (("A", "é"),), 3),
        {"event": "sent", "head": "POST / HTTP/1.1\r\nA: é", "headers": [["A", "é"]], "body_bytes": 3},
    ),
    (
        HeadArrived(0.0, "1.1", 200, "OK", (("B", "2"),)),
        {"event": "head", "http_version": "1.1", "status": 200, "reason": "OK", "headers": [["B", "2"]]},
    ),
    (
        PartArrived(0.0, 3, b"\xff\xfe", 17, HEADERS, 1, 2),
        {
            "event": "part",
            "index": 3,
            "bytes": 2,
            "data_b64": "//4=",
            "offset": 17,
            "frame_headers": [{"name": ":event-type", "kind": 7, "value": "PayloadPart"}],
            "prelude_crc": 1,
            "message_crc": 2,
        },
    ),
    (
        FrameArrived(0.0, 17, HEADERS, b"{}", 1, 2),
        {
            "event": "frame",
            "bytes": 2,
            "data_b64": "e30=",
            "offset": 17,
            "frame_headers": [{"name": ":event-type", "kind": 7, "value": "PayloadPart"}],
            "prelude_crc": 1,
            "message_crc": 2,
        },
    ),
    (
        FrameRejected(0.0, "truncated", "cut", 9, b"raw"),
        {"event": "frame_rejected", "reason": "truncated", "message": "cut", "offset": 9, "data_b64": "cmF3"},
    ),
    (TrailersArrived(0.0, (("C", "3"),)), {"event": "trailers", "headers": [["C", "3"]]}),
    (
        ServiceFault(0.0, "ModelError", "X", "m", 424, 0, "o", "arn"),
        {
            "event": "service_fault",
            "code": "ModelError",
            "error_code": "X",
            "message": "m",
            "status": 424,
            "original_status": 0,
            "original_message": "o",
            "log_stream_arn": "arn",
        },
    ),
    (
        TransportFault(0.0, "read-timeout", "m", "h"),
        {"event": "transport_fault", "code": "read-timeout", "message": "m", "hint": "h"},
    ),
    (AttemptEnded(0.0, 1, "503", 0.5), {"event": "attempt", "attempt": 1, "reason": "503", "delay_s": 0.5}),
    (
        JobMoved(0.0, JobState.GAVE_UP, "i", "s3://o", "s3://f", "d"),
        {
            "event": "job",
            "state": "gave-up",
            "inference_id": "i",
            "output_location": "s3://o",
            "failure_location": "s3://f",
            "detail": "d",
        },
    ),
    (Ended(0.0, "complete"), {"event": "ended", "outcome": "complete"}),
]


def test_every_class_of_event_has_its_line_here() -> None:
    assert {type(event) for event, _ in LINES} == set(get_args(Event))


@pytest.mark.parametrize(("event", "line"), LINES, ids=[line["event"] for _, line in LINES])
def test_an_event_is_one_json_object(event: Event, line: dict[str, Any]) -> None:
    assert event_line(event) == {"at": 0.0, **line}
    assert json.loads(json.dumps(event_line(event))) == {"at": 0.0, **line}


def test_every_kind_of_frame_header_has_a_value() -> None:
    headers = (
        FrameHeader("t", 0, True),
        FrameHeader("i", 5, -(2**63)),
        FrameHeader("b", 6, b"\x00\xff"),
        FrameHeader("s", 7, "é"),
        FrameHeader("w", 8, FrameTimestamp(-1)),
        FrameHeader("u", 9, FrameUuid(bytes(16))),
    )
    line = event_line(PartArrived(0.0, 0, b"", 0, headers, 0, 0))
    assert line["frame_headers"] == [
        {"name": "t", "kind": 0, "value": True},
        {"name": "i", "kind": 5, "value": -(2**63)},
        {"name": "b", "kind": 6, "value_b64": "AP8="},
        {"name": "s", "kind": 7, "value": "é"},
        {"name": "w", "kind": 8, "value": -1},
        {"name": "u", "kind": 9, "value_b64": "AAAAAAAAAAAAAAAAAAAAAA=="},
    ]


def test_times_are_seconds_to_the_microsecond() -> None:
    assert event_line(PhaseMarked(0.12345678, Phase.WAIT))["at"] == 0.123457


def test_a_finding_carries_its_rule_and_its_severity_in_words() -> None:
    finding = Finding("R25", Severity.WARNING, "Accept", "ignored", "rename", "seen", "source")
    assert finding_line(finding, 0.0) == {
        "event": "finding",
        "at": 0.0,
        "id": "R25",
        "severity": "warning",
        "where": "Accept",
        "message": "ignored",
        "hint": "rename",
        "evidence": "seen",
        "source": "source",
    }


def test_the_last_line_carries_the_verdict_the_code_and_the_metrics() -> None:
    assert ended_line(Ended(2.0, "fault"), "no answer", 6, {"parts": 0}) == {
        "event": "ended",
        "at": 2.0,
        "outcome": "fault",
        "verdict": "no answer",
        "exit_code": 6,
        "metrics": {"parts": 0},
    }
