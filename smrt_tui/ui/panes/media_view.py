"""Pictures and sound: what they are, and a picture of the picture where there is something to read it with."""

from __future__ import annotations

import asyncio
import struct
import textwrap
from collections.abc import Iterator

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from smrt_tui.core.decode.binary import BinaryFacts
from smrt_tui.core.png import read_header, read_rows
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes import shrunk
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.picture import Picture
from smrt_tui.ui.panes.rows import FixedRows, Line, line_of
from smrt_tui.ui.panes.units import duration, size


class MediaView(CallView):
    """An image or a sound."""

    _picture: Picture | None = None
    _facts_shown: tuple[object, ...] = ()
    _facts: list[Line]
    _picture_row = 0
    _trouble = ""

    def begin(self) -> None:
        """Nothing known yet."""
        self._picture = None
        self._facts_shown = ()
        self._facts = []
        self.turn_to(FixedRows([]))

    def fit(self, width: int) -> None:
        """A picture of another size."""
        self._picture = None
        self._facts_shown = ()
        self.changed()

    def take_in_call(self, recorder: Recorder) -> bool:
        """Tell the facts again when they changed; draw once the body is whole."""
        facts = self.decoder.binary if self.decoder is not None else None
        told = (facts, self.is_live)
        if facts is not None and told != self._facts_shown:
            self._facts_shown = told
            self._tell(facts, bytes(recorder.parts.body))
        picture = self._picture
        if picture is None:
            return False
        has_more = picture.read_on()
        self.redraw()
        return has_more

    def _tell(self, facts: BinaryFacts, body: bytes) -> None:
        lines = [
            _fact("kind", facts.media_type or "unknown"),
            _fact("size", f"{size(facts.size)} ({facts.size:,} bytes)"),
        ]
        if facts.width and facts.height:
            lines.append(_fact("dimensions", f"{facts.width:,} × {facts.height:,} pixels"))
        if facts.seconds is not None:
            lines.append(_fact("length", duration(facts.seconds)))
        lines += [_fact(*fact) for fact in _wav_facts(body)]
        lines.append(_fact("SHA-256", facts.sha256))
        self._facts = lines
        self._trouble = ""
        self._lay_out()
        if not self.is_live and facts.media_type.startswith("image/"):
            self._begin_picture(body)

    def _begin_picture(self, body: bytes) -> None:
        """Read a simple PNG here, in slices; anything else in a thread, where there is something to read it with."""
        header = read_header(body)
        if header is not None and not header.why_not:
            self._show_picture(read_rows(body, header), (header.width, header.height))
        elif shrunk.is_there():
            self.run_worker(self._shrink(body), exclusive=True, group="picture")
        else:
            why = f"{header.why_not}; " if header is not None else ""
            self._trouble = f"Not drawn here: {why}pip install smrt-tui[pictures] draws it. Saving works anyhow."
            self._lay_out()

    async def _shrink(self, body: bytes) -> None:
        try:
            small = await asyncio.to_thread(shrunk.shrunk, body, self.text_width, 2 * self._room)
        except ValueError as error:
            self._trouble = f"Not drawn here: {error}. Save it to look at it."
            self._lay_out()
        else:
            self._show_picture(small.rows(), (small.width, small.height))
        self.changed()

    @property
    def _room(self) -> int:
        """Lines for a picture below the facts."""
        return max(4, self.view.height - len(self._facts) - 1)

    def _show_picture(self, rows: Iterator[bytes], pixels: tuple[int, int]) -> None:
        red, green, blue = self.background_colors[1].rgb
        self._picture = Picture(rows, pixels, self.text_width, self._room, (red, green, blue))
        self._lay_out()

    def _lay_out(self) -> None:
        """Facts, then room for the picture, or why there is none."""
        below = self._picture.lines if self._picture is not None else 0
        self._picture_row = len(self._facts) + 1
        trouble = [line_of((row, "dim")) for row in textwrap.wrap(self._trouble, max(12, self.text_width))]
        self.rows = FixedRows([*self._facts, Line(""), *trouble, *([Line("")] * below)])
        self.redraw()

    def drawn_row(self, row: int) -> Strip | None:
        """A line of the picture."""
        picture = self._picture
        if picture is None or not 0 <= row - self._picture_row < picture.lines:
            return None
        cells = picture.line(row - self._picture_row)
        segments = [Segment("▀", Style.from_color(_colour(upper), _colour(lower))) for upper, lower in cells]
        return Strip(segments).adjust_cell_length(self.text_width, self.style_of(""))

    def placeholder(self) -> str:
        """Why there is nothing."""
        if self.recorder is None or not len(self.parts):
            return self.why_empty()
        return "This answer is text. Media shows images and sound."


def _colour(pixel: tuple[int, int, int]) -> RichColor:
    return RichColor.from_rgb(*pixel)


def _fact(name: str, value: str) -> Line:
    return line_of((f"{name:<12}", "dim"), value)


def _wav_facts(body: bytes) -> list[tuple[str, str]]:
    """What the format chunk of a WAV tells (RIFF WAVE, `fmt `)."""
    at = body.find(b"fmt ", 12, 4096) if body.startswith(b"RIFF") else -1
    if at < 0 or len(body) < at + 24:
        return []
    _, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[at + 8 : at + 24])
    return [("channels", str(channels)), ("sample rate", f"{rate:,} Hz, {bits} bits")]
