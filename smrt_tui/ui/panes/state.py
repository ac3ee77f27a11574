"""How a call stands, in the few words of a border, and which view suits what arrived. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.request import header, media_type
from smrt_tui.ui.panes.units import counted, duration, size

if TYPE_CHECKING:
    from smrt_tui.core.decode.decoder import Decoder


_EVENT_STREAM = "application/vnd.amazon.eventstream"
_EVENTS_WITHOUT_TEXT = 8
"""After so many events without a text, a stream is shown as events."""


def state_title(recorder: Recorder | None, decoder: Decoder | None = None) -> str:
    """`200 OK · streaming…`, `424 ModelError`, `200 OK · error inside`, `cancelled · 132 parts kept`."""
    if recorder is None:
        return "Response"
    inside = " · error inside" if recorder.verdict is Verdict.COMPLETE and has_error_inside(decoder) else ""
    return f"Response · {_state(recorder)}{inside}"


def has_error_inside(decoder: Decoder | None) -> bool:
    """Whether the model told an error in its answer, whatever the status says."""
    return decoder is not None and decoder.answer.error is not None


def _state(recorder: Recorder) -> str:
    kept = counted(len(recorder.parts), "part")
    match recorder.verdict:
        case Verdict.RUNNING:
            return _running(recorder)
        case Verdict.COMPLETE:
            return _status(recorder) or "complete"
        case Verdict.ANSWERED_WITH_ERROR:
            fault = recorder.service_fault
            assert fault is not None
            return f"{fault.status} {plain(fault.code)}"
        case Verdict.BROKE:
            return f"{_status(recorder)} · {_what_broke(recorder)} after {kept}"
        case Verdict.CANCELLED:
            return f"cancelled · {kept} kept"
        case Verdict.NO_ANSWER | Verdict.CANNOT_SEND:
            return f"{recorder.verdict.value} · {_what_broke(recorder)}"


def _running(recorder: Recorder) -> str:
    if recorder.jobs:
        return f"async · {recorder.jobs[-1].state.value}"
    if recorder.head is None:
        marks = recorder.attempt.marks
        attempt = f"attempt {len(recorder.attempts)} · " if len(recorder.attempts) > 1 else ""
        return f"{attempt}{marks[-1].phase.value}…" if marks else f"{attempt}sending…"
    return f"{_status(recorder)} · {'streaming' if is_stream(recorder) else 'receiving'}…"


def _status(recorder: Recorder) -> str:
    return "" if recorder.head is None else f"{recorder.head.status} {plain(recorder.head.reason)}".strip()


def _what_broke(recorder: Recorder) -> str:
    fault = recorder.service_fault or recorder.transport_fault
    if fault is not None:
        return plain(fault.code)
    return plain(recorder.rejected.reason) if recorder.rejected is not None else "broke"


def state_subtitle(recorder: Recorder | None, decoder: Decoder | None) -> str:
    """`12 parts · 3.4 KB · 1.250 s · auto: sse · openai-chat`, and how much was kept where not all of it was."""
    if recorder is None:
        return ""
    parts = recorder.parts
    pieces = [counted(len(parts), "part"), size(parts.total)]
    if not parts.is_whole:
        pieces.append(f"the first {size(len(parts.body))} kept")
    if recorder.ended is not None:
        pieces.append(duration(recorder.ended.at))
    if decoder is not None and decoder.framing is not None:
        pieces.append(plain(decoder.guess))
    return " · ".join(pieces)


def is_stream(recorder: Recorder) -> bool:
    """Whether the answer is an event stream."""
    return recorder.head is not None and media_type(header(recorder.head.headers, "content-type")) == _EVENT_STREAM


def default_tab(recorder: Recorder, decoder: Decoder | None) -> str:
    """The view that suits what arrived so far."""
    if decoder is None or decoder.framing is None:
        return "text"
    if decoder.framing == "binary":
        kind = decoder.binary.media_type if decoder.binary is not None else ""
        return "media" if kind.startswith(("image/", "audio/")) else "hex"
    if decoder.framing == "json" and not is_stream(recorder):
        return "json"
    counts = decoder.answer.counts
    has_no_text = not counts.text_events and not counts.reasoning_events
    return "events" if has_no_text and counts.events >= _EVENTS_WITHOUT_TEXT else "text"
