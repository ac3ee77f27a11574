"""What is to be known about the way an answer arrived before its figures are believed.

Judges marks; measures nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from smrt_tui.core.request import media_type
from smrt_tui.core.timeline import Marks

BUFFERED_PARTS: Final = 5
BUFFERED_SILENCE_S: Final = 1.0
BUFFERED_SHARE: Final = 0.05
"""Five parts or more, after a second of silence or more, within a twentieth of the whole time, came all at once."""

BATCHING_FROM: Final = 1.25
"""Tokens in an event, or in a part, from which on gaps no longer tell the pace of tokens."""

_FRAMING_OF: Final = {
    "text/event-stream": "sse",
    "application/jsonlines": "json",
    "application/x-ndjson": "json",
    "application/json": "json",
}
_FRAMING_NAMES: Final = {
    "sse": "server-sent events",
    "json": "JSON",
    "text": "plain text",
    "binary": "binary",
}


class Badge(Struct, frozen=True):
    """Something about the way an answer arrived that changes how its figures are to be read."""

    key: str
    """Stable: `buffered`."""
    detail: str
    """What was seen, in a sentence."""


def badges(marks: Marks) -> tuple[Badge, ...]:
    """What is to be known before the figures are believed, most serious first."""
    return tuple(badge for found in _BADGES if (badge := found(marks)) is not None)


def _error_inside(marks: Marks) -> Badge | None:
    return (
        None if marks.error is None else Badge("error-inside", f"the model told an error in its answer: {marks.error}")
    )


def _unterminated(marks: Marks) -> Badge | None:
    if not marks.is_unterminated:
        return None
    return Badge("unterminated", "the body ended without a finish reason or an end marker, or inside an event")


def _buffered(marks: Marks) -> Badge | None:
    times, sent = marks.part_times, marks.sent_at
    if sent is None or not marks.is_framed or not is_buffered(times, sent):
        return None
    spread = (times[-1] - times[0]) * 1000
    silence = times[0] - sent
    return Badge(
        "buffered", f"{len(times)} parts within {spread:.1f} ms after {silence:.1f} s of silence: something held them"
    )


def is_buffered(part_times: Sequence[float], sent_at: float) -> bool:
    """Whether the parts came all at once after a long silence, as through a proxy that collects them."""
    if len(part_times) < BUFFERED_PARTS:
        return False
    first, last = part_times[0] - sent_at, part_times[-1] - sent_at
    return first >= BUFFERED_SILENCE_S and last - first < BUFFERED_SHARE * last


def _batching(marks: Marks) -> Badge | None:
    tokens, source = marks.tokens
    parts = len(marks.part_times)
    if marks.is_whole or not marks.is_framed or not marks.outputs or not parts:
        return None
    what = "tokens" if source != "≈ events" else "events"
    if tokens > BATCHING_FROM * parts:
        return Badge("batching", f"{tokens / parts:.1f} {what} a part: gaps between parts are not gaps between tokens")
    if tokens > BATCHING_FROM * marks.outputs:
        return Badge(
            "batching", f"{tokens / marks.outputs:.1f} tokens an event: gaps between events are not gaps between tokens"
        )
    return None


def _mismatch(marks: Marks) -> Badge | None:
    told = media_type(marks.content_type)
    expected = _FRAMING_OF.get(told, "binary" if told.startswith(("image/", "audio/", "video/")) else None)
    if marks.framing is None or not marks.part_times or expected in (None, marks.framing):
        return None
    return Badge("content-type", f"the content type says {told}, and the body is {_FRAMING_NAMES[marks.framing]}")


def _keep_alives(marks: Marks) -> Badge | None:
    if not marks.comments:
        return None
    return Badge(
        "keep-alives", f"comments sent to keep the connection open: {marks.comments}; they count as parts, not as text"
    )


def _whole(marks: Marks) -> Badge | None:
    if not marks.is_whole or not marks.is_framed:
        return None
    return Badge("not-a-token-stream", "one document in several parts: the first text is there when all of it is")


_BADGES = (_error_inside, _unterminated, _buffered, _batching, _mismatch, _keep_alives, _whole)
