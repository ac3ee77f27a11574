"""Figures say what they measure, and measure that."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.decode.moments import moments
from smrt_tui.core.events import Ended, Event, HeadArrived, PartArrived, Phase, PhaseMarked, Started
from smrt_tui.core.figure import FIGURE_KEYS, Figure, figure
from smrt_tui.core.gaps import LiveGaps
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import WireRequest
from smrt_tui.core.timeline import Marks, PhaseSpan, figures, marks_of, phase_spans

SENT = (PhaseMarked(0.0, Phase.CONNECT), PhaseMarked(1.0, Phase.SEND_HEAD), PhaseMarked(1.01, Phase.WAIT))

CHAT = Marks(
    now=1.506,
    is_over=True,
    phases=SENT,
    head_at=1.09,
    part_times=(1.1, 1.25, 1.3, 1.35, 1.36, 1.5, 1.505),
    body_bytes=700,
    texts=moments(1.25, 1.3, 1.35, 1.36),
    characters=20,
    usage_in=3,
    usage_out=5,
    framing="sse",
)
"""A role at 100 ms, text at 250, 300 (two tokens), 350 and 360, a finish reason at 500, usage at 505, end at 506."""


def values(marks: Marks) -> dict[str, float]:
    return {one.key: round(one.value, 9) for one in figures(marks)}


def test_a_chat_is_measured_from_the_first_request_byte() -> None:
    assert values(CHAT) == {
        "ttfb_s": 0.09,
        "first_part_s": 0.1,
        "ttft_s": 0.25,
        "prefill_s": 0.16,
        "last_output_s": 0.36,
        "e2e_s": 0.506,
        "tail_s": 0.146,
        "parts": 7,
        "bytes": 700,
        "bytes_per_s": round(700 / 0.405, 9),
        "gap_mean_s": 0.0675,
        "gap_p50_s": 0.05,
        "gap_p95_s": 0.1475,
        "gap_max_s": 0.15,
        "stalls": 0,
        "jitter_s": pytest.approx(0.058, abs=1e-3),
        "jitter_rfc3550_s": pytest.approx(0.0233, abs=1e-3),
        "output_events": 4,
        "tokens": 5,
        "event_gap_mean_s": round(0.11 / 3, 9),
        "itl_s": 0.0275,
        "decode_per_s": round(4 / 0.11, 9),
        "characters_per_s": round(20 / 0.11, 9),
        "tokens_per_event": 1.25,
        "tokens_per_part": round(5 / 7, 9),
        "overall_per_s": round(5 / 0.506, 9),
        "prompt_per_s": 12.0,
    }


def test_figures_come_in_the_order_of_their_table() -> None:
    keys = [one.key for one in figures(replace(CHAT, reasonings=moments(1.2), part_times=(1.1, 1.1, 1.2)))]
    assert keys == [key for key in FIGURE_KEYS if key in keys]
    assert set(FIGURE_KEYS) == set(keys)


def by_key(marks: Marks) -> dict[str, Figure]:
    return {one.key: one for one in figures(marks)}


def test_tokens_are_the_servers_or_they_are_called_events() -> None:
    told = by_key(CHAT)["itl_s"]
    assert (told.source, told.definition) == ("server count", "(first output → last output) / (tokens − 1)")
    untold = by_key(replace(CHAT, usage_out=None))
    assert "tokens" not in untold
    assert untold["itl_s"].source == "≈ events"
    assert untold["itl_s"].definition == "(first output → last output) / (output events − 1)"
    assert (untold["decode_per_s"].unit, told.unit) == ("events/s", "s")
    counted = by_key(replace(CHAT, usage_out=6, token_events=5))
    assert (counted["tokens"].value, counted["tokens"].source) == (5, "token events")


def test_reasoning_counts_as_output_but_not_as_text() -> None:
    found = values(replace(CHAT, reasonings=moments(1.15, 1.2)))
    assert (found["first_reasoning_s"], found["ttft_s"], found["prefill_s"]) == (0.15, 0.25, 0.06)
    assert found["itl_s"] == round(0.21 / 4, 9)


def test_a_running_call_has_no_end_to_measure_to() -> None:
    running = by_key(replace(CHAT, is_over=False))
    assert {"e2e_s", "tail_s", "overall_per_s"} & set(running) == set()


def test_gaps_of_a_plain_body_are_the_networks_and_not_shown() -> None:
    found = set(values(replace(CHAT, is_framed=False)))
    assert {"gap_mean_s", "gap_p50_s", "stalls", "jitter_s"} & found == set()
    assert {"parts", "bytes_per_s", "ttft_s", "overall_per_s", "tokens"} <= found


def test_a_whole_document_has_no_pace() -> None:
    found = set(values(replace(CHAT, is_whole=True)))
    assert {"itl_s", "decode_per_s", "prompt_per_s", "prefill_s", "tail_s", "output_events"} & found == set()
    assert {"ttft_s", "gap_p50_s", "overall_per_s", "tokens", "e2e_s"} <= found


@pytest.mark.parametrize(
    "marks",
    [
        Marks(now=0.0),
        Marks(now=1.0, phases=SENT),
        Marks(now=1.0, phases=SENT, head_at=1.0, is_over=True),
        Marks(now=1.0, phases=SENT, part_times=(1.0,), texts=moments(1.0), is_over=True),
        Marks(
            now=1.0, phases=SENT, part_times=(1.0, 1.0), texts=moments(1.0, 1.0), usage_out=0, usage_in=3, is_over=True
        ),
        Marks(now=2.0, phases=SENT, part_times=(1.5, 1.6), texts=moments(1.5, 1.6), usage_out=1),
        Marks(now=2.0, part_times=(1.5, 1.6), reasonings=moments(1.5), texts=moments(1.6)),
    ],
)
def test_what_is_not_known_is_left_out(marks: Marks) -> None:
    for one in figures(marks):
        assert one.value >= 0


def test_live_gaps_stand_in_for_the_exact_ones() -> None:
    gaps = LiveGaps()
    gaps.add_many(CHAT.part_times)
    found = {one.key: one for one in figures(CHAT, gaps.statistics())}
    assert (found["gap_p50_s"].source, found["gap_mean_s"].source) == ("≈ bins", "")
    assert found["gap_p50_s"].value == pytest.approx(0.05, rel=0.01)
    assert "jitter_rfc3550_s" not in found


def test_the_longest_gap_and_stalls_tell_where() -> None:
    stalled = replace(CHAT, part_times=(1.1, 1.2, 1.9, 2.0, 3.0, 3.1, 3.2, 3.3, 3.4, 4.2, 5.1))
    found = by_key(stalled)
    assert found["gap_max_s"].note == "after part 3"
    assert (found["stalls"].value, found["stalls"].note) == (4, "after part 1, 3, 8 …")


def test_phases_follow_each_other_to_the_end() -> None:
    assert phase_spans(CHAT) == (
        PhaseSpan(Phase.CONNECT, 0.0, 1.0, is_running=False),
        PhaseSpan(Phase.SEND_HEAD, 1.0, 1.01, is_running=False),
        PhaseSpan(Phase.WAIT, 1.01, 1.506, is_running=False),
    )
    assert phase_spans(replace(CHAT, is_over=False, now=1.2))[-1] == PhaseSpan(Phase.WAIT, 1.01, 1.2, is_running=True)
    assert phase_spans(Marks(now=1.0)) == ()


def test_marks_are_read_off_a_recording() -> None:
    headers = (
        ("X-Amzn-SageMaker-Content-Type", "text/event-stream"),
        ("Content-Type", "application/vnd.amazon.eventstream"),
    )
    bodies = (
        b': hi\n\ndata: {"choices":[{"delta":{"content":"Hi"}}]}\n\n',
        b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}\n\n',
    )
    events: list[Event] = [
        Started(0.0, "InvokeEndpointWithResponseStream", WireRequest("POST", "http://x/", (), b"")),
        *SENT,
        HeadArrived(1.1, "1.1", 200, "OK", headers),
        *(PartArrived(1.2 + n, n, body, 0, (("k", 7, "v"),), 0, 0) for n, body in enumerate(bodies)),  # type: ignore[arg-type]  # any header will do
        Ended(2.5, "complete"),
    ]
    recorder, decoder = Recorder(), Decoder()
    recorder.add(events)
    decoder.push_many(event for event in events if isinstance(event, PartArrived))
    decoder.close()
    marks = marks_of(recorder, decoder, now=9.9)
    assert marks == Marks(
        now=2.5,
        is_over=True,
        phases=list(SENT),
        head_at=1.1,
        part_times=recorder.parts.times,
        body_bytes=sum(map(len, bodies)),
        texts=moments(1.2),
        characters=2,
        usage_in=3,
        usage_out=1,
        comments=1,
        is_unterminated=True,
        content_type="text/event-stream",
        framing="sse",
    )
    nothing = Recorder()
    assert marks_of(nothing, None, now=0.5) == Marks(
        now=0.5, is_framed=False, phases=[], part_times=nothing.parts.times
    )


def test_every_figure_has_words() -> None:
    for key in FIGURE_KEYS:
        assert figure(key, 1.0).definition
