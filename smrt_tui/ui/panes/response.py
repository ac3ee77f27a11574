"""The response pane: one call's answer in several views behind a tab strip. It decodes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import reactive

from smrt_tui.ui.bookmarks import Bookmarks
from smrt_tui.ui.ground import Ground
from smrt_tui.ui.panes.empty_view import EmptyView
from smrt_tui.ui.panes.fault_panel import FaultPanel
from smrt_tui.ui.panes.messages import BookmarksAsked, Located, MarkAsked, Remarked
from smrt_tui.ui.panes.state import default_tab
from smrt_tui.ui.panes.tab_strip import TabStrip
from smrt_tui.ui.panes.views import VIEWS, View, view_named

if TYPE_CHECKING:
    from smrt_tui.core.decode.decoder import Decoder
    from smrt_tui.core.recorder import PartColumns, Recorder


class ResponsePane(Ground):
    """One answer: Text, Markdown, Parts, Frames, Events, JSON, Raw and Hex, and the fault when there is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"show_tab({number})", f"View {number}", show=False, id=f"response.tab-{number}")
            for number in range(1, 10)
        ),
        Binding("right_square_bracket", "step_tab(1)", "Next view", show=False, id="response.next-tab"),
        Binding("left_square_bracket", "step_tab(-1)", "View before", show=False, id="response.previous-tab"),
        Binding("m", "bookmark", "Bookmark, or drop it", show=False, id="response.bookmark"),
        Binding("apostrophe", "step_bookmark(1)", "Next bookmark", show=False, id="response.next-bookmark"),
        Binding("quotation_mark", "step_bookmark(-1)", "Bookmark before", show=False, id="response.previous-bookmark"),
    ]
    """
    | Key(s) | Description |
    | :- | :- |
    | 1 to 9 | The view of that number. |
    | ] / [ | The next view / the one before. |
    | m | Bookmark what is looked at, or drop the bookmark there. |
    | ' / " | The next bookmark / the one before. |
    """

    DEFAULT_CSS = """
    ResponsePane {
        height: 1fr;
        background: $surface;
        & > #response-body { height: 1fr; }
        & > #response-body > * { height: 1fr; }
    }
    """

    tab: reactive[str] = reactive("", init=False)
    """The view in front: text, markdown, parts, frames, events, json, raw, hex or media; empty while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.recorder: Recorder | None = None
        self._parts: PartColumns | None = None
        self.decoder: Decoder | None = None
        self.bookmarks = Bookmarks()
        self._place: int | None = None
        """The byte of the body that a cursor was put on last."""
        self._is_chosen = False
        """Whether a person chose the view of this call; then content no longer does."""

    def compose(self) -> ComposeResult:
        """Tabs, the fault, and room for a view."""
        yield TabStrip([(view.name, view.label) for view in VIEWS])
        yield FaultPanel()
        with Ground(id="response-body"):
            yield EmptyView()

    def show(self, recorder: Recorder, decoder: Decoder | None, bookmarks: Bookmarks | None = None) -> Self:
        """Turn to another call. What was shown before is dropped; nothing of it is mixed in."""
        self.recorder, self.decoder = recorder, decoder
        self.bookmarks = Bookmarks() if bookmarks is None else bookmarks
        self._place, self._parts = None, recorder.parts
        self._tell_bookmarks()
        self._is_chosen = self._is_chosen and self.tab in ("parts", "frames", "events", "raw", "hex")
        for view in self._made_views():
            view.show(recorder, decoder, self.bookmarks)
        self._choose_tab()
        self.query_one(FaultPanel).show(self.recorder)
        return self

    def refresh_from(self, decoder: Decoder | None = None) -> None:
        """Something new is in the recorder and the decoder; at most 60 times a second is enough.

        `decoder` where it is another one than `show` was given: there is none before the answer's head, and a retry
        brings a new one.
        """
        self.decoder = decoder or self.decoder
        self._follow_retry()
        self._choose_tab()
        front = self.front
        if front is not None:
            front.refresh_from(self.decoder)
        self.query_one(FaultPanel).show(self.recorder)

    def finish(self) -> None:
        """The call is over: draw the rest at once, and the fault when there is one."""
        self._choose_tab()
        for view in self._made_views():
            view.refresh_from(self.decoder)
            view.finish()
        self.query_one(FaultPanel).show(self.recorder)

    def clear(self) -> None:
        """Show the empty state: nothing has been sent yet."""
        self.recorder = self.decoder = None
        self._is_chosen = False
        self.tab = ""
        for panel in self.query(FaultPanel):  # there is none when the app closes while this is being made
            panel.show(None)

    @property
    def front(self) -> View | None:
        """The view that shows; None while nothing was sent, or while it is being made."""
        return next((view for view in self._made_views() if view.name == self.tab), None)

    def _made_views(self) -> list[View]:
        return [view for view in self.query("#response-body > *") if isinstance(view, View)]

    # Tabs

    def _choose_tab(self) -> None:
        """The view that suits what arrived, as long as nobody chose another."""
        if self.recorder is not None and not self._is_chosen:
            self.tab = default_tab(self.recorder, self.decoder)

    async def watch_tab(self, tab: str) -> None:
        """Bring a view to the front, making it first where it is new. The focus stays in the pane."""
        has_focus = self.has_focus_within
        body = self.query_one("#response-body", Vertical)
        if tab and self.front is None:
            view = await view_named(tab)
            if not self.is_attached:
                return  # the app closed meanwhile
            await body.mount(view)
            if self.recorder is not None:
                view.show(self.recorder, self.decoder, self.bookmarks)
                if self.recorder.ended is not None:
                    view.finish()
                if self._place is not None:
                    self.call_after_refresh(view.locate, self._place)
        for child in body.children:
            child.display = child.name == tab if isinstance(child, View) else not tab
        self.query_one(TabStrip).value = tab
        front = self.front
        if front is not None:
            front.refresh_from(self.decoder)
            if has_focus:
                front.take_focus()

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """A person clicked on a tab."""
        event.stop()
        self._turn_to(event.value)

    def action_show_tab(self, number: int) -> None:
        """A person asked for a view by its number."""
        if number <= len(VIEWS):
            self._turn_to(VIEWS[number - 1].name)

    def action_step_tab(self, step: int) -> None:
        """A person asked for the view beside."""
        names = [view.name for view in VIEWS]
        place = names.index(self.tab) if self.tab in names else 0
        self._turn_to(names[(place + step) % len(names)])

    def _turn_to(self, tab: str) -> None:
        if self.recorder is not None:
            self._is_chosen = True
            self.tab = tab

    # Search and places

    def search(self, text: str) -> int:
        """Mark every match in the view in front and go to the nearest; how many are known so far."""
        return self.front.search(text) if self.front is not None else 0

    def search_next(self) -> None:
        """Go to the next match, around the end."""
        if self.front is not None:
            self.front.search_next()

    def search_previous(self) -> None:
        """Go to the match before, around the start."""
        if self.front is not None:
            self.front.search_previous()

    def locate(self, byte_offset: int) -> None:
        """Bring that byte of the body into view, in every view that is there, and in those to come."""
        self._place = byte_offset
        for view in self._made_views():
            view.locate(byte_offset)

    def on_located(self, event: Located) -> None:
        """A cursor moved in one view: the others follow, those made later too."""
        self._place = event.byte_offset
        for view in self._made_views():
            if view is not self.front:
                view.locate(event.byte_offset)

    # Bookmarks

    def action_bookmark(self) -> None:
        """Mark what a person looks at in the view in front, or drop the mark there."""
        self._toggle(None if self.front is None else self.front.source.here())

    def on_mark_asked(self, event: MarkAsked) -> None:
        """The same for a row that was clicked on."""
        event.stop()
        self._toggle(None if self.front is None else self.front.source.bytes_of(event.row))

    def _toggle(self, place: tuple[int, int] | None) -> None:
        if place is None:
            self.post_message(
                Remarked("There is nothing to mark here: Text, Parts, Frames, Events, Raw and Hex have places")
            )
            return
        is_set = self.bookmarks.toggle(*place)
        part = self.recorder.parts.at_byte(place[0]) if self.recorder is not None else 0
        self.post_message(Remarked(f"Bookmark {'set' if is_set else 'dropped'} at part {part:,}"))
        self._tell_bookmarks()

    def drop_bookmark(self, byte_offset: int) -> None:
        """Forget one."""
        self.bookmarks.drop(byte_offset)
        self._tell_bookmarks()

    def action_step_bookmark(self, step: int) -> None:
        """Go to the bookmark after or before what a person looks at."""
        here = self.front.source.here() if self.front is not None else None
        place = -1 if here is None else here[0]
        found = self.bookmarks.after(place) if step > 0 else self.bookmarks.before(place)
        if found is None:
            self.post_message(Remarked("There is no bookmark in this answer; m sets one"))
        else:
            self.locate(found)
            self.post_message(Remarked(f"Bookmark {self.bookmarks.number(found)} of {len(self.bookmarks)}"))

    def on_tab_strip_pressed_aside(self, event: TabStrip.PressedAside) -> None:
        """The sign beside the tabs lists what it counts."""
        event.stop()
        self.post_message(BookmarksAsked())

    def _tell_bookmarks(self) -> None:
        count = len(self.bookmarks)
        self.query_one(TabStrip).aside = f"◆ {count}" if count else ""
        for view in self._made_views():
            view.source.refresh()

    def _follow_retry(self) -> None:
        """Another attempt has other bytes."""
        if self.recorder is not None and self._parts is not self.recorder.parts:
            self._place, self._parts = None, self.recorder.parts
            self.bookmarks.clear()
            self._tell_bookmarks()
