"""A binary body is counted, hashed and named."""

from __future__ import annotations

import hashlib

import pytest

from smrt_tui.core.decode.binary import BinaryFacts
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.decode.magic import SIGNATURES, Signature, image_size, signature_of, wav_rate
from smrt_tui.core.profile import StreamOptions
from tests.transcripts.bodies import GIF, JPEG, PNG, wav


def facts(body: bytes, size: int) -> BinaryFacts | None:
    decoder = Decoder(StreamOptions(decoder="binary"))
    for number, start in enumerate(range(0, len(body), size)):
        decoder.push(body[start : start + size], number, 0.0)
    decoder.close()
    return decoder.binary


def named(body: bytes, media_type: str, suffix: str, **more: float) -> BinaryFacts:
    return BinaryFacts(len(body), hashlib.sha256(body).hexdigest(), media_type, suffix, **more)  # type: ignore[arg-type]  # pixels are whole


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pictures_and_sound_are_named_and_measured(size: int) -> None:
    assert facts(PNG, size) == named(PNG, "image/png", ".png", width=64, height=48)
    assert facts(JPEG, size) == named(JPEG, "image/jpeg", ".jpg", width=64, height=48)
    assert facts(GIF, size) == named(GIF, "image/gif", ".gif", width=64, height=48)
    assert facts(wav(8000), size) == named(wav(8000), "audio/wav", ".wav", seconds=0.5)
    assert facts(b"\x00\x01", size) == named(b"\x00\x01", "", ".bin")


def test_a_cut_header_has_no_measures() -> None:
    assert image_size(PNG[:20]) is None
    assert image_size(JPEG[:25]) is None
    assert image_size(GIF[:8]) is None
    assert wav_rate(wav(0)[:30]) is None


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda s: s.suffix)
def test_every_signature_knows_itself(signature: Signature) -> None:
    head = signature.prefix.ljust(signature.mark_at, b"\x01") + signature.mark
    assert signature_of(head) == signature
