"""The answer's side of the screen: Response, Timing and Wire, one behind a tab or all at once where there is room.

Panes are made when they are first looked at, none before the first paint. What they show is their own business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from smrt_tui.ui.panes.ground import Ground
from smrt_tui.ui.widgets.lint_strip import LintStrip
from smrt_tui.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from smrt_tui.ui.panes.headers import WirePane
    from smrt_tui.ui.panes.messages import BookmarksAsked, Remarked, Searched
    from smrt_tui.ui.panes.response import ResponsePane
    from smrt_tui.ui.panes.timing import TimingPane
    from smrt_tui.ui.run import Run
    from smrt_tui.ui.widgets.find_bar import FindBar

View: TypeAlias = Literal["response", "timing", "wire"]
VIEWS: tuple[View, ...] = get_args(View)
TITLES = {"response": "Response", "timing": "Timing", "wire": "Wire"}


class Frame(Vertical):
    """A border with a pane in it, which may have the whole screen."""

    ALLOW_MAXIMIZE = True

    DEFAULT_CSS = """
    Frame { width: 1fr; height: 1fr; }
    """


class Answer(Ground):
    """Everything about the latest run, each view in a frame that carries its state."""

    DEFAULT_CSS = """
    Answer {
        layout: horizontal;
        #answer-tabs { dock: top; width: 100%; }
        #aside { width: 1fr; height: 1fr; }
        LintStrip { dock: bottom; }
        FindBar { dock: bottom; }
        .-away { display: none; }
    }
    """

    view: reactive[View] = reactive("response")
    """What is in front, where there is no room for all."""

    is_spread: reactive[bool] = reactive(False)
    """Whether there is room for all three at once."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap
        self._run: Run | None = None
        self._titles = ("", "")
        self._filled: dict[View, Run] = {}
        """What each pane was turned to last."""
        self._panes: dict[View, ResponsePane | TimingPane | WirePane] = {}

    def compose(self) -> ComposeResult:
        """Tabs above, the response's frame below. All else is made when it is first looked at."""
        yield Segments([(view, TITLES[view]) for view in VIEWS], widget_id="answer-tabs")
        yield Frame(id="response-frame")

    def on_mount(self) -> None:
        """Title the frame; the pane in it comes with `open`."""
        self._frame("response").border_title = TITLES["response"]

    async def open(self) -> None:
        """Make the panes that are seen. For after the first paint, which has no time for them."""
        await self._arrange()

    def show(self, run: Run) -> None:
        """Turn to another run; nothing of the one before stays."""
        self._run = run
        self.query(LintStrip).remove()
        self._fill_seen()
        self._tell_state(run)

    def refresh_from(self) -> None:
        """More arrived. What is not seen is left for when it is.

        The border waits for `tick`: it spans the pane, so to draw it is to draw nearly everything.
        """
        self._fill_seen()

    def tick(self, elapsed_s: float) -> None:
        """Time has passed."""
        timing = self._panes.get("timing")
        if timing is not None and self._is_seen("timing"):
            cast("TimingPane", timing).refresh_from(elapsed_s)
        if self._run is not None:
            self._tell_state(self._run)

    def finish(self, run: Run) -> None:
        """The run is over."""
        self._fill_seen()
        self._tell_state(run)

    async def show_findings(self, run: Run) -> None:
        """Say in a row what was found about the answer."""
        if run is self._run and run.findings:
            await self.query(LintStrip).remove()
            strip = LintStrip(self._keymap)
            strip.findings = run.findings
            await self.mount(strip)

    def next_view(self) -> None:
        """The view after the one in front, round and round; where all are shown, the focus moves there instead."""
        following = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        self.view = following
        if self.is_spread:
            self._focus(following)

    async def watch_view(self, view: View) -> None:
        """Bring it to the front, making it first where it is new."""
        self.query_one("#answer-tabs", Segments).value = view
        if self._panes:
            await self._arrange()

    async def watch_is_spread(self) -> None:
        """Show all, or one."""
        self.set_class(self.is_spread, "-spread")
        if self._panes:
            await self._arrange()

    def on_segments_chosen(self, event: Segments.Chosen) -> None:
        """Turn to the view that was chosen."""
        if event.segments.id == "answer-tabs":
            event.stop()
            self.view = next(view for view in VIEWS if view == event.value)

    async def _arrange(self) -> None:
        """Show the frames that are to be seen, and fill those that are seen for the first time."""
        is_aside = self._is_seen("timing") or self._is_seen("wire")
        if is_aside and not self.query("#aside"):
            await self.mount(Ground(Frame(id="timing-frame"), Frame(id="wire-frame"), id="aside"))
        for view in VIEWS:
            if self._is_seen(view) and view not in self._panes:
                make = await asyncio.to_thread(_pane_class, view)
                self._panes[view] = pane = make()
                self._frame(view).border_title = TITLES[view]
                await self._frame(view).mount(pane)
                pane.clear()
        self.query("#aside").set_class(not is_aside, "-away")
        for view in VIEWS:
            self.query(f"#{view}-frame").set_class(not self._is_seen(view), "-away")
        self.call_after_refresh(self._fill_seen)

    def _is_seen(self, view: View) -> bool:
        return self.is_spread or view == self.view

    def _fill_seen(self) -> None:
        for view, pane in self._panes.items():
            if self._is_seen(view) and pane.size:
                self._fill(view, pane)

    def _fill(self, view: View, pane: ResponsePane | TimingPane | WirePane) -> None:
        """Bring a pane up to date. An answer's head brings a decoder, and a retried one brings another."""
        run = self._run
        if run is None:
            return
        is_new = self._filled.get(view) is not run
        self._filled[view] = run
        if view == "wire":
            wire = cast("WirePane", pane)
            if is_new:
                wire.show(run.recorder)
            wire.refresh_from()
        elif view == "timing":
            timing = cast("TimingPane", pane)
            if is_new:
                timing.show(run.recorder, run.decoder)
            timing.refresh_from(decoder=run.decoder)
        else:
            response = cast("ResponsePane", pane)
            if is_new:
                response.show(run.recorder, run.decoder, run.bookmarks)
            response.refresh_from(decoder=run.decoder)
        if not run.is_live:
            pane.finish()

    def _focus(self, view: View) -> None:
        for widget in self._frame(view).query("*").results():
            if widget.focusable:
                widget.focus()
                return

    def _frame(self, view: View) -> Frame:
        return self.query_one(f"#{view}-frame", Frame)

    def _tell_state(self, run: Run) -> None:
        from smrt_tui.ui.panes.state import state_subtitle, state_title

        titles = state_title(run.recorder), state_subtitle(run.recorder, run.decoder)
        if titles == self._titles:
            return
        self._titles = titles
        frame = self._frame("response")
        frame.border_title, frame.border_subtitle = Content(titles[0]), Content(titles[1])
        ended = run.recorder.ended
        look = "-live" if ended is None else "-fine" if ended.outcome == "complete" else "-failed"
        if not frame.has_class(look):
            frame.remove_class("-live", "-fine", "-failed", update=False)
            frame.add_class(look)

    # Bookmarks

    def bookmark(self) -> None:
        """Mark what the response shows, or drop the mark there."""
        self.view = "response"
        self._response.action_bookmark()

    def list_bookmarks(self) -> None:
        """List the marks of the answer; the chosen one comes into view."""
        from smrt_tui.core.recorder import PartColumns
        from smrt_tui.ui.bookmarks_screen import BookmarkList

        pane = self._response
        run = self._run
        parts = run.recorder.parts if run is not None else PartColumns()
        answer = run.decoder.answer if run is not None and run.decoder is not None else None

        def chosen(offset: int | None) -> None:
            if offset is not None:
                self.view = "response"
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

    @property
    def _response(self) -> ResponsePane:
        return cast("ResponsePane", self._panes["response"])

    # Search

    async def find(self) -> None:
        """Open the search row, or go to it."""
        from smrt_tui.ui.widgets.find_bar import FindBar

        if not self.query(FindBar):
            await self.mount(FindBar())
        self.query_one(FindBar).query_one("Input").focus()

    def on_find_bar_asked(self, event: FindBar.Asked) -> None:
        """Look for it in the view in front."""
        event.stop()
        self._searchable().search(event.text)

    def on_find_bar_stepped(self, event: FindBar.Stepped) -> None:
        """Go on to another match."""
        event.stop()
        pane = self._searchable()
        if event.by > 0:
            pane.search_next()
        else:
            pane.search_previous()

    async def on_find_bar_left(self, event: FindBar.Left) -> None:
        """Close the search row; the matches stay marked."""
        event.stop()
        await self.query("FindBar").remove()
        self._focus(self.view)

    def on_searched(self, event: Searched) -> None:
        """Show the count."""
        from smrt_tui.ui.widgets.find_bar import FindBar

        event.stop()
        for bar in self.query(FindBar):
            bar.show_count(event.position, event.total, is_complete=event.is_complete)

    def _searchable(self) -> ResponsePane | WirePane:
        pane = self._panes["wire"] if self.view == "wire" else self._panes["response"]
        return cast("ResponsePane | WirePane", pane)


def _pane_class(view: View) -> type[ResponsePane] | type[TimingPane] | type[WirePane]:
    """What makes that pane. Loads modules the first time, so not for the event loop."""
    match view:
        case "response":
            from smrt_tui.ui.panes import text_view  # noqa: F401  the view that nearly every answer opens with
            from smrt_tui.ui.panes.response import ResponsePane

            return ResponsePane
        case "timing":
            from smrt_tui.ui.panes.timing import TimingPane

            return TimingPane
        case "wire":
            from smrt_tui.ui.panes.headers import WirePane

            return WirePane
