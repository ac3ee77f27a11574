"""The views of one answer, in the order of their tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.events_view import EventsView
from smrt_tui.ui.panes.frames_view import FramesView
from smrt_tui.ui.panes.hex_view import HexView
from smrt_tui.ui.panes.json_view import JsonView
from smrt_tui.ui.panes.markdown_view import MarkdownView
from smrt_tui.ui.panes.media_view import MediaView
from smrt_tui.ui.panes.parts_view import PartsView
from smrt_tui.ui.panes.raw_view import RawView
from smrt_tui.ui.panes.split_view import SplitView
from smrt_tui.ui.panes.text_view import TextView

View: TypeAlias = CallView | SplitView
"""What the response pane shows one of."""


class Entry(NamedTuple):
    """One view: the name it has in code, the label on its tab, and how to make it."""

    name: str
    label: str
    make: Callable[[str], View]


VIEWS: tuple[Entry, ...] = (
    Entry("text", "Text", lambda name: TextView(name=name)),
    Entry("markdown", "Markdown", lambda name: MarkdownView(name=name)),
    Entry("parts", "Parts", lambda name: PartsView(name=name)),
    Entry("frames", "Frames", lambda name: SplitView(FramesView(), name=name)),
    Entry("events", "Events", lambda name: SplitView(EventsView(), name=name)),
    Entry("json", "JSON", lambda name: JsonView(name=name)),
    Entry("raw", "Raw", lambda name: RawView(name=name)),
    Entry("hex", "Hex", lambda name: HexView(name=name)),
    Entry("media", "Media", lambda name: MediaView(name=name)),
)


def view_named(name: str) -> View:
    """A new view; the text for a name that is not there."""
    entry = next((entry for entry in VIEWS if entry.name == name), VIEWS[0])
    return entry.make(name)
