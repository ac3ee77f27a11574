"""A table and, below it, the whole of what its cursor is on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Self

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from smrt_tui.ui.bookmarks import Bookmarks
from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.messages import CursorMoved
from smrt_tui.ui.panes.rows import Piece
from smrt_tui.ui.panes.text_pane import TextPane

if TYPE_CHECKING:
    from smrt_tui.core.decode.decoder import Decoder
    from smrt_tui.core.recorder import Recorder


_ROWS_FOR_DETAIL = 12
"""In a lower view the table has all the room until `enter` asks for the detail."""


class Table(CallView):
    """Rows with a cursor, each of which can be told in full."""

    HAS_CURSOR: ClassVar[bool] = True
    FOLLOWS: ClassVar[bool] = True

    @abstractmethod
    def detail(self, row: int, width: int) -> list[Piece]:
        """All of a row, as styled text for so many cells."""

    def rows_changed(self, since: int = 0) -> None:
        """The cursor may have followed what arrived."""
        before = self.cursor
        super().rows_changed(since)
        if self.cursor != before:
            self.post_message(CursorMoved(self.cursor))

    def cursor_moved(self) -> None:
        """Tell the row."""
        self.post_message(CursorMoved(self.cursor))


class Detail(TextPane):
    """The whole of one row, asked for ten times a second at most."""

    FOLLOWS = False
    FRAMES_PER_SECOND = 10

    def __init__(self, ask: Callable[[int], list[Piece]]) -> None:
        super().__init__()
        self._ask = ask
        self._told: list[Piece] = []

    def take_in(self) -> bool:
        """Ask again; write it anew when it is something else."""
        pieces = self._ask(self.text_width)
        if pieces != self._told:
            self._told = pieces
            self.clear_text()
            for text, style in pieces:
                self.text.append(text, style)
        return False

    def fit(self, width: int) -> None:
        """A hex dump may have other rows now."""
        super().fit(width)
        self.changed()


class SplitView(Vertical):
    """Table above, detail below."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "toggle_detail", "Detail", show=False, id="pane.detail")]
    """
    | Key | Description |
    | :- | :- |
    | enter | Show or hide the detail of the row under the cursor. |
    """

    DEFAULT_CSS = """
    SplitView {
        & > Table { height: 1fr; }
        & > Detail { height: 1fr; max-height: 24; border-top: solid $foreground 20%; display: none; }
        &.-detailed > Detail { display: block; }
    }
    """

    def __init__(self, table: Table, *, name: str) -> None:
        super().__init__(name=name)
        self.table = table
        self._detail = Detail(self._told)
        self._is_asked: bool | None = None
        """Whether a person wants the detail; None while the height decides."""

    def compose(self) -> ComposeResult:
        """Table, detail."""
        yield self.table
        yield self._detail

    def on_resize(self, event: events.Resize) -> None:
        """With room enough the detail shows by itself."""
        self._lay_out()

    def action_toggle_detail(self) -> None:
        """Show or hide the detail."""
        self._is_asked = not self.has_class("-detailed")
        self._lay_out()
        self._detail.changed()

    def _lay_out(self) -> None:
        is_wanted = self.size.height >= _ROWS_FOR_DETAIL if self._is_asked is None else self._is_asked
        self.set_class(is_wanted, "-detailed")

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Tell the row under the cursor in full."""
        event.stop()
        self._detail.changed()

    def _told(self, width: int) -> list[Piece]:
        table = self.table
        return table.detail(table.cursor, width) if table.cursor < len(table.rows) else []

    # What every view can do

    @property
    def source(self) -> CallView:
        """The pane whose rows stand for places in the body."""
        return self.table

    def show(self, recorder: Recorder, decoder: Decoder | None, bookmarks: Bookmarks | None = None) -> Self:
        """Turn to a call."""
        self.table.show(recorder, decoder, bookmarks)
        self._detail.changed()
        return self

    def refresh_from(self, decoder: Decoder | None = None) -> None:
        """Something new is in the recorder or the decoder."""
        self.table.refresh_from(decoder)

    def finish(self) -> None:
        """The call is over."""
        self.table.finish()
        self._detail.changed()

    def locate(self, byte_offset: int) -> None:
        """Put the cursor on the row of that byte of the body."""
        self.table.locate(byte_offset)
        self._detail.changed()

    def take_focus(self) -> None:
        """The table is what has keys."""
        self.table.focus()

    def search(self, text: str) -> int:
        """Mark every match in the table."""
        return self.table.search(text)

    def search_next(self) -> None:
        """The next match."""
        self.table.search_next()

    def search_previous(self) -> None:
        """The match before."""
        self.table.search_previous()
