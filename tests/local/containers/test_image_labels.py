"""Labels of pictures: right for PNG and JPEG as another program writes them, and refusals where they cannot be read."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.colours import COLOURS, shares
from smrt_tui.local.containers.image_labels import ImageLabelsContainer
from smrt_tui.local.containers.jpeg import block_colours
from tests.local.containers.asking import ask, json_of
from tests.local.containers.media import a_jpeg, halves, saved

PNG, JPEG = ("Content-Type", "image/png"), ("Content-Type", "image/jpeg")


@pytest.mark.parametrize(
    ("kind", "file"),
    [(PNG, saved(halves(), "PNG")), (JPEG, a_jpeg()), (("Content-Type", "application/x-image"), a_jpeg())],
    ids=["png", "jpeg", "x-image"],
)
async def test_both_halves_have_their_label(kind: tuple[str, str], file: bytes) -> None:
    answer = await json_of(ImageLabelsContainer(), file, kind)
    assert sorted(entry["label"] for entry in answer) == ["blue", "red"]
    assert [entry["score"] for entry in answer] == [0.5, 0.5]


async def test_the_verbose_form_has_every_label_in_order() -> None:
    answer = await json_of(ImageLabelsContainer(), a_jpeg(), JPEG, ("Accept", "application/json;verbose"))
    assert answer["labels"] == list(COLOURS)
    assert sum(answer["probabilities"]) == pytest.approx(1)
    assert answer["predicted_label"] in ("red", "blue")


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((0, 0, 0), "black"),
        ((128, 128, 128), "grey"),
        ((250, 250, 250), "white"),
        ((255, 140, 0), "orange"),
        ((110, 60, 20), "brown"),
        ((240, 230, 30), "yellow"),
        ((30, 160, 40), "green"),
        ((30, 200, 210), "cyan"),
        ((120, 40, 200), "purple"),
        ((255, 170, 190), "pink"),
        ((230, 20, 60), "red"),
    ],
)
def test_a_colour_is_called_what_people_call_it(colour: tuple[int, int, int], name: str) -> None:
    assert shares(saved(Image.new("RGB", (9, 5), colour), "PNG"))[name] == 1


def test_a_large_png_is_looked_at_in_a_grid() -> None:
    assert shares(saved(halves((1030, 520)), "PNG")) == {name: (name in ("red", "blue")) * 0.5 for name in COLOURS}


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"subsampling": 0}, {"subsampling": 1}, {"quality": 30}]
)
@pytest.mark.parametrize("size", [(64, 32), (37, 21), (8, 8), (1, 1)])
def test_blocks_of_a_jpeg_have_the_mean_that_another_decoder_sees(
    options: dict[str, object], size: tuple[int, int]
) -> None:
    file = saved(Image.linear_gradient("L").resize(size).convert("RGB"), "JPEG", **options)
    blocks = list(block_colours(file))
    across, down = -(-size[0] // 8), -(-size[1] // 8)
    assert len(blocks) == across * down
    with Image.open(io.BytesIO(file)) as seen:
        for at, block in enumerate(blocks):
            x, y = at % across * 8, at // across * 8
            if x + 8 <= size[0] and y + 8 <= size[1]:
                mean = seen.crop((x, y, x + 8, y + 8)).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
                assert block == pytest.approx(mean, abs=4)


def test_restart_markers_and_a_grey_picture_are_read() -> None:
    whole = list(block_colours(saved(halves((160, 80)), "JPEG")))
    assert list(block_colours(saved(halves((160, 80)), "JPEG", restart_marker_blocks=3))) == whole
    assert set(block_colours(saved(Image.new("L", (20, 20), 90), "JPEG"))) == {(90, 90, 90)}


@pytest.mark.parametrize(
    ("headers", "body", "status", "message"),
    [
        ((("Content-Type", "text/csv"),), b"x", 415, "Content type text/csv is not one of image/png"),
        ((), b"x", 415, "Content type (none) is not one of image/png"),
        ((PNG, ("Accept", "text/csv")), b"x", 406, "Accept text/csv is not one of application/json"),
        ((PNG,), b"x", 415, "the bytes are neither a PNG nor a JPEG"),
        ((PNG,), saved(halves().quantize(), "PNG"), 415, "a PNG that cannot be read here: 1 bits"),
        ((PNG,), saved(halves(), "PNG")[:40], 400, "the picture's data is cut off"),
        ((JPEG,), a_jpeg()[:300], 400, "the picture's data is damaged: it has no scan"),
        ((JPEG,), saved(halves((640, 640)), "JPEG")[:640], 400, "the picture's data is cut off"),
        ((JPEG,), saved(halves().convert("CMYK"), "JPEG"), 415, "a JPEG of 8 bits and 4 components"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
async def test_what_cannot_be_read_is_told(
    headers: tuple[tuple[str, str], ...], body: bytes, status: int, message: str
) -> None:
    response = await ask(ImageLabelsContainer(), body, *headers)
    assert isinstance(response.body, bytes)
    assert (response.status, response.body.decode()[: len(message)]) == (status, message)


@settings(max_examples=60)
@given(st.integers(0, 700), st.binary(min_size=1, max_size=4))
async def test_no_damage_does_more_than_be_told(at: int, damage: bytes) -> None:
    file = bytearray(saved(halves((16, 16)), "JPEG"))
    file[at : at + len(damage)] = damage
    response: ContainerResponse = await ask(ImageLabelsContainer(), bytes(file), JPEG)
    assert response.status in (200, 400, 415)
    assert isinstance(response.body, bytes)
    assert response.status != 200 or json.loads(response.body)
