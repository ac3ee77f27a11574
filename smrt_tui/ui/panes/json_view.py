"""The body as indented JSON, folded where a person wants it. Lines are made in slices, from the first on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import ClassVar, cast

from textual.binding import Binding, BindingType

from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.pretty import pretty_lines
from smrt_tui.core.recorder import PartColumns, Recorder
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.events_view import data_of
from smrt_tui.ui.panes.json_text import joined, json_runs
from smrt_tui.ui.panes.rows import Line, Piece, Run
from smrt_tui.ui.panes.text_pane import TextPane
from smrt_tui.ui.panes.units import counted, size
from smrt_tui.ui.panes.wrapped import WrappedText

_LINES_AT_ONCE = 128
_LOOK_BACK = 4096
"""A row this far into its line is taken to be inside a string."""


class JsonText(WrappedText):
    """Indented JSON, coloured, with a note where lines are folded away."""

    def line(self, row: int) -> Line:
        """One row, coloured as part of its whole line."""
        start, end = self.row_span(row)
        text, styled = super().line(row)
        fold = self.hidden_from(end + 1)
        runs = self._colours(start, text, styled)
        if fold is None:
            return Line(text, runs)
        lines = self.raw.count(b"\n", *fold)
        note = f" ⋯ {counted(lines, 'line')}"
        return Line(text + note, (*runs, Run(len(text + note), "label")))

    def _colours(self, start: int, text: str, styled: tuple[Run, ...]) -> tuple[Run, ...]:
        if styled and styled[0].style:
            return styled  # no JSON
        line_start = self.raw.rfind(b"\n", max(0, start - _LOOK_BACK), start) + 1
        if line_start == start or (line_start == 0 and start == 0):
            return json_runs(text)
        if line_start == 0 and start > _LOOK_BACK:
            return (Run(len(text), "string"),)
        before = self.raw[line_start:start].decode(errors="ignore")
        runs = json_runs(before + text)
        return tuple(Run(run.end - len(before), run.style) for run in runs if run.end > len(before))

    def foldable(self, row: int) -> tuple[int, int] | None:
        """The lines below a row that belong to what it opens; None when it opens nothing or the end is not there."""
        start = self.row_span(row)[0]
        line_start = self.raw.rfind(b"\n", 0, start) + 1
        line_end = self.raw.find(b"\n", start)
        if line_end < 0 or not self.raw.endswith((b"{", b"["), line_start, line_end):
            return None
        line = self.raw[line_start:line_end]
        indent = bytes(line[: len(line) - len(line.lstrip(b" "))])
        closing = b"}" if line.endswith(b"{") else b"]"
        close = self.raw.find(b"\n" + indent + closing, line_end)
        if close < 0:
            return None
        after = self.raw.find(b"\n", close + 1)
        return line_end + 1, len(self.raw) if after < 0 else after + 1


class JsonView(CallView, TextPane):
    """The JSON of the body: one document, or every event of a stream."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "toggle_fold", "Fold", show=False, id="json.fold"),
        Binding("h,left", "fold", "Fold", show=False, id="json.close"),
        Binding("l,right", "unfold", "Unfold", show=False, id="json.open"),
    ]
    """
    | Key(s) | Description |
    | :- | :- |
    | enter | Fold what the line opens, or unfold it. |
    | h, left / l, right | Fold / unfold; `h` on a member goes to what it is in. |
    """

    HAS_CURSOR: ClassVar[bool] = True
    FOLLOWS = False

    _json: JsonText
    _pieces: Iterator[list[Piece]] | None = None

    def begin(self) -> None:
        """Nothing indented yet."""
        self._json = JsonText(self.text_width)
        self.text = self._json
        self._pieces = None
        self.turn_to(self.text)

    def take_in_call(self, recorder: Recorder) -> bool:
        """Indent the next lines, once the body is whole."""
        if self.is_live or self.decoder is None or self.decoder.framing in (None, "binary"):
            return False
        if self._pieces is None:
            self._pieces = _pieces_of(recorder.parts, self.decoder)
        batch = next(self._pieces, [])
        for text, style in batch:
            self.text.append(text, style)
        return bool(batch) or not self.text.is_settled

    def placeholder(self) -> str:
        """Why there is nothing."""
        if self.recorder is None or not len(self.parts):
            return self.why_empty()
        if self.is_live:
            return f"{size(len(self.parts.body))} so far. JSON is indented once the body is whole; Raw shows it now."
        return "This body is no text, so it is no JSON."

    def whole_text(self) -> str:
        """Everything, indented."""
        return self.text.raw.decode()

    # Folding

    def action_toggle_fold(self) -> None:
        """Fold what the line opens, or unfold it."""
        if not self._unfold():
            self._fold()

    def action_fold(self) -> None:
        """Fold what the line opens, or go to the line that opens what it is in."""
        if not self._fold():
            self._go_to_parent()

    def action_unfold(self) -> None:
        """Show what is folded below the line."""
        self._unfold()

    def _fold(self) -> bool:
        span = self._json.foldable(self.cursor) if len(self.text) else None
        if span is None or self._json.hidden_from(span[0]) is not None:
            return False
        self._json.hide(span)
        self._folded()
        return True

    def _unfold(self) -> bool:
        if not len(self.text) or not self._json.unhide(self._json.row_span(self.cursor)[1] + 1):
            return False
        self._folded()
        return True

    def _folded(self) -> None:
        self.marks.located = None
        self.redraw()
        self.rows_changed()

    def _go_to_parent(self) -> None:
        if not len(self.text):
            return
        raw = self.text.raw
        start = raw.rfind(b"\n", 0, self._json.row_span(self.cursor)[0]) + 1
        indent = len(raw[start : start + _LOOK_BACK]) - len(raw[start : start + _LOOK_BACK].lstrip(b" "))
        if indent < 2:
            return
        outer = b"\n" + b" " * (indent - 2)
        while start > 0:
            start = raw.rfind(outer, 0, max(0, start - 1)) + 1
            if not raw.startswith((b" ", b"}", b"]"), start + indent - 2):
                break
        self.move_cursor(self.text.place(start)[0])


def _pieces_of(parts: PartColumns, decoder: Decoder) -> Iterator[list[Piece]]:
    """Laid out lines of the whole body, or of what each server-sent event says, in batches that take little time."""
    if decoder.framing != "sse":
        yield from _batches(cast(bytes, parts.body))  # whole by now, and it reads like bytes: no copy of many megabytes
        return
    places = decoder.answer.places
    for number in range(len(places)):
        yield from _batches(data_of(bytes(parts.body[places[number].start : places[number].end])))


def _batches(data: bytes) -> Iterator[list[Piece]]:
    lines = pretty_lines(data)
    while batch := joined(data, islice(lines, _LINES_AT_ONCE)):
        yield batch
