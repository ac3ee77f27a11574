"""One call as it went over the wire, as styled text: request, answer, connection, signature. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from smrt_tui.core.canonical import comparison_rows, first_difference, refused_signature, without_quotes
from smrt_tui.core.events import FrameArrived, RequestSent, Signed, Started
from smrt_tui.core.recorder import Attempt, Recorder
from smrt_tui.core.redact import masked_headers
from smrt_tui.core.request import Headers
from smrt_tui.ui.panes.rows import Piece
from smrt_tui.ui.panes.units import counted, duration, size

_SIGNED, _ADDED, _OTHER = "◆", "+", " "


def wire_text(recorder: Recorder) -> Iterator[Piece]:
    """Everything known so far, attempt by attempt, the latest last."""
    for number, attempt in enumerate(recorder.attempts, 1):
        label = f" · attempt {number}" if len(recorder.attempts) > 1 else ""
        yield from _request(recorder.started, attempt, label)
        yield from _response(attempt, label)
        if attempt.ended is not None:
            yield f"✗ {attempt.ended.reason}; tried again after {duration(attempt.ended.delay_s)}\n\n", "error"
    yield from _body(recorder)
    yield from _jobs(recorder)
    yield from _connection(recorder.attempt)
    yield from _refusal(recorder)
    yield from _signature(recorder.attempt.signed)


def _title(text: str) -> Piece:
    return f"▾ {text}\n", "heading"


def _fact(name: str, value: str, style: str = "") -> Iterator[Piece]:
    yield f"  {name:<16}", "dim"
    yield f"{value}\n", style


def _request(started: Started | None, attempt: Attempt, label: str) -> Iterator[Piece]:
    sent, signed = attempt.sent, attempt.signed
    if sent is None:
        if started is not None and attempt.ended is None:
            yield _title(f"request as meant{label} (not sent yet)")
            yield f"  {started.request.method} {started.request.url}\n", "strong"
            yield from _headers(masked_headers(started.request.headers), None, None)
            yield "\n", ""
        return
    yield _title(f"request as sent{label}")
    request_line = sent.head.split(b"\r\n", 1)[0].decode("latin-1")
    yield f"  {request_line}\n", "strong"
    yield from _headers(sent.headers, signed, started)
    yield f"  {counted(sent.body_bytes, 'byte')} of body\n", "dim"
    yield from _legend(sent, signed)
    yield "\n", ""


def _headers(headers: Headers, signed: Signed | None, started: Started | None) -> Iterator[Piece]:
    names = frozenset(signed.signed_headers) if signed is not None else frozenset()
    meant = {name.lower() for name, _ in started.request.headers} if started is not None else None
    for name, value in headers:
        mark = _SIGNED if name.lower() in names else _ADDED if _is_added(name, meant) else _OTHER
        yield f"{mark} ", "success" if mark == _SIGNED else "warning"
        yield name, "key"
        yield ": ", "punctuation"
        yield f"{value}\n", ""


def _is_added(name: str, meant: set[str] | None) -> bool:
    """Whether neither the draft nor the signer put it there."""
    lower = name.lower()
    return meant is not None and lower not in meant and lower != "authorization" and not lower.startswith("x-amz-")


def _legend(sent: RequestSent, signed: Signed | None) -> Iterator[Piece]:
    if signed is not None and signed.scope:
        yield f"  {_SIGNED} covered by the signature", "faint"
        yield f"   {_ADDED} added by the transport\n", "faint"


def _response(attempt: Attempt, label: str) -> Iterator[Piece]:
    head = attempt.head
    if head is None:
        return
    yield _title(f"response as received{label}")
    style = "success" if head.status < 300 else "warning" if head.status < 400 else "error"
    yield f"  HTTP/{head.http_version} {head.status} {head.reason}\n", style
    yield from _headers(masked_headers(head.headers), None, None)
    yield "\n", ""


def _body(recorder: Recorder) -> Iterator[Piece]:
    if recorder.head is None:
        return
    parts = recorder.parts
    yield _title("body")
    kind = "payload part" if len(parts) and parts.headers(0) else "piece"
    yield from _fact("received", f"{counted(len(parts), kind)}, {size(parts.total)} of payload")
    if not parts.is_whole:
        dropped = f"the first {size(len(parts.body))}; what came after was counted and timed, not kept or decoded"
        yield from _fact("kept", dropped, "warning")
    for frame in recorder.frames:
        yield from _fact(
            "frame", f"at {frame.offset:,}: {_frame_name(frame)}, {counted(len(frame.payload), 'byte')}", "warning"
        )
    if recorder.rejected is not None:
        yield from _fact("rejected", f"{recorder.rejected.message}", "error")
    if recorder.trailers is not None:
        yield from _fact("trailers", counted(len(recorder.trailers.headers), "field"))
        yield from _headers(masked_headers(recorder.trailers.headers), None, None)
    for fault in (recorder.service_fault, recorder.transport_fault):
        if fault is not None:
            yield from _fact("fault", f"{fault.code}: {without_quotes(fault.message)}", "error")
    yield "\n", ""


def _frame_name(frame: FrameArrived) -> str:
    told = {header.name: header.value for header in frame.headers}
    kind = told.get(":exception-type") or told.get(":error-code") or told.get(":event-type") or "no type"
    return f"{told.get(':message-type', 'no message type')!s} {kind!s}"


def _jobs(recorder: Recorder) -> Iterator[Piece]:
    if not recorder.jobs:
        return
    yield _title("async job")
    for job in recorder.jobs:
        yield from _fact(f"{job.at:10.3f} s", f"{job.state.value}: {job.detail}")
    last = recorder.jobs[-1]
    for name, value in (
        ("inference id", last.inference_id),
        ("output", last.output_location),
        ("failure", last.failure_location),
    ):
        if value:
            yield from _fact(name, value)
    yield "\n", ""


def _connection(attempt: Attempt) -> Iterator[Piece]:
    connected = attempt.connected
    if connected is None:
        return
    yield _title("connection")
    yield from _fact("peer", connected.peer)
    yield from _fact("used before", "yes" if connected.is_reused else "no, opened for this call")
    tls = f"{connected.tls_version}, {connected.tls_cipher}" if connected.tls_version else "none: plain text"
    yield from _fact("TLS", tls, "" if connected.tls_version else "warning")
    if attempt.head is not None:
        yield from _fact("HTTP", attempt.head.http_version)
    yield "\n", ""


_ROW_STYLES = {"heading": "label", "same": "dim", "ours": "success", "theirs": "error", "mark": "warning"}


def _refusal(recorder: Recorder) -> Iterator[Piece]:
    """Of a refused signature, what was signed here beside what the server worked out."""
    compared = refused_signature(recorder.attempt.signed, recorder.service_fault)
    if not compared:
        return
    yield _title("signature refused: what was signed, here and by the server")
    yield f"  {first_difference(compared)}\n", "strong"
    for row in comparison_rows(compared):
        yield f"  {row.text}\n", _ROW_STYLES[row.kind]
    yield "\n", ""


def _signature(signed: Signed | None) -> Iterator[Piece]:
    if signed is None:
        return
    yield _title("signature (SigV4)")
    if not signed.scope:
        yield from _fact("signed", f"no (credentials: {signed.credential_source})", "warning")
        return
    yield from _fact("credentials", f"{signed.credential_source}, key {signed.access_key_id}")
    yield from _fact("session token", "present" if signed.has_session_token else "none")
    yield from _fact("expires", signed.expires_at or "not told")
    yield from _fact("scope", signed.scope)
    yield from _fact("signed headers", ";".join(signed.signed_headers))
    yield from _fact("payload SHA-256", signed.payload_sha256)
    yield "\n  canonical request\n", "label"
    yield f"{_indented(signed.canonical_request)}\n", "number"
    yield "\n  string to sign\n", "label"
    yield f"{_indented(signed.string_to_sign)}\n", "number"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
