"""Pictures and sound: what is said of them, and a picture that is right to the pixel."""

from __future__ import annotations

import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.png import read_header, read_rows
from smrt_tui.ui.panes import shrunk
from smrt_tui.ui.panes.media_view import MediaView
from smrt_tui.ui.panes.picture import Picture
from tests.ui.panes.calls import ended, opening, parts, recorded
from tests.ui.panes.host import Host, shown
from tests.ui.panes.pictures import pixel, png
from tests.ui.until import eventually


def expected(x: int, y: int, colour: int) -> tuple[int, ...]:
    red, green, blue, alpha = pixel(x, y)
    return {0: (red, red, red, 255), 2: (red, green, blue, 255), 4: (red, red, red, alpha)}.get(
        colour, (red, green, blue, alpha)
    )


@pytest.mark.parametrize("colour", [0, 2, 4, 6])
@pytest.mark.parametrize("kind", range(5))
def test_every_filter_and_colour_is_read_right(colour: int, kind: int) -> None:
    data = png(13, 7, colour=colour, kind=kind)
    header = read_header(data)
    assert header is not None and header.why_not == ""
    rows = list(read_rows(data, header))
    assert rows == [bytes(c for x in range(13) for c in expected(x, y, colour)) for y in range(7)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"depth": 16}, "16 bits"), ({"colour": 3}, "palette"), ({"interlace": 1}, "interlaced")],
    ids=["depth", "palette", "interlaced"],
)
def test_what_is_not_drawn_is_named(changes: dict[str, int], why: str) -> None:
    header = read_header(png(4, 4, **changes))
    assert header is not None and why in header.why_not


@given(st.integers(0, 400), st.binary(max_size=20))
def test_a_cut_or_damaged_picture_never_raises(cut: int, noise: bytes) -> None:
    data = bytearray(png(20, 20, kind=4))[:cut] + noise
    header = read_header(bytes(data))
    if header is None or header.why_not:
        return
    picture = Picture(read_rows(bytes(data), header), (header.width, header.height), 10, 5, (0, 0, 0))
    while picture.read_on():
        pass
    assert len(picture.line(0)) == picture.columns


def test_a_picture_is_sampled_down_to_its_cells_and_keeps_its_shape() -> None:
    data = png(100, 50)
    header = read_header(data)
    assert header is not None
    picture = Picture(read_rows(data, header), (100, 50), 20, 20, (0, 0, 0))
    while picture.read_on():
        pass
    assert (picture.columns, picture.height, picture.lines) == (20, 10, 5)
    assert picture.line(1)[3] == (pixel(17, 12)[:3], pixel(17, 17)[:3])


async def test_an_image_answer_tells_and_draws() -> None:
    view = MediaView()
    async with Host(view).run_test(size=(80, 20)):
        body = png(30, 20)
        head = opening(is_stream=False, content_type="image/png")
        recorder, decoder = recorded([*head, *parts([body], is_stream=False), ended(1.0)], "image/png")
        view.show(recorder, decoder).finish()
        await eventually(lambda: not view.is_busy and any("▀" in line for line in shown(view)))
        lines = shown(view)
        assert lines[0] == "kind        image/png"
        assert lines[2] == "dimensions  30 × 20 pixels"
        assert sum("▀" in line for line in lines) == 10


async def test_a_sound_answer_tells_its_length() -> None:
    packed = io.BytesIO()
    with wave.open(packed, "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(4 * 16_000))
    view = MediaView()
    async with Host(view).run_test(size=(80, 20)):
        head = opening(is_stream=False, content_type="audio/wav")
        recorder, decoder = recorded([*head, *parts([packed.getvalue()], is_stream=False), ended(1.0)], "audio/wav")
        view.show(recorder, decoder).finish()
        await eventually(lambda: len(view.rows))
        assert shown(view)[:5] == [
            "kind        audio/wav",
            "size        64.0 KB (64,044 bytes)",
            "length      1.000 s",
            "channels    2",
            "sample rate 16,000 Hz, 16 bits",
        ]


class _Reader:
    """Stands where Pillow would: a picture of one colour, or of nothing."""

    def __init__(self, trouble: str = "") -> None:
        self._trouble = trouble

    def __call__(self, data: bytes, width: int, height: int) -> shrunk.Shrunk:
        if self._trouble:
            raise ValueError(self._trouble)
        return shrunk.Shrunk(10, 6, bytes((200, 10, 10, 255)) * 60)


async def shown_image(monkeypatch: pytest.MonkeyPatch, body: bytes, words: str, reader: _Reader | None) -> list[str]:
    """The lines of the view, once these words are in them."""
    monkeypatch.setattr(shrunk, "is_there", lambda: reader is not None)
    monkeypatch.setattr(shrunk, "shrunk", reader)
    view = MediaView()
    async with Host(view).run_test(size=(80, 20)):
        head = opening(is_stream=False, content_type="image/jpeg")
        recorder, decoder = recorded([*head, *parts([body], is_stream=False), ended(1.0)], "image/jpeg")
        view.show(recorder, decoder).finish()
        await eventually(lambda: not view.is_busy and any(words in line for line in shown(view)))
        return shown(view)


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


async def test_a_picture_of_another_kind_is_drawn_by_what_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = await shown_image(monkeypatch, JPEG, "▀", _Reader())
    assert [line for line in lines if "▀" in line] == ["▀" * 10] * 3


async def test_without_a_reader_the_view_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = await shown_image(monkeypatch, JPEG, "Not drawn", None)
    assert "smrt-tui[pictures]" in " ".join(lines)


async def test_a_picture_that_nothing_reads_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = await shown_image(monkeypatch, JPEG, "Not drawn", _Reader("it cannot be read (OSError)"))
    assert "Not drawn here: it cannot be read (OSError). Save it to look at it." in lines


def test_a_damaged_picture_is_a_value_error() -> None:
    pytest.importorskip("PIL", reason="Pillow is not installed")
    with pytest.raises(ValueError, match="cannot be read"):
        shrunk.shrunk(JPEG, 10, 10)


def test_a_picture_is_shrunk_to_what_is_shown() -> None:
    pillow = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    packed = io.BytesIO()
    pillow.new("RGB", (400, 100), (0, 0, 200)).save(packed, "JPEG")
    small = shrunk.shrunk(packed.getvalue(), 40, 40)
    assert (small.width, small.height, len(list(small.rows()))) == (40, 10, 10)
    assert small.rgba[2] > 150 and small.rgba[3] == 255
