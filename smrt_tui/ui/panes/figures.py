"""The figures of one call by honest names, each with what exactly it measures."""

from __future__ import annotations

from typing import NamedTuple

from smrt_tui.core.decode import Decoder
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.units import duration, size


class Figure(NamedTuple):
    """One figure as it shows."""

    name: str
    value: str
    definition: str
    style: str = ""
    """Empty for what is as it should be."""


def figures_of(recorder: Recorder, decoder: Decoder | None) -> list[Figure]:
    """Every figure that is known."""
    found: list[Figure] = []
    sent = recorder.attempt.sent
    begun = sent.at if sent else 0.0
    if recorder.head is not None:
        found.append(Figure("TTFB (headers)", duration(recorder.head.at - begun), "request sent → response head read"))
    times = recorder.parts.times
    if len(times):
        found.append(Figure("first part", duration(times[0] - begun), "request sent → first part read whole"))
        found.append(Figure("parts", f"{len(times):,}", "payload parts of the body"))
        found.append(Figure("bytes", size(len(recorder.parts.body)), "payload bytes, framing not counted"))
    if decoder is not None and len(decoder.answer.text_times):
        at = decoder.answer.text_times[0]
        found.append(
            Figure("first text", duration(at - begun), "request sent → the part that completed the first text")
        )
    if recorder.ended is not None:
        found.append(Figure("E2E", duration(recorder.ended.at - begun), "request sent → stream closed"))
    return found
