"""What every view of one call has in common: whose call it shows, and when what it made of it is no longer true."""

from __future__ import annotations

from typing import Self

from smrt_tui.core.decode import Answer, Decoder
from smrt_tui.core.recorder import PartColumns, Recorder
from smrt_tui.ui.panes.line_pane import LinePane


class CallView(LinePane):
    """A pane that shows a recorder and a decoder, and begins anew when they did."""

    recorder: Recorder | None = None
    decoder: Decoder | None = None
    _parts_shown: PartColumns | None = None
    _answer_shown: Answer | None = None

    def show(self, recorder: Recorder, decoder: Decoder | None) -> Self:
        """Turn to a call."""
        self.recorder, self.decoder = recorder, decoder
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

    def begin(self) -> None:
        """Forget everything shown: another call, another attempt, or the same bytes decoded another way."""

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
        return self.take_in_call(self.recorder)

    def take_in_call(self, recorder: Recorder) -> bool:
        """Take in what is new in the call, a bounded amount; whether there is more."""
        return False

    def _start_anew(self) -> None:
        self._parts_shown, self._answer_shown = self.parts, self.answer
        self.begin()
