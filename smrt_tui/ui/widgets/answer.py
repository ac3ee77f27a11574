"""The answer's side of the screen: Response, Timing and Wire, one behind a tab or all at once where there is room.

Timing and Wire are made when they are first looked at. What they show is their own business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widget import Widget

from smrt_tui.core.plain import plain
from smrt_tui.core.recorder import Verdict
from smrt_tui.ui.panes import ResponsePane
from smrt_tui.ui.payload_check import byte_size
from smrt_tui.ui.widgets.segments import Segments

if TYPE_CHECKING:
    from smrt_tui.core.recorder import Recorder
    from smrt_tui.ui.panes import TimingPane, WirePane
    from smrt_tui.ui.run import Run

View: TypeAlias = Literal["response", "timing", "wire"]
VIEWS: tuple[View, ...] = get_args(View)
TITLES = {"response": "Response", "timing": "Timing", "wire": "Wire"}


class Answer(Vertical):
    """Everything about the latest run."""

    DEFAULT_CSS = """
    Answer {
        #answer-tabs { width: 100%; }
        #answer-body { height: 1fr; }
        #aside { display: none; width: 1fr; }
        &.-view-timing ResponsePane, &.-view-wire ResponsePane { display: none; }
        &.-view-timing #aside, &.-view-wire #aside { display: block; }
        &.-view-timing WirePane, &.-view-wire TimingPane { display: none; }
    }
    """

    view: reactive[View] = reactive("response")
    """What is in front, where there is no room for all."""

    is_spread: reactive[bool] = reactive(False)
    """Whether there is room for all three at once."""

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._timing: TimingPane | None = None
        self._wire: WirePane | None = None

    def compose(self) -> ComposeResult:
        """Tabs above; the response; room at its right."""
        yield Segments([(view, TITLES[view]) for view in VIEWS], widget_id="answer-tabs")
        with Horizontal(id="answer-body"):
            yield ResponsePane()
            yield Vertical(id="aside")

    def on_mount(self) -> None:
        """Start empty."""
        response = self.query_one(ResponsePane)
        response.clear()
        response.border_title = "Response"

    def show(self, run: Run) -> None:
        """Turn to another run; nothing of the one before stays."""
        self._run = run
        self.query_one(ResponsePane).show(run.recorder, run.decoder)
        if self._timing is not None:
            self._timing.show(run.recorder, run.decoder)
        if self._wire is not None:
            self._wire.show(run.recorder)
        self._tell_state(run)

    def refresh_from(self, run: Run) -> None:
        """More arrived."""
        for pane in self._shown_panes():
            pane.refresh_from()
        self._tell_state(run)

    def tick(self, elapsed_s: float) -> None:
        """Time has passed."""
        if self._timing is not None:
            self._timing.refresh_from(elapsed_s)

    def finish(self, run: Run) -> None:
        """The run is over."""
        for pane in self._shown_panes():
            pane.finish()
        self._tell_state(run)

    async def next_view(self) -> None:
        """The view after the one in front, round and round; where all are shown, the focus goes on instead."""
        if self.is_spread:
            panes: list[Widget] = [pane for pane in self._shown_panes() if pane.focusable or pane.query("*:can-focus")]
            if panes:
                self.screen.focus_next("ResponsePane, TimingPane, WirePane, ResponsePane *, TimingPane *, WirePane *")
            return
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]

    async def watch_view(self, view: View) -> None:
        """Bring it to the front, making it first where it is new."""
        self.query_one(Segments).value = view
        for other in VIEWS:
            self.set_class(other == view, f"-view-{other}")
        await self._make_missing()

    async def watch_is_spread(self) -> None:
        """Show all, or one."""
        self.set_class(self.is_spread, "-spread")
        await self._make_missing()

    def on_segments_chosen(self, event: Segments.Chosen) -> None:
        """Turn to the view that was chosen."""
        if event.segments.id == "answer-tabs":
            event.stop()
            self.view = next(view for view in VIEWS if view == event.value)

    async def _make_missing(self) -> None:
        from smrt_tui.ui.panes import TimingPane, WirePane

        aside = self.query_one("#aside")
        run = self._run
        if self._timing is None and (self.is_spread or self.view == "timing"):
            self._timing = TimingPane()
            self._timing.border_title = TITLES["timing"]
            await aside.mount(self._timing, before=0 if aside.children else None)
            self._timing.clear() if run is None else self._timing.show(run.recorder, run.decoder)
        if self._wire is None and (self.is_spread or self.view == "wire"):
            self._wire = WirePane()
            self._wire.border_title = TITLES["wire"]
            await aside.mount(self._wire)
            self._wire.clear() if run is None else self._wire.show(run.recorder)
        if run is not None and not run.is_live:
            self.finish(run)

    def _shown_panes(self) -> list[ResponsePane | TimingPane | WirePane]:
        panes = (self.query_one(ResponsePane), self._timing, self._wire)
        return [pane for pane in panes if pane is not None]

    def _tell_state(self, run: Run) -> None:
        response = self.query_one(ResponsePane)
        response.border_title = f"Response · {status_of(run.recorder)}"
        response.border_subtitle = size_of(run.recorder)
        for name in ("-fine", "-failed", "-live"):
            response.set_class(name == look_of(run.recorder), name)


def look_of(recorder: Recorder) -> str:
    """The class that colours an answer by how it stands."""
    match recorder.verdict:
        case Verdict.RUNNING:
            return "-live"
        case Verdict.COMPLETE:
            return "-fine"
        case _:
            return "-failed"


def status_of(recorder: Recorder) -> str:
    """How it stands, in a few words: `200 OK`, `424 ModelError`, `200 · broke after it began`."""
    head = recorder.head
    status = f"{head.status} {plain(head.reason)}".strip() if head else ""
    verdict = recorder.verdict
    if verdict is Verdict.COMPLETE:
        return status or "complete"
    if recorder.service_fault is not None and recorder.service_fault.status is not None:
        return f"{recorder.service_fault.status} {plain(recorder.service_fault.code)}"
    return " · ".join(filter(None, (status, verdict.value)))


def size_of(recorder: Recorder) -> str:
    """How much came in how long."""
    parts = len(recorder.parts)
    pieces = [f"{parts:,} {'part' if parts == 1 else 'parts'}", byte_size(len(recorder.parts.body))]
    if recorder.ended is not None:
        pieces.append(f"{recorder.ended.at:.3f} s")
    return " · ".join(pieces)
