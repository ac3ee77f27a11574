"""Every frame of an event stream, payload parts and all others, in the order in which they came."""

from __future__ import annotations

from bisect import bisect_left

from smrt_tui.core.events import FrameArrived, FrameRejected, PartArrived
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.frame_text import checksums, frame_text, frame_type, headers_bytes, rejected_text, total_bytes
from smrt_tui.ui.panes.glimpse import glimpse
from smrt_tui.ui.panes.messages import Located
from smrt_tui.ui.panes.rows import Line, Piece, TableRows, line_of
from smrt_tui.ui.panes.split_view import Table
from smrt_tui.ui.panes.units import size

_FIXED_CELLS = 68


class FrameRows(TableRows):
    """Parts and other frames merged by their offsets; what was rejected is last."""

    def __init__(self, recorder: Recorder, width: int) -> None:
        self._recorder = recorder
        self.width = width

    def __len__(self) -> int:
        recorder = self._recorder
        parts = len(recorder.parts) if len(recorder.parts) and recorder.parts.headers(0) else 0
        return parts + len(recorder.frames) + (recorder.rejected is not None)

    def frame(self, row: int) -> PartArrived | FrameArrived | FrameRejected:
        """The frame of a row."""
        recorder = self._recorder
        for number, frame in enumerate(recorder.frames):
            place = bisect_left(recorder.parts.offsets, frame.offset) + number
            if row == place:
                return frame
            if row < place:
                return self._part(row - number)
        number = row - len(recorder.frames)
        if number >= len(recorder.parts) and recorder.rejected is not None:
            return recorder.rejected
        return self._part(number)

    def _part(self, number: int) -> PartArrived:
        parts = self._recorder.parts
        payload, headers = parts.payload(number), parts.headers(number)
        return PartArrived(
            parts.times[number], number, payload, parts.offsets[number], headers, *checksums(headers, payload)
        )

    def row_of_part(self, number: int) -> int:
        """The row that shows a part."""
        offset = self._recorder.parts.offsets[number]
        return number + sum(frame.offset < offset for frame in self._recorder.frames)

    def line(self, row: int) -> Line:
        """Number, time, offset, lengths, both CRCs, type, payload."""
        frame = self.frame(row)
        if isinstance(frame, PartArrived) and frame.number >= self._recorder.parts.kept:
            counted = f"{row:>7} {frame.at:>9.4f} {frame.offset:>10} "
            return line_of((counted, "faint"), (_not_kept(self._recorder, frame), "faint"))
        if isinstance(frame, FrameRejected):
            return line_of(
                (f"{row:>7} {frame.at:>9.4f} {frame.offset:>10} ", "error"),
                (f"✗ {frame.reason}: {frame.message}", "error"),
            )
        kind, name = frame_type(frame.headers)
        is_odd = (kind, name) != ("event", "PayloadPart")
        return line_of(
            (f"{row:>7} ", "faint"),
            f"{frame.at:>9.4f} ",
            (f"{frame.offset:>10} ", "label"),
            f"{total_bytes(frame):>7} {headers_bytes(frame.headers):>4} ",
            (f"{frame.prelude_crc:08x} {frame.message_crc:08x} ", "dim"),
            (f"{name or kind or '?'} ", "error" if is_odd else "string"),
            (glimpse(frame.payload, max(8, self.width - _FIXED_CELLS)), "" if is_odd else "dim"),
        )


def _not_kept(recorder: Recorder, part: PartArrived) -> str:
    return f"{size(recorder.parts.sizes[part.number])} of payload, counted and timed, not kept"


class FramesView(Table):
    """The frames of an event stream."""

    def begin(self) -> None:
        """No frames yet."""
        if self.recorder is not None:
            self.turn_to(FrameRows(self.recorder, self.text_width))

    def heading(self) -> Line | None:
        """What the columns are."""
        return Line(f"{'frame':>7} {'at s':>9} {'offset':>10} {'total':>7} hdrs prelude  message  type, payload")

    def placeholder(self) -> str:
        """Why there is nothing."""
        if self.recorder is None or self.is_live or not len(self.recorder.parts):
            return self.why_empty()
        return "This answer is no event stream, so it has no frames. Parts shows the pieces it came in."

    def fit(self, width: int) -> None:
        """More room for the payload."""
        if isinstance(self.rows, FrameRows):
            self.rows.width = width

    def detail(self, row: int, width: int) -> list[Piece]:
        """One frame in full."""
        if not isinstance(self.rows, FrameRows):
            return []
        frame = self.rows.frame(row)
        if isinstance(frame, FrameRejected):
            return list(rejected_text(frame, width))
        if isinstance(frame, PartArrived) and frame.number >= self.parts.kept and self.recorder is not None:
            return [(_not_kept(self.recorder, frame), "dim")]
        return list(frame_text(frame, width))

    def offset_at(self, row: int) -> int | None:
        """Where in the body a part's bytes begin; None for a frame that brought none."""
        frame = self.rows.frame(row) if isinstance(self.rows, FrameRows) else None
        return self.parts.start(frame.number) if isinstance(frame, PartArrived) else None

    def cursor_moved(self) -> None:
        """Tell where in the body a part's bytes begin."""
        super().cursor_moved()
        offset = self.offset_at(self.cursor) if self.cursor < len(self.rows) else None
        if offset is not None:
            self.post_message(Located(offset))

    def point_of(self, byte_offset: int) -> int | None:
        """The row of the frame that brought it."""
        if not isinstance(self.rows, FrameRows) or byte_offset >= self.parts.total or not self.parts.headers(0):
            return None
        return self.rows.point(self.rows.row_of_part(self.parts.at_byte(byte_offset)), 0)

    def locate(self, byte_offset: int) -> None:
        """Put the cursor on the frame that brought this byte."""
        if isinstance(self.rows, FrameRows) and len(self.rows) and len(self.parts):
            self.place_cursor(self.rows.row_of_part(self.parts.at_byte(byte_offset)))
