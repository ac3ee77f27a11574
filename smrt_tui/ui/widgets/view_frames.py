"""The frames of an answer's views: a border, and in it a pane that is made when it is first looked at.

A frame knows its own pane and no other. Which of them are seen, and when, is the answer's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

from textual.containers import Vertical
from textual.content import Content

if TYPE_CHECKING:
    from smrt_tui.ui.panes.headers import WirePane
    from smrt_tui.ui.panes.messages import BookmarksAsked, Remarked
    from smrt_tui.ui.panes.response import ResponsePane
    from smrt_tui.ui.panes.timing import TimingPane
    from smrt_tui.ui.run import Run

View: TypeAlias = Literal["response", "timing", "wire"]
P = TypeVar("P", bound="ResponsePane | TimingPane | WirePane")


class Frame(Vertical, Generic[P]):
    """A border with a pane in it, which may have the whole screen."""

    ALLOW_MAXIMIZE = True

    DEFAULT_CSS = """
    Frame { width: 1fr; height: 1fr; }
    """

    def __init__(self, view: View, title: str) -> None:
        super().__init__(id=f"{view}-frame")
        self.view: View = view
        self.border_title = title
        self.pane: P | None = None
        """None until it is first looked at."""
        self._filled: Run | None = None
        """What the pane was turned to last."""

    async def open(self) -> None:
        """Make the pane, where there is none."""
        if self.pane is None:
            make = await asyncio.to_thread(self._pane_class)
            self.pane = make()
            await self.mount(self.pane)
            self.pane.clear()

    def fill(self, run: Run) -> None:
        """Bring the pane up to date, where it has a place on the screen."""
        if self.pane is None or not self.pane.size:
            return
        is_new, self._filled = self._filled is not run, run
        self._bring(self.pane, run, is_new)
        if not run.is_live:
            self.pane.finish()

    def take_focus(self) -> None:
        """Give the focus to the first thing in it that takes it."""
        for widget in self.query("*").results():
            if widget.focusable:
                widget.focus()
                return

    def _pane_class(self) -> type[P]:
        """What makes the pane. Loads modules the first time, so not for the event loop."""
        raise NotImplementedError

    def _bring(self, pane: P, run: Run, is_new: bool) -> None:
        """Turn the pane to a run that is new to it, and take in what arrived."""
        raise NotImplementedError


class ResponseFrame(Frame["ResponsePane"]):
    """The response; its border says how the run is doing."""

    def __init__(self, title: str, come_to_front: Callable[[], None]) -> None:
        super().__init__("response", title)
        self._come_to_front = come_to_front
        self._titles = ("", "")

    def _pane_class(self) -> type[ResponsePane]:
        from smrt_tui.ui.panes import text_view  # noqa: F401  the view that nearly every answer opens with
        from smrt_tui.ui.panes.response import ResponsePane

        return ResponsePane

    def _bring(self, pane: ResponsePane, run: Run, is_new: bool) -> None:
        """An answer's head brings a decoder, and a retried one brings another."""
        if is_new:
            pane.show(run.recorder, run.decoder, run.bookmarks)
        pane.refresh_from(decoder=run.decoder)

    def tell_state(self, run: Run) -> None:
        """Say on the border how far the run is, or how it ended."""
        from smrt_tui.ui.panes.state import has_error_inside, state_subtitle, state_title

        titles = state_title(run.recorder, run.decoder), state_subtitle(run.recorder, run.decoder)
        if titles == self._titles:
            return
        self._titles = titles
        ended = run.recorder.ended
        is_fine = ended is not None and ended.outcome == "complete" and not has_error_inside(run.decoder)
        # A class for each state would style everything inside anew, in the middle of a stream.
        colour = "$text-warning" if ended is None else "$text-success" if is_fine else "$text-error"
        self.border_title, self.border_subtitle = Content.styled(titles[0], colour), Content(titles[1])

    def bookmark(self) -> None:
        """Mark what the response shows, or drop the mark there."""
        if self.pane is not None:
            self._come_to_front()
            self.pane.action_bookmark()

    def list_bookmarks(self) -> None:
        """List the marks of the answer; the chosen one comes into view."""
        from smrt_tui.core.recorder import PartColumns
        from smrt_tui.ui.bookmarks_screen import BookmarkList

        pane = self.pane
        if pane is None:
            return
        parts = pane.recorder.parts if pane.recorder is not None else PartColumns()
        answer = pane.decoder.answer if pane.decoder is not None else None

        def chosen(offset: int | None) -> None:
            if offset is not None:
                self._come_to_front()
                pane.locate(offset)

        self.app.push_screen(BookmarkList(parts, answer, tuple(pane.bookmarks), pane.drop_bookmark), chosen)

    def on_bookmarks_asked(self, event: BookmarksAsked) -> None:
        """The sign beside the tabs was clicked."""
        event.stop()
        self.list_bookmarks()

    def on_remarked(self, event: Remarked) -> None:
        """Say it for a moment."""
        event.stop()
        self.notify(event.text, markup=False, timeout=2)


class TimingFrame(Frame["TimingPane"]):
    """The timing."""

    def _pane_class(self) -> type[TimingPane]:
        from smrt_tui.ui.panes.timing import TimingPane

        return TimingPane

    def _bring(self, pane: TimingPane, run: Run, is_new: bool) -> None:
        if is_new:
            pane.show(run.recorder, run.decoder)
        pane.refresh_from(decoder=run.decoder)

    def tick(self, elapsed_s: float) -> None:
        """Time has passed."""
        if self.pane is not None:
            self.pane.refresh_from(elapsed_s)


class WireFrame(Frame["WirePane"]):
    """The bytes as they went over the wire."""

    def _pane_class(self) -> type[WirePane]:
        from smrt_tui.ui.panes.headers import WirePane

        return WirePane

    def _bring(self, pane: WirePane, run: Run, is_new: bool) -> None:
        if is_new:
            pane.show(run.recorder)
        pane.refresh_from()
