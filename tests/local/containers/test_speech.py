"""Speech: WAV files that the standard library's reader accepts, whole and in slices."""

from __future__ import annotations

import io
import wave

import pytest

from smrt_tui.local.containers.speech import SpeechContainer
from tests.local.containers.asking import PACE_0, STREAM, ask, flushes


async def test_a_text_becomes_a_wav_that_the_standard_library_reads() -> None:
    response = await ask(SpeechContainer(), {"input": "Good evening."})
    assert response.headers == (("Content-Type", "audio/wav"),)
    assert isinstance(response.body, bytes)
    with wave.open(io.BytesIO(response.body)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 16_000)
        frames = sound.readframes(sound.getnframes())
    assert len(frames) == len(response.body) - 44
    assert any(frames)


async def test_a_stream_begins_with_the_header_and_is_the_same_sound() -> None:
    slices = await flushes(await ask(SpeechContainer(), {"input": "Good evening."}, STREAM, PACE_0))
    assert [len(part) for part in slices[:3] if isinstance(part, bytes)] == [44, 3200, 3200]
    whole = await ask(SpeechContainer(), {"input": "Good evening."})
    assert b"".join(part for part in slices if isinstance(part, bytes)) == whole.body


async def test_pcm_has_no_header() -> None:
    wav = await ask(SpeechContainer(), {"input": "a"})
    pcm = await ask(SpeechContainer(), {"input": "a", "response_format": "pcm"})
    assert isinstance(wav.body, bytes)
    assert pcm.body == wav.body[44:]


async def test_a_higher_speed_makes_it_shorter() -> None:
    slow = await ask(SpeechContainer(), {"input": "hello", "speed": 0.5})
    fast = await ask(SpeechContainer(), {"input": "hello", "speed": 4})
    assert isinstance(slow.body, bytes) and isinstance(fast.body, bytes)
    assert len(slow.body) > 7 * len(fast.body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "input must be a text of 1 to 1000 characters"),
        ({"input": "a" * 1001}, "input must be a text of 1 to 1000 characters"),
        ({"input": "a", "response_format": "mp3"}, 'response_format must be one of wav, pcm, not "mp3"'),
        ({"input": "a", "speed": 9}, "speed must be a number from 0.25 to 4, not 9"),
    ],
)
async def test_a_wrong_order_says_why(body: object, message: str) -> None:
    response = await ask(SpeechContainer(), body)
    assert (response.status, response.body) == (400, message.encode())
