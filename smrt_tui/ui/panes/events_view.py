"""Every event that was decoded out of the body, one a row: one JSON value, one server-sent event, one mark."""

from __future__ import annotations

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.recorder import PartColumns
from smrt_tui.ui.panes.glimpse import glimpse
from smrt_tui.ui.panes.json_text import json_pieces
from smrt_tui.ui.panes.messages import Located
from smrt_tui.ui.panes.rows import Line, Piece, TableRows, line_of
from smrt_tui.ui.panes.split_view import Table
from smrt_tui.ui.panes.units import counted

_FIXED_CELLS = 38
_DETAIL_BYTES = 64 * 1024


class EventRows(TableRows):
    """Decoded events as rows."""

    def __init__(self, parts: PartColumns, decoder: Decoder, width: int) -> None:
        self._parts = parts
        self._places = decoder.answer.places
        self.width = width

    def __len__(self) -> int:
        return len(self._places)

    def raw(self, row: int) -> bytes:
        """The bytes of an event."""
        place = self._places[row]
        return bytes(self._parts.body[place.start : place.end])

    def line(self, row: int) -> Line:
        """Number, time, the part that completed it, bytes, and the beginning of it."""
        place = self._places[row]
        at = self._parts.times[place.part] if place.part < len(self._parts) else 0.0
        raw = bytes(self._parts.body[place.start : min(place.end, place.start + self.width * 4)])
        return line_of(
            (f"{row:>7} ", "faint"),
            f"{at:>9.4f} ",
            (f"{place.part:>7} ", "label"),
            (f"{place.end - place.start:>7} ", "dim"),
            (f"{kind_of(raw):<4}", "accent"),
            glimpse(data_of(raw), max(8, self.width - _FIXED_CELLS)),
        )


def kind_of(raw: bytes) -> str:
    """`{}` for JSON, `:` for a comment of server-sent events, `■` for the end marker, `…` for anything else."""
    data = data_of(raw)
    if data.startswith((b"{", b"[")) and data != b"[DONE]":
        return "{}"
    return ":" if raw.startswith(b":") else "■" if data == b"[DONE]" else "…"


def data_of(raw: bytes) -> bytes:
    """What an event says, without the `data:` of server-sent events."""
    if not raw.startswith((b"data:", b"event:", b"id:", b"retry:")):
        return raw
    lines = [line.removeprefix(b"data:").removeprefix(b" ") for line in raw.splitlines() if line.startswith(b"data:")]
    return b"\n".join(lines) or raw


class EventsView(Table):
    """The decoded events."""

    def begin(self) -> None:
        """No events yet."""
        if self.decoder is not None:
            self.turn_to(EventRows(self.parts, self.decoder, self.text_width))

    def heading(self) -> Line | None:
        """What the columns are."""
        return Line(f"{'event':>7} {'at s':>9} {'part':>7} {'bytes':>7}     data")

    def placeholder(self) -> str:
        """Why there is nothing."""
        if self.recorder is None or not len(self.parts):
            return self.why_empty()
        return "No whole event yet." if self.is_live else "Nothing in this body could be read as an event."

    def fit(self, width: int) -> None:
        """More room for the data."""
        if isinstance(self.rows, EventRows):
            self.rows.width = width

    def detail(self, row: int, width: int) -> list[Piece]:
        """One event, indented when it is JSON."""
        if not isinstance(self.rows, EventRows) or self.decoder is None:
            return []
        raw, place = self.rows.raw(row), self.decoder.answer.places[row]
        title = f"bytes {place.start:,} to {place.end:,} of the body, whole with part {place.part}\n"
        rest = len(raw) - _DETAIL_BYTES
        more = [(f"{counted(rest, 'byte')} more\n", "faint")] if rest > 0 else []
        data = data_of(raw[:_DETAIL_BYTES])
        text = json_pieces(data) if kind_of(raw) == "{}" else [(data.decode("utf-8", "backslashreplace") + "\n", "")]
        return [(title, "faint"), *text, *more]

    def offset_at(self, row: int) -> int | None:
        """Where in the body the event begins."""
        return None if self.decoder is None else self.decoder.answer.places[row].start

    def cursor_moved(self) -> None:
        """Tell where the event begins."""
        super().cursor_moved()
        if self.decoder is not None and self.cursor < len(self.rows):
            self.post_message(Located(self.decoder.answer.places[self.cursor].start))

    def point_of(self, byte_offset: int) -> int | None:
        """The row of the event that holds it."""
        event = None if self.decoder is None else self.decoder.answer.places.at_byte(byte_offset)
        return None if event is None else self.rows.point(event, 0)

    def locate(self, byte_offset: int) -> None:
        """Put the cursor on the event that holds this byte."""
        point = self.point_of(byte_offset)
        if point is not None:
            self.place_cursor(self.rows.place(point)[0])
