"""Moves the window over the rows: keys, wheel, scrollbar, a cursor row, following what arrives."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from smrt_tui.ui.panes.canvas import Canvas
from smrt_tui.ui.panes.messages import FollowChanged
from smrt_tui.ui.panes.viewport import thumb_of, top_for_drag

_WHEEL_ROWS = 3


class Scrolling(Canvas):
    """A canvas that a person can move over."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "line_down", "Down", show=False, id="pane.line-down"),
        Binding("k,up", "line_up", "Up", show=False, id="pane.line-up"),
        Binding("ctrl+d", "half_down", "Half a page down", show=False, id="pane.half-down"),
        Binding("ctrl+u", "half_up", "Half a page up", show=False, id="pane.half-up"),
        Binding("space,pagedown", "next_page", "Page down", show=False, id="pane.page-down"),
        Binding("b,pageup", "previous_page", "Page up", show=False, id="pane.page-up"),
        Binding("g,home", "to_start", "Start", show=False, id="pane.start"),
        Binding("G,end", "to_end", "End, and follow", show=False, id="pane.end"),
    ]
    """
    | Key(s) | Description |
    | :- | :- |
    | j, down / k, up | A row down / up; the cursor, where there is one. |
    | ctrl+d / ctrl+u | Half a page. |
    | space, pagedown / b, pageup | A page. |
    | g, home / G, end | The start / the end, and follow what arrives. |
    """

    HAS_CURSOR: ClassVar[bool] = False
    """Whether one row is the current one."""

    CURSOR_MARGIN: ClassVar[int] = 0
    """So many rows above and below the cursor show with it."""

    is_live = False
    """Whether more may arrive."""

    cursor = 0
    """The current row, in panes that have one."""

    _paused_at = 0
    _grabbed_at: int | None = None

    def on_focus(self) -> None:
        """The cursor looks different."""
        self.redraw(self.cursor)

    def on_blur(self) -> None:
        """The cursor looks different."""
        self.redraw(self.cursor)

    def row_overlays(self, row: int) -> tuple[str, ...]:
        """The cursor's row stands out."""
        if not self.HAS_CURSOR or row != self.cursor:
            return ()
        return ("cursor",) if self.has_focus else ("cursor-blurred",)

    def footnote(self) -> str:
        """How much came since the pane stopped following."""
        arrived = self.view.count - self._paused_at
        if not self.is_live or self.is_following or arrived <= 0:
            return ""
        return f"⏸ paused · {arrived:,} new {'line' if arrived == 1 else 'lines'} (G to follow)"

    def rows_changed(self, since: int = 0) -> None:
        """The cursor stays at the end while the pane follows."""
        if self.is_following and self.HAS_CURSOR and self.cursor >= self.view.count - 1:
            self._drawn.forget(self.cursor)
            self.cursor = max(0, len(self.rows) - 1)
        super().rows_changed(since)

    # Movement

    def scroll_rows(self, rows: int) -> None:
        """Scroll by so many rows, up when negative."""
        self.go_to(self.view.top + rows, from_below=rows < 0)

    def go_to(self, top: int, *, from_below: bool = False) -> None:
        """Show from that row on. Close to the end the pane follows again, elsewhere it stops following."""
        before, was_following = self.view.top, self.is_following
        self.is_following = False
        self.view.count = len(self.rows)
        self.show_from(top, from_below=from_below)
        is_wanted = self.FOLLOWS or self.is_live
        self._follow_if(is_wanted and self.view.is_near_end and self.view.top >= before, was_following)
        self.refresh()

    def pause(self) -> None:
        """Stop following what arrives."""
        self._follow_if(False, self.is_following)
        self.refresh()

    def follow(self) -> None:
        """Jump to the end and stay there."""
        self._follow_if(True, self.is_following)
        before, self.cursor = self.cursor, max(0, len(self.rows) - 1)
        self.redraw(before, self.cursor)
        self.rows_changed(since=len(self.rows))

    def _follow_if(self, is_following: bool, was_following: bool) -> None:
        self.is_following = is_following
        if was_following and not is_following:
            self._paused_at = len(self.rows)
        if was_following != is_following:
            self.post_message(FollowChanged(is_following))

    def move_cursor(self, row: int) -> None:
        """Make a row the current one and bring it into view, because a person wants it."""
        self.place_cursor(row)
        self.cursor_moved()

    def place_cursor(self, row: int) -> None:
        """Make a row the current one and bring it into view."""
        before, self.cursor = self.cursor, max(0, min(row, len(self.rows) - 1))
        self.redraw(before, self.cursor)
        top = self.view.top
        self.view.count = len(self.rows)
        self.view.reveal(self.cursor, self.CURSOR_MARGIN)
        target, self.view.top = self.view.top, top
        self.go_to(target, from_below=target < top)
        if self.cursor < len(self.rows) - 1 and self.is_following:
            self._follow_if(False, True)

    def cursor_moved(self) -> None:
        """A person sent the cursor to a row."""

    def _step(self, rows: int) -> None:
        if self.HAS_CURSOR:
            self.move_cursor(self.cursor + rows)
        else:
            self.scroll_rows(rows)

    def action_line_down(self) -> None:
        """A row down."""
        self._step(1)

    def action_line_up(self) -> None:
        """A row up."""
        self._step(-1)

    def action_half_down(self) -> None:
        """Half a page down."""
        self._step(max(1, self.view.height // 2))

    def action_half_up(self) -> None:
        """Half a page up."""
        self._step(-max(1, self.view.height // 2))

    def action_next_page(self) -> None:
        """A page down."""
        self._step(max(1, self.view.height - 1))

    def action_previous_page(self) -> None:
        """A page up."""
        self._step(-max(1, self.view.height - 1))

    def action_to_start(self) -> None:
        """To the first row."""
        if self.HAS_CURSOR:
            self.move_cursor(0)
        else:
            self.go_to(0)

    def action_to_end(self) -> None:
        """To the last row, and follow."""
        self.follow()
        if self.HAS_CURSOR:
            self.cursor_moved()

    # Mouse

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll without moving the cursor."""
        self._wheel(event, _WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll without moving the cursor."""
        self._wheel(event, -_WHEEL_ROWS)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        top = self.view.top
        self.scroll_rows(rows)
        if self.view.top != top:
            event.stop()

    def grab_scrollbar(self, y: int) -> None:
        """The mouse went down on the scrollbar: take the thumb, or go where it points."""
        thumb = thumb_of(self.view)
        if thumb is None:
            return
        eighth = y * 8 + 4
        if thumb.start <= eighth < thumb.end:
            self._grabbed_at = eighth - thumb.start
        else:
            self._grabbed_at = (thumb.end - thumb.start) // 2
            self.go_to(top_for_drag(self.view, y, self._grabbed_at))
        self.capture_mouse()
        self.refresh()

    def drag_scrollbar(self, y: int) -> bool:
        """The mouse moved; whether it was dragging the thumb."""
        if self._grabbed_at is None:
            return False
        top = top_for_drag(self.view, y, self._grabbed_at)
        self.go_to(top, from_below=top < self.view.top)
        return True

    def release_scrollbar(self) -> None:
        """The mouse let go."""
        self._grabbed_at = None
        self.release_mouse()
        self.refresh()

    def thumb_style(self) -> str:
        """Brighter while it is held."""
        return "thumb" if self._grabbed_at is None else "thumb-active"
