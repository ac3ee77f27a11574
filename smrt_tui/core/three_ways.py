"""Three ways at once: one payload fired sync, as a stream and async, and what the three answers have to do with each
other.

`drafts` makes the three requests, `compare` sets their recordings side by side. Nothing is fired here. A difference is
never explained away: where sampling may be its cause, that is said beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from smrt_tui.core.lint.json_text import with_flag
from smrt_tui.core.markdown_table import markdown_table
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.service import Mode, packaged_service
from smrt_tui.core.timeline import marks_of

if TYPE_CHECKING:
    from smrt_tui.core.decode.decoder import Decoder
    from smrt_tui.core.draft import ResolvedDraft

WAYS: tuple[Mode, ...] = ("sync", "stream", "async")

Likeness = Literal["same", "different", "unknown"]


class Way(Struct, frozen=True):
    """One of the three answers, as far as it is there. Times are seconds since its call started."""

    mode: Mode
    verdict: Verdict
    text: str
    """What the answer says to a person, decoded by the same presets; the body as text where it says nothing."""
    body: bytes
    first_byte_s: float | None
    first_text_s: float | None
    total_s: float | None
    """None while it runs."""


class Likened(Struct, frozen=True):
    """Whether another way answered what the sync one did."""

    mode: Mode
    likeness: Likeness
    sentence: str


def drafts(resolved: ResolvedDraft) -> tuple[ResolvedDraft, ...]:
    """The request for each of the three ways: members that a way does not have left out, a chat body's flag set."""
    return tuple(_for(resolved, mode) for mode in WAYS)


def _for(resolved: ResolvedDraft, mode: Mode) -> ResolvedDraft:
    operation = packaged_service().operation(mode)
    members = tuple((name, value) for name, value in resolved.members if operation.input(name) is not None)
    return replace(resolved, mode=mode, members=members, body=_flagged(resolved.body, is_stream=mode == "stream"))


def _flagged(body: bytes, *, is_stream: bool) -> bytes:
    """A body that has a `stream` flag, or is a chat and wants one, with the flag as the operation answers."""
    value = _object(body)
    if value is None or not ("stream" in value or isinstance(value.get("messages"), list)):
        return body
    if value.get("stream", False) is is_stream:
        return body
    if not is_stream and "stream_options" in value:  # refused without the flag
        kept = {name: member for name, member in value.items() if name != "stream_options"}
        return json.dumps({**kept, "stream": False}, ensure_ascii=False).encode()
    changed = with_flag(body.decode(), "stream", is_stream)
    return body if changed is None else changed.encode()


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def way_of(mode: Mode, recorder: Recorder, decoder: Decoder | None, now: float) -> Way:
    """One answer as it stands; `now` in seconds since its call started."""
    body = bytes(recorder.parts.body)
    marks = marks_of(recorder, decoder, now)
    choice = decoder.answer.choices.get(0) if decoder is not None else None
    text = choice.text.text if choice is not None else ""
    return Way(
        mode=mode,
        verdict=recorder.verdict,
        text=text or body.decode("utf-8", "replace"),
        body=body,
        first_byte_s=marks.part_times[0] if marks.part_times else None,
        first_text_s=marks.first_output,
        total_s=recorder.ended.at if recorder.ended else None,
    )


def compare(ways: Mapping[Mode, Way], sent: Sequence[ResolvedDraft]) -> tuple[Likened, ...]:
    """Each other way against the sync one, and whether sampling may be why they differ."""
    one = ways.get("sync")
    return tuple(_likened(one, ways[mode], _sampling(sent)) for mode in WAYS[1:] if one is not None and mode in ways)


def _likened(one: Way, other: Way, sampling: str) -> Likened:
    name = "The assembled stream" if other.mode == "stream" else "The async output"
    if one.total_s is None or other.total_s is None:
        return Likened(other.mode, "unknown", f"{name}: still running")
    if one.verdict is not Verdict.COMPLETE or other.verdict is not Verdict.COMPLETE:
        failed = one if one.verdict is not Verdict.COMPLETE else other
        return Likened(other.mode, "unknown", f"{name} can't be compared: {failed.mode} {failed.verdict.value}")
    if one.body == other.body:
        return Likened(other.mode, "same", f"{name} equals the sync body, byte for byte ({len(one.body):,} bytes)")
    if one.text == other.text:
        return Likened(other.mode, "same", f"{name} says what the sync body says ({len(one.text):,} characters)")
    place = next((at for at, (a, b) in enumerate(zip(one.text, other.text, strict=False)) if a != b), None)
    at = min(len(one.text), len(other.text)) if place is None else place
    return Likened(other.mode, "different", f"{name} differs from the sync body from character {at + 1:,} on{sampling}")


def timing(ways: Mapping[Mode, Way]) -> str:
    """How the times of the stream and the sync call differ, in a sentence; empty unless both ended well."""
    one, other = ways.get("sync"), ways.get("stream")
    if one is None or other is None or {one.verdict, other.verdict} != {Verdict.COMPLETE}:
        return ""
    first = _apart(one.first_text_s or one.first_byte_s, other.first_text_s or other.first_byte_s)
    told = (f"its first text {first}" if first else "", f"its end {_apart(one.total_s, other.total_s)}")
    return f"Against the sync call, the stream had {' and '.join(filter(None, told))}"


def _apart(one: float | None, other: float | None) -> str:
    if one is None or other is None:
        return ""
    if abs(one - other) < 0.005:
        return "at the same time"
    return f"{abs(one - other):.2f} s {'sooner' if other < one else 'later'}"


def as_markdown(ways: Mapping[Mode, Way], likened: Sequence[Likened], endpoint: str) -> str:
    """The figures and what is said of them, for pasting into an issue."""
    columns = ("way", "ended", "bytes", "first byte s", "first text s", "total s")
    rows = [
        (
            mode,
            way.verdict.value,
            f"{len(way.body):,}",
            *("" if at is None else f"{at:.3f}" for at in (way.first_byte_s, way.first_text_s, way.total_s)),
        )
        for mode, way in ways.items()
    ]
    sentences = filter(None, (*(one.sentence for one in likened), timing(ways)))
    told = "\n".join(f"- {sentence}." for sentence in sentences)
    return f"Endpoint `{endpoint}`, three ways at once.\n\n{markdown_table(columns, rows)}\n{told}\n"


_DECIDED = {"temperature": 0, "do_sample": False, "top_k": 1}


def _sampling(sent: Sequence[ResolvedDraft]) -> str:
    """What to say of a difference when the payload leaves the choice of words to chance."""
    value = _object(sent[0].body) if sent else None
    if value is None:
        return ""
    parameters = value.get("parameters")
    settings = {**value, **(parameters if isinstance(parameters, dict) else {})}
    is_decided = "seed" in settings or any(settings.get(name) == fixed for name, fixed in _DECIDED.items())
    is_text = any(name in settings for name in ("messages", "prompt", "inputs"))
    if is_decided or not is_text:
        return ""
    return "; without a seed or a temperature of 0 a model may answer otherwise each time"
