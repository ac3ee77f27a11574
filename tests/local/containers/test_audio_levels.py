"""Recordings measured: every figure is the recording's own, and what cannot be read is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local.containers.audio_levels import AudioLevelsContainer
from smrt_tui.local.containers.levels import measure
from tests.local.containers.asking import ask, json_of
from tests.local.containers.media import a_recording

WAV = ("Content-Type", "audio/wave")


async def test_a_tone_after_silence_is_found_and_measured() -> None:
    recording = a_recording(0.5, rate=8000, channels=2, loud_from=0.2)
    answer = await json_of(AudioLevelsContainer(), recording, WAV)
    assert answer == {
        "duration_s": 0.5,
        "sample_rate": 8000,
        "channels": 2,
        "bits": 16,
        "rms_dbfs": pytest.approx(-11.25, abs=0.05),  # a sine at half of full scale, -9.03 dB, for three fifths
        "peak_dbfs": pytest.approx(-6.02, abs=0.02),
        "segments": [{"start": 0.2, "end": 0.5, "label": "sound"}],
    }


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_every_width_of_samples_has_the_same_level(width: int) -> None:
    levels = measure(a_recording(width=width))
    assert levels.bits == 8 * width
    assert levels.rms_dbfs == pytest.approx(-9.03, abs=0.15)


def test_silence_has_no_level_and_nothing_in_it() -> None:
    levels = measure(a_recording(0.3, loud_from=9))
    assert (levels.rms_dbfs, levels.peak_dbfs, levels.sounds) == (None, None, ())
    assert measure(a_recording(0.0)).duration_s == 0


@pytest.mark.parametrize(
    ("headers", "body", "status", "message"),
    [
        ((("Content-Type", "audio/mpeg"),), b"x", 415, "Content type audio/mpeg is not one of audio/wav, audio/wave"),
        ((WAV, ("Accept", "text/plain")), b"x", 406, "Accept text/plain is not one of application/json"),
        ((WAV,), b"ID3", 400, "this is no WAV recording of PCM samples: it ends too early"),
        ((WAV,), b"x" * 50, 400, "this is no WAV recording of PCM samples: "),
        ((WAV,), a_recording()[:-100], 400, "the recording is cut off: 100 bytes of its samples are missing"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
async def test_what_cannot_be_read_is_told(
    headers: tuple[tuple[str, str], ...], body: bytes, status: int, message: str
) -> None:
    response = await ask(AudioLevelsContainer(), body, *headers)
    assert isinstance(response.body, bytes)
    assert (response.status, response.body.decode()[: len(message)]) == (status, message)


@given(st.integers(0, 44), st.binary(min_size=1, max_size=6))
def test_no_damage_does_more_than_be_told(at: int, damage: bytes) -> None:
    recording = bytearray(a_recording(0.01))
    recording[at : at + len(damage)] = damage
    try:
        measure(bytes(recording))
    except ValueError as problem:
        assert str(problem)
