"""The base of every output pane: rows that scroll, can be selected by mouse, searched and copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset

from smrt_tui.ui.panes.marks import Marks
from smrt_tui.ui.panes.messages import CopyRequested, Searched
from smrt_tui.ui.panes.palette import COMPONENT_CLASSES, CSS
from smrt_tui.ui.panes.rows import Line, Rows, Span, index_at
from smrt_tui.ui.panes.scrolling import Scrolling

_SEARCH_SLICES_AT_ONCE = 4
_WORD = re.compile(r"\w+|[^\w\s]+|\s+")


class LinePane(Scrolling):
    """Rows with selection, search and copying."""

    ALLOW_SELECT = False  # selects by points of the document, which survive wrapping; the screen's selection does not

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "search_next", "Next match", show=False, id="pane.next-match"),
        Binding("N", "search_previous", "Match before", show=False, id="pane.previous-match"),
        Binding("y,c", "copy", "Copy", show=False, id="pane.copy"),
        Binding("escape", "unmark", "Unmark", show=False, id="pane.unmark"),
    ]
    """
    | Key(s) | Description |
    | :- | :- |
    | n / N | The next match / the one before. |
    | y, c | Copy the selection, or what the pane has to give without one. |
    | escape | Drop selection and matches. |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = set(COMPONENT_CLASSES)
    """`pane--` and a name of `palette.STYLES`, each."""

    DEFAULT_CSS = CSS

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002  a widget's id is called so
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.marks = Marks()
        self._search: Iterator[list[Span]] | None = None
        self._is_selecting = False

    def turn_to(self, rows: Rows) -> None:
        """Show another document from its start (or its end, where the pane follows)."""
        self.rows = rows
        self.marks = Marks()
        self._search = None
        self._is_selecting = False
        self.is_following = self.starts_following
        self.cursor = self.view.top = 0
        self.redraw()
        if self.size:
            self.rows_changed()
        else:
            self.view.count = len(rows)  # it may be painted before it hears that it is shown

    @property
    def starts_following(self) -> bool:
        """Whether a document is shown from its end."""
        return self.FOLLOWS

    # Marks

    def marked(self, row: int, line: Line) -> list[tuple[Span, str]]:
        """Selection, matches and the located place within a row, in characters of its line."""
        if self.marks.is_empty:
            return []
        start, end = self.rows.point(row, 0), self.rows.point(row, len(line.text))
        found = self.marks.over((start, end))
        return [
            ((self._index(row, first, line), self._index(row, last, line)), style) for (first, last), style in found
        ]

    def _index(self, row: int, point: int, line: Line) -> int:
        where, index = self.rows.place(point)
        return 0 if where < row else len(line.text) if where > row else min(index, len(line.text))

    def action_unmark(self) -> None:
        """Drop selection and matches."""
        self._search = None
        self.marks.begin_search("")
        self.marks.anchor = self.marks.located = None
        self.redraw()
        self._tell_search()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`escape` is for somebody else when there is nothing to unmark."""
        if action == "unmark":
            return bool(self.marks.query or self.marks.selection or self.marks.located)
        return True

    # Copying

    def action_copy(self) -> None:
        """Ask the screen to copy the selection, or what the pane gives without one."""
        text = self.rows.text_between(self.marks.selection) if self.marks.selection else self.whole_text()
        if text:
            self.post_message(CopyRequested(text))

    def whole_text(self) -> str:
        """What copying gives when nothing is selected: the cursor's row, or everything."""
        if not len(self.rows):
            return ""
        first, last = (self.cursor, self.cursor) if self.HAS_CURSOR else (0, len(self.rows) - 1)
        end = self.rows.point(last, len(self.rows.line(last).text))
        return self.rows.text_between((self.rows.point(first, 0), end))

    # Searching

    def search(self, text: str) -> int:
        """Mark every match and go to the nearest from here on; how many are known so far.

        Large documents are searched on in slices; `Searched` tells of the rest. A lower-case text matches any case.
        """
        self.marks.begin_search(text)
        self._search = self.rows.find(text) if text else None
        for _ in range(_SEARCH_SLICES_AT_ONCE):
            if not self._search_slice():
                break
        if self.marks.total:
            self._go_to_match(self.marks.first_from(self.rows.point(self.view.top, 0) if len(self.rows) else 0))
        self.redraw()
        self._tell_search()
        if self._search is not None:
            self.work_on()
        return self.marks.total

    def search_next(self) -> None:
        """Go to the next match, around the end."""
        if self.marks.total:
            self._go_to_match((self.marks.current + 1) % self.marks.total)
            self._tell_search()

    def search_previous(self) -> None:
        """Go to the match before, around the start."""
        if self.marks.total:
            self._go_to_match((self.marks.current - 1) % self.marks.total)
            self._tell_search()

    def action_search_next(self) -> None:
        """The next match."""
        self.search_next()

    def action_search_previous(self) -> None:
        """The match before."""
        self.search_previous()

    def _search_slice(self) -> bool:
        """Search a slice; whether there is more."""
        if self._search is None:
            return False
        batch = next(self._search, None)
        if batch is None:
            self._search = None
            return False
        self.marks.add_matches(batch)
        return True

    def chore(self) -> bool:
        """Take in what is new, then search on."""
        if super().chore():
            return True
        if self._search is None:
            return False
        known = self.marks.total
        has_more = self._search_slice()
        if self.marks.total != known or not has_more:
            if not known and self.marks.total:
                self._go_to_match(0)
            self.redraw()
            self._tell_search()
        return has_more

    def _go_to_match(self, number: int) -> None:
        self.marks.current = number
        self.redraw()
        self.show_point(self.marks.match(number)[0])

    def show_point(self, point: int) -> None:
        """Bring a point into view, a few rows from the edge; the cursor goes there too."""
        row, _ = self.rows.place(point)
        if self.HAS_CURSOR:
            self.move_cursor(row)
        self.view.count = len(self.rows)
        if not self.view.top <= row < self.view.top + self.view.height:
            self.go_to(max(0, row - self.view.height // 3))

    def _tell_search(self) -> None:
        marks = self.marks
        self.post_message(Searched(marks.query, marks.current + 1, marks.total, self._search is None))

    # Mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scrollbar, or begin a selection. The right button marks a row."""
        if event.button == 3:
            event.stop()
            self.right_clicked(self.view.top + self._offset_of(event).y)
        if event.button != 1:
            return
        event.stop()
        offset = self._offset_of(event)
        if offset.y < 0:
            return
        if offset.x >= self.text_width:
            self.grab_scrollbar(offset.y)
        elif len(self.rows):
            self._is_selecting = True
            self.marks.anchor = self.marks.head = self._point_at(offset.x, offset.y)
            self.capture_mouse()
            self.redraw()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scrollbar's thumb or the selection's end; beyond an edge the text scrolls along."""
        offset = self._offset_of(event)
        if self.drag_scrollbar(offset.y) or not self._is_selecting:
            return
        if offset.y < 0 or offset.y >= self.view.height:
            self.scroll_rows(-1 if offset.y < 0 else 1)
        self.marks.head = self._point_at(offset.x, offset.y)
        self.redraw()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A selection of nothing is a click."""
        self.release_scrollbar()
        if not self._is_selecting:
            return
        self._is_selecting = False
        if self.marks.selection is None:
            point, self.marks.anchor = self.marks.head, None
            self.clicked(point)
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """Twice selects a word, three times a row."""
        offset = self._offset_of(event)
        if event.chain < 2 or offset.y < 0 or offset.x >= self.text_width or not len(self.rows):
            return
        event.stop()
        row, index = self.rows.place(self._point_at(offset.x, offset.y))
        text = self.rows.line(row).text
        start, end = (0, len(text)) if event.chain > 2 else _word_at(text, index)
        self.marks.anchor, self.marks.head = self.rows.point(row, start), self.rows.point(row, end)
        self.redraw()

    def clicked(self, point: int) -> None:
        """A person clicked on a place."""
        if self.HAS_CURSOR:
            self.move_cursor(self.rows.place(point)[0])

    def right_clicked(self, row: int) -> None:
        """A person clicked on a row with the right button."""

    def _offset_of(self, event: events.MouseEvent) -> Offset:
        """Where in the rows the mouse is, counted from the first that shows."""
        return event.get_content_offset_capture(self) - Offset(0, self.heading_rows)

    def _point_at(self, x: int, y: int) -> int:
        row = max(0, min(self.view.top + max(0, min(y, self.view.height - 1)), len(self.rows) - 1))
        text = self.rows.line(row).text
        is_below = self.view.top + y > row
        return self.rows.point(row, len(text) if is_below else index_at(text, max(x, 0)))


def _word_at(text: str, index: int) -> tuple[int, int]:
    return next((m.span() for m in _WORD.finditer(text) if m.start() <= index < m.end()), (index, index))
