"""The body as it came: every byte as text, control characters as pictures, bytes that are no UTF-8 as `\\xNN`."""

from __future__ import annotations

import codecs
from array import array
from bisect import bisect_right

from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Recorder
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.messages import Located
from smrt_tui.ui.panes.text_pane import TextPane
from smrt_tui.ui.panes.wrapped import WrappedText

_BYTES_AT_ONCE = 64 * 1024


def shown(text: str) -> str:
    """Line ends and tabs as pictures too; a line still ends where it ended."""
    return plain(text.replace("\t", "␉").replace("\n", "␊\n"))


class RawView(CallView, TextPane):
    """The parts' bytes, joined."""

    FOLLOWS = False

    def begin(self) -> None:
        """Nothing taken yet."""
        self.text = WrappedText(self.text_width)
        self._codec = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._taken = 0
        self._body_offsets, self._shown_offsets = array("Q"), array("Q")
        self.turn_to(self.text)

    def take_in_call(self, recorder: Recorder) -> bool:
        """Take the next bytes; half a character waits for its other half as long as that may come."""
        body = recorder.parts.body
        piece = bytes(body[self._taken : self._taken + _BYTES_AT_ONCE])
        held = len(self._codec.getstate()[0])
        is_last = not self.is_live and self._taken + len(piece) == len(body)
        if not piece and not (held and is_last):
            return not self.text.is_settled
        self._body_offsets.append(self._taken - held)
        self._shown_offsets.append(len(self.text.raw))
        self.text.append(shown(self._codec.decode(piece, final=is_last)))
        self._taken += len(piece)
        return self._taken < len(body) or not self.text.is_settled

    def placeholder(self) -> str:
        """Why there is nothing."""
        return self.why_empty()

    def whole_text(self) -> str:
        """The body, bytes that are no text as `\\xNN`."""
        return self.parts.body.decode("utf-8", "backslashreplace")

    def offset_at(self, row: int) -> int | None:
        """The byte that the row begins with."""
        return self._body_offset(self.text.point(row, 0))

    def clicked(self, point: int) -> None:
        """Tell which byte is there."""
        super().clicked(point)
        offset = self._body_offset(point)
        if offset is not None:
            self.post_message(Located(offset))

    def _body_offset(self, point: int) -> int | None:
        """The last byte offset whose shown text ends at or before the point."""
        position = bisect_right(self._shown_offsets, point) - 1
        if position < 0:
            return None
        start = self._body_offsets[position]
        low, high = start, min(start + _BYTES_AT_ONCE + 4, len(self.parts.body))
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._shown_offset(middle) <= point else (low, middle - 1)
        return low

    def _shown_offset(self, byte_offset: int) -> int:
        position = bisect_right(self._body_offsets, byte_offset) - 1
        if position < 0:
            return 0
        piece = bytes(self.parts.body[self._body_offsets[position] : byte_offset])
        text = codecs.getincrementaldecoder("utf-8")("backslashreplace").decode(piece)
        return self._shown_offsets[position] + len(shown(text).encode())

    def point_of(self, byte_offset: int) -> int | None:
        """Where it is shown, once it is."""
        return self._shown_offset(byte_offset) if byte_offset < self._taken else None

    def locate(self, byte_offset: int) -> None:
        """Mark a byte."""
        start = self._shown_offset(byte_offset)
        self.marks.located = (start, start + 1)
        self.show_point(start)
        self.redraw()
