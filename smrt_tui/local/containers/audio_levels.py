"""Recordings in, what is measured in them out: length, rate, channels, level, and the stretches with sound.

A stand-in for a container of speech recognition with the method of a simple voice activity detector (see `levels`): it
hears that there is sound, not what is said, and says no word of it. A WAV recording as bytes, JSON back; other types
are status 415, what is no readable WAV 400, in plain text.
"""

from __future__ import annotations

import asyncio

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import json_answer, refusal
from smrt_tui.local.containers.levels import Levels, measure
from smrt_tui.local.containers.negotiation import agreed

_TYPES = ("audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave")


class AudioLevelsContainer:
    """Measures recordings."""

    name = "audio-levels"

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """The figures of one recording."""
        accept = agreed(request.headers, _TYPES, ("application/json",))
        if isinstance(accept, ContainerResponse):
            return accept
        try:
            levels = await asyncio.to_thread(measure, request.body)
        except ValueError as problem:
            return refusal(400, str(problem))
        return json_answer(_told(levels))

    async def ping(self) -> bool:
        """Always ready."""
        return True


def _told(levels: Levels) -> dict[str, object]:
    return {
        "duration_s": levels.duration_s,
        "sample_rate": levels.sample_rate,
        "channels": levels.channels,
        "bits": levels.bits,
        "rms_dbfs": levels.rms_dbfs,
        "peak_dbfs": levels.peak_dbfs,
        "segments": [{"start": start, "end": end, "label": "sound"} for start, end in levels.sounds],
    }
