"""A window onto rows that keep coming: draws what is new in time, and does long work in slices.

What arrives is drawn at most so many times a second; work on a large document is done by `chore`, with a turn for
everybody else in between.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events

from smrt_tui.ui.panes.frames import Frames, Slices
from smrt_tui.ui.panes.painting import Painting


class Canvas(Painting):
    """Rows that grow."""

    FRAMES_PER_SECOND: ClassVar[int] = 60
    """How often something new is drawn at most."""

    FOLLOWS: ClassVar[bool] = False
    """Whether a fresh pane shows the end of what arrives rather than its beginning."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002  a widget's id is called so
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.is_following = self.FOLLOWS
        self._frames = Frames(self, self._draw_new)
        self._slices = Slices(self, self.chore, self.changed)

    def on_mount(self) -> None:
        """Draw what came before there was a place for it."""
        self._frames.begin(self.FRAMES_PER_SECOND)
        self.changed()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the rows to the new size."""
        self._text_width = max(1, self.size.width - 1)
        self.view.height = max(0, self.size.height - self.heading_rows - self.foot_rows)
        self.fit(self.text_width)
        self.redraw()
        self.rows_changed()

    def on_show(self) -> None:
        """Catch up with what came while nobody looked."""
        self.changed()

    def fit(self, width: int) -> None:
        """Lay the rows out for so many cells."""

    # Something new

    def changed(self) -> None:
        """Something new is there: drawn now, or within a frame when something was drawn just now."""
        self._frames.changed()

    def draw_all_new(self) -> None:
        """Draw what is new without waiting for the next frame."""
        self._frames.finish()

    def _draw_new(self) -> None:
        before = len(self.rows)
        if self.take_in():
            self.work_on()
        self.rows_changed(since=before - 1)

    def take_in(self) -> bool:
        """Take in what is new, a bounded amount of it; whether there is more."""
        return False

    def rows_changed(self, since: int = 0) -> None:
        """The rows from `since` on are others now."""
        self.forget_from(since)
        self.view.count = len(self.rows)
        if self.is_following:
            self.view.go(self.view.last_top)
        self.show_from(self.view.top, from_below=self.is_following)
        self.refresh()

    def show_from(self, top: int, *, from_below: bool = False) -> None:
        """Put a row at the top, once what shows from there on is wrapped for good."""
        self.view.go(top)
        for _ in range(2):  # wrapping may move the end, and what follows the end with it
            before = self.view.top
            exact = self.rows.reveal(before, self.view.height, from_below=from_below)
            if self.view.count != len(self.rows):
                self.view.count = len(self.rows)
                self._drawn.forget()
            self.view.go(self.view.last_top if self.is_following else exact)
            if self.view.top == before:
                return

    # Work in slices

    @property
    def is_busy(self) -> bool:
        """Whether work is being done in slices."""
        return self._slices.is_busy

    def work_on(self) -> None:
        """Go on with what is left to do, a slice at a time."""
        self._slices.begin()

    def chore(self) -> bool:
        """Do one bounded slice of work; whether there is more."""
        if not self.take_in():
            return False
        self.changed()
        return True
