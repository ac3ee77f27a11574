"""The views of one answer, in the order of their tabs. Each is loaded when it is first made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from smrt_tui.ui.panes.call_view import CallView
from smrt_tui.ui.panes.split_view import SplitView

View: TypeAlias = CallView | SplitView
"""What the response pane shows one of."""


Make: TypeAlias = Callable[[str], View]
"""Makes a view of that name."""


class Entry(NamedTuple):
    """One view: the name it has in code, the label on its tab, and how to get what makes it."""

    name: str
    label: str
    load: Callable[[], Make]
    """Imports the view's module, which may take tens of milliseconds the first time: not on the event loop."""


def _text() -> Make:
    from smrt_tui.ui.panes.text_view import TextView

    return lambda name: TextView(name=name)


def _markdown() -> Make:
    from smrt_tui.ui.panes.markdown_view import MarkdownView

    return lambda name: MarkdownView(name=name)


def _parts() -> Make:
    from smrt_tui.ui.panes.parts_view import PartsView

    return lambda name: PartsView(name=name)


def _frames() -> Make:
    from smrt_tui.ui.panes.frames_view import FramesView

    return lambda name: SplitView(FramesView(), name=name)


def _events() -> Make:
    from smrt_tui.ui.panes.events_view import EventsView

    return lambda name: SplitView(EventsView(), name=name)


def _json() -> Make:
    from smrt_tui.ui.panes.json_view import JsonView

    return lambda name: JsonView(name=name)


def _raw() -> Make:
    from smrt_tui.ui.panes.raw_view import RawView

    return lambda name: RawView(name=name)


def _hex() -> Make:
    from smrt_tui.ui.panes.hex_view import HexView

    return lambda name: HexView(name=name)


def _media() -> Make:
    from smrt_tui.ui.panes.media_view import MediaView

    return lambda name: MediaView(name=name)


VIEWS: tuple[Entry, ...] = (
    Entry("text", "Text", _text),
    Entry("markdown", "Markdown", _markdown),
    Entry("parts", "Parts", _parts),
    Entry("frames", "Frames", _frames),
    Entry("events", "Events", _events),
    Entry("json", "JSON", _json),
    Entry("raw", "Raw", _raw),
    Entry("hex", "Hex", _hex),
    Entry("media", "Media", _media),
)


async def view_named(name: str) -> View:
    """A new view; the text for a name that is not there. Leaves the event loop free while it is loaded."""
    entry = next((entry for entry in VIEWS if entry.name == name), VIEWS[0])
    make = await asyncio.to_thread(entry.load)
    return make(name)
