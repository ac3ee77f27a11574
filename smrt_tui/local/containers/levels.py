"""How long, how fast and how loud a WAV recording is, and where in it there is sound. Reads samples, no request."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

_WINDOW_S = 0.05
_SOUND = 0.01
"""A window at or above this share of full scale (-40 dB) holds sound: a quiet room lies below, speech well above."""


@dataclass(frozen=True, slots=True)
class Levels:
    """What was measured. Levels are in decibels below full scale; None is silence, which has no level."""

    sample_rate: int
    channels: int
    bits: int
    duration_s: float
    rms_dbfs: float | None
    peak_dbfs: float | None
    sounds: tuple[tuple[float, float], ...]
    """Where there is sound: start and end in seconds, to a twentieth of a second."""


def measure(recording: bytes) -> Levels:
    """The levels of a PCM recording over all its channels. Raises `ValueError` for what is none, or is cut off."""
    try:
        with wave.open(io.BytesIO(recording)) as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.readframes(file.getnframes())
            missing = file.getnframes() * channels * width - len(frames)
    except (wave.Error, EOFError, RuntimeError) as problem:  # the last from a chunk that claims more than there is
        raise ValueError(f"this is no WAV recording of PCM samples: {str(problem) or 'it ends too early'}") from problem
    if missing > 0:
        raise ValueError(f"the recording is cut off: {missing} bytes of its samples are missing")
    if rate < 1 or width not in (1, 2, 3, 4):
        raise ValueError(f"a recording of {rate} samples a second, {width} bytes each, cannot be read")
    return _levels(_samples(frames, width), rate, channels, width)


def _levels(samples: Sequence[int], rate: int, channels: int, width: int) -> Levels:
    full = float(1 << (8 * width - 1))
    step = max(1, int(rate * _WINDOW_S)) * channels
    energies = [math.fsum(sample * sample for sample in samples[at : at + step]) for at in range(0, len(samples), step)]
    sizes = [min(step, len(samples) - at) for at in range(0, len(samples), step)]
    loud = [math.sqrt(energy / size) / full >= _SOUND for energy, size in zip(energies, sizes, strict=True)]
    return Levels(
        rate,
        channels,
        8 * width,
        round(len(samples) / channels / rate, 6),
        _decibels(math.sqrt(math.fsum(energies) / max(1, len(samples))) / full),
        _decibels(max((abs(sample) for sample in samples), default=0) / full),
        _stretches(loud, step / channels / rate, len(samples) / channels / rate),
    )


def _samples(frames: bytes, width: int) -> Sequence[int]:
    """The samples as signed numbers; 8 bits are unsigned in a file (RIFF), more are little-endian."""
    if width == 1:
        return [byte - 128 for byte in frames]
    if width == 3:
        return [int.from_bytes(frames[at : at + 3], "little", signed=True) for at in range(0, len(frames) - 2, 3)]
    samples = array("h" if width == 2 else "i", frames)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _decibels(share: float) -> float | None:
    return round(20 * math.log10(share), 2) if share > 0 else None


def _stretches(loud: Sequence[bool], window_s: float, end_s: float) -> tuple[tuple[float, float], ...]:
    found = []
    for is_loud, run in groupby(range(len(loud)), key=loud.__getitem__):
        windows = list(run)
        if is_loud:
            found.append((round(windows[0] * window_s, 3), round(min((windows[-1] + 1) * window_s, end_s), 3)))
    return tuple(found)
