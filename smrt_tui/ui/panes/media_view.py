"""Pictures and sound: what they are, and a picture of the picture where it is a simple PNG."""

from __future__ import annotations

import struct

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from smrt_tui.core.decode import BinaryFacts
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.picture import Picture
from smrt_tui.ui.panes.png import read_header
from smrt_tui.ui.panes.rows import FixedRows, Line, line_of
from smrt_tui.ui.panes.units import duration, size


class MediaView(CallView):
    """An image or a sound."""

    _picture: Picture | None = None
    _facts_shown: tuple[object, ...] = ()
    _picture_row = 0

    def begin(self) -> None:
        """Nothing known yet."""
        self._picture = None
        self._facts_shown = ()
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
        header = read_header(body)
        if not self.is_live and header is not None:
            lines += self._begin_picture(body, header.why_not, len(lines))
        self._picture_row = len(lines) - (self._picture.lines if self._picture else 0)
        self.rows = FixedRows(lines)

    def _begin_picture(self, body: bytes, why_not: str, above: int) -> list[Line]:
        if why_not:
            return [Line(""), line_of((f"Not drawn here: {why_not}. Save it to look at it.", "dim"))]
        header = read_header(body)
        assert header is not None
        room = max(4, self.view.height - above - 1)
        red, green, blue = self.background_colors[1].rgb
        self._picture = Picture(body, header, self.text_width, room, (red, green, blue))
        return [Line(""), *([Line("")] * self._picture.lines)]

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
