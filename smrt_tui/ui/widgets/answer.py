"""The answer's side of the screen: Response, Timing and Wire, one behind a tab or all at once where there is room.

It decides which views are seen, and when they take in what arrived. What a view shows is its frame's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, get_args

from textual.app import ComposeResult
from textual.reactive import reactive

from smrt_tui.ui.ground import Ground
from smrt_tui.ui.widgets.lint_strip import LintStrip
from smrt_tui.ui.widgets.segments import Segments
from smrt_tui.ui.widgets.view_frames import ResponseFrame, TimingFrame, View, WireFrame

if TYPE_CHECKING:
    from smrt_tui.ui.panes.headers import WirePane
    from smrt_tui.ui.panes.messages import Searched
    from smrt_tui.ui.panes.response import ResponsePane
    from smrt_tui.ui.run import Run
    from smrt_tui.ui.widgets.find_bar import FindBar

VIEWS: tuple[View, ...] = get_args(View)
TITLES = {"response": "Response", "timing": "Timing", "wire": "Wire"}

AnyFrame: TypeAlias = ResponseFrame | TimingFrame | WireFrame


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
        self._response = ResponseFrame(TITLES["response"], self._turn_to_response)
        self._timing = TimingFrame("timing", TITLES["timing"])
        self._wire = WireFrame("wire", TITLES["wire"])
        self._frames: dict[View, AnyFrame] = {
            "response": self._response,
            "timing": self._timing,
            "wire": self._wire,
        }

    def compose(self) -> ComposeResult:
        """Tabs above, the response's frame below. The other frames are mounted when one of them is first looked at."""
        yield Segments([(view, TITLES[view]) for view in VIEWS], widget_id="answer-tabs")
        yield self._response

    async def open(self) -> None:
        """Make the panes that are seen. For after the first paint, which has no time for them."""
        await self._arrange()

    def show(self, run: Run) -> None:
        """Turn to another run; nothing of the one before stays."""
        self._run = run
        self.query(LintStrip).remove()
        self._fill_seen()
        self._response.tell_state(run)

    def refresh_from(self) -> None:
        """More arrived. What is not seen is left for when it is.

        The border waits for `tick`: it spans the pane, so to draw it is to draw nearly everything.
        """
        self._fill_seen()

    def tick(self, elapsed_s: float) -> None:
        """Time has passed."""
        if self._is_seen("timing"):
            self._timing.tick(elapsed_s)
        if self._run is not None:
            self._response.tell_state(self._run)

    def finish(self, run: Run) -> None:
        """The run is over."""
        self._fill_seen()
        self._response.tell_state(run)

    async def show_findings(self, run: Run) -> None:
        """Say in a row what was found about the answer."""
        if run is self._run and run.findings:
            await self.query(LintStrip).remove()
            strip = LintStrip(self._keymap)
            strip.findings = run.findings
            await self.mount(strip)

    def next_view(self) -> None:
        """The view after the one in front, round and round; where all are shown, the focus moves there instead."""
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        if self.is_spread:
            self._frames[self.view].take_focus()

    async def watch_view(self, view: View) -> None:
        """Bring it to the front, making it first where it is new."""
        self.query_one("#answer-tabs", Segments).value = view
        if self._response.pane is not None:
            await self._arrange()

    async def watch_is_spread(self) -> None:
        """Show all, or one."""
        self.set_class(self.is_spread, "-spread")
        if self._response.pane is not None:
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
            await self.mount(Ground(self._timing, self._wire, id="aside"))
        for view, frame in self._frames.items():
            if self._is_seen(view):
                await frame.open()
        self.query("#aside").set_class(not is_aside, "-away")
        for view in VIEWS:
            self.query(f"#{view}-frame").set_class(not self._is_seen(view), "-away")
        self.call_after_refresh(self._fill_seen)

    def _is_seen(self, view: View) -> bool:
        return self.is_spread or view == self.view

    def _fill_seen(self) -> None:
        if self._run is not None:
            for view, frame in self._frames.items():
                if self._is_seen(view):
                    frame.fill(self._run)

    def _turn_to_response(self) -> None:
        self.view = "response"

    # Bookmarks

    def bookmark(self) -> None:
        """Mark what the response shows, or drop the mark there."""
        self._response.bookmark()

    def list_bookmarks(self) -> None:
        """List the marks of the answer; the chosen one comes into view."""
        self._response.list_bookmarks()

    # Search

    async def find(self) -> None:
        """Open the search row, or go to it."""
        from smrt_tui.ui.widgets.view_search import ViewSearch

        if not self.query(ViewSearch):
            await self.mount(ViewSearch(self._searchable))
        self.query_one(ViewSearch).query_one("Input").focus()

    def _searchable(self) -> ResponsePane | WirePane | None:
        """What is looked through: the view in front, or the response where that has no search of its own."""
        return self._wire.pane if self.view == "wire" else self._response.pane

    async def on_find_bar_left(self, event: FindBar.Left) -> None:
        """Close the search row; the matches stay marked."""
        event.stop()
        await self.query("FindBar").remove()
        self._frames[self.view].take_focus()

    def on_searched(self, event: Searched) -> None:
        """Show the count."""
        from smrt_tui.ui.widgets.find_bar import FindBar

        event.stop()
        for bar in self.query(FindBar):
            bar.show_count(event.position, event.total, is_complete=event.is_complete)
