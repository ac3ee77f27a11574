"""How a call stands, in the few words that fit into a border. Pure text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Verdict
from smrt_tui.ui.payload_check import byte_size

if TYPE_CHECKING:
    from smrt_tui.core.recorder import Recorder


def look_of(recorder: Recorder) -> str:
    """The class that colours an answer by how it stands."""
    match recorder.verdict:
        case Verdict.RUNNING:
            return "-live"
        case Verdict.COMPLETE:
            return "-fine"
        case _:
            return "-failed"


def status_of(recorder: Recorder) -> str:
    """How it stands, in a few words: `200 OK`, `424 ModelError`, `200 · broke after it began`."""
    head = recorder.head
    status = f"{head.status} {plain(head.reason)}".strip() if head else ""
    verdict = recorder.verdict
    if verdict is Verdict.COMPLETE:
        return status or "complete"
    if recorder.service_fault is not None and recorder.service_fault.status is not None:
        return f"{recorder.service_fault.status} {plain(recorder.service_fault.code)}"
    return " · ".join(filter(None, (status, verdict.value)))


def size_of(recorder: Recorder) -> str:
    """How much came in how long."""
    parts = len(recorder.parts)
    pieces = [f"{parts:,} {'part' if parts == 1 else 'parts'}", byte_size(len(recorder.parts.body))]
    if recorder.ended is not None:
        pieces.append(f"{recorder.ended.at:.3f} s")
    return " · ".join(pieces)
