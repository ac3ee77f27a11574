"""A one-row choice among a few words: tab strips and the mode switch. Arrow keys and clicks choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Segments(Widget, can_focus=True):
    """A row of labels, one of them on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Previous", show=False),
        Binding("right,space,enter", "step(1)", "Next", show=False),
    ]
    """
    | Key | What it does |
    |---|---|
    | left | The one before. |
    | right, space, enter | The one after. |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"segments--on", "segments--off", "segments--on-focused"}

    DEFAULT_CSS = """
    Segments {
        width: auto;
        height: 1;
        .segments--off { color: $foreground 65%; }
        .segments--on {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
            text-style: bold;
        }
        .segments--on-focused {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: bold;
        }
    }
    """

    value: reactive[str] = reactive("", layout=False)
    """The id of the label that is on."""

    options: reactive[tuple[tuple[str, str], ...]] = reactive((), layout=True)
    """Ids and labels, left to right."""

    @dataclass
    class Chosen(Message):
        """Posted when a person chose a label; not when the program set `value`."""

        segments: Segments
        value: str

        @property
        def control(self) -> Segments:
            """Where it happened."""
            return self.segments

    def __init__(self, options: Sequence[tuple[str, str]], value: str = "", *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self.set_reactive(Segments.options, tuple(options))
        self.set_reactive(Segments.value, value or (options[0][0] if options else ""))

    def get_content_width(self, container: object, viewport: object) -> int:
        """As wide as the labels."""
        return sum(end - start for start, end, _ in self._spans())

    def render(self) -> Content:
        """The labels, the chosen one marked."""
        on = "segments--on-focused" if self.has_focus else "segments--on"
        return Content.assemble(
            *(
                (f" {label} ", self.get_visual_style(on if name == self.value else "segments--off"))
                for name, label in self.options
            )
        )

    def action_step(self, by: int) -> None:
        """Choose the label so many places further, round and round."""
        names = [name for name, _ in self.options]
        if names:
            place = names.index(self.value) if self.value in names else 0
            self._choose(names[(place + by) % len(names)])

    def on_click(self, event: Click) -> None:
        """Choose the label under the mouse."""
        event.stop()
        offset = event.get_content_offset(self)
        if offset is not None:
            for start, end, name in self._spans():
                if start <= offset.x < end:
                    self._choose(name)

    def _choose(self, name: str) -> None:
        self.value = name
        self.post_message(self.Chosen(self, name))

    def _spans(self) -> list[tuple[int, int, str]]:
        spans = []
        start = 0
        for name, label in self.options:
            end = start + Content(label).cell_length + 2
            spans.append((start, end, name))
            start = end
        return spans
