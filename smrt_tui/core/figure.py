"""A figure and its definition, as data: one row for everything that is measured about a call.

The words are the contract of the screen, the command line and the exports. Nothing is computed here.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct

Unit: TypeAlias = Literal["s", "1", "bytes", "bytes/s", "tokens/s", "events/s", "characters/s"]
"""Seconds, a bare number, and what their names say."""

Source: TypeAlias = Literal["", "server count", "token events", "≈ events", "≈ bins"]
"""Where a number was taken from that could also be guessed; empty where it was measured.

`server count`: the usage that the server told. `token events`: one event is one token, as the format promises.
`≈ events`: events with output, each of which may hold several tokens. `≈ bins`: right to one per cent.
"""


class _Definition(NamedTuple):
    key: str
    name: str
    unit: Unit
    words: str


_SENT = "first request byte written →"
_OUTPUTS = "(first output → last output)"

_TABLE: Final = (
    _Definition("ttfb_s", "TTFB (headers)", "s", f"{_SENT} response head read"),
    _Definition("first_part_s", "first part", "s", f"{_SENT} first part of the body read whole"),
    _Definition("first_reasoning_s", "first reasoning", "s", f"{_SENT} part that completed the first reasoning"),
    _Definition(
        "ttft_s", "TTFT (first text)", "s", f"{_SENT} part that completed the first text; a role or empty text is none"
    ),
    _Definition(
        "prefill_s", "headers → first output", "s", "response head read → part that completed the first output"
    ),
    _Definition("last_output_s", "last output", "s", f"{_SENT} part that completed the last text or reasoning"),
    _Definition("e2e_s", "E2E", "s", f"{_SENT} end of the call"),
    _Definition("tail_s", "tail", "s", "last output → end of the call: usage, end markers, the close"),
    _Definition("parts", "parts", "1", "payload parts of a stream, or pieces of a plain body as they were read"),
    _Definition("bytes", "bytes", "bytes", "payload bytes, framing not counted"),
    _Definition("bytes_per_s", "bytes a second", "bytes/s", "payload bytes / (first part → last part)"),
    _Definition("gap_mean_s", "gap, mean", "s", "(first part → last part) / (parts − 1)"),
    _Definition("gap_p50_s", "gap, p50", "s", "half of the gaps between one part and the next are shorter"),
    _Definition("gap_p95_s", "gap, p95", "s", "95 of 100 gaps between one part and the next are shorter"),
    _Definition("gap_max_s", "gap, longest", "s", "the longest gap between one part and the next"),
    _Definition("stalls", "stalls", "1", "gaps longer than four times p50 and than 0.25 s"),
    _Definition("jitter_s", "jitter (stdev)", "s", "standard deviation of the gaps above zero"),
    _Definition(
        "jitter_rfc3550_s", "jitter (RFC 3550)", "s", "J += (|D| − J) / 16, D from one gap above zero to the next"
    ),
    _Definition(
        "parts_together", "parts in one read", "1", "parts read at once with the one before; their gap is zero"
    ),
    _Definition("output_events", "output events", "1", "events with text or reasoning"),
    _Definition("tokens", "tokens out", "1", "completion tokens, reasoning included"),
    _Definition("event_gap_mean_s", "event gap, mean", "s", f"{_OUTPUTS} / (output events − 1)"),
    _Definition("itl_s", "ITL", "s", f"{_OUTPUTS} / (tokens − 1)"),
    _Definition("decode_per_s", "decode rate", "tokens/s", f"(tokens − 1) / {_OUTPUTS}"),
    _Definition("characters_per_s", "characters a second", "characters/s", f"characters of all output / {_OUTPUTS}"),
    _Definition("tokens_per_event", "tokens an event", "1", "tokens out / output events"),
    _Definition("tokens_per_part", "tokens a part", "1", "tokens out / parts"),
    _Definition("overall_per_s", "overall rate", "tokens/s", "tokens / E2E"),
    _Definition(
        "prompt_per_s", "prompt rate", "tokens/s", "prompt tokens / (first request byte written → first output)"
    ),
)
_DEFINITIONS: Final = {definition.key: definition for definition in _TABLE}

FIGURE_KEYS: Final = tuple(_DEFINITIONS)
"""Every key there is, in the order in which figures are shown."""


class Figure(Struct, frozen=True):
    """One number and what it means."""

    key: str
    """Stable, with the unit: `ttft_s`."""
    name: str
    value: float
    unit: Unit
    definition: str
    """From where to where, or what divided by what."""
    source: Source = ""
    note: str = ""
    """Where it happened, such as after which part."""


def figure(key: str, value: float, source: Source = "", note: str = "") -> Figure:
    """The figure of that key. What counts events for want of tokens says so, in its unit and its definition too."""
    _, name, unit, words = _DEFINITIONS[key]
    if source == "≈ events":
        unit = "events/s" if unit == "tokens/s" else unit
        words = words.replace("tokens", "output events")
    return Figure(key, name, value, unit, words, source, note)
