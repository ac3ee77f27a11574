"""Every event as one JSON object: the format of `--events`, and an API. One function a class; nothing is written here.

Bytes are base64 under a name that ends in `_b64`. Names are stable: fields are added, never renamed.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from smrt_tui.core.events import (
    AttemptEnded,
    Connected,
    Ended,
    Event,
    FrameArrived,
    FrameHeader,
    FrameHeaders,
    FrameRejected,
    FrameTimestamp,
    FrameUuid,
    HeadArrived,
    JobMoved,
    PartArrived,
    PhaseMarked,
    RequestSent,
    ServiceFault,
    Signed,
    Started,
    TrailersArrived,
    TransportFault,
)
from smrt_tui.core.finding import Finding
from smrt_tui.core.recorder import Verdict
from smrt_tui.core.request import Headers

Line: TypeAlias = dict[str, Any]


def event_line(event: Event) -> Line:
    """The object of an event: `event`, `at`, then its own fields. `Ended` gets its metrics from `ended_line`."""
    name, fields = _LINES[type(event)]
    return {"event": name, "at": round(event.at, 6), **fields(event)}


def finding_line(finding: Finding, at: float) -> Line:
    """The object of a finding, about the draft (before `started`) or about the answer (before `ended`)."""
    return {
        "event": "finding",
        "at": round(at, 6),
        "id": finding.id,
        "severity": finding.severity.name.lower(),
        "where": finding.where,
        "message": finding.message,
        "hint": finding.hint,
        "evidence": finding.evidence,
        "source": finding.source,
    }


def ended_line(ended: Ended, verdict: str, exit_code: int, metrics: Mapping[str, Any]) -> Line:
    """The object of the last event: how it ended, the code the command leaves with, and what was measured."""
    return {**event_line(ended), "verdict": verdict, "exit_code": exit_code, "metrics": dict(metrics)}


def refused_line(exit_code: int) -> Line:
    """The last line when nothing could be sent: it ends as every call does."""
    return {
        "event": "ended",
        "at": 0.0,
        "outcome": "fault",
        "verdict": Verdict.CANNOT_SEND.value,
        "exit_code": exit_code,
        "metrics": {},
    }


def _started(event: Started) -> Line:
    request = event.request
    return {
        "operation": event.operation,
        "method": request.method,
        "url": request.url,
        "headers": _pairs(request.headers),
        "body_bytes": len(request.body),
    }


def _phase(event: PhaseMarked) -> Line:
    return {"phase": event.phase.value}


def _signed(event: Signed) -> Line:
    return {
        "credential_source": event.credential_source,
        "access_key_id": event.access_key_id,
        "scope": event.scope,
        "signed_headers": list(event.signed_headers),
        "canonical_request": event.canonical_request,
        "string_to_sign": event.string_to_sign,
        "payload_sha256": event.payload_sha256,
        "has_session_token": event.has_session_token,
        "expires_at": event.expires_at,
    }


def _connected(event: Connected) -> Line:
    return {
        "peer": event.peer,
        "is_reused": event.is_reused,
        "tls_version": event.tls_version,
        "tls_cipher": event.tls_cipher,
    }


def _sent(event: RequestSent) -> Line:
    return {
        "head": event.head.decode("latin-1"),
        "headers": _pairs(event.headers),
        "body_bytes": event.body_bytes,
    }


def _head(event: HeadArrived) -> Line:
    return {
        "http_version": event.http_version,
        "status": event.status,
        "reason": event.reason,
        "headers": _pairs(event.headers),
    }


def _part(event: PartArrived) -> Line:
    return {
        "index": event.number,
        "bytes": len(event.payload),
        "data_b64": _base64(event.payload),
        "offset": event.offset,
        "frame_headers": _frame_headers(event.headers),
        "prelude_crc": event.prelude_crc,
        "message_crc": event.message_crc,
    }


def _frame(event: FrameArrived) -> Line:
    return {
        "bytes": len(event.payload),
        "data_b64": _base64(event.payload),
        "offset": event.offset,
        "frame_headers": _frame_headers(event.headers),
        "prelude_crc": event.prelude_crc,
        "message_crc": event.message_crc,
    }


def _frame_rejected(event: FrameRejected) -> Line:
    return {
        "reason": event.reason,
        "message": event.message,
        "offset": event.offset,
        "data_b64": _base64(event.raw),
    }


def _trailers(event: TrailersArrived) -> Line:
    return {"headers": _pairs(event.headers)}


def _service_fault(event: ServiceFault) -> Line:
    return {
        "code": event.code,
        "error_code": event.error_code,
        "message": event.message,
        "status": event.status,
        "original_status": event.original_status,
        "original_message": event.original_message,
        "log_stream_arn": event.log_stream_arn,
    }


def _transport_fault(event: TransportFault) -> Line:
    return {"code": event.code, "message": event.message, "hint": event.hint}


def _attempt(event: AttemptEnded) -> Line:
    return {"attempt": event.attempt, "reason": event.reason, "delay_s": event.delay_s}


def _job(event: JobMoved) -> Line:
    return {
        "state": event.state.value,
        "inference_id": event.inference_id,
        "output_location": event.output_location,
        "failure_location": event.failure_location,
        "detail": event.detail,
    }


def _ended(event: Ended) -> Line:
    return {"outcome": event.outcome}


_LINES = cast(
    "Mapping[type[Event], tuple[str, Callable[[Event], Line]]]",  # each function takes exactly its key's class
    {
        Started: ("started", _started),
        PhaseMarked: ("phase", _phase),
        Signed: ("signed", _signed),
        Connected: ("connected", _connected),
        RequestSent: ("sent", _sent),
        HeadArrived: ("head", _head),
        PartArrived: ("part", _part),
        FrameArrived: ("frame", _frame),
        FrameRejected: ("frame_rejected", _frame_rejected),
        TrailersArrived: ("trailers", _trailers),
        ServiceFault: ("service_fault", _service_fault),
        TransportFault: ("transport_fault", _transport_fault),
        AttemptEnded: ("attempt", _attempt),
        JobMoved: ("job", _job),
        Ended: ("ended", _ended),
    },
)


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _pairs(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _frame_headers(headers: FrameHeaders) -> list[Line]:
    return [_frame_header(header) for header in headers]


def _frame_header(header: FrameHeader) -> Line:
    """`name`, `kind` (the type byte) and `value`; bytes and a UUID as `value_b64`, a timestamp in milliseconds."""
    match header.value:
        case FrameTimestamp(milliseconds):
            return {"name": header.name, "kind": header.kind, "value": milliseconds}
        case FrameUuid(raw) | bytes(raw):
            return {"name": header.name, "kind": header.kind, "value_b64": _base64(raw)}
        case value:
            return {"name": header.name, "kind": header.kind, "value": value}
