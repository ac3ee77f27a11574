"""What makes figures not what they seem is told beside them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from smrt_tui.core.badges import Badge, badges
from smrt_tui.core.decode.moments import moments
from smrt_tui.core.events import Phase, PhaseMarked
from smrt_tui.core.timeline import Marks

STEADY = Marks(
    now=2.0,
    is_over=True,
    phases=(PhaseMarked(0.0, Phase.SEND_HEAD),),
    part_times=(0.5, 1.0, 1.5, 1.6, 1.7),
    texts=moments(0.5, 1.0, 1.5, 1.6, 1.7),
    usage_out=5,
    content_type="text/event-stream; charset=utf-8",
    framing="sse",
)


def keys(marks: Marks) -> list[str]:
    return [badge.key for badge in badges(marks)]


def test_a_steady_stream_has_none() -> None:
    assert badges(STEADY) == ()
    assert badges(Marks(now=0.0)) == ()


@pytest.mark.parametrize(
    ("marks", "badge"),
    [
        (
            replace(STEADY, error="boom"),
            Badge("error-inside", "the model told an error in its answer: boom"),
        ),
        (
            replace(STEADY, is_unterminated=True),
            Badge("unterminated", "the body ended without a finish reason or an end marker, or inside an event"),
        ),
        (
            replace(STEADY, part_times=(1.5, 1.501, 1.502, 1.503, 1.51)),
            Badge("buffered", "5 parts within 10.0 ms after 1.5 s of silence: something held them"),
        ),
        (
            replace(STEADY, usage_out=10),
            Badge("batching", "2.0 tokens a part: gaps between parts are not gaps between tokens"),
        ),
        (
            replace(STEADY, usage_out=10, part_times=(0.1,) * 20),
            Badge("batching", "2.0 tokens an event: gaps between events are not gaps between tokens"),
        ),
        (
            replace(STEADY, usage_out=None, part_times=(0.5, 1.0)),
            Badge("batching", "2.5 events a part: gaps between parts are not gaps between tokens"),
        ),
        (
            replace(STEADY, framing="text"),
            Badge("content-type", "the content type says text/event-stream, and the body is plain text"),
        ),
        (
            replace(STEADY, content_type="image/png", framing="json"),
            Badge("content-type", "the content type says image/png, and the body is JSON"),
        ),
        (
            replace(STEADY, comments=3),
            Badge("keep-alives", "comments sent to keep the connection open: 3; they count as parts, not as text"),
        ),
        (
            replace(STEADY, is_whole=True),
            Badge("not-a-token-stream", "one document in several parts: the first text is there when all of it is"),
        ),
    ],
    ids=lambda value: value.key if isinstance(value, Badge) else "",
)
def test_what_is_odd_is_told(marks: Marks, badge: Badge) -> None:
    assert badges(marks) == (badge,)


def test_the_most_serious_comes_first() -> None:
    assert keys(replace(STEADY, comments=1, error="boom", usage_out=10)) == ["error-inside", "batching", "keep-alives"]


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/octet-stream", "application/vnd.x"])
def test_a_content_type_that_promises_nothing_breaks_nothing(content_type: str) -> None:
    assert keys(replace(STEADY, content_type=content_type)) == []


def test_a_buffer_is_told_by_the_share_of_the_whole_time() -> None:
    assert keys(replace(STEADY, part_times=(1.5, 1.501, 1.502, 1.503, 1.57))) == ["buffered"]
    assert keys(replace(STEADY, part_times=(1.5, 1.501, 1.502, 1.503, 1.58))) == []


def test_few_parts_or_a_quick_answer_are_no_sign_of_a_buffer() -> None:
    assert keys(replace(STEADY, part_times=(1.5, 1.501, 1.502, 1.503), usage_out=4)) == []
    assert keys(replace(STEADY, part_times=(0.5, 0.501, 0.502, 0.503, 0.504))) == []
    assert keys(replace(STEADY, part_times=(1.5, 1.501, 1.502, 1.503, 1.51), is_framed=False)) == []
