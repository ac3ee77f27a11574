"""Text as tones: a note for each letter, a rest for what is no letter. 16-bit samples, one channel. No request."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

SAMPLE_RATE = 16_000
_PENTATONIC = (0, 2, 4, 7, 9)
_LOWEST_HZ = 220.0
_NOTES = 12
_LETTER_S = 0.09
_VOWEL_S = 0.16
_REST_S = 0.06
_FADE_SAMPLES = 160
_LOUDNESS = 9000


def wav_header(samples: int) -> bytes:
    """The 44 bytes before the samples of a WAV file (RIFF, PCM)."""
    size = samples * 2
    form = struct.pack("<IHHIIHH", 16, 1, 1, SAMPLE_RATE, SAMPLE_RATE * 2, 2, 16)
    return b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + form + b"data" + struct.pack("<I", size)


def length_of(text: str, speed: float) -> int:
    """How many samples a text takes."""
    return sum(_samples(letter, speed) for letter in text)


def sing(text: str, speed: float) -> Iterator[bytes]:
    """The samples, a letter at a time, little-endian."""
    for letter in text:
        count = _samples(letter, speed)
        if letter.isalnum():
            yield _note(_pitch(letter), count)
        else:
            yield bytes(2 * count)


def _samples(letter: str, speed: float) -> int:
    seconds = (_VOWEL_S if letter.lower() in "aeiou" else _LETTER_S) if letter.isalnum() else _REST_S
    return max(1, int(seconds / speed * SAMPLE_RATE))


def _pitch(letter: str) -> float:
    octave, step = divmod(ord(letter.lower()) % _NOTES, len(_PENTATONIC))
    return float(_LOWEST_HZ * 2 ** (octave + _PENTATONIC[step] / 12))


def _note(pitch: float, count: int) -> bytes:
    turn = math.tau * pitch / SAMPLE_RATE
    fade = min(_FADE_SAMPLES, count // 2) or 1
    samples = (
        int(
            _LOUDNESS * min(1.0, at / fade, (count - at) / fade) * (math.sin(turn * at) + 0.3 * math.sin(2 * turn * at))
        )
        for at in range(count)
    )
    return struct.pack(f"<{count}h", *samples)
