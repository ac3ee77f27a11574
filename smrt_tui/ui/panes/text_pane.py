"""A pane for text that grows: soft-wrapped, appended in O(1), wrapped again lazily when the width changes."""

from __future__ import annotations

from collections import deque

from smrt_tui.ui.panes.line_pane import LinePane
from smrt_tui.ui.panes.wrapped import WrappedText

_CHARACTERS_AT_ONCE = 256 * 1024
"""What one slice of work takes in: about 2 ms of ASCII."""

_PIECES_AT_ONCE = 4096


class TextPane(LinePane):
    """Wrapped, append-only text."""

    FOLLOWS = True

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002  a widget's id is called so
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.text = WrappedText()
        self.rows = self.text
        self._pending: deque[tuple[str, str]] = deque()

    def append(self, text: str, style: str = "") -> None:
        """Add text to the end, in a style of `palette.STYLES`. Costs next to nothing; drawn within a frame."""
        self._pending.append((text, style))
        self.changed()

    def clear_text(self) -> None:
        """Begin an empty text."""
        self._pending.clear()
        self.text = WrappedText(self.text_width)
        self.turn_to(self.text)

    def fit(self, width: int) -> None:
        """Wrap for another width: what shows now, the rest in slices. The row at the top stays there."""
        if not len(self.text):
            self.text.set_width(width)
            return
        last = len(self.text) - 1
        points = [self.text.point(min(row, last), 0) for row in (self.view.top, self.cursor)]
        self.text.set_width(width)
        if not self.is_following:
            self.cursor = self.text.place(points[1])[0]
            self.view.top = self.text.place(points[0])[0]
            self.cursor = self.text.place(points[1])[0]  # the block of the row at the top has its rows now
        if not self.text.is_settled:
            self.work_on()

    def take_in(self) -> bool:
        """Wrap what is pending, a slice of it."""
        room = _CHARACTERS_AT_ONCE
        while self._pending and room > 0:
            text, style = self._next_piece(room)
            room -= len(text)
            self.text.append(text, style)
        return bool(self._pending) or not self.text.is_settled

    def _next_piece(self, room: int) -> tuple[str, str]:
        """Neighbours in the same style, joined; a huge one, cut."""
        text, style = self._pending.popleft()
        if len(text) > room:
            self._pending.appendleft((text[room:], style))
            return text[:room], style
        pieces, size = [text], len(text)
        while self._pending and self._pending[0][1] == style and len(pieces) < _PIECES_AT_ONCE and size < room:
            pieces.append(self._pending.popleft()[0])
            size += len(pieces[-1])
        return "".join(pieces), style

    def chore(self) -> bool:
        """Take in what is pending, wrap what nobody has looked at yet, search on."""
        if self._pending:
            return super().chore()
        if not self.text.is_settled:
            self._settle()
            return True
        return super().chore()

    def _settle(self) -> None:
        first, moved = self.text.settle()
        if not moved:
            return
        if not self.is_following and first < self.view.top:
            self.view.top += moved
        if first < self.cursor:
            self.cursor += moved
        self.view.count = len(self.text)
        self.forget_from(first)
        self.changed()
