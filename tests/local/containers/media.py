"""Small pictures and recordings as real files, made by Pillow and `wave`, which share nothing with what reads them."""

from __future__ import annotations

import io
import math
import struct
import wave

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 60, 200)


def halves(size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def a_jpeg() -> bytes:
    """Both halves as a JPEG."""
    return saved(halves(), "JPEG")


def a_recording(
    seconds: float = 0.2, *, rate: int = 8000, channels: int = 1, width: int = 2, loud_from: float = 0.0
) -> bytes:
    """A tone at half of full scale, from a time on; silence before it."""
    full = (1 << (8 * width - 1)) - 1
    samples = [
        round(full / 2 * math.sin(math.tau * 400 * at / rate)) if at >= loud_from * rate else 0
        for at in range(round(seconds * rate))
    ]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"".join(_packed(sample, width) * channels for sample in samples))
    return out.getvalue()


def _packed(sample: int, width: int) -> bytes:
    return struct.pack("B", sample + 128) if width == 1 else sample.to_bytes(width, "little", signed=True)
