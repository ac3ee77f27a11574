"""The parts, one row each: when, how long after the one before, how many bytes, what it says, what was cut.

Rows are worked out when they show; a million parts cost what forty cost.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import ClassVar

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.gaps import LiveGaps, stall_threshold
from smrt_tui.core.recorder import PartColumns, Recorder
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.glimpse import glimpse, one_row
from smrt_tui.ui.panes.messages import Located
from smrt_tui.ui.panes.rows import Line, TableRows, line_of
from smrt_tui.ui.panes.units import milliseconds

_FIXED_CELLS = 42
_GAPS_AT_ONCE = 4096


class PartRows(TableRows):
    """Parts as rows."""

    def __init__(self, parts: PartColumns, decoder: Decoder | None, width: int) -> None:
        self._parts = parts
        self._decoder = decoder
        self.width = width
        self.stall_s = float("inf")
        """A gap longer than this is a stall."""

    def __len__(self) -> int:
        return len(self._parts)

    def line(self, row: int) -> Line:
        """Number, time, gap, bytes, marks and what it says."""
        at = self._parts.times[row]
        gap = at - self._parts.times[row - 1] if row else at
        mark = self._mark(row)
        return line_of(
            (f"{row:>7} ", "faint"),
            f"{at:>10.4f} ",
            (f"{'+' + milliseconds(gap):>11} ", "error" if row and gap > self.stall_s else "dim"),
            (f"{self._parts.sizes[row]:>7} ", "label"),
            (f"{mark:<2} ", "warning"),
            *self._words(row, max(8, self.width - _FIXED_CELLS)),
        )

    def _mark(self, row: int) -> str:
        """✂ where an event is cut by the part's end, ✁ where a character is."""
        if self._decoder is None:
            return ""
        is_event_cut = _holds(self._decoder.cut_events, row)
        is_character_cut = _holds(self._decoder.cut_characters, row)
        return ("✂" if is_event_cut else "") + ("✁" if is_character_cut else "")

    def _words(self, row: int, width: int) -> list[tuple[str, str]]:
        """The text that the part brought, where it was decoded, then its bytes."""
        if row >= self._parts.kept:
            return [("counted and timed, not kept", "faint")]
        said = one_row(self._said(row), width)
        raw = glimpse(self._parts.payload(row), max(8, width - len(said) - 3))
        if not said:
            return [(raw, "")]
        return [(said, "string"), (" ◂ ", "faint"), (raw, "dim")] if len(said) + 11 <= width else [(said, "string")]

    def _said(self, row: int) -> str:
        if self._decoder is None or self._decoder.framing == "text":
            return ""
        answer = self._decoder.answer
        found = []
        for event in answer.places.of_part(row):
            for choice in answer.choices.values():
                for channel in (choice.reasoning, choice.text):
                    span = channel.span_of(event)
                    if span is not None:
                        found.append(channel.cut(*span))
        return "".join(found)


def _holds(numbers: array[int], number: int) -> bool:
    position = bisect_left(numbers, number)
    return position < len(numbers) and numbers[position] == number


class PartsView(CallView):
    """Every part of the answer."""

    HAS_CURSOR: ClassVar[bool] = True
    FOLLOWS: ClassVar[bool] = True

    def begin(self) -> None:
        """No rows yet."""
        self._gaps = LiveGaps()
        self.turn_to(PartRows(self.parts, self.decoder, self.text_width))

    def take_in_call(self, recorder: Recorder) -> bool:
        """Learn from the new gaps which are stalls."""
        times = recorder.parts.times[len(self._gaps) : len(self._gaps) + _GAPS_AT_ONCE]
        self._gaps.add_many(times)
        statistics = self._gaps.statistics()
        if statistics is not None and isinstance(self.rows, PartRows):
            self.rows.stall_s = stall_threshold(statistics.p50)
        return len(self._gaps) < len(recorder.parts)

    def heading(self) -> Line | None:
        """What the columns are."""
        return Line(f"{'part':>7} {'at s':>10} {'gap ms':>11} {'bytes':>7}    what it says")

    def placeholder(self) -> str:
        """Why there is nothing."""
        return self.why_empty()

    def fit(self, width: int) -> None:
        """More room for what it says."""
        if isinstance(self.rows, PartRows):
            self.rows.width = width

    def offset_at(self, row: int) -> int | None:
        """Where in the body the part begins."""
        return self.parts.start(row) if row < len(self.parts) else None

    def cursor_moved(self) -> None:
        """Tell where in the body the part begins."""
        if self.cursor < len(self.parts):
            self.post_message(Located(self.parts.start(self.cursor)))

    def point_of(self, byte_offset: int) -> int | None:
        """The row of the part that holds it."""
        return self.rows.point(self.parts.at_byte(byte_offset), 0) if byte_offset < self.parts.total else None

    def locate(self, byte_offset: int) -> None:
        """Put the cursor on the part that holds this byte."""
        if len(self.parts):
            self.place_cursor(self.parts.at_byte(byte_offset))

    def whole_text(self) -> str:
        """The bytes of the part under the cursor."""
        return self.parts.payload(self.cursor).decode("utf-8", "replace") if self.cursor < len(self.parts) else ""
