"""What a person reads on stderr about one call: what is sent, what came back, what went wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from smrt_tui.core.canonical import comparison_rows, refused_signature, without_quotes
from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.events import AttemptEnded, Event, FrameRejected, HeadArrived, JobMoved, Started
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import header
from smrt_tui.core.service import OPERATION_OF_MODE


def sending_line(entry: ProfileEntry, draft: ResolvedDraft) -> str:
    """Which profile is sent, and how."""
    operation = OPERATION_OF_MODE[draft.mode]
    return f"{entry.id} · {operation} · endpoint {draft.endpoint} · {len(draft.body):,} bytes"


def event_narration(event: Event) -> Iterator[str]:
    """The line an event is worth while the call runs; most are worth none."""
    match event:
        case Started():
            yield f"{event.request.method} {event.request.url}"
        case HeadArrived():
            request_id = header(event.headers, "x-amzn-RequestId")
            status = f"{event.status} {event.reason}".strip()
            yield f"{status}{f' · request id {request_id}' if request_id else ''} · after {seconds(event.at)}"
        case JobMoved():
            yield f"job {event.state.value}: {event.detail}"
        case AttemptEnded():
            yield f"attempt {event.attempt} failed: {event.reason}; the next one in {seconds(event.delay_s)}"
        case FrameRejected():
            yield f"broken frame at byte {event.offset:,}: {event.message}"


def left_job(job: JobMoved, *, is_local: bool) -> Iterator[str]:
    """What to know about a job that nobody waits for."""
    yield f"its output will be at {job.output_location}"
    if job.failure_location:
        yield f"what went wrong, if it does, at {job.failure_location}"
    if is_local:
        yield "the local endpoint ends with this command, and the job with it; `smrt-tui serve` runs one that stays"
    else:
        yield f"`smrt-tui jobs {job.inference_id or job.output_location}` looks again"


def fault_lines(recorder: Recorder) -> Iterator[str]:
    """What went wrong in the words of whoever said so."""
    service, transport = recorder.service_fault, recorder.transport_fault
    compared = refused_signature(recorder.attempt.signed, service)
    if service is not None:
        code = f"{service.code} ({service.error_code})" if service.error_code else service.code
        message = without_quotes(service.message) if compared else service.message
        yield f"{code}: {message}" if message else code
        if service.original_status is not None:
            yield f"  the container answered {service.original_status}: {service.original_message}"
        if service.log_stream_arn:
            yield f"  log: {service.log_stream_arn}"
    for row in comparison_rows(compared):
        yield f"  {row.text}"
    if transport is not None:
        yield f"{transport.code}: {transport.message}"
        if transport.hint:
            yield f"  {transport.hint}"


def closing_line(recorder: Recorder, verdict: str) -> str:
    """How it ended and what was measured."""
    parts = len(recorder.parts)
    measured = [
        verdict,
        f"{parts:,} part{'' if parts == 1 else 's'}",
        f"{recorder.parts.total:,} bytes",
    ]
    if recorder.head is not None:
        measured.append(f"head {seconds(recorder.head.at)}")
    if parts:
        measured.append(f"first part {seconds(recorder.parts.times[0])}")
    if recorder.ended is not None:
        measured.append(f"total {seconds(recorder.ended.at)}")
    return " · ".join(measured)


def measurements(recorder: Recorder) -> dict[str, float | int | None]:
    """What was measured, in seconds since the start and in bytes; None for what did not happen."""
    times = recorder.parts.times
    return {
        "parts": len(recorder.parts),
        "bytes": recorder.parts.total,
        "head_s": _micro(recorder.head.at if recorder.head else None),
        "first_part_s": _micro(times[0] if times else None),
        "last_part_s": _micro(times[-1] if times else None),
        "total_s": _micro(recorder.ended.at if recorder.ended else None),
    }


def _micro(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def seconds(value: float) -> str:
    """`12.3 ms` below a second, `1.23 s` above."""
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
