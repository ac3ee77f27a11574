"""The speech container: a text comes back as a WAV file of tones, whole or as it is made.

Requests as OpenAI's speech endpoint and the text-to-speech containers take them: `{"input": …, "response_format": …}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer, paced, refusal, streamed
from smrt_tui.local.containers.reading import content_type, is_streaming, json_object, pace_s
from smrt_tui.local.containers.tones import SAMPLE_RATE, length_of, sing, wav_header

_TYPES = {"wav": "audio/wav", "pcm": "audio/pcm"}
_LONGEST_TEXT = 1000
_SLICE_BYTES = SAMPLE_RATE // 10 * 2  # a tenth of a second
_PACE_S = 0.05


class _Order(Struct, frozen=True):
    text: str
    form: str
    speed: float


class SpeechContainer:
    """Takes JSON, or the text itself."""

    name = "speech"

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """The sound; in a stream the header comes first, then a tenth of a second a slice."""
        try:
            order = _order(request)
            pace = pace_s(request.headers, _PACE_S)
        except ValueError as problem:
            return refusal(400, str(problem))
        if is_streaming(request.headers):
            return streamed(paced(_pieces(order), pace), _TYPES[order.form])
        return answer(b"".join(_pieces(order)), _TYPES[order.form])

    async def ping(self) -> bool:
        """Always ready."""
        return True


def _pieces(order: _Order) -> Iterator[bytes]:
    if order.form == "wav":
        yield wav_header(length_of(order.text, order.speed))
    held = bytearray()
    for note in sing(order.text, order.speed):
        held += note
        while len(held) >= _SLICE_BYTES:
            yield bytes(held[:_SLICE_BYTES])
            del held[:_SLICE_BYTES]
    if held:
        yield bytes(held)


def _order(request: ContainerRequest) -> _Order:
    if content_type(request.headers).type in ("application/x-text", "text/plain"):
        payload: Mapping[str, Any] = {"input": request.body.decode(errors="replace")}
    else:
        payload = json_object(request.body)
    text = payload.get("input", payload.get("inputs"))
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST_TEXT:
        raise ValueError(f"input must be a text of 1 to {_LONGEST_TEXT} characters")
    form = payload.get("response_format", "wav")
    if form not in _TYPES:
        raise ValueError(f"response_format must be one of {', '.join(_TYPES)}, not {json.dumps(form)}")
    speed = payload.get("speed", 1.0)
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0.25 <= speed <= 4:
        raise ValueError(f"speed must be a number from 0.25 to 4, not {json.dumps(speed)}")
    return _Order(text, form, float(speed))
