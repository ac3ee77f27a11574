"""A row of tabs: drawn as one line, never focused, clicked or driven by the pane it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget


class TabStrip(Widget):
    """Names of views, one of them in front."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tabs--on", "tabs--off", "tabs--key", "tabs--aside"}

    DEFAULT_CSS = """
    TabStrip {
        height: 1;
        width: 1fr;
        background: $surface;
        & > .tabs--on { color: $block-cursor-blurred-foreground; background: $primary 40%; text-style: bold; }
        & > .tabs--off { color: $foreground 65%; }
        & > .tabs--key { color: $foreground 40%; }
        & > .tabs--aside { color: $text-accent; text-style: bold; }
        &.-focused > .tabs--on { color: $block-cursor-foreground; background: $block-cursor-background; }
    }
    """

    value: reactive[str] = reactive("")
    """The tab in front."""

    aside: reactive[str] = reactive("")
    """A short text at the right edge; empty for none."""

    @dataclass
    class PressedAside(Message):
        """Posted when the text at the right edge was clicked."""

    @dataclass
    class Chosen(Message):
        """Posted when a tab was clicked."""

        value: str

    def __init__(self, tabs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._tabs = tuple(tabs)

    @property
    def tabs(self) -> tuple[tuple[str, str], ...]:
        """Names and labels, left to right. The first nine have their number as a key."""
        return self._tabs

    @tabs.setter
    def tabs(self, tabs: Sequence[tuple[str, str]]) -> None:
        if tuple(tabs) != self._tabs:
            self._tabs = tuple(tabs)
            self.refresh()

    def _pieces(self) -> list[tuple[str, str, str]]:
        """(name, key, label) with as much of each as there is room for."""
        width = self.size.width - len(self._label)
        numbered = [(name, str(number), label) for number, (name, label) in enumerate(self._tabs, 1)]
        room = width - sum(len(label) for _, _, label in numbered)
        if room >= 4 * len(numbered):
            return [(name, f" {key}", f" {label} ") for name, key, label in numbered]
        if room >= 3 * len(numbered):
            return [(name, f" {key}", f" {label}") for name, key, label in numbered]
        if room >= 2 * len(numbered):
            return [(name, "", f" {label} ") for name, _, label in numbered]
        return [(name, f" {key}", f" {label} " if name == self.value else " ") for name, key, label in numbered]

    def render_line(self, y: int) -> Strip:
        """Keys dim, the one in front on a block."""
        key_style, off = self.get_component_rich_style("tabs--key"), self.get_component_rich_style("tabs--off")
        on = self.get_component_rich_style("tabs--on")
        segments = []
        for name, key, label in self._pieces():
            segments += [Segment(key, on if name == self.value else key_style)] if key else []
            segments.append(Segment(label, on if name == self.value else off))
        label = self._label
        strip = Strip(segments).adjust_cell_length(self.size.width - len(label), self.rich_style)
        return Strip([*strip, Segment(label, self.get_component_rich_style("tabs--aside"))]) if label else strip

    @property
    def _label(self) -> str:
        return f" {self.aside} " if self.aside else ""

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        if offset.x >= self.size.width - len(self._label):
            self.post_message(self.PressedAside())
            return
        end = 0
        for name, key, label in self._pieces():
            end += len(key) + len(label)
            if offset.x < end:
                self.post_message(self.Chosen(name))
                return
