"""Pictures: PNG files whose every checksum and row is verified, the same for the same prompt."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from smrt_tui.local.containers.image import ImageContainer
from smrt_tui.local.containers.png import png
from tests.local.containers.asking import PACE_0, STREAM, ask, flushes, json_of

SMALL = {"prompt": "a quiet harbour", "width": 20, "height": 16}


def pixels_of(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and unfiltered rows of a PNG that has one IDAT chunk; every checksum is verified."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    at = 8
    chunks: dict[bytes, bytes] = {}
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        kind, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", picture, at + 8 + length)[0] == zlib.crc32(kind + content)
        chunks[kind] = content
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    rows = zlib.decompress(chunks[b"IDAT"])
    stride = width * 3 + 1
    assert len(rows) == stride * height
    assert all(rows[y * stride] == 0 for y in range(height))
    return width, height, b"".join(rows[y * stride + 1 : (y + 1) * stride] for y in range(height))


def test_a_png_reads_back_as_its_pixels() -> None:
    rows = [b"\x01\x02\x03\x04\x05\x06", b"\x07\x08\x09\x0a\x0b\x0c"]
    assert pixels_of(png(2, 2, rows)) == (2, 2, b"".join(rows))


async def test_a_prompt_gives_a_picture_of_the_size_asked_for() -> None:
    response = await ask(ImageContainer(), SMALL)
    assert response.headers == (("Content-Type", "image/png"),)
    assert isinstance(response.body, bytes)
    width, height, pixels = pixels_of(response.body)
    assert (width, height) == (20, 16)
    assert len({pixels[at : at + 3] for at in range(0, len(pixels), 3)}) > 20


async def test_the_same_prompt_gives_the_same_picture_and_another_seed_another() -> None:
    container = ImageContainer()
    first, again, other = [(await ask(container, body)).body for body in (SMALL, SMALL, {**SMALL, "seed": 1})]
    assert first == again != other


async def test_a_stream_is_the_same_picture_in_slices() -> None:
    body = {"prompt": "night", "width": 64, "height": 64}
    slices = await flushes(await ask(ImageContainer(), body, STREAM, PACE_0))
    assert len(slices) > 1
    assert b"".join(part for part in slices if isinstance(part, bytes)) == (await ask(ImageContainer(), body)).body


async def test_json_holds_the_picture_in_base64() -> None:
    answer = await json_of(ImageContainer(), SMALL, ("Accept", "application/json;jpeg"))
    assert answer["prompt"] == "a quiet harbour"
    assert base64.b64decode(answer["generated_images"][0]) == (await ask(ImageContainer(), SMALL)).body


@pytest.mark.parametrize(
    "body", [{"inputs": "a quiet harbour"}, {"text_prompts": [{"text": "a quiet harbour"}]}], ids=["inputs", "texts"]
)
async def test_a_prompt_may_stand_in_other_places(body: dict[str, object]) -> None:
    size = {"width": 20, "height": 16}
    assert (await ask(ImageContainer(), {**body, **size})).body == (await ask(ImageContainer(), SMALL)).body


async def test_plain_text_is_a_prompt() -> None:
    assert (await ask(ImageContainer(), b"fog", ("Content-Type", "application/x-text"))).status == 200


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({}, (), 400),
        ({"prompt": "  "}, (), 400),
        ({"prompt": "a", "width": 5000}, (), 400),
        (b"nonsense", (), 400),
        (SMALL, (("Accept", "text/csv"),), 406),
    ],
)
async def test_nonsense_is_refused(body: object, headers: tuple[tuple[str, str], ...], status: int) -> None:
    assert (await ask(ImageContainer(), body, *headers)).status == status
