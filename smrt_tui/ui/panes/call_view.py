"""What every view of one call has in common: whose call it shows, and when what it made of it is no longer true."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from smrt_tui.core.recorder import PartColumns, Recorder
from smrt_tui.ui.bookmarks import Bookmarks
from smrt_tui.ui.panes.line_pane import LinePane
from smrt_tui.ui.panes.messages import MarkAsked

if TYPE_CHECKING:
    from smrt_tui.core.decode.answer import Answer
    from smrt_tui.core.decode.decoder import Decoder


class CallView(LinePane):
    """A pane that shows a recorder and a decoder, and begins anew when they did."""

    bookmarks: Bookmarks
    """Those of the call; shared by all views of it."""
    recorder: Recorder | None = None
    decoder: Decoder | None = None
    _parts_shown: PartColumns | None = None
    _answer_shown: Answer | None = None
    _is_known = False
    """Whether everything that arrived so far was taken in."""
    _points: dict[int, int]
    """Where bookmarks are shown, as far as that is known."""

    def show(self, recorder: Recorder, decoder: Decoder | None, bookmarks: Bookmarks | None = None) -> Self:
        """Turn to a call."""
        self.recorder, self.decoder = recorder, decoder
        self.bookmarks = Bookmarks() if bookmarks is None else bookmarks
        self.is_live = recorder.ended is None
        self._start_anew()
        self.changed()
        return self

    def refresh_from(self, decoder: Decoder | None = None) -> None:
        """Something new is in the recorder, or in the decoder, which may be another one since a retry."""
        self.decoder = decoder or self.decoder
        self.changed()

    def finish(self) -> None:
        """The call is over: draw what is left now."""
        self.is_live = False
        self.draw_all_new()
        self.redraw()

    @property
    def starts_following(self) -> bool:
        """What is over is read from its start."""
        return self.FOLLOWS and self.is_live

    def take_focus(self) -> None:
        """Have the focus."""
        self.focus()

    def locate(self, byte_offset: int) -> None:
        """Bring a byte of the body into view."""

    # Places in the body that rows stand for

    def offset_at(self, row: int) -> int | None:
        """The byte of the body that a row begins with; None where rows stand for no place in it."""
        return None

    def point_of(self, byte_offset: int) -> int | None:
        """Where a byte of the body is shown; None where it is not."""
        return None

    def here(self) -> tuple[int, int] | None:
        """The bytes of what a person is looking at: under the cursor, at the end while it follows, or on top."""
        count = len(self.rows)
        if not count:
            return None
        row = self.cursor if self.HAS_CURSOR else count - 1 if self.is_following else self.view.top
        return self.bytes_of(min(row, count - 1))

    def bytes_of(self, row: int) -> tuple[int, int] | None:
        """The bytes of the body that a row stands for; None where it stands for none."""
        start = self.offset_at(row)
        end = self.offset_at(row + 1) if row + 1 < len(self.rows) else None
        return None if start is None else (start, start + 1 if end is None else end)

    def right_clicked(self, row: int) -> None:
        """Ask for a mark there."""
        if 0 <= row < len(self.rows):
            self.post_message(MarkAsked(row))

    def margin(self, row: int) -> str:
        """A sign beside each row in which a bookmark is."""
        if self.recorder is None or not len(self.bookmarks):
            return ""
        start = self.rows.point(row, 0)
        end = self.rows.point(row + 1, 0) if row + 1 < len(self.rows) else sys.maxsize
        return "◆" if any(start <= point < end for point in self._bookmark_points()) else ""

    def _bookmark_points(self) -> Iterator[int]:
        for offset in self.bookmarks:
            point = self._points.get(offset)
            if point is None:
                point = self.point_of(offset)
                if point is None:
                    continue  # not shown yet
                self._points[offset] = point
            yield point

    def begin(self) -> None:
        """Forget everything shown: another call, another attempt, or the same bytes decoded another way."""

    @property
    def is_known(self) -> bool:
        """Only then is it said why there is nothing."""
        return self.recorder is None or self._is_known

    @property
    def source(self) -> CallView:
        """The pane whose rows stand for places in the body."""
        return self

    @property
    def parts(self) -> PartColumns:
        """The parts of the call that shows; none when there is no call."""
        return PartColumns() if self.recorder is None else self.recorder.parts

    @property
    def answer(self) -> Answer | None:
        """What was decoded; None when nothing was."""
        return self.decoder.answer if self.decoder is not None else None

    def why_empty(self) -> str:
        """What a view of the body says while it has nothing to show."""
        if self.recorder is None:
            return ""
        return "No byte of a body has arrived yet." if self.is_live else "The answer has no body."

    def take_in(self) -> bool:
        """Begin anew when the recorder or the decoder did, then take in."""
        if self.recorder is None:
            return False
        if self._parts_shown is not self.recorder.parts or self._answer_shown is not self.answer:
            self._start_anew()
        has_more = self.take_in_call(self.recorder)
        self._is_known = not has_more
        return has_more

    def take_in_call(self, recorder: Recorder) -> bool:
        """Take in what is new in the call, a bounded amount; whether there is more."""
        return False

    def _start_anew(self) -> None:
        self._parts_shown, self._answer_shown = self.parts, self.answer
        self._points = {}
        self._is_known = False
        self.begin()
